"""Witnesses of an exact instant: periods that end in the very second they are asked.

``ssl`` cannot set the time, so the boundary lies a second ahead, and the cases are
asked until an answer was had within that second.
"""

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from harness.campaign.plan import Plan
from harness.campaign.sessions import Opened
from harness.campaign.sighting import Mode, Seen, of_examination
from harness.campaign.tally import Tally
from harness.case import Role, TlsVersion
from harness.examine import Examination, examine
from harness.flags import CRL_CHECK_LEAF, DEFAULT
from harness.ledger.plain import INT_CRL, ROOT_CRL, chain, leaf
from harness.outcome import Accepted, Rejected
from harness.pki.issue import issue
from harness.pki.read import read
from harness.pki.spec import Scenario

ENDING: Final = (
    chain(leaf(not_after=0)),
    chain(leaf(not_before=0)),
    chain(crls=(ROOT_CRL, replace(INT_CRL, next_update=0))),
)
"""A certificate that ends, one that begins, and a CRL that ends, at the instant."""

FLAGS: Final = (DEFAULT, CRL_CHECK_LEAF)
ROUNDS: Final = 20_000
"""Askings at most, of which one second holds a few hundred."""


def at_the_instant(
    plan: Plan, opened: Opened, tally: Tally
) -> Iterator[tuple[Seen, Scenario, str]]:
    """Ask each in both roles within its instant; what fails.

    A target too slow to answer within one second leaves the instant unasked, which the
    run shows as a behaviour never felt.
    """
    instant = int(time.time()) + 1
    waiting = []
    for ending in ENDING:
        for role in Role:
            scenario = replace(ending, role=role)
            case = issue(scenario, seed=plan.seed, now=instant)
            waiting.append((scenario, case, read(case)))
    for _ in range(ROUNDS):
        if not waiting or time.time() >= instant + 1:
            return
        scenario, case, facts = waiting.pop(0)
        examination = examine(
            opened.session, case, facts, FLAGS, books=opened.books, feel=True
        )
        if not _within(examination, instant):
            waiting.append((scenario, case, facts))
            continue
        tally.counts["cases"] += 1
        tally.add(examination, scenario.role, TlsVersion.TLS_1_2)
        for seen in of_examination(examination, Mode(way=examination.way)):
            yield seen, scenario, "witness of an instant"


def _within(examination: Examination, instant: int) -> bool:
    return all(
        row.answer.before == row.answer.after == instant
        for row in examination.rows
        if isinstance(row.answer.outcome, Accepted | Rejected)
    )
