"""Draws of the scenario strategies, made once for all tests of this folder."""

from collections.abc import Callable, Mapping, Sequence

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy

from harness.pki.spec import Scenario
from strategies import certificates, chains, crls, names, scenarios

Collect = Callable[[SearchStrategy[Scenario], int], list[Scenario]]


def _collected(strategy: SearchStrategy[Scenario], count: int) -> list[Scenario]:
    found: list[Scenario] = []

    @settings(
        derandomize=True,
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
        "scenarios": _collected(scenarios(), 900),
        "chains": _collected(chains(), 700),
        "certificates": _collected(certificates(), 700),
        "crls": _collected(crls(), 700),
        "names": _collected(names(), 450),
    }
