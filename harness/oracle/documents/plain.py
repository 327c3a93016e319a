"""What is not plain about a certificate in its place on a path, and about a link.

Plain is narrow on purpose: a certificate with nothing unusual in it. Whatever is not
plain is a remark: an objection where openssl-verification-options promises rejection
with no flag set, an oddity otherwise. RFC 5280 alone promises nothing here.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from harness.case import Role
from harness.facts import (
    BasicConstraints,
    Certificate,
    Facts,
    KeyFacts,
    Malformed,
    Signature,
    SignatureAlgorithm,
)
from harness.oracle.documents.paths import (
    algorithms_fit,
    is_self_issued,
    is_self_signed,
    key_ids_agree,
    malformed,
)
from harness.oracle.documents.remarks import (
    ANY,
    BAD_SIGNATURE,
    CHECK_SS,
    IGNORE_CRITICAL,
    MARGIN,
    NO_CHECK_TIME,
    NOT_A_CA,
    UNTRUSTED,
    Remark,
)
from harness.oracle.documents.strict import (
    BASIC_CONSTRAINTS,
    KEY_CERT_SIGN,
    allows,
    is_ca,
    strict_remarks,
)

DIGITAL_SIGNATURE: Final = 0x80
_KEY_ENCIPHERMENT: Final = 0x20
_KEY_AGREEMENT: Final = 0x08

SERVER_AUTH: Final = "1.3.6.1.5.5.7.3.1"
CLIENT_AUTH: Final = "1.3.6.1.5.5.7.3.2"
_WIDE: Final = frozenset(
    {"2.5.29.37.0", "2.16.840.1.113730.4.1", "1.3.6.1.4.1.311.10.3.3"}
)
"""anyExtendedKeyUsage and the SGC purposes: said to suffice, in one place or other."""

_KEY_USAGE: Final = "2.5.29.15"
_EXTENDED_KEY_USAGE: Final = "2.5.29.37"
_ALTERNATIVE_NAME: Final = "2.5.29.17"
PROXY_INFO: Final = "1.3.6.1.5.5.7.1.14"
_MAY_BE_CRITICAL: Final = frozenset(
    {BASIC_CONSTRAINTS, _KEY_USAGE, _EXTENDED_KEY_USAGE, _ALTERNATIVE_NAME, PROXY_INFO}
)
_WEIGHTY: Final = frozenset(
    {
        "2.5.29.18",  # issuerAltName
        "2.5.29.30",  # nameConstraints
        "2.5.29.33",  # policyMappings
        "2.5.29.36",  # policyConstraints
        "2.5.29.46",  # freshestCRL
        "2.5.29.54",  # inhibitAnyPolicy
        "1.3.6.1.5.5.7.1.7",  # IP address blocks
        "1.3.6.1.5.5.7.1.8",  # autonomous system numbers
        "1.3.6.1.5.5.7.1.24",  # TLS feature
        "2.16.840.1.113730.1.1",  # Netscape certificate type
    }
)
"""Extensions that a release may act on, critical or not."""
_STANDARD: Final = (
    "2.5.29.",
    "1.3.6.1.5.5.7.1.",
    "2.16.840.1.113730.1.",
    "1.3.6.1.4.1.11129.",
)
"""Arcs of extensions that some OpenSSL knows; outside them none is handled."""

_PERHAPS_HANDLED: Final = frozenset(
    {
        "1.3.6.1.5.5.7.48.1.5",  # id-pkix-ocsp-nocheck (RFC 6960, 4.2.2.2.1)
    }
)
"""Extensions outside those arcs that some OpenSSL handles."""

LEVEL_BITS: Final = (0, 80, 112, 128, 192, 256)
"""``SSL_CTX_set_security_level``: security bits demanded by each level."""
_SOUND_DIGESTS: Final = frozenset({"sha256", "sha384", "sha512"})
_MAX_SERIAL: Final = 2**159


class Place(StrEnum):
    """Where on a path a certificate stands."""

    PEER = "peer"
    """The end entity, or the peer's CA certificate, at the bottom."""
    PROXY = "proxy"
    PROXIED = "proxied"
    """An end entity that issued a proxy certificate."""
    ISSUER = "issuer"


def certificate_remarks(
    facts: Facts,
    certificate: Certificate,
    place: Place,
    *,
    last: bool,
    now: int,
    edition: str,
) -> Iterator[Remark]:
    """What is not plain about one certificate. ``last`` is the path's anchor."""
    signed = is_self_signed(facts, certificate)
    if malformed(certificate):
        yield Remark("a malformed extension", ANY)
    yield from _validity(certificate, now)
    yield from _extensions(certificate)
    yield from _form(certificate)
    yield from strict_remarks(
        certificate,
        above=place is Place.ISSUER,
        exempt=signed,
        anchor=last,
        edition=edition,
    )
    yield from _strength(facts, certificate, last=last)
    if place is Place.ISSUER:
        yield from _authority(certificate)
    else:
        yield from _end_entity(certificate)
    yield from _purpose(facts, certificate, place)
    if is_self_issued(certificate) and not (last and signed):
        yield from _self_issued(facts, certificate, last=last)


def link_remarks(
    facts: Facts, certificate: Certificate, issuer: Certificate
) -> Iterator[Remark]:
    """What is not plain about a certificate and the next one on the path."""
    signature = facts.verifies(certificate, issuer)
    if signature is Signature.BAD and certificate.algorithms_equal:
        yield Remark(
            "a signature that does not verify",
            BAD_SIGNATURE,
            ("VERIFY_DEFAULT/signature",),
        )
    elif signature is not Signature.GOOD:
        yield Remark("a signature that is in doubt", BAD_SIGNATURE)
    if not key_ids_agree(certificate, issuer):
        yield Remark("key identifiers that do not agree", UNTRUSTED | {85, 102, 103})
    if not algorithms_fit(certificate, issuer):
        yield Remark("algorithms that do not fit", UNTRUSTED | BAD_SIGNATURE)


def _validity(certificate: Certificate, now: int) -> Iterator[Remark]:
    for outside, code in (
        (certificate.not_before - now, 9),
        (now - certificate.not_after, 10),
    ):
        codes = frozenset({code})
        if outside > MARGIN:
            sentences = ("VERIFY_DEFAULT/validity",)
            yield Remark("outside its validity", codes, sentences, off=NO_CHECK_TIME)
        elif outside >= -MARGIN:
            yield Remark("at the edge of its validity", codes)


def _extensions(certificate: Certificate) -> Iterator[Remark]:
    seen = set()
    for extension in certificate.extensions:
        oid = extension.oid
        if oid in seen:
            yield Remark("an extension that is there twice", ANY)
        seen.add(oid)
        if extension.critical and oid in _PERHAPS_HANDLED:
            yield Remark("an extension that may be handled", frozenset({34}))
        elif extension.critical and not oid.startswith(_STANDARD):
            yield Remark(
                "an unhandled critical extension",
                frozenset({34}),
                ("IGNORE_CRITICAL",),
                off=IGNORE_CRITICAL,
            )
        elif oid in _WEIGHTY or (extension.critical and oid not in _MAY_BE_CRITICAL):
            yield Remark(f"extension {oid}", ANY)
    points = certificate.distribution_points
    if isinstance(points, tuple) and any(
        item.point is None and not item.crl_issuer for item in points
    ):
        yield Remark("a distribution point that names nothing", ANY)
    limits = (
        certificate.name_constraints,
        certificate.addresses,
        certificate.autonomous_systems,
    )
    if any(limit is not None for limit in limits):
        yield Remark("constraints on names or resources", ANY)


def _form(certificate: Certificate) -> Iterator[Remark]:
    if certificate.version != 3:
        yield Remark("not version 3", NOT_A_CA | {93} | UNTRUSTED)
    if not 0 < certificate.serial < _MAX_SERIAL:
        yield Remark("an unusual serial number", ANY)
    if not certificate.subject.canonical:
        yield Remark("an empty subject", frozenset({83, 84, 88}))
    if not certificate.issuer.canonical:
        yield Remark("an empty issuer", frozenset({83, 84}))
    if certificate.not_before > certificate.not_after:
        yield Remark("a validity that ends before it begins", frozenset({9, 10}))
    if _path_length(certificate) < 0:
        yield Remark("a negative path length", ANY)
    if certificate.key_usage == 0:
        yield Remark("a keyUsage without a bit", UNTRUSTED | {26})
    if certificate.netscape_type is not None:
        yield Remark("a Netscape certificate type", frozenset({26}) | NOT_A_CA)
    if certificate.inner_algorithm != certificate.outer_algorithm:
        yield Remark("two signature algorithms", ANY)


def _path_length(certificate: Certificate) -> int:
    constraints = certificate.basic_constraints
    if isinstance(constraints, BasicConstraints):
        return constraints.path_length or 0
    return 0


def _strength(
    facts: Facts, certificate: Certificate, *, last: bool
) -> Iterator[Remark]:
    wanted = LEVEL_BITS[min(max(facts.security_level, 0), 5)]
    key = certificate.key
    if key is None or key.inherits:
        yield Remark("a key that cannot be decoded", ANY)
        return
    if key.security_bits < wanted:
        yield Remark(
            "a weak key", frozenset({66, 67}), ("VERIFY_DEFAULT/security-level",)
        )
    if not _sound_key(key):
        yield Remark("an unusual key", ANY)
    # The manual leaves open how strength grows between the sizes that it names.
    if key.security_bits < LEVEL_BITS[2] or (
        key.algorithm == "RSA" and key.bits < 2048
    ):
        yield Remark("a small key", frozenset({66, 67}))
    algorithm = certificate.outer_algorithm
    if not last and 0 <= algorithm.security_bits < wanted:
        weak = algorithm.digest != "sha1" or facts.security_level >= 2
        sentences = ("VERIFY_DEFAULT/security-level",) if weak else ()
        yield Remark("a weak signature", frozenset({68}), sentences)
    if not _sound_algorithm(algorithm):
        yield Remark("an unusual signature algorithm", frozenset({68}) | BAD_SIGNATURE)


def _sound_key(key: KeyFacts) -> bool:
    usual = key.algorithm in ("RSA", "EC", "ED25519")
    return usual and not key.explicit_parameters and not key.negative


def _sound_algorithm(algorithm: SignatureAlgorithm) -> bool:
    if algorithm.key_algorithm == "ED25519":
        return True
    digest = (algorithm.digest or "").lower().replace("-", "")
    return algorithm.key_algorithm in ("RSA", "EC") and digest in _SOUND_DIGESTS


def _authority(certificate: Certificate) -> Iterator[Remark]:
    """A certificate above the peer's: "checked to be valid CA certificates"."""
    constraints = certificate.basic_constraints
    usage = certificate.key_usage
    if isinstance(constraints, BasicConstraints) and not constraints.ca:
        yield Remark("an issuer that is no CA", NOT_A_CA, ("VERIFY_DEFAULT/authority",))
    if not allows(usage, KEY_CERT_SIGN) and not isinstance(usage, Malformed):
        yield Remark(
            "a CA that may not sign certificates",
            NOT_A_CA | UNTRUSTED | {26, 81},
            ("VERIFY_DEFAULT/key-usage",),
        )


def _end_entity(certificate: Certificate) -> Iterator[Remark]:
    usage = certificate.key_usage
    if is_ca(certificate):
        yield Remark("an end entity that is a CA", NOT_A_CA | {26, 81})
    if isinstance(usage, int) and usage & KEY_CERT_SIGN:
        yield Remark("an end entity that may sign", frozenset({82}) | NOT_A_CA)
    if not allows(usage, DIGITAL_SIGNATURE):
        yield Remark("an end entity without digitalSignature", frozenset({26, 39}))


def _purpose(facts: Facts, certificate: Certificate, place: Place) -> Iterator[Remark]:
    wanted = SERVER_AUTH if facts.role is Role.CLIENT else CLIENT_AUTH
    codes = frozenset({26})
    purposes = certificate.extended_key_usage
    promised: tuple[str, ...] = ()
    if (
        place is Place.PEER
        and not malformed(certificate)
        and not _has_settings(facts, certificate)
    ):
        promised = ("VERIFY_DEFAULT/purpose",)
    if isinstance(purposes, tuple) and wanted not in purposes:
        wide = not _WIDE.isdisjoint(purposes)
        yield Remark("a purpose that is not TLS", codes, () if wide else promised)
    if place is Place.PEER and isinstance(certificate.key_usage, int):
        enough = DIGITAL_SIGNATURE | _KEY_AGREEMENT
        if facts.role is Role.CLIENT:
            enough |= _KEY_ENCIPHERMENT
        if not certificate.key_usage & enough:
            yield Remark("a key usage that is not TLS", codes, promised)


def _has_settings(facts: Facts, certificate: Certificate) -> bool:
    """Whether it is in the store with trust settings, which overrule its extensions."""
    return any(
        item.certificate.fingerprint == certificate.fingerprint
        and (item.trust is not None or item.reject is not None)
        for item in facts.trusted
    )


def _self_issued(
    facts: Facts, certificate: Certificate, *, last: bool
) -> Iterator[Remark]:
    """Self-issued and not a plain self-signed anchor: rollover, or a bad root."""
    bad = facts.verifies(certificate, certificate) is Signature.BAD
    if last and bad and _says_self_signed(certificate):
        yield Remark(
            "a self-signature that does not verify",
            BAD_SIGNATURE,
            ("CHECK_SS_SIGNATURE",),
            on=CHECK_SS,
        )
    yield Remark("a self-issued certificate", ANY)


def _says_self_signed(certificate: Certificate) -> bool:
    """Key identifiers and algorithms that name the certificate's own key."""
    return (
        certificate.authority_key_id is not None
        and certificate.subject_key_id is not None
        and key_ids_agree(certificate, certificate)
        and algorithms_fit(certificate, certificate)
    )
