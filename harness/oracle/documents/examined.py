"""Every remark about a candidate path, each computed once for a case.

What is said of a certificate, a link, a path or a CRL does not depend on the flags;
a remark itself knows the bits under which it counts.
"""

from collections.abc import Iterator
from itertools import pairwise

from harness.case import Role
from harness.facts import Certificate, Facts
from harness.oracle.documents import crls
from harness.oracle.documents.crls import Inquiry, Standing, Status
from harness.oracle.documents.hosts import host_remarks
from harness.oracle.documents.paths import (
    Anchor,
    Graph,
    Path,
    is_self_issued,
    is_self_signed,
)
from harness.oracle.documents.plain import Place, certificate_remarks, link_remarks
from harness.oracle.documents.proxies import (
    path_length_remarks,
    places,
    proxies_of,
    proxy_remarks,
)
from harness.oracle.documents.remarks import (
    ANY,
    CRL,
    CRL_CHECK,
    CRL_CHECK_ALL,
    UNTRUSTED,
    Remark,
)

_Fingerprints = tuple[str, ...]
_DOUBTFUL_ANCHOR = Remark("an anchor that is in doubt", UNTRUSTED)
_OUT_OF_STORE = Remark("a path that leaves the store for the peer's", UNTRUSTED)


class Examined:
    """The remarks about the certificates and CRLs of one case."""

    def __init__(self, graph: Graph, now: int, edition: str) -> None:
        self.graph = graph
        self.facts: Facts = graph.facts
        self.now = now
        self.edition = edition
        self._single: dict[tuple[str, Place, bool], tuple[Remark, ...]] = {}
        self._links: dict[tuple[str, str], tuple[Remark, ...]] = {}
        self._paths: dict[_Fingerprints, tuple[Remark, ...]] = {}
        self._statuses: dict[tuple[str, str, int], Status] = {}
        self._checks: dict[tuple[_Fingerprints, int], tuple[Remark, ...]] = {}

    def remarks(self, path: Path, bits: int) -> tuple[Remark, ...]:
        """All remarks about a path; those of its CRLs where ``bits`` ask for them."""
        found = self.certificates(path.certificates)
        if path.anchor is Anchor.DOUBTFUL:
            found = (*found, _DOUBTFUL_ANCHOR)
        if bits & CRL_CHECK:
            found = (*found, *self.checks(path.certificates, bits))
        return found

    def certificates(self, path: tuple[Certificate, ...]) -> tuple[Remark, ...]:
        """The remarks about the certificates of a path, CRLs apart."""
        key = tuple(certificate.fingerprint for certificate in path)
        found = self._paths.get(key)
        if found is None:
            found = self._paths[key] = tuple(dict.fromkeys(self._examine(path)))
        return found

    def checks(self, path: tuple[Certificate, ...], bits: int) -> tuple[Remark, ...]:
        """The remarks that CRL checking adds."""
        mode = bits & (crls.MODE | CRL_CHECK_ALL)
        key = (tuple(certificate.fingerprint for certificate in path), mode)
        found = self._checks.get(key)
        if found is None:
            found = self._checks[key] = tuple(self._checked(path, mode))
        return found

    def _examine(self, path: tuple[Certificate, ...]) -> Iterator[Remark]:
        for index, place in enumerate(places(path)):
            last = index == len(path) - 1
            yield from self._one(path[index], place, last)
            if not last:
                yield from self._link(path[index], path[index + 1])
        if self._leaves_store(path):
            yield _OUT_OF_STORE
        yield from path_length_remarks(path)
        yield from proxy_remarks(self.facts, path)
        if self.facts.name is not None:
            yield from host_remarks(path[0], self.facts.name)
            if self.facts.role is Role.SERVER:
                yield Remark("a reference name for a client", ANY)

    def _leaves_store(self, path: tuple[Certificate, ...]) -> bool:
        """Whether a peer's issuer stands above one of the store: the manual
        has no path go there, whatever the flags."""
        stored = [item.fingerprint in self.graph.store for item in path[1:]]
        return any(low and not high for low, high in pairwise(stored))

    def _one(
        self, certificate: Certificate, place: Place, last: bool
    ) -> tuple[Remark, ...]:
        key = (certificate.fingerprint, place, last)
        found = self._single.get(key)
        if found is None:
            found = self._single[key] = tuple(
                certificate_remarks(
                    self.facts,
                    certificate,
                    place,
                    last=last,
                    now=self.now,
                    edition=self.edition,
                )
            )
        return found

    def _link(
        self, certificate: Certificate, issuer: Certificate
    ) -> tuple[Remark, ...]:
        key = (certificate.fingerprint, issuer.fingerprint)
        found = self._links.get(key)
        if found is None:
            found = self._links[key] = tuple(
                link_remarks(self.facts, certificate, issuer)
            )
        return found

    def _checked(self, path: tuple[Certificate, ...], mode: int) -> Iterator[Remark]:
        """What CRL checking asks of a path.

        Under LEAF that is the peer's certificate; behind a proxy, which no CA issued
        and no CRL covers (RFC 3820), it is the end entity's at the very least. Under
        CHAIN it is every certificate; whether a trust anchor is among them is left
        open by the documentation.
        """
        proxies = proxies_of(path)
        if proxies:
            yield Remark("CRLs are checked on a proxy path", CRL)
        whole = bool(mode & CRL_CHECK_ALL)
        last = len(path) - 1
        for index in range(proxies, len(path) if whole else proxies + 1):
            if index > last:
                return
            bottom = index == proxies
            status = self._status(path, index, mode & crls.MODE)
            if status.standing is Standing.FINE:
                yield Remark("", status.codes)
                continue
            promised = status.standing is not Standing.DOUBT
            if index == last:
                # Self-signed to OpenSSL is what names itself as its issuer.
                own = is_self_issued(path[index])
                promised = promised and bottom and not own
            sentences = _sentences(status, whole, bottom) if promised else ()
            yield Remark(f"CRL status {status.standing}", status.codes, sentences)

    def _status(self, path: tuple[Certificate, ...], index: int, mode: int) -> Status:
        certificate = path[index]
        if index + 1 < len(path):
            return self._known(certificate, path[index + 1], mode)
        if is_self_signed(self.facts, certificate):
            return self._known(certificate, certificate, mode)
        statuses = {
            self._known(certificate, issuer, mode)
            for issuer in self.graph.named(certificate.issuer.canonical)
            if self._vouches(issuer, certificate)
        }
        if len(statuses) == 1:
            status = statuses.pop()
            return Status(status.standing, status.codes | CRL, status.sentences)
        if crls.uncovered_by_name(self.facts, certificate):
            return Status(Standing.UNCOVERED, frozenset({3}))
        return Status(Standing.DOUBT, CRL)

    def _vouches(self, issuer: Certificate, certificate: Certificate) -> bool:
        """Whether a certificate above an anchor is trusted, plain and its issuer."""
        return (
            issuer.fingerprint in self.graph.store
            and not self._link(certificate, issuer)
            and not self._one(issuer, Place.ISSUER, last=True)
        )

    def _known(
        self, certificate: Certificate, issuer: Certificate, mode: int
    ) -> Status:
        key = (certificate.fingerprint, issuer.fingerprint, mode)
        found = self._statuses.get(key)
        if found is None:
            inquiry = Inquiry(self.graph, certificate, issuer, self.now, mode)
            found = self._statuses[key] = crls.status(inquiry)
        return found


def _sentences(status: Status, whole: bool, bottom: bool) -> tuple[str, ...]:
    part = "revoked" if status.standing is Standing.LISTED else "requires-crl"
    names = [f"CRL_CHECK_CHAIN/{part}"] if whole else []
    if bottom:
        names.append(f"CRL_CHECK_LEAF/{part}")
    return (*names, *status.sentences)
