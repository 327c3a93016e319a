"""What can be said of a certificate that ``read`` does not vouch for.

Enough to check signatures by: the signed octets, the signature and the key. Lengths may
be indefinite, tags long and strings in pieces; nothing else is tolerated, and of what
does not fit there is no statement. The signed octets are never written anew by OpenSSL,
what stands around them is.
"""

import hashlib
from dataclasses import dataclass
from typing import Final

from harness.facts import LooseCertificate
from harness.pki import der
from harness.pki.algorithms import Algorithm
from harness.pki.ber import RefusedError, UncertainError, dotted
from harness.pki.read_key import public_key
from harness.pki.signature import Signed

_DEEPEST: Final = 64
"""How deep indefinite lengths and pieces may stand in each other here."""


class _LostError(ValueError):
    """The bytes are not even loosely a certificate."""


@dataclass(frozen=True, slots=True)
class ReadLoosely:
    """A certificate's loose facts, and what checking signatures needs."""

    facts: LooseCertificate
    signed: Signed
    subject_key: bytes


@dataclass(frozen=True, slots=True)
class _Element:
    octet: int
    start: int
    """Where its content begins."""
    stop: int
    """Where its content ends."""
    after: int
    """Where the next element begins."""


def _header(data: bytes, at: int, end: int) -> tuple[int, int, int | None]:
    """Identifier octet, start of the content, and its length, None if indefinite."""
    if at + 2 > end:
        raise _LostError
    octet = data[at]
    at += 1
    if octet & 0x1F == 0x1F:
        while at < end and data[at] & 0x80:
            at += 1
        at += 1
    if at >= end:
        raise _LostError
    length, at = data[at], at + 1
    if length == 0x80:
        return octet, at, None
    if length > 0x80:
        count = length & 0x7F
        length = int.from_bytes(data[at : at + count], "big")
        at += count
    if at + length > end:
        raise _LostError
    return octet, at, length


def _element(data: bytes, at: int, end: int, depth: int = _DEEPEST) -> _Element:
    octet, start, length = _header(data, at, end)
    if length is not None:
        return _Element(octet, start, start + length, start + length)
    if not depth or not octet & 0x20:
        raise _LostError
    at = start
    while data[at : at + 2] != bytes(2):
        at = _element(data, at, end, depth - 1).after
    return _Element(octet, start, at, at + 2)


def _children(data: bytes, parent: _Element) -> list[tuple[int, _Element]]:
    """Each element in another, with where its identifier stands."""
    if not parent.octet & 0x20:
        raise _LostError
    found = []
    at = parent.start
    while at < parent.stop:
        child = _element(data, at, parent.stop)
        found.append((at, child))
        at = child.after
    return found


def _bits(data: bytes, element: _Element, depth: int = _DEEPEST) -> bytes:
    """The octets of a BIT STRING, in pieces or not; its last unused bits do not
    count here."""
    if not element.octet & 0x20:
        content = data[element.start : element.stop]
        if content[:1] != b"\0":
            raise _LostError
        return content[1:]
    if not depth:
        raise _LostError
    pieces = _children(data, element)
    return b"".join(_bits(data, piece, depth - 1) for _, piece in pieces)


def _algorithm(data: bytes, element: _Element) -> Algorithm:
    (_, name), *rest = _children(data, element)
    parameters = b"".join(data[at : child.after] for at, child in rest[:1])
    oid = dotted(data[name.start : name.stop])
    return Algorithm(oid, parameters if rest else None)


def _read(data: bytes) -> ReadLoosely:
    whole = _element(data, 0, len(data))
    (at, body), (_, naming), (_, bits) = _children(data, whole)
    message = data[at : body.after]
    algorithm = _algorithm(data, naming)
    signature = _bits(data, bits)
    fields = _children(data, body)
    if fields[0][1].octet == 0xA0:
        del fields[0]
    key_at, key = fields[5]  # serial, algorithm, issuer, validity, subject
    subject_key = data[key_at : key.after]
    parameters = algorithm.parameters or b""
    rewritten = der.sequence(
        message,
        der.sequence(der.oid(algorithm.oid), parameters),
        der.bit_string(signature),
    )
    try:
        found = public_key(subject_key).facts
    except (RefusedError, UncertainError):
        found = None
    facts = LooseCertificate(
        hashlib.sha256(rewritten).hexdigest(),
        None if found is None else found.fingerprint,
    )
    return ReadLoosely(facts, Signed(message, algorithm, signature), subject_key)


def loosely(data: bytes) -> ReadLoosely | None:
    """What these bytes loosely say, or None. Never raises.

    The fingerprint is that of the certificate as OpenSSL writes it, as far as we know.
    """
    try:
        return _read(data)
    except (_LostError, RefusedError, UncertainError, ValueError, IndexError):
        return None
