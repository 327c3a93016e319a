"""All candidate certification paths, by names and anchors alone.

From the peer's certificate upwards, every certificate of the case whose subject is the
issuer's name is a candidate, whether or not its signature fits: what is wrong with a
link is for remarks to say. Sources: openssl-verification-options, "Trust Anchors" and
"Certification Path Building"; RFC 5280, section 6.1.

A *walk* has a mode. With ``partial`` any certificate of the store is an anchor, and a
path stops at the first one above the peer's certificate, as the manual says. With
``first`` the manual's preference holds: where the store has a match the peer's
certificates are not looked at, and once one was taken, never again.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final

from harness.facts import Certificate, Facts, Malformed, Signature, TrustedCertificate

MAX_LENGTH: Final = 16
MAX_PATHS: Final = 32
MAX_STEPS: Final = 256
"""Beyond any of these bounds a walk is not complete, and nothing is promised."""

_KEY_CERT_SIGN: Final = 0x04


class Anchor(StrEnum):
    """Why the last certificate of a path is, or may be, a trust anchor."""

    SELF_SIGNED = "self-signed"
    PARTIAL = "partial"
    """In the store and not self-signed: an anchor under PARTIAL_CHAIN."""
    DOUBTFUL = "doubtful"
    """In the store, with trust settings, a self-signature or key identifiers that
    leave it open."""


@dataclass(frozen=True, slots=True)
class Path:
    """A candidate certification path, the peer's certificate first."""

    certificates: tuple[Certificate, ...]
    anchor: Anchor


@dataclass(frozen=True, slots=True)
class Walk:
    """What one mode of searching finds."""

    paths: tuple[Path, ...]
    dead_ends: tuple[tuple[Certificate, ...], ...]
    """Maximal sequences that lead to no anchor."""
    complete: bool
    """False where a bound was reached."""


class Graph:
    """The certificates of a case by subject, and which of them are trusted."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.store: dict[str, list[TrustedCertificate]] = {}
        for item in facts.trusted:
            self.store.setdefault(item.certificate.fingerprint, []).append(item)
        unique = {certificate.fingerprint: certificate for certificate in facts.peer}
        for item in facts.trusted:
            unique.setdefault(item.certificate.fingerprint, item.certificate)
        self.certificates = tuple(unique.values())
        self._by_subject: dict[bytes, list[Certificate]] = {}
        for certificate in self.certificates:
            self._by_subject.setdefault(certificate.subject.canonical, []).append(
                certificate
            )
        self._walks: dict[tuple[bool, bool], Walk] = {}

    def named(self, subject: bytes) -> list[Certificate]:
        """The certificates with that subject, in canonical form."""
        return self._by_subject.get(subject, [])

    def walk(self, *, partial: bool, first: bool) -> Walk:
        """All candidate paths in that mode; searched once."""
        mode = (partial and self.has_partial, first and self.has_choice)
        if mode not in self._walks:
            self._walks[mode] = _Search(self, *mode).walk()
        return self._walks[mode]

    @cached_property
    def has_partial(self) -> bool:
        """Whether the store holds anything but self-signed certificates."""
        return any(
            not is_self_signed(self.facts, items[0].certificate)
            for items in self.store.values()
        )

    @cached_property
    def has_choice(self) -> bool:
        """Whether the peer sends a CA that the store does not hold."""
        return any(item.fingerprint not in self.store for item in self.facts.peer[1:])


def is_self_issued(certificate: Certificate) -> bool:
    """Subject and issuer are the same name (RFC 5280, section 3.2)."""
    return certificate.subject.canonical == certificate.issuer.canonical


def is_self_signed(facts: Facts, certificate: Certificate) -> bool:
    """Self-issued, and its signature verifies under its own key."""
    return (
        is_self_issued(certificate)
        and facts.verifies(certificate, certificate) is Signature.GOOD
    )


def key_ids_agree(certificate: Certificate, issuer: Certificate) -> bool:
    """Whether the authorityKeyIdentifier, if any, is a key identifier alone, and is
    the issuer's subjectKeyIdentifier where that is present."""
    authority = certificate.authority_key_id
    if authority is None:
        return True
    if isinstance(authority, Malformed) or authority.issuer is not None:
        return False
    if authority.serial is not None or authority.key_id is None:
        return False
    subject = issuer.subject_key_id
    return subject is None or subject == authority.key_id


def algorithms_fit(certificate: Certificate, issuer: Certificate) -> bool:
    """Whether the signature algorithm is one of the issuer's key type."""
    return (
        issuer.key is not None
        and certificate.inner_algorithm.key_algorithm == issuer.key.algorithm
        and certificate.outer_algorithm.key_algorithm == issuer.key.algorithm
    )


class _Search:
    """One depth-first search; bounded."""

    def __init__(self, graph: Graph, partial: bool, first: bool) -> None:
        self.graph = graph
        self.facts = graph.facts
        self.partial = partial
        self.first = first
        self.paths: list[Path] = []
        self.dead_ends: list[tuple[Certificate, ...]] = []
        self.steps = 0
        self.complete = True

    def walk(self) -> Walk:
        self._extend((self.facts.peer[0],))
        return Walk(tuple(self.paths), tuple(self.dead_ends), self.complete)

    def _extend(self, path: tuple[Certificate, ...]) -> None:
        self.steps += 1
        if (
            self.steps > MAX_STEPS
            or len(path) > MAX_LENGTH
            or len(self.paths) + len(self.dead_ends) >= MAX_PATHS
        ):
            self.complete = False
            return
        top = path[-1]
        anchor = self._anchor(top)
        if anchor is not None:
            self.paths.append(Path(path, anchor))
        signed = is_self_signed(self.facts, top)
        if signed and anchor is None:
            self.dead_ends.append(path)
        if signed or (anchor is Anchor.PARTIAL and len(path) > 1):
            return
        issuers = self._issuers(path)
        if not issuers and anchor is None:
            self.dead_ends.append(path)
        for issuer in issuers:
            self._extend((*path, issuer))

    def _anchor(self, top: Certificate) -> Anchor | None:
        items = self.graph.store.get(top.fingerprint)
        if items is None:
            return None
        if any(item.trust is not None or item.reject is not None for item in items):
            return Anchor.DOUBTFUL
        if is_self_issued(top):
            plain = (
                is_self_signed(self.facts, top)
                and key_ids_agree(top, top)
                and algorithms_fit(top, top)
            )
            return Anchor.SELF_SIGNED if plain else Anchor.DOUBTFUL
        return Anchor.PARTIAL if self.partial else None

    def _issuers(self, path: tuple[Certificate, ...]) -> list[Certificate]:
        top = path[-1]
        used = {certificate.fingerprint for certificate in path}
        found = [
            certificate
            for certificate in self.graph.named(top.issuer.canonical)
            if certificate.fingerprint not in used
        ]
        if not self.first:
            return found
        store = self.graph.store
        trusted = [item for item in found if item.fingerprint in store]
        taken = any(item.fingerprint in store for item in path[1:])
        if taken or any(self._matches(top, item) for item in trusted):
            return trusted
        return found

    def _matches(self, certificate: Certificate, issuer: Certificate) -> bool:
        """A match by the manual's conditions, and one that truly signed."""
        return (
            key_ids_agree(certificate, issuer)
            and algorithms_fit(certificate, issuer)
            and not malformed(issuer)
            and _may_sign(issuer)
            and self.facts.verifies(certificate, issuer) is Signature.GOOD
        )


def _may_sign(issuer: Certificate) -> bool:
    """Suitable key usage: absent, or with keyCertSign."""
    usage = issuer.key_usage
    return usage is None or (isinstance(usage, int) and bool(usage & _KEY_CERT_SIGN))


def malformed(certificate: Certificate) -> bool:
    """Whether any extension is there and cannot be used."""
    return any(
        isinstance(value, Malformed)
        for value in (
            certificate.basic_constraints,
            certificate.key_usage,
            certificate.extended_key_usage,
            certificate.netscape_type,
            certificate.subject_key_id,
            certificate.authority_key_id,
            certificate.subject_alt_name,
            certificate.name_constraints,
            certificate.distribution_points,
            certificate.proxy,
            certificate.addresses,
            certificate.autonomous_systems,
        )
    )
