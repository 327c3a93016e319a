"""A recorded run as the renderers read it: ``findings.jsonl``, and nothing else.

Read strictly, whole, and before anything is rendered: what is cut short, foreign or of
wrong types raises ``RecordingError`` with the file, the line and what is wrong.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.campaign.recording import (
    FINDINGS,
    Line,
    RecordingError,
    of_kind,
    read_recording,
)
from harness.finding import SEVERITIES
from harness.wire import WireError
from reports.forms import (
    check_fault,
    check_finding,
    check_footer,
    check_header,
)

SOURCES = ("witnesses", "surface", "random")


@dataclass(frozen=True, slots=True)
class Recorded:
    """One run: header, findings (the worst first), faults of the harness, and
    footer."""

    header: Line
    findings: tuple[Line, ...]
    faults: tuple[Line, ...]
    footer: Line

    def sums(self, target: str, source: str, counter: str) -> Counter[str]:
        """A counter of one target from one source (``witnesses``, ``surface``,
        ``random``), or of all with the source ``""``."""
        tallies: dict[str, Any] = self.footer["tallies"].get(target, {})
        chosen = [source] if source else list(tallies)
        total: Counter[str] = Counter()
        for name in chosen:
            total.update(tallies.get(name, {}).get(counter, {}))
        return total

    @property
    def targets(self) -> tuple[str, ...]:
        """Every requested target, asked or not."""
        return tuple(item["id"] for item in self.header["requested"])

    def about(self, target: str) -> Line | None:
        """What the header says of a target that was started."""
        for line in self.header["targets"]:
            if line["target"] == target:
                found: Line = line
                return found
        return None


def read_run(folder: Path) -> Recorded:
    """The run recorded in a folder. Raises ``RecordingError`` or ``OSError``."""
    path = folder / FINDINGS
    if not path.exists():
        why = f"no {FINDINGS} in it, no run was written there"
        raise RecordingError(f"{folder}: {why if folder.exists() else 'not there'}")
    lines = read_recording(path)
    for number, line in enumerate(lines, 1):
        try:
            _check(line, lines[0])
        except WireError as error:
            raise RecordingError(f"{path}, line {number}: {error}") from error
    found = sorted(of_kind(lines, "finding"), key=worst_first)
    return Recorded(lines[0], tuple(found), of_kind(lines, "fault"), lines[-1])


def _check(line: Line, header: Line) -> None:
    match line["kind"]:
        case "header":
            check_header(line)
        case "finding":
            check_finding(line, header)
        case "fault":
            check_fault(line, header)
        case "footer":
            check_footer(line, header)
        case kind:
            raise WireError(f"no such kind of line: {kind!r}")


def worst_first(line: Line) -> tuple[int, str, str]:
    """The place of a finding among others: by severity, target and signature."""
    return (SEVERITIES.index(line["severity"]), line["target"], line["signature"])


def read_runs(folders: Iterable[Path]) -> tuple[Recorded, ...]:
    """Several runs that are told together, each folder once.

    Raises ``RecordingError`` where one is not whole, is named twice, or was recorded
    by another version than the first: the books of two versions count other things.
    """
    runs: dict[Path, Recorded] = {}
    for folder in folders:
        if folder.resolve() in {known.resolve() for known in runs}:
            raise RecordingError(f"{folder}: named twice")
        run = read_run(folder)
        for first, other in runs.items():
            if run.header["tool"] != other.header["tool"]:
                raise RecordingError(
                    f"{folder / FINDINGS}: by {run.header['tool']}, and "
                    f"{first / FINDINGS} by {other.header['tool']}: "
                    "runs of one version alone are told together"
                )
        runs[folder] = run
    return tuple(runs.values())
