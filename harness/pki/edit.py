"""Edits of encodings: what ``EditSpec`` asks for, carried out on a tree of elements.

Places are those of the item as it was issued, whatever other edits do to it. Lengths
around an edited element are right again, unless they are what is edited.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from harness.pki import der
from harness.pki.element import (
    CONSTRUCTED,
    Element,
    copied,
    inside,
    length_octets,
    parsed,
    places,
    written,
)
from harness.pki.odd_values import odd_values
from harness.pki.spec_edits import EditKind, EditSpec

_SIGNATURE: Final = "signatureValue"
_STRINGS: Final = frozenset(
    {
        der.BIT_STRING,
        der.OCTET_STRING,
        der.UTF8_STRING,
        der.PRINTABLE_STRING,
        der.TELETEX_STRING,
        der.IA5_STRING,
        der.BMP_STRING,
        der.UTC_TIME,
        der.GENERALIZED_TIME,
    }
)
_NUMBERS: Final = (der.INTEGER, der.ENUMERATED)
_LARGEST: Final = 60_000
"""Octets that a repeated element may grow to: a Certificate message of more than
100 KB is refused unread."""

_ADDED: Final = (b"\x00", b"\xff", b"\x05\x00", bytes(16), bytes(300), b"\x30\x80")
"""What is put into or after an element."""
_TYPES: Final = (
    *(0x0C, 0x13, 0x02, 0x04, 0x03, 0x05, 0x01, 0x06, 0x0A, 0x30, 0x31, 0x17, 0x18),
    *(0x1E, 0x14, 0x1C, 0x16, 0x80, 0xA0, 0xA1, 0x82, 0x61, 0x10, 0x00, 0xFF),
    *(0x17, 0x18, 0x17, 0x18),  # a date of the other type, more often
)
_TIMES: Final = (3, 40, 1000)
_DEPTHS: Final = (1, 2, 40, 1000)
_PADDINGS: Final = (1, 2, 100)
_LONGER: Final = (1, 2, 4, 120)
_PIECES: Final = ((1, 1), (2, 1), (5, 1), (1, 3), (1, 20))
"""In how many pieces, and how deep in each other; OpenSSL goes five deep."""

Change = Callable[[Element, list[Element], int], None]
"""Changes an element that stands among others, in the way of that number."""


def edited(
    encoding: bytes,
    edits: Sequence[EditSpec],
    *,
    others: Callable[[str], bytes],
    sign: Callable[[bytes], bytes],
) -> bytes:
    """The item after its edits, signed anew by ``sign`` after those of the signed
    octets. ``others`` are items by label, for what is taken from them."""
    root = parsed(encoding)
    at = places(root)
    top = [root]
    # What stands inside of another is changed before that one is.
    edits = sorted(edits, key=lambda edit: -len(edit.place.split(".")))
    edits.sort(key=lambda edit: not edit.place)
    early = [edit for edit in edits if edit.signed and edit.place.startswith("tbs")]
    for edit in early:
        _carry_out(edit, at, top, others)
    if early:
        body = next(element for place, element in at.items() if place[:3] == "tbs")
        message = written(body)[: -len(body.after) or None]
        signature = parsed(der.bit_string(sign(message)))
        old = at[_SIGNATURE]
        old.content, old.children = signature.content, signature.children
        at |= _below(_SIGNATURE, old)
    for edit in edits:
        if edit not in early:
            _carry_out(edit, at, top, others)
    return b"".join(map(written, top))


def _below(place: str, element: Element) -> dict[str, Element]:
    """What stands in an element without names, by place."""
    found = {}
    for number, child in enumerate(element.children or ()):
        found[f"{place}.{number}"] = child
        found |= _below(f"{place}.{number}", child)
    return found


def _carry_out(
    edit: EditSpec,
    at: Mapping[str, Element],
    top: list[Element],
    others: Callable[[str], bytes],
) -> None:
    element = at.get(edit.place)
    parent = at.get(edit.place.rpartition(".")[0])
    siblings = top
    if edit.place and parent is not None:
        siblings = parent.children if parent.children is not None else []
    if element is None or not any(item is element for item in siblings):
        return  # left out by a simpler scenario, or by an edit before
    if edit.kind is EditKind.GRAFTED:
        taken_from = others(edit.other)
        source = places(parsed(taken_from)) if taken_from else {}
        if edit.place in source:
            siblings[_index(element, siblings)] = source[edit.place]
        return
    _CHANGES[edit.kind](element, siblings, edit.number)


def _index(element: Element, siblings: Sequence[Element]) -> int:
    return next(at for at, item in enumerate(siblings) if item is element)


def applicable(
    place: str, at: Mapping[str, Element], others: Sequence[Mapping[str, Element]]
) -> tuple[EditKind, ...]:
    """The kinds of edits that change the element at a place, the plainest first;
    ``others`` are the places of items that something can be taken from."""
    element = at[place]
    siblings = at[place.rpartition(".")[0]].children or [] if place else []
    is_last = not siblings or siblings[-1] is element
    universal = element.tag & 0xC0 == 0
    never = {
        EditKind.EMPTIED: not inside(element),
        EditKind.NULLED: element.tag == der.NULL,
        EditKind.SHORTENED: not inside(element),
        EditKind.FLIPPED: not inside(element),
        EditKind.ODD_VALUE: element.children is not None and universal,
        EditKind.PADDED: element.tag not in _NUMBERS,
        EditKind.SWAPPED: is_last,
        EditKind.BACKWARDS: len(element.children or ()) < 2,
        EditKind.IN_PIECES: not _is_string(element),
        EditKind.GRAFTED: not any(
            place in other and written(other[place]) != written(element)
            for other in others
        ),
    }
    return tuple(kind for kind in EditKind if not never.get(kind, False))


def _is_string(element: Element) -> bool:
    return element.tag in _STRINGS or element.tag & 0xE0 == 0x80


def _raw(octets: bytes) -> Element:
    """Octets that stand for an element as they are."""
    return Element(b"", octets, length=b"")


def _set_content(element: Element, content: bytes) -> None:
    element.content, element.children = content, None


def _leave_out(element: Element, siblings: list[Element], _number: int) -> None:
    del siblings[_index(element, siblings)]


def _double(element: Element, siblings: list[Element], _number: int) -> None:
    siblings.insert(_index(element, siblings), copied(element))


def _empty(element: Element, _siblings: list[Element], _number: int) -> None:
    _set_content(element, b"")


def _null(element: Element, siblings: list[Element], _number: int) -> None:
    siblings[_index(element, siblings)] = Element(b"\x05", b"")


def _null_after(element: Element, siblings: list[Element], _number: int) -> None:
    siblings.insert(_index(element, siblings) + 1, Element(b"\x05", b""))


def _shorten(element: Element, _siblings: list[Element], number: int) -> None:
    content = inside(element)
    _set_content(element, content[: max(0, len(content) - 1 - number)])


def _lengthen(element: Element, _siblings: list[Element], number: int) -> None:
    _set_content(element, inside(element) + _ADDED[number % len(_ADDED)])


def _flip(element: Element, _siblings: list[Element], number: int) -> None:
    content = bytearray(inside(element))
    if content:
        content[number // 8 % len(content)] ^= 1 << number % 8
    _set_content(element, bytes(content))


def _odd_value(element: Element, _siblings: list[Element], number: int) -> None:
    values = odd_values(element.tag, inside(element))
    _set_content(element, values[number % len(values)])


def _pad(element: Element, _siblings: list[Element], number: int) -> None:
    content = inside(element)
    sign = b"\xff" if content[:1] >= b"\x80" else b"\x00"
    _set_content(element, sign * _PADDINGS[number % len(_PADDINGS)] + content)


def _swap(element: Element, siblings: list[Element], _number: int) -> None:
    at = _index(element, siblings)
    siblings[at : at + 2] = siblings[at : at + 2][::-1]


def _backwards(element: Element, _siblings: list[Element], _number: int) -> None:
    if element.children is not None:
        element.children.reverse()


def _retag(element: Element, _siblings: list[Element], number: int) -> None:
    types = [octet for octet in _TYPES if octet != element.tag]
    element.identifier = bytes((types[number % len(types)],))


def _other_form(element: Element, _siblings: list[Element], _number: int) -> None:
    element.identifier = bytes((element.tag ^ CONSTRUCTED,))


def _long_tag(element: Element, _siblings: list[Element], number: int) -> None:
    padding = b"\x80" * (number % 3)
    low = bytes((element.tag & 0x1F,))
    element.identifier = bytes((element.tag | 0x1F,)) + padding + low


def _long_length(element: Element, _siblings: list[Element], number: int) -> None:
    count = len(inside(element))
    octets = count.to_bytes((count.bit_length() + 7) // 8 or 1, "big")
    octets = bytes(_LONGER[number % len(_LONGER)]) + octets
    element.length = bytes((0x80 | len(octets),)) + octets


def _wrong_length(element: Element, _siblings: list[Element], number: int) -> None:
    count = len(inside(element))
    claims = (count + 1, max(0, count - 1), 0, *(2**power - 1 for power in _POWERS))
    chosen = number % (len(claims) + 1)
    element.length = b"\xff"  # which X.690, 8.1.3.5 keeps for later
    if chosen < len(claims):
        element.length = length_octets(claims[chosen])


_POWERS: Final = (31, 32, 63, 64, 512)


def _indefinite(element: Element, _siblings: list[Element], number: int) -> None:
    """Ended as it should be; not ended; or of the form it had."""
    content = inside(element)
    if number % 3 != 2 and not element.tag & CONSTRUCTED:
        content = der.tlv(_piece_tag(element), content)
        element.identifier = bytes((element.tag | CONSTRUCTED,))
    end = b"" if number % 3 == 1 else bytes(2)
    element.length = b"\x80"
    _set_content(element, content + end)


def _piece_tag(element: Element) -> int:
    return element.tag if element.tag < CONSTRUCTED else der.OCTET_STRING


def _in_pieces(element: Element, _siblings: list[Element], number: int) -> None:
    content, tag = inside(element), _piece_tag(element)
    count, depth = _PIECES[number % len(_PIECES)]
    before = b""
    if tag == der.BIT_STRING:
        before, content = content[:1], content[1:]
    size = -(-len(content) // count) or 1
    chunks = [content[at : at + size] for at in range(0, len(content) or 1, size)]
    pieces = b"".join(der.tlv(tag, before + chunk) for chunk in chunks)
    for _ in range(depth - 1):
        pieces = der.tlv(tag | CONSTRUCTED, pieces)
    element.identifier = bytes((element.tag | CONSTRUCTED,))
    _set_content(element, pieces)


def _nest(element: Element, siblings: list[Element], number: int) -> None:
    octets = written(element)
    for _ in range(_DEPTHS[number % len(_DEPTHS)]):
        octets = der.sequence(octets)
    siblings[_index(element, siblings)] = _raw(octets)


def _follow(element: Element, _siblings: list[Element], number: int) -> None:
    element.after = _ADDED[number % len(_ADDED)]


def _repeat(element: Element, siblings: list[Element], number: int) -> None:
    octets = written(element)
    count = min(_TIMES[number % len(_TIMES)], _LARGEST // (len(octets) or 1) or 1)
    siblings[_index(element, siblings)] = _raw(octets * count)


_CHANGES: Final[Mapping[EditKind, Change]] = {
    EditKind.LEFT_OUT: _leave_out,
    EditKind.TWICE: _double,
    EditKind.EMPTIED: _empty,
    EditKind.NULLED: _null,
    EditKind.NULL_AFTER: _null_after,
    EditKind.SHORTENED: _shorten,
    EditKind.LENGTHENED: _lengthen,
    EditKind.FLIPPED: _flip,
    EditKind.ODD_VALUE: _odd_value,
    EditKind.PADDED: _pad,
    EditKind.SWAPPED: _swap,
    EditKind.BACKWARDS: _backwards,
    EditKind.RETAGGED: _retag,
    EditKind.FORM: _other_form,
    EditKind.LONG_TAG: _long_tag,
    EditKind.LONG_LENGTH: _long_length,
    EditKind.WRONG_LENGTH: _wrong_length,
    EditKind.INDEFINITE: _indefinite,
    EditKind.IN_PIECES: _in_pieces,
    EditKind.NESTED: _nest,
    EditKind.FOLLOWED: _follow,
    EditKind.REPEATED: _repeat,
}
