"""A release's table with one switch turned over is noticed, by probes and by chance."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from harness.books import Books
from harness.campaign.conclusion import Status, conclude
from harness.campaign.plan import Plan, Shard, write_plan
from harness.campaign.probing import Probed
from harness.campaign.recording import read_recording
from harness.campaign.running import Running, Station, Witnesses, stations
from harness.oracle.releases.behaviours import BEHAVIOURS, release_for
from harness.oracle.releases.release import Release
from harness.target.session import Session
from harness.target.target import Target

SAMPLE = (
    "delta-crl-taken-for-full",
    "self-signed-needs-crl",
)
"""Switches that random cases must feel without a probe's help."""

PROBED = (*SAMPLE, "strict-critical-basic-constraints")

EXAMPLES = 1200


def signatures(plan: Plan, kind: type[Station]) -> tuple[Status, list[str]]:
    """Visit the stations of that kind; the status, and what was found."""
    write_plan(plan)
    part = Running.begin(plan, "main")
    for station in stations(plan):
        if isinstance(station, kind):
            part.visit(station)
    part.end()
    end = conclude(plan, read_recording(plan.scratch / "main.jsonl"))
    return end.status, [line["signature"] for line in end.findings]


@pytest.mark.parametrize("name", SAMPLE)
def test_random_cases_notice(
    name: str,
    plan_for: Callable[..., Plan],
    here_target: Target,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where no probe is asked, random cases are unexplained by the wrong table."""

    def unprobed(_session: Session, books: Books, **_: int) -> Probed:
        return Probed(replace(books, release=books.release.turned(name)))

    monkeypatch.setattr("harness.campaign.sessions.probe", unprobed)
    plan = plan_for(here_target, EXAMPLES, first=True)
    status, found = signatures(plan, Shard)
    assert status is Status.FINDING
    assert any(text.startswith("unexplained") for text in found), found


def test_probes_notice(
    plan_for: Callable[..., Plan],
    here_target: Target,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Several switches turned over at once are each told, and the rest stays
    explained."""
    names = [item.name for item in BEHAVIOURS if item.name in PROBED]

    def wrong(number: int) -> Release:
        return release_for(number).turned(*names)

    monkeypatch.setattr("harness.books.release_for", wrong)
    status, found = signatures(plan_for(here_target, 1), Witnesses)
    assert status is Status.FINDING
    assert sorted(found) == sorted(f"drift:{name}" for name in names)
