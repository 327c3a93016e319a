"""Each flag's sentence by its point rules: what it refuses and what it lets pass."""

from dataclasses import replace

import pytest

from harness.facts import NameKind
from harness.flags import Flags
from harness.ledger.plain import (
    INT,
    INT_CRL,
    LEAF,
    OTHER,
    OVER,
    PROXY,
    ROOT,
    ROOT_CRL,
    chain,
    intermediate,
    leaf,
    proxied,
    proxy,
    revoking,
    root,
    trusting,
)
from harness.pki.spec import (
    AuthorityKeyIdSpec,
    BasicConstraintsSpec,
    Entity,
    GeneralNameSpec,
    KeyId,
    NameSpec,
    ProxySpec,
    RawExtension,
    Scenario,
    SubjectKeyIdSpec,
    TrustSpec,
    ca,
    end_entity,
)
from harness.verdict import MustAccept, MustReject, Silent
from tests.oracle.documents.scenarios import (
    CRL_CHAIN,
    CRL_LEAF,
    FIRST,
    NONE,
    PARTIAL,
    PROXIES,
    STRICT,
    documents,
    promised,
)

NAMELESS = Entity(NameSpec(), "p256-6")
SELF = Entity(NameSpec.cn("Self"), "p256-7")
ABSENT_AKI = AuthorityKeyIdSpec(KeyId.ABSENT)
ABSENT_SKI = SubjectKeyIdSpec(KeyId.ABSENT)

BROKEN: dict[str, tuple[Scenario, int]] = {
    "ca-constraints-critical": (
        chain(
            intermediate(basic_constraints=BasicConstraintsSpec(True, critical=False))
        ),
        89,
    ),
    "ca-key-usage": (chain(intermediate(key_usage=None)), 92),
    "path-length-key-usage": (
        chain(leaf(basic_constraints=BasicConstraintsSpec(True, 0))),
        81,
    ),
    "path-length-non-ca": (
        chain(leaf(basic_constraints=BasicConstraintsSpec(False, 0))),
        80,
    ),
    "issuer-name": (
        chain(ca("int", NAMELESS, ROOT), end_entity("leaf", LEAF, NAMELESS), crls=()),
        83,
    ),
    "subject-name": (
        chain(
            end_entity("leaf", Entity(NameSpec(), LEAF.key), INT, subject_alt_name=None)
        ),
        84,
    ),
    "alternative-name": (chain(leaf(subject_alt_name=())), 87),
    "signature-algorithm": (chain(leaf(outer_digest="sha384")), 78),
    "key-ids-not-critical": (
        chain(leaf(authority_key_id=AuthorityKeyIdSpec(critical=True))),
        34,
    ),
    "authority-key-id": (chain(leaf(authority_key_id=ABSENT_AKI)), 85),
    "subject-key-id": (chain(root(subject_key_id=ABSENT_SKI)), 86),
}


@pytest.mark.parametrize("item", BROKEN)
def test_strict_refuses_each_item_of_its_list(item: str) -> None:
    """Each documented check refuses with the flag, and is left open without it."""
    scenario, code = BROKEN[item]
    promise = promised(scenario, STRICT)
    assert isinstance(promise, MustReject)
    assert f"X509_STRICT/{item}" in promise.sentences
    assert {name.partition("/")[0] for name in promise.sentences} == {"X509_STRICT"}
    assert code in promise.codes
    assert isinstance(promised(scenario), Silent)


def test_strict_asks_no_authority_key_id_of_a_root_or_of_an_anchor() -> None:
    """A self-signed root needs none; an anchor under PARTIAL_CHAIN is left open."""
    plain = chain(root(authority_key_id=ABSENT_AKI))
    assert isinstance(promised(plain, STRICT), MustAccept)
    anchored = trusting(chain(intermediate(authority_key_id=ABSENT_AKI)), "int")
    assert isinstance(promised(anchored, STRICT | PARTIAL), Silent)


def test_strict_of_1_1_1_refuses_the_workaround_its_manual_names() -> None:
    """A root without basicConstraints; of another edition it is left open."""
    scenario = chain(root(basic_constraints=None))
    promise = promised(scenario, STRICT, "1.1.1")
    assert isinstance(promise, MustReject)
    assert promise.sentences == ("X509_STRICT/basic-constraints",)
    assert 24 in promise.codes
    assert isinstance(promised(scenario, NONE, "1.1.1"), Silent)
    assert isinstance(promised(scenario, STRICT), Silent)


def test_strict_judges_a_single_self_signed_certificate_too() -> None:
    """The list speaks of certificates, whatever the length of the chain."""
    alone = Scenario(
        (end_entity("self", SELF, SELF, subject_alt_name=()),),
        peer=("self",),
        trusted=(TrustSpec("self"),),
    )
    promise = promised(alone, STRICT)
    assert isinstance(promise, MustReject)
    assert promise.sentences == ("X509_STRICT/alternative-name",)


def test_without_the_flag_a_proxy_is_refused_and_with_it_accepted() -> None:
    """ALLOW_PROXY_CERTS enables the verification of proxy certificates."""
    book = documents(proxied())
    refused = book.promise(NONE)
    assert isinstance(refused, MustReject)
    assert refused.sentences == ("ALLOW_PROXY_CERTS",)
    assert 40 in refused.codes
    assert book.promise(PROXIES) == MustAccept(("ALLOW_PROXY_CERTS", "VERIFY_DEFAULT"))


SECOND = Entity(PROXY.name.plus("two"), "p256-8")
ODD_PROXIES = {
    "an unfit name": proxied(
        end_entity(
            "proxy",
            Entity(NameSpec.cn("x"), PROXY.key),
            LEAF,
            proxy=ProxySpec(),
            subject_alt_name=None,
        )
    ),
    "a name of its own": proxied(end_entity("proxy", PROXY, LEAF, proxy=ProxySpec())),
    "an unknown language": proxied(proxy(proxy=ProxySpec(language="1.2.3"))),
    "an exceeded path length": replace(
        proxied(
            proxy(proxy=ProxySpec(0)),
            end_entity("two", SECOND, PROXY, proxy=ProxySpec(), subject_alt_name=None),
        ),
        peer=("two", "proxy", "leaf", "int"),
    ),
    "a path length of a CA": proxied(
        intermediate(basic_constraints=BasicConstraintsSpec(True, 0))
    ),
    "an end entity that is the anchor": trusting(proxied(), "leaf"),
    "a reference name": proxied(name="leaf.example"),
}


@pytest.mark.parametrize("name", ODD_PROXIES)
def test_an_odd_proxy_is_not_promised_acceptance(name: str) -> None:
    """What RFC 3820 would object to is left open with the flag."""
    assert not isinstance(promised(ODD_PROXIES[name], PROXIES | PARTIAL), MustAccept)


def test_a_second_proxy_within_its_issuers_path_length_is_plain() -> None:
    """RFC 3820, 4.1: one more proxy is allowed, whatever that one would allow."""
    scenario = replace(
        proxied(
            proxy(proxy=ProxySpec(1)),
            end_entity("two", SECOND, PROXY, proxy=ProxySpec(1), subject_alt_name=None),
        ),
        peer=("two", "proxy", "leaf", "int"),
    )
    assert isinstance(promised(scenario, PROXIES), MustAccept)


def test_leaf_checking_behind_a_proxy_needs_at_least_the_end_entitys_crl() -> None:
    """No CRL, or a revoked end entity: refused. Its CRL clean: left open."""
    leaf_only = CRL_LEAF | PROXIES
    missing = promised(proxied(crls=()), leaf_only)
    assert isinstance(missing, MustReject)
    assert "CRL_CHECK_LEAF/requires-crl" in missing.sentences
    revoked = promised(proxied(crls=(ROOT_CRL, revoking("leaf"))), leaf_only)
    assert isinstance(revoked, MustReject)
    assert "CRL_CHECK_LEAF/revoked" in revoked.sentences
    assert isinstance(promised(proxied(), leaf_only), Silent)


def test_a_stored_intermediate_is_an_anchor_under_partial_chain_alone() -> None:
    """Refused without the flag, in the flag's name; accepted with it."""
    book = documents(trusting(chain(), "int"))
    refused = book.promise(NONE)
    assert isinstance(refused, MustReject)
    assert refused.sentences == ("X509_PARTIAL_CHAIN", "VERIFY_DEFAULT/trust-anchor")
    assert 2 in refused.codes
    passed = book.promise(PARTIAL)
    assert isinstance(passed, MustAccept)
    assert passed.sentences[0] == "X509_PARTIAL_CHAIN"


def test_a_partial_anchor_may_stand_before_a_root_that_is_not_trusted() -> None:
    """The chain stops at the first certificate of the store, whatever is sent."""
    scenario = replace(trusting(chain(), "int"), peer=("leaf", "int", "root"))
    assert isinstance(promised(scenario, PARTIAL), MustAccept)
    expired = trusting(chain(root(**OVER)), "int", "root")
    assert isinstance(promised(expired, PARTIAL), MustAccept)
    assert isinstance(promised(expired, NONE), MustReject)


def test_a_stored_end_entity_is_an_anchor_when_nothing_else_is_sent() -> None:
    """The manual names end entities as anchors; with more sent it is left open."""
    scenario = trusting(chain(), "leaf")
    alone = replace(scenario, peer=("leaf",))
    assert isinstance(promised(alone, PARTIAL), MustAccept)
    assert isinstance(promised(scenario, PARTIAL), Silent)
    assert isinstance(promised(alone, NONE), MustReject)


def test_partial_chain_with_chain_checking_accepts_where_all_crls_are_there() -> None:
    """Int and Root trusted, their CRLs fresh: any reading accepts. Without the
    root's CRL, or the root, readings differ."""
    flags = PARTIAL | CRL_CHAIN
    both = trusting(chain(), "int", "root")
    assert promised(both, flags) == MustAccept(
        ("X509_PARTIAL_CHAIN", "CRL_CHECK_CHAIN")
    )
    assert isinstance(promised(trusting(chain(), "int"), flags), Silent)
    lacking = trusting(chain(crls=(INT_CRL,)), "int", "root")
    assert isinstance(promised(lacking, flags), Silent)


def test_a_pinned_end_entity_is_still_the_peers_certificate() -> None:
    """LEAF asks for a CRL of the peer's certificate though it is the anchor."""
    pinned = replace(trusting(chain(crls=()), "leaf"), peer=("leaf",))
    promise = promised(pinned, PARTIAL | CRL_LEAF)
    assert isinstance(promise, MustReject)
    assert "CRL_CHECK_LEAF/requires-crl" in promise.sentences


STORED = ca("stored", INT, ROOT)


def test_the_stores_intermediate_is_preferred_when_it_is_the_good_one() -> None:
    """The peer's expired copy does not matter with the flag; else it is open."""
    scenario = trusting(chain(STORED, intermediate(**OVER)), "stored", "root")
    passed = promised(scenario, FIRST)
    assert isinstance(passed, MustAccept)
    assert passed.sentences[0] == "X509_TRUSTED_FIRST"
    assert isinstance(promised(scenario), Silent)
    assert isinstance(promised(scenario, FIRST, "1.1.1"), MustAccept)


def test_the_stores_intermediate_is_preferred_when_it_is_the_bad_one() -> None:
    """The peer's good copy does not save a chain through an expired stored one."""
    expired = ca("stored", INT, ROOT, **OVER)
    promise = promised(trusting(chain(expired), "stored", "root"), FIRST)
    assert isinstance(promise, MustReject)
    assert promise.sentences == ("X509_TRUSTED_FIRST", "VERIFY_DEFAULT/validity")
    assert promise.codes == {10}


def test_a_stored_dead_end_leads_nowhere() -> None:
    """Once a stored issuer is taken, the store must hold the way to the root."""
    dead = ca("stored", INT, OTHER)
    promise = promised(trusting(chain(dead), "stored", "root"), FIRST)
    assert isinstance(promise, MustReject)
    assert promise.sentences[0] == "X509_TRUSTED_FIRST"
    assert 2 in promise.codes


def test_a_stored_issuer_that_did_not_sign_is_not_preferred() -> None:
    """A namesake in the store with another key leaves both ways open."""
    namesake = Entity(INT.name, "p256-5")
    scenario = trusting(chain(ca("stored", namesake, ROOT)), "stored", "root")
    assert isinstance(promised(scenario, FIRST), Silent)


def test_crl_check_all_alone_is_ignored_since_the_manual_says_so() -> None:
    """0x8 without 0x4 checks nothing; the manual of 1.1.1 said otherwise."""
    scenario = chain(crls=(ROOT_CRL, revoking("leaf")))
    alone = Flags(0x8)
    passed = promised(scenario, alone)
    assert isinstance(passed, MustAccept)
    assert passed.sentences[0] == "CRL_CHECK_ALL"
    assert isinstance(promised(scenario, alone, "1.1.1"), Silent)
    expired = promised(chain(leaf(**OVER)), alone)
    assert isinstance(expired, MustReject)
    assert 23 in expired.codes


def test_no_check_time_lets_expired_certificates_and_crls_pass() -> None:
    """Validity periods are not checked under the bit."""
    late = replace(INT_CRL, this_update=-20, next_update=-10)
    scenario = chain(leaf(**OVER), crls=(ROOT_CRL, late))
    flags = CRL_CHAIN | Flags.of("NO_CHECK_TIME")
    passed = promised(scenario, flags)
    assert isinstance(passed, MustAccept)
    assert passed.sentences == ("CRL_CHECK_CHAIN", "NO_CHECK_TIME")
    assert isinstance(promised(scenario, CRL_CHAIN), MustReject)


def test_ignore_critical_lets_an_unknown_critical_extension_pass() -> None:
    """Fatal without the bit, ignored with it."""
    extra = (RawExtension("1.2.3.4", b"\x05\x00", critical=True),)
    book = documents(chain(leaf(extra=extra)))
    refused = book.promise(NONE)
    assert isinstance(refused, MustReject)
    assert refused == MustReject(("IGNORE_CRITICAL",), frozenset({34}))
    passed = book.promise(Flags.of("IGNORE_CRITICAL"))
    assert isinstance(passed, MustAccept)
    assert passed.sentences[0] == "IGNORE_CRITICAL"


def test_check_ss_signature_refuses_a_root_that_did_not_sign_itself() -> None:
    """The self-signature is looked at with the bit, and open without it."""
    book = documents(chain(root(corrupt=True)))
    refused = book.promise(Flags.of("CHECK_SS_SIGNATURE"))
    assert isinstance(refused, MustReject)
    assert refused.sentences == ("CHECK_SS_SIGNATURE",)
    assert isinstance(book.promise(NONE), Silent)
    assert isinstance(promised(chain(), Flags.of("CHECK_SS_SIGNATURE")), MustAccept)


def test_an_incomplete_authority_key_identifier_may_carry_a_rejection() -> None:
    """STRICT may object to a serial number without its issuer: that is not listed, but
    allowed for where something else is refused."""
    odd = root(authority_key_id=AuthorityKeyIdSpec(KeyId.ABSENT, serial=7))
    book = documents(chain(odd, crls=()), "4.0")
    refused = book.promise(STRICT | CRL_LEAF)
    assert isinstance(refused, MustReject)
    assert {3, 85, 102, 103} <= refused.codes
    plain = book.promise(CRL_LEAF)
    assert isinstance(plain, MustReject)
    assert 103 not in plain.codes


def test_an_extension_that_some_handle_is_left_open() -> None:
    """id-pkix-ocsp-nocheck is handled by some: critical, nothing is promised of it."""
    extra = (RawExtension("1.3.6.1.5.5.7.48.1.5", b"\x05\x00", critical=True),)
    assert isinstance(promised(chain(leaf(extra=extra))), Silent)


def test_a_distribution_point_that_names_nothing_is_left_open() -> None:
    """RFC 5280, 4.2.1.13, wants a name or a CRL issuer in each."""
    extra = (RawExtension("2.5.29.31", b"\x30\x02\x30\x00"),)
    assert isinstance(promised(chain(leaf(extra=extra))), Silent)


def test_a_reference_name_that_may_be_an_address_is_left_open() -> None:
    """``10.0.0.01`` is an address to some, and a name to others."""
    ten = GeneralNameSpec(NameKind.IP, "10.0.0.1")
    scenario = replace(chain(leaf(subject_alt_name=(ten,))), name="10.0.0.01")
    assert isinstance(promised(scenario), Silent)
    assert isinstance(promised(replace(scenario, name="10.0.0.x")), MustReject)
