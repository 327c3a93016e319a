"""Targets that are played: a release that answers as it is predicted, or lies in one
way. Their faults are searched for and shrunk like those of a real target, in a tenth
of the time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from harness.books import Books, Reading
from harness.campaign.fault import Fault, Sight
from harness.campaign.looking import Looking
from harness.campaign.rehearsing import Player, honest
from harness.campaign.rounds import Find, Round, Shrinking, first_find
from harness.campaign.sighting import Seen
from harness.campaign.tally import Clock, Tally
from harness.finding import Breaks, Diverges, How
from harness.flags import Flags
from harness.ledger import entries
from harness.ledger.entries import ENTRIES, Entry, rules_of
from harness.ledger.witness import Witness
from harness.ledger.witnesses import WITNESSES
from harness.oracle.documents.sentence import edition_of
from harness.oracle.releases.behaviours import release_of
from harness.oracle.releases.release import MEASURED, Version
from harness.outcome import Answer, Outcome, Unsupported, Way
from harness.pki.read import read
from harness.pki.spec import (
    CrlSpec,
    Entity,
    NameSpec,
    RawExtension,
    RevokedSpec,
    Scenario,
    TrustSpec,
    ca,
)
from harness.target.session import Session
from harness.target.target import Question
from harness.verdict import Unmodelled
from strategies import Theme, questions
from strategies.simpler import size

Sweep = tuple[Flags, ...]

NOW = 1_800_000_000
SEED = 1
UNSAMPLED = 4
"""A place in a round at which nothing but the plain sweep is asked."""
EXAMPLES = 100


def books_of(version: Version) -> Books:
    """The books for a release of OpenSSL, on the newest Python."""
    number = version.major << 28 | version.minor << 20
    return Books(release_of(version), edition_of(number), (3, 13, 0))


@dataclass
class PlayedSession:
    """What stands for a session: it answers as ``player`` does."""

    books: Books
    player: Player = honest
    identity: Any = field(
        default_factory=lambda: SimpleNamespace(
            through_ssl=False, ways=(Way.FLIGHT,), shows_objections=False
        )
    )

    def ask(self, question: Question) -> tuple[Answer, ...]:
        """Every row, at one instant."""
        reading = Reading.open(read(question.case), self.books)
        return tuple(self._answer(reading, flags) for flags in question.flags)

    def _answer(self, reading: Reading, flags: Flags) -> Answer:
        asked = flags.effective
        outcome: Outcome = Unsupported("not modelled")
        if not isinstance(reading.prediction(asked, NOW), Unmodelled):
            outcome = self.player(reading, asked, NOW)
        return Answer(flags, asked, outcome, NOW, NOW)

    def cpu_seconds(self) -> float:
        """None is used."""
        return 0.0


class PlayedLooking(Looking):
    """A look that asks plain sweeps only, for the divergence of one ledger entry or for
    whatever fails."""

    entry: Entry | None = None

    def everything(
        self, scenario: Scenario, sweep: Any, _number: int
    ) -> tuple[Sight, ...]:
        """Every failing sighting of one plain sweep."""
        found = Looking.everything(self, scenario, sweep, UNSAMPLED)
        return tuple(sight for sight in found if self._is_wanted(sight))

    def _is_wanted(self, sight: Sight) -> bool:
        if self.entry is None or isinstance(sight, Fault):
            return True
        verdict = sight.verdict
        by_rule = verdict is None or self.entry.rule in rules_of(verdict.predicted)
        match sight.finding:
            case Diverges(sentence, how):
                is_about = any(
                    f"{sentence}/".startswith(f"{whole}/")
                    for whole in self.entry.sentences
                )
                return how is self.entry.how and is_about and by_rule
            case Breaks():
                return self.entry.how is How.CRASHED
        return False


def look(
    books: Books, player: Player = honest, entry: Entry | None = None
) -> PlayedLooking:
    """How a played target is looked at."""
    session = cast("Session", PlayedSession(books, player))
    tally = Tally()
    clock = Clock(tally, session.cpu_seconds)
    looking = PlayedLooking(session, books, SEED, NOW, tally, clock, lambda: None)
    looking.entry = entry
    return looking


@dataclass(frozen=True)
class Shrunk:
    """What a fault was found by and shrunk to."""

    signature: str
    cases: int
    calls: int
    scenario: Scenario
    bits: tuple[int, ...]
    size: int
    pinned: int
    """The size of the smallest pinned case that shows the same signature; where none
    does, of the one that is largest of those for each signature."""


def pinned_sizes(
    looking: PlayedLooking, witnesses: tuple[Witness, ...]
) -> dict[str, int]:
    """The sizes of the smallest pinned cases, by the signatures they show."""
    sizes: dict[str, int] = {}
    for witness in witnesses:
        for sighting in looking.everything(witness.scenario, witness.flags, 0):
            assert isinstance(sighting, Seen), sighting
            least = looking.narrower(witness.scenario, sighting)
            assert isinstance(least, Seen)
            large = size(witness.scenario, least.flags)
            name = sighting.signature.text
            sizes[name] = min(large, sizes.get(name, large))
    return sizes


def search(
    looking: PlayedLooking, theme: Theme | None, seed: int, cases: int
) -> tuple[Find[Sight] | None, int]:
    """The first find in so many random cases, shrunk; and how many were asked."""
    asked = number = 0
    while asked < cases:
        step = Round(
            questions(theme=theme, focus=number),
            seed * 1000 + number,
            EXAMPLES,
            min(EXAMPLES, cases - asked),
            asked,
        )
        find, more = first_find(Shrinking(looking), step)
        asked += more
        number += 1
        if find is not None:
            return find, asked
        if not more:
            break
    return None, asked


def shrunk(
    looking: PlayedLooking,
    witnesses: tuple[Witness, ...],
    theme: Theme | None,
    seed: int,
    cases: int,
) -> Shrunk | None:
    """What a search finds, beside the pinned cases; None if it finds nothing."""
    find, asked = search(looking, theme, seed, cases)
    if find is None:
        return None
    sighting = find.sighting
    assert not isinstance(sighting, Fault), sighting.error
    sizes = pinned_sizes(looking, witnesses)
    text = sighting.signature.text
    return Shrunk(
        text,
        asked,
        find.calls,
        find.scenario,
        tuple(flags.bits for flags in sighting.flags),
        size(find.scenario, sighting.flags),
        sizes.get(text, max(sizes.values())),
    )


@contextmanager
def without_entry(entry: Entry) -> Iterator[None]:
    """The ledger does not know an entry, nor one that excuses the same sentences in
    the same way, so that what it excuses is a finding."""
    with pytest.MonkeyPatch.context() as patch:
        left = tuple(
            item
            for item in ENTRIES
            if (item.sentences, item.how) != (entry.sentences, entry.how)
        )
        patch.setattr(entries, "ENTRIES", left)
        yield


def showing(entry: Entry) -> tuple[PlayedLooking, tuple[Witness, ...]] | None:
    """A look at the newest measured release that shows an entry, and its witnesses;
    None for what no case shows."""
    witnesses = tuple(item for item in WITNESSES if item.entry == entry.id)
    for version in reversed(MEASURED):
        looking = look(books_of(version), entry=entry)
        with without_entry(entry):
            for item in witnesses:
                if looking.everything(item.scenario, item.flags, 0):
                    return looking, witnesses
    return None


def lying(player: Player) -> PlayedLooking:
    """A look at the newest 3.0 that lies in one way."""
    return look(books_of(MEASURED[3]), player)


def inflated(scenario: Scenario) -> Scenario:
    """The scenario with things beside it that it does not need: a CA that is sent and
    trusted, a CRL of it, an extension in every certificate, a reference to each."""
    noise = Entity(NameSpec.cn("Noise CA"), "p256-11")
    other = ca("noise", noise, noise)
    unknown = RawExtension("1.3.6.1.4.1.55555.9", b"\x05\x00")
    return replace(
        scenario,
        certificates=(
            *(
                replace(item, extra=(*item.extra, unknown))
                for item in scenario.certificates
            ),
            other,
        ),
        crls=(*scenario.crls, CrlSpec("noise-crl", noise, revoked=(RevokedSpec(1),))),
        peer=(*scenario.peer, "noise"),
        trusted=(TrustSpec("noise"), *scenario.trusted),
        loaded=(*scenario.loaded, "noise-crl"),
    )


def simplified(looking: PlayedLooking, scenario: Scenario, flags: Sweep) -> int | None:
    """The size of what the worst fault of a scenario shrinks to, step by step; None if
    it shows none."""
    seen = looking.everything(scenario, flags, 0)
    if not seen:
        return None
    find = Find[Sight](scenario, seen[0], seen[0], 0.0)
    Shrinking(looking, seconds=60.0).simplify(find)
    return size(find.scenario, looking.narrower(find.scenario, find.sighting).flags)
