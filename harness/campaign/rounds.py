"""One round: Hypothesis draws a few cases; what one of them shows is shrunk by going
through the same round once more.

Drawing and asking are apart, so that a drawn case is signed once and asked of many
targets. A find is shrunk against one of them: with the same seed Hypothesis draws the
same cases again, none of which is asked before the one that showed it. Hypothesis tells
failures apart by exception type and line only, so there is one line that raises. What
shrinking has reached is kept here, not in Hypothesis: a budget that runs out ends it by
a skip, and nothing is asked once more just to be reported.
"""

import contextlib
import time
import unittest
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, Protocol, Self, TypeVar

import hypothesis
from hypothesis import HealthCheck, Phase, Verbosity
from hypothesis import strategies as st
from hypothesis.errors import Flaky, Unsatisfiable

from harness.flags import Flags
from harness.pki.spec import Scenario
from strategies.simpler import simplest

SHRINK_CALLS: Final = 400
"""Askings of one find's shrinking: by Hypothesis, then by steps of the scenario."""
SHRINK_SECONDS: Final = 20.0

Question = tuple[Scenario, tuple[Flags, ...]]
"""A scenario, and the flag sets to ask it under."""


class Sighting(Protocol):
    """A finding seen in one case; the order of signatures is the order of telling."""

    @property
    def signature(self) -> Any:
        """Hashable; equal for the same finding in another case."""

    @property
    def rank(self) -> Any:
        """Sorts sightings: the worst severity first, then by the signature's text."""


S = TypeVar("S", bound=Sighting)


class Look(Protocol[S]):
    """How one target is asked."""

    def everything(
        self, scenario: Scenario, sweep: tuple[Flags, ...], number: int
    ) -> Sequence[S]:
        """Every failing sighting of a drawn case, ``number`` being its place among
        all that were drawn in this round and before."""

    def again(self, scenario: Scenario, sighting: S) -> S | None:
        """The same signature in another scenario, asking only what showed it."""

    def narrower(self, scenario: Scenario, sighting: S) -> S:
        """The sighting with fewer flag sets, each of fewer bits."""


class RoundOver(unittest.SkipTest):  # no error, an end
    """Ends a round from inside an example: Hypothesis lets a skip through."""

    def __init__(self) -> None:
        super().__init__("the round is over")


class ShownError(AssertionError):
    """An example shows what is being shrunk."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One drawn case."""

    scenario: Scenario
    sweep: tuple[Flags, ...]
    place: int
    """Among the examples of its round, from 0."""
    number: int
    """Among all cases that were drawn in its round and before."""


@dataclass(slots=True)
class Find(Generic[S]):
    """The best case so far of one signature."""

    scenario: Scenario
    sighting: S
    first: S
    """As it was first seen."""
    at: float
    """When that was, seconds since the epoch."""
    calls: int = 0
    """How often shrinking asked."""
    shrunk: bool = False
    """Whether shrinking went to its end within its budget."""
    stable: bool = True
    """Whether asking again at once showed it again."""

    @classmethod
    def seen(cls, drawn: Drawn, first: S) -> Self:
        """A find just seen, not yet shrunk."""
        return cls(drawn.scenario, first, first, time.time())


def _never() -> bool:
    return False


def _always(_signature: Any) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Round:
    """What a round draws: the same cases each time."""

    questions: st.SearchStrategy[Question]
    seed: int
    examples: int
    """Hypothesis's ``max_examples``; its choices depend on it, so it is always the
    same, and ``limit`` cuts a round short."""
    limit: int
    """Cases that are drawn at most."""
    before: int = 0
    """Random cases that were drawn in rounds before this one."""

    def drawn(self, over: Callable[[], bool] = _never) -> tuple[Drawn, ...]:
        """Draw the cases, until it is ``over``."""
        cases: list[Drawn] = []
        place = 0
        ended = False

        def take(data: st.DataObject) -> None:
            nonlocal place, ended
            if len(cases) >= self.limit or over():
                ended = True
                raise RoundOver
            scenario, sweep = data.draw(self.questions)
            # Hypothesis begins every round with the simplest case: rounds before this
            # one have asked it.
            if place or not self.before:
                number = self.before + len(cases)
                cases.append(Drawn(scenario, sweep, place, number))
            place += 1

        try:
            self.through(take)
        except (Flaky, RoundOver):
            # A round that is over draws less than Hypothesis expects of a case it
            # knows, which it may call flaky.
            if not ended:
                raise
        return tuple(cases)

    def through(self, take: Callable[[st.DataObject], None]) -> None:
        """Have Hypothesis go through the examples, and shrink one that fails."""

        @hypothesis.seed(self.seed)
        @hypothesis.settings(
            max_examples=self.examples,
            database=None,
            deadline=None,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate, Phase.shrink),
            print_blob=False,
            verbosity=Verbosity.quiet,
        )
        @hypothesis.given(st.data())
        def explore(data: st.DataObject) -> None:
            take(data)

        with contextlib.suppress(Unsatisfiable):
            explore()


@dataclass(frozen=True, slots=True)
class Shrinking(Generic[S]):
    """How a find is shrunk, and how far."""

    look: Look[S]
    claim: Callable[[Any], bool] = _always
    """Whether it is ours to shrink a signature."""
    calls: int = SHRINK_CALLS
    seconds: float = SHRINK_SECONDS

    def shrink(self, step: Round, drawn: Drawn, find: Find[S]) -> None:
        """Make a find smaller, that of a case as it was drawn. What was reached stays
        in it whatever is raised: an error of the harness goes through."""
        again = self.look.again(drawn.scenario, find.first)
        if again is None:
            find.stable = False
            return
        if not self.claim(find.first.signature):
            return
        find.sighting = self.look.narrower(drawn.scenario, again)
        self._search(step, drawn, find)
        if find.calls:
            self.simplify(find)
            find.sighting = self.look.narrower(find.scenario, find.sighting)

    def _search(self, step: Round, drawn: Drawn, find: Find[S]) -> None:
        """Let Hypothesis shrink it: in its round, what was drawn before shows
        nothing."""
        until = time.monotonic() + self.seconds
        place = 0

        def take(data: st.DataObject) -> None:
            nonlocal place
            is_late = find.calls >= self.calls or time.monotonic() > until
            if place > drawn.place and is_late:
                raise RoundOver
            scenario, _ = data.draw(step.questions)
            at, place = place, place + 1  # of draws that Hypothesis did not give up
            if at < drawn.place:
                return
            if at == drawn.place and scenario != drawn.scenario:
                raise RoundOver
            if at > drawn.place:
                find.calls += 1
                again = self.look.again(scenario, find.sighting)
                if again is None:
                    return
                find.scenario, find.sighting = scenario, again
            raise ShownError  # one line to raise from: it is part of identity

        try:
            step.through(take)
        except ShownError:
            find.shrunk = True
        except (Flaky, RoundOver):
            pass  # out of budget, or a target that changes its mind

    def simplify(self, find: Find[S]) -> None:
        """Go on from Hypothesis's smallest case, as far as calls are left."""
        until = time.monotonic() + self.seconds / 2

        def holds(scenario: Scenario) -> bool:
            if time.monotonic() > until:
                return False
            find.calls += 1
            again = self.look.again(scenario, find.sighting)
            if again is not None:
                find.sighting = again
            return again is not None

        left = max(0, self.calls - find.calls)
        find.scenario = simplest(find.scenario, holds, calls=left)


def worst(seen: Sequence[S], known: Container[Any]) -> S | None:
    """The sighting to tell first, of those that are not known; None where all are."""
    new = [item for item in seen if item.signature not in known]
    return min(new, key=lambda item: item.rank, default=None)


def first_find(
    shrinking: Shrinking[S],
    step: Round,
    known: Container[Any] = (),
    over: Callable[[], bool] = _never,
) -> tuple[Find[S] | None, int]:
    """Ask one target a round's cases until one shows something that is not known, and
    shrink that; and how many cases were asked."""
    asked = 0
    for drawn in step.drawn(over):
        if over():
            break
        asked += 1
        seen = shrinking.look.everything(drawn.scenario, drawn.sweep, drawn.number)
        first = worst(seen, known)
        if first is not None:
            find = Find.seen(drawn, first)
            shrinking.shrink(step, drawn, find)
            return find, asked
    return None, asked
