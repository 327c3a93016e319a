"""Edited scenarios: every kind of edit comes about, changes bytes, and shrinks."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from hypothesis import Phase, find, settings
from hypothesis.strategies import SearchStrategy

from harness.case import Role
from harness.pki.issue import issue_all
from harness.pki.spec import Scenario
from harness.pki.spec_edits import EditKind, EditSpec
from strategies import scenarios
from strategies.draft import plain
from strategies.simpler import simplest

NOW = 1_800_000_000
Collect = Callable[[SearchStrategy[Scenario], int], list[Scenario]]


def test_edits_of_every_kind_change_bytes(collected: Collect) -> None:
    """Every kind is drawn, on certificates and CRLs, before and after signing."""
    kinds, crls, late = set(), 0, 0
    drawn = collected(scenarios(theme="bytes"), 500)
    for scenario in drawn:
        kinds |= {edit.kind for edit in scenario.edits}
        crls += any(
            edit.item == crl.label for edit in scenario.edits for crl in scenario.crls
        )
        late += not all(edit.signed for edit in scenario.edits)
    for scenario in drawn[:150]:
        if len(scenario.edits) == 1:
            before = issue_all(replace(scenario, edits=()), seed=1, now=NOW)
            after = issue_all(scenario, seed=1, now=NOW)
            assert before != after, scenario.edits
    assert kinds == set(EditKind)
    assert min(crls, late) > 50


def test_a_role_is_kept_under_edits(collected: Collect) -> None:
    """A server under test stays one, and has no reference name."""
    found = collected(scenarios(theme="bytes", role=Role.SERVER), 60)
    assert {(item.role, item.name) for item in found} == {(Role.SERVER, None)}


def test_an_edit_shrinks_to_one_of_a_plain_chain() -> None:
    """An edit that matters is left alone, in its plainest way."""

    def is_padded(scenario: Scenario) -> bool:
        return any(edit.kind is EditKind.PADDED for edit in scenario.edits)

    found = find(
        scenarios(theme="bytes"),
        is_padded,
        settings=settings(
            database=None, max_examples=2000, phases=[Phase.generate, Phase.shrink]
        ),
        random=Random(1),  # noqa: S311  # repetition, not secrecy
    )
    (edit,) = found.edits
    assert edit.number == 0
    assert len(simplest(found, is_padded, calls=100).certificates) <= 2


def test_edits_that_do_not_matter_are_taken_back() -> None:
    """Of two edits the one that is needed stays, easier and before signing."""
    scenario = replace(
        plain(("p256",)).scenario,
        edits=(
            EditSpec("leaf", "tbsCertificate", EditKind.LONG_LENGTH, 3),
            EditSpec("leaf", "tbsCertificate.issuer", EditKind.TWICE, 5, signed=False),
        ),
    )
    left = simplest(
        scenario, lambda item: any(edit.kind is EditKind.TWICE for edit in item.edits)
    )
    assert left.edits == (EditSpec("leaf", "tbsCertificate.issuer", EditKind.TWICE),)


def test_edits_of_what_is_gone_go() -> None:
    """A scenario made simpler keeps no edit of an item that it no longer has."""
    scenario = replace(
        plain(("p256",)).scenario,
        edits=(EditSpec("root", "tbsCertificate", EditKind.TWICE),),
    )
    left = simplest(scenario, lambda _scenario: True, calls=400)
    assert left.edits == ()
