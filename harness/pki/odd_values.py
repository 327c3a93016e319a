"""Content octets at which decoders differ, by type, the plainest first."""

from collections.abc import Sequence
from typing import Final

from harness.pki import der

_NUMBERS: Final = (
    *(b"\x00", b"\xff", b"\x80", b"\x01", b"\x7f" * 8, b"\x00" + b"\x80" * 8),
    *(b"\x01" + bytes(8), b"\xff\x7f" + bytes(7), b"\x7f" * 20, b"\x7f" * 21),
    *(b"\x80" + bytes(20), b"\x7f" * 300, b"\x7f" * 5000, b"\xff\x80", b"\xff\x00"),
)
_BOOLEANS: Final = (b"\x00", b"\x01", b"\xff\xff")
_IDENTIFIERS: Final = (
    *(b"\x2a", b"\x2a\x80", b"\x2a\x80\x01", b"\x80\x01", b"\x00", b"\x28\x01"),
    *(b"\x2a" + b"\xff" * 9 + b"\x7f", b"\x2a" + b"\x01" * 300),
)
_BITS: Final = (b"\x00", b"\x07", b"\x08\x00", b"\xff", b"\x07\x80", b"\x00\x00")
_UTC_TIMES: Final = (
    *(b"491231235959Z", b"500101000000Z", b"700101000000Z", b"000000000000Z"),
    *(b"991332256199Z", b"260230000000Z", b"2601010000Z", b"260101000000+0100"),
    *(b"260101000000z", b"2601010000 0Z", b"260101000000Z\x00", b"20260101000000Z"),
)
_TIMES: Final = (
    *(b"20490101000000Z", b"00000101000000Z", b"99991231235959Z", b"19000101000000Z"),
    *(b"20260230000000Z", b"202601010000Z", b"20260101000000.5Z", b"2026010100Z"),
    *(b"20260101000000", b"20260101000000-0100", b"260101000000Z", b"-0260101000000Z"),
)
_TEXTS: Final = (
    *(b"x", b" ", b"a\x00b", b"\xff\xfe", b"\xc0\x80", b"\xed\xa0\x80", b"x" * 65),
    *(b"x" * 20_000, b"\x00", b"\xf4\x90\x80\x80", b"*.example", b" A  b "),
)
_OCTETS: Final = (b"\x00", b"\x30\x00", b"\x05\x00", b"\xff" * 20, bytes(300), b"a\x00")

_BY_TYPE: Final = {
    der.INTEGER: _NUMBERS,
    der.ENUMERATED: _NUMBERS,
    der.BOOLEAN: _BOOLEANS,
    der.OBJECT_IDENTIFIER: _IDENTIFIERS,
    der.BIT_STRING: _BITS,
    der.UTC_TIME: _UTC_TIMES,
    der.GENERALIZED_TIME: _TIMES,
    der.UTF8_STRING: _TEXTS,
    der.PRINTABLE_STRING: _TEXTS,
    der.TELETEX_STRING: _TEXTS,
    der.IA5_STRING: _TEXTS,
    der.BMP_STRING: _TEXTS,
}


def odd_values(tag: int, content: bytes) -> Sequence[bytes]:
    """Other content octets for an element of that identifier octet."""
    return tuple(value for value in _BY_TYPE.get(tag, _OCTETS) if value != content)
