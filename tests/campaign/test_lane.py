"""Lanes: one signing for all targets, and none that waits for a slow one."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import pytest

from harness.campaign import looking, running
from harness.campaign.batches import batches
from harness.campaign.conclusion import Status, conclude
from harness.campaign.lane import (
    AHEAD,
    BEHIND,
    Lane,
    Made,
    Work,
    all_idle,
    idle_half,
)
from harness.campaign.marks import Marks
from harness.campaign.plan import Plan, Shard, write_plan
from harness.campaign.recording import Line, Recorder, of_kind, read_recording
from harness.campaign.running import Running, stations
from harness.campaign.sessions import Sessions
from harness.campaign.tally import Tally
from harness.campaign.telling import Telling
from harness.flags import Flags
from harness.pki.issue import issue
from harness.pki.read import read
from harness.pki.spec import Scenario
from harness.target.discover import here
from harness.target.session import TargetError
from harness.target.target import Target

NOW = int(time.time())
SEED = 11


def plan(out: Path, *targets: Target, examples: int | None = 12, **more: Any) -> Plan:
    """A plan of random cases alone."""
    return Plan(
        str(out),
        targets,
        SEED,
        NOW,
        time.time(),
        examples=examples,
        shards=2,
        patience=0.5,
        shrinking=1.0,
        random_only=True,
        **more,
    )


def lines_of(chosen: Plan) -> tuple[Line, ...]:
    """What a plan's only process records."""
    write_plan(chosen)
    part = Running.begin(chosen, "main")
    for station in stations(chosen):
        part.visit(station)
    part.end()
    return read_recording(chosen.scratch / "main.jsonl")


def test_a_case_is_signed_once_and_asked_of_every_target(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two targets are asked the same cases, each of which was signed once."""
    issued: list[Scenario] = []

    def counted(scenario: Scenario, *, seed: int, now: int) -> Any:
        issued.append(scenario)
        return issue(scenario, seed=seed, now=now)

    monkeypatch.setattr(looking, "issue", counted)
    one, two = here(), replace(here(), id="again")
    chosen = plan(tmp_path, one, two)
    conclusion = conclude(chosen, lines_of(chosen))
    sums = [conclusion.tallies[item.id]["random"] for item in (one, two)]
    assert len(issued) == 12
    assert [tally.counts["cases"] for tally in sums] == [12, 12]
    assert sums[0].counts["flags"] == sums[1].counts["flags"] > 12
    spent = [tally.harness_cpu["drawing"] for tally in sums]
    assert min(spent) > 0
    assert max(spent) - min(spent) <= chosen.shards


def test_a_lie_is_told_of_the_target_that_lies(
    tmp_path: Path, fake_target: Callable[[str], Target]
) -> None:
    """Another target beside it has no finding, and every case was asked of it."""
    liar, honest = fake_target("always_x509_strict"), here()
    chosen = plan(tmp_path, liar, honest, examples=40, themes=("strict",))
    conclusion = conclude(chosen, lines_of(chosen))
    assert conclusion.status is Status.FINDING
    assert {line["target"] for line in conclusion.findings} == {liar.id}
    assert any(line["shrunk"] for line in conclusion.findings)
    assert conclusion.tallies[honest.id]["random"].counts["cases"] == 40


def test_a_target_that_is_lost_leaves_the_others_at_work(
    tmp_path: Path, fake_target: Callable[..., Target]
) -> None:
    """One that cannot start and one that hangs are told; a third has all cases."""
    broken = Flags.parse("default-3.12+CRL_CHECK_CHAIN").bits
    hangs = fake_target("hangs", {"VERIFYFLAGS_FAKE_BREAKS_ON": str(broken)})
    missing = Target("missing", ("/nonexistent/python",))
    chosen = plan(tmp_path, missing, hangs, here(), examples=60, hanging=0.7)
    lines = lines_of(chosen)
    conclusion = conclude(chosen, lines)
    assert conclusion.status is Status.UNUSABLE
    assert {line["target"] for line in of_kind(lines, "unstartable")} == {
        "missing",
        "hangs",
    }
    assert {line["target"] for line in conclusion.findings} == {"hangs"}
    assert conclusion.tallies["hangs"]["random"].counts["cases"] < 60
    assert conclusion.tallies[here().id]["random"].counts["cases"] == 60


@dataclass
class Gate:
    """Sessions of which one target does not open before it is let."""

    slow: str
    opened: threading.Event = field(default_factory=threading.Event)

    def of(self, target: str) -> Any:
        """Never a session."""
        if target == self.slow:
            self.opened.wait()
        raise TargetError(f"{target} has none")


@pytest.fixture
def lanes(tmp_path: Path) -> Any:
    """A gate, and the lanes of a slow target and a quick one, begun."""
    chosen = plan(tmp_path, Target("slow", ("/a",)), Target("quick", ("/b",)))
    write_plan(chosen)
    gate = Gate("slow")
    recorder = Recorder(chosen.scratch / "main.jsonl", {})
    telling = Telling(chosen, recorder, Marks(chosen.scratch, "main"))
    made = [
        Lane(target.id, cast("Sessions", gate), telling) for target in chosen.targets
    ]
    for lane in made:
        lane.begin(Shard(0))
    yield gate, made, recorder
    gate.opened.set()
    for lane in made:
        lane.end()
    recorder.close()


def work() -> Work:
    """One round, signed and read."""
    batch = next(batches(Shard(0), SEED, lambda: False, cases=4))
    cases = []
    for drawn in batch.cases:
        case = issue(drawn.scenario, seed=SEED, now=NOW)
        cases.append(Made(drawn, case, read(case)))
    return Work(batch, cases, lambda: False)


def test_nobody_waits_for_a_slow_target(lanes: Any) -> None:
    """Half of the lanes are enough to go on, and for the rest there is a limit."""
    gate, (slow, quick), _ = lanes
    idle_half([slow, quick])
    assert quick.last is None
    all_idle([slow, quick], 0.0)
    assert slow.last is not None
    gate.opened.set()
    all_idle([slow, quick], None)
    assert slow.last is None
    assert [*slow.failures(), *quick.failures()] == [
        "slow cannot start: slow has none",
        "quick cannot start: quick has none",
    ]


def test_what_a_slow_target_misses_is_counted(lanes: Any) -> None:
    """Where rounds wait already it is left out of more, and rows say so."""
    gate, (slow, quick), recorder = lanes
    given = work()
    for _ in range(AHEAD + 2):
        slow.take(given, most=AHEAD)
        quick.take(given, most=AHEAD)
        all_idle([quick], None)
    rows = sum(len(case.drawn.sweep) for case in given.cases)
    assert slow.missed == 2 * rows
    assert quick.missed == 0
    slow.sum_up(Tally())
    gate.opened.set()
    all_idle([slow], None)
    recorder.close()
    path = slow.telling.plan.scratch / "main.jsonl"
    (told,) = of_kind(read_recording(path), "tally")
    assert told["counts"]["skips"] == {BEHIND: 2 * rows}


def test_without_a_limit_nothing_is_missed(lanes: Any) -> None:
    """Where cases are the budget, every one waits for its turn."""
    _, (slow, _), _ = lanes
    given = work()
    for _ in range(AHEAD + 2):
        slow.take(given, most=None)
    assert slow.missed == 0


def test_an_error_of_ours_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A case that cannot be signed is a fault of the harness, not of every target."""

    def fails(*_: object, **__: object) -> Any:
        raise ZeroDivisionError("signing")

    monkeypatch.setattr(looking, "issue", fails)
    chosen = plan(tmp_path, here(), replace(here(), id="again"), examples=2)
    lines = lines_of(chosen)
    faults = of_kind(lines, "fault")
    assert {line["target"] for line in faults} == {here().id}
    assert {line["says"] for line in faults} == {"ZeroDivisionError: signing"}
    assert not of_kind(lines, "finding")


def test_an_error_in_a_lane_goes_through(lanes: Any) -> None:
    """What the lane itself stumbles over is raised where the run can see it."""
    gate, (slow, _), _ = lanes
    gate.opened.set()
    slow.take(cast("Any", None), most=None)
    slow.sum_up(cast("Any", None))
    all_idle([slow], None)
    with pytest.raises(AttributeError):
        list(slow.failures())


def test_an_error_in_drawing_does_not_pass_for_clean(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The shard that it ended is named among the reasons."""

    def fails(*_: object, **__: object) -> Any:
        raise ZeroDivisionError("drawing")

    monkeypatch.setattr(running, "batches", fails)
    chosen = plan(tmp_path, here(), examples=2)
    write_plan(chosen)
    part = Running.begin(chosen, "main")
    with pytest.raises(ZeroDivisionError):
        part.visit(Shard(0))
    part.end()
    lines = read_recording(chosen.scratch / "main.jsonl")
    conclusion = conclude(chosen, lines)
    assert conclusion.status is Status.INCONCLUSIVE
    assert "random-0 ended: ZeroDivisionError: drawing" in conclusion.reasons
