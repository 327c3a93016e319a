"""The certification path OpenSSL builds: ordered lists, and no backtracking.

Source: ``build_chain``, ``find_issuer``, ``check_trust`` (x509_vfy.c),
``X509_STORE_CTX_get1_issuer`` (x509_lu.c), ``obj_trust`` (x509_trust.c). The built-in
parameters carry X509_TRUSTED_FIRST, so the store is always searched first.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from harness.facts import TrustedCertificate
from harness.oracle.releases.cached import Cached, likely_issued
from harness.oracle.releases.clock import Clock
from harness.oracle.releases.release import Release
from harness.verdict import Objection

REJECTED: Final = "trust.rejected"
TOO_LONG: Final = "path.too-long"
ENDINGS: Final = frozenset({REJECTED, TOO_LONG})
"""Rules after whose objection, if it is let pass, another one to the path follows that
depends on the release: 3.0 says 28 once more, 1.1.1w that there is no issuer."""
MAXIMUM_DEPTH: Final = 100
"""``depth`` of the "default" ``X509_VERIFY_PARAM`` (x509_vpm.c)."""

ANY_PURPOSE: Final = "2.5.29.37.0"


class Trust(Enum):
    """``X509_TRUST_*``."""

    TRUSTED = "trusted"
    REJECTED = "rejected"
    UNTRUSTED = "untrusted"


@dataclass(frozen=True, slots=True, eq=False)
class Anchor:
    """A certificate of the store with its trust settings."""

    certificate: Cached
    settings: TrustedCertificate


@dataclass(frozen=True, slots=True, eq=False)
class Store:
    """The trust store: certificates by canonical subject, in load order."""

    by_subject: dict[bytes, list[Anchor]]

    def __iter__(self) -> Iterator[Cached]:
        for anchors in self.by_subject.values():
            for anchor in anchors:
                yield anchor.certificate

    def named(self, subject: bytes) -> Sequence[Anchor]:
        """Certificates of that subject, in load order."""
        return self.by_subject.get(subject, ())


@dataclass(frozen=True, slots=True, eq=False)
class Built:
    """A path as far as it was built, the objection to it, if any, and the anchors.

    ``settings`` holds trust settings by depth, for certificates from the store.
    """

    path: tuple[Cached, ...]
    untrusted: int
    """``num_untrusted``: how many, from the end entity on, are the peer's."""
    settings: dict[int, TrustedCertificate]
    objection: Objection | None
    notes: tuple[str, ...] = ()
    looked_at: frozenset[Cached] = frozenset()
    """The peer's certificates whose extensions were read while building."""

    @property
    def fingerprints(self) -> tuple[str, ...]:
        """The path as the fingerprints of its certificates."""
        return tuple(certificate.fingerprint for certificate in self.path)


def check_trust(anchor: Anchor, purpose: str, *, self_signed_counts: bool) -> Trust:
    """``X509_check_trust``: trust settings first, else whether it is self-signed.

    ``purpose`` is the OID of serverAuth or clientAuth; ``self_signed_counts`` is the
    absence of ``X509_TRUST_NO_SS_COMPAT``.
    """
    settings = anchor.settings
    if any(oid in (purpose, ANY_PURPOSE) for oid in settings.reject or ()):
        return Trust.REJECTED
    if settings.trust is not None:
        if any(oid in (purpose, ANY_PURPOSE) for oid in settings.trust):
            return Trust.TRUSTED
        return Trust.REJECTED
    certificate = anchor.certificate
    if self_signed_counts and certificate.self_signed and not certificate.invalid:
        return Trust.TRUSTED
    return Trust.UNTRUSTED


def _best(
    candidates: Sequence[Anchor], subject: Cached, clock: Clock, release: Release
) -> tuple[Anchor | None, bool]:
    """The first candidate valid now, else the best of the others (``_is_better``).

    The second value says that dates decided against an earlier one.
    """
    chosen: Anchor | None = None
    passed_over = False
    for candidate in candidates:
        certificate = candidate.certificate
        if not likely_issued(certificate, subject, release):
            continue
        if clock.certificate_is_valid(certificate.facts):
            return candidate, passed_over
        passed_over = True
        if chosen is None or _is_better(certificate, chosen.certificate, release):
            chosen = candidate
    return chosen, False


def _is_better(candidate: Cached, chosen: Cached, release: Release) -> bool:
    """Whether a candidate, not valid now, is taken in place of the one before it."""
    if "last-outdated-issuer" in release:
        return True
    return candidate.facts.not_after > chosen.facts.not_after


def _peer_issuer(
    left: Sequence[Cached],
    path: Sequence[Cached],
    clock: Clock,
    looked_at: set[Cached],
    release: Release,
) -> Cached | None:
    """``find_issuer`` among the peer's certificates not used yet.

    Adds to ``looked_at`` those whose extensions it reads.
    """
    subject = path[-1]
    chosen: Cached | None = None
    loops = {certificate.fingerprint for certificate in path}
    alone = subject.self_issued and len(path) == 1
    read_all = "peer-read-for-loops" in release and not alone
    for candidate in left:
        if read_all or candidate.subject == subject.issuer:
            looked_at.add(candidate)
        if not likely_issued(candidate, subject, release):
            continue
        if candidate.fingerprint in loops and not alone:
            continue
        if clock.certificate_is_valid(candidate.facts):
            return candidate
        if chosen is None or _is_better(candidate, chosen, release):
            chosen = candidate
    return chosen


def build(
    leaf: Cached,
    peer: Sequence[Cached],
    store: Store,
    *,
    purpose: str,
    partial: bool,
    clock: Clock,
    release: Release,
    trusted_first: bool = True,
) -> Built:
    """``build_chain`` from this end entity.

    No release builds with ``trusted_first`` off; an outcome that only this explains
    comes from a target that prefers the peer's certificates.
    """
    path = [leaf]
    untrusted = 1
    left = list(peer)
    looked_at = {leaf}
    settings: dict[int, TrustedCertificate] = {}
    notes: list[str] = []
    search_peer = True
    search_store = trusted_first
    trust = Trust.UNTRUSTED
    rejected_at = 0
    # Each turn grows the path, turns the peer search off, or ends the loop.
    for _ in range(2 * MAXIMUM_DEPTH + 8):
        top = path[-1]
        anchor = None
        if search_store and len(path) <= MAXIMUM_DEPTH + 1:
            anchor, dated = _best(store.named(top.issuer), top, clock, release)
            unused = left if search_peer else ()
            notes += _about(anchor, path, unused, release, dated=dated)
        if (
            anchor is not None
            and top.facts.key is None
            and "undecodable-key-ends-building" in release
        ):
            # X509_self_signed fails: an internal error, which nothing lets pass.
            return Built(
                tuple(path),
                untrusted,
                settings,
                Objection("key.undecodable", 1, len(path) - 1),
                tuple(notes),
                frozenset(looked_at),
            )
        if anchor is not None and _extend(path, anchor, settings):
            untrusted = min(untrusted, len(path) - 1)
            search_peer = False
            first = len(path) - 1
            trust = check_trust(anchor, purpose, self_signed_counts=True)
            rejected_at = first
            if trust is Trust.UNTRUSTED and partial:
                trust = Trust.TRUSTED
                notes.append("path.partial-anchor")
            if trust is not Trust.UNTRUSTED:
                break
            continue  # an issuer is well formed: self-signed, it would be trusted
        if not search_peer:
            break
        issuer = None
        if not (top.self_signed and not top.invalid) and len(path) <= MAXIMUM_DEPTH + 1:
            issuer = _peer_issuer(left, path, clock, looked_at, release)
        if issuer is None:
            search_peer = False
            search_store = True
            continue
        left.remove(issuer)
        path.append(issuer)
        untrusted = len(path)
    if trust is Trust.UNTRUSTED and untrusted == len(path) <= MAXIMUM_DEPTH + 1:
        trust = _pinned(path, store, settings, purpose, partial=partial, notes=notes)
        rejected_at = 0
        if trust is Trust.TRUSTED:
            untrusted = 0
    return Built(
        tuple(path),
        untrusted,
        settings,
        _objection(path, untrusted, trust, rejected_at),
        tuple(notes),
        frozenset(looked_at),
    )


def _about(
    anchor: Anchor | None,
    path: Sequence[Cached],
    left: Sequence[Cached],
    release: Release,
    *,
    dated: bool,
) -> Iterator[str]:
    """What is worth a note about an issuer taken from the store."""
    if anchor is None:
        return
    if dated:
        yield "path.dates-choose-issuer"
    taken = {certificate.fingerprint for certificate in (*path, anchor.certificate)}
    if any(
        likely_issued(candidate, path[-1], release)
        and candidate.fingerprint not in taken
        for candidate in left
    ):
        yield "path.store-before-peer"


def _extend(
    path: list[Cached], anchor: Anchor, settings: dict[int, TrustedCertificate]
) -> bool:
    """Push an issuer from the store, or let it replace the same self-signed one.

    False where the top is self-signed and the store holds only a mimic of it.
    """
    top = path[-1]
    if not top.self_signed:
        path.append(anchor.certificate)
    elif top.fingerprint != anchor.certificate.fingerprint:
        return False
    settings[len(path) - 1] = anchor.settings
    path[-1] = anchor.certificate
    return True


def _pinned(
    path: list[Cached],
    store: Store,
    settings: dict[int, TrustedCertificate],
    purpose: str,
    *,
    partial: bool,
    notes: list[str],
) -> Trust:
    """The last resort of ``check_trust``: the end entity itself is in the store."""
    if not partial:
        return Trust.UNTRUSTED
    leaf = path[0]
    for anchor in store.named(leaf.subject):
        if anchor.certificate.fingerprint == leaf.fingerprint:
            trust = check_trust(anchor, purpose, self_signed_counts=True)
            if trust is Trust.REJECTED:
                return trust
            settings[0] = anchor.settings
            path[0] = anchor.certificate
            notes.append("path.pinned-leaf")
            return Trust.TRUSTED
    return Trust.UNTRUSTED


def _objection(
    path: Sequence[Cached], untrusted: int, trust: Trust, rejected_at: int
) -> Objection | None:
    depth = len(path) - 1
    match trust:
        case Trust.TRUSTED:
            return None
        case Trust.REJECTED:
            return Objection(REJECTED, 28, rejected_at)
        case Trust.UNTRUSTED:
            pass
    if len(path) > MAXIMUM_DEPTH + 1:
        return Objection(TOO_LONG, 22, depth)
    if path[-1].self_signed and not path[-1].invalid:
        if depth == 0:
            return Objection("path.self-signed-leaf", 18, depth)
        return Objection("path.self-signed-in-path", 19, depth)
    if untrusted < len(path):
        return Objection("path.no-issuer", 2, depth)
    return Objection("path.no-issuer-locally", 20, depth)
