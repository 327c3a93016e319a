"""One process's part of a run: its stations, its sessions, its record."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from harness.campaign import pinned
from harness.campaign.looking import Fault, Looking, Sight
from harness.campaign.marks import Marks
from harness.campaign.plan import ROUND, Plan, Shard, cases_of, deadline, shards
from harness.campaign.preload import preload
from harness.campaign.recording import Recorder
from harness.campaign.rehearsing import Rehearsal
from harness.campaign.rounds import Find, Round
from harness.campaign.sessions import Opened, Sessions
from harness.campaign.sighting import Mode, Seen, record, unstable
from harness.campaign.tally import Clock, Tally
from harness.campaign.tracing import Tracer
from harness.finding import Breaks
from harness.pki.issue import issue
from harness.pki.spec import Scenario
from harness.target.session import TargetError
from harness.wire import to_json
from strategies import agenda, questions

UNSHRUNK_AFTER: Final = 40
"""Finds of one shard that are shrunk; the rest is kept as found."""


_STRIDE: Final = 41
"""Subjects between the beginnings of two shards: about what a third of them is, so
that shards at work together are not at the same."""


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
    worker: str
    recorder: Recorder
    marks: Marks
    sessions: Sessions
    tracer: Tracer | None = None
    """Measures the oracle's branches, where the plan wants that."""
    counts: dict[str, int] = field(default_factory=dict)

    @classmethod
    def begin(cls, plan: Plan, worker: str) -> Self:
        """Open this process's record."""
        preload()
        recorder = Recorder(plan.scratch / f"{worker}.jsonl", {"seed": plan.seed})
        marks = Marks(plan.scratch, worker)
        tracer = Tracer(plan.scratch, worker) if plan.oracle_coverage else None
        return cls(plan, worker, recorder, marks, Sessions(plan), tracer)

    def visit(self, station: Station) -> list[str]:
        """Do one station's work; what failed, one line each."""
        try:
            opened = self.sessions.of(station.target)
        except TargetError as error:
            return [f"{station.target} cannot start: {error}"]
        finally:
            self._write_lines()
        tally = Tally()
        clock = Clock(tally, opened.session.cpu_seconds)
        began = time.time()
        failed: list[str] = []
        try:
            match station:
                case Witnesses():
                    failed += self._pinned(
                        station, pinned.witnesses(self.plan, opened, tally, clock)
                    )
                case SurfaceQuestions():
                    failed += self._pinned(
                        station, pinned.surface(self.plan, opened, tally)
                    )
                case Shard():
                    failed += self._explore(station, opened, tally, clock)
        except TargetError as error:
            self._lost(station, error)
            failed.append(str(error))
        self.recorder.write(
            {
                "kind": "tally",
                "target": station.target,
                "station": type(station).__name__.lower(),
                "name": station.name,
                "seconds": round(time.time() - began, 3),
                "counts": tally.to_json(),
            }
        )
        self._beat(tally, at_once=True)
        return failed

    def end(self) -> list[str]:
        """Close sessions and record; the targets that are no longer sane."""
        failed = []
        for target, because in self.sessions.close():
            seen = Seen(Breaks("insane", because), Mode(), ())
            self.recorder.write(record(seen, None, None, **self._place(target, "end")))
            failed.append(f"{target} is not sane at the end: {because}")
        self._write_lines()
        if self.tracer is not None:
            self.tracer.save()
        self.recorder.close()
        return failed

    def _write_lines(self) -> None:
        for line in self.sessions.lines:
            self.recorder.write(line)
        self.sessions.lines.clear()

    def _lost(self, station: Station, error: TargetError) -> None:
        self.recorder.write(
            {
                "kind": "unstartable",
                "target": station.target,
                "because": f"lost in {station.name}: {error}",
            }
        )

    def _place(self, target: str, name: str, number: int = 0) -> dict[str, Any]:
        return {
            "target": target,
            "station": name,
            "round": number,
            "seed": self.plan.seed,
            "elapsed_s": round(time.time() - self.plan.started, 3),
        }

    def _pinned(
        self, station: Station, found: Iterator[tuple[Seen, Scenario | None, str]]
    ) -> list[str]:
        failed = []
        for seen, scenario, source in found:
            place = self._place(station.target, station.name)
            self._write_finding(seen, scenario, {**place, "source": source})
            failed.append(seen.signature.text)
            if self.plan.first:
                self.marks.stop()
                break
        return failed

    def _explore(
        self, shard: Shard, opened: Opened, tally: Tally, clock: Clock
    ) -> list[str]:
        plan, marks = self.plan, self.marks
        left = len(shards(plan)) - marks.begin(shard.name) + 1
        end = deadline(plan, time.time(), left)
        budget = cases_of(plan, shard)
        rehearsal = None
        if self.tracer is not None:
            rehearsal = Rehearsal.begin(self.tracer, shard.index)
            rehearsal.surfaces(shard.seed(plan.seed, 0))
        looking = Looking(
            opened.session,
            opened.books,
            plan.seed,
            plan.now,
            tally,
            clock,
            lambda: self._beat(tally),
            plan.shrinking / 2,
            rehearsal,
        )

        def over() -> bool:
            return (end is not None and time.time() >= end) or marks.stopped()

        def claim(signature: Any) -> bool:
            few = len(known) < UNSHRUNK_AFTER
            return few and marks.claim(f"{shard.target}/{signature}")

        # A shard comes by every theme in its first seconds, and by every focus of all
        # soon; each begins elsewhere.
        subjects = agenda(plan.seed, plan.themes)
        begin = shard.index * _STRIDE
        known: set[Any] = set()
        failed: list[str] = []
        number = used = 0
        clock.start()
        while not over() and (budget is None or used < budget):
            limit = ROUND if budget is None else min(ROUND, budget - used)
            seed = shard.seed(plan.seed, number)
            theme, focus = subjects[(begin + number) % len(subjects)]
            step: Round[Sight] = Round(
                looking,
                questions(theme=theme, focus=focus),
                frozenset(known),
                seed,
                ROUND,
                limit,
                over,
                claim,
                before=used,
                shrink_seconds=plan.shrinking,
            )
            try:
                step.run()
            except TargetError:
                if step.find is not None:  # the finding that the target was lost in
                    self._found(shard, number, step.find)
                raise
            number += 1
            used += step.asked
            tally.counts["rounds"] += 1
            if step.find is not None:
                known.add(step.find.first.signature)
                failed.append(self._found(shard, number - 1, step.find))
            elif not step.asked:
                break
        return failed

    def _found(self, shard: Shard, number: int, find: Find[Sight]) -> str:
        sighting = find.sighting
        place = self._place(shard.target, shard.name, number)
        place["elapsed_s"] = round(find.at - self.plan.started, 3)
        more = {
            **place,
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
        self._write_finding(sighting, find.scenario, more)
        if self.plan.first:
            self.marks.stop()
        return str(sighting.signature.text)

    def _write_finding(
        self, seen: Seen, scenario: Scenario | None, more: Mapping[str, Any]
    ) -> None:
        case = None
        if scenario is not None:
            case = issue(scenario, seed=self.plan.seed, now=self.plan.now)
        self.recorder.write(record(seen, scenario, case, **more))
        self.counts["findings"] = self.counts.get("findings", 0) + 1

    def _beat(self, tally: Tally, *, at_once: bool = False) -> None:
        """Tell the counts of this process: of the stations done, and of this one."""
        done = self.counts
        now = {
            "cases": done.get("cases", 0) + tally.counts["cases"],
            "verdicts": done.get("verdicts", 0) + tally.counts["verdicts"],
            "findings": done.get("findings", 0),
        }
        self.marks.beat(now, at_once=at_once)
        if at_once:
            done.update(now)
