"""What OpenSSL keeps about a certificate and a CRL before it verifies anything.

Source: ``ossl_x509v3_cache_extensions`` (v3_purp.c) and ``crl_cb`` (x_crl.c).
"""

from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

from harness.facts import (
    AuthorityKeyId,
    BasicConstraints,
    Certificate,
    Crl,
    DistributionPoint,
    IssuingPoint,
    KeyFacts,
    Malformed,
)
from harness.oracle.releases.matching import (
    akid_matches,
    algorithm_matches,
    directory_names,
)
from harness.oracle.releases.release import Release

KU_DIGITAL_SIGNATURE: Final = 0x80
KU_KEY_ENCIPHERMENT: Final = 0x20
KU_KEY_AGREEMENT: Final = 0x08
KU_KEY_CERT_SIGN: Final = 0x04
KU_CRL_SIGN: Final = 0x02
KU_ABSENT: Final = 0xFFFFFFFF
"""``ex_kusage`` where the extension is absent: every usage is allowed."""

NS_SSL_CLIENT: Final = 0x80
NS_SSL_SERVER: Final = 0x40
NS_SSL_CA: Final = 0x04
NS_ANY_CA: Final = 0x07

ALL_REASONS: Final = 0x807F
"""``CRLDP_ALL_REASONS`` (x509v3.h)."""

REMOVE_FROM_CRL: Final = 8

SUPPORTED: Final = frozenset(
    {
        "2.16.840.1.113730.1.1",  # nsCertType
        "2.5.29.15",  # keyUsage
        "2.5.29.17",  # subjectAltName
        "2.5.29.19",  # basicConstraints
        "2.5.29.32",  # certificatePolicies
        "2.5.29.31",  # cRLDistributionPoints
        "2.5.29.37",  # extKeyUsage
        "1.3.6.1.5.5.7.1.7",  # sbgp-ipAddrBlock
        "1.3.6.1.5.5.7.1.8",  # sbgp-autonomousSysNum
        "2.5.29.36",  # policyConstraints
        "1.3.6.1.5.5.7.1.14",  # proxyCertInfo
        "2.5.29.30",  # nameConstraints
        "2.5.29.33",  # policyMappings
        "2.5.29.54",  # inhibitAnyPolicy
    }
)
"""Critical extensions that pass (``X509_supported_extension``, v3_purp.c)."""

BASIC_CONSTRAINTS: Final = "2.5.29.19"
OCSP_NO_CHECK: Final = "1.3.6.1.5.5.7.48.1.5"
SUBJECT_ALT_NAME: Final = "2.5.29.17"
ISSUER_ALT_NAME: Final = "2.5.29.18"
FRESHEST_CRL: Final = "2.5.29.46"
CERTIFICATE_ISSUER: Final = "2.5.29.29"
CRL_HANDLED: Final = frozenset({"2.5.29.28", "2.5.29.35", "2.5.29.27"})
"""Critical CRL extensions that pass: IDP, AKI, deltaCRLIndicator (``crl_cb``)."""


@dataclass(frozen=True, slots=True, eq=False)
class Cached:
    """A certificate as the verifier sees it; compared by identity of the bytes."""

    facts: Certificate
    fingerprint: str
    issuer: bytes
    """Canonical issuer name."""
    subject: bytes
    """Canonical subject name."""
    invalid: bool
    """``EXFLAG_INVALID``: never *issued by* anyone, nor an issuer."""
    self_issued: bool
    self_signed: bool
    """``EXFLAG_SS``: by names, key identifiers and key type; no signature check."""
    ca: bool
    path_length: int
    """``ex_pathlen``; -1 where there is none."""
    key_usage: int
    """``ex_kusage``; all ones where absent."""
    has_key_usage: bool
    critical: bool
    """``EXFLAG_CRITICAL``: an unsupported critical extension."""
    critical_before: frozenset[str]
    """Critical extensions seen before the first unsupported one."""
    proxy: bool
    proxy_path_length: int
    check_ca: int
    """``check_ca``: 0 no, 1 CA, 3 v1 self-signed, 4 by keyUsage, 5 by nsCertType."""
    netscape: int | None
    purposes: tuple[str, ...] | None
    authority: AuthorityKeyId | None
    key_id: bytes | None
    freshest: bool
    points: tuple[DistributionPoint, ...]
    """cRLDistributionPoints with the reasons they count for."""


T = TypeVar("T")


def _good(value: T | Malformed | None) -> T | None:
    return None if isinstance(value, Malformed) else value


def _is_decoded(key: KeyFacts | None, release: Release) -> bool:
    """Whether this release makes a key of what is readable as one."""
    if key is None:
        return False
    if key.inherits and "dsa-parameters-inherited" not in release:
        return False
    return not key.negative or "rsa-number-may-be-negative" in release


def cache(facts: Certificate, release: Release) -> Cached:
    """What ``ossl_x509v3_cache_extensions`` keeps of this certificate."""
    if not _is_decoded(facts.key, release):
        facts = replace(facts, key=None)
    oids = [extension.oid for extension in facts.extensions]
    constraints = _good(facts.basic_constraints)
    ca = constraints is not None and constraints.ca
    usage = _good(facts.key_usage)
    proxy = _good(facts.proxy)
    authority = _good(facts.authority_key_id)
    key_id = _good(facts.subject_key_id)
    netscape = _good(facts.netscape_type)
    self_issued = facts.subject.canonical == facts.issuer.canonical
    # Where the key identifier is kept only later, there is none to compare with yet.
    own = None if "self-signed-by-any-key-id" in release else key_id
    self_signed = (
        self_issued
        and akid_matches(facts, own, authority)
        and algorithm_matches(facts, facts, release)
    )
    before = []
    critical = False
    for extension in facts.extensions:
        if not extension.critical:
            continue
        if not _is_handled(extension.oid, release):
            critical = True
            break
        before.append(extension.oid)
    return Cached(
        facts=facts,
        fingerprint=facts.fingerprint,
        issuer=facts.issuer.canonical,
        subject=facts.subject.canonical,
        invalid=_is_invalid(facts, oids, release, ca=ca, usage=usage)
        or _is_invalid_length(constraints, release),
        self_issued=self_issued,
        self_signed=self_signed,
        ca=ca,
        path_length=_long(None if constraints is None else constraints.path_length),
        key_usage=KU_ABSENT if usage is None else usage,
        has_key_usage=usage is not None,
        critical=critical,
        critical_before=frozenset(before),
        proxy=proxy is not None,
        proxy_path_length=_long(None if proxy is None else proxy.path_length),
        check_ca=_check_ca(
            facts, usage, self_signed=self_signed, ca=ca, netscape=netscape
        ),
        netscape=netscape,
        purposes=_good(facts.extended_key_usage),
        authority=authority,
        key_id=key_id,
        freshest=FRESHEST_CRL in oids,
        points=_points(_good(facts.distribution_points) or (), release),
    )


def _says_nothing(point: DistributionPoint) -> bool:
    """Neither a name nor a cRLIssuer: ``setup_dp`` refuses it."""
    return point.point is None and not point.crl_issuer


def _points(
    given: tuple[DistributionPoint, ...], release: Release
) -> tuple[DistributionPoint, ...]:
    """``setup_crldp``: from a point that says nothing on, none covers any reason."""
    if "point-without-a-name" in release:
        return given
    points = []
    stopped = False
    for point in given:
        stopped = stopped or _says_nothing(point)
        points.append(replace(point, reasons=0) if stopped else point)
    return tuple(points)


def _long(length: int | None) -> int:
    """``ASN1_INTEGER_get``: -1 where absent, or where it does not fit a long."""
    return -1 if length is None or not -(2**63) <= length < 2**63 else length


def _is_handled(oid: str, release: Release) -> bool:
    """``X509_supported_extension``."""
    if oid == OCSP_NO_CHECK:
        return "ocsp-no-check-may-be-critical" in release
    return oid in SUPPORTED


def _is_invalid_length(constraints: BasicConstraints | None, release: Release) -> bool:
    """Whether the path length makes the certificate malformed."""
    if constraints is None or constraints.path_length is None:
        return False
    if constraints.path_length < 0:
        return True
    return (
        not constraints.ca
        and constraints.path_length != 0
        and "path-length-needs-ca" in release
    )


def _is_invalid(
    facts: Certificate,
    oids: list[str],
    release: Release,
    *,
    ca: bool,
    usage: int | None,
) -> bool:
    parsed = (
        facts.basic_constraints,
        facts.key_usage,
        facts.extended_key_usage,
        facts.netscape_type,
        facts.subject_key_id,
        facts.authority_key_id,
        facts.subject_alt_name,
        facts.name_constraints,
        facts.distribution_points,
        facts.proxy,
        facts.addresses,
        facts.autonomous_systems,
    )
    if any(isinstance(item, Malformed) for item in parsed):
        return True
    if usage == 0 and "key-usage-may-be-empty" not in release:
        return True
    if _good(facts.proxy) is not None and (
        ca or SUBJECT_ALT_NAME in oids or ISSUER_ALT_NAME in oids
    ):
        return True
    points = _good(facts.distribution_points) or ()
    if "point-without-a-name" in release:
        return False
    return any(_says_nothing(point) for point in points)


def _check_ca(
    facts: Certificate,
    usage: int | None,
    *,
    self_signed: bool,
    ca: bool,
    netscape: int | None,
) -> int:
    """``check_ca`` (v3_purp.c)."""
    if usage is not None and not usage & KU_KEY_CERT_SIGN:
        return 0
    if _good(facts.basic_constraints) is not None:
        return 1 if ca else 0
    if facts.version == 1 and self_signed:
        return 3
    if usage is not None:
        return 4
    if netscape is not None and netscape & NS_ANY_CA:
        return 5
    return 0


def likely_issued(issuer: Cached, subject: Cached, release: Release) -> bool:
    """``ossl_x509_likely_issued``: names, key identifiers, key type; no signature."""
    if issuer.subject != subject.issuer or issuer.invalid or subject.invalid:
        return False
    if (
        issuer.issuer == subject.issuer
        and issuer.facts.serial == subject.facts.serial
        and "same-serial-is-same-certificate" in release
    ):
        return issuer.self_signed
    return akid_matches(
        issuer.facts, issuer.key_id, subject.authority
    ) and algorithm_matches(issuer.facts, subject.facts, release)


@dataclass(frozen=True, slots=True, eq=False)
class CachedEntry:
    """A CRL entry: the names it is about (None: the CRL issuer's), and its reason."""

    issuers: tuple[bytes, ...] | None
    reason: int | None


@dataclass(frozen=True, slots=True, eq=False)
class CachedCrl:
    """A CRL as the verifier sees it."""

    facts: Crl
    issuer: bytes
    point: IssuingPoint | None
    point_invalid: bool
    """``IDP_INVALID``: more than one only* field."""
    point_says_nothing: bool
    """An issuing distribution point with every field absent or FALSE."""
    reasons: int
    authority: AuthorityKeyId | None
    number: int | None
    base_number: int | None
    critical: bool
    """``EXFLAG_CRITICAL``: an unhandled critical extension, of the CRL or an entry."""
    freshest: bool
    entries: dict[int, list[CachedEntry]] = field(repr=False)
    """By serial number, in the order of the CRL."""


def cache_crl(facts: Crl) -> CachedCrl:
    """What ``crl_cb``, ``setup_idp`` and ``crl_set_issuers`` keep of this CRL."""
    point = _good(facts.issuing_point)
    invalid = False
    reasons = ALL_REASONS
    if point is not None:
        only = point.only_user + point.only_ca + point.only_attribute
        invalid = only > 1
        # An empty BIT STRING leaves all reasons standing (setup_idp).
        if point.reasons is not None and not point.names_no_reason:
            reasons = point.reasons & ALL_REASONS
    critical = False
    freshest = False
    for extension in facts.extensions:
        freshest = freshest or extension.oid == FRESHEST_CRL
        if extension.critical and extension.oid not in CRL_HANDLED:
            critical = True
            break
    entries, unhandled = _entries(facts)
    return CachedCrl(
        facts=facts,
        issuer=facts.issuer.canonical,
        point=point,
        point_invalid=invalid,
        point_says_nothing=point == IssuingPoint(),
        reasons=reasons,
        authority=_good(facts.authority_key_id),
        number=_good(facts.number),
        base_number=_good(facts.base_number),
        critical=critical or unhandled,
        freshest=freshest,
        entries=entries,
    )


def _entries(facts: Crl) -> tuple[dict[int, list[CachedEntry]], bool]:
    """``crl_set_issuers``: certificateIssuer carries on; a malformed entry ends it."""
    entries: dict[int, list[CachedEntry]] = {}
    issuers: tuple[bytes, ...] | None = None
    unhandled = False
    stopped = False
    for entry in facts.entries:
        reason: int | None = None
        mine: tuple[bytes, ...] | None = None
        if not stopped:
            if isinstance(entry.certificate_issuer, Malformed):
                stopped = True
            else:
                if entry.certificate_issuer is not None:
                    issuers = tuple(directory_names(entry.certificate_issuer))
                mine = issuers
                if isinstance(entry.reason, Malformed):
                    stopped = True
                else:
                    reason = entry.reason
                    unhandled = unhandled or any(
                        extension.critical and extension.oid != CERTIFICATE_ISSUER
                        for extension in entry.extensions
                    )
        entries.setdefault(entry.serial, []).append(CachedEntry(mine, reason))
    return entries, unhandled
