"""Plans: the same shards and seeds whatever the workers, and a fair share of time."""

from dataclasses import replace
from pathlib import Path

import pytest

from harness.campaign.plan import (
    Plan,
    cases_of,
    deadline,
    read_plan,
    shards,
    write_plan,
)
from harness.target.target import Target

PLAN = Plan(
    "out",
    (Target("a", ("/a",)), Target("b", ("/b",))),
    seed=7,
    now=1_700_000_000,
    started=1000.0,
    seconds=100.0,
    shards=4,
)


def test_a_plan_round_trips(tmp_path: Path) -> None:
    """What is written is what every process reads."""
    plan = replace(PLAN, out=str(tmp_path))
    assert read_plan(write_plan(plan)) == plan


def test_seeds_depend_on_seed_shard_and_round_alone() -> None:
    """Every round and shard gets other cases, in every run the same."""
    first, second = shards(PLAN)[:2]
    assert first.seed(7, 0) == shards(replace(PLAN, seconds=1.0))[0].seed(7, 0)
    seeds = {
        shard.seed(seed, number)
        for shard in (first, second)
        for seed in (7, 8)
        for number in (0, 1)
    }
    assert len(seeds) == 8


@pytest.mark.parametrize("examples", [1, 3, 4, 10, 1001])
def test_shards_share_the_cases(examples: int) -> None:
    """Together the shards draw as many cases as were wished for."""
    plan = replace(PLAN, seconds=None, examples=examples)
    shares = [cases_of(plan, shard) for shard in shards(plan)]
    assert sum(share or 0 for share in shares) == examples


@pytest.mark.parametrize("workers", [1, 2, 3, 5])
def test_the_time_is_used_up_and_not_more(workers: int) -> None:
    """Workers that take shard after shard end close to the time of the run."""
    plan = replace(PLAN, workers=workers)
    free = [plan.started + 2.0] * workers
    for left in range(len(shards(plan)), 0, -1):
        free.sort()
        end = deadline(plan, free[0], left)
        assert end is not None
        free[0] = end
    assert max(free) <= plan.started + 100.0 + 1e-6
    assert max(free) >= plan.started + 95.0


def test_after_the_time_nothing_is_begun() -> None:
    """A shard that starts late has no time at all."""
    assert deadline(PLAN, 2000.0, 3) == 2000.0
