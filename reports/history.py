"""The history: one SQLite file in which the results of runs accumulate.

It holds counts and names, no case: deleting it loses trends and dates of first
appearance, and nothing else. A run is remembered once, however often it is told. A file
that is no history of ours, is damaged, or was written by a later version is refused
with ``HistoryError``, and never written to.
"""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from reports.grouping import groups
from reports.printable import title
from reports.recorded import Recorded
from reports.standing import State, matrix

NAME: Final = "verifyflags-history.sqlite"
"""What the file is called where nobody names it."""

APPLICATION: Final = 0x7666_6C67  # "vflg", in the header of the file
SCHEMA_VERSION: Final = 1
_MAGIC: Final = b"SQLite format 3\0"

_SCHEMA: Final = f"""
CREATE TABLE run (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, started REAL NOT NULL,
    elapsed_s REAL NOT NULL, tool TEXT NOT NULL, status INTEGER NOT NULL,
    verdicts INTEGER NOT NULL
) STRICT;
CREATE TABLE target (
    run INTEGER NOT NULL REFERENCES run, target TEXT NOT NULL, openssl TEXT NOT NULL,
    kept INTEGER NOT NULL, known INTEGER NOT NULL, found INTEGER NOT NULL,
    untried INTEGER NOT NULL, PRIMARY KEY (run, target)
) STRICT, WITHOUT ROWID;
CREATE TABLE finding (
    run INTEGER NOT NULL REFERENCES run, target TEXT NOT NULL,
    signature TEXT NOT NULL, severity TEXT NOT NULL,
    PRIMARY KEY (run, target, signature)
) STRICT, WITHOUT ROWID;
CREATE TABLE entry (
    run INTEGER NOT NULL REFERENCES run, target TEXT NOT NULL, entry TEXT NOT NULL,
    PRIMARY KEY (run, target, entry)
) STRICT, WITHOUT ROWID;
CREATE TABLE behaviour (
    behaviour TEXT NOT NULL, openssl TEXT NOT NULL, first REAL NOT NULL,
    PRIMARY KEY (behaviour, openssl)
) STRICT, WITHOUT ROWID;
PRAGMA application_id = {APPLICATION};
PRAGMA user_version = {SCHEMA_VERSION};
"""
"""``behaviour`` has the moment at which a behaviour was first felt on an OpenSSL."""


class HistoryError(ValueError):
    """A file that cannot be used as a history; the message has its path and why."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """One run in the history."""

    id: str
    started: float
    """Seconds since the epoch."""
    status: int
    verdicts: int
    openssl: dict[str, str]
    """By target, of those that were asked."""
    signatures: frozenset[tuple[str, str]]
    """Target and signature of each finding."""
    severities: dict[str, int]
    """How many causes of each severity."""
    entries: frozenset[tuple[str, str]]
    """Target and ledger entry."""
    untried: int
    """Checks that were never exercised, over all targets."""


@dataclass(frozen=True, slots=True)
class Past:
    """What the history knows, the run that is told now included."""

    runs: tuple[Remembered, ...] = ()
    """The oldest first."""
    behaviours: dict[tuple[str, str], float] = field(default_factory=dict)
    """When a behaviour was first felt on an OpenSSL, by both; seconds since the
    epoch."""

    def before(self, run: Recorded) -> Remembered | None:
        """The last run before this one that asked one of its targets."""
        mine, started = identity(run), run.header["started"]
        asked = {line["target"] for line in run.header["targets"]}
        earlier = [
            one
            for one in self.runs
            if one.id != mine and one.started <= started and asked & one.openssl.keys()
        ]
        return earlier[-1] if earlier else None

    def first_seen(self, signature: str, run: Recorded) -> str:
        """The day of the first run that has the signature; empty without a history."""
        return self._first(
            one.started
            for one in self.runs
            if any(signature == mine for _, mine in one.signatures)
            and one.started <= run.header["started"]
        )

    def first_met(self, entry: str, run: Recorded) -> str:
        """The day of the first run that met the ledger entry."""
        return self._first(
            one.started
            for one in self.runs
            if any(entry == mine for _, mine in one.entries)
            and one.started <= run.header["started"]
        )

    def _first(self, moments: Iterator[float]) -> str:
        first = min(moments, default=None)
        return "" if first is None else day(first)


NO_PAST: Final = Past()


def day(moment: float) -> str:
    """The day in UTC, ``2026-11-24``."""
    return time.strftime("%Y-%m-%d", time.gmtime(moment))


def identity(run: Recorded) -> str:
    """The same for the same recording, and for no other."""
    whole = [run.header, len(run.findings), run.footer]
    return sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()


def check_history(path: Path) -> None:
    """Raises ``HistoryError`` if the file is there and cannot be used."""
    if path.exists():
        with _opened(path):
            pass


def remember(path: Path, run: Recorded) -> Past:
    """Add the run to the history, which is made if it is not there; all it knows.

    Raises ``HistoryError``.
    """
    with _opened(path) as database:
        with database:
            _add(database, run)
        return _past(database)


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    new = not path.exists()
    try:
        if not new and path.read_bytes()[: len(_MAGIC)] != _MAGIC:
            raise HistoryError(f"{path}: is no history: no SQLite file")
        with closing(sqlite3.connect(path)) as database:
            if new:
                database.executescript(_SCHEMA)
            else:
                _check(path, database)
            yield database
    except (sqlite3.Error, OSError) as error:
        raise HistoryError(f"{path}: cannot be used as a history: {error}") from error


def _check(path: Path, database: sqlite3.Connection) -> None:
    def pragma(name: str) -> object:
        return database.execute(f"PRAGMA {name}").fetchone()[0]

    if pragma("application_id") != APPLICATION:
        raise HistoryError(f"{path}: is no history: an SQLite file of another program")
    version = pragma("user_version")
    if version != SCHEMA_VERSION:
        raise HistoryError(
            f"{path}: a history of version {version}, and this reads {SCHEMA_VERSION}"
        )
    verdict = pragma("quick_check(1)")
    if verdict != "ok":
        raise HistoryError(f"{path}: damaged: {verdict}")


_NEW_RUN: Final = """
INSERT OR IGNORE INTO run (id, started, elapsed_s, tool, status, verdicts)
VALUES (?, ?, ?, ?, ?, ?)
"""
_FELT: Final = """
INSERT INTO behaviour VALUES (?, ?, ?)
ON CONFLICT DO UPDATE SET first = min(first, excluded.first)
"""


def _add(database: sqlite3.Connection, run: Recorded) -> None:
    header, footer = run.header, run.footer
    standing = matrix(run)
    verdicts = sum(run.sums(one, "", "counts")["verdicts"] for one in run.targets)
    what = (identity(run), header["started"], footer["elapsed_s"])
    added = database.execute(
        _NEW_RUN, (*what, header["tool"], footer["status"], verdicts)
    )
    if not added.rowcount:
        return
    number = added.lastrowid
    for line in header["targets"]:
        target, openssl = line["target"], line["identity"]["openssl"]
        counts = standing.counts(title(target))
        states = (State.KEPT, State.KNOWN, State.FINDING, State.UNTRIED)
        database.execute(
            "INSERT INTO target VALUES (?, ?, ?, ?, ?, ?, ?)",
            (number, target, openssl, *(counts[state] for state in states)),
        )
        entries = [(number, target, name) for name in run.sums(target, "", "entries")]
        database.executemany("INSERT INTO entry VALUES (?, ?, ?)", entries)
        felt = [
            (name, openssl, header["started"]) for name in run.sums(target, "", "felt")
        ]
        database.executemany(_FELT, felt)
    for group in groups([run]):
        rows = [(number, one, group.signature, group.severity) for one in group.targets]
        database.executemany("INSERT INTO finding VALUES (?, ?, ?, ?)", rows)


_BY_SEVERITY: Final = """
SELECT severity, count(DISTINCT signature) FROM finding WHERE run = ? GROUP BY severity
"""


def _past(database: sqlite3.Connection) -> Past:
    runs = []
    asked = "SELECT number, id, started, status, verdicts FROM run ORDER BY started, id"
    for number, mine, started, status, verdicts in database.execute(asked).fetchall():

        def rows(query: str, run: int = number) -> list[Any]:
            return database.execute(query, (run,)).fetchall()

        runs.append(
            Remembered(
                mine,
                started,
                status,
                verdicts,
                dict(rows("SELECT target, openssl FROM target WHERE run = ?")),
                frozenset(rows("SELECT target, signature FROM finding WHERE run = ?")),
                dict(rows(_BY_SEVERITY)),
                frozenset(rows("SELECT target, entry FROM entry WHERE run = ?")),
                sum(one for (one,) in rows("SELECT untried FROM target WHERE run = ?")),
            )
        )
    felt = database.execute("SELECT behaviour, openssl, first FROM behaviour")
    return Past(tuple(runs), {(name, openssl): first for name, openssl, first in felt})
