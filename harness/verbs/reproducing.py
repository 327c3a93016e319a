"""Running the reproducers of the ledger's entries on bare interpreters.

For every entry and witness the script of its folder is run by the target's own
command, with nothing of ours; its exit status must be what the books foretell: 0 where
the entry holds, 1 where it does not, 2 where this Python cannot tell.
"""

import json
import os
import subprocess
import tempfile
from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from harness.books import Books
from harness.campaign.pinned import judged_surface
from harness.campaign.probing import probe
from harness.finding import How, Ledgered
from harness.ledger.entries import ENTRIES, Entry
from harness.pages.exhibit import Exhibit, exhibits, foretold, where_shown
from harness.target.process import environment
from harness.target.session import Session, TargetError
from harness.target.target import Identity, Target
from harness.verbs.choosing import UsageError, chosen_targets
from harness.verbs.opening import opened
from harness.verbs.saying import say
from reports.folder import write_folder
from reports.forms import check_finding
from reports.grouping import Group
from reports.misbehaviour import Misbehaviour, misbehaviour
from reports.printable import printable
from reports.reproducer import SCRIPT

SEED: Final = 0
PATIENCE: Final = 120
"""Seconds that a script may take."""

STILL, GONE, UNTOLD = 0, 1, 2
"""Exit statuses of a script."""


@dataclass(frozen=True, slots=True)
class Reproduced:
    """One script on one target: the status foretold, and had."""

    name: str
    target: str
    wanted: int
    got: int
    said: str

    @property
    def kept(self) -> bool:
        """Whether the script did as promised."""
        return self.wanted == self.got


def reproduce(arguments: Namespace) -> int:
    """Run them all; 1 if a script does not do as promised, 2 if a target cannot be
    asked. Raises ``UsageError``."""
    targets = chosen_targets(arguments.target, arguments.targets_file)
    entries = [named(name) for name in arguments.entries] or ENTRIES
    shown = [item for entry in entries for item in exhibits(entry)]
    status = 0
    for target in targets:
        try:
            for result in on_target(target, shown):
                say(json.dumps(asdict(result)) if arguments.json else _line(result))
                status = max(status, 0 if result.kept else 1)
        except TargetError as error:
            say(printable(f"{target.id} cannot be asked: {error}"))
            status = 2
    return status


def named(name: str) -> Entry:
    """The entry of that identifier. Raises ``UsageError``."""
    for entry in ENTRIES:
        if entry.id == name:
            return entry
    known = ", ".join(entry.id for entry in ENTRIES)
    raise UsageError(f"{name}: no such entry; there are: {known}")


def _line(result: Reproduced) -> str:
    """One row of the table; of a broken promise also what the script said."""
    head = f"{result.target}: {result.name}: wanted {result.wanted}, got {result.got}"
    if result.kept:
        return printable(f"{head}: as promised")
    return printable(f"{head}: not as promised: {result.said}")


def on_target(target: Target, shown: Sequence[Exhibit]) -> Iterator[Reproduced]:
    """Run the scripts of these exhibits. Raises ``TargetError``."""
    with opened(target, SEED) as (session, now):
        if not session.identity.through_ssl:
            raise TargetError(f"{target.id}: a script asks through ssl alone")
        books = probe(session, Books.of(session.identity), seed=SEED, now=now).books
        with tempfile.TemporaryDirectory() as folder:
            for item in shown:
                place = write_exhibit(item, Path(folder, name_of(item)), target.module)
                wanted = _wanted(item, session, books, now)
                done = run_script(target, place / SCRIPT)
                said = " / ".join((done.stdout + done.stderr).split("\n"))
                yield Reproduced(
                    name_of(item), target.id, wanted, done.returncode, said
                )


def name_of(item: Exhibit) -> str:
    """The entry, and the witness of it."""
    shown = "surface" if item.witness is None else item.witness.id
    return f"{item.entry.id}, {shown}"


def write_exhibit(item: Exhibit, folder: Path, module: str = "ssl") -> Path:
    """Write the exhibit's folder, for an interpreter whose module is this."""
    line = item.line
    requested = [{**each, "module": module} for each in item.header["requested"]]
    header = {**item.header, "requested": requested}
    group = Group(line["signature"], line["severity"], (line,), 1)
    return write_folder(header, group, folder)


def run_script(target: Target, script: Path) -> "subprocess.CompletedProcess[str]":
    """Run a script with the target's own command and environment."""
    path = {"PYTHONPATH": os.pathsep.join(target.path)} if target.path else {}
    return subprocess.run(
        [*target.argv, "-B", str(script)],
        env=environment(target, os.environ) | path,
        capture_output=True,
        check=False,
        encoding="utf-8",
        errors="backslashreplace",
        timeout=PATIENCE,
        stdin=subprocess.DEVNULL,
    )


def _wanted(item: Exhibit, session: Session, books: Books, now: int) -> int:
    """The exit status that the books foretell."""
    if item.entry.how is How.SURFACE:
        judged = judged_surface(session, books, SEED, now)
        known = [found for _, _, found in judged if isinstance(found, Ledgered)]
        return STILL if item.entry.id in {found.entry for found in known} else GONE
    if _is_hidden(item, session.identity):
        return UNTOLD
    assert item.witness is not None
    witness = replace(item.witness, flags=item.shown.flags)
    holds = where_shown(item.entry, foretold(witness, books, now)) is not None
    return STILL if holds else GONE


def _is_hidden(item: Exhibit, identity: Identity) -> bool:
    """Whether this Python cannot show what the script has to see."""
    claim = misbehaviour(check_finding(item.line, item.header))
    if not isinstance(claim, Misbehaviour):
        return True
    return (claim.codes and not identity.shows_code) or (
        claim.paths and not identity.shows_path
    )
