"""A walker over encodings, as lenient and as strict as OpenSSL's template decoder.

Two answers are told apart. ``RefusedError``: OpenSSL does not decode this either.
``UncertainError``: it may (indefinite lengths, strings in pieces, tags in long form),
and we make no statement. Positions in messages are octets from the item's start.

Source: OpenSSL 3.0, ``ASN1_get_object``, ``asn1_check_tlen`` and the functions
``asn1_item_embed_d2i``, ``asn1_template_noexp_d2i`` and ``asn1_ex_c2i``.
"""

from functools import lru_cache
from typing import Final

from harness.pki import der

_FORM: Final = 0x20
"""The identifier octet's bit that says constructed."""
_LONG_TAG: Final = 0x1F
_MAX_OID: Final = 256
_MAX_INTEGER: Final = 4096
"""Octets beyond which a number is nothing we want to print or compare."""

_WHOLE: Final = frozenset({0x01, 0x02, 0x05, 0x06, 0x0A})
"""Universal types that OpenSSL takes in primitive form only."""


class RefusedError(ValueError):
    """An encoding that OpenSSL does not decode; the message says what and where."""


class UncertainError(ValueError):
    """An encoding of which we do not know what OpenSSL makes of it."""


def header(data: bytes, at: int, end: int) -> tuple[int, int, int]:
    """Identifier octet, start and end of the content of the encoding at ``at``.

    Raises ``RefusedError`` where ``ASN1_get_object`` fails.
    """
    body = at + 2
    if body > end:
        raise RefusedError(f"an encoding breaks off at {at}")
    octet, length = data[at], data[at + 1]
    if octet & _LONG_TAG == _LONG_TAG:
        raise UncertainError(f"a tag in long form at {at}")
    if length >= 0x80:
        body, length = _long_length(data, at, end)
    stop = body + length
    if stop > end:
        raise RefusedError(f"an encoding at {at} is longer than what holds it")
    return octet, body, stop


def _long_length(data: bytes, at: int, end: int) -> tuple[int, int]:
    """Start and length of a content whose length is not in short form."""
    count = data[at + 1] & 0x7F
    body = at + 2 + count
    if count == 0:
        if data[at] & _FORM:
            raise UncertainError(f"an indefinite length at {at}")
        raise RefusedError(f"an indefinite length of a primitive encoding at {at}")
    if body > end:
        raise RefusedError(f"a length breaks off at {at}")
    length = int.from_bytes(data[at + 2 : body], "big")
    # asn1_get_length wants an octet after the length, even after a length of zero, up
    # to 3.0.20; in 3.0.22 and 3.5.7 it does not.
    if body == end and length == 0:
        raise UncertainError(f"a long length of nothing, at the end, at {at}")
    if length > 0x7FFFFFFFFFFFFFFF:
        raise RefusedError(f"a length that no memory holds at {at}")
    return body, length


@lru_cache(maxsize=4096)
def dotted(content: bytes) -> str:
    """The object identifier of these content octets (``ossl_c2i_ASN1_OBJECT``)."""
    if not content or content[-1] & 0x80:
        raise RefusedError(f"{content.hex()!r} is no object identifier")
    if len(content) > _MAX_OID:
        raise UncertainError(f"an object identifier of {len(content)} octets")
    arcs: list[int] = []
    arc, fresh = 0, True
    for octet in content:
        if fresh and octet == 0x80:
            raise RefusedError(f"{content.hex()!r}: an arc is padded")
        arc = arc << 7 | octet & 0x7F
        fresh = not octet & 0x80
        if fresh:
            arcs.append(arc)
            arc = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(str(part) for part in (first, arcs[0] - 40 * first, *arcs[1:]))


def number(content: bytes) -> int:
    """The INTEGER or ENUMERATED of these content octets (``c2i_ibuf``)."""
    if not content:
        raise RefusedError("a number without octets")
    if len(content) > 1:
        first, high = content[0], content[1] >= 0x80
        if (first == 0 and not high) or (first == 0xFF and high and any(content[1:])):
            raise RefusedError(f"a padded number: {content[:8].hex()!r}")
        if len(content) > _MAX_INTEGER:
            raise UncertainError(f"a number of {len(content)} octets")
    return int.from_bytes(content, "big", signed=True)


def bits(content: bytes) -> tuple[bytes, int]:
    """Octets and unused bits of a BIT STRING's content, unused bits cleared
    (``ossl_c2i_ASN1_BIT_STRING``). Without octets, no bit is unused."""
    if not content or content[0] > 7:
        raise RefusedError(f"{content[:8].hex()!r} is no bit string")
    unused, octets = content[0], content[1:]
    if not octets:
        return b"", 0
    if unused:
        octets = octets[:-1] + bytes((octets[-1] & 0xFF << unused & 0xFF,))
    return octets, unused


SHORTEST_TIMES: Final = {der.UTC_TIME: 13, der.GENERALIZED_TIME: 15}


def check_time(tag: int, content: bytes) -> None:
    """A time that is too short does not decode since 3.3 (``asn1_ex_c2i``), and does
    before. Raises ``UncertainError``."""
    if len(content) < SHORTEST_TIMES[tag]:
        raise UncertainError(f"a time of {len(content)} octets")


def mask(octets: bytes) -> int:
    """A named bit list as OpenSSL keeps it: the first octet, the second above it."""
    return int.from_bytes(octets[:2], "little")


class Cursor:
    """A place in the content of one encoding. Each method reads the next element and
    raises ``RefusedError`` or ``UncertainError`` where it is not what was asked for.

    A tag is given as its identifier octet in the form that is usual for the type.
    """

    __slots__ = ("at", "data", "end")

    def __init__(self, data: bytes, at: int = 0, end: int | None = None) -> None:
        self.data = data
        self.at = at
        self.end = len(data) if end is None else end

    def more(self) -> bool:
        """Whether anything is left."""
        return self.at < self.end

    def next_is(self, expected: int) -> bool:
        """Whether the next element has this tag, in either form."""
        return self.at < self.end and self.data[self.at] | _FORM == expected | _FORM

    def finish(self) -> None:
        """Nothing may be left."""
        if self.at < self.end:
            header(self.data, self.at, self.end)
            raise RefusedError(f"nothing more is expected at {self.at}")

    def _take(self, expected: int) -> tuple[int, int, int]:
        data, at = self.data, self.at
        start = at + 2
        # The usual encoding, short and of the usual form, without a further call.
        if start <= self.end and data[at] == expected and data[at + 1] < 0x80:
            stop = start + data[at + 1]
            if stop <= self.end:
                return expected, start, stop
        octet, start, stop = header(data, at, self.end)
        if octet | _FORM != expected | _FORM:
            raise RefusedError(f"tag {octet:#04x} at {at}, not {expected:#04x}")
        return octet, start, stop

    def structure(self, expected: int = der.SEQUENCE) -> "Cursor":
        """A SEQUENCE, or an explicit tag: constructed, nothing else."""
        octet, start, stop = self._take(expected)
        if not octet & _FORM:
            raise RefusedError(f"a primitive structure at {self.at}")
        self.at = stop
        return Cursor(self.data, start, stop)

    def list_of(self, expected: int = der.SEQUENCE) -> "Cursor":
        """A SEQUENCE OF or SET OF; OpenSSL does not look at its form."""
        _, start, stop = self._take(expected)
        self.at = stop
        return Cursor(self.data, start, stop)

    def content(self, expected: int) -> bytes:
        """The content octets of a type that OpenSSL takes in primitive form only."""
        octet, start, stop = self._take(expected)
        if octet & _FORM:
            raise RefusedError(f"a constructed number or identifier at {self.at}")
        self.at = stop
        return self.data[start:stop]

    def string(self, expected: int = der.OCTET_STRING) -> bytes:
        """The content octets of a string type, which OpenSSL takes in pieces too."""
        octet, start, stop = self._take(expected)
        if octet & _FORM:
            raise UncertainError(f"a string in pieces at {self.at}")
        self.at = stop
        return self.data[start:stop]

    def integer(self, expected: int = der.INTEGER) -> int:
        """An INTEGER."""
        return number(self.content(expected))

    def oid(self, expected: int = der.OBJECT_IDENTIFIER) -> str:
        """An OBJECT IDENTIFIER, dotted."""
        return dotted(self.content(expected))

    def boolean(self, expected: int = der.BOOLEAN) -> bool:
        """A BOOLEAN; every octet but zero is true."""
        content = self.content(expected)
        if len(content) != 1:
            raise RefusedError(f"a boolean of {len(content)} octets")
        return content != b"\x00"

    def bit_string(self, expected: int = der.BIT_STRING) -> tuple[bytes, int]:
        """Octets and unused bits of a BIT STRING."""
        return bits(self.string(expected))

    def raw(self) -> bytes:
        """The next element as it stands, tag and all."""
        start = self.at
        _, _, self.at = header(self.data, start, self.end)
        return self.data[start : self.at]

    def anything(self) -> bytes:
        """The next element as it stands, if it decodes as ``ASN1_ANY``."""
        octet, start, stop = header(self.data, self.at, self.end)
        if octet < 0x40:
            self._check_universal(octet, self.data[start:stop])
        return self.raw()

    def _check_universal(self, octet: int, content: bytes) -> None:
        kind = octet & _LONG_TAG
        if kind == 0:
            raise UncertainError(f"an end-of-contents at {self.at}")
        if kind in (0x10, 0x11):
            if not octet & _FORM:
                raise RefusedError(f"a primitive structure at {self.at}")
        elif octet & _FORM:
            if kind in _WHOLE:
                raise RefusedError(f"a constructed number at {self.at}")
            raise UncertainError(f"a string in pieces at {self.at}")
        elif kind == der.OBJECT_IDENTIFIER:
            dotted(content)
        elif kind in (der.INTEGER, der.ENUMERATED):
            number(content)
        elif kind == der.BIT_STRING:
            bits(content)
        elif kind in SHORTEST_TIMES:
            check_time(kind, content)
        elif len(content) % {der.BMP_STRING: 2, 0x1C: 4}.get(kind, 1) or (
            len(content) != {der.NULL: 0, der.BOOLEAN: 1}.get(kind, len(content))
        ):
            raise RefusedError(f"a type {kind} of {len(content)} octets at {self.at}")


def is_distinguished(encoding: bytes) -> bool:
    """Whether the outermost length is as DER writes it."""
    _, start, stop = header(encoding, 0, len(encoding))
    length = stop - start
    return start == (2 if length < 0x80 else 2 + (length.bit_length() + 7) // 8)
