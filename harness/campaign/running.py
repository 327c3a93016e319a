"""One process's part of a run: its stations, its sessions, its record."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Self

from harness.campaign import pinned
from harness.campaign.batches import Batch, batches
from harness.campaign.lane import (
    AHEAD,
    LAG,
    Lane,
    Made,
    Spoiled,
    Work,
    all_idle,
    idle_half,
)
from harness.campaign.looking import signed
from harness.campaign.marks import Marks
from harness.campaign.plan import Plan, Shard, cases_of, deadline, shards
from harness.campaign.preload import preload
from harness.campaign.recording import Recorder
from harness.campaign.rehearsing import Rehearsal
from harness.campaign.sessions import Sessions
from harness.campaign.tally import Clock, Tally
from harness.campaign.telling import Place, Telling
from harness.campaign.tracing import Tracer
from harness.target.session import TargetError


@dataclass(frozen=True, slots=True)
class Witnesses:
    """The station that asks every pinned witness on one target."""

    target: str

    @property
    def name(self) -> str:
        """How progress and records name it."""
        return f"{self.target}-witnesses"


@dataclass(frozen=True, slots=True)
class SurfaceQuestions:
    """The station that asks one target about its ``ssl`` module."""

    target: str

    @property
    def name(self) -> str:
        """How progress and records name it."""
        return f"{self.target}-surface"


Station = Witnesses | SurfaceQuestions | Shard


def stations(plan: Plan) -> tuple[Station, ...]:
    """Every station of the run, pinned ones first."""
    if plan.random_only:
        return shards(plan)
    pinned_ones: list[Station] = []
    for target in plan.targets:
        pinned_ones += [Witnesses(target.id), SurfaceQuestions(target.id)]
    return (*pinned_ones, *shards(plan))


@dataclass(slots=True)
class Running:
    """What one process of a run works with."""

    plan: Plan
    telling: Telling
    sessions: Sessions
    tracer: Tracer | None = None
    """Measures the oracle's branches, where the plan wants that."""
    lanes: tuple[Lane, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.lanes = tuple(
            Lane(target.id, self.sessions, self.telling) for target in self.plan.targets
        )

    @classmethod
    def begin(cls, plan: Plan, worker: str) -> Self:
        """Open this process's record."""
        preload()
        recorder = Recorder(plan.scratch / f"{worker}.jsonl", {"seed": plan.seed})
        telling = Telling(plan, recorder, Marks(plan.scratch, worker))
        tracer = Tracer(plan.scratch, worker) if plan.oracle_coverage else None
        return cls(plan, telling, Sessions(plan, recorder.write), tracer)

    def visit(self, station: Station) -> list[str]:
        """Do one station's work; what failed, one line each. An error of ours that
        ends it is recorded: what it left unasked must not pass for clean."""
        try:
            if isinstance(station, Shard):
                return self._explore(station)
            return self._pinned(station)
        except Exception as error:
            self.telling.ended(station.name, error)
            raise

    def end(self) -> list[str]:
        """Close sessions and record; what failed since, and the targets that are no
        longer sane."""
        failed: list[str] = []
        for lane in self.lanes:
            lane.end()
            failed += lane.failures()
        for target, because in self.sessions.close():
            self.telling.insane(target, because)
            failed.append(f"{target} is not sane at the end: {because}")
        if self.tracer is not None:
            self.tracer.save()
        self.telling.recorder.close()
        return failed

    def _pinned(self, station: Witnesses | SurfaceQuestions) -> list[str]:
        try:
            opened = self.sessions.of(station.target)
        except TargetError as error:
            return [f"{station.target} cannot start: {error}"]
        tally = Tally()
        clock = Clock(tally, opened.session.cpu_seconds)
        began = time.time()
        place = Place(station.target, station.name)
        failed: list[str] = []
        if isinstance(station, Witnesses):
            asked = pinned.witnesses(self.plan, opened, tally, clock)
        else:
            asked = pinned.surface(self.plan, opened, tally)
        try:
            for seen, scenario, source in asked:
                failed.append(self.telling.pinned(place, seen, scenario, source))
                if self.plan.first:
                    break
        except TargetError as error:
            self.telling.lost(place, str(error))
            failed.append(str(error))
        kind = type(station).__name__.lower()
        self.telling.sums(place, kind, time.time() - began, tally)
        return failed

    def _explore(self, shard: Shard) -> list[str]:
        """Draw a shard's cases, and have every lane ask them."""
        plan, marks = self.plan, self.telling.marks
        left = plan.shards - marks.begin(shard.name) + 1
        end = deadline(plan, time.time(), left)

        def over() -> bool:
            late = end is not None and time.time() >= end
            return late or marks.stopped() or all(lane.lost for lane in self.lanes)

        for lane in self.lanes:
            lane.begin(shard)
        cases = cases_of(plan, shard)
        rehearsal = self._rehearsal(shard)
        ours = Clock(Tally(), lambda: 0.0)
        ours.start()
        failed: list[str] = []
        for batch in batches(shard, plan.seed, over, themes=plan.themes, cases=cases):
            ours.lap("drawing")
            self._give(Work(batch, tuple(self._made(batch, ours, rehearsal)), over))
            idle_half(self.lanes)
            failed += self._failures()
        for lane, share in zip(self.lanes, shares(ours.tally, self.lanes), strict=True):
            lane.sum_up(share)
        all_idle(self.lanes, LAG if len(self.lanes) > 1 else None)
        return failed + self._failures()

    def _give(self, work: Work) -> None:
        """Give a round to the lanes; one of ours that failed to the first alone."""
        sound = [case for case in work.cases if isinstance(case, Made)]
        others = Work(work.batch, sound, work.over)
        most = None if self.plan.seconds is None else AHEAD
        for lane in self.lanes:
            lane.take(work if lane is self.lanes[0] else others, most=most)

    def _made(
        self, batch: Batch, ours: Clock, rehearsal: Rehearsal | None
    ) -> Iterator[Made | Spoiled]:
        """Sign and read a round's cases; judge each without a target too, where
        branches are measured."""
        plan = self.plan
        for drawn in batch.cases:
            try:
                case, facts = signed(drawn.scenario, plan.seed, plan.now, ours)
                if rehearsal is not None:
                    rehearsal.case(facts, drawn.sweep, int(time.time()))
                    ours.lap("rehearsing")
            except Exception as error:  # noqa: BLE001  # shrunk and reported, not lost
                yield Spoiled(drawn, error)
            else:
                yield Made(drawn, case, facts)

    def _rehearsal(self, shard: Shard) -> Rehearsal | None:
        if self.tracer is None:
            return None
        rehearsal = Rehearsal.begin(self.tracer, shard.index)
        rehearsal.surfaces(shard.seed(self.plan.seed, 0))
        return rehearsal

    def _failures(self) -> list[str]:
        return [line for lane in self.lanes for line in lane.failures()]


def shares(once: Tally, among: Sequence[Lane]) -> Iterator[Tally]:
    """What each of the lanes bears of the time that was spent once for all."""
    for place in range(len(among)):
        tally = Tally()
        for phase, spent in once.harness_cpu.items():
            more = place < spent % len(among)
            tally.harness_cpu[phase] += spent // len(among) + more
        yield tally
