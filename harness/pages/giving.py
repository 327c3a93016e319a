"""Which rules refuse pinned cases: in which releases, under which flags.

Nothing of it is declared. Each case is asked under its own flags and X509_STRICT. One
that a rule refuses is asked again with flags taken away, one after the other, as long
as the rule refuses it still: what is left is what the rule wants.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from harness.flags import DOCUMENTED, RAW, X509_STRICT, Flags
from harness.oracle.releases.release import Release, Version
from harness.pages.pinned import PINNED, Pinned
from harness.pages.releases import RELEASES, alike
from harness.verdict import Objection, Prediction, WillReject

NEVER_A_SWITCH: Final = frozenset({"USE_CHECK_TIME", "NO_ALT_CHAINS"})
"""Flags that end an objection by accident: another time, and nothing."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One case that a rule refuses in one release: its objection is the one shown."""

    case: str
    number: int
    """The ``X509_V_ERR_*`` number, as that release counts."""
    flags: Flags
    """What is left of the flags where none of them can be taken away."""
    ended_by: frozenset[str]
    """Flags that end the objection, each added by itself."""


@cache
def refusals(rule: str) -> dict[Version, tuple[Refusal, ...]]:
    """By measured release: the pinned cases that the rule refuses."""
    found = {
        version: _by_release()[release.behaviours].get(rule, ())
        for version, release in RELEASES.items()
    }
    return {version: cases for version, cases in found.items() if cases}


def needs(cases: Iterable[Refusal]) -> tuple[Flags, ...]:
    """The smallest flag sets under which one of these cases is refused."""
    sets = sorted({case.flags for case in cases})
    return tuple(
        one for one in sets if not any(two != one and two in one for two in sets)
    )


@cache
def ended_by(rule: str) -> frozenset[str]:
    """Flags each of which ends the rule's objection in every case that it refuses."""
    found = [case.ended_by for cases in refusals(rule).values() for case in cases]
    return frozenset.intersection(*found) if found else frozenset()


@cache
def raised() -> frozenset[str]:
    """Rules that object to a pinned case, if only after the objection that is shown."""
    return frozenset(
        rule
        for release in alike().values()
        for case in PINNED
        for flags in case.flags
        for rule in _objections(case.predict(release, flags))
    )


@cache
def _by_release() -> dict[frozenset[str], dict[str, tuple[Refusal, ...]]]:
    """By set of behaviours, by rule."""
    return {names: _in_release(release) for names, release in alike().items()}


def _in_release(release: Release) -> dict[str, tuple[Refusal, ...]]:
    found: dict[str, dict[Refusal, None]] = {}
    for case in PINNED:
        for flags in dict.fromkeys((*case.flags, X509_STRICT)):
            predicted = case.predict(release, flags)
            if isinstance(predicted, WillReject):
                refusal = _refusal(case, release, predicted.shown, flags)
                found.setdefault(predicted.shown.rule, {})[refusal] = None
    return {rule: tuple(cases) for rule, cases in found.items()}


def _objections(predicted: Prediction) -> tuple[str, ...]:
    if not isinstance(predicted, WillReject):
        return ()
    return tuple(objection.rule for objection in predicted.objections)


def _refusal(case: Pinned, release: Release, shown: Objection, flags: Flags) -> Refusal:
    rule = shown.rule
    left = flags.effective
    for at in range(left.bits.bit_length() - 1, -1, -1):
        fewer = left.without(1 << at)
        if _objections(case.predict(release, fewer))[:1] == (rule,):
            left = fewer
    ended = frozenset(
        name
        for name, bits in {**DOCUMENTED, **RAW}.items()
        if name not in NEVER_A_SWITCH
        and rule not in _objections(case.predict(release, left | bits))
    )
    return Refusal(case.id, shown.code, left, ended)
