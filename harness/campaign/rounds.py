"""One round: Hypothesis draws cases until one shows something new, and shrinks that.

Hypothesis tells failures apart by exception type and line only. So there is one
exception class for each signature, an example raises only the first signature that is
not known yet, and a round ends with at most one find. What shrinking has reached is
kept here, not in Hypothesis: a budget that runs out ends the round by a skip, and
nothing is asked once more just to be reported.
"""

import time
import unittest
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, Generic, Protocol, TypeVar

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
    """How a round asks."""

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


class Found(AssertionError):  # noqa: N818  # what Hypothesis looks for
    """An example showed a signature that is not known; subclassed per signature."""


@cache
def exception_for(signature: Any) -> type[Found]:
    """The exception class of a signature, always the same one."""
    return type(f"Found[{signature}]", (Found,), {})


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


@dataclass(slots=True)
class Round(Generic[S]):
    """One round's work, and what came of it."""

    look: Look[S]
    questions: st.SearchStrategy[tuple[Scenario, tuple[Flags, ...]]]
    """Scenarios, each with the flag sets to ask it under."""
    known: frozenset[Any]
    seed: int
    examples: int
    """Hypothesis's ``max_examples``; its choices depend on it, so it is always the
    same, and ``limit`` cuts a round short."""
    limit: int
    over: Callable[[], bool]
    """Whether the round's time is over; asked before each case, not in shrinking."""
    claim: Callable[[Any], bool] = field(default=lambda _signature: True)
    """Whether this round is the one to shrink a signature."""
    before: int = 0
    """Random cases that were asked in rounds before this one."""
    shrink_calls: int = SHRINK_CALLS
    shrink_seconds: float = SHRINK_SECONDS
    asked: int = 0
    """Random cases that were asked, shrinking apart."""
    find: Find[S] | None = None
    ended: bool = False
    """Whether it ended before its cases were used up."""
    _shrink_until: float = 0.0
    _begun: bool = False

    def run(self) -> None:
        """Draw, ask, and shrink. An error of the harness goes through."""
        try:
            self._property()()
        except Unsatisfiable:
            pass
        except Found:
            if self.find is not None:
                self.find.shrunk = True
        except (Flaky, RoundOver):
            # A round that is over draws less than Hypothesis expects of a case it
            # knows, which it may call flaky; so may a target that changes its mind.
            if self.find is None and not self.ended:
                raise
        if self.find is not None and self.find.calls:
            find = self.find
            self._simplify(find)
            find.sighting = self.look.narrower(find.scenario, find.sighting)

    def _simplify(self, find: Find[S]) -> None:
        """Go on from Hypothesis's smallest case, as far as calls are left."""
        until = time.monotonic() + self.shrink_seconds / 2

        def holds(scenario: Scenario) -> bool:
            if time.monotonic() > until:
                return False
            find.calls += 1
            again = self.look.again(scenario, find.sighting)
            if again is not None:
                find.sighting = again
            return again is not None

        left = max(0, self.shrink_calls - find.calls)
        find.scenario = simplest(find.scenario, holds, calls=left)

    def _property(self) -> Callable[[], None]:
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
            if self.find is None and (self.asked >= self.limit or self.over()):
                raise self._end()
            scenario, sweep = data.draw(self.questions)
            if self.find is None and self._is_first():
                return
            if self.find is None:
                shown = self._look(scenario, sweep)
            else:
                shown = self._look_again(scenario, self.find)
            if shown is not None:  # one line to raise from: it is part of identity
                raise exception_for(shown)

        return explore

    def _is_first(self) -> bool:
        """Whether this is the case that Hypothesis begins every round with, the
        simplest one: rounds before this one asked it."""
        is_first, self._begun = not self._begun, True
        return is_first and self.before > 0

    def _end(self) -> RoundOver:
        self.ended = True
        return RoundOver()

    def _look(self, scenario: Scenario, sweep: tuple[Flags, ...]) -> Any:
        number = self.before + self.asked
        self.asked += 1
        new = [
            sighting
            for sighting in self.look.everything(scenario, sweep, number)
            if sighting.signature not in self.known
        ]
        if not new:
            return None
        worst = min(new, key=lambda sighting: sighting.rank)
        self.find = Find(scenario, worst, worst, time.time())
        again = self.look.again(scenario, worst)
        if again is None:
            self.find.stable = False
            raise self._end()
        if not self.claim(worst.signature):
            raise self._end()
        self.find.sighting = self.look.narrower(scenario, again)
        self._shrink_until = time.monotonic() + self.shrink_seconds
        return worst.signature

    def _look_again(self, scenario: Scenario, find: Find[S]) -> Any:
        if find.calls >= self.shrink_calls or time.monotonic() > self._shrink_until:
            raise self._end()
        find.calls += 1
        again = self.look.again(scenario, find.sighting)
        if again is None:
            return None
        find.scenario, find.sighting = scenario, again
        return find.sighting.signature
