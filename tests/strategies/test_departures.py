"""Each departure by itself: it can be issued, and it departs."""

from itertools import product

import pytest
from hypothesis.errors import InvalidArgument

from harness.case import Role
from harness.pki.issue import issue
from harness.pki.spec import HOUR, Scenario
from strategies import THEMES, chains, scenarios
from strategies.departures import (
    FOCUS,
    PLACES,
    Departure,
    Theme,
    depart,
    focused,
    weighed,
)
from strategies.draft import plain, settled
from strategies.scenarios import DEPARTURES
from tests.strategies.conftest import Collect

NOW = 1_800_000_000
LENGTHS = ((), ("p256",), ("p384", "ed25519"))
IDS = [kind.name for kind in DEPARTURES]


def departed(
    kind: Departure, number: int, place: int, families: tuple[str, ...], *, fresh: bool
) -> Scenario:
    """The plain chain with one departure."""
    draft = depart(plain(families), [(kind, number, place)], fresh=fresh)
    return settled(draft)


@pytest.mark.parametrize("kind", DEPARTURES, ids=IDS)
def test_every_variant_departs_and_is_issued(kind: Departure) -> None:
    """Each variant changes some plain chain, and every result can be issued."""
    for number, (variant, _change) in enumerate(kind.variants):
        changed = set()
        for place, families in product(sorted(set(PLACES)), LENGTHS):
            fresh = len(families) == 2
            scenario = departed(kind, number, place, families, fresh=fresh)
            issue(scenario, seed=1, now=NOW)
            changed.add(scenario != settled(depart(plain(families), (), fresh=fresh)))
        assert True in changed, variant


def test_no_two_departures_share_a_name() -> None:
    """A note names one departure."""
    assert len(set(IDS)) == len(IDS)


def test_variants_differ() -> None:
    """No two variants of a departure do the same."""
    for kind in DEPARTURES:
        made = {
            tuple(
                departed(kind, number, place, families, fresh=True)
                for place, families in product((0, 1, -1), LENGTHS)
            )
            for number in range(len(kind.variants))
        }
        assert len(made) == len(kind.variants), kind.name


def test_instants_are_hours_from_now() -> None:
    """No certificate or CRL begins or ends within the hour, but for one CRL that is
    as new as can be."""
    for kind in DEPARTURES:
        for number in range(len(kind.variants)):
            scenario = departed(kind, number, 0, ("p256",), fresh=True)
            instants = [
                instant
                for item in scenario.certificates
                for instant in (item.not_before, item.not_after)
            ]
            instants += [item.this_update for item in scenario.crls]
            instants += [item.next_update or HOUR for item in scenario.crls]
            assert min(map(abs, instants)) >= HOUR


@pytest.mark.parametrize("theme", [item for item in THEMES if item != "bytes"])
def test_a_theme_has_its_own_and_the_rest(theme: str) -> None:
    """Nothing is lost between a theme's own departures and the others."""
    own, rest = weighed(DEPARTURES, theme)  # type: ignore[arg-type]  # a str in tests
    assert {kind.name for kind in own} == {
        kind.name for kind in DEPARTURES if theme in kind.themes
    }
    assert {*own, *rest} == {*DEPARTURES}


def test_without_a_theme_all_are_alike() -> None:
    """There is no second part."""
    own, rest = weighed(DEPARTURES, None)
    assert set(own) == set(DEPARTURES)
    assert rest == []


def test_what_is_in_focus_is_in_most_scenarios(collected: Collect) -> None:
    """Eight in nine have a departure in focus, and almost half nothing else."""
    names = {kind.name for kind, _ in focused(DEPARTURES, "crls", 0)}
    found = collected(scenarios(theme="crls", focus=0), 300)
    parts = [[one for one in item.note.split("; ") if one] for item in found]
    there = sum(any(one.split(":")[0] in names for one in each) for each in parts)
    assert 0.6 < there / len(found) < 0.97
    assert 0.35 < sum(len(each) == 1 for each in parts) / len(found) < 0.65


def test_an_unknown_theme_is_refused() -> None:
    """The message shows the theme that is none."""
    with pytest.raises(InvalidArgument, match="theme='crl', but only"):
        scenarios(theme="crl")  # type: ignore[arg-type]  # wrong on purpose


def test_an_unknown_role_is_refused() -> None:
    """The message shows the role that is none."""
    with pytest.raises(InvalidArgument, match="role='client', but only"):
        chains(role="client")  # type: ignore[arg-type]  # wrong on purpose


def test_a_departure_sees_the_shape_before_it() -> None:
    """Places are found on the path that the shapes made, whatever was drawn first."""
    by_name = {kind.name: kind for kind in DEPARTURES}
    drawn = [(by_name["keyUsage"], 0, 0), (by_name["proxy"], 0, 0)]
    scenario = settled(depart(plain(()), drawn))
    assert scenario.certificate("proxy").key_usage is None
    assert scenario.certificate("leaf").key_usage is not None
    assert scenario.note == "proxy: plain at leaf; keyUsage: absent at proxy"
    assert scenario.role is Role.CLIENT


def test_signatures_are_issued_with_every_key() -> None:
    """Digests and keys that do not go together are settled, wherever they meet."""
    kinds = [
        kind
        for kind in DEPARTURES
        if kind.name in ("key", "signature", "signature algorithm", "CRL signature")
    ]
    each = [(kind, number) for kind in kinds for number in range(len(kind.variants))]
    for one, other, place in product(each, each, (0, -1)):
        drawn = [(*one, place), (*other, 0)]
        issue(settled(depart(plain(()), drawn)), seed=1, now=NOW)


def test_fresh_crls_cover_every_issuer_but_a_proxys() -> None:
    """A complete set has one CRL by each issuer of the path; proxies need none."""
    by_name = {kind.name: kind for kind in DEPARTURES}
    drawn = [(by_name["proxy"], 0, 0)]
    scenario = settled(depart(plain(("p256",)), drawn, fresh=True))
    issuers = {item.issuer for item in scenario.certificates if item.proxy is None}
    assert [crl.issuer for crl in scenario.crls] == list(
        dict.fromkeys(item.issuer for item in scenario.certificates[:3])
    )
    assert len(issuers) == 2
    assert scenario.loaded == ("crl", "crl-2")


@pytest.mark.parametrize("theme", [None, *THEMES])
def test_a_focus_goes_round_all_variants(theme: Theme | None) -> None:
    """One focus after the other has every variant of a theme, or of all."""
    every = {
        (kind.name, number)
        for kind in DEPARTURES
        if theme is None or theme in kind.themes
        for number in range(len(kind.variants))
    }
    seen = {
        (kind.name, number)
        for focus in range(-(-len(every) // FOCUS))
        for kind, number in focused(DEPARTURES, theme, focus)
    }
    assert seen == every


def test_what_is_in_focus_is_drawn_often(collected: Collect) -> None:
    """A variant in focus is in more scenarios than one that is not, of as many."""
    (kind, number), *_ = focused(DEPARTURES, "crls", 5)
    words = f"{kind.name}: {kind.variants[number][0]} at"
    inside, outside = (
        sum(
            words in scenario.note
            for scenario in collected(scenarios(theme="crls", focus=focus), 400)
        )
        for focus in (5, 1)
    )
    assert inside > 2 * outside + 5
