"""Measuring what a verdict costs: plain sweeps of drawn cases, each beside bare flights
of the same case, nothing sampled and nothing shrunk.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hypothesis import strategies as st

from harness.campaign.fault import Sight
from harness.campaign.looking import VERSIONS, Looking
from harness.campaign.rounds import Round, Shrinking, first_find
from harness.campaign.sighting import Check, Mode, Seen
from harness.finding import Conforms
from harness.flags import Flags
from harness.outcome import Way
from harness.pki.spec import Scenario
from strategies import scenarios, sweeps
from strategies.flags import LATTICE_WITH_ALL

UNSAMPLED: Final = 3
"""A place in a round at which nothing but the plain sweep is asked."""

FLOOR_SETS: Final = 8
"""Flag sets of each case whose bare flights are measured."""

FLOOR_FLIGHTS: Final = 4


@dataclass(slots=True)
class Measuring:
    """A round's look that asks one plain sweep, then the same case bare."""

    looking: Looking
    handshakes: bool = False
    """Ask by handshake of both versions instead, and nothing bare."""

    def everything(
        self, scenario: Scenario, sweep: tuple[Flags, ...], number: int
    ) -> Sequence[Sight]:
        """Ask and count; what fails is no business of a measurement."""
        looking = self.looking
        if self.handshakes:
            looking.clock.lap("drawing")
            for tls in VERSIONS:
                mode = Mode(Check.PLAIN, Way.HANDSHAKE, tls)
                looking.asked(scenario, Seen(Conforms(), mode, sweep))
                looking.tally.counts["handshake verdicts"] += len(sweep)
            looking.clock.lap_both("handshakes")
            return ()
        looking.everything(scenario, sweep, UNSAMPLED)
        looking.measure_floor(scenario, _spread(sweep, number), FLOOR_FLIGHTS)
        return ()

    def again(self, _scenario: Scenario, _sighting: Sight) -> Sight | None:
        """Never asked: nothing is ever seen."""
        return None

    def narrower(self, _scenario: Scenario, sighting: Sight) -> Sight:
        """Never asked: nothing is ever seen."""
        return sighting


def measure(looking: Looking, *, examples: int, full: bool = False) -> None:
    """Ask that many drawn cases, under the full lattice or a drawn sweep; the numbers
    are in the tally of ``looking``."""
    chosen = st.just(LATTICE_WITH_ALL) if full else sweeps()
    _run(Measuring(looking), chosen, examples)


def measure_handshakes(looking: Looking, *, examples: int) -> None:
    """Ask drawn cases by handshake under one flag set, in both TLS versions."""
    chosen = st.just(LATTICE_WITH_ALL[:1])
    _run(Measuring(looking, handshakes=True), chosen, examples)


def _run(
    look: Measuring, chosen: st.SearchStrategy[tuple[Flags, ...]], examples: int
) -> None:
    step = Round(st.tuples(scenarios(), chosen), look.looking.seed, examples, examples)
    look.looking.clock.start()
    first_find(Shrinking(look), step)


def _spread(sweep: tuple[Flags, ...], offset: int) -> tuple[Flags, ...]:
    count = min(FLOOR_SETS, len(sweep))
    places = {
        (index * len(sweep) // count + offset) % len(sweep) for index in range(count)
    }
    return tuple(sweep[place] for place in sorted(places))
