"""The causes of a change: what has to be turned over in the first target's books until
they predict what the second does.

A cause is a behaviour of the releases book, a bit of Python's default flags, or
``unknown`` where an outcome is not what the books predict, or ``not modelled`` where
they predict nothing.
"""

from dataclasses import replace
from typing import Final

from harness.books import Books, Reading
from harness.compare import compare
from harness.diff.change import DECISIONS, Kind, between
from harness.facts import Facts
from harness.finding import NotModelled, NotShown, fails, signature
from harness.flags import Flags
from harness.oracle.releases.behaviours import BEHAVIOURS
from harness.outcome import Answer
from harness.verdict import Prediction, Silent, Verdict

UNKNOWN: Final = "unknown"
"""The cause of a change with an outcome that its book says otherwise."""

UNMODELLED: Final = "not modelled"
"""The cause of a change with an outcome of which its book says nothing."""

Causes = frozenset[str]

_WITHIN: Final = {item.name: item.within for item in BEHAVIOURS if item.within}


class HiddenError(Exception):
    """A row that only seems to differ: an error that another row left behind."""


class Explaining:
    """The books of both sides opened at one case."""

    def __init__(self, facts: Facts, one: Books, two: Books) -> None:
        self._facts = facts
        self._one, self._two = one, two
        self._apart = tuple(
            item.name
            for item in BEHAVIOURS
            if (item.name in one.release) is not (item.name in two.release)
        )
        self._readings: dict[frozenset[str], Reading] = {}
        self._second_opened: Reading | None = None
        self._known: dict[tuple[Flags, Prediction, Prediction], Causes] = {}

    def steady(self, before: int, after: int) -> bool:
        """Whether no validity period begins or ends between these two seconds."""
        return self._second.steady(before, after)

    def causes(self, one: Answer, two: Answer) -> tuple[Causes, str]:
        """Why two answers to one question differ, and what the books say against them
        where that is unknown. Raises ``HiddenError``."""
        for books, reading, answer in (
            (self._one, self._first(), one),
            (self._two, self._second, two),
        ):
            cause, against = _against(books, reading, answer)
            if cause:
                return frozenset({cause}), against
        flags = one.requested.effective
        first = self._first().prediction(flags, one.before)
        second = self._second.prediction(flags, two.before)
        key = (flags, first, second)
        if key not in self._known:
            self._known[key] = self._smallest(flags, two.before, first, second)
        return self._known[key], ""

    @property
    def _second(self) -> Reading:
        """The second side's books; most cases change nothing, and need none."""
        if self._second_opened is None:
            self._second_opened = Reading.open(self._facts, self._two)
        return self._second_opened

    def _first(self, turned: frozenset[str] = frozenset()) -> Reading:
        """The first side's books with these behaviours turned over."""
        if turned not in self._readings:
            release = self._one.release.turned(*turned)
            books = replace(self._one, release=release)
            self._readings[turned] = Reading.open(self._facts, books)
        return self._readings[turned]

    def _smallest(
        self, flags: Flags, now: int, first: Prediction, second: Prediction
    ) -> Causes:
        """The smallest set found whose turning over predicts as the second side."""
        kind = between(first.outcome, second.outcome)
        if kind is None:
            return frozenset({UNKNOWN})
        alike: frozenset[Kind | None] = frozenset({None})
        if kind is Kind.CODE:
            alike |= {Kind.PATH}
        elif kind not in DECISIONS:
            alike |= DECISIONS

        def left(turned: frozenset[str]) -> Kind | None:
            predicted = self._first(turned).prediction(flags, now)
            return between(predicted.outcome, second.outcome)

        singles = {name: left(frozenset({name})) for name in self._apart}
        for wanted in (frozenset({None}), alike):
            for name, kind_left in singles.items():
                if kind_left in wanted:
                    return frozenset({name})
        chosen = frozenset(self._apart)
        if left(chosen) not in alike:
            return frozenset({UNKNOWN})
        for name in self._apart:
            if left(chosen - {name}) in alike:
                chosen -= {name}
        return frozenset(name for name in chosen if _WITHIN.get(name) not in chosen)


def _against(books: Books, reading: Reading, answer: Answer) -> tuple[str, str]:
    """The cause, and what the book says, where an answer is not as predicted; empty
    where it is."""
    predicted = reading.prediction(answer.requested.effective, answer.before)
    verdict = Verdict(predicted, Silent(), books.release.name)
    finding = compare(verdict, answer, speaks_tls=books.speaks_tls)
    place = f"OpenSSL {books.release.name}"
    match finding:
        case NotShown(what):
            raise HiddenError(what)
        case NotModelled(why):
            return UNMODELLED, f"{place}: {why}"
        case _ if fails(finding):
            return UNKNOWN, f"{place}: {signature(finding).text}"
        case _:
            return "", ""
