"""Fewer flag sets: of a sweep, and of a sighting to see whether it still shows."""

from collections.abc import Iterator, Sequence
from typing import Final

from harness.campaign.sighting import Check, Seen
from harness.flags import Flags

HANDSHAKE_SETS: Final = 4
"""Flag sets of a sampled handshake."""


def fewer_sets(sighting: Seen) -> Iterator[tuple[Flags, ...]]:
    """Smaller choices of flag sets that may show the finding."""
    if sighting.mode.check is Check.WAYS:
        for flags in sighting.flags:
            yield (flags,)


def bits_of(flags: Sequence[Flags]) -> Iterator[Flags]:
    """The bits that any of them has, each alone, the highest first."""
    union = 0
    for item in flags:
        union |= item.bits
    for place in reversed(range(union.bit_length())):
        if union >> place & 1:
            yield Flags(1 << place)


def few(sweep: tuple[Flags, ...], offset: int) -> tuple[Flags, ...]:
    """A few flag sets spread over the sweep, other ones for another offset."""
    count = min(HANDSHAKE_SETS, len(sweep))
    step = len(sweep) / count
    places = {(int(index * step) + offset) % len(sweep) for index in range(count)}
    return tuple(sweep[place] for place in sorted(places))
