"""The command line ``verifyflags``: its verbs, their arguments, and the exit status.

Exit status, the first that holds: 2 wrong usage or a target that cannot start, 1 a
finding that fails the run, 3 inconclusive, 0.
"""

import argparse
import io
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

import harness
from harness.verbs.bisect import bisect
from harness.verbs.check import check
from harness.verbs.choosing import UsageError
from harness.verbs.diff import diff
from harness.verbs.diff_arguments import add_bisect, add_diff
from harness.verbs.ledger import draft_entry, export, ledger, show
from harness.verbs.provisioning import add_targets, list_available, remove_targets
from harness.verbs.replay import replay
from harness.verbs.report import FOLDERS, FORMATS, merge_runs, report
from harness.verbs.reproducing import reproduce
from harness.verbs.run import run
from harness.verbs.saying import complain
from harness.verbs.targets import targets
from harness.verbs.values import flags as _flags
from harness.verbs.values import natural as _natural
from harness.verbs.values import positive as _positive
from harness.verbs.values import seconds as _seconds
from strategies import THEMES

USAGE_STATUS = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the arguments say; the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # What the stream's encoding lacks is escaped, and fails nothing.
            stream.reconfigure(errors="backslashreplace")
    arguments = parser().parse_args(argv)
    verb: Callable[[argparse.Namespace], int] = arguments.verb
    try:
        return verb(arguments)
    except UsageError as error:
        complain(f"verifyflags: {error}")
        return USAGE_STATUS
    except BrokenPipeError:
        # Whoever read our output went away: nothing more can be said to them, and
        # nothing must be when Python flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return USAGE_STATUS


def parser() -> argparse.ArgumentParser:
    """The parser of every verb."""
    top = argparse.ArgumentParser(
        prog="verifyflags",
        description="Checks whether a Python verifies certificates as its "
        "documentation says, for every combination of verification flags.",
        epilog="Exit status: 0 clean, 1 a finding, 2 wrong usage or a target that "
        "cannot start, 3 inconclusive.",
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=harness.__version__)
    verbs = top.add_subparsers(required=True, metavar="VERB")
    _add_run(_verb(verbs, "run", run, "explore, and report what fails"))
    _add_check(_verb(verbs, "check", check, "put a suite through targets and books"))
    add_diff(_verb(verbs, "diff", diff, "say what changes between two targets"))
    add_bisect(
        _verb(verbs, "bisect", bisect, "say which releases show a finding or a change")
    )
    _add_targets(_verb(verbs, "targets", targets, "list what can be asked here"))
    _add_replay(_verb(verbs, "replay", replay, "ask the findings of a run again"))
    _add_ledger(_verb(verbs, "ledger", ledger, "list the known divergences"))
    _add_report(_telling(verbs, "report", report, "render recorded runs"))
    merging = _telling(verbs, "merge", merge_runs, "record several runs as one")
    merging.add_argument("--out", type=Path, metavar="DIR", required=True)
    return top


_Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001  # the type has no public name


def _named(
    verbs: _Verbs, name: str, act: Callable[[argparse.Namespace], int], text: str
) -> argparse.ArgumentParser:
    verb = verbs.add_parser(
        name, help=text, description=f"{text[0].upper()}{text[1:]}.", allow_abbrev=False
    )
    verb.set_defaults(verb=act)
    return verb


def _telling(
    verbs: _Verbs, name: str, act: Callable[[argparse.Namespace], int], text: str
) -> argparse.ArgumentParser:
    """A verb that asks no target, and tells recorded runs."""
    verb = _named(verbs, name, act, text)
    verb.add_argument(
        "folders", type=Path, nargs="+", metavar="DIR", help="folders of runs"
    )
    return verb


def _verb(
    verbs: _Verbs, name: str, act: Callable[[argparse.Namespace], int], text: str
) -> argparse.ArgumentParser:
    """A verb that asks targets."""
    verb = _named(verbs, name, act, text)
    verb.add_argument(
        "--targets-file", type=Path, metavar="FILE", help="TOML file of more targets"
    )
    verb.add_argument(
        "--json", action="store_true", help="print JSON, one object a line"
    )
    return verb


def _add_targets(verb: argparse.ArgumentParser) -> None:
    more = verb.add_subparsers(metavar="VERB", title="more verbs")
    _part(more, "list", targets, "list what can be asked here")
    _part(more, "available", list_available, "list every name that can be added")
    adding = _part(more, "add", add_targets, "provision targets, without root")
    adding.add_argument(
        "names",
        nargs="+",
        metavar="NAME",
        help="e.g. debian:trixie, openssl:3.5.9, or the set core; "
        "`verifyflags targets available` lists all",
    )
    adding.add_argument(
        "--again", action="store_true", help="make anew what is there already"
    )
    removing = _part(more, "remove", remove_targets, "remove provisioned targets")
    removing.add_argument("names", nargs="*", metavar="NAME", help="as it is listed")
    removing.add_argument(
        "--downloads", action="store_true", help="and what registries gave"
    )


def _part(
    parts: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    act: Callable[[argparse.Namespace], int],
    text: str,
) -> argparse.ArgumentParser:
    """A verb of a verb: what was said before its name stays said."""
    part = parts.add_parser(
        name, help=text, description=f"{text[0].upper()}{text[1:]}.", allow_abbrev=False
    )
    part.set_defaults(verb=act)
    part.add_argument(
        "--json",
        action="store_true",
        default=argparse.SUPPRESS,
        help="print JSON, one object a line",
    )
    return part


def _add_target(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--target",
        action="append",
        default=[],
        metavar="ID",
        help="a target as `verifyflags targets` names it, or `all` that start; may be "
        "repeated; without one, those of --targets-file, or else the interpreter that "
        "runs this",
    )


def _add_overlays(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--overlays",
        type=Path,
        metavar="FILE",
        help="TOML file of builds that are known to differ from their release",
    )


def _add_run(verb: argparse.ArgumentParser) -> None:
    _add_target(verb)
    _add_overlays(verb)
    budget = verb.add_mutually_exclusive_group()
    budget.add_argument(
        "--seconds", type=_positive(float), metavar="S", help="wall time of the run"
    )
    budget.add_argument(
        "--examples", type=_positive(int), metavar="N", help="random cases a target"
    )
    verb.add_argument("--seed", type=_natural, metavar="N", help="else a new one")
    verb.add_argument(
        "--workers", type=_positive(int), metavar="N", help="else one for each core"
    )
    verb.add_argument(
        "--first", action="store_true", help="stop at the first finding that fails"
    )
    verb.add_argument(
        "--out", type=Path, metavar="DIR", help="else the next verifyflags-out/N"
    )
    _add_history(verb)
    verb.add_argument(
        "--theme",
        action="append",
        default=[],
        choices=THEMES,
        help="what random cases are about; may be repeated; without one, all themes "
        "and none take turns",
    )
    verb.add_argument(
        "--random-only",
        action="store_true",
        help="leave out witnesses, probes and surface questions, for measuring the "
        "strategies; such a run is never conclusive",
    )
    verb.add_argument(
        "--shrinking",
        type=_seconds,
        metavar="S",
        help="how long a find may be shrunk; 0 keeps cases as found",
    )
    verb.add_argument(
        "--openssl",
        metavar="PROGRAM",
        help="the openssl that is asked whether `openssl verify` agrees with a "
        "finding, if it has the library of the target; else one that is found",
    )
    verb.add_argument(
        "--oracle-coverage",
        action="store_true",
        help="judge each random case under every measured release too, and print which "
        "branches of the oracle that takes; the run is inconclusive below 97 %%, or "
        "where a branch is missing without a reason",
    )


def _add_check(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "suite", metavar="SUITE", help="an x509-limbo JSON file, or `pkits`"
    )
    _add_target(verb)
    _add_overlays(verb)
    verb.add_argument(
        "--flags",
        action="append",
        default=[],
        type=_flags,
        metavar="F",
        help="a flag set for every case, e.g. 'CRL_CHECK_LEAF|X509_STRICT', 0x8000 or "
        "default-3.13+CRL_CHECK_CHAIN; may be repeated",
    )


def _add_ledger(verb: argparse.ArgumentParser) -> None:
    more = verb.add_subparsers(metavar="VERB", title="more verbs")
    one = _part(more, "show", show, "say all of one entry")
    one.add_argument("entry", metavar="ENTRY", help="its identifier")
    out = _part(more, "export", export, "write the folder of each of its witnesses")
    out.add_argument("entry", metavar="ENTRY", help="its identifier")
    out.add_argument("folder", type=Path, metavar="DIR", help="where to write them")
    drafting = _part(more, "draft", draft_entry, "print an entry for a finding")
    drafting.add_argument(
        "folder", type=Path, metavar="DIR", help="folder of a finding, or of a run"
    )
    again = _part(
        more, "reproduce", reproduce, "run every entry's script on bare interpreters"
    )
    again.add_argument(
        "entries", nargs="*", metavar="ENTRY", help="these alone; else all"
    )
    _add_target(again)


def _add_replay(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "folder", type=Path, metavar="DIR", help="folder of a run, or of one finding"
    )
    _add_target(verb)
    _add_overlays(verb)


def _add_history(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--history",
        type=Path,
        metavar="FILE",
        help="database of earlier runs, to which this one is added; else that beside "
        "runs of verifyflags-out, and none for others",
    )


def _add_report(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--format",
        action="append",
        required=True,
        metavar="F",
        help=f"one of {', '.join((*FORMATS, FOLDERS))}; several with commas, or "
        "repeated",
    )
    verb.add_argument(
        "--out", type=Path, metavar="DIR", help="else one format, on standard output"
    )
    _add_history(verb)
