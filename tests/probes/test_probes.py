"""Probes: each tells its behaviour apart, in every release that was measured."""

import pytest

from harness.campaign.instants import ENDING, FLAGS
from harness.oracle.releases.behaviours import BEHAVIOURS, release_of
from harness.oracle.releases.judge import Judge
from harness.oracle.releases.release import MEASURED, Version
from harness.pki.issue import issue
from harness.pki.read import read
from harness.probes.all import PROBES

NOW = 1_800_000_000
AT_AN_INSTANT = {"expires-at-the-instant"}
"""Behaviours that only a witness of an exact instant shows."""


@pytest.mark.parametrize("version", MEASURED, ids=str)
@pytest.mark.parametrize("name", [item.name for item in BEHAVIOURS])
def test_tells_in_every_release(name: str, version: Version) -> None:
    """Turning the behaviour over changes what is predicted of one of its probes.

    A detail of a behaviour shows where that one is there.
    """
    release = release_of(version)
    whole = next(item.within for item in BEHAVIOURS if item.name == name)
    if whole and whole not in release:
        release = release.turned(whole)
    turned = release.turned(name)
    cases = [(item.scenario, item.flags) for item in PROBES if item.behaviour == name]
    assert bool(cases) is (name not in AT_AN_INSTANT)
    if name in AT_AN_INSTANT:
        cases = [(ending, FLAGS) for ending in ENDING]
    assert any(
        Judge(facts, NOW, release).predict(flags)
        != Judge(facts, NOW, turned).predict(flags)
        for scenario, sweep in cases
        for facts in [read(issue(scenario, seed=1, now=NOW))]
        for flags in sweep
    )
