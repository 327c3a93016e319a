"""What is left of a scenario when all that is not needed is taken back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from hypothesis.strategies import SearchStrategy

from harness.pki.issue import issue
from harness.pki.spec import CrlSpec, RevokedSpec, Scenario
from strategies import scenarios
from strategies.draft import plain
from strategies.simpler import simpler, simplest

NOW: Final = 1_800_000_000
Draws = Mapping[str, Sequence[Scenario]]
Collect = Callable[[SearchStrategy[Scenario], int], list[Scenario]]


def revokes_sent(scenario: Scenario) -> bool:
    """A CRL lists what the peer sends first, which is no proxy."""
    first = scenario.certificate(scenario.peer[0])
    listed = [entry.certificate for crl in scenario.crls for entry in crl.revoked]
    return first.label in listed and first.proxy is None


def test_every_step_is_issued(drawn: Draws) -> None:
    """Whatever is taken back, the rest can be issued."""
    steps = 0
    for scenario in drawn["scenarios"][:150]:
        for candidate in simpler(scenario):
            issue(candidate, seed=1, now=NOW)
            steps += 1
    assert steps > 1000


def test_no_step_goes_nowhere(drawn: Draws) -> None:
    """Each step changes the scenario, so that taking steps ends."""
    for scenario in drawn["scenarios"][:150]:
        assert scenario not in list(simpler(scenario))


def test_a_leaf_is_all_that_is_always_left(drawn: Draws) -> None:
    """With nothing to keep, one certificate is left, and nothing trusted."""
    for scenario in drawn["scenarios"][:60]:
        left = simplest(scenario, lambda _scenario: True, calls=400)
        assert (len(left.certificates), left.trusted, left.crls) == (1, (), ())


def test_a_revoked_leaf_leaves_one_crl_of_one_entry(collected: Collect) -> None:
    """A revoked leaf is all that is kept, however it was drawn."""
    found = filter(revokes_sent, collected(scenarios(theme="crls"), 300))
    count = 0
    for scenario in found:
        left = simplest(scenario, revokes_sent, calls=400)
        assert len(left.certificates) == 1
        (crl,) = left.crls
        (entry,) = crl.revoked
        plainest = CrlSpec(crl.label, crl.issuer, revoked=(entry,))
        assert crl == plainest
        count += 1
    assert count > 5


def test_calls_are_bounded() -> None:
    """The question is asked at most as often as allowed."""
    asked = []

    def holds(scenario: Scenario) -> bool:
        asked.append(scenario)
        return False

    scenario = plain(("p256", "p256")).scenario
    assert simplest(scenario, holds, calls=3) == scenario
    assert len(asked) == 3


def test_an_intermediate_is_spliced_out() -> None:
    """A chain of five becomes root and leaf where no more is needed."""
    long = plain(("p256", "p256", "p256")).scenario
    left = simplest(long, lambda scenario: scenario.certificates[-1].label == "root")
    assert left == replace(plain(()).scenario, note=left.note)


def test_fields_become_plain() -> None:
    """A departure beside the one that matters is taken back."""
    scenario = plain(()).scenario
    leaf, root = scenario.certificates
    crl = CrlSpec("crl", root.subject, revoked=(RevokedSpec("leaf"),), number=9)
    odd = replace(
        scenario,
        certificates=(replace(leaf, san_critical=True, not_after=-9000), root),
        crls=(crl,),
        loaded=("crl",),
        security_level=0,
    )

    def holds(scenario: Scenario) -> bool:
        is_expired = scenario.certificates[0].not_after < 0
        return is_expired and len(scenario.trusted) == len(scenario.peer) == 1

    left = simplest(odd, holds)
    assert left == replace(
        scenario, certificates=(replace(leaf, not_after=-9000), root)
    )
