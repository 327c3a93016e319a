"""Sides: simple cases that decide each sentence, and what does not decide it."""

import pytest

from harness.flags import DOCUMENTED, Flags
from harness.ledger.plain import (
    INT,
    INT_CRL,
    OTHER,
    OVER,
    ROOT,
    ROOT_CRL,
    chain,
    intermediate,
    leaf,
    proxied,
    revoking,
    trusting,
)
from harness.oracle.documents.sentence import LETS_PASS, REFUSES
from harness.oracle.documents.sides import Met, decided
from harness.outcome import Accepted, Outcome, Rejected
from harness.pki.spec import AuthorityKeyIdSpec, KeyId, Scenario, ca
from tests.oracle.documents.scenarios import (
    CRL_CHAIN,
    CRL_LEAF,
    FIRST,
    NONE,
    PARTIAL,
    PROXIES,
    STRICT,
    documents,
)

YES = Accepted()
STORED = ca("stored", INT, ROOT)
DEAD = ca("stored", INT, OTHER)
Told = tuple[tuple[Flags, Outcome], ...]


def sides(scenario: Scenario, *told: tuple[Flags, Outcome]) -> frozenset[Met]:
    """What a sweep with these outcomes decides."""
    book = documents(scenario)
    return decided([(flags, outcome, book.promise(flags)) for flags, outcome in told])


REVOKED = chain(crls=(ROOT_CRL, revoking("leaf")))
INT_REVOKED = chain(crls=(revoking("int", ROOT_CRL), INT_CRL))

SIMPLEST: dict[Met, tuple[Scenario, Told]] = {
    ("VERIFY_DEFAULT", REFUSES): (trusting(chain()), ((NONE, Rejected(20)),)),
    ("VERIFY_DEFAULT", LETS_PASS): (REVOKED, ((NONE, YES), (CRL_LEAF, Rejected(23)))),
    ("CRL_CHECK_LEAF", REFUSES): (REVOKED, ((NONE, YES), (CRL_LEAF, Rejected(23)))),
    ("CRL_CHECK_LEAF", LETS_PASS): (chain(), ((CRL_LEAF, YES),)),
    ("CRL_CHECK_LEAF/requires-crl", REFUSES): (
        chain(crls=()),
        ((NONE, YES), (CRL_LEAF, Rejected(3))),
    ),
    ("CRL_CHECK_LEAF/revoked", REFUSES): (REVOKED, ((CRL_LEAF, Rejected(23)),)),
    ("CRL_CHECK_LEAF/only-peer", LETS_PASS): (INT_REVOKED, ((CRL_LEAF, YES),)),
    ("CRL_CHECK_CHAIN", REFUSES): (
        INT_REVOKED,
        ((CRL_LEAF, YES), (CRL_CHAIN, Rejected(23))),
    ),
    ("CRL_CHECK_CHAIN", LETS_PASS): (chain(), ((CRL_CHAIN, YES),)),
    ("X509_STRICT", REFUSES): (
        chain(leaf(authority_key_id=AuthorityKeyIdSpec(KeyId.ABSENT))),
        ((NONE, YES), (STRICT, Rejected(85))),
    ),
    ("X509_STRICT", LETS_PASS): (chain(), ((STRICT, YES),)),
    ("X509_STRICT/authority-key-id", REFUSES): (
        chain(leaf(authority_key_id=AuthorityKeyIdSpec(KeyId.ABSENT))),
        ((STRICT, Rejected(85)),),
    ),
    ("ALLOW_PROXY_CERTS", REFUSES): (
        proxied(),
        ((NONE, Rejected(40)), (PROXIES, YES)),
    ),
    ("ALLOW_PROXY_CERTS", LETS_PASS): (
        proxied(),
        ((NONE, Rejected(40)), (PROXIES, YES)),
    ),
    ("X509_TRUSTED_FIRST", REFUSES): (
        trusting(chain(DEAD), "stored", "root"),
        ((FIRST, Rejected(2)),),
    ),
    ("X509_TRUSTED_FIRST", LETS_PASS): (
        trusting(chain(STORED, intermediate(**OVER)), "stored", "root"),
        ((FIRST, YES),),
    ),
    ("X509_PARTIAL_CHAIN", REFUSES): (
        trusting(chain(), "int"),
        ((NONE, Rejected(2)), (PARTIAL, YES)),
    ),
    ("X509_PARTIAL_CHAIN", LETS_PASS): (
        trusting(chain(), "int"),
        ((NONE, Rejected(2)), (PARTIAL, YES)),
    ),
    ("NO_CHECK_TIME", REFUSES): (
        chain(leaf(**OVER)),
        ((NONE, Rejected(10)), (Flags.of("NO_CHECK_TIME"), YES)),
    ),
    ("CRL_CHECK_ALL", LETS_PASS): (
        REVOKED,
        ((Flags(0x8), YES), (CRL_CHAIN, Rejected(23))),
    ),
}


@pytest.mark.parametrize("met", SIMPLEST, ids="-".join)
def test_the_simplest_case_decides_its_side(met: Met) -> None:
    """The sentence's side is met by these outcomes."""
    scenario, told = SIMPLEST[met]
    assert met in sides(scenario, *told)


def test_both_sides_of_each_documented_flag_have_a_simplest_case() -> None:
    """The seven flags, two sides each."""
    for name in ("VERIFY_DEFAULT", *DOCUMENTED):
        assert {(name, REFUSES), (name, LETS_PASS)} <= set(SIMPLEST)


def test_an_outcome_against_the_promise_decides_nothing() -> None:
    """Accepted where rejection is promised, or a code that cannot tell of it."""
    assert sides(REVOKED, (CRL_LEAF, YES)) == frozenset()
    assert sides(REVOKED, (CRL_LEAF, Rejected(10))) == frozenset()
    assert sides(chain(), (CRL_LEAF, Rejected(3))) == frozenset()


def test_the_whole_needs_the_row_without_the_flag() -> None:
    """LEAF refuses only where the same case passes without it."""
    met = ("CRL_CHECK_LEAF", REFUSES)
    assert met not in sides(REVOKED, (CRL_LEAF, Rejected(23)))
    assert met not in sides(REVOKED, (NONE, Rejected(1)), (CRL_LEAF, Rejected(23)))


def test_what_chain_refuses_does_not_decide_leaf() -> None:
    """A row with CHAIN has LEAF's bit, and is not LEAF's row."""
    told = ((Flags(0x8), YES), (CRL_CHAIN, Rejected(23)))
    met = sides(REVOKED, *told)
    assert ("CRL_CHECK_LEAF", REFUSES) not in met
    assert ("CRL_CHECK_LEAF/revoked", REFUSES) not in met
    assert ("CRL_CHECK_CHAIN/revoked", REFUSES) in met


def test_an_expired_chain_says_nothing_of_crls() -> None:
    """Rejected for its dates under LEAF: the CRL side is not met."""
    scenario = chain(leaf(**OVER), crls=())
    met = sides(scenario, (NONE, Rejected(10)), (CRL_LEAF, Rejected(10)))
    assert ("CRL_CHECK_LEAF/requires-crl", REFUSES) not in met
    assert ("VERIFY_DEFAULT/validity", REFUSES) in met


def test_partial_chain_with_the_root_in_store_is_not_what_lets_pass() -> None:
    """A chain that passes without the flag does not decide it."""
    scenario = trusting(chain(), "int", "root")
    met = sides(scenario, (NONE, YES), (PARTIAL, YES))
    assert ("X509_PARTIAL_CHAIN", LETS_PASS) not in met
