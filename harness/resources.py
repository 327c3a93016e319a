"""Internet number resources that a certificate holds (RFC 3779), as facts.

Ranges are kept as they are encoded: whether their order and form are canonical is for
those who verify.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Inherited:
    """The holder has what its issuer has (RFC 3779, 2.2.3.5 and 3.2.3.3)."""


INHERITED = Inherited()


@dataclass(frozen=True, slots=True)
class Bits:
    """A BIT STRING: its octets, and how many bits of the last one are unused."""

    octets: bytes = b""
    unused: int = 0


@dataclass(frozen=True, slots=True)
class AddressRange:
    """An IPAddressOrRange (RFC 3779, 2.2.3.7): a prefix where ``high`` is None."""

    low: Bits
    high: Bits | None = None


@dataclass(frozen=True, slots=True)
class AddressFamily:
    """An IPAddressFamily (RFC 3779, 2.2.3.2). ``family`` is two octets of AFI, and one
    of SAFI where there is one, as encoded."""

    family: bytes
    ranges: tuple[AddressRange, ...] | Inherited


NumberRanges = tuple[tuple[int, int], ...]
"""Lowest and highest number of each range; equal for a single one."""


@dataclass(frozen=True, slots=True)
class AutonomousSystems:
    """ASIdentifiers (RFC 3779, 3.2.3): AS numbers and routing domain identifiers;
    None where the field is absent."""

    numbers: NumberRanges | Inherited | None = None
    routing_domains: NumberRanges | Inherited | None = None
