"""Targets that fail on bytes that nobody meant: the theme "bytes" finds them."""

from collections.abc import Callable

import pytest

from harness.campaign.plan import Plan
from harness.target.target import Target
from tests.conformance.test_liars import campaign

FAULTS = {
    "crashes_on_indefinite": ("broken: crash",),
    "hangs_on_long_length": ("broken: hang",),
    "signature_unchecked": (
        "law:path/verifies: law broken, in an edited",
        "unexplained outcome: rejected but accepted, in an edited",
    ),
}
"""How the signature of the finding about each of these fakes begins."""


@pytest.mark.parametrize("fake", FAULTS)
def test_a_fault_in_decoding_is_found_once(
    fake: str,
    fake_target: Callable[..., Target],
    plan_for: Callable[..., Plan],
) -> None:
    """Within some hundred edited cases the fault is found, told with the edit and
    kept as one finding with its bytes."""
    plan = plan_for(
        fake_target(fake),
        examples=600,
        shards=1,
        themes=("bytes",),
        random_only=True,
        first=True,
        shrinking=1.0,
        patience=0.2,
    )
    conclusion = campaign(plan)
    assert not conclusion.faults
    (line,) = conclusion.findings
    assert line["signature"].startswith(FAULTS[fake])
    assert len(line["scenario"]["edits"]) == 1
    assert line["case"]["peer"]
