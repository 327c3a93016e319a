"""Targets that lie or break on purpose: each is caught, by a small case."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from harness.campaign.conclusion import Conclusion, Status, conclude
from harness.campaign.plan import Plan, write_plan
from harness.campaign.recording import Line, read_recording
from harness.campaign.running import Running, stations
from harness.flags import DOCUMENTED, Flags
from harness.ledger.witnesses import WITNESSES
from harness.target.target import Target

FLAG_LIARS = {
    "ignores_crl_check_leaf": "CRL_CHECK_LEAF",
    "always_crl_check_leaf": "CRL_CHECK_LEAF",
    "ignores_crl_check_chain": "CRL_CHECK_CHAIN",
    "always_crl_check_chain": "CRL_CHECK_CHAIN",
    "ignores_x509_strict": "X509_STRICT",
    "always_x509_strict": "X509_STRICT",
    "ignores_allow_proxy_certs": "ALLOW_PROXY_CERTS",
    "always_allow_proxy_certs": "ALLOW_PROXY_CERTS",
    "ignores_x509_partial_chain": "X509_PARTIAL_CHAIN",
    "always_x509_partial_chain": "X509_PARTIAL_CHAIN",
    "crl_checks_by_default": "CRL_CHECK_LEAF",
    "peer_first": "X509_TRUSTED_FIRST",
    "intermediates_unchecked": "CRL_CHECK_CHAIN",
}
"""The flag that a finding about each of these fakes must name."""

OTHER_LIARS = {
    "crl_signature_unchecked": "crl.signature",
    "crl_dates_unchecked": "crl.",
    "code_changed": "rejected 10",
    "path_changed": "path",
    "lacks_member": "VerifyFlags/members",
    "wrong_default": "verify_flags/default",
}
"""What the signature of a finding about each of these fakes must speak of."""


def campaign(plan: Plan) -> Conclusion:
    """Run a plan in this process."""
    write_plan(plan)
    part = Running.begin(plan, "main")
    for station in stations(plan):
        part.visit(station)
    part.end()
    return conclude(plan, read_recording(plan.scratch / "main.jsonl"))


def is_small(line: Line) -> bool:
    """Whether the case has a root, an intermediate and a leaf at most, each perhaps in
    several certificates; proxies, which are their own flag's matter, apart."""
    scenario = line["scenario"]
    if scenario is None:
        return True
    used = {*scenario["peer"], *(item["certificate"] for item in scenario["trusted"])}
    subjects = {
        str(item["subject"]["name"])
        for item in scenario["certificates"]
        if item["label"] in used and item["proxy"] is None
    }
    return len(subjects) <= 3


def names(line: Line, flag: str) -> bool:
    """Whether a finding names a bit of the flag, in words or as differing bits."""
    bits = Flags(line["finding"].get("bits", 0))
    return bool(bits & DOCUMENTED[flag]) or flag in line["signature"]


@pytest.mark.parametrize("fake", FLAG_LIARS)
def test_a_lie_about_a_flag_is_caught(
    fake: str,
    fake_target: Callable[[str], Target],
    plan_for: Callable[..., Plan],
) -> None:
    """The run fails with a small case whose finding names the flag."""
    conclusion = campaign(plan_for(fake_target(fake), examples=6, first=True))
    assert conclusion.status is Status.FINDING
    assert not conclusion.faults
    assert any(
        names(line, FLAG_LIARS[fake]) and is_small(line) for line in conclusion.findings
    ), [line["signature"] for line in conclusion.findings]


def test_random_cases_catch_a_lie_too_and_shrink_it(
    fake_target: Callable[[str], Target], plan_for: Callable[..., Plan]
) -> None:
    """What witnesses would miss is found by drawn cases, and told by a small one."""
    conclusion = campaign(plan_for(fake_target("ignores_x509_strict"), examples=150))
    drawn = [line for line in conclusion.findings if line["source"] == "random"]
    assert any(
        names(line, "X509_STRICT") and is_small(line) and line["shrunk"]
        for line in drawn
    ), [line["signature"] for line in drawn]


@pytest.mark.parametrize("fake", OTHER_LIARS)
def test_a_lie_about_anything_else_is_caught(
    fake: str,
    fake_target: Callable[[str], Target],
    plan_for: Callable[..., Plan],
) -> None:
    """The run fails with a small case whose finding speaks of what is wrong."""
    conclusion = campaign(plan_for(fake_target(fake), examples=6, first=True))
    assert conclusion.status is Status.FINDING
    assert not conclusion.faults
    assert any(
        OTHER_LIARS[fake] in line["signature"] and is_small(line)
        for line in conclusion.findings
    ), [line["signature"] for line in conclusion.findings]


@pytest.mark.parametrize(
    ("fake", "cases"), [("crashes", 12), ("hangs", 1), ("garbage", 12)]
)
def test_a_target_that_breaks_loses_nothing_else(
    fake: str,
    cases: int,
    fake_target: Callable[..., Target],
    plan_for: Callable[..., Plan],
) -> None:
    """Under one flag set it breaks; all other rows are judged, and none is wrong."""
    broken = Flags.parse("default-3.12+CRL_CHECK_CHAIN").bits
    env = {"VERIFYFLAGS_FAKE_BREAKS_ON": str(broken)}
    conclusion = campaign(plan_for(fake_target(fake, env), examples=cases))
    assert conclusion.status is Status.FINDING
    assert {line["finding"]["is"] for line in conclusion.findings} == {"Breaks"}
    assert all(line["flags"] == [broken] for line in conclusion.findings)
    sums = conclusion.tallies[fake]
    assert sums["random"].counts["cases"] == cases
    assert sums["random"].counts["verdicts"] > 5 * cases


def test_a_target_that_hangs_is_given_up_with_its_finding(
    fake_target: Callable[..., Target], plan_for: Callable[..., Plan]
) -> None:
    """The hang that was met is told, and the rest of the run is not spent on it."""
    broken = Flags.parse("default-3.12+CRL_CHECK_CHAIN").bits
    target = fake_target("hangs", {"VERIFYFLAGS_FAKE_BREAKS_ON": str(broken)})
    conclusion = campaign(replace(plan_for(target, examples=60), hanging=1.2))
    assert conclusion.status is Status.UNUSABLE
    assert {line["finding"]["is"] for line in conclusion.findings} == {"Breaks"}
    assert any("given up" in reason for reason in conclusion.reasons)
    assert conclusion.tallies["hangs"]["random"].counts["cases"] < 60


def test_a_target_that_breaks_in_three_ways_loses_nothing_else(
    fake_target: Callable[[str], Target], plan_for: Callable[..., Plan]
) -> None:
    """A crash in one case, a hang in another, garbage in a third: each is told as what
    it is, and every other row of the run is asked and judged."""
    plan = plan_for(fake_target("breaks_three_ways"), examples=6)
    conclusion = campaign(plan)
    assert conclusion.status is Status.FINDING
    assert not conclusion.faults
    assert {line["finding"]["breakage"] for line in conclusion.findings} == {
        "crash",
        "hang",
        "garbage",
    }
    broken = {0x60, 0x4C, 0x4000}
    assert {bits for line in conclusion.findings for bits in line["flags"]} <= broken
    sums = conclusion.tallies["breaks_three_ways"]
    assert sums["random"].counts["cases"] == 6
    assert sums["witnesses"].counts["cases"] >= len(WITNESSES)


def test_the_same_seed_counts_the_same(
    here_target: Target, plan_for: Callable[..., Plan]
) -> None:
    """Two runs of one seed ask the same cases and have the same findings."""
    first, second = (
        campaign(plan_for(here_target, examples=30)).tallies["here"]["random"]
        for _ in range(2)
    )
    for tally in (first, second):
        for name in ("harness_cpu", "target_cpu"):
            getattr(tally, name).clear()
        for name in ("bare ns",):
            tally.counts.pop(name, None)
    assert first.to_json() == second.to_json()
    assert first.counts["cases"] == 30
