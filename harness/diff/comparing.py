"""Asking both targets the same, and collecting what changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from harness.asking import ask_about
from harness.campaign.batches import batches
from harness.campaign.plan import Shard
from harness.campaign.preload import preload
from harness.campaign.rounds import Find, Shrinking, worst
from harness.case import Case
from harness.diff.groups import Groups, Key, Source, key_of, sized
from harness.diff.rows import Asked, Change, Tally, changes
from harness.diff.settings import Settings, Tier, bits_of
from harness.diff.side import Side
from harness.facts import Facts
from harness.flags import Flags
from harness.outcome import Answer, Breakage, Broken
from harness.pki.issue import issue
from harness.pki.read import read
from harness.pki.spec import Scenario
from harness.target.session import TargetError
from harness.target.target import Question

SHRINKING: Final = 4.0
"""Seconds that one find may be shrunk for."""

HANGS: Final = 12
"""How often targets may hang before a comparison ends: each takes seconds."""

UNSTEADY: Final = "not seen again when asked again"

SHRUNK: Final = 60
"""Finds that are shrunk; the rest is kept as found."""


class Asker(Protocol):
    """Who answers questions: a session, or what remembers one's answers."""

    def send(self, question: Question) -> None:
        """Ask without waiting."""

    def receive(self) -> tuple[Answer, ...]:
        """The answers to the oldest question that was sent."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A change in a drawn case that is news."""

    change: Change
    key: Key
    size: tuple[int, ...]

    @property
    def signature(self) -> tuple[Key, int]:
        """The same change with flags as near to what users have."""
        return self.key, self.size[0]

    @property
    def rank(self) -> tuple[int, str, str]:
        """What users meet first comes first."""
        return self.size[0], self.key.kind, str(sorted(self.key.causes))


@dataclass(slots=True)
class Comparing:
    """Two targets that can be asked, and what came of asking them."""

    askers: tuple[Asker, Asker]
    sides: tuple[Side, Side]
    seed: int
    now: int
    groups: Groups = field(default_factory=Groups)
    tally: Tally = field(default_factory=Tally)
    hangs: int = 0
    more: tuple[Flags, ...] = ()
    """Flag sets that every case is asked under besides."""
    beat: Callable[[], None] = lambda: None
    """Called after each case, so that progress can be told."""

    def settings(self, case: Case) -> Settings:
        """The flag sets of the case's role."""
        return Settings.of(*self.sides, case.role)

    def ask(self, case: Case, facts: Facts, flags: Sequence[Flags]) -> Asked:
        """Ask both at once. Raises ``TargetError`` also where they hang too often."""
        if self.hangs > HANGS:
            raise TargetError(f"a target hangs again and again ({self.hangs} times)")
        question = ask_about(case, facts, tuple(dict.fromkeys(flags)))
        for asker in self.askers:
            asker.send(question)
        one, two = (
            {answer.requested: answer for answer in asker.receive()}
            for asker in self.askers
        )
        self.hangs += sum(
            isinstance(answer.outcome, Broken)
            and answer.outcome.breakage is Breakage.HANG
            for answer in (*one.values(), *two.values())
        )
        return Asked(case, facts, one, two)

    def compare(self, case: Case, flags: Sequence[Flags], source: Source) -> None:
        """Ask a case under these flags and those of its role, and keep what changed.

        What changed is asked once more: what does not change again is not told.
        """
        facts = read(case)
        sets = (*flags, *self.settings(case).flag_sets, *self.more)
        self.keep(self.ask(case, facts, sets), source)

    def keep(self, asked: Asked, source: Source) -> None:
        """Keep what changed in a case that both answered."""
        found = tuple(changes(asked, *self.sides, self.tally))
        if found and not source.at_instant:
            found = self._again(asked, found)
        self.groups.add(found, asked.case, source, self.settings(asked.case))
        self.beat()

    def _again(self, asked: Asked, found: Sequence[Change]) -> tuple[Change, ...]:
        """Those of the changes that are seen once more."""
        again = self.ask(asked.case, asked.facts, tuple(asked.one))
        rows = {_row(change): change for change in changes(again, *self.sides)}
        steady = tuple(
            change
            for change in found
            if _row(change) in rows and key_of(rows[_row(change)]) == key_of(change)
        )
        if len(steady) < len(found):
            self.tally.hidden[UNSTEADY] += len(found) - len(steady)
        return steady

    # Exploring: how the rounds look (harness.campaign.rounds.Look)

    def explore(self, over: Callable[[], bool], examples: int | None) -> None:
        """Draw and ask until it is over, or that many random cases were asked."""
        preload()
        known: set[tuple[Key, int]] = set()
        shrunk = 0
        shrinking = Shrinking(self, lambda _: shrunk < SHRUNK, seconds=SHRINKING)
        for batch in batches(Shard(0), self.seed, over, cases=examples):
            for drawn in batch.cases:
                if over():
                    return
                seen = self.everything(drawn.scenario, drawn.sweep, drawn.number)
                first = worst(seen, known)
                if first is None:
                    continue
                find = Find.seen(drawn, first)
                shrinking.shrink(batch.step, drawn, find)
                shrunk += 1
                known |= {first.signature, find.sighting.signature}
                if find.stable:
                    self._found(find.scenario, find.sighting)
                else:
                    self.tally.hidden[UNSTEADY] += 1

    def everything(
        self, scenario: Scenario, sweep: tuple[Flags, ...], number: int
    ) -> Sequence[Sighting]:
        """Every change of a drawn case that is news; counts the others."""
        del number
        case = issue(scenario, seed=self.seed, now=self.now)
        settings = self.settings(case)
        sets = (*sweep, *settings.flag_sets, *self.more)
        asked = self.ask(case, read(case), sets)
        self.tally.random += 1
        found = tuple(changes(asked, *self.sides, self.tally))
        news = tuple(
            it
            for it in self._sightings(found, case)
            if self.groups.is_news(it.change, Tier(it.size[0]))
        )
        fresh = {it.key for it in news}
        old = [change for change in found if key_of(change) not in fresh]
        source = Source("random", scenario, as_drawn=True)
        self.groups.add(old, case, source, settings)
        self.beat()
        return news

    def again(self, scenario: Scenario, sighting: Sighting) -> Sighting | None:
        """The same change in another scenario, asking only what showed it."""
        case = issue(scenario, seed=self.seed, now=self.now)
        flags: tuple[Flags, ...] = _row(sighting.change)
        if flags[0] != flags[1]:
            flags = self.settings(case).flag_sets
        asked = self.ask(case, read(case), flags)
        for found in self._sightings(tuple(changes(asked, *self.sides)), case):
            same = _row(found.change) == _row(sighting.change)
            if same and found.signature == sighting.signature:
                return found
        return None

    def narrower(self, scenario: Scenario, sighting: Sighting) -> Sighting:
        """The sighting with fewer bits of flags."""
        case = issue(scenario, seed=self.seed, now=self.now)
        best = sighting
        if best.change.one.requested != best.change.two.requested:
            return best
        for bit in sorted(bits_of(best.change.two.requested), reverse=True):
            flags = best.change.two.requested.without(bit)
            asked = self.ask(case, read(case), (flags,))
            for found in self._sightings(tuple(changes(asked, *self.sides)), case):
                if found.key == best.key and found.size < best.size:
                    best = found
        return best

    def _sightings(self, found: Sequence[Change], case: Case) -> tuple[Sighting, ...]:
        settings = self.settings(case)
        return tuple(
            Sighting(change, key_of(change), sized(change, case, settings))
            for change in found
        )

    def _found(self, scenario: Scenario, sighting: Sighting) -> None:
        """Keep a find under its smallest case."""
        case = issue(scenario, seed=self.seed, now=self.now)
        source = Source("random", scenario)
        self.groups.add((sighting.change,), case, source, self.settings(case))


def _row(change: Change) -> tuple[Flags, Flags]:
    return change.one.requested, change.two.requested
