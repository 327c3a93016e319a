"""Looking at one drawn case: sign it, read it, ask it, and say what fails.

Every case is asked by flight. A sample is asked by handshake too, with new contexts, in
reversed order, and so on (``Check``). What has been found is asked again with as few
flag sets, of as few bits, as still show it.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from harness.agreement import (
    examine_objections,
    examine_roles,
    examine_unverified,
    says_no_purpose,
)
from harness.books import Books
from harness.campaign.fault import Fault, Sight
from harness.campaign.narrowing import bits_of, few, fewer_sets
from harness.campaign.sighting import (
    Check,
    Mode,
    Seen,
    edited_items,
    of_examination,
    of_laws,
    of_repeats,
    of_ways,
)
from harness.campaign.tally import Clock, Tally
from harness.case import Case, TlsVersion
from harness.examine import Examination, examine, examine_twin
from harness.facts import Facts
from harness.flags import Flags
from harness.outcome import Accepted, Rejected, Way
from harness.pki.issue import issue
from harness.pki.read import read
from harness.pki.spec import Scenario
from harness.target.session import Session, TargetError

HANDSHAKE_EVERY: Final = 16
FRESH_EVERY: Final = 32
REVERSED_EVERY: Final = 32
TWIN_EVERY: Final = 16
UNVERIFIED_EVERY: Final = 32
OBJECTIONS_EVERY: Final = 2
FEEL_EVERY: Final = 8
EDITED_REPEAT_EVERY: Final = 8
EDITED_ROLES_EVERY: Final = 3
PROCESS_EVERY: Final = 96
"""How often a case with edited bytes is asked again, by contexts of its own and in
reversed order, in the other role, and of a new process."""
FLOOR_EVERY: Final = 32
FLOOR_FLIGHTS: Final = 10
"""Bare flights of one measurement of the floor."""

FULL: Final = 48
"""Flag sets of a full sweep at least: every union of the documented flags."""

VERSIONS: Final = (TlsVersion.TLS_1_2, TlsVersion.TLS_1_3)


@dataclass(slots=True)
class Looking:
    """How the rounds of one shard ask one target (``harness.campaign.rounds.Look``)."""

    session: Session
    books: Books
    seed: int
    now: int
    tally: Tally
    clock: Clock
    beat: Callable[[], None]
    """Called after each case, so that progress can be told."""
    narrowing: float = 10.0
    """Seconds that flag sets may be made fewer and smaller for."""

    def everything(
        self, scenario: Scenario, sweep: tuple[Flags, ...], number: int
    ) -> Sequence[Sight]:
        """Every failing sighting of a drawn case; counts it."""
        self.clock.lap("drawing")
        try:
            case, facts = self._made(scenario)
        except Exception as error:  # noqa: BLE001  # shrunk and reported, not lost
            return (self.fault(error, sweep),)
        return self.asked_everything(
            case, facts, sweep, number, edited=edited_items(scenario)
        )

    def asked_everything(
        self,
        case: Case,
        facts: Facts,
        sweep: tuple[Flags, ...],
        number: int,
        *,
        edited: str = "",
    ) -> Sequence[Sight]:
        """Every failing sighting of a drawn case that is signed and read; counts it.
        ``edited`` says what of it had its bytes edited."""
        try:
            self.tally.counts["cases"] += 1
            found = self._everything(case, facts, sweep, number, edited=bool(edited))
            seen = _named(edited, found)
        except TargetError:
            raise
        except Exception as error:  # noqa: BLE001  # shrunk and reported, not lost
            return (self.fault(error, sweep),)
        self.beat()
        return seen

    def fault(self, error: Exception, sweep: tuple[Flags, ...]) -> Fault:
        """An error of the harness in a case; counts it."""
        self.tally.errors[f"{type(error).__name__}: {error}"[:200]] += 1
        return Fault(error, sweep)

    def again(self, scenario: Scenario, sighting: Sight) -> Sight | None:
        """The same signature in another scenario, asking only what showed it."""
        self.tally.counts["shrinking"] += 1
        try:
            case, facts = self._made(scenario)
            if isinstance(sighting, Fault):
                tuple(self._everything(case, facts, sighting.flags, 0, counted=False))
                return None
            return self._once_more(scenario, case, facts, sighting)
        except TargetError:
            raise
        except Exception as error:  # noqa: BLE001  # the same fault is what is sought
            fault = Fault(error, sighting.flags)
            same = fault.signature == sighting.signature
            return fault if same else None
        finally:
            self.clock.lap_both("shrinking")

    def narrower(self, scenario: Scenario, sighting: Sight) -> Sight:
        """The sighting with fewer flag sets, each of fewer bits."""
        if isinstance(sighting, Fault):
            return sighting
        case, facts = self._made(scenario)
        best = sighting
        until = time.monotonic() + self.narrowing
        for flags in fewer_sets(sighting):
            less = replace(sighting, flags=flags)
            again = self._once_more(scenario, case, facts, less)
            if again is not None:
                best = again
                break
            if time.monotonic() > until:
                break
        for bit in bits_of(best.flags):
            if time.monotonic() > until:
                break
            flags = tuple(dict.fromkeys(item.without(bit) for item in best.flags))
            less = replace(best, flags=flags)
            again = self._once_more(scenario, case, facts, less)
            if again is not None:
                best = again
        self.clock.lap_both("shrinking")
        return best

    def _made(self, scenario: Scenario) -> tuple[Case, Facts]:
        return signed(scenario, self.seed, self.now, self.clock)

    def _everything(
        self,
        case: Case,
        facts: Facts,
        sweep: tuple[Flags, ...],
        number: int,
        *,
        edited: bool = False,
        counted: bool = True,
    ) -> Iterator[Seen]:
        feel = number % FEEL_EVERY == FEEL_EVERY - 1
        plain = self._plain(number)
        flight = self._examine(case, facts, sweep, plain, counted=counted, feel=feel)
        full = "full" if len(sweep) >= FULL else "flight"
        self.clock.lap_both(full)
        if counted:
            self.tally.counts[f"{full} verdicts"] += len(flight.rows)
        yield from of_examination(flight, plain)
        # A peer that has to load such bytes would refuse them, or write them anew; a
        # target that only shakes hands has done so already.
        more = not edited and plain.way is Way.FLIGHT
        if number % HANDSHAKE_EVERY == 0 and case.key is not None and more:
            some = few(sweep, number // HANDSHAKE_EVERY)
            for tls in VERSIONS:
                mode = Mode(Check.PLAIN, Way.HANDSHAKE, tls)
                shaken = self._examine(case, facts, some, mode, counted=counted)
                yield from of_examination(shaken, mode)
                yield from of_ways(flight, shaken, replace(mode, check=Check.WAYS))
            self.clock.lap_both("handshakes")
        if number % FLOOR_EVERY == FLOOR_EVERY // 2 and counted and more:
            chosen = sweep[number // FLOOR_EVERY % len(sweep)]
            if flies(flight):
                self._measure_floor(case, chosen, FLOOR_FLIGHTS)
        if number % FRESH_EVERY == 1:
            mode = replace(plain, check=Check.FRESH)
            yield from self._repeat(case, facts, sweep, flight, mode)
        if number % REVERSED_EVERY == 2:  # a place of its own
            mode = replace(plain, check=Check.REVERSED)
            yield from self._repeat(case, facts, sweep, flight, mode)
        if number % TWIN_EVERY == TWIN_EVERY // 2 and case.crls:
            yield from self._twin(case, facts, flight)
            self.clock.lap_both("repeats")
        if number % UNVERIFIED_EVERY == UNVERIFIED_EVERY // 4:
            yield from self._unverified(case, facts, flight)
            self.clock.lap_both("repeats")
        if number % OBJECTIONS_EVERY == OBJECTIONS_EVERY // 2:
            yield from self._objections(case, facts, flight)
            self.clock.lap_both("repeats")
        if edited:
            yield from self._edited(case, facts, sweep, flight, number)

    def _edited(
        self,
        case: Case,
        facts: Facts,
        sweep: tuple[Flags, ...],
        flight: Examination,
        number: int,
    ) -> Iterator[Seen]:
        """What is asked more often of edited bytes: the same answer again, whatever
        was asked before, and in the other role."""
        for every, at, check in (
            (EDITED_REPEAT_EVERY, 3, Check.FRESH),
            (EDITED_REPEAT_EVERY, 6, Check.REVERSED),
            (PROCESS_EVERY, PROCESS_EVERY // 2, Check.PROCESS),
        ):
            if number % every == at:
                yield from self._repeat(
                    case, facts, sweep, flight, Mode(check, flight.way)
                )
        if number % EDITED_ROLES_EVERY == 0:
            yield from self._roles(case, facts, flight)
        self.clock.lap_both("repeats")

    def _roles(self, case: Case, facts: Facts, flight: Examination) -> Iterator[Seen]:
        if says_no_purpose(case):
            self.tally.counts[Check.ROLES.value] += 1
            broken = examine_roles(self.session, case, facts, flight)
            yield from of_laws(broken, flight, Mode(Check.ROLES, flight.way))

    def _plain(self, number: int) -> Mode:
        """How the drawn case of that number is asked: by the target's first way, a
        handshake in each version in turn."""
        way = self.session.identity.ways[0]
        if way is Way.FLIGHT:
            return Mode()
        return Mode(way=way, tls=VERSIONS[number % len(VERSIONS)])

    def _twin(self, case: Case, facts: Facts, flight: Examination) -> Iterator[Seen]:
        self.tally.counts[Check.TWIN.value] += 1
        broken = examine_twin(self.session, case, facts, flight, books=self.books)
        yield from of_laws(broken, flight, Mode(Check.TWIN, flight.way))

    def _unverified(
        self, case: Case, facts: Facts, flight: Examination
    ) -> Iterator[Seen]:
        if not self.session.identity.through_ssl:
            self.tally.skips["unsupported: CERT_NONE without ssl"] += 1
            return
        self.tally.counts[Check.UNVERIFIED.value] += 1
        sweep = tuple(row.answer.requested for row in flight.rows)
        broken = examine_unverified(self.session, case, facts, sweep)
        yield from of_laws(broken, flight, Mode(Check.UNVERIFIED, flight.way))

    def _objections(
        self, case: Case, facts: Facts, flight: Examination
    ) -> Iterator[Seen]:
        asked, books = self.session, self.books
        if asked.identity.shows_objections:
            self.tally.counts[Check.OBJECTIONS.value] += 1
            broken = examine_objections(asked, case, facts, flight, books=books)
            yield from of_laws(broken, flight, Mode(Check.OBJECTIONS, flight.way))

    def measure_floor(
        self, scenario: Scenario, sweep: Sequence[Flags], flights: int
    ) -> None:
        """What bare flights of a case cost under each of the flag sets."""
        case = issue(scenario, seed=self.seed, now=self.now)
        for flags in sweep:
            self._measure_floor(case, flags, flights)

    def _measure_floor(self, case: Case, flags: Flags, flights: int) -> None:
        seconds = self.session.floor(case, flags, flights)
        self.tally.counts["bare flights"] += 1
        self.tally.counts["bare ns"] += round(seconds * 1e9)
        self.clock.lap_both("floor")

    def _repeat(
        self,
        case: Case,
        facts: Facts,
        sweep: tuple[Flags, ...],
        flight: Examination,
        mode: Mode,
    ) -> Iterator[Seen]:
        self.tally.counts[mode.check.value] += 1
        second = self._examine(case, facts, sweep, mode, counted=False)
        yield from of_repeats(flight, second, mode)
        self.clock.lap_both("repeats")

    def asked(
        self, made: Scenario | Case, sighting: Seen
    ) -> tuple[tuple[Seen, ...], Examination]:
        """Everything failing that is seen by the sighting's mode and flag sets, and
        all that they were answered; of a scenario, or of bytes as they are."""
        case, facts = (made, read(made)) if isinstance(made, Case) else self._made(made)
        examination = self._examine(case, facts, sighting.flags, sighting.mode)
        failing = self._failing(case, facts, sighting, examination)
        return _named(sighting.edited, failing), examination

    def _once_more(
        self, scenario: Scenario, case: Case, facts: Facts, sighting: Seen
    ) -> Seen | None:
        """The sighting's signature, asked by its own mode and flag sets only."""
        wanted = sighting.signature
        examination = self._examine(case, facts, sighting.flags, sighting.mode)
        failing = self._failing(case, facts, sighting, examination)
        for seen in _named(edited_items(scenario), failing):
            if seen.signature == wanted:
                return replace(seen, flags=sighting.flags)
        return None

    def _failing(
        self, case: Case, facts: Facts, sighting: Seen, examination: Examination
    ) -> Iterator[Seen]:
        mode, flags = sighting.mode, sighting.flags
        match mode.check:
            case Check.PLAIN:
                yield from of_examination(examination, mode)
            case Check.WAYS:
                flight = self._examine(case, facts, flags, self._plain(0))
                yield from of_ways(flight, examination, mode)
            case Check.UNVERIFIED:
                yield from self._unverified(case, facts, examination)
            case Check.TWIN:
                yield from self._twin(case, facts, examination)
            case Check.OBJECTIONS:
                yield from self._objections(case, facts, examination)
            case Check.ROLES:
                yield from self._roles(case, facts, examination)
            case Check.FRESH | Check.REVERSED | Check.PROCESS:
                plain = replace(mode, check=Check.PLAIN)
                first = self._examine(case, facts, flags, plain)
                yield from of_repeats(first, examination, mode)

    def _examine(
        self,
        case: Case,
        facts: Facts,
        flags: tuple[Flags, ...],
        mode: Mode,
        *,
        counted: bool = False,
        feel: bool = False,
    ) -> Examination:
        if mode.check is Check.PROCESS:
            self.session.restart()
        asked = flags[::-1] if mode.check is Check.REVERSED else flags
        examination = examine(
            self.session,
            case,
            facts,
            asked,
            books=self.books,
            way=mode.way,
            tls=mode.tls,
            fresh=mode.check is Check.FRESH,
            feel=feel,
        )
        if counted:
            self.tally.add(examination, case.role, mode.tls)
        return examination


def _named(what: str, found: Iterable[Seen]) -> tuple[Seen, ...]:
    """Sightings that know what was edited, if anything was."""
    return tuple(replace(seen, edited=what) if what else seen for seen in found)


def signed(scenario: Scenario, seed: int, now: int, clock: Clock) -> tuple[Case, Facts]:
    """A scenario's case, and what its bytes say."""
    case = issue(scenario, seed=seed, now=now)
    clock.lap("signing")
    facts = read(case)
    clock.lap("reading")
    return case, facts


def flies(examination: Examination) -> bool:
    """Whether the case came to a verification at all: what does not load has no flight
    to measure."""
    return any(
        isinstance(row.answer.outcome, Accepted | Rejected) for row in examination.rows
    )
