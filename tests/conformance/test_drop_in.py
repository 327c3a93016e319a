"""A drop-in: judged by the documents alone, a flag that it ignores comes out first."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from harness.campaign.conclusion import Status
from harness.campaign.plan import Plan
from harness.ledger.witnesses import WITNESSES
from harness.target.target import Target
from tests.conformance.test_liars import campaign


def test_a_flag_that_is_ignored_is_fail_open(
    fake_target: Callable[[str], Target],
    plan_for: Callable[..., Plan],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing is predicted, so nothing is unexplained and nothing is excused; cases
    are put by handshake."""
    revoked = tuple(item for item in WITNESSES if "leaf-revoked" in item.id)
    monkeypatch.setattr("harness.campaign.pinned.WITNESSES", revoked)
    plan = replace(plan_for(fake_target("drop_in"), examples=12), shrinking=0.0)
    conclusion = campaign(plan)
    assert conclusion.status is Status.FINDING
    assert not conclusion.faults
    (line,) = conclusion.targets
    assert (line["release"], line["ways"], line["behaviours"]) == (
        "",
        ["handshake"],
        [],
    )
    worst = [item for item in conclusion.findings if item["severity"] == "fail-open"]
    assert conclusion.findings[: len(worst)] == tuple(worst)
    told = {item["finding"]["sentence"] for item in worst}
    assert {"CRL_CHECK_LEAF/revoked", "CRL_CHECK_CHAIN/revoked"} <= told
    assert {item["finding"]["is"] for item in conclusion.findings} == {"Diverges"}
    sums = conclusion.tallies["drop_in"]
    assert not any(tally.entries for tally in sums.values())
    assert sums["witnesses"].findings["conforms"] > 10
