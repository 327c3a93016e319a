"""The cases that are asked before any is drawn: what is known to tell releases apart.

Witnesses, probes and controls, in both roles; and the cases of an exact instant.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from harness.campaign.instants import ENDING, FLAGS
from harness.case import Role
from harness.diff.comparing import Comparing
from harness.diff.groups import Source
from harness.diff.rows import Asked
from harness.flags import Flags
from harness.ledger.witnesses import WITNESSES
from harness.outcome import Accepted, Rejected
from harness.pki.issue import issue
from harness.pki.read import read
from harness.pki.spec import Scenario
from harness.probes.all import PROBES
from harness.probes.controls import CONTROLS

ROUNDS: Final = 2_000
"""Askings of the instant's cases at most."""

INSTANT: Final = "the exact instant"


def pinned() -> Iterator[tuple[Source, tuple[Flags, ...]]]:
    """Every pinned case with the flag sets that show what it is there to show."""
    for role in Role:
        for probe in PROBES:
            scenario = in_role(probe.scenario, role)
            yield Source(f"probe of {probe.behaviour}", scenario), probe.flags
        for control in CONTROLS:
            scenario = in_role(control.scenario, role)
            yield Source(f"control of {control.flag}", scenario), control.flags
    for witness in WITNESSES:
        yield Source(f"witness {witness.id}", witness.scenario), witness.flags


def in_role(scenario: Scenario, role: Role) -> Scenario:
    """The scenario with that verifier; a server has no name to look for."""
    name = scenario.name if role is Role.CLIENT else None
    return replace(scenario, role=role, name=name)


def compare_pinned(comparing: Comparing) -> None:
    """Ask every pinned case of both."""
    for source, flags in pinned():
        assert source.scenario is not None
        case = issue(source.scenario, seed=comparing.seed, now=comparing.now)
        comparing.compare(case, flags, source)


def compare_instants(comparing: Comparing) -> None:
    """Ask both, within one second, about periods that end or begin in it.

    Where they do not answer within the second, nothing is compared, and counted.
    """
    waiting = [replace(ending, role=role) for ending in ENDING for role in Role]
    for scenario, asked in at_an_instant(
        waiting, lambda scenario, instant: _ask(comparing, scenario, instant)
    ):
        if asked is None:
            comparing.tally.hidden[f"{INSTANT}: no answer within it"] += 1
        else:
            comparing.keep(asked, Source(INSTANT, scenario, at_instant=True))


def _ask(comparing: Comparing, scenario: Scenario, instant: int) -> Asked:
    case = issue(scenario, seed=comparing.seed, now=instant)
    sets = (*FLAGS, *comparing.settings(case).flag_sets)
    return comparing.ask(case, read(case), sets)


def at_an_instant(
    scenarios: list[Scenario],
    ask: Callable[[Scenario, int], Asked],
) -> Iterator[tuple[Scenario, Asked | None]]:
    """Each scenario as it was answered in the second in which its period ends or
    begins; None where nobody answered in time."""
    waiting = list(scenarios)
    instant = int(time.time()) + 1
    for _ in range(ROUNDS):
        if not waiting:
            return
        if time.time() >= instant + 1:
            break
        scenario = waiting.pop(0)
        asked = ask(scenario, instant)
        if _within(asked, instant):
            yield scenario, asked
        else:
            waiting.append(scenario)
    for scenario in waiting:
        yield scenario, None


def _within(asked: Asked, instant: int) -> bool:
    return all(
        answer.before == answer.after == instant
        for answers in (asked.one, asked.two)
        for answer in answers.values()
        if isinstance(answer.outcome, Accepted | Rejected)
    )
