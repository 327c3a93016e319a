"""What a run counts: cases, verdicts, findings by kind, skips by cause, time by phase.

A tally is filled by one station of the run and written out at its end; tallies of one
target add up. Random cases and pinned ones keep tallies apart.
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations_with_replacement
from typing import Any, Final, assert_never

from harness.case import Role, TlsVersion
from harness.examine import Examination
from harness.finding import (
    Breaks,
    Conforms,
    Diverges,
    Drifts,
    Finding,
    Ledgered,
    NotModelled,
    NotShown,
    Unexplained,
    kind_of,
)
from harness.flags import Flags
from harness.outcome import Way

SURFACE: Final = "surface"
"""Stands for the role where a sentence about the surface is decided."""

UNNAMED: Final = "UNNAMED"
"""Stands for every bit that no flag has, where rows are counted by pairs of flags."""

COUNTERS: Final = (
    "counts",
    "findings",
    "skips",
    "entries",
    "known",
    "pairs",
    "decided",
    "felt",
    "asked",
    "harness_cpu",
    "target_cpu",
    "errors",
)


@lru_cache(maxsize=4096)
def pairs_of(flags: Flags) -> tuple[str, ...]:
    """The pairs that a flag set is counted under. Bits that have no name are one."""
    names = sorted(
        {UNNAMED if name[0].isdigit() else name for name in str(flags).split("|")}
    )
    return tuple(
        f"{one}|{other}" for one, other in combinations_with_replacement(names, 2)
    )


@dataclass(slots=True)
class Tally:
    """Counts of one station. Every counter adds up with another tally's."""

    counts: Counter[str] = field(default_factory=Counter)
    """``cases``, ``verdicts``, ``sweeps``, ``full``, ``flags``, ``shrinking``…"""
    findings: Counter[str] = field(default_factory=Counter)
    """Rows and laws by kind of finding."""
    skips: Counter[str] = field(default_factory=Counter)
    """Rows without judgement, by cause."""
    entries: Counter[str] = field(default_factory=Counter)
    """Ledger entries met."""
    known: Counter[str] = field(default_factory=Counter)
    """Rows and laws that an entry excuses, by ``SENTENCE|ENTRY``."""
    pairs: Counter[str] = field(default_factory=Counter)
    """Judged rows under both flags of a pair, by ``FLAG|FLAG`` in order of names; under
    one flag by its name twice, under none by ``DEFAULT|DEFAULT``."""
    decided: Counter[str] = field(default_factory=Counter)
    """Sweeps that decided ``SENTENCE|SIDE|ROLE``."""
    felt: Counter[str] = field(default_factory=Counter)
    """Sweeps in which a behaviour was felt."""
    asked: Counter[str] = field(default_factory=Counter)
    """Sweeps by ``WAY|VERSION|ROLE``."""
    harness_cpu: Counter[str] = field(default_factory=Counter)
    """Nanoseconds of our own processor time, by phase."""
    target_cpu: Counter[str] = field(default_factory=Counter)
    """Nanoseconds of the target's processor time, by phase."""
    errors: Counter[str] = field(default_factory=Counter)
    """Errors of the harness itself, by what they say."""

    def add(self, examination: Examination, role: Role, tls: TlsVersion) -> None:
        """Count one sweep."""
        rows = examination.rows
        counts = self.counts
        counts["sweeps"] += 1
        counts["flags"] += len(rows)
        verdicts = 0
        for row in rows:
            if self.count(row.finding):
                verdicts += 1
                self.pairs.update(pairs_of(row.answer.requested))
        for law, _, _ in examination.laws:
            self.count(law)
        counts["verdicts"] += verdicts
        version = tls.value if examination.way is Way.HANDSHAKE else "1.2"
        if verdicts:
            self.asked[f"{examination.way}|{version}|{role}"] += 1
        for sentence, side in examination.decided:
            self.decided[f"{sentence}|{side}|{role}"] += 1
        self.felt.update(examination.felt)

    def count(self, finding: Finding) -> bool:
        """Count one finding; whether it was a judgement about a real outcome."""
        match finding:
            case Conforms():
                self.findings["conforms"] += 1
                return True
            case Ledgered(entry=entry, sentence=sentence):
                self.findings["ledger"] += 1
                self.entries[entry] += 1
                self.known[f"{sentence}|{entry}"] += 1
                return True
            case NotShown(what=cause):
                self.findings["unsupported"] += 1
                self.skips[f"unsupported: {cause}"] += 1
                return False
            case NotModelled(why=cause):
                self.findings["unmodelled"] += 1
                self.skips[f"unmodelled: {cause}"] += 1
                return False
            case Breaks():
                self.findings["broken"] += 1
                return False
            case Drifts():
                self.findings["drift"] += 1
                return False
            case Diverges() | Unexplained():
                self.findings[kind_of(finding)] += 1
                return True
            case _:
                assert_never(finding)

    def merge(self, other: "Tally") -> None:
        """Add another tally to this one."""
        for name in COUNTERS:
            getattr(self, name).update(getattr(other, name))

    def to_json(self) -> dict[str, dict[str, int]]:
        """Plain JSON data, keys sorted."""
        return {name: dict(sorted(getattr(self, name).items())) for name in COUNTERS}

    @classmethod
    def from_json(cls, form: Mapping[str, Any]) -> "Tally":
        """The tally that ``to_json`` wrote."""
        return cls(**{name: Counter(form.get(name, {})) for name in COUNTERS})


@dataclass(slots=True)
class Clock:
    """Splits processor time into phases: of the thread of ours that uses the clock, and
    of the target's worker."""

    tally: Tally
    worker_seconds: Callable[[], float]
    """Processor time that the target's present worker has used."""
    _ours: int = field(default_factory=time.thread_time_ns)
    _theirs: float = 0.0

    def start(self) -> None:
        """Begin to measure here; what lies before belongs to no phase."""
        self._ours = time.thread_time_ns()
        self._theirs = self.worker_seconds()

    def lap(self, phase: str) -> None:
        """Book all of our time since the last lap under ``phase``."""
        ours = time.thread_time_ns()
        self.tally.harness_cpu[phase] += ours - self._ours
        self._ours = ours

    def lap_both(self, phase: str) -> None:
        """Book both sides' time; a worker restarted meanwhile books none."""
        self.lap(phase)
        theirs = self.worker_seconds()
        if theirs >= self._theirs:
            self.tally.target_cpu[phase] += round((theirs - self._theirs) * 1e9)
        self._theirs = theirs
