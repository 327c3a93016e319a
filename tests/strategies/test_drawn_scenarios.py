"""What holds of every drawn scenario."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

import pytest
from hypothesis.strategies import SearchStrategy

from harness.case import Role
from harness.pki.issue import issue
from harness.pki.spec import Scenario
from strategies import THEMES, Theme, names, scenarios
from strategies.departures import foci, focused
from strategies.scenarios import DEPARTURES

NOW: Final = 1_800_000_000
Draws = Mapping[str, Sequence[Scenario]]
Collect = Callable[[SearchStrategy[Scenario], int], list[Scenario]]


def test_scenarios_reach_every_departure(drawn: Draws, collected: Collect) -> None:
    """In all those draws, or in a few of the focus that it is in, each departure was
    drawn."""
    notes = set(_departures(drawn["scenarios"]))
    for focus in range(foci(DEPARTURES, None)):
        wanted = {kind.name for kind, _ in focused(DEPARTURES, None, focus)}
        for count in (10, 40, 160):
            if not wanted <= notes:
                notes.update(_departures(collected(scenarios(focus=focus), count)))
    assert {kind.name for kind in DEPARTURES} <= notes


def _departures(scenarios: Iterable[Scenario]) -> Iterator[str]:
    for scenario in scenarios:
        for part in scenario.note.split("; "):
            yield part.split(":")[0]


def test_every_drawn_scenario_is_issued(drawn: Draws) -> None:
    """No drawn scenario is refused, whatever its departures do together."""
    for strategy in ("scenarios", "chains", "certificates", "crls", "names"):
        for scenario in drawn[strategy][:600]:
            case = issue(scenario, seed=1, now=NOW)
            assert case.peer
            assert len(case.crls) == len(scenario.loaded)


def test_nothing_unused_is_left(drawn: Draws) -> None:
    """Each certificate is sent, trusted or revoked; each CRL is loaded."""
    for scenario in drawn["scenarios"]:
        used = {*scenario.peer, *(item.certificate for item in scenario.trusted)}
        listed = (entry.certificate for crl in scenario.crls for entry in crl.revoked)
        used |= {label for label in listed if isinstance(label, str)}
        assert {item.label for item in scenario.certificates} == used
        assert {item.label for item in scenario.crls} == set(scenario.loaded)


def test_only_clients_have_a_reference_name(drawn: Draws) -> None:
    """A server under test asks for no name."""
    for scenario in (*drawn["scenarios"], *drawn["names"]):
        assert scenario.name is None or scenario.role is Role.CLIENT


def test_a_fixed_role_is_kept(collected: Collect) -> None:
    """With a role fixed, every scenario has it, and a server no name."""
    found = collected(names(role=Role.SERVER), 200)
    assert {(item.role, item.name) for item in found} == {(Role.SERVER, None)}


@pytest.mark.parametrize("theme", [item for item in THEMES if item != "bytes"])
def test_a_theme_is_what_most_is_about(theme: Theme, collected: Collect) -> None:
    """Three in four departures drawn under a theme are the theme's."""
    themed = {kind.name for kind in DEPARTURES if theme in kind.themes}
    about = [
        part.split(":")[0] in themed
        for scenario in collected(scenarios(theme=theme), 200)
        for part in scenario.note.split("; ")
        if part
    ]
    assert 0.6 < sum(about) / len(about) < 0.92


def test_a_theme_reaches_what_needs_two_departures(collected: Collect) -> None:
    """Proxies whose issuer is revoked come about where proxies are the theme."""
    found = [
        scenario
        for scenario in collected(scenarios(theme="proxies"), 500)
        for crl in scenario.crls
        for entry in crl.revoked
        for proxy in scenario.certificates
        if proxy.proxy
        if isinstance(entry.certificate, str)
        if scenario.certificate(entry.certificate).subject == proxy.issuer
    ]
    assert len(found) > 2


def test_draws_are_the_same_every_time(collected: Collect) -> None:
    """The same seed draws the same scenarios."""
    assert collected(scenarios(), 50) == collected(scenarios(), 50)
