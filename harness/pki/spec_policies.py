"""What a scenario may say of certificate policies and of Internet number resources.

The fields of ``harness.pki.spec.CertificateSpec`` that RFC 5280 (4.2.1.4, 4.2.1.5,
4.2.1.11, 4.2.1.14) and RFC 3779 have extensions for. Policies are dotted OIDs.
"""

from dataclasses import dataclass
from typing import Final

IPV4: Final = b"\x00\x01"
IPV6: Final = b"\x00\x02"
"""Address family identifiers, as encoded."""
SERIES: Final = "1.3.6.1.4.1.55555.9"
"""The arc of numbered policies, which make large policy trees: .0, .1 and so on."""
INHERIT: Final = ("inherit",)
"""In place of ranges: what the issuer has."""


@dataclass(frozen=True, slots=True)
class PolicySpec:
    """A PolicyInformation; ``cps`` is a CPS pointer, ``notice`` the explicit text of a
    user notice."""

    policy: str
    cps: str | None = None
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class PoliciesSpec:
    """certificatePolicies; may be empty, or name a policy twice, on purpose."""

    policies: tuple[PolicySpec, ...] = ()
    critical: bool = False
    series: int = 0
    """So many policies more, the first of ``SERIES``."""

    @classmethod
    def of(cls, *policies: str) -> "PoliciesSpec":
        """These policies, without qualifiers."""
        return cls(tuple(map(PolicySpec, policies)))


@dataclass(frozen=True, slots=True)
class PolicyMappingsSpec:
    """policyMappings: pairs of issuerDomainPolicy and subjectDomainPolicy."""

    pairs: tuple[tuple[str, str], ...] = ()
    critical: bool = False
    series: int = 0
    """So many policies of ``SERIES``, each mapped to each of them, after the pairs."""


@dataclass(frozen=True, slots=True)
class PolicyConstraintsSpec:
    """policyConstraints; any number may be negative or huge, on purpose."""

    require_explicit: int | None = None
    inhibit_mapping: int | None = None
    critical: bool = False


@dataclass(frozen=True, slots=True)
class InhibitAnySpec:
    """inhibitAnyPolicy."""

    skip: int = 0
    critical: bool = False


@dataclass(frozen=True, slots=True)
class AddressFamilySpec:
    """An IPAddressFamily: prefixes (``192.0.2.0/24``) and ranges
    (``192.0.2.1-192.0.2.9``) in text, in this order, or ``INHERIT``.

    ``family`` is whatever octets; the ranges need not be of it.
    """

    family: bytes = IPV4
    ranges: tuple[str, ...] = INHERIT


@dataclass(frozen=True, slots=True)
class AddressBlocksSpec:
    """sbgp-ipAddrBlock."""

    families: tuple[AddressFamilySpec, ...] = ()
    critical: bool = True


@dataclass(frozen=True, slots=True)
class AutonomousSystemsSpec:
    """sbgp-autonomousSysNum: numbers (``64496``) and ranges (``64496-64511``) in text,
    ``INHERIT``, or None for an absent field."""

    numbers: tuple[str, ...] | None = None
    routing_domains: tuple[str, ...] | None = None
    critical: bool = True
