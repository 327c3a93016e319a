"""The arguments of ``verifyflags diff`` and ``bisect``."""

import argparse
from pathlib import Path

from harness.case import Role
from harness.verbs.values import flags, natural, seconds


def add_diff(verb: argparse.ArgumentParser) -> None:
    """The arguments of ``diff``."""
    verb.usage = (
        "%(prog)s [options] A B [PEM ...]\n"
        "       %(prog)s --record FILE [options] [TARGET [PEM ...]]\n"
        "       %(prog)s --baseline FILE [options] [TARGET]"
    )
    verb.epilog = (
        "Cases are drawn, after the pinned ones that tell releases apart; or they are "
        "a suite's (--suite), or the chain in the PEM files, the end entity first. "
        "Each is asked of both targets under the same flags, and of each under its own "
        "default flags. Exit status: 0 nothing loosened, 1 something loosened (or a "
        "new crash), 2 wrong usage or a target that cannot start, 3 nothing could be "
        "compared."
    )
    verb.add_argument(
        "names",
        nargs="*",
        metavar="A B [PEM ...]",
        help="the target before, the one after (ids of `verifyflags targets`), and PEM "
        "files of a chain as a peer sends it",
    )
    files = verb.add_argument_group("baselines")
    files.add_argument(
        "--record",
        type=Path,
        metavar="FILE",
        help="write what one target answers, to be compared with later",
    )
    files.add_argument(
        "--baseline",
        type=Path,
        metavar="FILE",
        help="compare a target with what was recorded, in place of A",
    )
    source = verb.add_argument_group("cases")
    source.add_argument(
        "--suite", metavar="SUITE", help="an x509-limbo JSON file, or `pkits`"
    )
    source.add_argument(
        "--trust",
        action="append",
        default=[],
        type=Path,
        metavar="PEM",
        help="trusted certificates; may be repeated",
    )
    source.add_argument(
        "--crl",
        action="append",
        default=[],
        type=Path,
        metavar="PEM",
        help="CRLs; may be repeated",
    )
    source.add_argument("--name", metavar="HOST", help="the host that a client wants")
    source.add_argument(
        "--role", choices=[role.value for role in Role], help="who verifies; else both"
    )
    source.add_argument(
        "--flags",
        action="append",
        default=[],
        type=flags,
        metavar="F",
        help="a flag set for every case besides the default flags, with and without "
        "CRL checks; may be repeated",
    )
    budget = source.add_mutually_exclusive_group()
    budget.add_argument(
        "--seconds", type=seconds, metavar="S", help="time for random cases, else 30"
    )
    budget.add_argument(
        "--examples", type=natural, metavar="N", help="number of random cases"
    )
    source.add_argument("--seed", type=natural, metavar="N", help="else a new one")
    verb.add_argument(
        "--format", choices=["text", "markdown"], default="text", help="else text"
    )
    verb.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="write diff.jsonl, diff.md and changes.json (every case, a suite) there",
    )


def add_bisect(verb: argparse.ArgumentParser) -> None:
    """The arguments of ``bisect``."""
    verb.epilog = (
        "Exit status: 0 asked, 2 wrong usage or a target that was named and cannot "
        "start, 3 nothing could be asked."
    )
    verb.add_argument(
        "folder", type=Path, metavar="DIR", help="folder of a run, or of diff --out"
    )
    verb.add_argument(
        "--record",
        action="store_true",
        help="write the first affected release of each finding into the recording of "
        "a run or of one finding, and make the folders of its findings anew",
    )
    verb.add_argument(
        "numbers",
        nargs="*",
        type=int,
        metavar="NUMBER",
        help="the places of findings or changes in it, from 1; else all",
    )
    verb.add_argument(
        "--target",
        action="append",
        default=[],
        metavar="ID",
        help="a target as `verifyflags targets` names it; may be repeated; without "
        "one, all that can be asked here",
    )
