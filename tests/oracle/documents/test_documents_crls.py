"""Which CRLs count, and what they say of the certificates that are checked."""

from dataclasses import replace
from typing import Any

import pytest

from harness.case import Source
from harness.flags import Flags
from harness.ledger.plain import (
    INT,
    INT_CRL,
    ROOT,
    ROOT_CRL,
    SELF,
    alone,
    chain,
    intermediate,
    leaf,
    revoking,
)
from harness.pki.spec import (
    DAY,
    HOUR,
    AuthorityKeyIdSpec,
    CrlSpec,
    Entity,
    ExtendedKeyUsageSpec,
    GeneralNameSpec,
    IssuingPointSpec,
    KeyId,
    KeyUsageSpec,
    RawExtension,
    Reason,
    RevokedSpec,
    Scenario,
    TrustSpec,
    ca,
    end_entity,
)
from harness.verdict import MustAccept, MustReject, Silent
from tests.oracle.documents.scenarios import (
    CRL_CHAIN,
    CRL_LEAF,
    NONE,
    documents,
    promised,
)

LATE: dict[str, Any] = {"this_update": -30 * DAY, "next_update": -DAY}
UNKNOWN = RawExtension("1.2.3.4", b"\x05\x00", critical=True)
NAMESAKE = Entity(INT.name, "p256-5")


def lists(*crls: CrlSpec) -> Scenario:
    """The plain chain with the root's CRL and these."""
    return chain(crls=(ROOT_CRL, *crls))


def newer(crl: CrlSpec, label: str = "newer") -> CrlSpec:
    """The CRL under another label, issued an hour ago."""
    return replace(crl, label=label, this_update=-HOUR)


def point(**changes: Any) -> CrlSpec:
    """Int's CRL with an issuing distribution point."""
    return replace(INT_CRL, issuing_point=IssuingPointSpec(**changes))


UNUSABLE: dict[str, tuple[CrlSpec, int]] = {
    "expired": (replace(INT_CRL, **LATE), 12),
    "not yet valid": (replace(INT_CRL, this_update=DAY), 11),
    "signed by a stranger": (replace(INT_CRL, signed_by="p256-9"), 8),
    "corrupt": (replace(INT_CRL, corrupt=True), 8),
    "delta": (replace(INT_CRL, number=2, base_number=1), 3),
    "indirect": (point(indirect=True), 3),
    "only CA certificates": (point(only_ca=True), 44),
    "only attribute certificates": (point(only_attribute=True), 44),
    "unknown critical extension": (replace(INT_CRL, extra=(UNKNOWN,)), 36),
    "unknown critical entry extension": (
        replace(INT_CRL, revoked=(RevokedSpec(99, extra=(UNKNOWN,)),)),
        36,
    ),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_crl_that_does_not_count_covers_nothing(name: str) -> None:
    """The issuer's only CRL is no proper one: checking fails, for its code."""
    crl, code = UNUSABLE[name]
    promise = promised(lists(crl), CRL_LEAF)
    assert isinstance(promise, MustReject)
    assert promise.sentences[0] == "CRL_CHECK_LEAF/requires-crl"
    assert code in promise.codes
    assert isinstance(promised(lists(crl), NONE), MustAccept)


def test_a_crl_of_an_issuer_that_may_not_sign_crls_covers_nothing() -> None:
    """RFC 5280, 6.3.3 (f): the issuer's keyUsage must have cRLSign."""
    bare = intermediate(key_usage=KeyUsageSpec(frozenset({"keyCertSign"})))
    promise = promised(chain(bare), CRL_LEAF)
    assert isinstance(promise, MustReject)
    assert promise.codes == {3, 35}


def test_no_crl_at_all_fails_where_one_is_needed() -> None:
    """LEAF needs the leaf's, CHAIN the intermediate's too."""
    without_leafs = lists()
    promise = promised(without_leafs, CRL_LEAF)
    assert promise == MustReject(("CRL_CHECK_LEAF/requires-crl",), frozenset({3}))
    without_ints = chain(crls=(INT_CRL,))
    promise = promised(without_ints, CRL_CHAIN)
    assert isinstance(promise, MustReject)
    assert promise.sentences == ("CRL_CHECK_CHAIN/requires-crl",)
    assert promised(without_ints, CRL_LEAF) == MustAccept(
        ("CRL_CHECK_LEAF", "CRL_CHECK_LEAF/only-peer")
    )


def test_a_listed_certificate_is_refused_where_it_is_checked() -> None:
    """A revoked leaf under both flags; a revoked intermediate under CHAIN alone."""
    revoked = lists(revoking("leaf"))
    for flags, sentence in (
        (CRL_LEAF, "CRL_CHECK_LEAF"),
        (CRL_CHAIN, "CRL_CHECK_CHAIN"),
    ):
        promise = promised(revoked, flags)
        assert isinstance(promise, MustReject)
        assert promise.sentences[0] == f"{sentence}/revoked"
        assert 23 in promise.codes
    book = documents(chain(crls=(revoking("int", ROOT_CRL), INT_CRL)))
    assert isinstance(book.promise(CRL_CHAIN), MustReject)
    assert isinstance(book.promise(CRL_LEAF), MustAccept)
    assert isinstance(book.promise(NONE), MustAccept)


def test_a_hold_is_a_revocation_and_a_removal_is_left_open() -> None:
    """A certificateHold counts; removeFromCRL has no place in a complete CRL."""
    hold = replace(INT_CRL, revoked=(RevokedSpec("leaf", Reason.HOLD),))
    assert isinstance(promised(lists(hold), CRL_LEAF), MustReject)
    removed = replace(INT_CRL, revoked=(RevokedSpec("leaf", Reason.REMOVE),))
    assert isinstance(promised(lists(removed), CRL_LEAF), Silent)


def test_the_root_in_its_own_crl_or_without_one_is_left_open() -> None:
    """Whether a trust anchor is checked is not said."""
    book = documents(chain(crls=(revoking("root", ROOT_CRL), INT_CRL)))
    assert isinstance(book.promise(CRL_CHAIN), Silent)
    assert isinstance(book.promise(CRL_LEAF), MustAccept)


OPEN: dict[str, tuple[CrlSpec, ...]] = {
    "without nextUpdate": (replace(INT_CRL, next_update=None),),
    "two algorithms": (replace(INT_CRL, outer_digest="sha384"),),
    "SHA-1": (replace(INT_CRL, digest="sha1"),),
    "critical number": (replace(INT_CRL, number_critical=True),),
    "AKI of another key": (
        replace(INT_CRL, authority_key_id=AuthorityKeyIdSpec(KeyId.OTHER)),
    ),
    "only user certificates": (point(only_user=True),),
    "empty issuing point": (point(),),
    "some reasons": (
        replace(
            INT_CRL,
            issuing_point=IssuingPointSpec(reasons=frozenset({"keyCompromise"})),
        ),
    ),
    "named point": (
        replace(
            INT_CRL,
            issuing_point=IssuingPointSpec((GeneralNameSpec.uri("http://a.example/"),)),
        ),
    ),
    "older revokes": (revoking("leaf"), newer(INT_CRL)),
    "same time, one revokes": (revoking("leaf"), replace(INT_CRL, label="two")),
    "expired one revokes": (revoking("leaf", **LATE), newer(INT_CRL)),
    "unhandled one beside a good one": (
        replace(INT_CRL, extra=(UNKNOWN,)),
        newer(INT_CRL),
    ),
    "malformed issuing point": (
        replace(INT_CRL, extra=(RawExtension("2.5.29.28", b"\xff", critical=True),)),
    ),
    "nextUpdate now": (replace(INT_CRL, next_update=2),),
    "a malformed entry, which hides that the next is not handled": (
        replace(
            INT_CRL,
            revoked=(
                RevokedSpec(7, extra=(RawExtension("2.5.29.21", b"\x05\x00"),)),
                RevokedSpec(8, extra=(UNKNOWN,)),
            ),
        ),
    ),
}


@pytest.mark.parametrize("name", OPEN)
def test_a_crl_in_doubt_promises_nothing(name: str) -> None:
    """Neither a refusal nor an acceptance where readings differ."""
    assert isinstance(promised(lists(*OPEN[name]), CRL_LEAF), Silent)


def test_the_newest_proper_crl_revokes() -> None:
    """An older clean CRL does not save a certificate that the newest lists."""
    scenario = lists(INT_CRL, newer(revoking("leaf")))
    assert isinstance(promised(scenario, CRL_LEAF), MustReject)


@pytest.mark.parametrize("corrupt", [False, True])
def test_a_trusted_end_entity_of_its_own_name_may_need_no_crl(corrupt: bool) -> None:
    """Releases since 3.6 exempt the self-signed, and do not look at the signature."""
    scenario = alone(end_entity("leaf", SELF, SELF, corrupt=corrupt))
    assert isinstance(promised(scenario, CRL_LEAF), Silent)
    pinned = chain(crls=(), peer=("leaf",), trusted=(TrustSpec("leaf"),))
    assert isinstance(
        promised(pinned, CRL_LEAF | Flags.of("X509_PARTIAL_CHAIN")), MustReject
    )


HARMLESS = {
    "expired": replace(INT_CRL, label="more", **LATE),
    "forged and newer": replace(newer(INT_CRL), signed_by="p256-9"),
    "forged, newer and revoking": replace(newer(revoking("leaf")), signed_by="p256-9"),
    "clean and newer": newer(INT_CRL),
    "clean delta": replace(newer(INT_CRL), number=2, base_number=1),
    "of another issuer": CrlSpec("more", Entity(ROOT.name, "p256-9")),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_a_proper_crl_is_enough_whatever_else_is_loaded(name: str) -> None:
    """A valid CRL of the issuer is there; what does not count takes nothing away."""
    promise = promised(lists(INT_CRL, HARMLESS[name]), CRL_LEAF)
    assert isinstance(promise, MustAccept)
    assert promise.sentences[0] == "CRL_CHECK_LEAF"


def test_a_delta_does_not_hide_what_its_base_revokes() -> None:
    """Without USE_DELTAS a delta CRL is ignored; with it nothing is promised."""
    delta = replace(newer(INT_CRL), number=2, base_number=1)
    scenario = lists(revoking("leaf"), delta)
    promise = promised(scenario, CRL_LEAF)
    assert isinstance(promise, MustReject)
    assert promise.sentences == ("CRL_CHECK_LEAF/revoked", "USE_DELTAS")
    assert isinstance(promised(scenario, CRL_LEAF | Flags.of("USE_DELTAS")), Silent)


def test_a_crl_by_another_key_of_the_same_name_does_not_count() -> None:
    """Off by default, says the manual; with EXTENDED_CRL_SUPPORT it is left open."""
    scenario = chain(
        ca("old", NAMESAKE, ROOT),
        crls=(ROOT_CRL, replace(INT_CRL, issuer=NAMESAKE)),
        peer=("leaf", "int", "old"),
    )
    promise = promised(scenario, CRL_LEAF)
    assert isinstance(promise, MustReject)
    assert "EXTENDED_CRL_SUPPORT" in promise.sentences
    extended = CRL_LEAF | Flags.of("EXTENDED_CRL_SUPPORT")
    rolled = chain(
        ca("old", NAMESAKE, ROOT),
        ca("int", INT, NAMESAKE),
        crls=(ROOT_CRL, replace(INT_CRL, issuer=NAMESAKE)),
        peer=("leaf", "int", "old"),
    )
    assert isinstance(promised(rolled, CRL_LEAF), MustReject)
    assert isinstance(promised(rolled, extended), Silent)


def test_crls_given_as_cadata_are_in_doubt_but_missing_ones_are_not() -> None:
    """The page loads CRLs, and says of cadata only that it holds certificates."""
    assert isinstance(promised(chain(source=Source.CADATA), CRL_LEAF), Silent)
    assert isinstance(promised(chain(source=Source.CAPATH), CRL_LEAF), MustAccept)
    none = chain(crls=(), source=Source.CADATA)
    assert isinstance(promised(none, CRL_LEAF), MustReject)


def test_a_wrong_reason_stays_visible() -> None:
    """A plain revoked leaf may be told by its revocation alone."""
    promise = promised(lists(revoking("leaf")), CRL_LEAF)
    assert isinstance(promise, MustReject)
    assert promise.codes == {3, 23}
    odd = leaf(extended_key_usage=ExtendedKeyUsageSpec(("anyExtendedKeyUsage",)))
    promise = promised(chain(odd, crls=(ROOT_CRL, revoking("leaf"))), CRL_LEAF)
    assert isinstance(promise, MustReject)
    assert promise.codes == {3, 23, 26}
