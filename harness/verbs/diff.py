"""``verifyflags diff``: what changes for certificates between two targets."""

import json
import secrets
import time
from argparse import Namespace
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from harness.campaign.recording import Line
from harness.case import Role
from harness.corpus.pem import PemError
from harness.diff.comparing import Comparing
from harness.diff.folder import write_folder
from harness.diff.given import Given, compare_given, of_files, of_suite
from harness.diff.pinned import compare_instants, compare_pinned
from harness.diff.side import meet
from harness.flags import Flags
from harness.target.session import TargetError
from harness.target.target import Target
from harness.verbs.baseline import against_baseline, asked, record_baseline
from harness.verbs.check import loaded
from harness.verbs.choosing import UsageError, new_folder, one_target
from harness.verbs.opening import IMPATIENCE, opened
from harness.verbs.saying import complain, say
from reports import diff as told
from reports.printable import printable

SECONDS: Final = 30.0
"""Time for random cases where nobody says how long or how many."""


def diff(arguments: Namespace) -> int:
    """Compare; the exit status. Raises ``UsageError``."""
    if arguments.record is not None or arguments.baseline is not None:
        return _with_a_file(arguments)
    names: list[str] = arguments.names
    if len(names) < 2:
        raise UsageError(
            "diff: two targets are needed, A and B; `verifyflags targets` lists them"
        )
    one, two = (one_target([name], arguments.targets_file) for name in names[:2])
    given = given_cases(arguments, names[2:])
    out = _folder(arguments)
    try:
        lines = _compared(one, two, given, seed_of(arguments), arguments)
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
        for name in ("trust", "crl", "name", "role"):
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


def seed_of(arguments: Namespace) -> int:
    """The seed that was asked for, or a new one."""
    seed: int | None = arguments.seed
    return secrets.randbelow(2**32) if seed is None else seed


def _with_a_file(arguments: Namespace) -> int:
    """Record a baseline, or compare with one."""
    try:
        if arguments.record is None:
            out = _folder(arguments)
            return tell(against_baseline(arguments), arguments, out)
        if arguments.baseline is not None:
            raise UsageError("--record and --baseline: one of them, not both")
        names = arguments.names
        given = given_cases(arguments, names[1:])
        return record_baseline(arguments, given, seed_of(arguments))
    except TargetError as error:
        complain(printable(str(error)))
        return 2


def _folder(arguments: Namespace) -> Path | None:
    return None if arguments.out is None else new_folder(arguments.out)


def _compared(
    one: Target,
    two: Target,
    given: tuple[Given, ...] | None,
    seed: int,
    arguments: Namespace,
) -> list[Line]:
    """Every line of the comparison, header first. Raises ``TargetError``."""
    with ExitStack() as stack:
        first, now = stack.enter_context(opened(one, seed, patience=IMPATIENCE))
        second, _ = stack.enter_context(opened(two, seed, patience=IMPATIENCE))
        sides = (meet(first, seed=seed, now=now), meet(second, seed=seed, now=now))
        comparing = Comparing((first, second), sides, seed, now)
        if given is not None:
            return asked(comparing, lambda: compare_given(comparing, given))
        comparing.more = tuple(arguments.flags)
        return asked(comparing, lambda: _explore(comparing, arguments))


def _explore(comparing: Comparing, arguments: Namespace) -> None:
    """Ask what is pinned, then draw and ask for as long as was said."""
    compare_pinned(comparing)
    compare_instants(comparing)
    seconds = arguments.seconds
    if seconds is None and arguments.examples is None:
        seconds = SECONDS
    end = None if seconds is None else time.time() + seconds
    comparing.explore(
        lambda: end is not None and time.time() >= end, arguments.examples
    )


def tell(lines: list[Line], arguments: Namespace, out: Path | None) -> int:
    """Write and print a comparison; its exit status."""
    if out is not None:
        try:
            write_folder(out, lines, told.markdown(lines))
        except OSError as error:
            complain(f"verifyflags: --out {out}: {error.strerror}")
    if arguments.json:
        for line in lines:
            say(json.dumps(line))
    else:
        render = told.markdown if arguments.format == "markdown" else told.text
        say(render(lines).rstrip("\n"))
    if lines[-1]["lost"]:
        complain(printable(lines[-1]["lost"]))
    status: int = lines[-1]["status"]
    return status
