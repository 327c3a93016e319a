"""What the bytes of a case say: everything RFC 5280 and OpenSSL look at.

``harness.pki.read`` makes facts from bytes; the oracle reads facts and nothing else.
An extension's field is None where the extension is absent, and ``Malformed`` where it
is there and OpenSSL could not use it (undecodable, or present twice).

Times are whole seconds since the epoch. Fingerprints are SHA-256 hex digests of DER.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from harness.case import PemLabel, Role, Source
from harness.outcome import Where
from harness.resources import AddressFamily, AutonomousSystems


@dataclass(frozen=True, slots=True)
class Malformed:
    """An extension that is present and that OpenSSL cannot use; and why."""

    why: str


@dataclass(frozen=True, slots=True)
class Uncertain:
    """An extension that OpenSSL may or may not decode; and why we cannot tell."""

    why: str


@dataclass(frozen=True, slots=True)
class Attribute:
    """One AttributeTypeAndValue of a relative distinguished name."""

    oid: str
    tag: int
    """Universal tag number of the value's string type (12 is UTF8String)."""
    value: bytes
    """The content octets as encoded."""
    text: str | None
    """The value as text (``ASN1_STRING_to_UTF8``), or None if it is not a string."""


@dataclass(frozen=True, slots=True)
class Name:
    """A distinguished name.

    ``canonical`` is OpenSSL's comparison form (``x509_name_canon``): each RDN a DER
    SET, strings as UTF8String, lower case, spaces trimmed and collapsed, the outer
    SEQUENCE left out. Two names match where it is equal; empty for an empty name.
    """

    canonical: bytes
    rdns: tuple[tuple[Attribute, ...], ...] = ()

    @property
    def hash(self) -> str:
        """``X509_NAME_hash``: eight hex digits, the file name of a ``capath`` entry."""
        digest = hashlib.sha1(self.canonical, usedforsecurity=False).digest()
        return f"{int.from_bytes(digest[:4], 'little'):08x}"

    @property
    def attributes(self) -> tuple[Attribute, ...]:
        """Every attribute, in order, relative distinguished names flattened."""
        return tuple(attribute for rdn in self.rdns for attribute in rdn)


class NameKind(StrEnum):
    """The choices of GeneralName (RFC 5280, 4.2.1.6)."""

    OTHER = "otherName"
    EMAIL = "rfc822Name"
    DNS = "dNSName"
    X400 = "x400Address"
    DIRECTORY = "directoryName"
    EDI_PARTY = "ediPartyName"
    URI = "uniformResourceIdentifier"
    IP = "iPAddress"
    REGISTERED_ID = "registeredID"


@dataclass(frozen=True, slots=True)
class GeneralName:
    """A GeneralName: its choice and content octets; ``name`` for a directoryName."""

    kind: NameKind
    value: bytes
    name: Name | None = None
    type_id: str | None = None
    """The type-id of an otherName, dotted."""


@dataclass(frozen=True, slots=True)
class BasicConstraints:
    """RFC 5280, 4.2.1.9. ``path_length`` is None where the field is absent."""

    ca: bool
    path_length: int | None = None


@dataclass(frozen=True, slots=True)
class AuthorityKeyId:
    """RFC 5280, 4.2.1.1."""

    key_id: bytes | None = None
    issuer: tuple[GeneralName, ...] | None = None
    serial: int | None = None


@dataclass(frozen=True, slots=True)
class Subtree:
    """A GeneralSubtree (RFC 5280, 4.2.1.10)."""

    base: GeneralName
    minimum: int | None = None
    """None where absent, which means zero."""
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class NameConstraints:
    """RFC 5280, 4.2.1.10."""

    permitted: tuple[Subtree, ...] = ()
    excluded: tuple[Subtree, ...] = ()


@dataclass(frozen=True, slots=True)
class PointName:
    """A DistributionPointName: full, or relative to an issuer (RFC 5280, 4.2.1.13).

    For a relative name, ``relative`` is the whole name after appending the fragment
    to the issuer it is relative to, as OpenSSL's ``DIST_POINT_set_dpname`` does, or
    None if it could not be made.
    """

    full: tuple[GeneralName, ...] | None = None
    relative: Name | None = None


@dataclass(frozen=True, slots=True)
class DistributionPoint:
    """One entry of cRLDistributionPoints (RFC 5280, 4.2.1.13).

    ``reasons`` is OpenSSL's mask (first octet, second octet shifted by 8), None where
    the field is absent.
    """

    point: PointName | None = None
    reasons: int | None = None
    crl_issuer: tuple[GeneralName, ...] = ()


@dataclass(frozen=True, slots=True)
class IssuingPoint:
    """issuingDistributionPoint of a CRL (RFC 5280, 5.2.5)."""

    point: PointName | None = None
    only_user: bool = False
    only_ca: bool = False
    only_attribute: bool = False
    indirect: bool = False
    reasons: int | None = None
    """As in a distribution point."""
    names_no_reason: bool = False
    """onlySomeReasons is there, and has no octet: not even one of no bit."""


@dataclass(frozen=True, slots=True)
class ProxyInfo:
    """proxyCertInfo (RFC 3820, 3.8). ``path_length`` None means no limit."""

    path_length: int | None = None
    language: str = "1.3.6.1.5.5.7.21.1"


@dataclass(frozen=True, slots=True)
class PolicyConstraints:
    """policyConstraints (RFC 5280, 4.2.1.11); None where a field is absent."""

    require_explicit: int | None = None
    inhibit_mapping: int | None = None


@dataclass(frozen=True, slots=True)
class Extension:
    """An extension's type and criticality, in the order of the certificate or CRL."""

    oid: str
    critical: bool


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """A public key. ``security_bits`` as ``EVP_PKEY_get_security_bits`` counts them."""

    algorithm: str
    """OpenSSL's type name: ``RSA``, ``RSA-PSS``, ``EC``, ``ED25519``, ``DSA``…"""
    bits: int
    security_bits: int
    fingerprint: str
    """Of the SubjectPublicKeyInfo."""
    explicit_parameters: bool = False
    """EC domain parameters written out instead of a named curve."""
    inherits: bool = False
    """DSA without domain parameters: they are its issuer's (RFC 3279, 2.3.2)."""
    negative: bool = False
    """RSA: a number whose sign bit is set, which counts as if there were no sign."""
    curve: str | None = None
    """The OID of an EC key's curve, by whichever way it is given."""


@dataclass(frozen=True, slots=True)
class SignatureAlgorithm:
    """What an AlgorithmIdentifier of a signature names.

    ``key_algorithm`` is the key type OpenSSL expects (``OBJ_find_sigid_algs``), None
    for an algorithm it does not know; ``security_bits`` as ``x509_sig_info_init``
    counts them, -1 where it cannot.
    """

    oid: str
    key_algorithm: str | None
    digest: str | None
    security_bits: int


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate says. Key usage and Netscape type are OpenSSL's bit masks."""

    fingerprint: str
    version: int
    """1, 2 or 3, as RFC 5280 counts."""
    serial: int
    issuer: Name
    subject: Name
    not_before: int
    not_after: int
    key: KeyFacts | None
    """None where OpenSSL cannot decode the key."""
    inner_algorithm: SignatureAlgorithm
    """``tbsCertificate.signature``."""
    outer_algorithm: SignatureAlgorithm
    algorithms_equal: bool
    """Inner and outer AlgorithmIdentifier compare equal (``X509_ALGOR_cmp``)."""
    extensions: tuple[Extension, ...] = ()
    basic_constraints: BasicConstraints | Malformed | None = None
    key_usage: int | Malformed | None = None
    extended_key_usage: tuple[str, ...] | Malformed | None = None
    netscape_type: int | Malformed | None = None
    subject_key_id: bytes | Malformed | None = None
    authority_key_id: AuthorityKeyId | Malformed | None = None
    subject_alt_name: tuple[GeneralName, ...] | Malformed | None = None
    name_constraints: NameConstraints | Malformed | None = None
    distribution_points: tuple[DistributionPoint, ...] | Malformed | None = None
    proxy: ProxyInfo | Malformed | None = None
    policies: tuple[str, ...] | Malformed | Uncertain | None = None
    """certificatePolicies: the policies' OIDs, in order."""
    policy_mappings: tuple[tuple[str, str], ...] | Malformed | Uncertain | None = None
    """Pairs of issuerDomainPolicy and subjectDomainPolicy, in order."""
    policy_constraints: PolicyConstraints | Malformed | Uncertain | None = None
    inhibit_any_policy: int | Malformed | Uncertain | None = None
    addresses: tuple[AddressFamily, ...] | Malformed | None = None
    autonomous_systems: AutonomousSystems | Malformed | None = None


@dataclass(frozen=True, slots=True)
class TrustedCertificate:
    """A trusted item: the certificate and its trust settings (``X509_CERT_AUX``).

    ``trust`` and ``reject`` are purpose OIDs; None where no such list is given.
    """

    certificate: Certificate
    label: PemLabel = PemLabel.CERTIFICATE
    trust: tuple[str, ...] | None = None
    reject: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Revoked:
    """One entry of a CRL. ``reason`` is the CRLReason, None where absent."""

    serial: int
    reason: int | Malformed | None = None
    certificate_issuer: tuple[GeneralName, ...] | Malformed | None = None
    extensions: tuple[Extension, ...] = ()
    malformed_invalidity_date: bool = False
    """One of its invalidityDates is no GeneralizedTime."""


@dataclass(frozen=True, slots=True)
class Crl:
    """What a CRL says; ``issuer`` is its CRL issuer's name, ``entries`` in order."""

    fingerprint: str
    issuer: Name
    this_update: int
    next_update: int | None
    inner_algorithm: SignatureAlgorithm
    """``tbsCertList.signature``."""
    outer_algorithm: SignatureAlgorithm
    algorithms_equal: bool
    version: int = 2
    authority_key_id: AuthorityKeyId | Malformed | None = None
    issuing_point: IssuingPoint | Malformed | None = None
    number: int | Malformed | None = None
    base_number: int | Malformed | None = None
    """deltaCRLIndicator's BaseCRLNumber."""
    extensions: tuple[Extension, ...] = ()
    entries: tuple[Revoked, ...] = ()
    raw_authority_key_id: bytes | None = None
    """The extension's octets, compared by ``check_delta_base``."""
    raw_issuing_point: bytes | None = None


class Signature(StrEnum):
    """Whether an item's signature verifies under a key."""

    GOOD = "good"
    BAD = "bad"
    UNKNOWN = "unknown"
    """Could not be computed here: no statement about what OpenSSL finds."""


@dataclass(frozen=True, slots=True)
class LooseCertificate:
    """What can be said of a certificate that could not be read: enough for the laws
    of an accepted path."""

    fingerprint: str
    """Of the certificate as OpenSSL writes it, as far as we know."""
    key: str | None
    """The fingerprint of its SubjectPublicKeyInfo; None where that is unreadable."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An item that could not be read, and why.

    ``undecodable`` is True where OpenSSL is known to refuse these bytes too.
    """

    where: Where
    index: int
    why: str
    undecodable: bool = False
    loosely: LooseCertificate | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of a case. ``signatures`` is asked through ``verifies``."""

    peer: tuple[Certificate, ...]
    trusted: tuple[TrustedCertificate, ...]
    crls: tuple[Crl, ...] = ()
    name: str | None = None
    role: Role = Role.CLIENT
    security_level: int = 2
    source: Source = Source.CAFILE
    signatures: Mapping[str, Signature] = field(default_factory=dict)
    """By ``ITEM:KEY``: the fingerprints of the item and of the signer's key."""
    unreadable: tuple[Unreadable, ...] = ()

    def verifies(self, item: Certificate | Crl, signer: Certificate) -> Signature:
        """Whether the item's signature verifies under the signer's public key."""
        if signer.key is None:
            return Signature.BAD
        key = f"{item.fingerprint}:{signer.key.fingerprint}"
        return self.signatures.get(key, Signature.UNKNOWN)
