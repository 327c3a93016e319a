"""``verifyflags diff --record`` and ``--baseline``: what a target answered, kept in a
file, and another target held against it.
"""

import json
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from harness.campaign.recording import Line, RecordingError
from harness.diff.baseline import (
    Baseline,
    Recollection,
    Remembered,
    compare_baseline,
    read_baseline,
    write_baseline,
)
from harness.diff.comparing import Comparing
from harness.diff.given import Given
from harness.diff.recording import change_lines, footer, side_form, surface_lines
from harness.diff.remembering import EXAMPLES, Remembering
from harness.diff.side import meet
from harness.target.session import TargetError
from harness.verbs.choosing import UsageError, one_target
from harness.verbs.opening import IMPATIENCE, opened
from harness.verbs.run import Progress
from harness.verbs.saying import say

CASES_OF_A: Final = ("suite", "trust", "crl", "flags", "seconds", "examples", "name")
"""Options that say which cases are asked: a baseline has its own."""


def record_baseline(
    arguments: Namespace, given: tuple[Given, ...] | None, seed: int
) -> int:
    """Record what one target answers. Raises ``UsageError`` and ``TargetError``."""
    path: Path = arguments.record
    for option in ("out", "seconds"):
        if getattr(arguments, option) is not None:
            raise UsageError(f"--{option}: not with --record")
    if path.exists():
        raise UsageError(f"--record {path}: is there, and nothing is overwritten")
    target = one_target(arguments.names[:1], arguments.targets_file)
    progress = Progress(sys.stderr, time.time())
    with opened(target, seed, patience=IMPATIENCE) as (session, now):
        side = meet(session, seed=seed, now=now)
        remembering = Remembering(session, side, seed, now)
        remembering.beat = lambda count: progress.tell({"cases": count}, "changes")
        remembering.more = tuple(arguments.flags)
        cases = _remembered(remembering, given, arguments.examples)
        try:
            count, rows = write_baseline(path, side, seed, cases)
        except OSError as error:
            raise UsageError(f"--record {path}: {error.strerror}") from error
    progress.end()
    if arguments.json:
        said = {"recorded": str(path), "cases": count, "rows": rows}
        say(json.dumps({**said, "target": side_form(side)}))
    else:
        say(f"{target.id}: {count:,} cases, {rows:,} answers, written to {path}")
    return 0


def _remembered(
    remembering: Remembering, given: tuple[Given, ...] | None, examples: int | None
) -> Iterator[Remembered]:
    if given is not None:
        yield from remembering.given(given)
        return
    yield from remembering.pinned()
    yield from remembering.instants()
    yield from remembering.random(EXAMPLES if examples is None else examples)


def against_baseline(arguments: Namespace) -> list[Line]:
    """Ask one target all that was recorded. Raises ``UsageError``, ``TargetError``."""
    for option in CASES_OF_A:
        if getattr(arguments, option):
            raise UsageError(f"--{option}: a baseline has cases of its own")
    if len(arguments.names) > 1:
        raise UsageError(f"{arguments.names[1]}: one target is compared with a file")
    baseline = _read(arguments.baseline)
    target = one_target(arguments.names[:1], arguments.targets_file)
    with opened(target, baseline.seed, patience=IMPATIENCE) as (session, now):
        side = meet(session, seed=baseline.seed, now=now)
        recollection = Recollection()
        comparing = Comparing(
            (recollection, session), (baseline.side, side), baseline.seed, now
        )
        return asked(
            comparing, lambda: compare_baseline(comparing, recollection, baseline)
        )


def _read(path: Path) -> Baseline:
    try:
        return read_baseline(path)
    except RecordingError as error:
        raise UsageError(f"--baseline {error}") from error
    except OSError as error:
        raise UsageError(f"--baseline {path}: {error.strerror}") from error


def _show(progress: Progress, comparing: Comparing) -> None:
    """Say how far a comparison is."""
    counts = {
        "cases": comparing.tally.cases,
        "verdicts": comparing.tally.rows,
        "changes": len(comparing.groups),
    }
    progress.tell(counts, "changes")


def asked(comparing: Comparing, ask: Callable[[], None]) -> list[Line]:
    """Ask, and make every line of the comparison, header first. A target that is lost
    on the way ends it, and takes nothing with it that was found before."""
    progress = Progress(sys.stderr, time.time())
    comparing.beat = lambda: _show(progress, comparing)
    lost = ""
    try:
        ask()
    except TargetError as error:
        lost = str(error)
    progress.end()
    return _lines(comparing, time.time() - progress.started, lost)


def _lines(comparing: Comparing, seconds: float, lost: str) -> list[Line]:
    one, two = comparing.sides
    header: Line = {
        "kind": "header",
        "what": "diff",
        "seed": comparing.seed,
        "now": comparing.now,
        "seconds": round(seconds, 3),
        "one": side_form(one),
        "two": side_form(two),
    }
    body = [*surface_lines(one, two), *change_lines(comparing.groups, one, two)]
    end = footer(comparing.groups, comparing.tally, body, lost)
    return [header, *body, {"kind": "footer", **end}]
