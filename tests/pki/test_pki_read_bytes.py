"""Bytes that nobody meant: reading them never fails, and OpenSSL agrees."""

import ssl
from collections.abc import Callable
from dataclasses import fields

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from harness.case import Case, PemLabel, TrustedItem
from harness.facts import Facts, Malformed
from harness.outcome import Where
from harness.pki import der
from harness.pki.issue import issue_all
from harness.pki.read import read
from harness.pki.spec import CertificateSpec, RawExtension, Scenario
from harness.resources import INHERITED, AutonomousSystems
from tests.pki.mutations import damaged, misshapen
from tests.pki.plain import (
    LEAF,
    NOW,
    ROOT,
    SCENARIO,
    facts_of,
    issued,
    read_crl,
    read_peer,
)

Change = Callable[[bytes, int], bytes]

SEEDED = settings(derandomize=True, database=None, deadline=None, max_examples=300)
SEEDS = st.integers(0, 1 << 32)
ISSUED = issued()
CERTIFICATES = st.sampled_from(sorted(ISSUED.certificates.values()))
CRLS = st.sampled_from(sorted(ISSUED.crls.values()))
MUTATIONS = st.sampled_from([misshapen, damaged])


def test_plain_bytes_are_readable() -> None:
    """The scenario that is mutated here is read whole."""
    found = read(ISSUED.case)
    assert found.unreadable == ()
    assert (len(found.peer), len(found.trusted), len(found.crls)) == (2, 1, 2)
    names = [field.name for field in fields(found.peer[0])]
    assert not any(
        isinstance(getattr(found.peer[0], name), Malformed) for name in names
    )


@SEEDED
@given(MUTATIONS, MUTATIONS, CERTIFICATES, CRLS, SEEDS)
def test_every_item_is_read_or_unreadable(
    change: Change, change_crl: Change, certificate: bytes, crl: bytes, seed: int
) -> None:
    """Each item is in its list or among the unreadable, and nothing raises."""
    bad, bad_crl = change(certificate, seed), change_crl(crl, seed)
    case = Case(
        peer=(bad, certificate),
        trusted=(
            TrustedItem(bad),
            TrustedItem(bad, PemLabel.TRUSTED_CERTIFICATE),
            TrustedItem(certificate),
        ),
        crls=(crl, bad_crl),
    )
    found = read(case)
    lost = [(item.where, item.index) for item in found.unreadable]
    assert len(found.peer) + lost.count((Where.PEER, 0)) == 2
    assert len(found.crls) + lost.count((Where.CRL, 1)) == 2
    trusted = [where for where, _ in lost].count(Where.TRUST)
    assert len(found.trusted) + trusted == 3
    assert all(item.why for item in found.unreadable)


@settings(SEEDED, max_examples=100)
@given(st.lists(st.binary(max_size=40), max_size=4))
def test_noise_is_unreadable(items: list[bytes]) -> None:
    """Short random octets are no certificates, CRLs or trusted items."""
    trusted = tuple(TrustedItem(item) for item in items)
    found = read(Case(peer=tuple(items), trusted=trusted, crls=tuple(items)))
    assert len(found.unreadable) == 3 * len(items)


def decodes(encoding: bytes) -> bool:
    """Whether the OpenSSL that runs this test decodes the certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(cadata=encoding)
    except ssl.SSLError:
        return False
    return True


@SEEDED
@given(CERTIFICATES, SEEDS)
def test_openssl_decodes_what_is_readable_and_nothing_undecodable(
    certificate: bytes, seed: int
) -> None:
    """A misshapen certificate that could be read is decoded by OpenSSL, and one said
    to be undecodable is not."""
    bad = misshapen(certificate, seed)
    assume(int.from_bytes(bad[2:4], "big") + 4 == len(bad))  # one item of a stream
    unreadable = read_peer(bad).unreadable
    if not unreadable:
        assert decodes(bad)
    elif unreadable[0].undecodable:
        assert not decodes(bad)


def extension(oid: str, value: str) -> object:
    """The fact of an extension of these octets, by the field that holds it."""
    field = {
        "2.5.29.19": "basic_constraints",
        "2.5.29.15": "key_usage",
        "2.5.29.37": "extended_key_usage",
        "2.5.29.14": "subject_key_id",
        "2.5.29.35": "authority_key_id",
        "2.5.29.17": "subject_alt_name",
        "2.5.29.30": "name_constraints",
        "2.5.29.31": "distribution_points",
        "1.3.6.1.5.5.7.1.14": "proxy",
        "1.3.6.1.5.5.7.1.7": "addresses",
        "1.3.6.1.5.5.7.1.8": "autonomous_systems",
        "2.16.840.1.113730.1.1": "netscape_type",
    }[oid]
    raw = RawExtension(oid, bytes.fromhex(value))
    found = facts_of(CertificateSpec("any", LEAF, ROOT, extra=(raw,)))
    return getattr(found, field)


@pytest.mark.parametrize(
    ("oid", "value"),
    [
        ("2.5.29.19", ""),
        ("2.5.29.19", "0500"),
        ("2.5.29.19", "30020101"),  # a number in place of its structure's field
        ("2.5.29.19", "30030101"),
        ("2.5.29.19", "30040102ffff"),  # a boolean of two octets
        ("2.5.29.19", "1000"),  # a primitive structure
        ("2.5.29.19", "3006020101020102"),  # one field too many
        ("2.5.29.15", "0300"),
        ("2.5.29.15", "03020880"),  # eight unused bits
        ("2.5.29.15", "04020780"),
        ("2.5.29.37", "3003060180"),  # an identifier that does not end
        ("2.5.29.37", "30020101"),
        ("2.5.29.14", "0500"),
        ("2.5.29.35", "300383020001"),  # no field has this tag
        ("2.5.29.35", "300482020001"),  # a padded number
        ("2.5.29.17", "30028900"),  # no general name has this tag
        ("2.5.29.17", "3002a400"),  # a directoryName without a name
        ("2.5.29.30", "3004a0023000"),  # a subtree without a base
        ("2.5.29.31", "30043002a000"),  # a point name that is neither choice
        ("1.3.6.1.5.5.7.1.14", "3000"),
        ("1.3.6.1.5.5.7.1.14", "30023000"),
        ("1.3.6.1.5.5.7.1.7", "30023000"),
        ("1.3.6.1.5.5.7.1.8", "3002a000"),
        ("2.16.840.1.113730.1.1", "020101"),
    ],
)
def test_an_extension_that_openssl_cannot_decode_is_malformed(
    oid: str, value: str
) -> None:
    """Exactly where ``X509_get_ext_d2i`` finds the extension and gives nothing."""
    assert isinstance(extension(oid, value), Malformed)


@pytest.mark.parametrize(
    ("oid", "value", "expected"),
    [
        ("2.5.29.15", "0302078000", 0x80),  # octets after the value
        ("2.5.29.15", "030100", 0),
        ("2.5.29.15", "030100ff", 0),
        ("2.5.29.15", "030207ff", 0x80),  # unused bits do not count
        ("2.5.29.15", "0303070680", 0x8006),
        ("2.5.29.37", "3000", ()),
        ("2.5.29.37", "1000", ()),  # a list in primitive form
        ("2.5.29.17", "3000", ()),
        ("2.5.29.14", "0400", b""),
        ("2.5.29.31", "3000", ()),
        ("2.16.840.1.113730.1.1", "030205a0", 0xA0),
        ("2.16.840.1.113730.1.1", "030100", 0),
        ("1.3.6.1.5.5.7.1.7", "3000", ()),
        ("1.3.6.1.5.5.7.1.8", "3004a0020500", AutonomousSystems(INHERITED)),
    ],
)
def test_an_extension_that_openssl_decodes_is_read(
    oid: str, value: str, expected: object
) -> None:
    """OpenSSL ignores what follows a value, and takes empty lists."""
    assert extension(oid, value) == expected


@pytest.mark.parametrize(
    ("value", "ca", "length"),
    [
        ("3000", False, None),
        ("3003010100", False, None),
        ("3003010101", True, None),  # every octet but zero is true
        ("30060101ff0201ff", True, -1),
        ("30060101ff020105", True, 5),
        ("300e0101ff0209008000000000000000", True, 2**63),  # more than a long
    ],
)
def test_basic_constraints_are_read_as_openssl_keeps_them(
    value: str, ca: bool, length: int | None
) -> None:
    """``ASN1_FBOOLEAN``; a length is kept as it stands."""
    found = extension("2.5.29.19", value)
    assert not isinstance(found, Malformed)
    assert (getattr(found, "ca", 0), getattr(found, "path_length", 0)) == (ca, length)


def lost(found: Facts) -> list[tuple[Where, bool]]:
    """What is unreadable, and whether OpenSSL surely refuses it."""
    return [(item.where, item.undecodable) for item in found.unreadable]


def test_what_follows_an_item_matters_to_a_peer_only() -> None:
    """A Certificate message must end where its certificate does; PEM need not."""
    certificate, crl = ISSUED.certificates["root"], ISSUED.crls["root-crl"]
    assert lost(read_peer(certificate + b"\0")) == [(Where.PEER, True)]
    found = read_crl(crl + b"\0", certificate + b"\0")
    assert lost(found) == []
    assert found.trusted[0].certificate == read_peer(certificate).peer[0]
    assert found.crls == read_crl(crl).crls


def test_trust_settings_are_read_under_their_label_only() -> None:
    """``d2i_X509_AUX`` reads what ``d2i_X509`` ignores."""
    (item,) = ISSUED.case.trusted
    found = read(ISSUED.case).trusted[0]
    assert (found.trust, found.reject) == (("1.3.6.1.5.5.7.3.1",), ("1.2.3",))
    plain = TrustedItem(item.der)
    (alone,) = read(Case(peer=(), trusted=(plain,))).trusted
    assert (alone.trust, alone.reject) == (None, None)
    assert alone.certificate == found.certificate
    broken = TrustedItem(item.der[:-1], PemLabel.TRUSTED_CERTIFICATE)
    assert lost(read(Case(peer=(), trusted=(broken,)))) == [(Where.TRUST, True)]


def test_a_date_that_does_not_compare_is_uncertain() -> None:
    """OpenSSL keeps it and reports an error for which facts have no word."""
    certificate = ISSUED.certificates["root"]
    date = der.time(NOW + SCENARIO.certificates[2].not_before)
    bad = certificate.replace(date, date.replace(b"Z", b"z"))
    assert bad != certificate
    assert lost(read_peer(bad)) == [(Where.PEER, False)]


def test_a_string_in_pieces_is_uncertain() -> None:
    """OpenSSL puts a constructed string together; what we do not read, we leave."""
    raw = RawExtension("2.5.29.14", bytes.fromhex("2403040161"))
    spec = CertificateSpec("any", LEAF, ROOT, extra=(raw,))
    encoding = issue_all(Scenario((spec,)), seed=1, now=NOW).certificates["any"]
    assert lost(read_peer(encoding)) == [(Where.PEER, False)]
    assert decodes(encoding)


def test_an_outer_structure_that_is_not_der_is_uncertain() -> None:
    """OpenSSL would write it anew, and its fingerprint would be another."""
    certificate = ISSUED.certificates["root"]
    padded = bytes((certificate[0], 0x83, 0)) + certificate[2:]
    assert lost(read_peer(padded)) == [(Where.PEER, False)]
    assert decodes(padded)
