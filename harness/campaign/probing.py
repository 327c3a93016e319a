"""Probing: which behaviours a build really has, asked when it is first met.

Distributions carry fixes back. Where a probe disagrees with the table of the build's
release, that is a finding (``drift:SWITCH``) unless an overlay names the build and the
switch; either way the books follow the probe, so that the rest stays explained.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from harness.asking import ask_about
from harness.books import Books, Reading
from harness.campaign.sighting import Mode, Seen
from harness.compare import told_by
from harness.facts import Facts
from harness.finding import Drifts
from harness.flags import Flags
from harness.ledger.overlays import OVERLAYS, Overlay, overlay
from harness.oracle.releases.release import Release
from harness.outcome import Answer
from harness.pki.issue import issue
from harness.pki.read import read
from harness.pki.spec import Scenario
from harness.probes.all import PROBES
from harness.probes.controls import unreliable
from harness.probes.probe import Probe
from harness.target.session import Session

PASSES: Final = 3
"""How often the probes are weighed: what one turns over may let another tell."""


@dataclass(frozen=True, slots=True)
class Probed:
    """A build's books after probing."""

    books: Books
    drifts: tuple[tuple[Seen, Probe], ...] = ()
    """Drifts that no overlay names, each with the probe that shows it."""
    overlaid: tuple[Overlay, ...] = ()
    untold: tuple[str, ...] = ()
    """Behaviours that have probes, and none told anything on this build."""


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A probe with its answers."""

    probe: Probe
    facts: Facts
    answers: Sequence[Answer]


def probe(
    session: Session,
    books: Books,
    *,
    seed: int,
    now: int,
    overlays: Sequence[Overlay] = OVERLAYS,
) -> Probed:
    """Ask every probe of a target; none of one that is no OpenSSL. Raises
    ``TargetError``."""
    if not books.predicts:
        return Probed(books)

    def ask(scenario: Scenario, flags: tuple[Flags, ...]) -> tuple[Facts, list[Answer]]:
        case = issue(scenario, seed=seed, now=now)
        facts = read(case)
        return facts, list(session.ask(ask_about(case, facts, flags)))

    doubtful = unreliable(lambda scenario, flags: ask(scenario, flags)[1])
    asked = [Asked(item, *ask(item.scenario, item.flags)) for item in PROBES]
    return weigh(books, asked, doubtful, session.identity.openssl, overlays)


def weigh(
    books: Books,
    asked: Sequence[Asked],
    doubtful: Flags,
    build: str,
    overlays: Sequence[Overlay] = OVERLAYS,
) -> Probed:
    """What the answers to the probes come to. Rows under ``doubtful`` flags tell
    nothing."""
    table = books.release
    told: dict[str, tuple[bool, Asked]] = {}
    for _ in range(PASSES):
        turned = [name for name, (is_turned, _) in told.items() if is_turned]
        present = replace(books, release=table.turned(*turned))
        before = dict(told)
        for item in asked:
            name = item.probe.behaviour
            answers = [
                answer
                for answer in item.answers
                if not answer.requested.bits & doubtful.bits
            ]
            fits = told_by(
                answers,
                Reading.open(item.facts, _with(present, table, name, turned=False)),
                Reading.open(item.facts, _with(present, table, name, turned=True)),
            )
            if fits is not None and (name not in told or fits):
                told[name] = (fits, item)
        if told == before:
            break
    drifting = {name: item for name, (is_turned, item) in told.items() if is_turned}
    named = {name: overlay(build, name, overlays) for name in drifting}
    return Probed(
        replace(books, release=table.turned(*drifting)),
        tuple(
            (_seen(item, table.name, has=name not in table), item.probe)
            for name, item in drifting.items()
            if named[name] is None
        ),
        tuple(item for item in named.values() if item is not None),
        tuple(
            dict.fromkeys(
                item.probe.behaviour
                for item in asked
                if item.probe.behaviour not in told
            )
        ),
    )


def _with(present: Books, table: Release, name: str, *, turned: bool) -> Books:
    """The present books with this behaviour as its table has it, or turned over."""
    is_turned = (name in present.release) is not (name in table)
    if is_turned is turned:
        return present
    return replace(present, release=present.release.turned(name))


def _seen(item: Asked, release: str, *, has: bool) -> Seen:
    finding = Drifts(item.probe.behaviour, release, has)
    return Seen(finding, Mode(), item.probe.flags, tuple(item.answers))
