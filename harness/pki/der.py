"""A writer of DER (X.690): each function returns one whole encoding as bytes.

It checks only what cannot be written at all, since malformed values are asked for on
purpose: the contents are the caller's business.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

BOOLEAN: Final = 0x01
INTEGER: Final = 0x02
BIT_STRING: Final = 0x03
OCTET_STRING: Final = 0x04
NULL: Final = 0x05
OBJECT_IDENTIFIER: Final = 0x06
ENUMERATED: Final = 0x0A
UTF8_STRING: Final = 0x0C
PRINTABLE_STRING: Final = 0x13
TELETEX_STRING: Final = 0x14
IA5_STRING: Final = 0x16
UTC_TIME: Final = 0x17
GENERALIZED_TIME: Final = 0x18
BMP_STRING: Final = 0x1E
SEQUENCE: Final = 0x30
SET: Final = 0x31

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class DerError(ValueError):
    """A value that DER cannot express; the message shows it."""


def tlv(tag: int, content: bytes) -> bytes:
    """An encoding of that identifier octet and those content octets."""
    length = len(content)
    if length < 0x80:
        return bytes((tag, length)) + content
    size = (length.bit_length() + 7) // 8
    return bytes((tag, 0x80 | size)) + length.to_bytes(size, "big") + content


def sequence(*parts: bytes) -> bytes:
    """A SEQUENCE of these encodings."""
    return tlv(SEQUENCE, b"".join(parts))


def set_of(parts: Iterable[bytes]) -> bytes:
    """A SET OF these encodings, in the order DER demands (X.690, 11.6)."""
    return tlv(SET, b"".join(sorted(parts)))


def explicit(number: int, *parts: bytes) -> bytes:
    """A constructed context-specific encoding: an explicit tag, or an implicit one
    around a structure's content."""
    return tlv(0xA0 | number, b"".join(parts))


def implicit(number: int, content: bytes) -> bytes:
    """A primitive context-specific encoding of these content octets."""
    return tlv(0x80 | number, content)


def retag(number: int, encoding: bytes) -> bytes:
    """This encoding under an implicit context-specific tag, its form kept."""
    return bytes((0x80 | (encoding[0] & 0x20) | number,)) + encoding[1:]


def boolean(value: bool) -> bytes:
    """A BOOLEAN."""
    return tlv(BOOLEAN, b"\xff" if value else b"\x00")


def integer_content(value: int) -> bytes:
    """The shortest two's complement of a number, any sign."""
    size = (value if value >= 0 else ~value).bit_length() // 8 + 1
    return value.to_bytes(size, "big", signed=True)


def integer(value: int) -> bytes:
    """An INTEGER, any sign."""
    return tlv(INTEGER, integer_content(value))


def enumerated(value: int) -> bytes:
    """An ENUMERATED."""
    return tlv(ENUMERATED, integer_content(value))


def octet_string(content: bytes) -> bytes:
    """An OCTET STRING."""
    return tlv(OCTET_STRING, content)


def bit_string(content: bytes, unused: int = 0) -> bytes:
    """A BIT STRING; ``unused`` counts the bits of the last octet that do not count."""
    return tlv(BIT_STRING, bytes((unused,)) + content)


def named_bits(numbers: Iterable[int]) -> bytes:
    """A named bit list with these bits set, trailing zeros left out (X.690, 11.2)."""
    chosen = set(numbers)
    if not chosen:
        return bit_string(b"")
    last = max(chosen)
    content = bytearray(last // 8 + 1)
    for number in chosen:
        content[number // 8] |= 0x80 >> (number % 8)
    return bit_string(bytes(content), 7 - last % 8)


def _base_128(arc: int) -> bytes:
    octets = [arc & 0x7F]
    while arc := arc >> 7:
        octets.append(0x80 | (arc & 0x7F))
    return bytes(reversed(octets))


@lru_cache(maxsize=1024)
def oid(dotted: str) -> bytes:
    """An OBJECT IDENTIFIER. Raises ``DerError`` if the text is not dotted numbers."""
    parts = dotted.split(".")
    if len(parts) < 2 or not all(part.isascii() and part.isdigit() for part in parts):
        raise DerError(f"{dotted!r} is not a dotted object identifier")
    first, second, *rest = (int(part) for part in parts)
    if first > 2 or (first < 2 and second > 39):
        raise DerError(f"{dotted!r}: no object identifier starts so")
    arcs = (first * 40 + second, *rest)
    return tlv(OBJECT_IDENTIFIER, b"".join(_base_128(arc) for arc in arcs))


@lru_cache(maxsize=4096)
def time(seconds: int) -> bytes:
    """A Time (RFC 5280, 4.1.2.5) of so many seconds since the epoch: UTCTime from
    1950 to 2049, else GeneralizedTime. Raises ``DerError`` outside years 1 to 9999."""
    try:
        moment = _EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        raise DerError(
            f"{seconds} seconds since 1970 is in no year 1 to 9999"
        ) from None
    rest = moment.strftime("%m%d%H%M%SZ")
    if 1950 <= moment.year < 2050:
        return tlv(UTC_TIME, f"{moment.year % 100:02d}{rest}".encode())
    return tlv(GENERALIZED_TIME, f"{moment.year:04d}{rest}".encode())
