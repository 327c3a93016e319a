"""From a case to facts: what its octets say, and nothing about how it was made.

What cannot be read is said to be unreadable, and left out; reading never fails.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from harness.case import Case, TrustedItem
from harness.facts import (
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


def _signatures(
    certificates: Iterable[ReadCertificate], crls: Iterable[ReadCrl]
) -> dict[str, Signature]:
    """Each item under each key that could have signed it.

    A certificate's signer has its issuer's name. A CRL's signer has the CRL issuer's,
    or is issued by it: OpenSSL lets the last certificate of a path vouch for itself.
    """
    by_subject: dict[bytes, dict[str, bytes]] = {}
    by_issuer: dict[bytes, dict[str, bytes]] = {}
    items: dict[str, ReadCertificate] = {}
    for item in certificates:
        facts = item.facts
        items[facts.fingerprint] = item
        if facts.key is not None:
            mark = facts.key.fingerprint
            for index, of in ((by_subject, facts.subject), (by_issuer, facts.issuer)):
                index.setdefault(of.canonical, {})[mark] = item.subject_key
    found: dict[str, Signature] = {}

    def verify(item: ReadCertificate | ReadCrl, signers: dict[str, bytes]) -> None:
        for mark, key in signers.items():
            found[f"{item.facts.fingerprint}:{mark}"] = check(item.signed, key)

    for item in items.values():
        verify(item, by_subject.get(item.facts.issuer.canonical, {}))
    for crl_item in {item.facts.fingerprint: item for item in crls}.values():
        issuer = crl_item.facts.issuer.canonical
        verify(crl_item, by_subject.get(issuer, {}) | by_issuer.get(issuer, {}))
    return found


def read(case: Case) -> Facts:
    """All that the bytes of a case say, as OpenSSL 3.0 sees them. Never raises."""
    peer, bad_peer = _read_each(case.peer, Where.PEER, read_certificate.presented)
    trusted, bad_trusted = _read_each(case.trusted, Where.TRUST, _trusted)
    crls, bad_crls = _read_each(case.crls, Where.CRL, crl)
    anchors: tuple[TrustedCertificate, ...] = tuple(item for item, _ in trusted)
    senders: tuple[Certificate, ...] = tuple(item.facts for item in peer)
    lists: tuple[Crl, ...] = tuple(item.facts for item in crls)
    certificates = [*peer, *(item for _, item in trusted)]
    return Facts(
        peer=senders,
        trusted=anchors,
        crls=lists,
        name=case.name,
        role=case.role,
        security_level=case.security_level,
        source=case.source,
        signatures=_signatures(certificates, crls),
        unreadable=(*bad_trusted, *bad_crls, *bad_peer),
    )
