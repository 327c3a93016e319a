"""Point rules: what the documentation promises of one case under one flag set.

Three-valued. Every candidate path is considered: no path without an objection is a
promise to reject, with every code that may carry what was remarked; all of them plain
is a promise to accept; otherwise the book is silent. Where X509_TRUSTED_FIRST is set,
the manual's preference for the store decides which paths are candidates.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final, TypeVar

from harness.facts import Facts
from harness.flags import Flags
from harness.oracle.documents.examined import Examined
from harness.oracle.documents.paths import Anchor, Graph, Path, Walk, malformed
from harness.oracle.documents.proxies import proxies_of
from harness.oracle.documents.remarks import (
    ALLOW_PROXY,
    CHECK_SS,
    CRL,
    CRL_CHECK,
    CRL_CHECK_ALL,
    EXTENDED_CRL,
    IGNORE_CRITICAL,
    NO_ALT_CHAINS,
    NO_CHECK_TIME,
    PARTIAL,
    POLICY,
    STRICT,
    TRUSTED_FIRST,
    UNTRUSTED,
    USE_DELTAS,
)
from harness.verdict import MustAccept, MustReject, Promise, Silent

P = TypeVar("P", MustAccept, MustReject)

_KNOWN: Final = (
    CRL_CHECK
    | CRL_CHECK_ALL
    | IGNORE_CRITICAL
    | STRICT
    | ALLOW_PROXY
    | POLICY
    | EXTENDED_CRL
    | USE_DELTAS
    | CHECK_SS
    | TRUSTED_FIRST
    | PARTIAL
    | NO_ALT_CHAINS
    | NO_CHECK_TIME
)
"""The bits this book knows what is promised of."""
_EXCUSES: Final = (
    (NO_CHECK_TIME, "NO_CHECK_TIME"),
    (IGNORE_CRITICAL, "IGNORE_CRITICAL"),
)
_CHECKS: Final = ((STRICT, "X509_STRICT"), (CHECK_SS, "CHECK_SS_SIGNATURE"))
_FIRST: Final = "X509_TRUSTED_FIRST"
_POLICY_CODES: Final = frozenset({41, 42, 43})
_UNTRUSTED: Final = "VERIFY_DEFAULT/trust-anchor"


class Documents:
    """The book opened at one case: the facts, judged at ``now`` (seconds since the
    epoch) by one edition of OpenSSL's manual."""

    def __init__(self, facts: Facts, now: int, edition: str = "3.0") -> None:
        self.facts = facts
        self.now = now
        self.edition = edition
        self._graph = Graph(facts)
        self._ground = self._unreadable()
        self._examined = Examined(self._graph, now, edition)
        self._by_bits: dict[int, Promise] = {}
        self._odd_case = self._oddity_of_case()

    def promise(self, flags: Flags) -> Promise:
        """What is promised of this case under these flags."""
        bits = flags.bits
        found = self._by_bits.get(bits)
        if found is None:
            found = self._by_bits[bits] = self._judge(bits)
        return found

    def _judge(self, bits: int) -> Promise:
        if self._ground:
            return Silent(self._ground)
        if bits & ~_KNOWN:
            return Silent(f"nothing is said of the bits {bits & ~_KNOWN:#x}")
        if bits & CRL_CHECK_ALL and not bits & CRL_CHECK:
            return self._alone(bits)
        partial = bool(bits & PARTIAL)
        first = bool(bits & TRUSTED_FIRST)
        every = self._graph.walk(partial=partial, first=False)
        walk = self._graph.walk(partial=partial, first=first)
        promise = self._weigh(walk, bits)
        if isinstance(promise, MustReject):
            promise = self._rejection(promise, bits)
        if walk is not every and isinstance(self._weigh(every, bits), Silent):
            promise = _preferring(promise)
        if isinstance(promise, MustAccept) and bits & POLICY:
            return Silent("policies are checked")
        return promise

    def _alone(self, bits: int) -> Promise:
        """CRL_CHECK_ALL without CRL_CHECK: ignored, since the manual's 3.0 edition."""
        without = self.promise(Flags(bits & ~CRL_CHECK_ALL))
        if isinstance(without, MustReject):
            return MustReject(without.sentences, without.codes | CRL)
        if self.edition == "1.1.1" or isinstance(without, Silent):
            return Silent("the manual of 1.1.1 has CRL_CHECK_ALL check on its own")
        return _led_by(without, "CRL_CHECK_ALL")

    def _rejection(self, promise: MustReject, bits: int) -> MustReject:
        if bits & POLICY:
            promise = MustReject(promise.sentences, promise.codes | _POLICY_CODES)
        if not bits & PARTIAL and _UNTRUSTED in promise.sentences:
            walk = self._graph.walk(partial=True, first=bool(bits & TRUSTED_FIRST))
            if walk.paths:
                return _led_by(promise, "X509_PARTIAL_CHAIN")
        return promise

    def _weigh(self, walk: Walk, bits: int) -> Promise:
        """All candidate paths of one walk, under these bits."""
        if not walk.complete:
            return Silent("more candidate paths than are looked at")
        codes: set[int] = set()
        objections: list[list[str]] = []
        odd = self._odd_case
        for path in walk.paths:
            sentences: list[str] = []
            for remark in self._examined.remarks(path, bits):
                if remark.counts(bits):
                    codes |= remark.codes
                    sentences += remark.sentences
                    if not remark.sentences:
                        odd = odd or remark.what
            objections.append(sentences)
            if self._has_namesake(path):
                odd = odd or "a namesake of a self-signed end entity"
                codes |= UNTRUSTED
        for dead in walk.dead_ends:
            odd = odd or "a candidate path that ends at no anchor"
            codes |= UNTRUSTED
            for remark in self._examined.certificates(dead):
                if remark.counts(bits):
                    codes |= remark.codes
        if not walk.paths:
            return MustReject((_UNTRUSTED,), frozenset(codes | UNTRUSTED))
        if all(objections):
            return MustReject(_ordered(objections), frozenset(codes))
        if odd or any(objections):
            return Silent(odd or "a path with an objection beside one without")
        return MustAccept(self._kept(walk, bits))

    def _has_namesake(self, path: Path) -> bool:
        """Whether a store may offer another certificate where the path is one alone."""
        first = path.certificates[0]
        return len(path.certificates) == 1 and any(
            other.fingerprint != first.fingerprint
            for other in self._graph.named(first.subject.canonical)
        )

    def _kept(self, walk: Walk, bits: int) -> tuple[str, ...]:
        """The sentences that promise an acceptance.

        The first is the one a rejection would break: where CRLs are checked that is
        theirs, unless a partial anchor is among the certificates checked.
        """
        anchored = any(path.anchor is Anchor.PARTIAL for path in walk.paths)
        partial = ["X509_PARTIAL_CHAIN"] if anchored else []
        if bits & CRL_CHECK and bits & CRL_CHECK_ALL:
            kept = [*partial, "CRL_CHECK_CHAIN"]
        elif bits & CRL_CHECK:
            kept = ["CRL_CHECK_LEAF", *partial]
            if any(self._uncovered_above(path) for path in walk.paths):
                kept.append("CRL_CHECK_LEAF/only-peer")
        else:
            kept = partial
        if any(proxies_of(path.certificates) for path in walk.paths):
            kept.append("ALLOW_PROXY_CERTS")
        for bit, name in _EXCUSES:
            if bits & bit and any(
                remark.off & bit
                for path in walk.paths
                for remark in self._examined.remarks(path, bits)
            ):
                kept.append(name)
        kept += [name for bit, name in _CHECKS if bits & bit]
        if not bits & CRL_CHECK:
            kept.append("VERIFY_DEFAULT")
        return tuple(kept)

    def _uncovered_above(self, path: Path) -> bool:
        """Whether checking every certificate of the path would object."""
        every = CRL_CHECK | CRL_CHECK_ALL
        checks = self._examined.checks(path.certificates, every)
        return any(remark.sentences for remark in checks)

    def _unreadable(self) -> str:
        if self.facts.unreadable:
            return f"could not be read: {self.facts.unreadable[0].why}"
        return "" if self.facts.peer else "the peer sends no certificate"

    def _oddity_of_case(self) -> str:
        """Something outside every path that might still matter."""
        seen: set[tuple[bytes, int]] = set()
        for certificate in self._graph.certificates:
            key = certificate.key
            if key is None or key.inherits or malformed(certificate):
                return "a certificate that is malformed"
            identity = (certificate.issuer.canonical, certificate.serial)
            if identity in seen:
                return "two certificates of one issuer and serial number"
            seen.add(identity)
        return ""


def _ordered(objections: Iterable[list[str]]) -> tuple[str, ...]:
    """The sentences of all paths, those of a path that only a flag objects to first:
    they are what an acceptance would break."""
    ranked = sorted(objections, key=_is_broken_anyway)
    return tuple(dict.fromkeys(name for sentences in ranked for name in sentences))


def _is_broken_anyway(sentences: list[str]) -> bool:
    return any(name.startswith("VERIFY_DEFAULT") for name in sentences)


def _preferring(promise: Promise) -> Promise:
    """A promise that only the preference for the store allows."""
    if isinstance(promise, Silent):
        return promise
    of_crls = any(name.startswith("CRL_CHECK") for name in promise.sentences)
    sentences = promise.sentences
    return replace(
        promise,
        sentences=(*sentences, _FIRST) if of_crls else (_FIRST, *sentences),
    )


def _led_by(promise: P, sentence: str) -> P:
    """The promise with one more sentence, before the others."""
    return replace(promise, sentences=(sentence, *promise.sentences))
