"""The pytest plugin of a campaign: its stations are pytest's items."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.campaign.plan import CampaignError, Plan, read_plan
from harness.campaign.running import Running, Station, stations

OPTION = "--verifyflags-plan"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that names the plan's file."""
    parser.addoption(OPTION, type=Path, help="the plan of a verifyflags campaign")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one item of each station of the plan."""
    if "station" in metafunc.fixturenames:
        plan = planned(metafunc.config)
        metafunc.parametrize(
            "station", stations(plan), ids=[item.name for item in stations(plan)]
        )


def planned(config: pytest.Config) -> Plan:
    """The plan that the option names. Raises ``CampaignError`` without one."""
    path: Path | None = config.getoption(OPTION)
    if path is None:
        raise CampaignError(f"{OPTION} is missing: campaigns are started by a plan")
    return read_plan(path)


@pytest.fixture(scope="session")
def running(request: pytest.FixtureRequest) -> Iterator[Running]:
    """This process's part of the run; its sessions end with it."""
    plan = planned(request.config)
    worker = getattr(request.config, "workerinput", {"workerid": "main"})["workerid"]
    part = Running.begin(plan, worker)
    yield part
    part.end()


__all__ = ["OPTION", "Station", "planned", "running"]
