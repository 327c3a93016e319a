"""What drawn scenarios shrink to: at most root, intermediate and leaf."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Final

import pytest
from hypothesis import Phase, find, settings

from harness.case import Role
from harness.pki.spec import Scenario
from strategies import certificates, chains, crls, names, scenarios
from strategies.draft import main_path, plain
from strategies.simpler import simplest

SEARCH: Final = settings(
    database=None,
    deadline=None,
    max_examples=3000,
    phases=[Phase.generate, Phase.shrink],
)


def minimal(predicate: Callable[[Scenario], object]) -> Scenario:
    """The simplest scenario of which the predicate holds, by three searches.

    Shrinking does not go from one departure to another that does the same, so where a
    search ends depends on where it began.
    """
    found = [
        find(
            scenarios(),
            lambda scenario: bool(predicate(scenario)),
            settings=SEARCH,
            random=Random(seed),  # noqa: S311  # repetition, not secrecy
        )
        for seed in range(3)
    ]
    return min(found, key=lambda item: len(item.certificates) + len(item.crls))


@pytest.mark.parametrize(
    "strategy",
    [scenarios, chains, certificates, crls, names],
    ids=lambda strategy: strategy.__name__,
)
def test_scenarios_shrink_to_root_and_leaf(
    strategy: Callable[..., object],
) -> None:
    """The simplest scenario of every strategy is the plain chain of two."""
    found = find(strategy(), lambda _scenario: True, settings=SEARCH)  # type: ignore[arg-type]  # five strategies
    assert found == plain(()).scenario


def revokes_leaf(scenario: Scenario) -> bool:
    """A CRL lists what the peer sends first."""
    first = scenario.peer[0]
    listed = [entry.certificate for crl in scenario.crls for entry in crl.revoked]
    return first in listed


def test_a_revoked_leaf_shrinks_to_one_crl() -> None:
    """A revoked leaf needs root and leaf, and one CRL with one entry."""
    smallest = minimal(revokes_leaf)
    assert len(smallest.certificates) == 2
    (crl,) = smallest.crls
    (entry,) = crl.revoked
    assert entry.reason is None
    assert replace(smallest, crls=(), loaded=()) == plain(()).scenario


def test_a_proxy_shrinks_to_three_certificates() -> None:
    """A proxy needs its issuer and the root."""
    smallest = minimal(lambda scenario: any(c.proxy for c in scenario.certificates))
    assert sorted(c.label for c in smallest.certificates) == ["leaf", "proxy", "root"]
    assert smallest.peer == ("proxy", "leaf")
    assert not smallest.crls


def test_a_trusted_intermediate_shrinks_to_one_chain() -> None:
    """An intermediate in the store needs leaf and intermediate, the root at most."""
    smallest = minimal(
        lambda scenario: any(
            item.certificate == "intermediate-1" for item in scenario.trusted
        )
    )
    assert len(smallest.certificates) <= 3
    assert len(smallest.trusted) == 1
    assert not smallest.crls


def test_a_crl_of_an_intermediate_shrinks_to_one_chain() -> None:
    """A revoked leaf below an intermediate needs three certificates and one CRL, at
    the latest step by step, as a round of the campaign goes on."""

    def below(scenario: Scenario) -> bool:
        path = main_path(scenario)
        return (
            revokes_leaf(scenario)
            and len(path) > 2
            and path[-1].issuer == path[-1].subject
        )

    smallest = simplest(minimal(below), below)
    labels = sorted(item.label for item in smallest.certificates)
    assert labels == ["intermediate-1", "leaf", "root"]
    assert len(smallest.crls) == 1


def test_two_departures_shrink_alone() -> None:
    """A reference name beside a CRL leaves nothing else behind."""
    smallest = minimal(lambda scenario: scenario.name is not None and scenario.crls)
    assert len(smallest.certificates) == 2
    assert len(smallest.crls) == 1
    assert smallest.note.count(";") <= 1
    assert smallest.role is Role.CLIENT


def test_a_complete_set_of_crls_shrinks_to_fresh_ones() -> None:
    """Two CRLs by two issuers are those of the two CAs of a chain of three."""
    smallest = minimal(lambda s: len({crl.issuer for crl in s.crls}) > 1)
    assert len(smallest.certificates) == 3
    assert len(smallest.crls) == 2
    assert not any(crl.revoked for crl in smallest.crls)
