"""Under which flags two targets are asked, and how likely users meet a flag set.

Both sides are asked under the same flag sets. Then each side's row under its own
defaults, as they are and with CRL checks added, stands against the other's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from harness.case import Role
from harness.diff.side import Side
from harness.flags import (
    CRL_CHECK_ALL,
    CRL_CHECK_CHAIN,
    CRL_CHECK_LEAF,
    DEFAULT,
    DOCUMENTED,
    PRESETS,
    X509_TRUSTED_FIRST,
    Flags,
)

ADDED: Final = (DEFAULT, CRL_CHECK_LEAF, CRL_CHECK_CHAIN)
"""What users add to the flags of a default context."""


class Tier(IntEnum):
    """How far a flag set is from what users have, nearest first."""

    DEFAULTS = 0
    """The default flags of one of the two."""
    ONE = 1
    """One documented flag more."""
    SEVERAL = 2
    """Several documented flags more."""
    RAW = 3
    """A bit that Python has no name for."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Each side's own defaults with the same flags added."""

    one: Flags
    two: Flags
    added: Flags


@dataclass(frozen=True, slots=True)
class Settings:
    """The flag sets of a comparison in one role."""

    one: Flags
    """The default flags of the first side."""
    two: Flags

    @classmethod
    def of(cls, one: Side, two: Side, role: Role) -> "Settings":
        """Those of two sides; a side that shows no defaults has the other's, or none
        but TRUSTED_FIRST, which cannot be cleared."""
        first, second = one.default(role), two.default(role)
        usual = X509_TRUSTED_FIRST
        return cls(first or second or usual, second or first or usual)

    @property
    def own(self) -> tuple[Setting, ...]:
        """Where each side is taken as it comes; nothing where both come alike."""
        if self.one == self.two:
            return ()
        return tuple(Setting(self.one | it, self.two | it, it) for it in ADDED)

    @property
    def flag_sets(self) -> tuple[Flags, ...]:
        """What every case is asked under, of both sides: both defaults and all that
        lies between them, and the presets, each as it is and with ``ADDED``."""
        bases = (*between(self.one, self.two), *map(Flags, PRESETS.values()))
        return tuple(dict.fromkeys(base | it for base in bases for it in ADDED))

    def tier(self, flags: Flags) -> Tier:
        """How far these flags are from either default."""
        return min(self._beyond(flags, base) for base in self._bases)

    def size(self, flags: Flags) -> tuple[int, int]:
        """Sorts flag sets: by tier, then by their bits beyond a default."""
        beyond = min(
            (flags | X509_TRUSTED_FIRST).without(base).bits.bit_count()
            for base in self._bases
            if base in flags | X509_TRUSTED_FIRST
        )
        return self.tier(flags), beyond

    @property
    def _bases(self) -> tuple[Flags, ...]:
        """Both defaults, and what every constructor sets, ``SSLContext`` itself too."""
        return (self.one, self.two, X509_TRUSTED_FIRST)

    def _beyond(self, flags: Flags, base: Flags) -> Tier:
        """The tier of flags beside that default. Clearing TRUSTED_FIRST does nothing;
        what else of a default is cleared is a flag changed like one added."""
        changed = (flags | X509_TRUSTED_FIRST) ^ base
        count = 0
        if CRL_CHECK_LEAF in changed:
            changed, count = changed.without(CRL_CHECK_CHAIN), 1
        if CRL_CHECK_ALL in changed:
            return Tier.RAW
        for bits in DOCUMENTED.values():
            if changed & bits:
                changed, count = changed.without(bits), count + 1
        if changed:
            return Tier.RAW
        return Tier(min(count, Tier.SEVERAL))


def between(one: Flags, two: Flags) -> tuple[Flags, ...]:
    """Every flag set from one to the other: both, and those with some of the bits in
    which they differ turned over, fewest first."""
    found = [one]
    for bit in bits_of(one ^ two):
        found += [flags ^ bit for flags in found]
    return tuple(sorted(found, key=lambda flags: (flags ^ one).bits.bit_count()))


def bits_of(flags: Flags) -> Iterator[Flags]:
    """Each bit by itself, the lowest first."""
    for place in range(flags.bits.bit_length()):
        if flags.bits >> place & 1:
            yield Flags(1 << place)
