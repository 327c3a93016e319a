"""Certificate policies and Internet number resources as DER.

Every function raises ``SpecError``, with the value, for what has no encoding.
"""

import ipaddress
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from typing import Final

from harness.pki import der, identifiers
from harness.pki.encode_name import oid
from harness.pki.spec import CertificateSpec, SpecError
from harness.pki.spec_policies import (
    INHERIT,
    SERIES,
    AddressBlocksSpec,
    AddressFamilySpec,
    AutonomousSystemsSpec,
    PoliciesSpec,
    PolicyConstraintsSpec,
    PolicyMappingsSpec,
    PolicySpec,
)

_NUMBERS: Final = re.compile(r"(-?[0-9]+)(?:-(-?[0-9]+))?")
"""A number, or a range of two; either may be negative, on purpose."""


def _policy(spec: PolicySpec) -> bytes:
    qualifiers = []
    if spec.cps is not None:
        pointer = der.tlv(der.IA5_STRING, spec.cps.encode())
        qualifiers.append(der.sequence(oid(identifiers.QUALIFIER_CPS), pointer))
    if spec.notice is not None:
        notice = der.sequence(der.tlv(der.UTF8_STRING, spec.notice.encode()))
        qualifiers.append(der.sequence(oid(identifiers.QUALIFIER_NOTICE), notice))
    listed = der.sequence(*qualifiers) if qualifiers else b""
    return der.sequence(oid(spec.policy), listed)


def _series(count: int) -> list[str]:
    return [f"{SERIES}.{number}" for number in range(count)]


@lru_cache(maxsize=256)
def policies(spec: PoliciesSpec) -> bytes:
    """CertificatePolicies (RFC 5280, 4.2.1.4)."""
    more = (PolicySpec(policy) for policy in _series(spec.series))
    return der.sequence(*map(_policy, (*spec.policies, *more)))


@lru_cache(maxsize=256)
def mappings(spec: PolicyMappingsSpec) -> bytes:
    """PolicyMappings (RFC 5280, 4.2.1.5)."""
    named = _series(spec.series)
    pairs = (*spec.pairs, *product(named, named))
    return der.sequence(*(der.sequence(*map(oid, pair)) for pair in pairs))


def constraints(spec: PolicyConstraintsSpec) -> bytes:
    """PolicyConstraints (RFC 5280, 4.2.1.11)."""
    return der.sequence(
        *(
            der.implicit(tag, der.integer_content(value))
            for tag, value in enumerate((spec.require_explicit, spec.inhibit_mapping))
            if value is not None
        )
    )


def _bits(address: bytes, drop: int) -> bytes:
    """A BIT STRING of an address without its last bits."""
    used = len(address) * 8 - drop
    octets = (used + 7) // 8
    number = int.from_bytes(address[:octets], "big")
    unused = octets * 8 - used
    return der.bit_string((number >> unused << unused).to_bytes(octets, "big"), unused)


def _trailing(number: int, bit: int, length: int) -> int:
    """How many of the number's last bits are ``bit``."""
    count = 0
    while count < length and number >> count & 1 == bit:
        count += 1
    return count


def _address_range(text: str) -> bytes:
    """IPAddressOrRange (RFC 3779, 2.2.3.7): the ends of a range without the zeros, or
    the ones, that it stops with."""
    low, dash, high = text.partition("-")
    try:
        if not dash:
            network = ipaddress.ip_network(text)
            packed = network.network_address.packed
            return _bits(packed, len(packed) * 8 - network.prefixlen)
        ends = [ipaddress.ip_address(end) for end in (low, high)]
    except ValueError as error:
        raise SpecError(f"addresses {text!r}: {error}") from error
    return der.sequence(
        *(
            _bits(end.packed, _trailing(int(end), bit, end.max_prefixlen))
            for bit, end in enumerate(ends)
        )
    )


def _family(spec: AddressFamilySpec) -> bytes:
    if spec.ranges == INHERIT:
        choice = der.tlv(der.NULL, b"")
    else:
        choice = der.sequence(*map(_address_range, spec.ranges))
    return der.sequence(der.octet_string(spec.family), choice)


def address_blocks(spec: AddressBlocksSpec) -> bytes:
    """IPAddrBlocks (RFC 3779, 2.2.3)."""
    return der.sequence(*map(_family, spec.families))


def _number_range(text: str) -> bytes:
    match = _NUMBERS.fullmatch(text)
    if match is None:
        raise SpecError(f"numbers {text!r}: neither a number nor two with a dash")
    low, high = match.groups()
    number = der.integer(int(low))
    return number if high is None else der.sequence(number, der.integer(int(high)))


def autonomous_systems(spec: AutonomousSystemsSpec) -> bytes:
    """ASIdentifiers (RFC 3779, 3.2.3)."""
    parts = []
    for tag, listed in enumerate((spec.numbers, spec.routing_domains)):
        if listed == INHERIT:
            parts.append(der.explicit(tag, der.tlv(der.NULL, b"")))
        elif listed is not None:
            parts.append(der.explicit(tag, der.sequence(*map(_number_range, listed))))
    return der.sequence(*parts)


def of_certificate(spec: CertificateSpec) -> Iterator[tuple[str, bool, bytes]]:
    """These extensions of a certificate: OID, criticality and value, in order."""
    if (named := spec.policies) is not None:
        yield identifiers.POLICIES, named.critical, policies(named)
    if (mapped := spec.policy_mappings) is not None:
        yield identifiers.POLICY_MAPPINGS, mapped.critical, mappings(mapped)
    if (limits := spec.policy_constraints) is not None:
        yield identifiers.POLICY_CONSTRAINTS, limits.critical, constraints(limits)
    if (inhibited := spec.inhibit_any_policy) is not None:
        skip = der.integer(inhibited.skip)
        yield identifiers.INHIBIT_ANY_POLICY, inhibited.critical, skip
    if (blocks := spec.addresses) is not None:
        yield identifiers.ADDRESS_BLOCKS, blocks.critical, address_blocks(blocks)
    if (systems := spec.autonomous_systems) is not None:
        value = autonomous_systems(systems)
        yield identifiers.AUTONOMOUS_SYSTEMS, systems.critical, value
