"""What changed since the last run of the same targets, and the counts run by run."""

from dataclasses import dataclass
from typing import Final

from reports.history import Past, Remembered, identity
from reports.printable import LONG, clipped, title
from reports.recorded import Recorded

MOST_RUNS: Final = 20
"""How many runs a trend goes back."""


@dataclass(frozen=True, slots=True)
class Point:
    """One run of the trend."""

    started: float
    status: int
    verdicts: int
    targets: int
    severities: dict[str, int]
    """Causes by severity."""
    known: int
    """Ledger entries met."""
    untried: int
    is_this: bool


@dataclass(frozen=True, slots=True)
class Changes:
    """What is otherwise than in the run before; targets that only one of the two asked
    are left out."""

    before: float | None = None
    """When that run started, seconds since the epoch; None where there is none."""
    compared: tuple[str, ...] = ()
    """The targets that both asked."""
    new: tuple[tuple[str, str], ...] = ()
    """Target and signature of findings that were not there."""
    gone: tuple[tuple[str, str], ...] = ()
    met: tuple[tuple[str, str], ...] = ()
    """Target and ledger entry."""
    no_longer_met: tuple[tuple[str, str], ...] = ()
    libraries: tuple[tuple[str, str, str], ...] = ()
    """Target, its OpenSSL then, and now."""
    felt: tuple[tuple[str, str], ...] = ()
    """Behaviour and OpenSSL: what no run before this one felt there."""
    trend: tuple[Point, ...] = ()
    """The oldest first; empty without a history."""

    @property
    def nothing(self) -> bool:
        """Whether there was a run before, and all is as it was."""
        lists = (self.new, self.gone, self.met, self.no_longer_met)
        others = (self.libraries, self.felt)
        return self.before is not None and not any((*lists, *others))


def changes(run: Recorded, past: Past) -> Changes:
    """What changed, by what the history knows; the run itself is in it."""
    mine = identity(run)
    this = next((one for one in past.runs if one.id == mine), None)
    if this is None:
        return Changes()
    until = past.runs.index(this) + 1
    trend = tuple(_point(one, mine) for one in past.runs[:until][-MOST_RUNS:])
    before = past.before(run)
    if before is None:
        return Changes(trend=trend)
    both = this.openssl.keys() & before.openssl.keys()
    return Changes(
        before.started,
        tuple(map(title, sorted(both))),
        _fewer(this.signatures - before.signatures, both),
        _fewer(before.signatures - this.signatures, both),
        _fewer(this.entries - before.entries, both),
        _fewer(before.entries - this.entries, both),
        tuple(
            (
                title(target),
                title(before.openssl[target]),
                title(this.openssl[target]),
            )
            for target in sorted(both)
            if before.openssl[target] != this.openssl[target]
        ),
        tuple(
            (title(name), title(openssl))
            for (name, openssl), first in sorted(past.behaviours.items())
            if first == this.started and openssl in this.openssl.values()
        ),
        trend,
    )


def _fewer(
    pairs: frozenset[tuple[str, str]], targets: set[str]
) -> tuple[tuple[str, str], ...]:
    return tuple(
        (title(target), clipped(name, LONG))
        for target, name in sorted(pairs)
        if target in targets
    )


def _point(one: Remembered, mine: str) -> Point:
    return Point(
        one.started,
        one.status,
        one.verdicts,
        len(one.openssl),
        dict(one.severities),
        len({entry for _, entry in one.entries}),
        one.untried,
        one.id == mine,
    )
