"""What leaves an error in OpenSSL's queue though a path is accepted."""

import pytest

from harness.flags import X509_PARTIAL_CHAIN
from harness.ledger.plain import INT, ROOT, chain, intermediate, trusting
from harness.oracle.releases.judge import LEAVES_AN_ERROR, Judge
from harness.pki import odd_keys
from harness.pki.issue import issue
from harness.pki.read import read
from harness.pki.spec import CertificateSpec, Entity, RawExtension, ca
from harness.pki.spec_policies import PolicyConstraintsSpec
from harness.verdict import WillAccept
from tests.oracle.releases.rows import NOW, RELEASE

MALFORMED = RawExtension("2.5.29.31", b"\x05\x00")


@pytest.mark.parametrize(
    ("spec", "leaves"),
    [
        (intermediate(), False),
        (intermediate(public_key=odd_keys.spki(odd_keys.ED448, b"")), True),
        (intermediate(extra=(MALFORMED,)), True),
        (intermediate(policy_constraints=PolicyConstraintsSpec(1 << 63)), True),
        (intermediate(policy_constraints=PolicyConstraintsSpec(1)), False),
        (ca("int", Entity(INT.name, "dsa-0"), ROOT), True),
    ],
)
def test_beside_a_trusted_leaf(spec: CertificateSpec, leaves: bool) -> None:
    """A sent intermediate that cannot be used need not end the path of a trusted leaf,
    but ``ssl`` may take the error it leaves for a failure of the handshake."""
    scenario = trusting(chain(spec, crls=()), "leaf")
    judge = Judge(read(issue(scenario, seed=1, now=NOW)), NOW, RELEASE)
    predicted = judge.predict(X509_PARTIAL_CHAIN)
    told = predicted.rules if isinstance(predicted, WillAccept) else ()
    assert (LEAVES_AN_ERROR in told) is leaves, predicted
