"""A small campaign as an ordinary test session runs it: this interpreter, few cases."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.campaign.plan import Plan, write_plan
from harness.campaign.running import Running, stations
from harness.target.discover import here
from harness.target.target import Target

SEED = 20240601
SHARDS = 10
"""Few cases of each."""

NOW = int(time.time())


def small_plan(out: Path, target: Target, examples: int, **more: Any) -> Plan:
    """A plan of a few cases for one target."""
    return Plan(
        str(out),
        (target,),
        SEED,
        NOW,
        time.time(),
        examples=examples,
        **({"shards": SHARDS, "patience": 0.5, "shrinking": 2.0} | more),
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one test of each station."""
    if "station" in metafunc.fixturenames:
        every = stations(small_plan(Path("unused"), here(), 1))
        metafunc.parametrize("station", every, ids=[item.name for item in every])


@pytest.fixture
def here_target() -> Target:
    """The interpreter that runs us."""
    return here()


@pytest.fixture
def plan_for(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Plan]:
    """Makes a plan of a few cases, with a folder of its own."""

    def make(target: Target, examples: int, **more: Any) -> Plan:
        out = tmp_path_factory.mktemp("campaign")
        return small_plan(out, target, examples, **more)

    return make


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The small campaign; its target must be sane to the end."""
    plan = small_plan(tmp_path_factory.mktemp("campaign"), here(), 60)
    write_plan(plan)
    part = Running.begin(plan, "main")
    yield part
    assert part.end() == []
