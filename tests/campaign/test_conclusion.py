"""Conclusions: the exit status, the first that holds, and one line for each finding."""

from typing import Any

from harness.campaign.conclusion import Conclusion, Status, conclude
from harness.campaign.plan import Plan
from harness.campaign.recording import Line
from harness.campaign.tally import Tally
from harness.case import Role
from harness.outcome import Way
from harness.target.target import Target

PLAN = Plan(
    "out", (Target("a", ("/a",)),), seed=7, now=1_700_000_000, started=0, examples=10
)
SIDE = "CRL_CHECK_LEAF|refuses|client"


def target(**changes: Any) -> Line:
    """A target that started and is sane, with one side to decide."""
    return {
        "kind": "target",
        "target": "a",
        "insane_because": "",
        "ways": ["flight", "handshake"],
        "expected": [SIDE],
        **changes,
    }


def tally(station: str = "shard", *, but: str = "", decided: str = SIDE) -> Line:
    """A station that asked by every way and role but one, and decided a side."""
    counts = Tally()
    counts.counts["cases"] = 3
    counts.asked.update(
        f"{way}|1.2|{role}" for way in Way for role in Role if f"{way} {role}" != but
    )
    counts.decided[decided] = 1
    return {
        "kind": "tally",
        "target": "a",
        "station": station,
        "counts": counts.to_json(),
    }


def finding(signature: str = "s", **changes: Any) -> Line:
    """A finding of target ``a``."""
    return {
        "kind": "finding",
        "target": "a",
        "signature": signature,
        "severity": "unexplained",
        "elapsed_s": 1.0,
        "scenario": None,
        "flags": [],
        **changes,
    }


def scenario(*peer: str) -> dict[str, Any]:
    """The parts of a scenario that its size is taken from."""
    return {"peer": list(peer), "trusted": [], "loaded": []}


def concluded(*lines: Line, troubles: tuple[str, ...] = ()) -> Conclusion:
    """The conclusion of these lines."""
    return conclude(PLAN, lines, troubles)


def test_a_clean_run_is_0() -> None:
    """Everything asked, everything decided, nothing found."""
    conclusion = concluded(target(), tally())
    assert conclusion.reasons == ()
    assert conclusion.status is Status.CLEAN


def test_a_finding_is_1() -> None:
    """A finding decides, even where something is undecided."""
    assert concluded(target(), finding()).status is Status.FINDING


def test_a_target_that_is_not_sane_is_1() -> None:
    """The canaries speak for themselves."""
    conclusion = concluded(target(insane_because="good chain rejected"), tally())
    assert conclusion.status is Status.FINDING
    assert "good chain rejected" in conclusion.reasons[0]


def test_a_target_that_cannot_start_is_2_whatever_else_is() -> None:
    """It goes before a finding, and says why once."""
    lost = {"kind": "unstartable", "target": "a", "because": "no such file"}
    conclusion = concluded(target(), tally(), finding(), lost, lost)
    assert conclusion.status is Status.UNUSABLE
    assert conclusion.reasons == ("a cannot be asked: no such file",)
    assert len(conclusion.findings) == 1


def test_an_undecided_side_is_3() -> None:
    """The reason names sentence, side and role."""
    conclusion = concluded(target(), tally(decided="other|refuses|client"))
    assert conclusion.status is Status.INCONCLUSIVE
    assert conclusion.reasons == ("a: CRL_CHECK_LEAF is undecided (refuses, client)",)


def test_a_way_or_role_never_asked_is_3() -> None:
    """Each way must be asked in each role."""
    conclusion = concluded(target(), tally(but="handshake server"))
    assert conclusion.status is Status.INCONCLUSIVE
    assert "no handshake was asked with the server" in conclusion.reasons[0]


def test_a_way_that_the_engine_lacks_is_not_missed() -> None:
    """A target that is asked without TLS has no handshake to miss."""
    line = tally()
    line["counts"]["asked"] = {f"flight|1.2|{role}": 1 for role in Role}
    assert concluded(target(ways=["flight"]), line).status is Status.CLEAN
    conclusion = concluded(target(), line)
    assert len(conclusion.reasons) == 2
    assert all("no handshake was asked" in reason for reason in conclusion.reasons)


def test_nothing_asked_is_3() -> None:
    """A target without a line was never asked; nor is one without random cases done."""
    assert concluded().status is Status.INCONCLUSIVE
    conclusion = concluded(target(), tally("witnesses"))
    assert conclusion.reasons == ("a: no random case was asked",)
    assert conclusion.status is Status.INCONCLUSIVE


def test_troubles_and_faults_are_3() -> None:
    """What went wrong with us is no clean run, and no finding about a target."""
    troubled = concluded(target(), tally(), troubles=("a record is not whole",))
    assert troubled.status is Status.INCONCLUSIVE
    fault = {**finding(), "kind": "fault", "says": "KeyError: 1"}
    assert concluded(target(), tally(), fault).status is Status.INCONCLUSIVE


def test_tallies_add_up_by_station() -> None:
    """Shards are summed, and witnesses are kept apart from them."""
    conclusion = concluded(target(), tally(), tally(), tally("witnesses"))
    sums = conclusion.tallies["a"]
    assert sums["random"].counts["cases"] == 6
    assert sums["witnesses"].counts["cases"] == 3


def test_the_smallest_case_of_a_signature_is_kept() -> None:
    """A finding seen at several stations is one, with its smallest case."""
    conclusion = concluded(
        target(),
        finding(scenario=scenario("a", "b"), elapsed_s=2.0),
        finding(scenario=scenario("a"), elapsed_s=3.0),
        finding(),
    )
    (line,) = conclusion.findings
    assert line["scenario"] == scenario("a")
    assert line["seen"] == 3
    assert line["elapsed_s"] == 1.0


def test_fail_open_comes_first() -> None:
    """Findings are in the order of their severity."""
    conclusion = concluded(
        target(),
        finding("x", severity="unexplained"),
        finding("y", severity="fail-open"),
        finding("z", severity="wrong-reason"),
    )
    assert [line["signature"] for line in conclusion.findings] == ["y", "z", "x"]
