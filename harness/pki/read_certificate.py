"""One certificate: from its octets to its facts (``X509``, ``X509_CINF``)."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from harness.case import PemLabel
from harness.facts import Certificate, TrustedCertificate
from harness.pki import algorithms, der, identifiers, read_policies, read_resources
from harness.pki import read_extension as decode
from harness.pki.algorithms import Algorithm, algorithm
from harness.pki.ber import Cursor, UncertainError, is_distinguished
from harness.pki.read_key import public_key
from harness.pki.read_name import name
from harness.pki.signature import Signed

_LONGEST: Final = 1 << 63
_CYCLE_YEARS: Final = 400
_CYCLE_SECONDS: Final = 146097 * 86400
"""The Gregorian calendar repeats after so many years; Python has no year 0."""


@dataclass(frozen=True, slots=True)
class ReadCertificate:
    """A certificate's facts, and what checking signatures needs."""

    facts: Certificate
    signed: Signed
    subject_key: bytes
    """The SubjectPublicKeyInfo as it stands."""


@lru_cache(maxsize=4096)
def _seconds(text: bytes, is_short: bool) -> int:
    digits = text[:-1]
    if (
        len(text) != (13 if is_short else 15)
        or text[-1:] != b"Z"
        or not digits.isdigit()
    ):
        raise UncertainError(f"{text[:40]!r} is no time that compares")
    if is_short:
        digits = (b"20" if digits < b"50" else b"19") + digits
    year = int(digits[:4])
    month, day, hour, minute, second = (
        int(digits[at : at + 2]) for at in range(4, 14, 2)
    )
    shifted = _CYCLE_YEARS if year == 0 else 0
    try:
        moment = datetime(year + shifted, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError as error:
        raise UncertainError(f"{text!r} is no time that compares: {error}") from None
    return int(moment.timestamp()) - (_CYCLE_SECONDS if shifted else 0)


def time(at: Cursor) -> int:
    """The next Time, in seconds since the epoch (``X509_cmp_time``).

    Raises ``UncertainError`` for one that OpenSSL keeps but cannot compare: what it
    reports then is an error of its own, which facts have no word for.
    """
    is_short = at.next_is(der.UTC_TIME)
    text = at.string(der.UTC_TIME if is_short else der.GENERALIZED_TIME)
    return _seconds(text, is_short)


def is_time(at: Cursor) -> bool:
    """Whether the next element is a Time."""
    return at.next_is(der.UTC_TIME) or at.next_is(der.GENERALIZED_TIME)


def version(value: int) -> int:
    """A version as RFC 5280 counts it, of the INTEGER OpenSSL reads into a long."""
    return value + 1 if -_LONGEST <= value < _LONGEST else 0


def _is_written_back(found: Algorithm, encoding: bytes) -> bool:
    """Whether OpenSSL, writing this algorithm, gives the same octets back."""
    parameters = found.parameters
    if parameters is not None and not is_distinguished(parameters):
        return False
    return der.sequence(der.oid(found.oid), parameters or b"") == encoding


def envelope(at: Cursor) -> tuple[bytes, Algorithm, bytes, int]:
    """The signed octets, outer algorithm, signature and its unused bits of the next
    signed item (``X509`` and ``X509_CRL``).

    OpenSSL keeps the signed octets and writes the rest anew as DER; where that would
    not give these octets back, the item's fingerprint is not ours, and it is
    uncertain.
    """
    start = at.at
    outer = at.structure()
    body, naming, signature = outer.raw(), outer.raw(), outer.raw()
    outer.finish()
    found = algorithm(Cursor(naming))
    octets, unused = Cursor(signature).bit_string()
    if (
        not is_distinguished(at.data[start : at.at])
        or not _is_written_back(found, naming)
        or der.bit_string(octets, unused) != signature
    ):
        raise UncertainError("an outer structure that is not DER")
    return body, found, octets, unused


def _skip_unique_ids(body: Cursor) -> None:
    for tag in (0x81, 0x82):
        if body.next_is(tag):
            body.bit_string(tag)


def _certificate(at: Cursor) -> ReadCertificate:
    start = at.at
    message, outer, octets, unused = envelope(at)
    fingerprint = hashlib.sha256(at.data[start : at.at]).hexdigest()
    body = Cursor(message).structure()
    number = 0
    if body.next_is(0xA0):
        holder = body.structure(0xA0)
        number = holder.integer()
        holder.finish()
    serial = body.integer()
    inner = algorithm(body)
    issuer = name(body.raw())
    validity = body.structure()
    not_before, not_after = time(validity), time(validity)
    validity.finish()
    subject = name(body.raw())
    subject_key = body.raw()
    key = public_key(subject_key)
    _skip_unique_ids(body)
    found = decode.Extensions()
    if body.next_is(0xA3):
        holder = body.structure(0xA3)
        found = decode.extensions(holder.list_of())
        holder.finish()
    body.finish()
    get, attempt = found.get, found.attempt
    equal = algorithms.equal(inner, outer)
    facts = Certificate(
        fingerprint=fingerprint,
        version=version(number),
        serial=serial,
        issuer=issuer,
        subject=subject,
        not_before=not_before,
        not_after=not_after,
        key=key.facts,
        inner_algorithm=algorithms.facts(inner),
        outer_algorithm=algorithms.facts(outer),
        algorithms_equal=equal,
        extensions=found.listed,
        basic_constraints=get(identifiers.BASIC_CONSTRAINTS, decode.basic_constraints),
        key_usage=get(identifiers.KEY_USAGE, decode.bit_mask),
        extended_key_usage=get(identifiers.EXTENDED_KEY_USAGE, decode.purposes),
        netscape_type=get(identifiers.NETSCAPE_CERT_TYPE, decode.first_octet),
        subject_key_id=get(identifiers.SUBJECT_KEY_ID, decode.key_id),
        authority_key_id=get(identifiers.AUTHORITY_KEY_ID, decode.authority_key_id),
        subject_alt_name=get(identifiers.SUBJECT_ALT_NAME, decode.names),
        name_constraints=get(identifiers.NAME_CONSTRAINTS, decode.name_constraints),
        distribution_points=get(
            identifiers.DISTRIBUTION_POINTS, decode.distribution_points, issuer
        ),
        proxy=get(identifiers.PROXY_CERT_INFO, decode.proxy_info),
        policies=attempt(identifiers.POLICIES, read_policies.policies),
        policy_mappings=attempt(identifiers.POLICY_MAPPINGS, read_policies.mappings),
        policy_constraints=attempt(
            identifiers.POLICY_CONSTRAINTS, read_policies.constraints
        ),
        inhibit_any_policy=attempt(identifiers.INHIBIT_ANY_POLICY, decode.integer),
        addresses=get(identifiers.ADDRESS_BLOCKS, read_resources.address_blocks),
        autonomous_systems=get(
            identifiers.AUTONOMOUS_SYSTEMS, read_resources.autonomous_systems
        ),
    )
    signed = Signed(message, outer, octets, unused, mismatched=not equal)
    return ReadCertificate(facts, signed, subject_key)


@lru_cache(maxsize=4096)
def presented(encoding: bytes) -> ReadCertificate:
    """A certificate of a Certificate message, which ends where its octets end.

    Raises ``RefusedError`` where OpenSSL refuses it, ``UncertainError`` where we
    cannot tell.
    """
    at = Cursor(encoding)
    found = _certificate(at)
    at.finish()
    return found


def _purposes(at: Cursor, tag: int) -> tuple[str, ...] | None:
    if not at.next_is(tag):
        return None
    listed = at.list_of(tag)
    found = []
    while listed.more():
        found.append(listed.oid())
    return tuple(found)


def _settings(at: Cursor) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
    """``X509_CERT_AUX``: what it trusts and what it rejects."""
    inside = at.structure()
    trust = _purposes(inside, der.SEQUENCE)
    reject = _purposes(inside, 0xA0)
    if inside.next_is(der.UTF8_STRING):
        inside.string(der.UTF8_STRING)
    if inside.next_is(der.OCTET_STRING):
        inside.string()
    if inside.next_is(0xA1):
        others = inside.list_of(0xA1)
        while others.more():
            algorithm(others)
    inside.finish()
    return trust, reject


@lru_cache(maxsize=4096)
def trusted(
    encoding: bytes, label: PemLabel
) -> tuple[TrustedCertificate, ReadCertificate]:
    """A trusted item. OpenSSL ignores what follows it in its PEM block, but for trust
    settings after a TRUSTED CERTIFICATE (``d2i_X509_AUX``).

    Raises as ``presented`` does.
    """
    at = Cursor(encoding)
    found = _certificate(at)
    trust, reject = None, None
    if label is PemLabel.TRUSTED_CERTIFICATE and at.more():
        trust, reject = _settings(at)
    return TrustedCertificate(found.facts, label, trust, reject), found
