"""One CRL: from its octets to its facts (``X509_CRL``, ``X509_CRL_INFO``)."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache

from harness.facts import Crl, Malformed, Revoked
from harness.pki import algorithms, der, identifiers
from harness.pki import read_extension as decode
from harness.pki.algorithms import algorithm
from harness.pki.ber import Cursor, RefusedError, check_time
from harness.pki.read_certificate import envelope, is_time, time, version
from harness.pki.read_name import name
from harness.pki.signature import Signed


@dataclass(frozen=True, slots=True)
class ReadCrl:
    """A CRL's facts, and what checking its signature needs."""

    facts: Crl
    signed: Signed


def _revoked(entry: Cursor) -> Revoked:
    """``X509_REVOKED``; OpenSSL never looks at the date, once it is decoded."""
    serial = entry.integer()
    if not is_time(entry):
        entry.raw()
        raise RefusedError(f"no revocation date at {entry.at}")
    tag = entry.data[entry.at] & 0x1F
    check_time(tag, entry.string(tag))
    if not entry.more():
        return Revoked(serial)
    found = decode.extensions(entry.list_of())
    entry.finish()
    return Revoked(
        serial,
        reason=found.get(identifiers.CRL_REASON, decode.enumerated),
        certificate_issuer=found.get(identifiers.CERTIFICATE_ISSUER, decode.names),
        extensions=found.listed,
        malformed_invalidity_date=any(
            isinstance(date, Malformed)
            for date in found.each(identifiers.INVALIDITY_DATE, decode.generalized_time)
        ),
    )


def _entries(body: Cursor) -> tuple[Revoked, ...]:
    if not body.next_is(der.SEQUENCE):
        return ()
    listed = body.list_of()
    found = []
    while listed.more():
        found.append(_revoked(listed.structure()))
    return tuple(found)


@lru_cache(maxsize=1024)
def crl(encoding: bytes) -> ReadCrl:
    """A CRL. What follows it in its PEM block is ignored, as OpenSSL does.

    Raises ``RefusedError`` where OpenSSL refuses it, ``UncertainError`` where we
    cannot tell.
    """
    at = Cursor(encoding)
    message, outer, octets, unused = envelope(at)
    body = Cursor(message).structure()
    number = body.integer() if body.next_is(der.INTEGER) else 0
    inner = algorithm(body)
    issuer = name(body.raw())
    this_update = time(body)
    next_update = time(body) if is_time(body) else None
    entries = _entries(body)
    found = decode.Extensions()
    if body.next_is(0xA0):
        holder = body.structure(0xA0)
        found = decode.extensions(holder.list_of())
        holder.finish()
    body.finish()
    get, first = found.get, found.first
    facts = Crl(
        fingerprint=hashlib.sha256(encoding[: at.at]).hexdigest(),
        issuer=issuer,
        this_update=this_update,
        next_update=next_update,
        inner_algorithm=algorithms.facts(inner),
        outer_algorithm=algorithms.facts(outer),
        algorithms_equal=algorithms.equal(inner, outer),
        version=version(number),
        authority_key_id=get(identifiers.AUTHORITY_KEY_ID, decode.authority_key_id),
        issuing_point=get(identifiers.ISSUING_POINT, decode.issuing_point, issuer),
        number=get(identifiers.CRL_NUMBER, decode.integer),
        base_number=get(identifiers.DELTA_INDICATOR, decode.integer),
        extensions=found.listed,
        entries=entries,
        raw_authority_key_id=first(identifiers.AUTHORITY_KEY_ID),
        raw_issuing_point=first(identifiers.ISSUING_POINT),
    )
    return ReadCrl(facts, Signed(message, outer, octets, unused))
