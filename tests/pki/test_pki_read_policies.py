"""Policies and Internet number resources: what is read, and what OpenSSL refuses."""

from typing import Any

import pytest

from harness.facts import Certificate, Malformed, PolicyConstraints, Uncertain
from harness.pki import der
from harness.pki.identifiers import (
    ADDRESS_BLOCKS,
    ANY_POLICY,
    AUTONOMOUS_SYSTEMS,
    INHIBIT_ANY_POLICY,
    POLICIES,
    POLICY_CONSTRAINTS,
    POLICY_MAPPINGS,
    QUALIFIER_CPS,
    QUALIFIER_NOTICE,
)
from harness.pki.spec import CertificateSpec, RawExtension, SpecError
from harness.pki.spec_policies import (
    INHERIT,
    IPV6,
    SERIES,
    AddressBlocksSpec,
    AddressFamilySpec,
    AutonomousSystemsSpec,
    InhibitAnySpec,
    PoliciesSpec,
    PolicyConstraintsSpec,
    PolicyMappingsSpec,
    PolicySpec,
)
from harness.resources import (
    INHERITED,
    AddressFamily,
    AddressRange,
    AutonomousSystems,
    Bits,
)
from tests.pki.plain import LEAF, ROOT, facts_of

NULL = der.tlv(der.NULL, b"")
ONE = der.oid("1.2.3")
TWO = der.oid("1.2.4")
CPS = der.oid(QUALIFIER_CPS)
NOTICE = der.oid(QUALIFIER_NOTICE)
FIELDS = {
    POLICIES: "policies",
    POLICY_MAPPINGS: "policy_mappings",
    POLICY_CONSTRAINTS: "policy_constraints",
    INHIBIT_ANY_POLICY: "inhibit_any_policy",
    ADDRESS_BLOCKS: "addresses",
    AUTONOMOUS_SYSTEMS: "autonomous_systems",
}


def read(**fields: Any) -> Certificate:
    """The facts of a certificate with these fields."""
    return facts_of(CertificateSpec("any", LEAF, ROOT, **fields))


def extension(oid: str, *values: bytes) -> object:
    """The fact of these octets in one extension, or in several of the type."""
    raw = tuple(RawExtension(oid, value, duplicate=True) for value in values)
    return getattr(read(extra=raw), FIELDS[oid])


def qualified(*qualifiers: bytes) -> bytes:
    """CertificatePolicies of one policy with these qualifiers."""
    return der.sequence(der.sequence(ONE, der.sequence(*qualifiers)))


def notice(*parts: bytes) -> bytes:
    """The same with a user notice of these parts."""
    return qualified(der.sequence(NOTICE, der.sequence(*parts)))


def text(tag: int, content: bytes = b"ab") -> bytes:
    """A string."""
    return der.tlv(tag, content)


UTF8 = text(der.UTF8_STRING)
REFERENCE = der.sequence(UTF8, der.sequence(der.integer(1), der.integer(2)))


@pytest.mark.parametrize(
    "value",
    [
        der.sequence(der.sequence(ONE)),
        qualified(),
        qualified(der.sequence(CPS, text(der.IA5_STRING))),
        qualified(der.sequence(TWO, NULL), der.sequence(TWO, der.boolean(True))),
        notice(),
        notice(UTF8),
        notice(REFERENCE),
        notice(REFERENCE, text(der.IA5_STRING)),
        notice(text(0x1A)),
        notice(text(der.BMP_STRING)),
        notice(text(der.BMP_STRING, b"")),
        der.sequence(der.sequence(ONE)) + b"\x00",
    ],
    ids=bytes.hex,
)
def test_policies_are_read_with_any_qualifier(value: bytes) -> None:
    """Every form that decodes gives the policy, whatever qualifies it."""
    assert extension(POLICIES, value) == ("1.2.3",)


@pytest.mark.parametrize(
    "value",
    [
        b"",
        NULL,
        der.sequence(NULL),
        der.sequence(der.sequence()),
        der.sequence(der.sequence(ONE, NULL)),
        der.sequence(der.sequence(ONE, der.sequence(), NULL)),
        qualified(NULL),
        qualified(der.sequence()),
        qualified(der.sequence(TWO)),
        qualified(der.sequence(CPS, UTF8)),
        qualified(der.sequence(CPS, text(der.IA5_STRING), NULL)),
        qualified(der.sequence(NOTICE, UTF8)),
        notice(NULL),
        notice(text(der.PRINTABLE_STRING)),
        notice(text(der.BMP_STRING, b"abc")),
        notice(UTF8, UTF8),
        notice(UTF8, REFERENCE),
        notice(der.sequence(UTF8)),
        notice(der.sequence(NULL, der.sequence())),
        notice(der.sequence(UTF8, der.sequence(NULL))),
        notice(der.sequence(UTF8, der.sequence(), NULL)),
    ],
    ids=bytes.hex,
)
def test_policies_that_do_not_decode(value: bytes) -> None:
    """What ``CERTIFICATEPOLICIES`` has no place for is refused."""
    assert isinstance(extension(POLICIES, value), Malformed)


@pytest.mark.parametrize(
    ("oid", "value", "expected"),
    [
        (POLICIES, der.sequence(), ()),
        (POLICY_MAPPINGS, der.sequence(), ()),
        (POLICY_MAPPINGS, der.sequence(der.sequence(ONE, TWO)), (("1.2.3", "1.2.4"),)),
        (POLICY_CONSTRAINTS, der.sequence(), PolicyConstraints()),
        (POLICY_CONSTRAINTS, bytes.fromhex("30038001ff"), PolicyConstraints(-1)),
        (POLICY_CONSTRAINTS, bytes.fromhex("3003810105"), PolicyConstraints(None, 5)),
        (INHIBIT_ANY_POLICY, der.integer(3), 3),
    ],
)
def test_other_policy_extensions_are_read(
    oid: str, value: bytes, expected: object
) -> None:
    """Empty lists and odd numbers are read as they are."""
    assert extension(oid, value) == expected


@pytest.mark.parametrize(
    ("oid", "value"),
    [
        (POLICY_MAPPINGS, der.sequence(der.sequence(ONE))),
        (POLICY_MAPPINGS, der.sequence(der.sequence(ONE, TWO, TWO))),
        (POLICY_CONSTRAINTS, bytes.fromhex("3003820100")),
        (POLICY_CONSTRAINTS, bytes.fromhex("3006810100800100")),
        (INHIBIT_ANY_POLICY, der.enumerated(0)),
        (ADDRESS_BLOCKS, bytes.fromhex("3009300704020001" + "050100")),
        (ADDRESS_BLOCKS, bytes.fromhex("300a300804020001" + "3002" + "0900")),
        (ADDRESS_BLOCKS, bytes.fromhex("30023000")),
        (AUTONOMOUS_SYSTEMS, bytes.fromhex("3005a003050100")),
        (AUTONOMOUS_SYSTEMS, bytes.fromhex("3006a00430020900")),
        (AUTONOMOUS_SYSTEMS, bytes.fromhex("3006a1020500a000")),
    ],
)
def test_other_extensions_that_do_not_decode(oid: str, value: bytes) -> None:
    """Half a pair, a foreign field, the wrong order, the wrong type."""
    assert isinstance(extension(oid, value), Malformed)


@pytest.mark.parametrize("oid", FIELDS)
def test_absent_or_twice(oid: str) -> None:
    """An extension that is not there says nothing; one that is there twice cannot be
    used."""
    assert extension(oid) is None
    assert isinstance(extension(oid, der.sequence(), der.sequence()), Malformed)


def test_policies_may_be_uncertain() -> None:
    """Where OpenSSL may decode what we cannot, the certificate stays readable."""
    pieces = der.tlv(der.IA5_STRING | 0x20, text(der.IA5_STRING))
    found = extension(POLICIES, qualified(der.sequence(CPS, pieces)))
    assert isinstance(found, Uncertain)


def test_policy_fields_come_back() -> None:
    """What a scenario says of policies is what is read."""
    found = read(
        policies=PoliciesSpec(
            (PolicySpec("1.2.3", cps="http://a/", notice="ü"), PolicySpec(ANY_POLICY)),
            critical=True,
        ),
        policy_mappings=PolicyMappingsSpec((("1.2.3", "1.2.4"),)),
        policy_constraints=PolicyConstraintsSpec(0, 2**70),
        inhibit_any_policy=InhibitAnySpec(-1),
    )
    assert found.policies == ("1.2.3", ANY_POLICY)
    assert found.policy_mappings == (("1.2.3", "1.2.4"),)
    assert found.policy_constraints == PolicyConstraints(0, 2**70)
    assert found.inhibit_any_policy == -1
    critical = {item.oid for item in found.extensions if item.critical}
    assert critical == {POLICIES}


def test_a_series_comes_back() -> None:
    """Numbered policies follow those that are named, and map to each other."""
    found = read(
        policies=PoliciesSpec((PolicySpec("1.2.3"),), series=2),
        policy_mappings=PolicyMappingsSpec((("1.2.3", "1.2.4"),), series=2),
    )
    first, second = f"{SERIES}.0", f"{SERIES}.1"
    assert found.policies == ("1.2.3", first, second)
    assert found.policy_mappings == (
        ("1.2.3", "1.2.4"),
        (first, first),
        (first, second),
        (second, first),
        (second, second),
    )


def test_resource_fields_come_back() -> None:
    """Prefixes lose their host bits, ranges the bits that they end with."""
    families = (
        AddressFamilySpec(
            ranges=(
                "10.0.0.0/9",
                "0.0.0.0/0",
                "10.0.0.1-10.0.1.255",
                "10.0.0.6-10.0.0.6",
            )
        ),
        AddressFamilySpec(IPV6 + b"\x01"),
    )
    systems = AutonomousSystemsSpec(("64496", "-5--1"), INHERIT, critical=False)
    found = read(addresses=AddressBlocksSpec(families), autonomous_systems=systems)
    assert found.addresses == (
        AddressFamily(
            b"\x00\x01",
            (
                AddressRange(Bits(b"\x0a\x00", 7)),
                AddressRange(Bits()),
                AddressRange(Bits(b"\x0a\x00\x00\x01"), Bits(b"\x0a\x00\x00", 1)),
                AddressRange(Bits(b"\x0a\x00\x00\x06", 1), Bits(b"\x0a\x00\x00\x06")),
            ),
        ),
        AddressFamily(b"\x00\x02\x01", INHERITED),
    )
    assert found.autonomous_systems == AutonomousSystems(
        ((64496, 64496), (-5, -1)), INHERITED
    )
    critical = {item.oid for item in found.extensions if item.critical}
    assert critical == {ADDRESS_BLOCKS}


@pytest.mark.parametrize(
    "fields",
    [
        {"policies": PoliciesSpec.of("no policy")},
        {"addresses": AddressBlocksSpec((AddressFamilySpec(ranges=("10.0.0.300",)),))},
        {"addresses": AddressBlocksSpec((AddressFamilySpec(ranges=("10.0.0.1-x",)),))},
        {"autonomous_systems": AutonomousSystemsSpec(("5-",))},
    ],
)
def test_what_has_no_encoding_is_refused(fields: dict[str, Any]) -> None:
    """The message shows the value."""
    with pytest.raises(SpecError, match=r"no policy|10\.0\.0\.300|1-x|5-"):
        read(**fields)
