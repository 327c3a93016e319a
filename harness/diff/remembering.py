"""Asking one target what a baseline keeps: pinned cases, the instant, random cases."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from harness.asking import ask_about
from harness.campaign.batches import batches
from harness.campaign.instants import ENDING, FLAGS
from harness.campaign.plan import Shard
from harness.campaign.preload import preload
from harness.case import Case, Role
from harness.diff.baseline import Remembered
from harness.diff.comparing import Asker
from harness.diff.given import Given
from harness.diff.groups import Source
from harness.diff.pinned import INSTANT, at_an_instant, pinned
from harness.diff.rows import Asked
from harness.diff.settings import Settings
from harness.diff.side import Side
from harness.flags import Flags
from harness.outcome import Answer
from harness.pki.issue import issue
from harness.pki.read import read
from harness.pki.spec import Scenario

EXAMPLES: Final = 300
"""Random cases of a baseline where nobody says how many."""


@dataclass(slots=True)
class Remembering:
    """A started target whose answers are kept."""

    asker: Asker
    side: Side
    seed: int
    now: int
    beat: Callable[[int], None] = lambda _: None
    """Called with the number of cases so far."""
    asked: int = 0
    more: tuple[Flags, ...] = ()
    """Flag sets that every case is asked under besides."""

    def given(self, cases: Sequence[Given]) -> Iterator[Remembered]:
        """Cases of a suite or of files, where they can be asked."""
        for item in cases:
            if not item.unsupported:
                yield self._keep(item.source, item.case, item.flags)

    def pinned(self) -> Iterator[Remembered]:
        """Every pinned case."""
        for source, flags in pinned():
            assert source.scenario is not None
            case = issue(source.scenario, seed=self.seed, now=self.now)
            yield self._keep(source, case, flags)

    def instants(self) -> Iterator[Remembered]:
        """The cases of an exact instant, where they were answered within it."""
        waiting = [replace(ending, role=role) for ending in ENDING for role in Role]
        for scenario, asked in at_an_instant(waiting, self._within):
            if asked is not None:
                source = Source(INSTANT, scenario, at_instant=True)
                yield Remembered(source, asked.case, tuple(asked.one.values()))

    def random(self, examples: int) -> Iterator[Remembered]:
        """So many random cases."""
        preload()
        for batch in batches(Shard(0), self.seed, lambda: False, cases=examples):
            for drawn in batch.cases:
                case = issue(drawn.scenario, seed=self.seed, now=self.now)
                source = Source("random", drawn.scenario, as_drawn=True)
                yield self._keep(source, case, drawn.sweep)

    def _keep(self, source: Source, case: Case, flags: Sequence[Flags]) -> Remembered:
        sets = (*flags, *self._settings(case).flag_sets, *self.more)
        self.asked += 1
        self.beat(self.asked)
        return Remembered(source, case, self._ask(case, sets))

    def _within(self, scenario: Scenario, instant: int) -> Asked:
        case = issue(scenario, seed=self.seed, now=instant)
        answers = self._ask(case, (*FLAGS, *self._settings(case).flag_sets))
        rows = {answer.requested: answer for answer in answers}
        return Asked(case, read(case), rows, rows)

    def _ask(self, case: Case, flags: Sequence[Flags]) -> tuple[Answer, ...]:
        self.asker.send(ask_about(case, read(case), tuple(dict.fromkeys(flags))))
        return self.asker.receive()

    def _settings(self, case: Case) -> Settings:
        return Settings.of(self.side, self.side, case.role)
