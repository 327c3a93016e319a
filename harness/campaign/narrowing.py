"""What is left out of a sighting to see whether it still shows: flag sets, and bits."""

from collections.abc import Iterator, Sequence

from harness.campaign.sighting import Check, Seen
from harness.flags import Flags


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
