"""The extensions of a scenario's certificates and CRLs as DER, in a fixed order.

Every function raises ``SpecError``, with the value, for what has no encoding.
"""

import hashlib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from harness.pki import der, encode_policies, identifiers, keys
from harness.pki.encode_name import general_name, general_names, oid, relative_name
from harness.pki.spec import (
    AttributeSpec,
    AuthorityKeyIdSpec,
    BasicConstraintsSpec,
    CertificateSpec,
    CrlSpec,
    ExtendedKeyUsageSpec,
    GeneralNameSpec,
    IssuingPointSpec,
    KeyId,
    KeyUsageSpec,
    NameConstraintsSpec,
    PointSpec,
    ProxySpec,
    RawExtension,
    RevokedSpec,
    SpecError,
    SubjectKeyIdSpec,
    SubtreeSpec,
)

FOREIGN_KEY_ID: Final = hashlib.sha1(
    b"verifyflags: no key", usedforsecurity=False
).digest()
"""The identifier of no key, for ``KeyId.OTHER``."""

Extensions = list[tuple[str, bool, bytes]]
"""OID, criticality and the extension's value, in the order they are written."""


def numbered(names: Iterable[str], numbers: Mapping[str, int]) -> bytes:
    """A named bit list."""
    try:
        return der.named_bits(numbers[name] for name in names)
    except KeyError as error:
        known = ", ".join(numbers)
        raise SpecError(f"{error.args[0]!r} is none of {known}") from None


def purposes(names: Iterable[str]) -> bytes:
    """A SEQUENCE OF key purposes, by name or dotted OID."""
    return der.sequence(*(oid(identifiers.PURPOSES.get(name, name)) for name in names))


@lru_cache(maxsize=256)
def basic_constraints(spec: BasicConstraintsSpec) -> bytes:
    """BasicConstraints (RFC 5280, 4.2.1.9)."""
    ca = der.boolean(True) if spec.ca else b""
    length = b"" if spec.path_length is None else der.integer(spec.path_length)
    return der.sequence(ca, length)


@lru_cache(maxsize=256)
def key_usage(spec: KeyUsageSpec) -> bytes:
    """KeyUsage (RFC 5280, 4.2.1.3)."""
    return numbered(spec.bits, identifiers.KEY_USAGE_BITS)


@lru_cache(maxsize=256)
def extended_key_usage(spec: ExtendedKeyUsageSpec) -> bytes:
    """ExtKeyUsageSyntax (RFC 5280, 4.2.1.12)."""
    return purposes(spec.purposes)


def subject_key_id(spec: SubjectKeyIdSpec, key: str) -> bytes | None:
    """SubjectKeyIdentifier (RFC 5280, 4.2.1.2); None where it is absent."""
    match spec.key_id:
        case KeyId.ABSENT:
            return None
        case KeyId.OWN:
            return der.octet_string(keys.key_id(key))
        case KeyId.OTHER:
            return der.octet_string(FOREIGN_KEY_ID)
        case KeyId.EMPTY:
            return der.octet_string(b"")


def authority_key_id(spec: AuthorityKeyIdSpec, key: str) -> bytes | None:
    """AuthorityKeyIdentifier (RFC 5280, 4.2.1.1); None where it is absent.

    With ``KeyId.ABSENT`` an issuer or a serial number still makes one.
    """
    parts: list[bytes] = []
    match spec.key_id:
        case KeyId.OWN:
            parts.append(der.implicit(0, keys.key_id(spec.key or key)))
        case KeyId.OTHER:
            parts.append(der.implicit(0, FOREIGN_KEY_ID))
        case KeyId.EMPTY if spec.issuer is not None or spec.serial is not None:
            raise SpecError(f"an empty authorityKeyIdentifier with fields: {spec!r}")
        case KeyId.ABSENT | KeyId.EMPTY:
            pass
    if spec.issuer is not None:
        issuer = general_name(GeneralNameSpec.dir(spec.issuer))
        parts.append(der.explicit(1, issuer))
    if spec.serial is not None:
        parts.append(der.implicit(2, der.integer_content(spec.serial)))
    if not parts and spec.key_id is KeyId.ABSENT:
        return None
    return der.sequence(*parts)


def _subtree(spec: SubtreeSpec) -> bytes:
    minimum, maximum = b"", b""
    if spec.minimum != 0:
        minimum = der.implicit(0, der.integer_content(spec.minimum))
    if spec.maximum is not None:
        maximum = der.implicit(1, der.integer_content(spec.maximum))
    return der.sequence(general_name(spec.base), minimum, maximum)


@lru_cache(maxsize=1024)
def name_constraints(spec: NameConstraintsSpec) -> bytes:
    """NameConstraints (RFC 5280, 4.2.1.10)."""
    lists = ((0, spec.permitted), (1, spec.excluded))
    return der.sequence(
        *(der.explicit(tag, *map(_subtree, trees)) for tag, trees in lists if trees)
    )


def _point_name(
    full: tuple[GeneralNameSpec, ...], relative: AttributeSpec | None
) -> bytes:
    """A DistributionPointName under its explicit tag; empty where there is none."""
    if full and relative is not None:
        raise SpecError(f"a point with both names: full {full!r}, {relative!r}")
    if full:
        return der.explicit(0, der.retag(0, general_names(full)))
    if relative is not None:
        return der.explicit(0, der.retag(1, relative_name(relative)))
    return b""


def _reasons(tag: int, names: frozenset[str] | None) -> bytes:
    if names is None:
        return b""
    return der.retag(tag, numbered(names, identifiers.REASON_FLAGS))


def _point(spec: PointSpec) -> bytes:
    issuer = b""
    if spec.crl_issuer:
        issuer = der.retag(2, general_names(spec.crl_issuer))
    name = _point_name(spec.full, spec.relative)
    return der.sequence(name, _reasons(1, spec.reasons), issuer)


@lru_cache(maxsize=1024)
def distribution_points(specs: tuple[PointSpec, ...]) -> bytes:
    """CRLDistributionPoints (RFC 5280, 4.2.1.13)."""
    return der.sequence(*map(_point, specs))


@lru_cache(maxsize=1024)
def issuing_point(spec: IssuingPointSpec) -> bytes:
    """IssuingDistributionPoint (RFC 5280, 5.2.5)."""

    def flag(tag: int, value: bool) -> bytes:
        return der.implicit(tag, b"\xff") if value else b""

    return der.sequence(
        _point_name(spec.full, spec.relative),
        flag(1, spec.only_user),
        flag(2, spec.only_ca),
        _reasons(3, spec.reasons),
        flag(4, spec.indirect),
        flag(5, spec.only_attribute),
    )


def proxy_cert_info(spec: ProxySpec) -> bytes:
    """ProxyCertInfo (RFC 3820, 3.8), with no policy text."""
    length = b"" if spec.path_length is None else der.integer(spec.path_length)
    return der.sequence(length, der.sequence(oid(spec.language)))


def _with_raw(plain: Extensions, extra: tuple[RawExtension, ...]) -> Extensions:
    for raw in extra:
        entry = (raw.oid, raw.critical, raw.value)
        places = [at for at, item in enumerate(plain) if item[0] == raw.oid]
        if raw.duplicate or not places:
            plain.append(entry)
        else:
            plain[places[-1]] = entry
    return plain


def _written(extensions: Extensions) -> bytes:
    """A SEQUENCE OF Extension; empty bytes where there is none."""
    if not extensions:
        return b""
    return der.sequence(
        *(
            der.sequence(
                oid(kind),
                der.boolean(True) if critical else b"",
                der.octet_string(value),
            )
            for kind, critical, value in extensions
        )
    )


def of_certificate(spec: CertificateSpec) -> bytes:
    """The Extensions of a certificate; empty bytes where it has none."""
    plain: Extensions = []

    def add(kind: str, critical: bool, value: bytes | None) -> None:
        if value is not None:
            plain.append((kind, critical, value))

    if (constraints := spec.basic_constraints) is not None:
        value = basic_constraints(constraints)
        add(identifiers.BASIC_CONSTRAINTS, constraints.critical, value)
    if (usage := spec.key_usage) is not None:
        add(identifiers.KEY_USAGE, usage.critical, key_usage(usage))
    if (extended := spec.extended_key_usage) is not None:
        value = extended_key_usage(extended)
        add(identifiers.EXTENDED_KEY_USAGE, extended.critical, value)
    own = subject_key_id(spec.subject_key_id, spec.subject.key)
    add(identifiers.SUBJECT_KEY_ID, spec.subject_key_id.critical, own)
    authority = authority_key_id(spec.authority_key_id, spec.issuer.key)
    add(identifiers.AUTHORITY_KEY_ID, spec.authority_key_id.critical, authority)
    if (names := spec.subject_alt_name) is not None:
        add(identifiers.SUBJECT_ALT_NAME, spec.san_critical, general_names(names))
    if (subtrees := spec.name_constraints) is not None:
        value = name_constraints(subtrees)
        add(identifiers.NAME_CONSTRAINTS, subtrees.critical, value)
    if points := spec.distribution_points:
        add(identifiers.DISTRIBUTION_POINTS, False, distribution_points(points))
    if (proxy := spec.proxy) is not None:
        add(identifiers.PROXY_CERT_INFO, proxy.critical, proxy_cert_info(proxy))
    plain.extend(encode_policies.of_certificate(spec))
    return _written(_with_raw(plain, spec.extra))


def of_crl(spec: CrlSpec) -> bytes:
    """The crlExtensions of a CRL; empty bytes where it has none."""
    plain: Extensions = []
    authority = authority_key_id(spec.authority_key_id, spec.issuer.key)
    if authority is not None:
        critical = spec.authority_key_id.critical
        plain.append((identifiers.AUTHORITY_KEY_ID, critical, authority))
    if spec.number is not None:
        number = der.integer(spec.number)
        plain.append((identifiers.CRL_NUMBER, spec.number_critical, number))
    if spec.base_number is not None:
        base = der.integer(spec.base_number)
        plain.append((identifiers.DELTA_INDICATOR, True, base))
    if (point := spec.issuing_point) is not None:
        value = issuing_point(point)
        plain.append((identifiers.ISSUING_POINT, point.critical, value))
    return _written(_with_raw(plain, spec.extra))


def of_revoked(spec: RevokedSpec) -> bytes:
    """The crlEntryExtensions of an entry; empty bytes where it has none."""
    plain: Extensions = []
    if spec.reason is not None:
        reason = der.enumerated(identifiers.CRL_REASONS[spec.reason])
        plain.append((identifiers.CRL_REASON, False, reason))
    if (issuer := spec.certificate_issuer) is not None:
        value = general_names((GeneralNameSpec.dir(issuer),))
        plain.append((identifiers.CERTIFICATE_ISSUER, True, value))
    return _written(_with_raw(plain, spec.extra))
