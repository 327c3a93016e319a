"""``verifyflags replay``: ask the findings of an earlier run again."""

import json
import time
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from harness.books import Books
from harness.campaign import pinned
from harness.campaign.looking import Looking
from harness.campaign.probing import probe
from harness.campaign.recording import Line, RecordingError
from harness.campaign.sighting import Check, Mode, Seen
from harness.campaign.tally import Clock, Tally
from harness.case import Case, TlsVersion
from harness.examine import Examination
from harness.finding import Finding, NotShown, Unexplained, fails, signature
from harness.flags import Flags
from harness.ledger.overlays import OVERLAYS, Overlay
from harness.outcome import Way
from harness.pki.spec import DAY, Scenario
from harness.target.session import Session, TargetError
from harness.target.target import Identity, Target
from harness.verbs.choosing import UsageError, chosen_targets, file_overlays
from harness.verbs.opening import opened
from harness.verbs.saying import complain, say
from harness.wire import WireError, from_json
from reports import findings
from reports.printable import printable
from reports.recorded import Recorded, read_run

DATES_HOLD: Final = DAY // 2
"""How long after a run its own bytes are asked again; later its scenarios are issued
anew. Scenarios keep a day's distance from what is not their point."""

STILL, GONE, CHANGED, NOT_ASKED = "still there", "gone", "changed", "not asked"


@dataclass(frozen=True, slots=True)
class Replayed:
    """One finding asked again: what came of it, and what is seen now."""

    line: Line
    result: str
    now: str = ""


def replay(arguments: Namespace) -> int:
    """Ask again; 1 if a finding is still there or another in its place, 2 if a target
    cannot start, 3 if nothing could be asked. Raises ``UsageError``."""
    run = _recorded(arguments.folder)
    targets = _targets(run, arguments)
    overlays = (*OVERLAYS, *file_overlays(arguments.overlays))
    results: list[Replayed] = []
    unusable = []
    for target in targets:
        mine = [line for line in run.findings if _is_for(line, target, arguments)]
        try:
            for result in _again(run, target, mine, overlays):
                results.append(result)
                _say(result, target, as_json=arguments.json)
        except TargetError as error:
            unusable.append(f"{target.id} cannot be asked: {error}")
    for text in unusable:
        (complain if arguments.json else say)(printable(text))
    if unusable:
        return 2
    if any(result.result in (STILL, CHANGED) for result in results):
        return 1
    if run.findings and all(result.result == NOT_ASKED for result in results):
        return 3
    return 0


def _recorded(folder: Path) -> Recorded:
    if not folder.is_dir():
        raise UsageError(f"{folder}: is not a directory")
    try:
        return read_run(folder)
    except (RecordingError, OSError) as error:
        raise UsageError(str(error)) from error


def _targets(run: Recorded, arguments: Namespace) -> tuple[Target, ...]:
    """The targets of ``--target``; else those of the run, as it started them."""
    if arguments.target:
        return chosen_targets(arguments.target, arguments.targets_file)
    try:
        return tuple(from_json(form, Target) for form in run.header["requested"])
    except WireError as error:
        raise UsageError(f"the run's targets cannot be read: {error}") from error


def _is_for(line: Line, target: Target, arguments: Namespace) -> bool:
    """A target that is named is asked every finding, whoever showed it."""
    return bool(arguments.target) or line["target"] == target.id


def _again(
    run: Recorded, target: Target, lines: list[Line], overlays: tuple[Overlay, ...]
) -> Iterator[Replayed]:
    if not lines:
        return
    seed = run.header["seed"]
    with opened(target, seed) as (session, now):
        is_late = time.time() - run.header["now"] > DATES_HOLD
        looking = _looking(session, seed, now if is_late else run.header["now"])
        for line in lines:
            try:
                if str(line.get("source", "")).startswith("surface"):
                    yield _surface(looking, line)
                elif line["finding"].get("is") == "Drifts":
                    yield _drift(looking, line, overlays)
                else:
                    yield _one(looking, line, is_late=is_late)
            except WireError as error:
                raise UsageError(
                    f"{line['signature']}: cannot be read: {error}"
                ) from error


def _looking(session: Session, seed: int, now: int) -> Looking:
    tally = Tally()
    clock = Clock(tally, session.cpu_seconds)
    books = probe(session, Books.of(session.identity), seed=seed, now=now).books
    return Looking(session, books, seed, now, tally, clock, lambda: None)


def _one(looking: Looking, line: Line, *, is_late: bool) -> Replayed:
    stale = line["finding"].get("what") == "stale"
    made = _made(line, is_late=is_late)
    if made is None or stale:
        return Replayed(line, NOT_ASKED, "it is not about one case: run again instead")
    finding: Finding = from_json(line["finding"], Finding)
    mode = Mode(Check(line["check"]), Way(line["way"]), TlsVersion(line["tls"]))
    flags = tuple(Flags(bits) for bits in line["flags"])
    sighting = Seen(finding, mode, flags, edited=line.get("edited", ""))
    seen, examination = looking.asked(made, sighting)
    texts = [one.signature.text for one in seen]
    if line["signature"] in texts:
        return Replayed(line, STILL)
    if texts:
        return Replayed(line, CHANGED, texts[0])
    hidden = _hidden(finding, examination, looking.session.identity)
    return Replayed(line, NOT_ASKED, hidden) if hidden else Replayed(line, GONE)


def _made(line: Line, *, is_late: bool) -> Scenario | Case | None:
    """The finding's own bytes as long as their dates hold, else its scenario; None
    where it has neither."""
    if line["scenario"] is None:
        return None
    scenario: Scenario = from_json(line["scenario"], Scenario)
    if is_late or line.get("case") is None:
        return scenario
    case: Case = from_json(line["case"], Case)
    return case


def _drift(looking: Looking, line: Line, overlays: tuple[Overlay, ...]) -> Replayed:
    """A drift is asked by its behaviour's probes, against the release's own table."""
    session = looking.session
    books = Books.of(session.identity)
    seed, now = looking.seed, looking.now
    probed = probe(session, books, seed=seed, now=now, overlays=overlays)
    texts = [seen.signature.text for seen, _ in probed.drifts]
    return Replayed(line, STILL if line["signature"] in texts else GONE)


def _hidden(finding: Finding, examination: Examination, identity: Identity) -> str:
    """Why the target could not have shown the finding; empty where it could."""
    for row in examination.rows:
        if isinstance(row.finding, NotShown):
            return row.finding.what
    what = finding.what if isinstance(finding, Unexplained) else ""
    if what == "path" and not identity.shows_path:
        return "the target tells no path"
    if what == "depth" and not identity.shows_depth:
        return "the target tells no depth"
    if what == "code" and not identity.shows_code:
        return "the target tells no code"
    return ""


def _surface(looking: Looking, line: Line) -> Replayed:
    seen = pinned.judged_surface(
        looking.session, looking.books, looking.seed, looking.now
    )
    for _, _, finding in seen:
        if isinstance(finding, NotShown):
            return Replayed(line, NOT_ASKED, finding.what)
    texts = [signature(finding).text for _, _, finding in seen if fails(finding)]
    return Replayed(line, STILL if line["signature"] in texts else GONE)


def _say(result: Replayed, target: Target, *, as_json: bool) -> None:
    line = result.line
    if as_json:
        form: dict[str, Any] = {
            "target": target.id,
            "signature": line["signature"],
            "result": result.result,
            "now": result.now,
        }
        say(json.dumps(form))
        return
    now = f": {result.now}" if result.now else ""
    say(printable(f"{result.result}{now}: {findings.heading(line)}"))
    say(f"    {findings.case(line)}")
