"""Bisecting: a recorded case asked of many targets, to see which releases show it.

Fixes are carried back, so that the answer is no release but a table: in each line of
OpenSSL, from which release on, and up to which.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from harness.asking import ask_about
from harness.campaign.recording import Line
from harness.case import Case, TlsVersion
from harness.diff.again import renamed, today, told
from harness.diff.change import PATHS_UNTOLD, Kind, between, hidden
from harness.diff.groups import Source
from harness.diff.pinned import at_an_instant
from harness.diff.rows import Asked
from harness.diff.settings import ADDED
from harness.diff.side import CONSTRUCTORS
from harness.flags import Flags
from harness.oracle.releases.release import Version, version_of
from harness.outcome import Answer, Outcome, Unsupported, Way, seen
from harness.pki.issue import issue
from harness.pki.read import read
from harness.pki.spec import Scenario
from harness.surface import Surface
from harness.target.session import Session
from harness.target.target import Identity
from harness.wire import WireError, from_json

NOT_ABOUT_ONE_CASE: Final = "it is not about one case"


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for: a recorded case, and what it led to where it was seen."""

    number: int
    """Its place in the recording, from 1."""
    title: str
    source: Source
    case: Case
    flags: tuple[Flags, ...]
    outcomes: tuple[Outcome, ...]
    """What a target that shows it does, under each of the flags."""
    way: Way = Way.FLIGHT
    tls: TlsVersion = TlsVersion.TLS_1_2
    added: Flags | None = None
    """Where each target is asked under its own default flags: what is added to them.
    ``flags`` has then what they were where it was seen."""
    telling: bool = False
    """Whether it is the path that matters."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What one target makes of it."""

    identity: Identity
    outcomes: tuple[Outcome, ...]
    affected: bool | None
    """Whether it shows what is looked for; None where it could not be asked."""

    @property
    def release(self) -> str:
        """Its OpenSSL release."""
        return str(version_of(self.identity.openssl_number))

    @property
    def said(self) -> str:
        """The outcomes in words, codes as its release names them."""
        return " and ".join(seen(it, release=self.release) for it in self.outcomes)


def sought_in(lines: Sequence[Line]) -> Iterator[Sought | tuple[int, str, str]]:
    """Everything in a recording of a run or a comparison that can be looked for; with
    its number, title and why, what cannot. Raises ``WireError``."""
    number = 0
    for line in lines:
        if line["kind"] not in ("finding", "change"):
            continue
        number += 1
        try:
            make = _of_change if line["kind"] == "change" else _of_finding
            yield make(number, line)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            raise WireError(f"{line['kind']} {number}: {error!r}") from error


def _of_change(number: int, line: Line) -> Sought:
    one, two = (Flags(bits) for bits in line["flags"])
    causes = " with ".join(it["name"] for it in line["causes"])
    first, second = line["said"]
    scenario = line["scenario"]
    added = None
    if one != two:
        added = next(it for it in reversed(ADDED) if it in one and it in two)
    after: Outcome = from_json(line["outcomes"][1], Outcome)
    return Sought(
        number,
        f"{line['change']}: {causes}: {first} -> {second}",
        Source(
            line["source"],
            None if scenario is None else from_json(scenario, Scenario),
            line["at_instant"],
        ),
        from_json(line["case"], Case),
        (two,),
        (after,),
        added=added,
        telling=line["change"] == Kind.PATH.value,
    )


def _of_finding(number: int, line: Line) -> Sought | tuple[int, str, str]:
    answers: tuple[Answer, ...] = from_json(line["answers"], tuple[Answer, ...])
    if line["case"] is None or not answers:
        return number, line["signature"], NOT_ABOUT_ONE_CASE
    scenario = line["scenario"]
    source = str(line.get("source", ""))
    return Sought(
        number,
        line["signature"],
        Source(
            source,
            None if scenario is None else from_json(scenario, Scenario),
            "instant" in source,
        ),
        from_json(line["case"], Case),
        tuple(answer.requested for answer in answers),
        tuple(answer.outcome for answer in answers),
        Way(line["way"]),
        TlsVersion(line["tls"]),
        telling=line["finding"].get("what") == "path",
    )


def show(
    sought: Sought,
    session: Session,
    surface: Surface | None,
    *,
    seed: int,
    then: int,
    now: int,
) -> Shown:
    """Ask one target. ``then`` is when it was recorded; ``surface`` is needed where it
    is asked under its own default flags. Raises ``TargetError``."""
    flags = sought.flags
    if sought.added is not None:
        made = surface and surface.constructors.get(CONSTRUCTORS[sought.case.role])
        if not made:
            return _unasked(session, sought, "it shows no default flags")
        flags = (Flags(made.verify_flags) | sought.added,)
    if sought.source.at_instant and sought.source.scenario is not None:
        asked = _at_the_instant(sought, sought.source.scenario, session, flags, seed)
        if asked is None:
            return _unasked(session, sought, "no answer within the instant")
        case, answers = asked
    else:
        found = today(sought.case, sought.source, then=then, now=now, seed=seed)
        if found is None:
            return _unasked(session, sought, "a validity period began or ended since")
        case = found
        answers = session.ask(
            ask_about(case, read(case), flags, way=sought.way, tls=sought.tls)
        )
    names = renamed(sought.case, case)
    wanted = [told(outcome, names) for outcome in sought.outcomes]
    outcomes = tuple(answer.outcome for answer in answers)
    return Shown(session.identity, outcomes, _is_like(sought, wanted, outcomes))


def _at_the_instant(
    sought: Sought,
    scenario: Scenario,
    session: Session,
    flags: tuple[Flags, ...],
    seed: int,
) -> tuple[Case, tuple[Answer, ...]] | None:
    def ask(ending: Scenario, instant: int) -> Asked:
        case = issue(ending, seed=seed, now=instant)
        facts = read(case)
        answers = session.ask(ask_about(case, facts, flags, way=sought.way))
        rows = {answer.requested: answer for answer in answers}
        return Asked(case, facts, rows, rows)

    for _, asked in at_an_instant([scenario], ask):
        if asked is not None:
            return asked.case, tuple(asked.one.values())
    return None


def _unasked(session: Session, sought: Sought, why: str) -> Shown:
    outcomes = tuple(Unsupported(why) for _ in sought.flags)
    return Shown(session.identity, outcomes, None)


def _is_like(
    sought: Sought, wanted: Sequence[Outcome], outcomes: Sequence[Outcome]
) -> bool | None:
    """Whether the outcomes are those wanted; None where what matters is not told."""
    pairs = tuple(zip(wanted, outcomes, strict=True))
    kinds = {between(one, two) for one, two in pairs}
    if not kinds <= ({None} if sought.telling else {None, Kind.PATH}):
        return False
    untold = {what for one, two in pairs for what in hidden(one, two)}
    if not sought.telling:
        untold -= PATHS_UNTOLD
    return None if untold else True


@dataclass(frozen=True, slots=True)
class Stretch:
    """Releases in a row, of those asked, that are alike."""

    affected: bool | None
    first: str
    last: str


def stretches(
    shown: Sequence[Shown], *, by_python: bool = False
) -> dict[str, tuple[Stretch, ...]]:
    """By line of releases (of OpenSSL, or of Python): where it is shown and where not,
    in order of release.

    Several targets of one release count as that release showing it if one does.
    """
    by_release: dict[tuple[int, ...], list[bool | None]] = {}
    for item in shown:
        number = version_of(item.identity.openssl_number)
        key = item.identity.python if by_python else number
        by_release.setdefault(key, []).append(item.affected)
    states = [
        (release, _of_several(by_release[release])) for release in sorted(by_release)
    ]
    found: dict[str, tuple[Stretch, ...]] = {}
    for line, mine in groupby(states, key=lambda it: _line(it[0])):
        runs = [list(run) for _, run in groupby(mine, key=lambda it: it[1])]
        found[line] = tuple(
            Stretch(run[0][1], _named(run[0][0]), _named(run[-1][0])) for run in runs
        )
    return found


def _of_several(states: Sequence[bool | None]) -> bool | None:
    asked = [state for state in states if state is not None]
    return any(asked) if asked else None


def _line(release: tuple[int, ...]) -> str:
    """``3.5``; ``1.1.1`` is a line of its own."""
    parts = release[:2] if release[0] != 1 else release[:3]
    return ".".join(map(str, parts))


def _named(release: tuple[int, ...]) -> str:
    if isinstance(release, Version):
        return str(release)
    return ".".join(map(str, release))


def form_of(sought: Sought, shown: Sequence[Shown]) -> dict[str, Any]:
    """The table as JSON data."""
    return {
        "kind": "bisected",
        "number": sought.number,
        "title": sought.title,
        "flags": None if sought.added is not None else [it.bits for it in sought.flags],
        "by": "Python" if sought.added is not None else "OpenSSL",
        "added": None if sought.added is None else sought.added.bits,
        "role": sought.case.role.value,
        "rows": [
            {
                "target": it.identity.id,
                "python": ".".join(map(str, it.identity.python)),
                "openssl": it.release,
                "said": it.said,
                "affected": it.affected,
            }
            for it in shown
        ],
        "lines": {
            line: [
                {"affected": it.affected, "first": it.first, "last": it.last}
                for it in runs
            ]
            for line, runs in stretches(
                shown, by_python=sought.added is not None
            ).items()
        },
    }
