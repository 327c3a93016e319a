"""A store whose objects are sorted by a comparison that is none, and what it finds.

Before 3.0.10 and 3.1.2 an empty name compares as less than any other, and any other
as less than it (``X509_NAME_cmp`` answers -2 for both). Then it depends on the order of
loading and on the sort what a lookup finds; the sort is glibc's ``qsort``, a merge
sort.

Source: ``x509_store_add``, ``X509_OBJECT_retrieve_match``, ``x509_object_cmp``
(x509_lu.c), ``internal_find`` (stack.c), ``ossl_bsearch``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Generic, TypeVar

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Kind(IntEnum):
    """``X509_LOOKUP_TYPE``, by which objects are compared first."""

    CERTIFICATE = 1
    CRL = 2


@dataclass(frozen=True, slots=True, eq=False)
class Stored(Generic[T_co]):
    """An object to be stored: its canonical name, and which it is."""

    kind: Kind
    name: bytes
    fingerprint: str
    item: T_co


def found(objects: Sequence[Stored[T]]) -> dict[tuple[Kind, bytes], list[T]]:
    """What a lookup of each kind and name finds, once these are added in order."""
    kept: list[Stored[T]] = []
    is_sorted = True
    for added in objects:
        if not is_sorted:
            kept, is_sorted = _sorted(kept), True
        alike = _like(added, kept)
        if not any(item.fingerprint == added.fingerprint for item in alike):
            kept.append(added)
            is_sorted = False
    if not is_sorted:
        kept = _sorted(kept)
    return {
        (wanted.kind, wanted.name): [item.item for item in _like(wanted, kept)]
        for wanted in objects
    }


def _compare(one: Stored[T], other: Stored[T]) -> int:
    """``x509_object_cmp``: longer canonical names are greater."""
    if one.kind is not other.kind:
        return one.kind - other.kind
    if one.name == other.name:
        return 0
    if not one.name or not other.name:
        return -2
    if len(one.name) != len(other.name):
        return len(one.name) - len(other.name)
    return 1 if one.name > other.name else -1


def _sorted(objects: list[Stored[T]]) -> list[Stored[T]]:
    """A merge sort that splits in the middle and prefers the left."""
    if len(objects) < 2:
        return objects
    middle = len(objects) // 2
    left, right = _sorted(objects[:middle]), _sorted(objects[middle:])
    merged = []
    while left and right:
        first = left if _compare(left[0], right[0]) <= 0 else right
        merged.append(first.pop(0))
    return merged + left + right


def _like(wanted: Stored[T], objects: list[Stored[T]]) -> list[Stored[T]]:
    """The run of equals that a binary search comes upon."""
    low, high = 0, len(objects)
    while low < high:
        at = (low + high) // 2
        way = _compare(wanted, objects[at])
        if way == 0:
            return _run(wanted, objects, at)
        if way < 0:
            high = at
        else:
            low = at + 1
    return []


def _run(wanted: Stored[T], objects: list[Stored[T]], at: int) -> list[Stored[T]]:
    while at > 0 and _compare(wanted, objects[at - 1]) == 0:
        at -= 1
    end = at
    while end < len(objects) and _compare(wanted, objects[end]) == 0:
        end += 1
    return objects[at:end]
