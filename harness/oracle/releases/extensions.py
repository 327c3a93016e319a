"""Extensions of a path, from the end entity to the anchor.

Source: ``check_extensions``, ``check_purpose``, ``check_curve`` (x509_vfy.c);
``check_purpose_ssl_client``, ``check_purpose_ssl_server``, ``check_purpose_crl_sign``,
``check_ssl_ca`` (v3_purp.c).
"""

from collections.abc import Iterator
from enum import Enum

from harness.facts import BasicConstraints, Malformed
from harness.flags import Flags
from harness.oracle.releases.before_3 import STRICT_PROFILE
from harness.oracle.releases.building import Anchor, Built, Trust, check_trust
from harness.oracle.releases.cached import (
    BASIC_CONSTRAINTS,
    KU_CRL_SIGN,
    KU_DIGITAL_SIGNATURE,
    KU_KEY_AGREEMENT,
    KU_KEY_CERT_SIGN,
    KU_KEY_ENCIPHERMENT,
    NS_SSL_CA,
    NS_SSL_CLIENT,
    NS_SSL_SERVER,
    SUBJECT_ALT_NAME,
    Cached,
)
from harness.oracle.releases.release import Release
from harness.oracle.releases.stage import SERVER_AUTH, Events, Setting
from harness.verdict import Objection

IGNORE_CRITICAL = 0x10
STRICT = 0x20
ALLOW_PROXY = 0x40

SERVER_PURPOSES = frozenset(
    {
        SERVER_AUTH,
        "1.3.6.1.4.1.311.10.3.3",  # Microsoft server gated crypto
        "2.16.840.1.113730.4.1",  # Netscape server gated crypto
    }
)
CLIENT_PURPOSES = frozenset({"1.3.6.1.5.5.7.3.2"})


class Issuer(Enum):
    """What the next certificate of the path must be (``must_be_ca``)."""

    ANY = -1
    NOT_CA = 0
    CA = 1


def mask(flags: Flags) -> int:
    """The bits that this stage looks at."""
    return flags.bits & (IGNORE_CRITICAL | STRICT | ALLOW_PROXY)


def check_extensions(built: Built, setting: Setting) -> Events:
    """``check_extensions``: every objection of this stage, in order."""
    flags = setting.flags.bits
    strict = bool(flags & STRICT)
    allow_proxy = bool(flags & ALLOW_PROXY) and not setting.for_crl_issuer
    must_be = Issuer.ANY
    length = 0
    proxies = 0
    path = built.path
    alone = len(path) == 1
    if strict and alone and STRICT_PROFILE in setting.release:
        yield "strict.skipped-for-one-certificate"
    for depth, certificate in enumerate(path):
        if certificate.critical and not flags & IGNORE_CRITICAL:
            yield Objection("extension.unhandled-critical", 34, depth)
        if certificate.proxy and not allow_proxy:
            yield Objection("proxy.not-allowed", 40, depth)
        last = depth + 1 == len(path)
        yield from _is_ca(
            certificate, must_be, depth, setting.release, last=last, strict=strict
        )
        if not alone and (strict or "curve-checked-without-strict" in setting.release):
            yield from _check_curve(certificate, depth)
        if strict and "strict-path-length-everywhere" in setting.release:
            yield from _check_path_length(certificate, depth)
        if strict and not alone and STRICT_PROFILE in setting.release:
            yield from check_strict(
                certificate, depth, last=last, release=setting.release
            )
        if not _fits_purpose(built, setting, certificate, depth, must_be):
            yield Objection("purpose.unsuitable", 26, depth)
        if depth > 1 and -1 < certificate.path_length < length - proxies:
            yield Objection("path-length.exceeded", 25, depth)
        if depth > 0 and not certificate.self_issued:
            length += 1
        if certificate.proxy:
            limit = certificate.proxy_path_length
            if limit != -1:
                if proxies > limit:
                    yield Objection("proxy.path-length-exceeded", 38, depth)
                proxies = limit
            proxies += 1
            must_be = Issuer.NOT_CA
        else:
            must_be = Issuer.CA


def _check_curve(certificate: Cached, depth: int) -> Iterator[Objection]:
    """``check_curve``."""
    key = certificate.facts.key
    if key is None:
        yield Objection("key.undecodable", 1, depth)
    elif key.explicit_parameters:
        yield Objection("key.explicit-parameters", 94, depth)


def _check_path_length(certificate: Cached, depth: int) -> Iterator[Objection]:
    """A path length without CA, however long, as 1.1.1 objects to it."""
    constraints = certificate.facts.basic_constraints
    if (
        isinstance(constraints, BasicConstraints)
        and not constraints.ca
        and constraints.path_length is not None
    ):
        yield Objection("strict.path-length-as-extension", 41, depth)


def _is_ca(
    certificate: Cached,
    must_be: Issuer,
    depth: int,
    release: Release,
    *,
    last: bool,
    strict: bool,
) -> Iterator[Objection]:
    kind = certificate.check_ca
    if certificate.invalid and "malformed-may-be-ca" not in release:
        kind = 0
    match must_be:
        case Issuer.ANY:
            if strict and kind not in (0, 1):
                yield Objection("strict.doubtful-ca-as-leaf", 79, depth)
        case Issuer.NOT_CA:
            if kind != 0:
                yield Objection("proxy.issuer-is-ca", 37, depth)
        case Issuer.CA:
            if kind == 0 or (not last and kind != 1):
                yield Objection("ca.invalid", 79, depth)
            elif strict and kind != 1:
                yield Objection("strict.doubtful-ca-as-anchor", 79, depth)


def check_strict(
    certificate: Cached, depth: int, *, last: bool, release: Release
) -> Iterator[Objection]:
    """The block of ``check_extensions`` that only X509_STRICT brings, per certificate.

    RFC 5280 sections stand beside the checks; order is OpenSSL's.
    """
    facts = certificate.facts
    given = facts.subject_alt_name
    names = None if isinstance(given, Malformed) else given
    no_subject = not facts.subject.rdns
    if certificate.path_length != -1:  # 4.2.1.9
        if not certificate.ca:
            yield Objection("strict.path-length-without-ca", 80, depth)
        if (
            not certificate.key_usage & KU_KEY_CERT_SIGN
            or not certificate.has_key_usage
        ):
            yield Objection("strict.path-length-without-cert-sign", 81, depth)
    if (
        certificate.ca
        and BASIC_CONSTRAINTS not in certificate.critical_before
        and "strict-critical-basic-constraints" in release
    ):
        yield Objection("strict.basic-constraints-not-critical", 89, depth)
    if certificate.ca:  # 4.2.1.3
        if not certificate.has_key_usage:
            yield Objection("strict.ca-without-key-usage", 92, depth)
    elif certificate.has_key_usage and certificate.key_usage & KU_KEY_CERT_SIGN:
        yield Objection("strict.cert-sign-without-ca", 82, depth)
    if not facts.issuer.rdns:  # 4.1.2.4
        yield Objection("strict.issuer-empty", 83, depth)
    signs_crls = certificate.has_key_usage and certificate.key_usage & KU_CRL_SIGN
    if no_subject and (certificate.ca or signs_crls or names is None):  # 4.1.2.6
        yield Objection("strict.subject-empty", 84, depth)
    if (
        no_subject
        and names is not None
        and SUBJECT_ALT_NAME not in certificate.critical_before
        and "strict-critical-alternative-name" in release
    ):
        yield Objection("strict.alternative-name-not-critical", 88, depth)
    if names is not None and not names:  # 4.2.1.6
        yield Objection("strict.alternative-name-empty", 87, depth)
    if not facts.algorithms_equal:  # 4.1.1.2
        yield Objection("strict.algorithms-differ", 78, depth)
    if facts.version >= 3:
        yield from _strict_authority(certificate, depth, last=last, release=release)
        if certificate.ca and certificate.key_id is None:  # 4.2.1.2
            yield Objection("strict.no-subject-key-id", 86, depth)
    elif facts.extensions:
        yield Objection("strict.extensions-need-version-3", 93, depth)


def _strict_authority(
    certificate: Cached, depth: int, *, last: bool, release: Release
) -> Iterator[Objection]:
    """What X509_STRICT wants of authorityKeyIdentifier (RFC 5280, 4.2.1.1).

    4.0 exempts what is self-signed as well, which only the last of a path can be.
    """
    authority = certificate.authority
    if authority is None:
        if not last:
            yield Objection("strict.no-authority-key-id", 85, depth)
        return
    if authority.key_id is None and not last:
        if "strict-authority-key-id-by-key" in release:
            yield Objection("strict.no-authority-key-id", 85, depth)
        elif authority.issuer is None and authority.serial is None:
            yield Objection("strict.authority-key-id-empty", 102, depth)
    unpaired = (authority.issuer is None) != (authority.serial is None)
    if unpaired and "strict-authority-issuer-with-serial" in release:
        yield Objection("strict.authority-issuer-without-serial", 103, depth)


def _fits_purpose(
    built: Built, setting: Setting, certificate: Cached, depth: int, must_be: Issuer
) -> bool:
    """``check_purpose``: trust settings of the store may overrule the extensions."""
    require_ca = must_be is Issuer.CA
    if setting.for_crl_issuer:
        return _fits_crl_sign(certificate, require_ca=require_ca)
    settings = built.settings.get(depth)
    if depth >= built.untrusted and settings is not None:
        trust = check_trust(
            Anchor(certificate, settings), setting.purpose, self_signed_counts=False
        )
        if trust is not Trust.UNTRUSTED:
            return trust is Trust.TRUSTED
    if certificate.invalid:
        # X509_check_purpose fails for reasons of its own: fatal under STRICT only.
        return not setting.flags.bits & STRICT
    return fits_tls(certificate, setting.purpose, require_ca=require_ca)


def fits_tls(certificate: Cached, purpose: str, *, require_ca: bool) -> bool:
    """``check_purpose_ssl_server`` and ``check_purpose_ssl_client``."""
    server = purpose == SERVER_AUTH
    accepted = SERVER_PURPOSES if server else CLIENT_PURPOSES
    if certificate.purposes is not None and accepted.isdisjoint(certificate.purposes):
        return False
    if require_ca:
        kind = certificate.check_ca
        return kind != 0 and (
            kind != 5 or bool((certificate.netscape or 0) & NS_SSL_CA)
        )
    usage = KU_DIGITAL_SIGNATURE | KU_KEY_AGREEMENT
    netscape = NS_SSL_CLIENT
    if server:
        usage |= KU_KEY_ENCIPHERMENT
        netscape = NS_SSL_SERVER
    if certificate.netscape is not None and not certificate.netscape & netscape:
        return False
    return bool(certificate.key_usage & usage)


def _fits_crl_sign(certificate: Cached, *, require_ca: bool) -> bool:
    """``check_purpose_crl_sign``."""
    if certificate.invalid:
        return False
    if require_ca:
        return certificate.check_ca != 0
    return bool(certificate.key_usage & KU_CRL_SIGN)
