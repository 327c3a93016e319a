"""Draws of the scenario strategies, made once for all tests of this folder."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy

from harness.pki.spec import Scenario
from strategies import certificates, chains, crls, names, scenarios

Collect = Callable[[SearchStrategy[Scenario], int], list[Scenario]]


BATCH: Final = 40
"""Examples of one seed. Within a seed draws repeat parts of each other, so that many
short seeds reach more than one long one."""


def _collected(strategy: SearchStrategy[Scenario], count: int) -> list[Scenario]:
    found: list[Scenario] = []
    for number in range(0, count, BATCH):
        found += _batch(strategy, number, min(BATCH, count - number))
    return found


def _batch(
    strategy: SearchStrategy[Scenario], number: int, count: int
) -> list[Scenario]:
    found: list[Scenario] = []

    @seed(number)
    @settings(
        database=None,
        deadline=None,
        max_examples=count,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(scenario: Scenario) -> None:
        found.append(scenario)

    collect()
    return found


@pytest.fixture(scope="session")
def collected() -> Collect:
    """The scenarios that a strategy draws in so many examples."""
    return _collected


@pytest.fixture(scope="session")
def drawn() -> Mapping[str, Sequence[Scenario]]:
    """Many draws of each strategy, by its name."""
    return {
        "scenarios": _collected(scenarios(), 1600),
        "chains": _collected(chains(), 1800),
        "certificates": [
            *_collected(certificates(), 900),
            *(
                scenario
                for focus in range(20)
                for scenario in _collected(scenarios(theme="strict", focus=focus), 20)
            ),
        ],
        "crls": _collected(crls(), 1200),
        "crls in focus": [
            scenario
            for focus in range(30)
            for scenario in _collected(scenarios(theme="crls", focus=focus), 20)
        ],
        "names": [
            *_collected(names(), 500),
            *(
                scenario
                for focus in range(20)
                for scenario in _collected(scenarios(theme="names", focus=focus), 20)
            ),
        ],
    }
