"""How a case is looked at: every objection of a sample is asked for."""

from dataclasses import dataclass, replace
from typing import cast

from harness.books import Reading
from harness.campaign.looking import OBJECTIONS_EVERY, Looking
from harness.campaign.sighting import Check, Seen
from harness.campaign.tally import Clock, Tally
from harness.finding import Unexplained
from harness.flags import DEFAULT, X509_STRICT, Flags
from harness.ledger.plain import OVER, chain, leaf
from harness.oracle.releases.release import Version
from harness.outcome import Answer, Objections, Rejected
from harness.pki.read import read
from harness.target.session import Session
from harness.target.target import Question
from harness.verdict import WillReject
from tests.shrinking.played import NOW, SEED, PlayedSession, books_of

BOTH = chain(leaf(**OVER, corrupt=True))
SWEEP = (DEFAULT, X509_STRICT)


@dataclass
class Telling(PlayedSession):
    """It tells every objection too, as predicted but for those of one code."""

    hidden: int = 0

    def ask(self, question: Question) -> tuple[Answer, ...]:
        """Every row, with the depth of its error."""
        reading = Reading.open(read(question.case), self.books)
        answers = PlayedSession.ask(self, question)
        return tuple(
            self._telling(reading, item, every=question.objections) for item in answers
        )

    def _telling(self, reading: Reading, answer: Answer, *, every: bool) -> Answer:
        predicted = reading.prediction(answer.requested.effective, NOW)
        outcome = answer.outcome
        noted: tuple[tuple[int, int], ...] = ()
        path = None
        if isinstance(predicted, WillReject) and isinstance(outcome, Rejected):
            outcome = replace(outcome, depth=predicted.shown.depth)
            first, *rest = [(item.code, item.depth) for item in predicted.objections]
            noted = (first, *(item for item in rest if item[0] != self.hidden))
            path = predicted.path
        told = Objections(noted, path) if every else None
        return replace(answer, outcome=outcome, objections=told)


def looking(hidden: int) -> Looking:
    """A look at such a session."""
    books = books_of(Version(3, 0, 22))
    session = Telling(books, hidden=hidden)
    session.identity.shows_objections = True
    tally = Tally()
    clock = Clock(tally, session.cpu_seconds)
    asked = cast("Session", session)
    return Looking(asked, books, SEED, NOW, tally, clock, lambda: None)


def objections_seen(looking: Looking, number: int) -> list[Seen]:
    """What fails of the case that has two faults, as the case of that number."""
    found = looking.everything(BOTH, SWEEP, number)
    assert all(isinstance(item, Seen) for item in found)
    return [item for item in found if isinstance(item, Seen)]


def test_every_objection_of_a_sample_is_asked_for() -> None:
    """An honest library shows nothing; one that forgets the second objection is found
    by each row of a sampled case, and by no other case."""
    place = OBJECTIONS_EVERY // 2
    honest = looking(0)
    assert objections_seen(honest, place) == []
    assert honest.tally.counts["objections"] == 1
    assert objections_seen(looking(10), place + 1) == []
    found = objections_seen(looking(10), place)
    assert [(item.mode.check, item.flags) for item in found] == [
        (Check.OBJECTIONS, (flags,)) for flags in SWEEP
    ]
    assert found[0].signature.text == (
        "unexplained objections: time.expired: 10 CERT_HAS_EXPIRED, but nothing more"
    )


def test_a_missing_objection_is_seen_again_and_narrowed() -> None:
    """By the same question only; not where the case does not have that fault."""
    lying = looking(10)
    found = objections_seen(lying, OBJECTIONS_EVERY // 2)[1]
    again = lying.again(BOTH, found)
    assert isinstance(again, Seen)
    assert isinstance(again.finding, Unexplained)
    assert again.signature == found.signature
    assert lying.again(chain(leaf(corrupt=True)), found) is None
    narrow = lying.narrower(BOTH, found)
    assert isinstance(narrow, Seen)
    assert narrow.flags == (Flags(0),)
