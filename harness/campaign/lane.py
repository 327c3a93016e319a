"""Lanes: a case is drawn, signed and read once, and every target of a run is asked it
in a lane of its own.

A lane is a thread with a queue, so a target that is slow, hangs or is shrunk against
holds up no other. The next round is drawn when half of the lanes have nothing left to
do; a lane that has fallen too far behind then is left out of rounds, and says so.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any, Final

from harness.campaign.batches import Batch
from harness.campaign.fault import Sight
from harness.campaign.looking import Looking
from harness.campaign.plan import Shard
from harness.campaign.rounds import Drawn, Find, Shrinking
from harness.campaign.sessions import Sessions
from harness.campaign.sighting import edited_items
from harness.campaign.tally import COUNTERS, Clock, Tally
from harness.campaign.telling import Place, Telling
from harness.case import Case
from harness.facts import Facts
from harness.target.session import TargetError

AHEAD: Final = 8
"""Rounds that may wait in a lane where time is the budget."""

LAG: Final = 2.0
"""Seconds that the end of a shard waits for lanes behind half of the others."""

BEHIND: Final = "behind: cases that faster targets were asked meanwhile"
"""Why rows of random cases were not asked of a slow target."""

UNSHRUNK_AFTER: Final = 40
"""Finds on one target that are shrunk; the rest is kept as found."""


@dataclass(frozen=True, slots=True)
class Made:
    """A drawn case, signed and read, for every lane."""

    drawn: Drawn
    case: Case
    facts: Facts


@dataclass(frozen=True, slots=True)
class Spoiled:
    """A drawn case that an error of ours kept from being asked."""

    drawn: Drawn
    error: Exception


@dataclass(frozen=True, slots=True)
class Work:
    """One round for a lane."""

    batch: Batch
    cases: Sequence[Made | Spoiled]
    over: Callable[[], bool]
    """Whether its time is over; asked before each case, not in shrinking."""


@dataclass(slots=True)
class Lane:
    """One target's part of the random cases of one process."""

    target: str
    sessions: Sessions
    telling: Telling
    tally: Tally = field(default_factory=Tally)
    """Of the shard that is asked now."""
    missed: int = 0
    """Rows of the present shard that it was too far behind for."""
    lost: bool = False
    """Whether the target can be asked no more."""
    _failed: deque[str] = field(default_factory=deque)
    _known: set[Any] = field(default_factory=set)
    _looking: Looking | None = None
    _place: Place = field(init=False)
    _since: float = field(default_factory=time.time)
    _jobs: deque[Future[None]] = field(default_factory=deque)
    _thread: ThreadPoolExecutor = field(init=False)

    def __post_init__(self) -> None:
        self._place = Place(self.target, "open")
        self._thread = ThreadPoolExecutor(1, self.target)

    # For the thread that draws

    def begin(self, shard: Shard) -> None:
        """Begin a shard; start the target where that was not done."""
        self._submit(self._begin, Place(self.target, f"{self.target}-{shard.index}"))

    def take(self, work: Work, *, most: int | None) -> None:
        """Ask a round's cases, later; or leave them out where already ``most`` rounds
        wait."""
        if most is not None and len(self._waiting()) > most:
            self.missed += sum(len(case.drawn.sweep) for case in work.cases)
        else:
            self._submit(self._work, work)

    def sum_up(self, shared: Tally) -> None:
        """End a shard: record what was counted. ``shared`` is the lane's share of what
        was done once for all."""
        if self.missed:
            shared.skips[BEHIND] += self.missed
        self.missed = 0
        self._submit(self._sum_up, shared)

    @property
    def last(self) -> Future[None] | None:
        """What it will have done last; None where it is idle."""
        waiting = self._waiting()
        return waiting[-1] if waiting else None

    def failures(self) -> Iterator[str]:
        """What failed since the last call, one line each. An error of ours that ended
        a job goes through."""
        for job in [job for job in self._jobs if job.done()]:
            self._jobs.remove(job)
            job.result()
        while self._failed:
            yield self._failed.popleft()

    def end(self) -> None:
        """Wait for everything."""
        self._thread.shutdown()

    def _waiting(self) -> list[Future[None]]:
        return [job for job in self._jobs if not job.done()]

    def _submit(self, do: Callable[[Any], None], what: object) -> None:
        self._jobs.append(self._thread.submit(do, what))

    # In its own thread

    def _begin(self, place: Place) -> None:
        self._place = place
        self._since = time.time()
        if self._looking is not None or self.lost:
            return
        try:
            opened = self.sessions.of(self.target)
        except TargetError as error:
            self.lost = True
            self._failed.append(f"{self.target} cannot start: {error}")
            return
        plan = self.telling.plan
        self._looking = Looking(
            opened.session,
            opened.books,
            plan.seed,
            plan.now,
            self.tally,
            Clock(self.tally, opened.session.cpu_seconds),
            lambda: self.telling.beat(self._place, self.tally),
            plan.shrinking / 2,
        )

    def _work(self, work: Work) -> None:
        if self.lost or self._looking is None:
            return
        try:
            self._looking.clock.start()
            for item in work.cases:
                if work.over():
                    return
                self._ask(self._looking, work, item)
            self.tally.counts["rounds"] += 1
        except TargetError as error:
            self.lost = True
            self.telling.lost(self._place, str(error))
            self._failed.append(str(error))

    def _ask(self, looking: Looking, work: Work, item: Made | Spoiled) -> None:
        drawn = item.drawn
        if isinstance(item, Spoiled):
            self._tell(looking, work, drawn, looking.fault(item.error, drawn.sweep))
            return
        seen = looking.asked_everything(
            item.case,
            item.facts,
            drawn.sweep,
            drawn.number,
            edited=edited_items(drawn.scenario),
        )
        for place, first in enumerate(sorted(seen, key=lambda sight: sight.rank)):
            if self.telling.marks.stopped():
                return
            if first.signature not in self._known:
                late = place > 0 and work.over()
                self._tell(looking, work, drawn, first, late=late)

    def _tell(
        self,
        looking: Looking,
        work: Work,
        drawn: Drawn,
        first: Sight,
        *,
        late: bool = False,
    ) -> None:
        """Shrink what is new, and record it; what is ``late`` is kept as found."""
        plan, marks = self.telling.plan, self.telling.marks

        def claim(signature: Any) -> bool:
            few = len(self._known) <= UNSHRUNK_AFTER
            return few and not late and marks.claim(f"{self.target}/{signature}")

        self._known.add(first.signature)
        find = Find.seen(drawn, first)
        shrinking = Shrinking(looking, claim, seconds=plan.shrinking)
        place = Place(self.target, self._place.station, work.batch.number)
        try:
            shrinking.shrink(work.batch.step, drawn, find)
        finally:  # a target that is lost on the way was found out all the same
            self._failed.append(self.telling.found(place, find))

    def _sum_up(self, shared: Tally) -> None:
        self.tally.merge(shared)
        seconds = time.time() - self._since
        self.telling.sums(self._place, "shard", seconds, self.tally)
        for name in COUNTERS:
            getattr(self.tally, name).clear()


def idle_half(lanes: Sequence[Lane]) -> None:
    """Wait until half of the lanes have nothing left to do."""
    _wait(lanes, lambda busy: 2 * len(busy) <= len(lanes), None)


def all_idle(lanes: Sequence[Lane], lag: float | None) -> None:
    """Wait until no lane has anything left to do; for those that are behind half of
    the others so many seconds at most."""
    idle_half(lanes)
    until = None if lag is None else time.monotonic() + lag
    _wait(lanes, lambda busy: not busy, until)


def _wait(
    lanes: Sequence[Lane],
    enough: Callable[[Sequence[Future[None]]], bool],
    until: float | None,
) -> None:
    while True:
        busy = [last for lane in lanes if (last := lane.last) is not None]
        left = None if until is None else until - time.monotonic()
        if enough(busy) or (left is not None and left <= 0):
            return
        wait(busy, left, FIRST_COMPLETED)
