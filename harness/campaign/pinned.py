"""The pinned part of a run: the surface questions."""

from collections.abc import Iterator

from harness.books import Books
from harness.campaign import canaries
from harness.campaign.plan import Plan
from harness.campaign.sessions import Opened
from harness.campaign.sighting import (
    Mode,
    Seen,
)
from harness.campaign.tally import SURFACE, Tally
from harness.examine import examine_surface
from harness.finding import Finding, fails
from harness.pki.spec import Scenario
from harness.target.session import Session

Pinned = tuple[Seen, Scenario | None, str]
"""What failed, in which scenario, and by which source it came."""


def surface(plan: Plan, opened: Opened, tally: Tally) -> Iterator[Pinned]:
    """Ask the surface questions; what fails."""
    found = judged_surface(opened.session, opened.books, plan.seed, plan.now)
    for sentence, side, finding in found:
        if tally.count(finding):
            tally.counts["surface answers"] += 1
            tally.decided[f"{sentence}|{side}|{SURFACE}"] += 1
        if fails(finding):
            yield Seen(finding, Mode(), ()), None, f"surface {sentence}"


def judged_surface(
    session: Session, books: Books, seed: int, now: int
) -> tuple[tuple[str, str, Finding], ...]:
    """What the target shows of itself: sentence, side, finding."""
    good = canaries.good(seed, now)
    return examine_surface(
        session, books, trusted=good.trusted[0].der, crl=good.crls[0]
    )
