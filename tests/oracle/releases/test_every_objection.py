"""Every objection in order, as a verify callback is told of it that lets each pass.

Each row was asked of libcrypto 3.0.22 itself, by such a callback. It says 28@2 once
more where the store's trust rejects, and 66@1 for 20@1: no firm prediction there.
"""

from dataclasses import replace

import pytest

from harness.flags import CRL_CHECK_CHAIN, DEFAULT, X509_STRICT, Flags
from harness.ledger.plain import OVER, chain, intermediate, leaf
from harness.oracle.releases.judge import Judge
from harness.pki.issue import issue
from harness.pki.read import read
from harness.pki.spec import Scenario, TrustSpec
from harness.pki.spec_policies import INHERIT, AddressBlocksSpec, AddressFamilySpec
from harness.verdict import WillReject
from tests.oracle.releases.rows import NOW, RELEASE

REJECTED = chain(trusted=(TrustSpec("root", trust=("clientAuth",)),))


@pytest.mark.parametrize(
    ("scenario", "flags", "said", "firm"),
    [
        (chain(leaf(**OVER, corrupt=True)), DEFAULT, "7@0 10@0", None),
        (
            chain(leaf(**OVER), crls=(), name="other.example"),
            CRL_CHECK_CHAIN,
            "62@0 3@0 3@1 3@2 10@0",
            None,
        ),
        (
            chain(intermediate(basic_constraints=None)),
            X509_STRICT,
            "79@1 82@1",
            None,
        ),
        (REJECTED, DEFAULT, "28@2 26@2", 1),
        (replace(chain(), security_level=5), DEFAULT, "66@0 68@0 67@1 68@1 67@2", None),
        (
            replace(chain(), security_level=5, trusted=()),
            DEFAULT,
            "66@0 20@1 68@0 67@1",
            1,
        ),
        # After an internal error nothing comes, not even the policies.
        (
            chain(
                leaf(
                    **OVER,
                    addresses=AddressBlocksSpec((AddressFamilySpec(b"\x01", INHERIT),)),
                )
            ),
            Flags.of("EXPLICIT_POLICY"),
            "10@0 1@0",
            None,
        ),
    ],
)
def test_objections_in_order(
    scenario: Scenario, flags: Flags, said: str, firm: int | None
) -> None:
    """All of them, and up to which one they hold if those before are let pass."""
    judge = Judge(read(issue(scenario, seed=1, now=NOW)), NOW, RELEASE)
    predicted = judge.predict(flags)
    assert isinstance(predicted, WillReject)
    assert " ".join(f"{it.code}@{it.depth}" for it in predicted.objections) == said
    assert predicted.firm == firm
