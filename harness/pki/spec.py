"""The scenario: what we ask for. ``strategies`` draws it, ``issue`` signs it.

A certificate is an *edge* between two entities, and an entity is a name *and* a key,
independently: cross-signing, the same name with another key, key rollover and loops
are ordinary values. Every default is the plain valid choice, so a scenario states only
its departures. Times are seconds relative to ``now``.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from harness.case import PemLabel, Role, Source, TlsVersion
from harness.facts import NameKind
from harness.pki.spec_edits import EditSpec
from harness.pki.spec_policies import (
    AddressBlocksSpec,
    AutonomousSystemsSpec,
    InhibitAnySpec,
    PoliciesSpec,
    PolicyConstraintsSpec,
    PolicyMappingsSpec,
)

HOUR: Final = 3600
DAY: Final = 24 * HOUR
YEAR: Final = 365 * DAY


class SpecError(ValueError):
    """A scenario that cannot be issued; the message shows the value and its place."""


class StringType(StrEnum):
    """The ASN.1 string type of a name's value."""

    UTF8 = "UTF8String"
    PRINTABLE = "PrintableString"
    IA5 = "IA5String"
    TELETEX = "TeletexString"
    BMP = "BMPString"


@dataclass(frozen=True, slots=True)
class AttributeSpec:
    """One attribute of a name: a dotted OID or a short name (CN, O, OU, C, E)."""

    value: str
    type: str = "CN"
    string: StringType = StringType.UTF8
    raw: bytes | None = None
    """The value's whole encoding instead: what no string type can say."""


@dataclass(frozen=True, slots=True)
class NameSpec:
    """A distinguished name as relative distinguished names; empty for no name."""

    rdns: tuple[tuple[AttributeSpec, ...], ...] = ()

    @classmethod
    def cn(cls, value: str, string: StringType = StringType.UTF8) -> "NameSpec":
        """A name of one commonName."""
        return cls(((AttributeSpec(value, string=string),),))

    def plus(self, value: str) -> "NameSpec":
        """This name with one more commonName RDN, as a proxy's subject has."""
        return NameSpec((*self.rdns, (AttributeSpec(value),)))


@dataclass(frozen=True, slots=True)
class Entity:
    """A name and a key of the pool (``harness.pki.keys.POOL``)."""

    name: NameSpec
    key: str


@dataclass(frozen=True, slots=True)
class GeneralNameSpec:
    """A GeneralName. ``value`` is text (an IP address, with a prefix in constraints);
    ``directory`` is used for a directoryName; ``raw`` replaces the content octets."""

    kind: NameKind
    value: str = ""
    directory: NameSpec | None = None
    raw: bytes | None = None

    @classmethod
    def dns(cls, value: str) -> "GeneralNameSpec":
        """A dNSName."""
        return cls(NameKind.DNS, value)

    @classmethod
    def uri(cls, value: str) -> "GeneralNameSpec":
        """A uniformResourceIdentifier."""
        return cls(NameKind.URI, value)

    @classmethod
    def dir(cls, name: NameSpec) -> "GeneralNameSpec":
        """A directoryName."""
        return cls(NameKind.DIRECTORY, directory=name)


@dataclass(frozen=True, slots=True)
class BasicConstraintsSpec:
    """basicConstraints; ``path_length`` may be negative (malformed on purpose)."""

    ca: bool
    path_length: int | None = None
    critical: bool = True


@dataclass(frozen=True, slots=True)
class KeyUsageSpec:
    """keyUsage by RFC 5280 names (digitalSignature, keyCertSign, cRLSign, …)."""

    bits: frozenset[str]
    critical: bool = True


@dataclass(frozen=True, slots=True)
class ExtendedKeyUsageSpec:
    """extKeyUsage: serverAuth, clientAuth, emailProtection, codeSigning,
    anyExtendedKeyUsage, or dotted OIDs."""

    purposes: tuple[str, ...]
    critical: bool = False


class KeyId(StrEnum):
    """Where a key identifier comes from."""

    ABSENT = "absent"
    OWN = "own"
    """The right one: SHA-1 of the key (of the subject for SKI, the issuer for AKI)."""
    OTHER = "other"
    """A well-formed identifier of no key in the scenario."""
    EMPTY = "empty"
    """AKI: an empty SEQUENCE; SKI: an empty OCTET STRING."""


@dataclass(frozen=True, slots=True)
class SubjectKeyIdSpec:
    """subjectKeyIdentifier."""

    key_id: KeyId = KeyId.OWN
    critical: bool = False


@dataclass(frozen=True, slots=True)
class AuthorityKeyIdSpec:
    """authorityKeyIdentifier. ``key`` names the pool key the identifier is of, where
    it is not the issuer's; ``issuer`` and ``serial`` add the other two fields."""

    key_id: KeyId = KeyId.OWN
    key: str | None = None
    issuer: NameSpec | None = None
    serial: int | None = None
    critical: bool = False


@dataclass(frozen=True, slots=True)
class SubtreeSpec:
    """A GeneralSubtree."""

    base: GeneralNameSpec
    minimum: int = 0
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class NameConstraintsSpec:
    """nameConstraints."""

    permitted: tuple[SubtreeSpec, ...] = ()
    excluded: tuple[SubtreeSpec, ...] = ()
    critical: bool = True


@dataclass(frozen=True, slots=True)
class PointSpec:
    """A distribution point, of a certificate or (issuing) of a CRL.

    ``full`` names the point; ``relative`` is a fragment instead; ``reasons`` are
    RFC 5280 names (keyCompromise, …); ``crl_issuer`` is for certificates only.
    """

    full: tuple[GeneralNameSpec, ...] = ()
    relative: AttributeSpec | None = None
    reasons: frozenset[str] | None = None
    crl_issuer: tuple[GeneralNameSpec, ...] = ()


@dataclass(frozen=True, slots=True)
class ProxySpec:
    """proxyCertInfo (RFC 3820)."""

    path_length: int | None = None
    language: str = "1.3.6.1.5.5.7.21.1"
    critical: bool = True


@dataclass(frozen=True, slots=True)
class RawExtension:
    """An extension given by its bytes; replaces one of the same OID unless
    ``duplicate``, which leaves both."""

    oid: str
    value: bytes
    critical: bool = False
    duplicate: bool = False


@dataclass(frozen=True, slots=True)
class CertificateSpec:
    """A certificate: ``issuer`` signs a statement about ``subject``."""

    label: str
    subject: Entity
    issuer: Entity
    serial: int | None = None
    """None draws a positive one of 8 octets from the seed and the label."""
    version: int = 3
    not_before: int = -YEAR
    not_after: int = 10 * YEAR
    basic_constraints: BasicConstraintsSpec | None = None
    key_usage: KeyUsageSpec | None = None
    extended_key_usage: ExtendedKeyUsageSpec | None = None
    subject_key_id: SubjectKeyIdSpec = SubjectKeyIdSpec()
    authority_key_id: AuthorityKeyIdSpec = AuthorityKeyIdSpec()
    subject_alt_name: tuple[GeneralNameSpec, ...] | None = None
    san_critical: bool = False
    name_constraints: NameConstraintsSpec | None = None
    distribution_points: tuple[PointSpec, ...] = ()
    proxy: ProxySpec | None = None
    policies: PoliciesSpec | None = None
    policy_mappings: PolicyMappingsSpec | None = None
    policy_constraints: PolicyConstraintsSpec | None = None
    inhibit_any_policy: InhibitAnySpec | None = None
    addresses: AddressBlocksSpec | None = None
    autonomous_systems: AutonomousSystemsSpec | None = None
    extra: tuple[RawExtension, ...] = ()
    digest: str = "sha256"
    """sha256, sha384, sha512, sha224, sha1 or md5; pss-sha256 and pss-sha1 are of PSS;
    ripemd160, dsa-sha256 and unknown are only named, and not what signs. Ignored for
    Ed25519 and Ed448."""
    signed_by: str | None = None
    """A pool key that signs in place of the issuer's: a wrong signature."""
    corrupt: bool = False
    """Flip one bit of the signature."""
    outer_digest: str | None = None
    """Write this digest's algorithm outside only: inner and outer differ."""
    public_key: bytes | None = None
    """A SubjectPublicKeyInfo, DER, in place of the one of the subject's key."""
    from_leap_day: bool = False
    """Begin on the last 29 February up to ``not_before``."""


class Reason(StrEnum):
    """CRLReason (RFC 5280, 5.3.1)."""

    UNSPECIFIED = "unspecified"
    KEY_COMPROMISE = "keyCompromise"
    CA_COMPROMISE = "cACompromise"
    AFFILIATION_CHANGED = "affiliationChanged"
    SUPERSEDED = "superseded"
    CESSATION = "cessationOfOperation"
    HOLD = "certificateHold"
    REMOVE = "removeFromCRL"
    PRIVILEGE_WITHDRAWN = "privilegeWithdrawn"
    AA_COMPROMISE = "aACompromise"


@dataclass(frozen=True, slots=True)
class RevokedSpec:
    """A CRL entry: a certificate of the scenario by label, or a serial number."""

    certificate: str | int
    reason: Reason | None = None
    certificate_issuer: NameSpec | None = None
    extra: tuple[RawExtension, ...] = ()


@dataclass(frozen=True, slots=True)
class IssuingPointSpec:
    """issuingDistributionPoint of a CRL."""

    full: tuple[GeneralNameSpec, ...] = ()
    relative: AttributeSpec | None = None
    only_user: bool = False
    only_ca: bool = False
    only_attribute: bool = False
    indirect: bool = False
    reasons: frozenset[str] | None = None
    critical: bool = True


@dataclass(frozen=True, slots=True)
class CrlSpec:
    """A CRL: ``issuer`` (name and key) states what it revoked."""

    label: str
    issuer: Entity
    this_update: int = -DAY
    next_update: int | None = YEAR
    revoked: tuple[RevokedSpec, ...] = ()
    number: int | None = 1
    number_critical: bool = False
    base_number: int | None = None
    """Makes it a delta CRL."""
    issuing_point: IssuingPointSpec | None = None
    authority_key_id: AuthorityKeyIdSpec = AuthorityKeyIdSpec()
    extra: tuple[RawExtension, ...] = ()
    version: int = 2
    digest: str = "sha256"
    signed_by: str | None = None
    corrupt: bool = False
    outer_digest: str | None = None


@dataclass(frozen=True, slots=True)
class TrustSpec:
    """A trusted certificate by label. ``trust`` and ``reject`` are purposes as in
    ``ExtendedKeyUsageSpec``; they make it a ``TRUSTED CERTIFICATE``."""

    certificate: str
    label: PemLabel = PemLabel.CERTIFICATE
    trust: tuple[str, ...] | None = None
    reject: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """A whole question: certificates, CRLs, what is sent, trusted and loaded, by whom.

    ``peer``, ``trusted`` and ``loaded`` are labels in order; a label may occur twice.
    """

    certificates: tuple[CertificateSpec, ...]
    crls: tuple[CrlSpec, ...] = ()
    peer: tuple[str, ...] = ()
    trusted: tuple[TrustSpec, ...] = ()
    loaded: tuple[str, ...] = ()
    name: str | None = None
    role: Role = Role.CLIENT
    security_level: int = 2
    source: Source = Source.CAFILE
    tls: TlsVersion = TlsVersion.TLS_1_3
    """The protocol version of this scenario's full handshake, when it gets one."""
    edits: tuple[EditSpec, ...] = ()
    """What is done to the bytes of certificates and CRLs, in this order."""
    note: str = field(default="", compare=False)

    def certificate(self, label: str) -> CertificateSpec:
        """The certificate of that label. Raises ``SpecError`` if there is none."""
        for certificate in self.certificates:
            if certificate.label == label:
                return certificate
        known = ", ".join(item.label for item in self.certificates)
        raise SpecError(f"no certificate is labelled {label!r}; there are: {known}")


CA_USAGE: Final = KeyUsageSpec(frozenset({"keyCertSign", "cRLSign"}))
EE_USAGE: Final = KeyUsageSpec(frozenset({"digitalSignature"}))


def ca(
    label: str, subject: Entity, issuer: Entity, **changes: object
) -> CertificateSpec:
    """A plain valid CA certificate, with these fields changed."""
    plain: dict[str, object] = {
        "basic_constraints": BasicConstraintsSpec(ca=True),
        "key_usage": CA_USAGE,
    }
    return CertificateSpec(label, subject, issuer, **(plain | changes))  # type: ignore[arg-type]


def end_entity(
    label: str, subject: Entity, issuer: Entity, **changes: object
) -> CertificateSpec:
    """A plain valid end entity certificate for either role, with these changes."""
    plain: dict[str, object] = {
        "basic_constraints": BasicConstraintsSpec(ca=False),
        "key_usage": EE_USAGE,
        "extended_key_usage": ExtendedKeyUsageSpec(("serverAuth", "clientAuth")),
        "subject_alt_name": (GeneralNameSpec.dns("leaf.example"),),
    }
    return CertificateSpec(label, subject, issuer, **(plain | changes))  # type: ignore[arg-type]
