"""This Python's libcrypto, asked alone: depths are compared, a wrong one is told."""

from collections.abc import Callable
from dataclasses import replace

from harness.campaign.conclusion import Status
from harness.campaign.plan import Plan
from harness.target.target import LIBCRYPTO, Target
from tests.conformance.test_liars import campaign


def test_depths_are_as_predicted(
    here_target: Target, plan_for: Callable[..., Plan]
) -> None:
    """Everything asked, decided and explained, though no handshake and no surface is
    there to be asked; both are counted."""
    target = replace(here_target, engine=LIBCRYPTO)
    conclusion = campaign(plan_for(target, examples=150))
    kinds = {line["finding"]["is"] for line in conclusion.findings}
    assert not kinds & {"Unexplained", "Breaks"}
    assert not conclusion.faults
    assert conclusion.reasons == ()
    (line,) = conclusion.targets
    assert line["identity"]["shows_depth"] is True
    assert line["ways"] == ["flight"]
    sums = conclusion.tallies[target.id]
    assert sums["random"].counts["verdicts"] > 300
    assert sums["surface"].skips
    skipped = sum((tally.skips for tally in sums.values()), sums["surface"].skips)
    for cause in ("handshake: ", "CERT_NONE", "the module ssl"):
        assert any(key.startswith(f"unsupported: {cause}") for key in skipped), cause


def test_a_wrong_depth_is_caught(
    fake_target: Callable[[str], Target], plan_for: Callable[..., Plan]
) -> None:
    """Outcome, code and path are right, and the finding names both depths."""
    target = replace(fake_target("wrong_depth"), engine=LIBCRYPTO)
    conclusion = campaign(plan_for(target, examples=6, first=True))
    assert conclusion.status is Status.FINDING
    assert not conclusion.faults
    whats = {line["finding"].get("what") for line in conclusion.findings}
    assert whats == {"depth"}
    (line, *_) = conclusion.findings
    expected, observed = line["finding"]["expected"], line["finding"]["observed"]
    assert expected.startswith("rejected ")
    (code, depth), (same, deeper) = (
        said.split()[1].split("@") for said in (expected, observed)
    )
    assert (same, int(deeper)) == (code, int(depth) + 1)
    assert f"{code}@{depth}" in line["signature"]
