"""Names, compared as OpenSSL compares them."""

import ssl
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.facts import Name
from harness.flight import client_flight
from harness.pki import der, encode_name
from harness.pki.ber import RefusedError, UncertainError
from harness.pki.issue import issue_all
from harness.pki.read_name import name
from harness.pki.spec import (
    AttributeSpec,
    Entity,
    NameSpec,
    Scenario,
    StringType,
    end_entity,
)
from tests.pki.plain import NOW

SEEDED = settings(derandomize=True, database=None, deadline=None, max_examples=40)


def of(*rdns: tuple[AttributeSpec, ...]) -> Name:
    """The name of these RDNs, written and read."""
    return name(encode_name.name(NameSpec(rdns)))


def one(value: str, string: StringType = StringType.UTF8, kind: str = "CN") -> Name:
    """The name of one attribute."""
    return of((AttributeSpec(value, kind, string),))


@pytest.mark.parametrize(
    ("value", "string"),
    [
        ("example org", StringType.UTF8),
        ("EXAMPLE Org", StringType.PRINTABLE),
        ("  example \t\n org ", StringType.IA5),
        ("Example Org", StringType.BMP),
        ("eXample   org", StringType.TELETEX),
    ],
)
def test_type_case_and_spaces_do_not_matter(value: str, string: StringType) -> None:
    """``asn1_string_canon`` makes these one name."""
    assert one(value, string).canonical == one("example org").canonical


@pytest.mark.parametrize(
    "other",
    [
        one("exampleorg"),
        one("example org", kind="OU"),
        one("example org "[:-2]),
        of((AttributeSpec("example org"), AttributeSpec("x", "OU"))),
        of((AttributeSpec("example org"),), (AttributeSpec("x", "OU"),)),
    ],
)
def test_other_names_are_others(other: Name) -> None:
    """Words, types and RDNs tell names apart."""
    assert other.canonical != one("example org").canonical


def test_only_ascii_is_folded() -> None:
    """OpenSSL leaves the case of other letters alone, and no-break spaces too."""
    assert one("ÄX").canonical == one("Äx").canonical
    assert one("Äx").canonical != one("äx").canonical
    assert one("a\u00a0b").canonical != one("a b").canonical
    assert one("Ä", StringType.TELETEX).canonical == one("Ä", StringType.BMP).canonical


def test_an_rdn_is_a_set() -> None:
    """The order of attributes within an RDN does not matter, of RDNs it does."""
    first, second = AttributeSpec("a", "OU"), AttributeSpec("b")
    assert of((first, second)).canonical == of((second, first)).canonical
    assert of((first,), (second,)).canonical != of((second,), (first,)).canonical
    parts = (encode_name.attribute(second), encode_name.attribute(first))
    unsorted = der.sequence(der.tlv(der.SET, b"".join(parts)))
    assert name(unsorted).canonical == of((first, second)).canonical


def test_an_empty_name_has_an_empty_form() -> None:
    """An RDN of no attribute leaves no trace."""
    assert of().canonical == b""
    assert name(der.sequence(der.set_of(()))).canonical == b""
    assert name(der.sequence(der.set_of(()))).rdns == ()


def test_numeric_strings_are_compared_as_they_are() -> None:
    """NumericString is not among ``ASN1_MASK_CANON``."""
    value = der.sequence(der.oid("2.5.4.3"), der.tlv(0x12, b" 1  2"))
    found = name(der.sequence(der.set_of((value,))))
    assert found.canonical == der.set_of((value,))
    assert found.attributes[0].text == " 1  2"


@pytest.mark.parametrize(
    ("tag", "content"),
    [
        (der.UTF8_STRING, b"\xc0\x80"),
        (der.BMP_STRING, b"\x00"),
        (der.OCTET_STRING, b"a"),
        (0x1A, b"a"),
        (der.NULL, b""),
    ],
)
def test_a_name_with_no_string_is_refused(tag: int, content: bytes) -> None:
    """Where no canonical form can be made, OpenSSL decodes no name."""
    value = der.sequence(der.oid("2.5.4.3"), der.tlv(tag, content))
    with pytest.raises(RefusedError):
        name(der.sequence(der.set_of((value,))))


@pytest.mark.parametrize(
    ("tag", "content"),
    [
        (der.UTF8_STRING, b"\xed\xa0\x80"),
        (der.UTF8_STRING, b"\xf4\x90\x80\x80"),
        (der.UTF8_STRING, b"\xf8\x88\x80\x80\x80"),
        (der.BMP_STRING, b"\xd8\x00\xdc\x00"),
        (0x1C, b"\x00\x11\x00\x00"),
    ],
)
def test_a_string_beyond_unicode_is_uncertain(tag: int, content: bytes) -> None:
    """1.1.1 takes surrogates and numbers above U+10FFFF, 3.0 does not."""
    value = der.sequence(der.oid("2.5.4.3"), der.tlv(tag, content))
    with pytest.raises(UncertainError):
        name(der.sequence(der.set_of((value,))))


def is_found(folder: Path, encoding: bytes) -> bool:
    """Whether OpenSSL finds this self-signed certificate in the directory: what it
    cannot find has error 18, whatever else is wrong."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.load_verify_locations(capath=folder)
    incoming = ssl.MemoryBIO()
    incoming.write(client_flight((encoding,)))
    connection = context.wrap_bio(incoming, ssl.MemoryBIO())
    with pytest.raises(ssl.SSLError) as caught:
        connection.do_handshake()
    return getattr(caught.value, "verify_code", 0) != 18


spelt = st.builds(
    AttributeSpec,
    st.text(st.sampled_from(" \t\naBcÄé'"), min_size=1, max_size=8),
    st.sampled_from(["CN", "OU", "E"]),
    st.sampled_from([StringType.UTF8, StringType.TELETEX, StringType.BMP]),
)


@SEEDED
@given(st.lists(st.lists(spelt, min_size=1, max_size=3), min_size=1, max_size=3))
def test_openssl_finds_a_certificate_by_the_hash(
    tmp_path_factory: pytest.TempPathFactory, rdns: list[list[AttributeSpec]]
) -> None:
    """OpenSSL looks a self-signed certificate up in a directory under
    ``Name.hash``, and trusts it there."""
    folder = tmp_path_factory.mktemp("hashed")
    spec = NameSpec(tuple(map(tuple, rdns)))
    own = Entity(spec, "p256-0")
    issued = issue_all(Scenario((end_entity("own", own, own),)), seed=1, now=NOW)
    encoding = issued.certificates["own"]
    file = folder / f"{name(encode_name.name(spec)).hash}.0"
    file.write_text(ssl.DER_cert_to_PEM_cert(encoding))
    assert is_found(folder, encoding)
    file.rename(folder / "00000000.0")
    assert not is_found(folder, encoding)
