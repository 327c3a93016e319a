"""Marks that the processes of one run leave for each other, as files of its scratch
folder: who shrinks what, how many shards have begun, whether to stop, how far it is.
"""

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

BEAT_SECONDS: Final = 0.5
"""How often a process tells its progress."""


@dataclass(slots=True)
class Marks:
    """The marks in one scratch folder, as one process (``worker``) makes them."""

    folder: Path
    worker: str
    _stop: str = field(init=False)
    _next_beat: float = 0.0

    def __post_init__(self) -> None:
        self._stop = str(self.folder / "stop")

    def claim(self, text: str) -> bool:
        """Whether this call is the first in the whole run to claim ``text``."""
        name = hashlib.sha256(text.encode()).hexdigest()[:24]
        try:
            (self.folder / f"claim-{name}").touch(exist_ok=False)
        except FileExistsError:
            return False
        return True

    def begin(self, shard: str) -> int:
        """Mark a shard as begun; how many have begun by now, this one included."""
        (self.folder / f"begun-{shard}").touch()
        return sum(1 for _ in self.folder.glob("begun-*"))

    def stop(self) -> None:
        """Ask every shard to stop before its next case."""
        Path(self._stop).touch()

    def stopped(self) -> bool:
        """Whether the run is to stop."""
        return Path(self._stop).exists()

    def beat(self, counts: Mapping[str, int], *, at_once: bool = False) -> None:
        """Tell this process's progress, at most twice a second."""
        now = time.monotonic()
        if now < self._next_beat and not at_once:
            return
        self._next_beat = now + BEAT_SECONDS
        fresh = self.folder / f"{self.worker}.beat.new"
        fresh.write_text(json.dumps(dict(counts)), encoding="utf-8")
        fresh.replace(self.folder / f"beat-{self.worker}.json")


def progress(folder: Path) -> dict[str, int]:
    """The counts of all processes together, as last told."""
    total: dict[str, int] = {}
    for path in folder.glob("beat-*.json"):
        counts: dict[str, int] = json.loads(path.read_text(encoding="utf-8"))
        for name, count in counts.items():
            total[name] = total.get(name, 0) + count
    return total
