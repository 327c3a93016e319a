"""Both books about one target, and their verdicts about one case.

A target is judged by the release of its OpenSSL and by the edition of the manual that
belongs to it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

from harness.facts import Facts
from harness.flags import (
    ALLOW_PROXY_CERTS,
    CRL_CHECK_ALL,
    CRL_CHECK_CHAIN,
    CRL_CHECK_LEAF,
    DEFAULT,
    X509_PARTIAL_CHAIN,
    X509_STRICT,
    X509_TRUSTED_FIRST,
    Flags,
)
from harness.oracle.documents.points import Documents
from harness.oracle.documents.sentence import HOLDS, Sentence, edition_of
from harness.oracle.documents.sentences import SENTENCES
from harness.oracle.releases.behaviours import BEHAVIOURS, release_for
from harness.oracle.releases.judge import Judge, boundaries
from harness.oracle.releases.release import NO_RELEASE, Release
from harness.target.target import Identity
from harness.verdict import NO_OPENSSL, Prediction, Unmodelled, Verdict

_TOGGLES: Final = (
    CRL_CHECK_ALL,
    CRL_CHECK_LEAF,
    CRL_CHECK_CHAIN,
    X509_STRICT,
    ALLOW_PROXY_CERTS,
    X509_PARTIAL_CHAIN,
)


@dataclass(frozen=True, slots=True)
class Books:
    """What one target is judged by."""

    release: Release
    edition: str
    python: tuple[int, int, int]
    through_ssl: bool = True
    """Whether it is the module ``ssl`` that is asked (``Identity.through_ssl``)."""
    speaks_tls: bool = True
    """Whether libssl is asked, and not the verifier alone (``Identity.speaks_tls``)."""

    @classmethod
    def of(cls, identity: Identity) -> "Books":
        """The books for a target that says it is this."""
        number = identity.openssl_number
        return cls(
            release_for(number) if identity.is_openssl else NO_RELEASE,
            edition_of(number),
            identity.python,
            identity.through_ssl,
            identity.speaks_tls,
        )

    @property
    def predicts(self) -> bool:
        """Whether there is a release of OpenSSL to predict by. Where there is none,
        the documents alone judge, and the ledger excuses nothing."""
        return bool(self.release.name)

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences that apply to the target."""
        return tuple(
            sentence
            for sentence in SENTENCES.values()
            if self.edition in sentence.editions and sentence.since <= self.python
        )

    @property
    def decidable(self) -> tuple[Sentence, ...]:
        """Those of them that can be decided: what the module ``ssl`` shows of itself
        only where it is asked."""
        return tuple(
            sentence
            for sentence in self.sentences
            if self.through_ssl or HOLDS not in sentence.sides
        )

    @property
    def behaviours(self) -> tuple[str, ...]:
        """Every behaviour that the releases book tells apart."""
        if not self.predicts:
            return ()
        return tuple(behaviour.name for behaviour in BEHAVIOURS)


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """Both books opened at one case; verdicts are kept per stretch of time.

    Between two instants at which a validity period begins or ends, every moment has
    the same verdict.
    """

    facts: Facts
    books: Books
    _instants: tuple[int, ...]
    _judges: dict[tuple[int, int], tuple[Judge, Documents]] = field(
        default_factory=dict
    )

    @classmethod
    def open(cls, facts: Facts, books: Books) -> "Reading":
        """Both books at this case."""
        return cls(facts, books, tuple(sorted(boundaries(facts))))

    def verdict(self, flags: Flags, now: int) -> Verdict:
        """What both books say about these flags at that second."""
        promised = self._at(now)[1].promise(flags)
        return Verdict(self.prediction(flags, now), promised, self.books.release.name)

    def prediction(self, flags: Flags, now: int) -> Prediction:
        """What the releases book says; of host names only where OpenSSL matches them.

        Python 3.6 matches them itself, after the handshake (``ssl.match_hostname``).
        """
        books = self.books
        if not books.predicts:
            return NO_OPENSSL
        by_python = books.through_ssl and books.python < (3, 7)
        if self.facts.name is not None and by_python:
            return Unmodelled("host names on Python 3.6")
        return self._at(now)[0].predict(flags)

    def as_if(self, flags: Flags, now: int) -> Iterator[tuple[Flags, Prediction]]:
        """Predictions with one or two flags turned over, and which those are.

        What tells CHAIN from LEAF is one bit, and is named CHAIN. Last comes what a
        target would do that prefers the peer's certificates, as if
        VERIFY_X509_TRUSTED_FIRST could be cleared.
        """
        for count in (1, 2):
            for chosen in combinations(_TOGGLES, count):
                other, named = flags, DEFAULT
                for toggle in chosen:
                    other = other ^ toggle
                    named |= CRL_CHECK_CHAIN if toggle == CRL_CHECK_ALL else toggle
                yield named, self.prediction(other, now)
        if not self.books.predicts:
            return  # nothing is predicted whatever is turned over
        judge = Judge(self.facts, now, self.books.release, trusted_first=False)
        yield X509_TRUSTED_FIRST, judge.predict(flags)

    def steady(self, before: int, after: int) -> bool:
        """Whether no validity period begins or ends between these two seconds."""
        return before == after or self._stretch(before) == self._stretch(after)

    def felt(self, flags: tuple[Flags, ...], now: int) -> frozenset[str]:
        """Behaviours whose turning over would change a prediction of this sweep."""
        judge = self._at(now)[0]
        found = set()
        for name in self.books.behaviours:
            other = Judge(self.facts, now, self.books.release.turned(name))
            if any(judge.predict(each) != other.predict(each) for each in flags):
                found.add(name)
        return frozenset(found)

    def _stretch(self, now: int) -> tuple[int, int]:
        return bisect_left(self._instants, now), bisect_right(self._instants, now)

    def _at(self, now: int) -> tuple[Judge, Documents]:
        stretch = self._stretch(now)
        if stretch not in self._judges:
            self._judges[stretch] = (
                Judge(self.facts, now, self.books.release),
                Documents(self.facts, now, self.books.edition),
            )
        return self._judges[stretch]
