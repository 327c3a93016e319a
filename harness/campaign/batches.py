"""Batches: the rounds of one shard, drawn one after the other along the agenda."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from harness.campaign.plan import ROUND, Shard
from harness.campaign.rounds import Drawn, Round
from strategies import agenda, questions

_STRIDE: Final = 41
"""Subjects between the beginnings of two shards: about what a third of them is, so
that shards at work together are not at the same."""


@dataclass(frozen=True, slots=True)
class Batch:
    """One round of a shard, and what it drew."""

    shard: Shard
    number: int
    """Of the round, in its shard."""
    step: Round
    cases: tuple[Drawn, ...]


def batches(
    shard: Shard,
    seed: int,
    over: Callable[[], bool],
    *,
    themes: tuple[str, ...] = (),
    cases: int | None = None,
) -> Iterator[Batch]:
    """Draw until it is over, or so many cases were drawn.

    A shard comes by every theme in its first seconds, and by every focus of all soon;
    each begins elsewhere.
    """
    subjects = agenda(seed, themes)
    number = drawn = 0
    while not over() and (cases is None or drawn < cases):
        theme, focus = subjects[(shard.index * _STRIDE + number) % len(subjects)]
        step = Round(
            questions(theme=theme, focus=focus),
            shard.seed(seed, number),
            ROUND,
            ROUND if cases is None else min(ROUND, cases - drawn),
            drawn,
        )
        batch = Batch(shard, number, step, step.drawn(over))
        if not batch.cases:
            return
        yield batch
        number += 1
        drawn += len(batch.cases)
