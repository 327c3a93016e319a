"""Values that scenarios rarely have: odd general names, trust settings."""

from dataclasses import replace

import pytest

from harness.case import Case, PemLabel, TrustedItem
from harness.facts import Malformed, NameKind, PointName
from harness.outcome import Where
from harness.pki import der
from harness.pki.ber import Cursor, RefusedError, UncertainError
from harness.pki.encode_name import general_name
from harness.pki.issue import issue
from harness.pki.read import read
from harness.pki.read_certificate import time
from harness.pki.read_name import general_names
from harness.pki.spec import (
    AttributeSpec,
    CertificateSpec,
    CrlSpec,
    GeneralNameSpec,
    NameSpec,
    RawExtension,
    RevokedSpec,
    Scenario,
    SpecError,
    TrustSpec,
    ca,
)
from harness.pki.spec_edits import EditKind, EditSpec
from strategies.draft import plain
from tests.pki.plain import LEAF, NOW, ROOT, SEED, crl_facts_of, facts_of


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (NameKind.X400, "3000"),
        (NameKind.EDI_PARTY, "a1030c0161"),
        (NameKind.EDI_PARTY, "a0030c0161a103130162"),
        (NameKind.OTHER, "06022a03a0020500"),
        (NameKind.DIRECTORY, "3000"),
    ],
)
def test_every_general_name_is_read(kind: NameKind, content: str) -> None:
    """Its choice and its content octets are told."""
    octets = bytes.fromhex(content)
    written = general_name(GeneralNameSpec(kind, raw=octets))
    (found,) = general_names(Cursor(written))
    assert (found.kind, found.value) == (kind, octets)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (NameKind.EDI_PARTY, ""),
        (NameKind.EDI_PARTY, "a103020161"),  # no string
        (NameKind.EDI_PARTY, "a1060c01610c0161"),  # two strings
        (NameKind.OTHER, "06022a03"),  # no value
        (NameKind.OTHER, "06022a03a0040500" + "0500"),  # two values
        (NameKind.OTHER, "06022a03a004" + "02020001"),  # a padded number
        (NameKind.OTHER, "06022a03a003" + "050100"),  # a null with an octet
        (NameKind.OTHER, "06022a03a003" + "1e0161"),  # half a character
        (NameKind.OTHER, "06022a03a002" + "1000"),  # a primitive structure
        (NameKind.OTHER, "06022a03a004" + "22020101"),  # a constructed number
        (NameKind.DIRECTORY, "30003000"),
        (NameKind.REGISTERED_ID, "80"),
    ],
)
def test_a_general_name_with_wrong_content_is_refused(
    kind: NameKind, content: str
) -> None:
    """``GENERAL_NAME`` decodes all of it or nothing."""
    written = general_name(GeneralNameSpec(kind, raw=bytes.fromhex(content)))
    with pytest.raises(RefusedError):
        general_names(Cursor(written))


@pytest.mark.parametrize(
    ("spec", "shown"),
    [
        (GeneralNameSpec(NameKind.X400, "x"), "'x' has no raw form"),
        (GeneralNameSpec(NameKind.IP, "1.2.3"), "'1.2.3' is no IP address"),
        (GeneralNameSpec(NameKind.OTHER, "text"), "'text' is not TYPE-ID:TEXT"),
        (GeneralNameSpec(NameKind.DIRECTORY, "d"), "'d' has no directory"),
        (GeneralNameSpec(NameKind.REGISTERED_ID, "r"), "'r' is not a dotted"),
    ],
)
def test_a_general_name_that_has_no_encoding_is_shown(
    spec: GeneralNameSpec, shown: str
) -> None:
    """The message has the value."""
    with pytest.raises(SpecError, match=shown):
        general_name(spec)


def fragment(*values: bytes) -> bytes:
    """An issuingDistributionPoint of a name relative to the CRL issuer."""
    attributes = (der.sequence(der.oid("2.5.4.3"), value) for value in values)
    return der.sequence(der.explicit(0, der.explicit(1, *attributes)))


def test_a_relative_name_of_two_attributes_becomes_two_rdns() -> None:
    """So does OpenSSL, though RFC 5280 has the fragment be one RDN."""
    value = fragment(der.tlv(0x0C, b"b"), der.tlv(0x0C, b"a"))
    crl = CrlSpec("any", ROOT, extra=(RawExtension("2.5.29.28", value),))
    point = crl_facts_of(crl).issuing_point
    assert not isinstance(point, Malformed)
    assert point is not None
    assert point.point is not None
    assert point.point.relative is not None
    texts = [[item.text for item in rdn] for rdn in point.point.relative.rdns]
    assert texts == [["Root"], ["b"], ["a"]]


def test_a_relative_name_that_cannot_be_made_is_none() -> None:
    """It decodes, and ``DIST_POINT_set_dpname`` fails: no string of its type."""
    value = fragment(der.tlv(0x0C, b"\xff"))
    crl = CrlSpec("any", ROOT, extra=(RawExtension("2.5.29.28", value),))
    point = crl_facts_of(crl).issuing_point
    assert not isinstance(point, Malformed)
    assert point is not None
    assert point.point == PointName(full=None, relative=None)


def test_a_certificates_relative_name_that_cannot_be_made_is_uncertain() -> None:
    """OpenSSL keeps half of what it read of the extensions: nothing can be said."""
    relative = der.explicit(0, fragment(der.tlv(0x0C, b"\xff"))[4:])
    raw = RawExtension("2.5.29.31", der.sequence(der.sequence(relative)))
    case = issue(
        Scenario((CertificateSpec("any", LEAF, ROOT, extra=(raw,)),), peer=("any",)),
        seed=1,
        now=NOW,
    )
    (item,) = read(case).unreadable
    assert (item.where, item.undecodable) == (Where.PEER, False)
    assert "relative name" in item.why


def test_a_relative_name_is_relative_to_the_named_crl_issuer() -> None:
    """``setup_dp``: the first directoryName of cRLIssuer, else the issuer."""
    relative = der.explicit(0, fragment(der.tlv(0x0C, b"x"))[4:])
    names = (GeneralNameSpec.dns("a"), GeneralNameSpec.dir(NameSpec.cn("Other")))
    issuer = der.explicit(2, *map(general_name, names))
    points = der.sequence(der.sequence(relative, issuer), der.sequence(relative))
    raw = RawExtension("2.5.29.31", points)
    found = facts_of(CertificateSpec("any", LEAF, ROOT, extra=(raw,)))
    assert isinstance(found.distribution_points, tuple)
    texts = [
        [item.text for item in point.point.relative.attributes]
        for point in found.distribution_points
        if point.point is not None and point.point.relative is not None
    ]
    assert texts == [["Other", "x"], ["Root", "x"]]


def trusted(settings: bytes) -> list[tuple[object, object]]:
    """Trust and rejection of a trusted item with these octets after it."""
    scenario = Scenario((ca("root", ROOT, ROOT),), trusted=(TrustSpec("root"),))
    (item,) = issue(scenario, seed=SEED, now=NOW).trusted
    extended = TrustedItem(item.der + settings, PemLabel.TRUSTED_CERTIFICATE)
    found = read(Case(peer=(), trusted=(extended,)))
    return [(item.trust, item.reject) for item in found.trusted]


def test_all_trust_settings_are_read_over() -> None:
    """``X509_CERT_AUX`` has an alias, a key identifier and algorithms besides."""
    alias, key = der.tlv(der.UTF8_STRING, b"alias"), der.octet_string(b"key")
    other = der.explicit(1, der.sequence(der.oid("1.2.3")))
    rejected = der.explicit(0, der.oid("1.2.4"))
    everything = der.sequence(der.sequence(), rejected, alias, key, other)
    assert trusted(everything) == [((), ("1.2.4",))]
    assert trusted(everything + b"what follows") == [((), ("1.2.4",))]
    assert trusted(der.sequence(alias)) == [(None, None)]
    assert trusted(b"") == [(None, None)]
    assert trusted(der.sequence(key, alias)) == []


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (b"18:00000101000000Z", -62167219200),
        (b"18:20000229000000Z", 951782400),
        (b"18:99991231235959Z", 253402300799),
        (b"17:500101000000Z", -631152000),
        (b"17:491231235959Z", 2524607999),
    ],
)
def test_dates_are_seconds_since_the_epoch(text: bytes, seconds: int) -> None:
    """From year 0 to 9999, two digits meaning 1950 to 2049."""
    tag, _, content = text.partition(b":")
    assert time(Cursor(der.tlv(int(tag, 16), content))) == seconds


def test_a_long_length_may_need_an_octet_after_it() -> None:
    """``asn1_get_length`` wants one in some releases, even where the length is zero."""
    with pytest.raises(UncertainError):
        Cursor(b"\x04\x81\x00").string()
    with pytest.raises(RefusedError):
        Cursor(b"\x04\x81\x01").string()
    assert Cursor(b"\x04\x81\x01a").string() == b"a"


def test_attribute_types_may_be_short_or_dotted() -> None:
    """CN and 2.5.4.3 are one type."""
    short = general_name(GeneralNameSpec.dir(NameSpec.cn("x")))
    dotted = NameSpec(((AttributeSpec("x", "2.5.4.3"),),))
    assert general_name(GeneralNameSpec.dir(dotted)) == short


@pytest.mark.parametrize("text", [b"2601010000Z", b""])
def test_a_time_that_is_too_short_is_uncertain(text: bytes) -> None:
    """3.3 does not decode it, releases before do."""
    with pytest.raises(UncertainError):
        Cursor(der.tlv(der.UTC_TIME, text)).anything()
    assert Cursor(der.tlv(der.UTC_TIME, b"260101000000Z")).anything()
    edit = EditSpec(
        "crl", "tbsCertList.revokedCertificates.0.revocationDate", EditKind.SHORTENED
    )
    scenario = plain(()).scenario
    crl = CrlSpec("crl", scenario.certificates[-1].subject, revoked=(RevokedSpec(1),))
    scenario = replace(scenario, crls=(crl,), loaded=("crl",), edits=(edit,))
    (unread,) = read(issue(scenario, seed=1, now=NOW)).unreadable
    assert not unread.undecodable
