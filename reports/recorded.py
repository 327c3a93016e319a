"""A recorded run as the renderers read it: ``findings.jsonl``, and nothing else."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.campaign.recording import FINDINGS, Line, of_kind, read_recording

SOURCES = ("witnesses", "surface", "random")


@dataclass(frozen=True, slots=True)
class Recorded:
    """One run: header, findings, faults of the harness, and footer."""

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
    lines = read_recording(folder / FINDINGS)
    return Recorded(
        lines[0], of_kind(lines, "finding"), of_kind(lines, "fault"), lines[-1]
    )
