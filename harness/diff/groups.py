"""Changes grouped by kind and causes: one case each, the one users meet most easily.

A group of several causes that all have groups of their own is *composite*: it is
counted, and not told again.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import assert_never

from harness.case import Case, Role
from harness.diff.causes import UNKNOWN, UNMODELLED, Causes
from harness.diff.change import KINDS, Kind
from harness.diff.rows import Change
from harness.diff.settings import Settings, Tier
from harness.outcome import (
    Accepted,
    Broken,
    Outcome,
    Rejected,
    Undecodable,
    Unsupported,
    seen,
)
from harness.pki.spec import Scenario


@dataclass(frozen=True, slots=True)
class Source:
    """Where a case is from, and what it was made of."""

    name: str
    """``probe of NAME``, ``witness ID``, ``random``, the id of a suite's case, the
    names of files."""
    scenario: Scenario | None = None
    at_instant: bool = False
    """Whether its period ends or begins in the very second that it is asked in."""
    as_drawn: bool = False
    """Whether nobody has made it smaller."""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """The case that shows a group, and the row of it that does."""

    source: Source
    case: Case
    change: Change
    size: tuple[int, ...]
    """What makes one better than another: tier, bits, not as drawn, parts of the
    case."""

    @property
    def tier(self) -> Tier:
        """How far its flags are from what users have."""
        return Tier(self.size[0])


@dataclass(frozen=True, slots=True)
class Key:
    """What tells one group from another."""

    kind: Kind
    causes: Causes
    said: str = ""
    """Both outcomes, where the cause is unknown: nothing else tells such groups
    apart."""


@dataclass(slots=True)
class Group:
    """Every change of one key."""

    key: Key
    exhibit: Exhibit
    rows: int = 0
    cases: int = 0
    roles: set[Role] = field(default_factory=set)
    outcomes: Counter[tuple[Outcome, Outcome]] = field(default_factory=Counter)
    """Both outcomes, without path and message, by number of rows."""


def key_of(change: Change) -> Key:
    """The group a change belongs to."""
    if change.is_explained:
        return Key(change.kind, change.causes)
    said = f"{seen(change.one.outcome)}, {seen(change.two.outcome)}"
    return Key(change.kind, change.causes, said)


def sized(
    change: Change, case: Case, settings: Settings, *, as_drawn: bool = False
) -> tuple[int, ...]:
    """The size of an exhibit. A default of one side's own counts as that default."""
    flags = change.two.requested
    tier, bits = settings.size(flags)
    parts = len(case.peer) + len(case.trusted) + len(case.crls)
    octets = sum(map(len, (*case.peer, *case.crls)))
    return (tier, bits, as_drawn, parts, flags.bits.bit_count(), octets)


def _place(causes: Causes) -> int:
    """What is against the books comes first, what they say nothing of comes last."""
    return 2 * (UNMODELLED in causes) - (UNKNOWN in causes)


def _bare(outcome: Outcome) -> Outcome:
    """The outcome without what is data of one case."""
    match outcome:
        case Accepted():
            return Accepted()
        case Rejected(code=code):
            return Rejected(code)
        case Undecodable(where=where):
            return Undecodable(where)
        case Broken(breakage=breakage):
            return Broken(breakage)
        case Unsupported():
            return outcome
        case _:
            assert_never(outcome)


@dataclass(slots=True)
class Groups:
    """The groups of one comparison."""

    _groups: dict[Key, Group] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._groups)

    def add(
        self, found: Iterable[Change], case: Case, source: Source, settings: Settings
    ) -> None:
        """Count the changes of one case, and keep it where it shows one better."""
        met: set[Key] = set()
        for change in found:
            key = key_of(change)
            size = sized(change, case, settings, as_drawn=source.as_drawn)
            exhibit = Exhibit(source, case, change, size)
            group = self._groups.get(key)
            if group is None:
                group = self._groups[key] = Group(key, exhibit)
            elif exhibit.size < group.exhibit.size:
                group.exhibit = exhibit
            group.rows += 1
            group.cases += key not in met
            met.add(key)
            group.roles.add(case.role)
            group.outcomes[_bare(change.one.outcome), _bare(change.two.outcome)] += 1

    def is_news(self, change: Change, tier: Tier) -> bool:
        """Whether a change has no group yet, or none with flags this near to what
        users have."""
        key = key_of(change)
        group = self._groups.get(key)
        if group is not None:
            return tier < group.exhibit.tier
        return not self._is_composite(key)

    def told(self) -> Iterator[Group]:
        """The groups to tell, those of the same causes together: what users meet first
        comes first, then the worst."""
        order = {kind: place for place, kind in enumerate(KINDS)}
        groups = sorted(
            (it for it in self._groups.values() if not self._is_composite(it.key)),
            key=lambda group: (
                group.exhibit.tier,
                order[group.key.kind],
                _place(group.key.causes),
                sorted(group.key.causes),
                group.key.said,
            ),
        )
        for causes in dict.fromkeys(group.key.causes for group in groups):
            yield from (group for group in groups if group.key.causes == causes)

    def composite(self) -> Iterator[Group]:
        """The groups that others tell."""
        return (it for it in self._groups.values() if self._is_composite(it.key))

    def _is_composite(self, key: Key) -> bool:
        if len(key.causes) < 2 or key.said:
            return False
        alone = [it for it in self._groups if len(it.causes) == 1]
        mine = [it for it in alone if it.causes < key.causes]
        told = frozenset[str]().union(*(it.causes for it in mine))
        return told == key.causes and any(it.kind is key.kind for it in mine)
