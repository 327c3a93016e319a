"""Internet number resources as OpenSSL decodes them (``IPAddrBlocks``,
``ASIdentifiers``; v3_addr.c, v3_asid.c)."""

from collections.abc import Callable
from typing import TypeVar

from harness.pki import der
from harness.pki.ber import Cursor, RefusedError
from harness.resources import (
    INHERITED,
    AddressFamily,
    AddressRange,
    AutonomousSystems,
    Bits,
    Inherited,
    NumberRanges,
)

T = TypeVar("T")


def _bits(at: Cursor) -> Bits:
    return Bits(*at.bit_string())


def _address_range(listed: Cursor) -> AddressRange:
    if listed.next_is(der.BIT_STRING):
        return AddressRange(_bits(listed))
    ends = listed.structure()
    found = AddressRange(_bits(ends), _bits(ends))
    ends.finish()
    return found


def _number_range(listed: Cursor) -> tuple[int, int]:
    if listed.next_is(der.INTEGER):
        number = listed.integer()
        return number, number
    ends = listed.structure()
    found = ends.integer(), ends.integer()
    ends.finish()
    return found


def _inherited_or(
    choice: Cursor, element: Callable[[Cursor], T]
) -> tuple[T, ...] | Inherited:
    """``inherit``, or a SEQUENCE OF such elements."""
    if choice.next_is(der.NULL):
        if choice.content(der.NULL):
            raise RefusedError("a null with octets")
        return INHERITED
    listed = choice.list_of()
    found = []
    while listed.more():
        found.append(element(listed))
    return tuple(found)


def address_blocks(at: Cursor) -> tuple[AddressFamily, ...]:
    """``IPAddrBlocks`` (RFC 3779, 2.2.3)."""
    listed = at.list_of()
    found = []
    while listed.more():
        entry = listed.structure()
        family = entry.string()
        found.append(AddressFamily(family, _inherited_or(entry, _address_range)))
        entry.finish()
    return tuple(found)


def autonomous_systems(at: Cursor) -> AutonomousSystems:
    """``ASIdentifiers`` (RFC 3779, 3.2.3)."""
    inside = at.structure()
    found: list[NumberRanges | Inherited | None] = []
    for tag in (0xA0, 0xA1):
        ranges = None
        if inside.next_is(tag):
            choice = inside.structure(tag)
            ranges = _inherited_or(choice, _number_range)
            choice.finish()
        found.append(ranges)
    inside.finish()
    return AutonomousSystems(*found)
