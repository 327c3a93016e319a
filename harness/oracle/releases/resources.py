"""Internet number resources along a path (RFC 3779): each holder within its issuer's.

Source: ``X509v3_asid_validate_path`` (v3_asid.c), then ``X509v3_addr_validate_path``
(v3_addr.c). Where the end entity holds none, nothing is checked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeVar

from harness.facts import Malformed
from harness.oracle.releases.building import Built
from harness.oracle.releases.release import Release
from harness.oracle.releases.stage import Events
from harness.resources import (
    AddressFamily,
    AddressRange,
    AutonomousSystems,
    Bits,
    Inherited,
    NumberRanges,
)
from harness.verdict import Objection

_LENGTHS: Final = {1: 4, 2: 16}
"""Octets of an address by AFI (``length_from_afi``); 0 of any other."""

T = TypeVar("T")

Ends = tuple[bytes, bytes]
"""Lowest and highest address of a range, written out."""


def check_resources(built: Built, release: Release) -> Events:
    """Both extensions, autonomous systems first."""
    path = [certificate.facts for certificate in built.path]
    systems = [_there(item.autonomous_systems) for item in path]
    if systems[0] is not None:
        yield from _check_systems(systems[0], systems[1:])
    addresses = [_there(item.addresses) for item in path]
    if addresses[0] is not None:
        yield from _check_addresses(addresses[0], addresses[1:], release)


def _there(found: T | Malformed | None) -> T | None:
    """What an extension says; a malformed one is as good as absent."""
    return None if isinstance(found, Malformed) else found


def _unnested(depth: int) -> Objection:
    return Objection("resources.not-the-issuers", 46, depth)


def _from_nobody(depth: int) -> Objection:
    """An anchor has no issuer to inherit from; it is reported one above itself."""
    return Objection("resources.anchor-inherits", 46, depth)


def _not_canonical(depth: int) -> Objection:
    return Objection("resources.not-canonical", 41, depth)


@dataclass(slots=True)
class _Held:
    """What the certificates below hold of one kind of number, and whether the end
    entity's part is what its issuer has."""

    ranges: NumberRanges | None
    inherits: bool


def _held(found: NumberRanges | Inherited | None) -> _Held:
    if isinstance(found, Inherited):
        return _Held(None, inherits=True)
    return _Held(found, inherits=False)


def _check_systems(
    own: AutonomousSystems, above: Sequence[AutonomousSystems | None]
) -> Events:
    """``asid_validate_path_internal``."""
    if not _canonical_systems(own):
        yield _not_canonical(0)
    kinds = (_held(own.numbers), _held(own.routing_domains))
    last: AutonomousSystems | None = own
    for depth, last in enumerate(above, start=1):
        if last is None:
            if any(held.ranges is not None for held in kinds):
                yield _unnested(depth)
            continue
        if not _canonical_systems(last):
            yield _not_canonical(depth)
        for held, theirs in zip(
            kinds, (last.numbers, last.routing_domains), strict=True
        ):
            if theirs is None and held.ranges is not None:
                yield _unnested(depth)
                held.ranges, held.inherits = None, False
            elif isinstance(theirs, tuple):
                if held.inherits or _covers(theirs, held.ranges):
                    held.ranges, held.inherits = theirs, False
                else:
                    yield _unnested(depth)
    if last is not None:
        for theirs in (last.numbers, last.routing_domains):
            if isinstance(theirs, Inherited):
                yield _from_nobody(len(above) + 1)


def _canonical_systems(found: AutonomousSystems) -> bool:
    """``X509v3_asid_is_canonical``."""
    return all(
        _canonical_numbers(ranges)
        for ranges in (found.numbers, found.routing_domains)
        if isinstance(ranges, tuple)
    )


def _canonical_numbers(ranges: NumberRanges) -> bool:
    """In order, apart from each other, and at least one."""
    if not ranges or any(low > high for low, high in ranges):
        return False
    pairs = pairwise(ranges)
    return all(high + 1 < low for (_, high), (low, _) in pairs)


def _covers(theirs: NumberRanges, mine: NumberRanges | None) -> bool:
    """``asid_contains``: each of mine within one of theirs, both in order."""
    at = 0
    for low, high in mine or ():
        while at < len(theirs) and theirs[at][1] < high:
            at += 1
        if at == len(theirs) or theirs[at][0] > low:
            return False
    return True


def _check_addresses(
    own: tuple[AddressFamily, ...],
    above: Sequence[tuple[AddressFamily, ...] | None],
    release: Release,
) -> Events:
    """``addr_validate_path_internal``."""
    lengths_count = "address-family-length-checked" in release
    if not _canonical_families(own, release):
        yield _not_canonical(0)
    held = list(own)
    last: tuple[AddressFamily, ...] | None = own
    for depth, last in enumerate(above, start=1):
        if last is None:
            for family in held:
                if lengths_count and not _has_length(family):
                    yield _UNSAID
                    return
                if not isinstance(family.ranges, Inherited):
                    yield _unnested(depth)
                    break
            continue
        if not _canonical_families(last, release):
            yield _not_canonical(depth)
        theirs = {item.family: item for item in reversed(last)}
        for at, family in enumerate(held):
            parent = theirs.get(family.family)
            if parent is None:
                if not isinstance(family.ranges, Inherited):
                    yield _unnested(depth)
                    break
                continue
            if lengths_count and not _has_length(family):
                yield _UNSAID
                return
            if isinstance(parent.ranges, Inherited):
                continue
            if isinstance(family.ranges, Inherited) or _contains(
                parent, family, unwritten="unwritable-address-is-covered" in release
            ):
                held[at] = parent
            else:
                yield _unnested(depth)
    for item in last or ():
        if lengths_count and not _has_length(item):
            yield _UNSAID
            return
        if isinstance(item.ranges, Inherited) and any(
            item.family == family.family for family in held
        ):
            yield _from_nobody(len(above) + 1)


_UNSAID: Final = Objection("resources.family-of-odd-length", 1, 0)
"""It ends with no error set, which becomes X509_V_ERR_UNSPECIFIED."""


def _has_length(family: AddressFamily) -> bool:
    """``IPAddressFamily_check_len``: AFI, or AFI and SAFI."""
    return len(family.family) in (2, 3)


def _address_length(family: AddressFamily) -> int:
    if len(family.family) < 2:
        return 0
    return _LENGTHS.get(int.from_bytes(family.family[:2], "big"), 0)


def _canonical_families(families: tuple[AddressFamily, ...], release: Release) -> bool:
    """``X509v3_addr_is_canonical``."""
    lengths_count = "address-family-length-checked" in release
    if lengths_count and len(families) > 1 and not all(map(_has_length, families)):
        return False
    if any(one.family >= other.family for one, other in pairwise(families)):
        return False
    return all(
        _canonical_ranges(item.ranges, _address_length(item), release)
        and (_has_length(item) or not lengths_count)
        for item in families
        if not isinstance(item.ranges, Inherited)
    )


def _canonical_ranges(
    ranges: tuple[AddressRange, ...], length: int, release: Release
) -> bool:
    """In order, apart from each other, prefixes where they can be, and at least one.

    A single prefix, or the last one, is not written out and so is never refused.
    """
    if not ranges:
        return False
    any_range = "range-need-not-be-a-prefix" in release
    for one, other in pairwise(ranges):
        mine, next_one = _ends(one, length), _ends(other, length)
        if mine is None or next_one is None:
            return False
        if mine[0] >= next_one[0] or mine[0] > mine[1] or next_one[0] > next_one[1]:
            return False
        if _number(mine[1]) >= _number(next_one[0]) - 1:
            return False
        if one.high is not None and _is_prefix(mine) and not any_range:
            return False
    if ranges[-1].high is None:
        return True
    ends = _ends(ranges[-1], length)
    if ends is None or ends[0] > ends[1]:
        return False
    return any_range or not _is_prefix(ends)


def _number(address: bytes) -> int:
    return int.from_bytes(address, "big")


def _is_prefix(ends: Ends) -> bool:
    """``range_should_be_prefix``: the ends differ in their last bits alone, all of
    them, from all zeros to all ones."""
    low, high = map(_number, ends)
    differing = low ^ high
    return differing & (differing + 1) == 0 and low & differing == 0


def _written(bits: Bits, length: int, fill: int) -> bytes | None:
    """``addr_expand``: an address written out, or None if it is too long."""
    if len(bits.octets) > length:
        return None
    octets = bits.octets
    if octets and bits.unused:
        rest = 0xFF >> (8 - bits.unused)
        last = octets[-1] | rest if fill else octets[-1] & ~rest
        octets = octets[:-1] + bytes((last,))
    return octets + bytes((fill,)) * (length - len(octets))


def _ends(item: AddressRange, length: int) -> Ends | None:
    """``extract_min_max``."""
    low = _written(item.low, length, 0x00)
    high = _written(item.low if item.high is None else item.high, length, 0xFF)
    return None if low is None or high is None else (low, high)


def _contains(parent: AddressFamily, child: AddressFamily, *, unwritten: bool) -> bool:
    """``addr_contains``: each of the child's within one of the parent's, in order;
    ``unwritten`` is its answer for one of the child's that has no written form."""
    assert not isinstance(parent.ranges, Inherited)
    assert not isinstance(child.ranges, Inherited)
    length = _address_length(child)
    at = 0
    for item in child.ranges:
        mine = _ends(item, length)
        if mine is None:
            return unwritten
        while True:
            if at == len(parent.ranges):
                return False
            theirs = _ends(parent.ranges[at], length)
            if theirs is None:
                return False
            if theirs[1] >= mine[1]:
                break
            at += 1
        if theirs[0] > mine[0]:
            return False
    return True
