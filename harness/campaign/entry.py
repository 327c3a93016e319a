"""The campaign as pytest collects it: one item for each station of the plan.

An item fails when its station showed a finding that fails the run. What it found is in
the record, which the run's conclusion is made from.
"""

from harness.campaign.running import Running, Station


def test_station(station: Station, running: Running) -> None:
    """The target shows nothing at this station that fails the run."""
    failed = running.visit(station)
    assert not failed, "\n".join(failed)
