"""What a run did not look at: undecided promises, rows without judgement, behaviours
that nothing felt."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

from reports.printable import LONG, clipped, title
from reports.recorded import Recorded
from reports.standing import Matrix, State

_QUOTED: Final = re.compile(r"""'[^']*'|"[^"]*"|\b[0-9a-f]{8,}\b|\b\d+\b""")
"""What tells two cases of one cause apart: quoted text, digests, numbers."""


@dataclass(frozen=True, slots=True)
class Skip:
    """A cause why rows had no judgement; what is quoted in it is left out."""

    cause: str
    rows: int
    targets: tuple[str, ...]
    example: str


@dataclass(frozen=True, slots=True)
class Unseen:
    """Everything that was not looked at."""

    undecided: tuple[tuple[str, str, tuple[str, ...]], ...]
    """Target, check, and what of it was not met."""
    skips: tuple[Skip, ...]
    """The most frequent first."""
    unfelt: dict[str, tuple[str, ...]]
    """Behaviours that turning over would have changed nothing, by target."""
    faults: tuple[str, ...]
    """Errors of the harness itself."""

    @property
    def skipped(self) -> int:
        """Rows without judgement."""
        return sum(skip.rows for skip in self.skips)


def unseen(run: Recorded, standing: Matrix) -> Unseen:
    """What a run did not look at."""
    undecided = tuple(
        (title(target), check.id, cell.notes)
        for target in run.targets
        for check in standing.checks
        for cell in [standing.cell(check.id, title(target))]
        if cell.state is State.UNTRIED and run.about(target) is not None
    )
    unfelt: dict[str, tuple[str, ...]] = {}
    for target in run.targets:
        about = run.about(target)
        if about is not None:
            felt = run.sums(target, "", "felt")
            names = [
                clipped(name, 80) for name in about["behaviours"] if not felt[name]
            ]
            if names:
                unfelt[title(target)] = tuple(names)
    faults = tuple(
        clipped(f"{line['target']}: {line['says']}", LONG) for line in run.faults
    )
    return Unseen(undecided, tuple(_skips(run)), unfelt, faults)


def _skips(run: Recorded) -> list[Skip]:
    rows: Counter[str] = Counter()
    targets: dict[str, dict[str, None]] = {}
    examples: dict[str, str] = {}
    for target in run.targets:
        for cause, count in run.sums(target, "", "skips").items():
            kind = _QUOTED.sub("…", cause)
            rows[kind] += count
            targets.setdefault(kind, {})[title(target)] = None
            examples.setdefault(kind, cause)
    return [
        Skip(
            clipped(kind, LONG),
            count,
            tuple(targets[kind]),
            clipped(examples[kind], LONG),
        )
        for kind, count in rows.most_common()
    ]
