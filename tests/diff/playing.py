"""Releases that are played: targets that do as the releases book says."""

from collections import deque
from collections.abc import Callable
from dataclasses import replace

from harness.books import Books, Reading
from harness.diff.comparing import Comparing
from harness.diff.side import CONSTRUCTORS, Side
from harness.flags import PRESETS, Flags
from harness.oracle.documents.sentence import edition_of
from harness.oracle.releases.behaviours import release_of
from harness.oracle.releases.release import version
from harness.outcome import Answer, Outcome, Unsupported
from harness.pki.read import read
from harness.surface import Constructor, Surface
from harness.target.target import Identity, Question
from harness.verdict import Prediction
from tests.answers import NOW

NUMBERS = {
    "1.1.1w": 0x1010117F,
    "3.0.22": 0x30000160,
    "3.5.9": 0x30500090,
    "4.0.3": 0x40000030,
}


def side(release: str, python: tuple[int, int, int] = (3, 12, 0)) -> Side:
    """A target of that release, under that Python's default flags."""
    number = NUMBERS[release]
    usual = PRESETS["default-3.13" if python >= (3, 13) else "default-3.12"]
    made = {call: Constructor(usual, 2, True) for call in CONSTRUCTORS.values()}
    identity = Identity(
        id=f"played-{release}",
        implementation="cpython",
        python=python,
        openssl=f"OpenSSL {release}",
        openssl_number=number,
        platform="none",
        shows_code=True,
        shows_path=True,
    )
    return Side(
        identity,
        release_of(version(release)).behaviours,
        release,
        edition_of(number),
        Surface({}, {}, int_flag=True, constructors=made),
    )


class Played:
    """A target that does what its books predict, at the time of the clock."""

    def __init__(
        self,
        books: Books,
        clock: Callable[[], int],
        lying: dict[Flags, Flags] | None = None,
    ) -> None:
        self._books = books
        self._clock = clock
        self._lying = lying or {}
        self._sent: deque[Question] = deque()

    def send(self, question: Question) -> None:
        """Ask without waiting."""
        self._sent.append(question)

    def receive(self) -> tuple[Answer, ...]:
        """The answers to the oldest question."""
        question = self._sent.popleft()
        reading = Reading.open(read(question.case), self._books)
        now = self._clock()
        return tuple(
            Answer(
                flags,
                flags.effective,
                shown(reading.prediction(self._meant(flags).effective, now)),
                now,
                now,
            )
            for flags in question.flags
        )

    def _meant(self, flags: Flags) -> Flags:
        for said, meant in self._lying.items():
            if said in flags:
                return flags.without(said) | meant
        return flags


def shown(predicted: Prediction) -> Outcome:
    """What a target that does so shows."""
    outcome = predicted.outcome
    if isinstance(outcome, Unsupported):
        return replace(outcome, what="not modelled")
    return outcome


def comparing(
    one: Side,
    two: Side,
    *,
    lying: dict[Flags, Flags] | None = None,
    clock: Callable[[], int] = lambda: NOW,
) -> Comparing:
    """A comparison of two played targets, of which the second may lie about flags."""
    askers = (Played(one.books, clock), Played(two.books, clock, lying))
    return Comparing(askers, (one, two), 1, NOW)
