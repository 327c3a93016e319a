"""Point rules: what is promised with no flag, and that plain is narrow."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from harness.case import PemLabel, Role
from harness.facts import NameKind
from harness.flags import Flags, lattice
from harness.ledger.plain import (
    INT,
    INT_CRL,
    LEAF,
    OTHER,
    OVER,
    ROOT,
    ROOT_CRL,
    chain,
    intermediate,
    leaf,
    root,
    trusting,
)
from harness.oracle.documents.points import Documents
from harness.pki.issue import issue
from harness.pki.read import read
from harness.pki.spec import (
    DAY,
    AuthorityKeyIdSpec,
    BasicConstraintsSpec,
    CrlSpec,
    Entity,
    ExtendedKeyUsageSpec,
    GeneralNameSpec,
    KeyId,
    KeyUsageSpec,
    NameConstraintsSpec,
    NameSpec,
    PointSpec,
    ProxySpec,
    RawExtension,
    Scenario,
    SubjectKeyIdSpec,
    SubtreeSpec,
    TrustSpec,
    ca,
    end_entity,
)
from harness.verdict import MustAccept, MustReject, Silent
from tests.oracle.documents.scenarios import CRL_CHAIN, NONE, NOW, documents, promised

TWIN = Entity(ROOT.name, "p256-9")
UNKNOWN = RawExtension("1.2.3.4", b"\x05\x00", critical=True)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("key", ["p256-2", "rsa2048-0", "ed25519-0"])
def test_the_plain_chain_is_accepted_under_every_documented_flag_set(
    role: Role, key: str
) -> None:
    """Nothing unusual and fresh CRLs: acceptance is promised whatever the flags."""
    end = end_entity("leaf", Entity(LEAF.name, key), INT)
    book = documents(chain(end, role=role))
    for flags in lattice():
        assert isinstance(book.promise(flags), MustAccept), flags


def test_the_plain_chain_is_accepted_for_its_host_name() -> None:
    """An exact dNSName, in whatever case, is plain."""
    assert isinstance(promised(chain(name="LEAF.example")), MustAccept)


def test_an_acceptance_names_what_promises_it() -> None:
    """The sentences of an acceptance are those of the flags that mattered."""
    book = documents(chain())
    assert book.promise(NONE) == MustAccept(("VERIFY_DEFAULT",))
    assert book.promise(CRL_CHAIN) == MustAccept(("CRL_CHECK_CHAIN",))


REJECTED: list[tuple[str, Scenario, int]] = [
    ("trust-anchor", trusting(chain(ca("other", OTHER, OTHER)), "other"), 20),
    ("trust-anchor", trusting(chain()), 20),
    ("signature", chain(leaf(signed_by="p256-9")), 7),
    ("signature", chain(intermediate(corrupt=True)), 7),
    ("validity", chain(leaf(**OVER)), 10),
    ("validity", chain(leaf(not_before=DAY)), 9),
    ("validity", chain(root(**OVER)), 10),
    (
        "authority",
        chain(intermediate(basic_constraints=BasicConstraintsSpec(False))),
        79,
    ),
    (
        "key-usage",
        chain(intermediate(key_usage=KeyUsageSpec(frozenset({"cRLSign"})))),
        79,
    ),
    (
        "purpose",
        chain(leaf(extended_key_usage=ExtendedKeyUsageSpec(("emailProtection",)))),
        26,
    ),
    ("purpose", chain(leaf(key_usage=KeyUsageSpec(frozenset({"cRLSign"})))), 26),
    ("host-name", chain(name="other.example"), 62),
    ("host-name", chain(name="192.0.2.1"), 64),
    (
        "security-level",
        chain(end_entity("leaf", Entity(LEAF.name, "rsa1024-0"), INT)),
        66,
    ),
    ("security-level", chain(leaf(digest="sha1")), 68),
]


@pytest.mark.parametrize(("part", "scenario", "code"), REJECTED)
def test_what_is_refused_under_every_flag(
    part: str, scenario: Scenario, code: int
) -> None:
    """What the manual refuses without any flag is refused, for its code among few."""
    book = documents(scenario)
    if part == "host-name" and code == 64:
        # An address against a certificate of dNSNames alone is not clearly absent.
        assert isinstance(book.promise(NONE), Silent)
        return
    for flags in lattice():
        promise = book.promise(flags)
        assert isinstance(promise, MustReject), flags
        assert f"VERIFY_DEFAULT/{part}" in promise.sentences
        assert code in promise.codes
    plain = book.promise(NONE)
    assert isinstance(plain, MustReject)
    assert len(plain.codes) < 20


def test_the_edge_of_a_validity_period_is_left_open() -> None:
    """Within seconds of a boundary nothing is promised; beyond, it is."""
    facts = read(issue(chain(leaf(not_after=100)), seed=0, now=NOW))
    for late, kind in (
        (0, MustAccept),
        (96, Silent),
        (100, Silent),
        (104, Silent),
        (107, MustReject),
    ):
        assert isinstance(Documents(facts, NOW + late).promise(NONE), kind), late


def _unfit(**changes: object) -> Scenario:
    return chain(leaf(**changes))


DEPARTURES: dict[str, Callable[[], Scenario]] = {
    "version 1": lambda: _unfit(version=1),
    "negative serial": lambda: _unfit(serial=-1),
    "zero serial": lambda: _unfit(serial=0),
    "long serial": lambda: _unfit(serial=2**165),
    "empty subject": lambda: chain(
        end_entity("leaf", Entity(NameSpec(), LEAF.key), INT)
    ),
    "a key of 2047 bits": lambda: chain(
        end_entity("leaf", Entity(LEAF.name, "rsa2047-0"), INT)
    ),
    "leaf without AKI": lambda: _unfit(
        authority_key_id=AuthorityKeyIdSpec(KeyId.ABSENT)
    ),
    "leaf with another AKI": lambda: _unfit(
        authority_key_id=AuthorityKeyIdSpec(KeyId.OTHER)
    ),
    "leaf with an empty AKI": lambda: _unfit(
        authority_key_id=AuthorityKeyIdSpec(KeyId.EMPTY)
    ),
    "leaf with issuer and serial in its AKI": lambda: _unfit(
        authority_key_id=AuthorityKeyIdSpec(issuer=ROOT.name, serial=1)
    ),
    "critical AKI": lambda: _unfit(authority_key_id=AuthorityKeyIdSpec(critical=True)),
    "critical SKI": lambda: _unfit(subject_key_id=SubjectKeyIdSpec(critical=True)),
    "Int without SKI": lambda: chain(
        intermediate(subject_key_id=SubjectKeyIdSpec(KeyId.ABSENT))
    ),
    "leaf that is a CA": lambda: _unfit(
        basic_constraints=BasicConstraintsSpec(ca=True)
    ),
    "path length on the leaf": lambda: _unfit(
        basic_constraints=BasicConstraintsSpec(ca=False, path_length=0)
    ),
    "leaf with keyCertSign": lambda: _unfit(
        key_usage=KeyUsageSpec(frozenset({"digitalSignature", "keyCertSign"}))
    ),
    "leaf for keyAgreement": lambda: _unfit(
        key_usage=KeyUsageSpec(frozenset({"keyAgreement"}))
    ),
    "any purpose": lambda: _unfit(
        extended_key_usage=ExtendedKeyUsageSpec(("anyExtendedKeyUsage",))
    ),
    "Int for e-mail": lambda: chain(
        intermediate(extended_key_usage=ExtendedKeyUsageSpec(("emailProtection",)))
    ),
    "Int without basicConstraints": lambda: chain(intermediate(basic_constraints=None)),
    "Int with basicConstraints not critical": lambda: chain(
        intermediate(basic_constraints=BasicConstraintsSpec(ca=True, critical=False))
    ),
    "Int without keyUsage": lambda: chain(intermediate(key_usage=None)),
    "empty subjectAltName": lambda: _unfit(subject_alt_name=()),
    "two algorithms": lambda: _unfit(outer_digest="sha384"),
    "SHA-224": lambda: _unfit(digest="sha224"),
    "critical distribution points": lambda: _unfit(
        extra=(RawExtension("2.5.29.31", b"\x30\x00", critical=True),)
    ),
    "duplicate extension": lambda: _unfit(
        extra=(RawExtension("2.5.29.17", b"\x30\x00", duplicate=True),)
    ),
    "malformed extension": lambda: _unfit(extra=(RawExtension("2.5.29.19", b"\xff"),)),
    "name constraints": lambda: chain(
        intermediate(
            name_constraints=NameConstraintsSpec(
                permitted=(SubtreeSpec(GeneralNameSpec.dns("example")),)
            )
        )
    ),
    "policy constraints": lambda: chain(
        intermediate(extra=(RawExtension("2.5.29.36", b"\x30\x03\x80\x01\x00"),))
    ),
    "exceeded path length": lambda: chain(
        root(basic_constraints=BasicConstraintsSpec(ca=True, path_length=0))
    ),
    "self-issued Int": lambda: chain(
        ca("old", Entity(INT.name, "p256-5"), ROOT),
        ca("int", INT, Entity(INT.name, "p256-5")),
        peer=("leaf", "int", "old"),
    ),
    "root with a bad signature": lambda: chain(root(corrupt=True)),
    "second root of another key": lambda: trusting(
        chain(ca("twin", TWIN, TWIN)), "root", "twin"
    ),
    "second Int of an unknown issuer": lambda: chain(
        ca("dead", INT, OTHER), peer=("leaf", "int", "dead")
    ),
    "same issuer and serial": lambda: chain(
        intermediate(serial=7),
        ca("int2", INT, ROOT, serial=7, not_after=DAY),
        peer=("leaf", "int", "int2"),
    ),
    "TRUSTED CERTIFICATE": lambda: replace(
        chain(),
        trusted=(TrustSpec("root", PemLabel.TRUSTED_CERTIFICATE, ("serverAuth",)),),
    ),
    "rejected root": lambda: replace(
        chain(),
        trusted=(
            TrustSpec("root", PemLabel.TRUSTED_CERTIFICATE, None, ("serverAuth",)),
        ),
    ),
    "negative path length": lambda: chain(
        intermediate(basic_constraints=BasicConstraintsSpec(ca=True, path_length=-1))
    ),
    "root that names another key": lambda: chain(
        root(authority_key_id=AuthorityKeyIdSpec(key="p256-9"))
    ),
    "keyUsage without a bit": lambda: _unfit(key_usage=KeyUsageSpec(frozenset())),
    "path through the store and back": lambda: trusting(
        chain(
            ca("upper", OTHER, ROOT),
            ca("int", INT, OTHER),
            ca("stored", INT, OTHER, not_after=DAY),
            peer=("leaf", "int", "upper"),
            crls=(ROOT_CRL, INT_CRL, CrlSpec("other-crl", OTHER)),
        ),
        "stored",
        "root",
    ),
    "wildcard name": lambda: chain(
        leaf(subject_alt_name=(GeneralNameSpec.dns("*.example"),)), name="leaf.example"
    ),
    "name in the subject alone": lambda: chain(
        end_entity(
            "leaf",
            Entity(NameSpec.cn("leaf.example"), LEAF.key),
            INT,
            subject_alt_name=None,
        ),
        name="leaf.example",
    ),
    "reference name with a dot": lambda: chain(name="leaf.example."),
    "proxy above the end entity": lambda: chain(intermediate(proxy=ProxySpec())),
    "distribution point for some reasons": lambda: _unfit(
        distribution_points=(
            PointSpec(
                (GeneralNameSpec.uri("http://crl.example/"),),
                reasons=frozenset({"keyCompromise"}),
            ),
        )
    ),
    "unknown critical extension": lambda: _unfit(extra=(UNKNOWN,)),
    "unreadable certificate": lambda: _unfit(version=7),
}


@pytest.mark.parametrize("name", DEPARTURES)
def test_no_departure_from_plain_is_promised_acceptance(name: str) -> None:
    """One odd thing anywhere, and under CHAIN acceptance is never promised."""
    book = documents(DEPARTURES[name]())
    for flags in (CRL_CHAIN, CRL_CHAIN | Flags.of("X509_STRICT")):
        assert not isinstance(book.promise(flags), MustAccept)


@pytest.mark.parametrize("text", ["*.example", "leaf.example.", "l*.example"])
def test_a_name_that_some_reading_matches_is_left_open(text: str) -> None:
    """A wildcard or a trailing dot may match: neither refused nor promised."""
    named = leaf(subject_alt_name=(GeneralNameSpec.dns(text),))
    assert isinstance(promised(chain(named, name="leaf.example")), Silent)


def test_an_address_is_matched_by_an_address() -> None:
    """An iPAddress that is the reference, and one that is not."""
    address = GeneralNameSpec(NameKind.IP, "192.0.2.1")
    named = leaf(subject_alt_name=(address,))
    assert isinstance(promised(chain(named, name="192.0.2.1")), MustAccept)
    assert isinstance(promised(chain(named, name="192.0.2.2")), MustReject)


def test_unused_certificates_are_harmless() -> None:
    """A root of another name in the store, or one sent, changes nothing."""
    more = chain(ca("other", OTHER, OTHER))
    assert isinstance(promised(trusting(more, "other", "root")), MustAccept)
    assert isinstance(
        promised(replace(more, peer=("leaf", "int", "other"))), MustAccept
    )


def test_policy_information_and_unknown_extensions_are_harmless() -> None:
    """What is not critical and not known is ignored, as RFC 5280 says."""
    extra = (RawExtension("1.2.3.4", b"\x05\x00"),)
    assert isinstance(promised(chain(leaf(extra=extra))), MustAccept)


def test_one_good_path_beside_a_bad_one_is_left_open() -> None:
    """With a path that has no objection nothing is refused, nor promised."""
    forged = ca("twin", TWIN, TWIN)
    scenario = trusting(chain(forged), "twin", "root")
    assert isinstance(promised(scenario), Silent)


def test_codes_come_from_everything_that_is_odd() -> None:
    """A refusal may be told by the code of an oddity that OpenSSL meets earlier."""
    usage = ExtendedKeyUsageSpec(("anyExtendedKeyUsage",))
    promise = promised(chain(leaf(extended_key_usage=usage, **OVER)))
    assert isinstance(promise, MustReject)
    assert promise.codes == {10, 26}


def test_a_key_usage_without_a_bit_may_be_told_as_no_issuer() -> None:
    """OpenSSL 3.0 takes no such certificate for an issuer, nor for issued."""
    promise = promised(chain(intermediate(key_usage=KeyUsageSpec(frozenset()))))
    assert isinstance(promise, MustReject)
    assert promise.codes >= {20, 79}


def test_a_sentence_of_another_edition_does_not_judge() -> None:
    """1.1.1's manual has no list of strict checks, so none is promised there."""
    scenario = chain(leaf(authority_key_id=AuthorityKeyIdSpec(KeyId.ABSENT)))
    strict = Flags.of("X509_STRICT")
    assert isinstance(promised(scenario, strict), MustReject)
    assert isinstance(promised(scenario, strict, "4.0"), MustReject)
    assert isinstance(promised(scenario, strict, "1.1.1"), Silent)


@pytest.mark.parametrize("bits", [0x1, 0x2, 0x10000, 1 << 40])
def test_bits_that_nothing_is_said_of_are_silent(bits: int) -> None:
    """USE_CHECK_TIME, Suite B and bits without a name: no promise at all."""
    book = documents(chain(leaf(**OVER)))
    assert isinstance(book.promise(Flags(bits)), Silent)


def test_checked_policies_take_the_promise_of_acceptance_away() -> None:
    """POLICY_CHECK may refuse a plain chain, never save a bad one."""
    policy = Flags.of("POLICY_CHECK")
    assert isinstance(promised(chain(), policy), Silent)
    promise = promised(chain(leaf(**OVER)), policy)
    assert isinstance(promise, MustReject)
    assert promise.codes >= {10, 43}


def test_trust_settings_may_overrule_a_purpose() -> None:
    """A pinned end entity for no TLS is refused, but open with trust settings, or
    where it is malformed: OpenSSL lets it pass then."""
    unfit = leaf(key_usage=KeyUsageSpec(frozenset({"cRLSign"})))
    flags = Flags.of("X509_PARTIAL_CHAIN")
    plain = chain(unfit, peer=("leaf",), trusted=(TrustSpec("leaf"),))
    assert isinstance(promised(plain, flags), MustReject)
    broken = replace(unfit, extra=(RawExtension("2.5.29.31", b"\x05\x00"),))
    odd = chain(broken, peer=("leaf",), trusted=(TrustSpec("leaf"),))
    assert isinstance(promised(odd, flags), Silent)
    settings = TrustSpec("leaf", PemLabel.TRUSTED_CERTIFICATE, trust=("serverAuth",))
    assert isinstance(promised(replace(plain, trusted=(settings,)), flags), Silent)
