"""From a case to facts: what its octets say, and nothing about how it was made.

What cannot be read is said to be unreadable, and left out; reading never fails.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from harness.case import Case, Source, TrustedItem
from harness.facts import (
    AuthorityKeyId,
    Certificate,
    Crl,
    Facts,
    Signature,
    TrustedCertificate,
    Unreadable,
)
from harness.outcome import Where
from harness.pki import read_certificate
from harness.pki.ber import RefusedError, UncertainError
from harness.pki.read_certificate import ReadCertificate
from harness.pki.read_crl import ReadCrl, crl
from harness.pki.read_key import completed
from harness.pki.read_loosely import ReadLoosely, loosely
from harness.pki.signature import check

Item = TypeVar("Item")
Found = TypeVar("Found")


def _read_each(
    items: Sequence[Item], where: Where, read_one: Callable[[Item], Found]
) -> tuple[list[Found], list[Unreadable]]:
    found: list[Found] = []
    unreadable: list[Unreadable] = []
    for index, item in enumerate(items):
        try:
            found.append(read_one(item))
        except RefusedError as error:
            unreadable.append(Unreadable(where, index, str(error), undecodable=True))
        except UncertainError as error:
            unreadable.append(Unreadable(where, index, str(error)))
    return found, unreadable


def _trusted(item: TrustedItem) -> tuple[TrustedCertificate, ReadCertificate]:
    return read_certificate.trusted(item.der, item.label)


def _may_name(item: Crl, signer: Certificate) -> bool:
    """Whether the key identifiers let the signer sign the CRL (``X509_check_akid``)."""
    authority, own = item.authority_key_id, signer.subject_key_id
    if not isinstance(authority, AuthorityKeyId) or not isinstance(own, bytes):
        return True
    return authority.key_id is None or authority.key_id == own


def _signatures(
    certificates: Iterable[ReadCertificate], crls: Iterable[ReadCrl]
) -> dict[str, Signature]:
    """Each item under each key that could have signed it.

    A certificate's signer has its issuer's name. A CRL's signer has the CRL issuer's,
    or is issued by it: OpenSSL lets the last certificate of a path vouch for itself,
    unless a key identifier forbids it.
    """
    items = {item.facts.fingerprint: item for item in certificates}
    by_subject: dict[bytes, list[ReadCertificate]] = {}
    by_issuer: dict[bytes, list[ReadCertificate]] = {}
    for item in items.values():
        by_subject.setdefault(item.facts.subject.canonical, []).append(item)
        by_issuer.setdefault(item.facts.issuer.canonical, []).append(item)
    found: dict[str, Signature] = {}

    def spellings(signer: ReadCertificate, depth: int = 3) -> Iterator[bytes]:
        """Its key, or with the parameters of each DSA key that may be above it."""
        key = signer.facts.key
        if key is None or not key.inherits:
            yield signer.subject_key
        elif depth:
            for above in by_subject.get(signer.facts.issuer.canonical, ()):
                if above.facts.key is not None and above.facts.key.algorithm == "DSA":
                    for parent in spellings(above, depth - 1):
                        yield completed(signer.subject_key, parent)

    def verify(item: ReadCertificate | ReadCrl, signer: ReadCertificate) -> None:
        if signer.facts.key is not None:
            pair = f"{item.facts.fingerprint}:{signer.facts.key.fingerprint}"
            if pair not in found:
                told = {check(item.signed, key) for key in spellings(signer)}
                found[pair] = told.pop() if len(told) == 1 else Signature.UNKNOWN

    for item in items.values():
        for signer in by_subject.get(item.facts.issuer.canonical, ()):
            verify(item, signer)
    for crl_item in crls:
        issuer = crl_item.facts.issuer.canonical
        for signer in by_subject.get(issuer, ()):
            verify(crl_item, signer)
        for signer in by_issuer.get(issuer, ()):
            if _may_name(crl_item.facts, signer.facts):
                verify(crl_item, signer)
    return found


def _loosely(
    case: Case, unreadable: Sequence[Unreadable]
) -> tuple[tuple[Unreadable, ...], list[ReadLoosely]]:
    """What can be said of unreadable certificates, unless OpenSSL refuses one of the
    items anyway."""
    if any(item.undecodable for item in unreadable):
        return tuple(unreadable), []
    told: list[Unreadable] = []
    found: list[ReadLoosely] = []
    for item in unreadable:
        certificates = {
            Where.PEER: case.peer,
            Where.TRUST: tuple(trusted.der for trusted in case.trusted),
        }.get(item.where, ())
        loose = loosely(certificates[item.index]) if certificates else None
        told.append(replace(item, loosely=None if loose is None else loose.facts))
        if loose is not None:
            found.append(loose)
    return tuple(told), found


def _loose_signatures(
    loose: Sequence[ReadLoosely], certificates: Sequence[ReadCertificate]
) -> dict[str, Signature]:
    """Signatures of and by the loosely read, whatever their names."""
    found: dict[str, Signature] = {}

    def verify(item: ReadLoosely | ReadCertificate, key: str, encoding: bytes) -> None:
        pair = f"{item.facts.fingerprint}:{key}"
        if pair not in found:
            found[pair] = check(item.signed, encoding)

    keyed = [
        (item.facts.key.fingerprint, item.subject_key)
        for item in certificates
        if item.facts.key is not None and not item.facts.key.inherits
    ]
    own = [(item.facts.key, item.subject_key) for item in loose if item.facts.key]
    for item in loose:
        for key, encoding in (*keyed, *own):
            verify(item, key, encoding)
    for certificate in certificates:
        for key, encoding in own:
            verify(certificate, key, encoding)
    return found


def read(case: Case) -> Facts:
    """All that the bytes of a case say, as OpenSSL 3.0 sees them. Never raises."""
    peer, bad_peer = _read_each(case.peer, Where.PEER, read_certificate.presented)
    trusted, bad_trusted = _read_each(case.trusted, Where.TRUST, _trusted)
    if case.source is Source.CADATA:
        # Passed over where it has trust settings, whatever else it is.
        bad_trusted = [replace(item, undecodable=False) for item in bad_trusted]
    crls, bad_crls = _read_each(case.crls, Where.CRL, crl)
    anchors: tuple[TrustedCertificate, ...] = tuple(item for item, _ in trusted)
    senders: tuple[Certificate, ...] = tuple(item.facts for item in peer)
    lists: tuple[Crl, ...] = tuple(item.facts for item in crls)
    certificates = [*peer, *(item for _, item in trusted)]
    unreadable, loose = _loosely(case, (*bad_trusted, *bad_crls, *bad_peer))
    signatures = _signatures(certificates, crls)
    if loose:
        signatures |= _loose_signatures(loose, certificates)
    return Facts(
        peer=senders,
        trusted=anchors,
        crls=lists,
        name=case.name,
        role=case.role,
        security_level=case.security_level,
        source=case.source,
        signatures=signatures,
        unreadable=unreadable,
    )
