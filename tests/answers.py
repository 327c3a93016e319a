"""What tests of comparing share: a release's books, and answers made up by them."""

from harness.books import Books, Reading
from harness.compare import compare
from harness.finding import Finding
from harness.flags import (
    DEFAULT,
    Flags,
)
from harness.oracle.releases.behaviours import release_for
from harness.outcome import Answer, Outcome, Way
from harness.pki.issue import issue
from harness.pki.read import read
from harness.pki.spec import Scenario
from harness.verdict import (
    MustAccept,
    MustReject,
    Objection,
    Prediction,
    Promise,
    Unmodelled,
    Verdict,
    WillAccept,
    WillReject,
)

NOW = 1_800_000_000
BOOKS = Books(release_for(0x30000130), "3.0", (3, 13, 0))
OLD_BOOKS = Books(release_for(0x1010117F), "1.1.1", (3, 13, 0))
"""1.1.1w, which shows what no later release does."""


PATH = ("aa", "bb")
YES = WillAccept(PATH)
NO = WillReject(PATH, (Objection("crl.revoked", 23, 0),))
MUST = MustAccept(("CRL_CHECK_LEAF",))
MUST_NOT = MustReject(("CRL_CHECK_LEAF/revoked",), frozenset({23}))


def answer(outcome: Outcome, flags: Flags = DEFAULT) -> Answer:
    """The outcome under these flags, read back as set."""
    return Answer(flags, flags, outcome, NOW, NOW)


def found(
    predicted: Prediction, promised: Promise, outcome: Outcome, way: Way = Way.FLIGHT
) -> Finding:
    """What this outcome is under this verdict."""
    return compare(Verdict(predicted, promised), answer(outcome), way=way)


def reading(scenario: Scenario, books: Books = BOOKS) -> Reading:
    """Both books at the scenario."""
    return Reading.open(read(issue(scenario, seed=1, now=NOW)), books)


def predicted_answers(
    scenario: Scenario, flags: tuple[Flags, ...], books: Books = BOOKS
) -> list[Answer]:
    """What a target of this release answers."""
    book = reading(scenario, books)
    answers = []
    for each in flags:
        expected = book.prediction(each, NOW)
        assert not isinstance(expected, Unmodelled)
        answers.append(answer(expected.outcome, each))
    return answers
