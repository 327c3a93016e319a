"""A baseline: what one target answered, recorded, so that another can be held against
it later, elsewhere, and without the first.

A file of JSON lines: a header with the versions, a line for each case with its bytes
and answers, a footer. Certificates grow old: a case that time has changed is issued
anew from its scenario, or, where there is none, counted and left out.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from harness.campaign.recording import (
    Line,
    Recorder,
    RecordingError,
    read_recording,
)
from harness.case import Case
from harness.diff.again import moved, path_of, today
from harness.diff.comparing import Comparing
from harness.diff.groups import Source
from harness.diff.pinned import INSTANT, at_an_instant
from harness.diff.rows import Asked
from harness.diff.side import Side
from harness.flags import Flags
from harness.oracle.releases.behaviours import release_for
from harness.outcome import Answer
from harness.outcome import Path as Certificates
from harness.pki.issue import issue
from harness.pki.read import read
from harness.pki.spec import Scenario
from harness.target.target import Question
from harness.wire import WireError, from_json, to_json

WHAT: Final = "baseline"

TOO_OLD: Final = "a validity period began or ended since it was recorded"


@dataclass(frozen=True, slots=True)
class Remembered:
    """One case of a baseline, and what was answered."""

    source: Source
    case: Case
    answers: tuple[Answer, ...]

    @property
    def flags(self) -> tuple[Flags, ...]:
        """What it was asked under."""
        return tuple(answer.requested for answer in self.answers)


@dataclass(frozen=True, slots=True)
class Baseline:
    """A recorded target and all its cases."""

    side: Side
    seed: int
    cases: tuple[Remembered, ...]
    tool: str
    """The version that recorded it."""


def write_baseline(
    path: Path, side: Side, seed: int, cases: Iterable[Remembered]
) -> tuple[int, int]:
    """Write a file; how many cases and answers it holds. Raises ``OSError``."""
    rows = written = 0
    header = {"what": WHAT, "seed": seed, "side": to_json(side)}
    with Recorder(path, header) as recorder:
        for item in cases:
            written, rows = written + 1, rows + len(item.answers)
            recorder.write(_line(item))
        recorder.close({"cases": written, "rows": rows})
    return written, rows


def _line(item: Remembered) -> Line:
    paths: dict[Certificates, int] = {}
    return {
        "kind": "case",
        "source": to_json(item.source),
        "case": to_json(item.case),
        "answers": [_bare(answer, paths) for answer in item.answers],
        "paths": [list(path) for path in paths],
    }


def _bare(answer: Answer, paths: dict[Certificates, int]) -> dict[str, Any]:
    """An answer with the number of its path in its place."""
    form: dict[str, Any] = to_json(answer)
    path = path_of(answer.outcome)
    if path is not None:
        form["outcome"]["path"] = paths.setdefault(path, len(paths))
    return form


def read_baseline(path: Path) -> Baseline:
    """The baseline in a file. Raises ``RecordingError`` for one that is cut short or
    is none, ``OSError`` where it cannot be opened."""
    lines = read_recording(path)
    header = lines[0]
    if header.get("what") != WHAT:
        raise RecordingError(f"{path}: not a baseline, which --record writes")
    place = f"{path}, line 1"
    try:
        side: Side = from_json(header["side"], Side)
        seed: int = from_json(header["seed"], int)
        cases = []
        for number, line in enumerate(lines[1:-1], 2):
            place = f"{path}, line {number}"
            cases.append(_remembered(line))
    except (WireError, KeyError, TypeError, IndexError) as error:
        raise RecordingError(f"{place}: {error}") from error
    # The book may tell more behaviours apart by now than when this was recorded.
    known = release_for(side.identity.openssl_number).behaviours
    side = replace(side, behaviours=known ^ {*side.drifts})
    return Baseline(side, seed, tuple(cases), str(header["tool"]))


def _remembered(line: Line) -> Remembered:
    if line["kind"] != "case":
        raise WireError(f"{line['kind']!r} is not a case")
    paths = line["paths"]
    forms = []
    for form in line["answers"]:
        outcome = form["outcome"]
        if outcome.get("path") is not None:
            outcome = {**outcome, "path": paths[outcome["path"]]}
        forms.append({**form, "outcome": outcome})
    return Remembered(
        from_json(line["source"], Source),
        from_json(line["case"], Case),
        from_json(forms, tuple[Answer, ...]),
    )


class Recollection:
    """Answers as a target would, with what was recorded of it
    (``harness.diff.comparing.Asker``)."""

    def __init__(self) -> None:
        self._answers: dict[Flags, Answer] = {}
        self._sent: list[Question] = []

    def recall(self, answers: Sequence[Answer]) -> None:
        """From now on, answer with these."""
        self._answers = {answer.requested: answer for answer in answers}

    def send(self, question: Question) -> None:
        """Ask without waiting."""
        self._sent.append(question)

    def receive(self) -> tuple[Answer, ...]:
        """Those of the answers asked for that are remembered."""
        question = self._sent.pop(0)
        return tuple(
            self._answers[flags] for flags in question.flags if flags in self._answers
        )


def compare_baseline(
    comparing: Comparing,
    recollection: Recollection,
    baseline: Baseline,
    clock: Callable[[], float] = time.time,
) -> None:
    """Ask the second target every case of a baseline; ``comparing`` has the
    recollection for its first."""
    for item in baseline.cases:
        if not item.source.at_instant:
            case = _today(item, baseline, int(clock()))
            if case is None:
                comparing.tally.hidden[TOO_OLD] += len(item.answers)
            else:
                now = int(clock())
                recollection.recall(moved(item.answers, item.case, case, now))
                comparing.compare(case, item.flags, item.source)
    _instants(comparing, recollection, baseline)


def _today(item: Remembered, baseline: Baseline, now: int) -> Case | None:
    """The case as it was recorded, or issued anew where time has changed it."""
    then = min((answer.before for answer in item.answers), default=now)
    return today(item.case, item.source, then=then, now=now, seed=baseline.seed)


def _instants(
    comparing: Comparing, recollection: Recollection, baseline: Baseline
) -> None:
    """The cases of an exact instant, asked in one of today."""
    waiting = {
        item.source.scenario: item
        for item in baseline.cases
        if item.source.at_instant and item.source.scenario is not None
    }

    def ask(scenario: Scenario, instant: int) -> Asked:
        item = waiting[scenario]
        case = issue(scenario, seed=baseline.seed, now=instant)
        recollection.recall(moved(item.answers, item.case, case, instant))
        return comparing.ask(case, read(case), item.flags)

    for scenario, asked in at_an_instant(list(waiting), ask):
        if asked is None:
            comparing.tally.hidden[f"{INSTANT}: no answer within it"] += 1
        else:
            comparing.keep(asked, waiting[scenario].source)
