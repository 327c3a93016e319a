"""The writer of DER and the walker of BER."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.pki import der
from harness.pki.ber import Cursor, RefusedError, UncertainError, mask

SEEDED = settings(derandomize=True, database=None, deadline=None)
ARCS = st.integers(0, 1 << 70)


@SEEDED
@given(st.integers())
def test_integers_come_back(value: int) -> None:
    """A written INTEGER is read as the same number."""
    assert Cursor(der.integer(value)).integer() == value


@SEEDED
@given(st.integers(0, 1), st.integers(0, 39), st.lists(ARCS, max_size=6))
def test_object_identifiers_come_back(first: int, second: int, rest: list[int]) -> None:
    """A written OBJECT IDENTIFIER is read as the same dotted text."""
    dotted = ".".join(map(str, (first, second, *rest)))
    assert Cursor(der.oid(dotted)).oid() == dotted


@pytest.mark.parametrize("dotted", ["2.999.3", "2.5.4.3", "2.47.0"])
def test_the_third_arc_has_no_bound(dotted: str) -> None:
    """Under 2, the second number may be larger than 39."""
    assert Cursor(der.oid(dotted)).oid() == dotted


@pytest.mark.parametrize("dotted", ["", "1", "1.40", "3.1", "1.2.x", "1..2", "-1.2"])
def test_what_is_no_object_identifier_is_shown(dotted: str) -> None:
    """The message shows the text."""
    with pytest.raises(der.DerError, match=repr(dotted)):
        der.oid(dotted)


@SEEDED
@given(st.frozensets(st.integers(0, 15)))
def test_named_bits_come_back_as_a_mask(numbers: frozenset[int]) -> None:
    """Bit 0 is 0x80 of the first octet, bit 8 is 0x8000."""
    expected = sum(0x80 >> number % 8 << number // 8 * 8 for number in numbers)
    octets, unused = Cursor(der.named_bits(numbers)).bit_string()
    assert mask(octets) == expected
    assert not numbers or octets[-1] >> unused & 1


@SEEDED
@given(st.binary(max_size=70_000))
def test_lengths_come_back(content: bytes) -> None:
    """Short and long lengths alike hold exactly their content."""
    cursor = Cursor(der.octet_string(content))
    assert cursor.string() == content
    assert not cursor.more()


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, b"\x17\x0d700101000000Z"),
        (-631152001, b"\x18\x0f19491231235959Z"),
        (2524607999, b"\x17\x0d491231235959Z"),
        (2524608000, b"\x18\x0f20500101000000Z"),
    ],
)
def test_dates_change_their_type_as_the_rfc_says(seconds: int, expected: bytes) -> None:
    """RFC 5280, 4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050."""
    assert der.time(seconds) == expected


@pytest.mark.parametrize(
    "encoding",
    [
        "02",  # no length
        "0202 01",  # too short
        "0281",  # a length breaks off
        "0200",  # no octets
        "0202 0001",  # padded
        "0202 ff80",  # padded
        "2203 020101",  # constructed
        "0289 01 0000000000000000 01",  # a length of nine octets
    ],
)
def test_no_integer_is_read_where_openssl_reads_none(encoding: str) -> None:
    """``ASN1_get_object`` and ``c2i_ibuf`` refuse these."""
    with pytest.raises(RefusedError):
        Cursor(bytes.fromhex(encoding)).integer()


@pytest.mark.parametrize(
    ("encoding", "value"),
    [("028101 05", 5), ("0284 00000001 05", 5), ("0202 ff00", -256)],
)
def test_lengths_need_not_be_short(encoding: str, value: int) -> None:
    """OpenSSL takes a length with leading zeros."""
    assert Cursor(bytes.fromhex(encoding)).integer() == value


@pytest.mark.parametrize("encoding", ["2480 0000", "2403 040101", "3f10 00", "1f04 00"])
def test_of_old_encodings_nothing_is_said(encoding: str) -> None:
    """Indefinite lengths, strings in pieces and long tags are neither taken nor
    refused."""
    with pytest.raises(UncertainError):
        Cursor(bytes.fromhex(encoding)).string()


def test_form_matters_for_structures_and_not_for_lists() -> None:
    """OpenSSL looks at the constructed bit of a SEQUENCE, not of a SEQUENCE OF."""
    assert not Cursor(b"\x10\x00").list_of().more()
    with pytest.raises(RefusedError):
        Cursor(b"\x10\x00").structure()
