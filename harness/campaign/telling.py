"""What one process of a run tells: its record, its progress, and its marks for others.

Every thread of the process may tell.
"""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from harness.campaign.fault import Fault, Sight
from harness.campaign.marks import Marks
from harness.campaign.plan import Plan
from harness.campaign.recording import Recorder
from harness.campaign.rounds import Find
from harness.campaign.sighting import Mode, Seen, record, unstable
from harness.campaign.tally import Tally
from harness.finding import Breaks
from harness.pki.issue import issue
from harness.pki.spec import Scenario
from harness.wire import to_json

_LONGEST: Final = 400
"""Characters that are kept of an error: Hypothesis adds whole strategies to some."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a run something was asked."""

    target: str
    station: str
    """The station's name, as the target's records have it."""
    round: int = 0


@dataclass(slots=True)
class Telling:
    """One process's record and marks."""

    plan: Plan
    recorder: Recorder
    marks: Marks
    _told: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Cases and verdicts by target and station, as last told."""
    _counts: dict[str, int] = field(
        default_factory=lambda: {"cases": 0, "verdicts": 0, "findings": 0}
    )
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def found(self, place: Place, find: Find[Sight]) -> str:
        """Record a find of random cases; its signature, in words."""
        sighting = find.sighting
        more = {
            **self._at(place),
            "elapsed_s": round(find.at - self.plan.started, 3),
            "source": "random",
            "shrunk": find.shrunk,
            "calls": find.calls,
            "original_signature": str(find.first.signature),
        }
        if isinstance(sighting, Fault):
            self.recorder.write(
                {
                    "kind": "fault",
                    "signature": sighting.signature,
                    "says": f"{type(sighting.error).__name__}: {sighting.error}",
                    "flags": [flags.bits for flags in sighting.flags],
                    "scenario": to_json(find.scenario),
                    **more,
                }
            )
            return f"fault of the harness: {sighting.signature}"
        if not find.stable:
            sighting = unstable(sighting)
        return self._finding(sighting, find.scenario, more)

    def pinned(
        self, place: Place, seen: Seen, scenario: Scenario | None, source: str
    ) -> str:
        """Record a finding of what is pinned; its signature, in words."""
        return self._finding(seen, scenario, {**self._at(place), "source": source})

    def insane(self, target: str, because: str) -> None:
        """Record a target that is no longer sane at the end of the run."""
        seen = Seen(Breaks("insane", because), Mode(), ())
        place = self._at(Place(target, "end"))
        self.recorder.write(record(seen, None, None, **place))

    def lost(self, place: Place, because: str) -> None:
        """Record that a target can be asked no more."""
        self.recorder.write(
            {
                "kind": "unstartable",
                "target": place.target,
                "because": f"lost in {place.station}: {because}",
            }
        )

    def ended(self, station: str, error: Exception) -> None:
        """Record that an error of ours ended a station."""
        says = f"{station} ended: {type(error).__name__}: {error}"[:_LONGEST]
        self.recorder.write({"kind": "trouble", "says": says})

    def sums(self, place: Place, kind: str, seconds: float, tally: Tally) -> None:
        """Record what a station counted; ``kind`` says what station it is."""
        self.recorder.write(
            {
                "kind": "tally",
                "target": place.target,
                "station": kind,
                "name": place.station,
                "seconds": round(seconds, 3),
                "counts": tally.to_json(),
            }
        )
        self.beat(place, tally, at_once=True)

    def beat(self, place: Place, tally: Tally, *, at_once: bool = False) -> None:
        """Tell how far a station is on a target."""
        key = f"{place.target}/{place.station}"
        now = tally.counts["cases"], tally.counts["verdicts"]
        with self._lock:
            before = self._told.get(key, (0, 0))
            self._told[key] = now
            self._counts["cases"] += now[0] - before[0]
            self._counts["verdicts"] += now[1] - before[1]
            self.marks.beat(self._counts, at_once=at_once)

    def _finding(
        self, seen: Seen, scenario: Scenario | None, more: Mapping[str, Any]
    ) -> str:
        case = None
        if scenario is not None:
            case = issue(scenario, seed=self.plan.seed, now=self.plan.now)
        self.recorder.write(record(seen, scenario, case, **more))
        with self._lock:
            self._counts["findings"] += 1
        if self.plan.first:
            self.marks.stop()
        return str(seen.signature.text)

    def _at(self, place: Place) -> dict[str, Any]:
        return {
            "target": place.target,
            "station": place.station,
            "round": place.round,
            "seed": self.plan.seed,
            "elapsed_s": round(time.time() - self.plan.started, 3),
        }
