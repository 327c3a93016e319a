"""Rehearsals: a random case judged without a target, under every measured release.

The oracle is asked as if there were a target of each release. One of them, another
release in another edition of the manual for each case, is played to the end: it answers
as its release predicts, or wrong in one way, since what the laws say of a faulty target
is the oracle's work too. What comes of it is no finding; only branches count.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import hypothesis
from hypothesis import HealthCheck, Phase, Verbosity

from harness.books import Books, Reading
from harness.campaign.tracing import Tracer
from harness.examine import assess
from harness.facts import Facts
from harness.flags import (
    ALLOW_PROXY_CERTS,
    CRL_CHECK_ALL,
    CRL_CHECK_CHAIN,
    CRL_CHECK_LEAF,
    X509_PARTIAL_CHAIN,
    X509_STRICT,
    X509_TRUSTED_FIRST,
    Flags,
)
from harness.oracle.documents import laws
from harness.oracle.documents.points import Documents
from harness.oracle.documents.sentence import EDITIONS, edition_of
from harness.oracle.documents.surface import judge_surface
from harness.oracle.releases.behaviours import BEHAVIOURS, release_for
from harness.oracle.releases.judge import Judge, boundaries
from harness.oracle.releases.release import MEASURED, Version
from harness.outcome import (
    Accepted,
    Answer,
    Outcome,
    Rejected,
    Undecodable,
    Where,
)
from harness.surface import Surface
from harness.verdict import (
    Prediction,
    Unmodelled,
)
from strategies.surfaces import surfaces

LIE_EVERY: Final = 2
"""One case in so many is answered by a target that is wrong in one way."""

PEER_FIRST_EVERY: Final = 3
"""One case in so many is answered by a target that prefers the peer's certificates,
too: few cases have both to choose from."""

BOUNDARY_EVERY: Final = 7
"""One case in so many is judged at an instant at which something begins or ends."""

SURFACES: Final = 50
"""Surfaces that a shard judges."""

ALL_ALONE: Final = X509_TRUSTED_FIRST | CRL_CHECK_ALL
"""Beside every sweep, few of which have it: releases and liars differ in it."""

PYTHON: Final = (3, 13, 0)

Player = Callable[[Reading, Flags, int], Outcome]
"""How a played target answers: about which case, under which flags, at which second."""


def _accepting(path: tuple[str, ...] | None) -> Outcome:
    return Accepted(path)


def _rejecting(code: int | None, path: tuple[str, ...] | None) -> Outcome:
    return Rejected(code, "", path)


def _not_decoding(where: Where) -> Outcome:
    return Undecodable(where)


def played(predicted: Prediction) -> Outcome:
    """What a target does that behaves as predicted; where nothing is, it accepts."""
    if isinstance(predicted, Unmodelled):
        return _accepting(None)
    return predicted.outcome


def honest(reading: Reading, flags: Flags, now: int) -> Outcome:
    """As the release predicts."""
    return played(reading.prediction(flags, now))


def _always(bits: Flags) -> Player:
    return lambda reading, flags, now: honest(reading, flags | bits, now)


def _never(bits: Flags) -> Player:
    return lambda reading, flags, now: honest(reading, flags.without(bits), now)


def _turned(bits: Flags) -> Player:
    """Takes the flag for set where it is clear, and for clear where it is set."""
    return lambda reading, flags, now: honest(reading, flags ^ bits, now)


def _all_alone(reading: Reading, flags: Flags, now: int) -> Outcome:
    """Takes CRL_CHECK_ALL for CRL_CHECK_CHAIN."""
    meant = flags | CRL_CHECK_LEAF if CRL_CHECK_ALL in flags else flags
    return honest(reading, meant, now)


def _peer_first(reading: Reading, flags: Flags, now: int) -> Outcome:
    judge = Judge(reading.facts, now, reading.books.release, trusted_first=False)
    return played(judge.predict(flags))


def _peer_first_unless(reading: Reading, flags: Flags, now: int) -> Outcome:
    """Prefers the store's certificates under TRUSTED_FIRST alone, as it is written."""
    play = honest if X509_TRUSTED_FIRST in flags else _peer_first
    return play(reading, flags, now)


def _accepts_all(_reading: Reading, _flags: Flags, _now: int) -> Outcome:
    return _accepting(None)


def _by(choose: Callable[[Facts], tuple[str, ...]]) -> Player:
    """Accepts everything, by a path that has nothing to do with what it verified."""
    return lambda reading, _flags, _now: _accepting(choose(reading.facts))


def _sent(facts: Facts) -> tuple[str, ...]:
    return tuple(item.fingerprint for item in facts.peer)


def _sent_backwards(facts: Facts) -> tuple[str, ...]:
    return _sent(facts)[::-1]


def _sent_and_stored(facts: Facts) -> tuple[str, ...]:
    stored = tuple(item.certificate.fingerprint for item in facts.trusted)
    return _sent(facts) + stored


def _of_nobody(facts: Facts) -> tuple[str, ...]:
    return (*_sent(facts)[:1], "0" * 64)


def _tells_nothing(reading: Reading, flags: Flags, now: int) -> Outcome:
    """As Python 3.6, which shows neither code nor path."""
    match honest(reading, flags, now):
        case Accepted():
            return _accepting(None)
        case Rejected():
            return _rejecting(None, None)
        case other:
            return other


LIARS: Final[tuple[Player, ...]] = (
    _always(X509_STRICT),
    _never(CRL_CHECK_CHAIN),
    _turned(X509_STRICT),
    _turned(CRL_CHECK_LEAF),
    _turned(CRL_CHECK_ALL),
    _all_alone,
    _turned(X509_PARTIAL_CHAIN),
    _turned(ALLOW_PROXY_CERTS),
    _peer_first,
    _peer_first_unless,
    _accepts_all,
    _tells_nothing,
    _by(_sent),
    _by(_sent_backwards),
    _by(_sent_and_stored),
    _by(_of_nobody),
)
"""Targets that are wrong, or show less, in one way each."""


def _number(version: Version) -> int:
    """The ``OPENSSL_VERSION_NUMBER`` of a release."""
    high = version.major << 28 | version.minor << 20
    if version.major < 3:
        return high | version.patch << 12 | version.letter << 4
    return high | version.patch << 4


def _of_nobody_measured(books: Sequence[Books]) -> Books:
    """Stands for the releases that nobody measured: with every behaviour that none of
    these has, and without those that all of them have."""
    common = frozenset.intersection(*(item.release.behaviours for item in books))
    known = frozenset.union(*(item.release.behaviours for item in books))
    never = {item.name for item in BEHAVIOURS} - known
    middle = books[len(books) // 2]
    return replace(middle, release=middle.release.turned(*common, *never))


@dataclass(slots=True)
class Rehearsal:
    """Judges a shard's cases under every measured release, with the tracer on."""

    tracer: Tracer
    books: tuple[Books, ...]
    """One for each measured release that differs from the others in a behaviour, and
    one for those that nobody measured."""
    count: int
    """Cases judged so far, begun with the shard's number: what takes turns does so
    over all of them."""

    @classmethod
    def begin(cls, tracer: Tracer, shard: int) -> "Rehearsal":
        """Every measured release's books, for the shard of that number."""
        with tracer:
            every = [
                Books(release_for(number), edition_of(number), PYTHON)
                for number in map(_number, MEASURED)
            ]
        distinct = {(item.release.behaviours, item.edition): item for item in every}
        books = tuple(distinct.values())
        return cls(tracer, (*books, _of_nobody_measured(books)), shard)

    def case(self, facts: Facts, sweep: Sequence[Flags], now: int) -> None:
        """Judge one case at that second, or at an instant of its own."""
        number = self.count
        self.count += 1
        asked = [flags.effective for flags in (*sweep, ALL_ALONE)]
        instants = sorted(boundaries(facts))
        if number % BOUNDARY_EVERY == 0 and instants:
            now = instants[number // BOUNDARY_EVERY % len(instants)]
        player: Player = honest
        if number % LIE_EVERY == 0:
            player = LIARS[number // LIE_EVERY % len(LIARS)]
        with self.tracer:
            for books in self.books:
                judge = Judge(facts, now, books.release)
                for flags in asked:
                    judge.predict(flags)
            for edition in EDITIONS:
                documents = Documents(facts, now, edition)
                for flags in asked:
                    documents.promise(flags)
            books = self._of_edition(number)
            self._play(facts, asked, now, player, books)
            if number % PEER_FIRST_EVERY == 0:
                self._play(facts, asked, now, _peer_first_unless, books)

    def _of_edition(self, number: int) -> Books:
        """Books of an edition in its turn: of a release of its own, if there is one."""
        edition = EDITIONS[number % len(EDITIONS)]
        own = [item for item in self.books if item.edition == edition] or self.books
        return replace(own[number // len(EDITIONS) % len(own)], edition=edition)

    def _play(
        self,
        facts: Facts,
        asked: Sequence[Flags],
        now: int,
        player: Player,
        books: Books,
    ) -> None:
        reading = Reading.open(facts, books)
        answers = [
            Answer(flags, flags, player(reading, flags, now), now, now)
            for flags in asked
        ]
        assess(reading, answers)
        bare = Reading.open(replace(facts, crls=()), books)
        laws.twin_breaches(
            [laws.Row(item.requested, item.outcome) for item in answers],
            [laws.Row(flags, honest(bare, flags, now)) for flags in asked[::4]],
        )

    def surfaces(self, seed: int) -> None:
        """Judge random surfaces, as the documents book judges a target's."""

        @hypothesis.seed(seed)
        @hypothesis.settings(
            max_examples=SURFACES,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate,),
            verbosity=Verbosity.quiet,
        )
        @hypothesis.given(surfaces())
        def judge(drawn: tuple[Surface, tuple[int, int, int]]) -> None:
            with self.tracer:
                judge_surface(*drawn)

        judge()
