"""From both targets' answers about one case to its changes, each with its causes."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from harness.case import Case
from harness.diff.causes import UNKNOWN, UNMODELLED, Causes, Explaining, HiddenError
from harness.diff.change import Kind, between, hidden
from harness.diff.settings import Setting, Settings
from harness.diff.settings import between as flags_between
from harness.diff.side import Side
from harness.facts import Facts
from harness.flags import Flags
from harness.outcome import Answer, Outcome

DEFAULTS: Final = "default flags"
"""Begins a cause that is Python's: ``default flags +X509_STRICT``."""

_VALUE: Final = re.compile(r"'[^']*'")
"""What is said of one case alone, where many are counted."""

Answers = Mapping[Flags, Answer]


@dataclass(frozen=True, slots=True)
class Asked:
    """One case, and what both sides answered."""

    case: Case
    facts: Facts
    one: Answers
    two: Answers


@dataclass(frozen=True, slots=True)
class Change:
    """One row that changed: under which flags of each side, from what to what."""

    kind: Kind
    causes: Causes
    one: Answer
    two: Answer
    against: str = ""
    """What the books say against an answer, where the cause is unknown."""

    @property
    def is_explained(self) -> bool:
        """Whether the books explain it."""
        return not self.causes & {UNKNOWN, UNMODELLED}


@dataclass(slots=True)
class Tally:
    """What a comparison counted."""

    cases: int = 0
    random: int = 0
    """Those of the cases that were drawn."""
    rows: int = 0
    """Pairs of answers held against each other."""
    changed: int = 0
    hidden: Counter[str] = field(default_factory=Counter)
    """What could not be compared, by cause."""


def changes(
    asked: Asked, one: Side, two: Side, tally: Tally | None = None
) -> Iterator[Change]:
    """Every row of a case that changed, the same flags first, then own defaults."""
    settings = Settings.of(one, two, asked.case.role)
    explaining = Explaining(asked.facts, one.books, two.books)
    counted = Tally() if tally is None else tally
    counted.cases += 1
    for flags, first in asked.one.items():
        second = asked.two.get(flags)
        if second is None:
            continue
        _count(first.outcome, second.outcome, counted)
        if between(first.outcome, second.outcome) is None:
            continue
        change = _explained(explaining, first, second, counted)
        if change is not None:
            counted.changed += 1
            yield change
    for setting in settings.own:
        change = _by_default(asked, setting, explaining, counted)
        if change is not None:
            counted.changed += 1
            yield change


def _count(one: Outcome, two: Outcome, tally: Tally) -> None:
    not_shown = hidden(one, two)
    for what in not_shown:
        tally.hidden[_VALUE.sub("'…'", what)] += 1
    if not any(what.startswith("not asked") for what in not_shown):
        tally.rows += 1


def _explained(
    explaining: Explaining, one: Answer, two: Answer, tally: Tally
) -> Change | None:
    """The change between two answers under the same flags."""
    kind = between(one.outcome, two.outcome)
    if kind is None:
        return None
    if not explaining.steady(min(one.before, two.before), max(one.after, two.after)):
        tally.hidden["a validity period began or ended between the two answers"] += 1
        return None
    try:
        causes, against = explaining.causes(one, two)
    except HiddenError as error:
        tally.hidden[str(error)] += 1
        return None
    return Change(kind, causes, one, two, against)


def _by_default(
    asked: Asked, setting: Setting, explaining: Explaining, tally: Tally
) -> Change | None:
    """The change for users who leave the flags to Python. It is Python's where the
    same flags make no difference between the two; one that OpenSSL makes alone was
    told under the same flags already."""
    one, two = asked.one.get(setting.one), asked.two.get(setting.two)
    new_old, old_new = asked.two.get(setting.one), asked.one.get(setting.two)
    if one is None or two is None or new_old is None:
        return None
    _count(one.outcome, two.outcome, tally)
    kind = between(one.outcome, two.outcome)
    if kind is None or between(new_old.outcome, two.outcome) is None:
        return None
    causes: set[str] = set()
    against = ""
    for before, after in ((one, new_old), (old_new, two)):
        if before is None:
            continue
        change = _explained(explaining, before, after, tally)
        if change is not None:
            causes |= change.causes
            against = against or change.against
    unmoved = old_new is not None and between(one.outcome, old_new.outcome) is None
    if causes and unmoved:
        return None
    bits = setting.one ^ setting.two if causes else _guilty(asked, setting)
    causes |= {f"{DEFAULTS} {word}" for word in signed(setting.one, bits)}
    return Change(kind, frozenset(causes), one, two, against)


def _guilty(asked: Asked, setting: Setting) -> Flags:
    """The fewest bits whose turning over makes the first side answer as the second."""
    wanted = asked.two[setting.two].outcome
    for flags in flags_between(setting.one, setting.two):
        answer = asked.one.get(flags)
        if answer is not None and between(answer.outcome, wanted) is None:
            return flags ^ setting.one
    return setting.one ^ setting.two


def signed(before: Flags, bits: Flags) -> Iterator[str]:
    """These bits as they come or go: ``+X509_STRICT``, ``-X509_PARTIAL_CHAIN``."""
    for sign, some in (("+", bits.without(before)), ("-", bits & before)):
        if some:
            yield from (f"{sign}{name}" for name in str(some).split("|"))
