"""The history: it remembers each run once, and is never written to by mistake."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from reports.changes import changes
from reports.history import (
    SCHEMA_VERSION,
    HistoryError,
    Past,
    check_history,
    day,
    remember,
)
from reports.recorded import read_run
from tests.recordings import about
from tests.reports.runs import OPEN, TALLY, default_findings, finding_line, write_run

DAY = 86_400.0


def test_what_is_new_and_what_is_gone(tmp_path: Path) -> None:
    """Against the run before: findings, entries, libraries; and since when."""
    history = tmp_path / "history.sqlite"
    old = [finding_line(OPEN, "fail-open"), *default_findings()[:1]]
    one = read_run(write_run(tmp_path / "1", started=DAY, findings=old))
    two = read_run(
        write_run(
            tmp_path / "2",
            started=3 * DAY,
            findings=[finding_line(OPEN, "fail-open")],
            tally={"counts": {"verdicts": 5}},
            targets=[about("here", openssl="OpenSSL 3.0.22")],
        )
    )
    remember(history, one)
    past = remember(history, two)
    told = changes(two, past)
    assert told.before == DAY
    assert told.new == ()
    assert [name.partition(":")[0] for _, name in told.gone] == ["law"]
    assert told.no_longer_met == (("here", "delta-for-complete"),)
    assert told.libraries == (("here", "OpenSSL 3.0.19", "OpenSSL 3.0.22"),)
    assert told.felt == ()
    assert [point.is_this for point in told.trend] == [False, True]
    assert [point.severities for point in told.trend] == [
        {"fail-open": 1, "wrong-reason": 1},
        {"fail-open": 1},
    ]
    signature = two.findings[0]["signature"]
    assert past.first_seen(signature, two) == day(DAY) == "1970-01-02"
    assert past.behaviours == {("felt-one", "OpenSSL 3.0.19"): DAY}


def test_the_first_appearance_of_a_behaviour_is_told(tmp_path: Path) -> None:
    """A behaviour that no earlier run felt on that OpenSSL is a change, once."""
    history = tmp_path / "history.sqlite"
    one = read_run(write_run(tmp_path / "1", started=DAY))
    felt = {**TALLY, "felt": {"felt-one": 1, "unfelt": 1}}
    two = read_run(write_run(tmp_path / "2", started=2 * DAY, tally=felt))
    three = read_run(write_run(tmp_path / "3", started=3 * DAY, tally=felt))
    remember(history, one)
    past = remember(history, two)
    assert changes(two, past).felt == (("unfelt", "OpenSSL 3.0.19"),)
    assert not changes(two, past).nothing
    assert changes(three, remember(history, three)).nothing


def test_a_run_is_remembered_once(tmp_path: Path) -> None:
    """Telling a run a second time adds nothing, and compares it with none."""
    history = tmp_path / "history.sqlite"
    run = read_run(write_run(tmp_path / "1"))
    remember(history, run)
    past = remember(history, run)
    assert len(past.runs) == 1
    assert changes(run, past).before is None
    assert len(changes(run, past).trend) == 1


def test_what_one_run_did_not_ask_is_no_change(tmp_path: Path) -> None:
    """Findings of a target that only one of the two asked are neither new nor gone."""
    history = tmp_path / "history.sqlite"
    both = [about("here"), about("other")]
    requested = [{"id": "here"}, {"id": "other"}]
    other = finding_line(OPEN, "fail-open", target="other")
    one = write_run(
        tmp_path / "1",
        started=DAY,
        findings=[other],
        targets=both,
        requested=requested,
    )
    two = read_run(write_run(tmp_path / "2", started=2 * DAY, findings=[]))
    remember(history, read_run(one))
    told = changes(two, remember(history, two))
    assert (told.before, told.new, told.gone) == (DAY, (), ())


def test_an_older_run_is_told_as_of_then(tmp_path: Path) -> None:
    """What happened after a run is not in its trend, nor is it compared with that."""
    history = tmp_path / "history.sqlite"
    runs = [
        read_run(write_run(tmp_path / str(number), started=number * DAY))
        for number in (1, 2, 3)
    ]
    for run in reversed(runs):
        past = remember(history, run)
    assert changes(runs[1], past).before == DAY
    assert [point.started for point in changes(runs[1], past).trend] == [DAY, 2 * DAY]
    assert changes(runs[1], past).nothing


def test_without_a_history_nothing_is_compared(tmp_path: Path) -> None:
    """No trend and no date, rather than invented ones."""
    run = read_run(write_run(tmp_path))
    told = changes(run, Past())
    assert (told.before, told.trend) == (None, ())
    assert not told.nothing
    assert Past().first_seen(run.findings[0]["signature"], run) == ""


def text(path: Path) -> None:
    """Something else."""
    path.write_text("my thesis")


def nothing(path: Path) -> None:
    """A file of no bytes."""
    path.touch()


def foreign(path: Path) -> None:
    """An SQLite file of another program."""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE mine (a)")


def later(path: Path) -> None:
    """A history of a version that is not known yet."""
    remember(path, read_run(write_run(path.parent / "run")))
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")


def damaged(path: Path) -> None:
    """A history of which a page is overwritten."""
    remember(path, read_run(write_run(path.parent / "run")))
    content = bytearray(path.read_bytes())
    content[4096:8192] = b"\xff" * 4096
    path.write_bytes(content)


def shortened(path: Path) -> None:
    """A history whose end is missing."""
    remember(path, read_run(write_run(path.parent / "run")))
    path.write_bytes(path.read_bytes()[:5000])


@pytest.mark.parametrize("make", [text, nothing, foreign, later, damaged, shortened])
def test_what_is_no_history_is_refused_and_left_alone(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    """The message has the path, and not a byte of the file changes."""
    path = tmp_path / "history.sqlite"
    make(path)
    before = path.read_bytes()
    run = read_run(write_run(tmp_path / "other", started=9.0))
    with pytest.raises(HistoryError, match=str(path)):
        remember(path, run)
    with pytest.raises(HistoryError, match=str(path)):
        check_history(path)
    assert path.read_bytes() == before


def test_a_folder_or_a_missing_parent_is_refused(tmp_path: Path) -> None:
    """What cannot be opened is said, and nothing is made."""
    run = read_run(write_run(tmp_path / "run"))
    for path in (tmp_path, tmp_path / "no" / "history.sqlite"):
        with pytest.raises(HistoryError, match=str(path)):
            remember(path, run)
    check_history(tmp_path / "none")
    assert not (tmp_path / "none").exists()
