"""The pinned part of a run: witnesses by every way, and the surface questions."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from harness.agreement import examine_unverified
from harness.books import Books
from harness.campaign import canaries
from harness.campaign.instants import at_the_instant
from harness.campaign.looking import VERSIONS
from harness.campaign.narrowing import few
from harness.campaign.plan import Plan
from harness.campaign.sessions import Opened
from harness.campaign.sighting import (
    Check,
    Mode,
    Seen,
    of_examination,
    of_findings,
    of_laws,
    of_ways,
)
from harness.campaign.tally import SURFACE, Clock, Tally
from harness.campaign.witnessing import examine_witness
from harness.case import TlsVersion
from harness.examine import examine, examine_twin
from harness.examine_surface import examine_surface
from harness.finding import Finding, fails
from harness.flags import CRL_CHECK_LEAF
from harness.ledger.witness import Witness
from harness.ledger.witnesses import WITNESSES
from harness.outcome import Way
from harness.pki.issue import issue
from harness.pki.read import read
from harness.pki.spec import Scenario
from harness.probes.all import PROBES
from harness.target.session import Session

Pinned = tuple[Seen, Scenario | None, str]
"""What failed, in which scenario, and by which source it came."""


def witnesses(
    plan: Plan, opened: Opened, tally: Tally, clock: Clock
) -> Iterator[Pinned]:
    """Ask every witness; what fails, each signature once, its smallest case first."""
    known = set()
    clock.start()
    for seen, scenario, source in chain(
        _in_turn(plan, opened, tally),
        _drifts(opened, tally),
        _probes(plan, opened, tally),
        at_the_instant(plan, opened, tally),
        _twins(plan, opened),
        _unverified(plan, opened),
    ):
        if seen.signature not in known:
            known.add(seen.signature)
            yield seen, scenario, source
    clock.lap_both("witnesses")


def _drifts(opened: Opened, tally: Tally) -> Iterator[Pinned]:
    """What probing found when the target was opened."""
    for seen, asked in opened.drifts:
        tally.count(seen.finding)
        yield seen, asked.scenario, f"probe of {asked.behaviour}"


def _probes(plan: Plan, opened: Opened, tally: Tally) -> Iterator[Pinned]:
    """Every probe as a case like any other, judged by the books as probed."""
    for item in PROBES:
        case = issue(item.scenario, seed=plan.seed, now=plan.now)
        facts, books = read(case), opened.books
        flight = examine(
            opened.session, case, facts, item.flags, books=books, feel=True
        )
        tally.counts["cases"] += 1
        tally.add(flight, case.role, TlsVersion.TLS_1_2)
        for seen in of_examination(flight, Mode(way=flight.way)):
            yield seen, item.scenario, f"probe of {item.behaviour}"


def _in_turn(plan: Plan, opened: Opened, tally: Tally) -> Iterator[Pinned]:
    for witness in WITNESSES:
        for seen in _witness(plan, opened, tally, witness):
            yield seen, witness.scenario, f"witness {witness.id}"


def _twins(plan: Plan, opened: Opened) -> Iterator[Pinned]:
    """Witnesses with CRLs once more, against themselves without."""
    session, books = opened.session, opened.books
    for witness in WITNESSES:
        case = issue(witness.scenario, seed=plan.seed, now=plan.now)
        facts = read(case)
        flags = tuple(item for item in witness.flags if CRL_CHECK_LEAF not in item)
        if case.crls and flags:
            flight = examine(session, case, facts, flags, books=books)
            broken = examine_twin(session, case, facts, flight, books=books)
            for seen in of_laws(broken, flight, Mode(Check.TWIN, flight.way)):
                yield seen, witness.scenario, f"witness {witness.id}"


def _witness(
    plan: Plan, opened: Opened, tally: Tally, witness: Witness
) -> Iterator[Seen]:
    session, books = opened.session, opened.books
    role = witness.scenario.role
    flight, stale = examine_witness(
        session, witness, books, seed=plan.seed, now=plan.now
    )
    tally.counts["cases"] += 1
    tally.add(flight, role, TlsVersion.TLS_1_2)
    plain = Mode(way=flight.way)
    yield from of_examination(flight, plain)
    yield from of_findings(stale, flight, plain)
    case = issue(witness.scenario, seed=plan.seed, now=plan.now)
    if case.key is None:
        return
    facts = read(case)
    flags = few(witness.flags, 0)
    for tls in VERSIONS if books.predicts else VERSIONS[1:]:
        mode = Mode(Check.PLAIN, Way.HANDSHAKE, tls)
        shaken = examine(
            session, case, facts, flags, books=books, way=Way.HANDSHAKE, tls=tls
        )
        tally.add(shaken, role, tls)
        yield from of_examination(shaken, mode)
        if books.predicts:
            yield from of_ways(flight, shaken, replace(mode, check=Check.WAYS))


def _unverified(plan: Plan, opened: Opened) -> Iterator[Pinned]:
    """Witnesses once more under CERT_NONE, where no flag changes anything."""
    for witness in WITNESSES:
        case = issue(witness.scenario, seed=plan.seed, now=plan.now)
        facts = read(case)
        flight = examine(
            opened.session, case, facts, witness.flags[:1], books=opened.books
        )
        broken = examine_unverified(opened.session, case, facts, witness.flags)
        for seen in of_laws(broken, flight, Mode(Check.UNVERIFIED, flight.way)):
            yield seen, witness.scenario, f"witness {witness.id}"


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
