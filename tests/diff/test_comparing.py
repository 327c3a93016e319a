"""Releases that are played against each other: every known change is found."""

from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from harness.case import Role
from harness.diff.change import Kind
from harness.diff.comparing import Comparing
from harness.diff.groups import Group, Source
from harness.diff.pinned import compare_instants, compare_pinned, pinned
from harness.diff.rows import changes
from harness.diff.settings import Tier
from harness.flags import (
    DEFAULT,
    X509_PARTIAL_CHAIN,
    X509_STRICT,
)
from harness.ledger.plain import LEAF, chain, intermediate, leaf
from harness.outcome import Breakage, Broken
from harness.pki.issue import issue
from harness.pki.read import read
from harness.pki.spec import BasicConstraintsSpec, Entity, NameSpec
from harness.target.session import TargetError
from tests.answers import NOW
from tests.diff.playing import comparing, side

NEW = (3, 13, 0)


def found(compared: Comparing) -> dict[tuple[str, str], Group]:
    """The groups by kind and causes."""
    return {
        (group.key.kind.value, " with ".join(sorted(group.key.causes))): group
        for group in compared.groups.told()
    }


def ask(compared: Comparing, *names: str) -> None:
    """Ask the pinned cases of these names alone."""
    for source, flags in pinned():
        if any(name in source.name for name in names):
            assert source.scenario is not None
            case = issue(source.scenario, seed=1, now=NOW)
            compared.compare(case, flags, source)


def test_the_changes_of_4_0_are_found() -> None:
    """Checks of STRICT that went and came, self-signed certificates, by cause."""
    compared = comparing(side("3.5.9", NEW), side("4.0.3", NEW))
    ask(compared, "strict", "self-signed", "single-certificate")
    groups = found(compared)
    for name, kind in {
        "strict-critical-basic-constraints": "loosened",
        "strict-critical-alternative-name": "loosened",
        "strict-authority-key-id-by-key": "loosened",
        "strict-authority-issuer-with-serial": "tightened",
    }.items():
        assert groups[kind, name].exhibit.tier is Tier.DEFAULTS, name
    assert groups["loosened", "self-signed-needs-crl"].exhibit.tier is Tier.ONE
    assert not any("unknown" in causes for _, causes in groups)


def test_the_changes_of_3_0_are_found() -> None:
    """Whatever STRICT came to check is one cause, and so are delta CRLs."""
    compared = comparing(side("1.1.1w"), side("3.0.22"))
    ask(compared, "strict", "delta-crl")
    groups = found(compared)
    strict = groups["tightened", "strict-profile"]
    assert len(strict.outcomes) > 5
    assert strict.exhibit.change.two.requested == X509_STRICT
    assert any(causes == "delta-crl-taken-for-full" for _, causes in groups)
    assert not any("unknown" in causes for _, causes in groups)


def test_default_flags_are_pythons_part() -> None:
    """The same OpenSSL under two Pythons: nothing but the default flags, bit by bit."""
    compared = comparing(side("3.5.9"), side("3.5.9", NEW))
    ask(compared, "control", "good-store")
    groups = found(compared)
    assert {causes for _, causes in groups} == {
        "default flags +X509_STRICT",
        "default flags +X509_PARTIAL_CHAIN",
    }
    loosened = groups["loosened", "default flags +X509_PARTIAL_CHAIN"]
    assert loosened.exhibit.change.one.requested != (
        loosened.exhibit.change.two.requested
    )


def test_nothing_changes_between_equals() -> None:
    """A target against itself: every row is compared, none has changed."""
    compared = comparing(side("3.5.9"), side("3.5.9"))
    ask(compared, "strict", "control")
    assert compared.tally.rows > 100
    assert compared.tally.changed == len(compared.groups) == 0


def test_what_no_book_explains_is_unknown() -> None:
    """A target that does not do as its release does: the cause is unknown, and what
    the book has against it is said."""
    one = side("3.5.9")
    compared = comparing(one, one, lying={X509_STRICT: DEFAULT})
    ask(compared, "control of X509_STRICT")
    (group,) = compared.groups.told()
    assert group.key.kind is Kind.LOOSENED
    assert group.key.causes == {"unknown"}
    assert "OpenSSL 3.5.9: unexplained outcome" in group.exhibit.change.against


def test_a_case_of_several_causes_is_counted_and_not_told() -> None:
    """Where each cause has a group of its own, both together are no news."""
    old, new = side("3.5.9", NEW), side("4.0.3", NEW)
    compared = comparing(old, new)
    ask(compared, "strict-critical")
    alone = len(list(compared.groups.told()))
    both = chain(
        intermediate(basic_constraints=BasicConstraintsSpec(ca=True, critical=False)),
        replace(leaf(), subject=Entity(NameSpec(), LEAF.key)),
    )
    case = issue(both, seed=1, now=NOW)
    compared.compare(case, (X509_STRICT,), Source("both", both))
    (group,) = compared.groups.composite()
    assert group.key.causes == {
        "strict-critical-basic-constraints",
        "strict-critical-alternative-name",
    }
    assert len(list(compared.groups.told())) == alone


def test_the_exact_instant_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """What ends in the very second is asked in it, of both; nothing else is told."""
    ticks = count(NOW * 10)
    monkeypatch.setattr("harness.diff.pinned.time.time", lambda: next(ticks) / 10)
    instant = NOW + 1
    compared = comparing(side("3.5.9"), side("4.0.3"), clock=lambda: instant)
    compare_instants(compared)
    (group,) = compared.groups.told()
    assert group.key.causes == {"expires-at-the-instant"}
    assert group.key.kind is Kind.LOOSENED
    assert group.roles == set(Role)
    assert compared.tally.hidden == {}


def test_an_instant_nobody_answered_in_is_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Targets too slow for the second are not compared."""
    ticks = count(NOW * 10)
    monkeypatch.setattr("harness.diff.pinned.time.time", lambda: next(ticks) / 10)
    compared = comparing(side("3.5.9"), side("4.0.3"), clock=lambda: NOW + 5)
    compare_instants(compared)
    assert len(compared.groups) == 0
    assert compared.tally.hidden == {"the exact instant: no answer within it": 6}


def test_random_cases_find_what_no_pinned_case_shows() -> None:
    """Drawing finds a lie, shrinks its case, and says with which flags it is met."""
    one = side("3.5.9")
    compared = comparing(one, one, lying={X509_STRICT: DEFAULT})
    compared.explore(lambda: False, 240)
    assert compared.tally.random == 240
    loosened = [it for it in compared.groups.told() if it.key.kind is Kind.LOOSENED]
    assert loosened
    exhibit = loosened[0].exhibit
    assert exhibit.tier is Tier.ONE
    assert exhibit.change.two.requested == X509_STRICT
    assert len(exhibit.case.peer) <= 2


def test_a_target_that_goes_on_hanging_ends_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each hang costs seconds: after some it is enough, and what was found stays."""
    hang = Broken(Breakage.HANG)
    monkeypatch.setattr("tests.diff.playing.shown", lambda _predicted: hang)
    one = side("3.5.9")
    compared = comparing(one, one)
    with pytest.raises(TargetError, match="hangs again and again"):
        compare_pinned(compared)
    assert compared.hangs < 60


def test_every_pinned_case_is_compared() -> None:
    """Each pinned case is asked in turn, in both roles, of both."""
    one = side("3.5.9")
    compared = comparing(one, one)
    compare_pinned(compared)
    assert compared.tally.cases == sum(1 for _ in pinned())
    assert compared.tally.changed == 0


def test_own_defaults_are_no_change_where_both_accept() -> None:
    """A plain chain passes under each side's own defaults, with CRL checks too."""
    compared = comparing(side("3.5.9"), side("4.0.3", NEW))
    case = issue(chain(), seed=1, now=NOW)
    settings = compared.settings(case)
    assert [it.two ^ it.one for it in settings.own] == [
        X509_STRICT | X509_PARTIAL_CHAIN
    ] * 3
    asked = compared.ask(case, read(case), settings.flag_sets)
    assert list(changes(asked, *compared.sides)) == []


MOVES = {
    "Python 3.12 -> 3.13": (side("3.0.22"), side("3.0.22", NEW)),
    "OpenSSL 3.5.9 -> 4.0.3": (side("3.5.9", NEW), side("4.0.3", NEW)),
    "OpenSSL 1.1.1w -> 3.0.22": (side("1.1.1w"), side("3.0.22")),
}
"""The moves of the README's table."""

AT_AN_INSTANT = "expires-at-the-instant"
"""The one cause that needs a clock to be shown."""


def rows_of_the_readme() -> dict[str, set[tuple[str, str]]]:
    """By move: class and cause of each row."""
    text = (Path(__file__).parents[2] / "README.md").read_text()
    table = text.partition("| from -> to |")[2].partition("\n\n")[0]
    rows: dict[str, set[tuple[str, str]]] = {}
    move = ""
    for line in table.splitlines()[2:]:
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        move = cells[0] or move
        rows.setdefault(move, set()).add((cells[1], cells[3].strip("`")))
    return rows


@pytest.mark.parametrize("move", MOVES)
def test_the_table_of_the_readme_holds(move: str) -> None:
    """Every row is found by the pinned cases, with its class and its cause."""
    rows = {row for row in rows_of_the_readme()[move] if row[1] != AT_AN_INSTANT}
    compared = comparing(*MOVES[move])
    ask(compared, *(cause for _, cause in rows), "control", "trust-settings")
    assert rows <= found(compared).keys()
