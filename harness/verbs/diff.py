"""``verifyflags diff``: what changes for certificates between two targets."""

import json
import secrets
import sys
import time
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from harness.campaign.recording import Line, Recorder, read_recording
from harness.case import Role
from harness.corpus.pem import PemError
from harness.diff.comparing import Comparing
from harness.diff.given import Given, compare_given, of_files, of_suite
from harness.diff.pinned import compare_instants, compare_pinned
from harness.diff.recording import (
    FILE,
    change_lines,
    footer,
    side_form,
    surface_lines,
)
from harness.diff.side import meet
from harness.flags import Flags
from harness.target.session import TargetError
from harness.target.target import Target
from harness.verbs.check import loaded
from harness.verbs.choosing import UsageError, chosen_targets, new_folder
from harness.verbs.opening import opened
from harness.verbs.run import Progress
from harness.verbs.saying import complain, say
from reports import diff as told
from reports.printable import printable

SECONDS: Final = 30.0
"""Time for random cases where nobody says how long or how many."""


def diff(arguments: Namespace) -> int:
    """Compare; the exit status. Raises ``UsageError``."""
    names: list[str] = arguments.names
    if len(names) < 2:
        raise UsageError(
            "diff: two targets are needed, A and B; `verifyflags targets` lists them"
        )
    one, two = (chosen_targets([name], arguments.targets_file)[0] for name in names[:2])
    given = given_cases(arguments, names[2:])
    out = None if arguments.out is None else new_folder(arguments.out)
    seed = secrets.randbelow(2**32) if arguments.seed is None else arguments.seed
    try:
        lines = _compared(one, two, given, seed, arguments)
    except TargetError as error:
        complain(printable(str(error)))
        return 2
    return tell(lines, arguments, out)


def given_cases(arguments: Namespace, files: Sequence[str]) -> tuple[Given, ...] | None:
    """The cases of a suite or of PEM files; None where they are to be explored."""
    flags: tuple[Flags, ...] = tuple(arguments.flags)
    exploring = [
        name for name in ("seconds", "examples") if getattr(arguments, name) is not None
    ]
    if arguments.suite is None and not files:
        for name in ("trust", "crl"):
            if getattr(arguments, name):
                raise UsageError(f"--{name}: there is no PEM file of a chain with it")
        return None
    if exploring:
        raise UsageError(
            f"--{exploring[0]}: nothing is drawn where the cases are given"
        )
    if arguments.suite is not None:
        if files:
            raise UsageError(f"{files[0]}: PEM files or --suite, not both")
        return tuple(of_suite(loaded(arguments.suite), flags))
    if not arguments.trust:
        raise UsageError(f"{files[0]}: --trust is needed with PEM files")
    roles = tuple(Role) if arguments.role is None else (Role(arguments.role),)
    try:
        return tuple(
            of_files(
                [Path(name) for name in files],
                arguments.trust,
                arguments.crl,
                name=arguments.name,
                roles=roles,
                flags=flags,
            )
        )
    except PemError as error:
        raise UsageError(str(error)) from error


def _compared(
    one: Target,
    two: Target,
    given: tuple[Given, ...] | None,
    seed: int,
    arguments: Namespace,
) -> list[Line]:
    """Every line of the comparison, header first. Raises ``TargetError``."""
    started = time.time()
    progress = Progress(sys.stderr, started)
    with ExitStack() as stack:
        first, now = stack.enter_context(opened(one, seed))
        second, _ = stack.enter_context(opened(two, seed))
        sides = (
            meet(first, seed=seed, now=now),
            meet(second, seed=seed, now=now),
        )
        comparing = Comparing((first, second), sides, seed, now)
        comparing.beat = lambda: progress.tell(
            {
                "cases": comparing.tally.cases,
                "verdicts": comparing.tally.rows,
                "findings": len(comparing.groups),
            }
        )
        explored = 0
        if given is None:
            compare_pinned(comparing)
            compare_instants(comparing)
            explored = _explored(comparing, arguments)
        else:
            compare_given(comparing, iter(given))
    progress.end()
    header = {
        "kind": "header",
        "what": "diff",
        "seed": seed,
        "now": now,
        "seconds": round(time.time() - started, 3),
        "one": side_form(sides[0]),
        "two": side_form(sides[1]),
    }
    body = [
        *surface_lines(*sides),
        *change_lines(comparing.groups, *sides),
    ]
    end = footer(comparing.groups, comparing.tally, body, explored)
    return [header, *body, {"kind": "footer", **end}]


def _explored(comparing: Comparing, arguments: Namespace) -> int:
    """Draw and ask for as long as was said; how many random cases that were."""
    seconds = arguments.seconds
    if seconds is None and arguments.examples is None:
        seconds = SECONDS
    end = None if seconds is None else time.time() + seconds
    return comparing.explore(
        lambda: end is not None and time.time() >= end, arguments.examples
    )


def tell(lines: list[Line], arguments: Namespace, out: Path | None) -> int:
    """Write and print a comparison; its exit status."""
    if out is not None:
        header, *body, end = lines
        with Recorder(out / FILE, _without_kind(header)) as recorder:
            for line in body:
                recorder.write(line)
            recorder.close(_without_kind(end))
        (out / "diff.md").write_text(told.markdown(lines), encoding="utf-8")
    if arguments.json:
        for line in lines:
            say(json.dumps(line))
    else:
        render = told.markdown if arguments.format == "markdown" else told.text
        say(render(lines).rstrip("\n"))
    status: int = lines[-1]["status"]
    return status


def _without_kind(line: Line) -> dict[str, Any]:
    return {key: value for key, value in line.items() if key != "kind"}


def recorded(folder: Path) -> Iterator[Line]:
    """The lines of a comparison that ``--out`` wrote. Raises ``RecordingError``."""
    yield from read_recording(folder / FILE)
