"""The strict reader: whole, ours and of our types, or an error that names the place."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.campaign.recording import FINDINGS, Recorder, RecordingError
from harness.finding import SEVERITIES, Breaks, Diverges, Finding, How, Unexplained
from harness.flags import CRL_CHECK_LEAF
from harness.ledger.plain import chain
from reports.grouping import groups
from reports.recorded import read_run, read_runs
from tests.recordings import Line, about, footer_line, found_line, header_line

OPEN = Diverges("CRL_CHECK_LEAF", How.WRONGLY_ACCEPTED, "r", "rejected", "accepted")
CLOSED = Diverges("X509_STRICT", How.WRONGLY_REJECTED, "r", "accepted", "rejected 3")
CRASH = Breaks("crash")
ODD = Unexplained("path", "rejected 20", "rejected 2", what="code")


def record_run(folder: Path, *findings: Finding, **header: Any) -> Path:
    """The folder of a run with these findings, in this order."""
    folder.mkdir()
    with Recorder(folder / FINDINGS, header_line(**header)) as recorder:
        for finding in findings:
            recorder.write(found_line(finding, chain(), CRL_CHECK_LEAF))
        recorder.close(footer_line(tallies={"here": {"random": {"counts": {"a": 1}}}}))
    return folder


def changed(folder: Path, number: int, change: Callable[[Line], object]) -> Path:
    """The folder with one line of its file changed (0 is the first)."""
    path = folder / FINDINGS
    lines = [json.loads(text) for text in path.read_text("utf-8").splitlines()]
    change(lines[number])
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return folder


def test_findings_come_worst_first_whatever_the_file_has(tmp_path: Path) -> None:
    """Fail-open, then crash, then fail-closed, then what is unexplained."""
    run = read_run(record_run(tmp_path / "run", ODD, CLOSED, CRASH, OPEN))
    assert [line["severity"] for line in run.findings] == [
        "fail-open",
        "broken",
        "fail-closed",
        "unexplained",
    ]
    assert SEVERITIES[0] == "fail-open"


def test_one_cause_is_one_group_over_targets_and_files(tmp_path: Path) -> None:
    """Same signature, same group: the simplest case first, and who showed it."""
    two = {"requested": [{"id": "here"}, {"id": "there"}], "targets": [about("here")]}
    first = tmp_path / "first"
    first.mkdir()
    with Recorder(first / FINDINGS, header_line(**two)) as recorder:
        bare, full = (chain(crls=()), chain())
        recorder.write(found_line(ODD, full, CRL_CHECK_LEAF))
        recorder.write(found_line(OPEN, full, CRL_CHECK_LEAF, seen=3))
        recorder.write(found_line(OPEN, bare, CRL_CHECK_LEAF, target="there"))
        recorder.close(footer_line())
    runs = read_runs([first, record_run(tmp_path / "second", OPEN)])
    worst, other = groups(runs)
    assert (worst.severity, other.severity) == ("fail-open", "unexplained")
    assert worst.targets == ("here", "there")
    assert (worst.seen, len(worst.lines), worst.runs) == (5, 3, 2)
    assert worst.lines[0]["target"] == "there"
    assert other.runs == 1


CHANGES: dict[str, tuple[int, Callable[[Line], object], str]] = {
    "no seed": (0, lambda line: line.pop("seed"), "line 1: Header.seed: missing"),
    "seed of text": (0, lambda line: line.update(seed="5"), "line 1: Header.seed: '5'"),
    "requested": (
        0,
        lambda line: line.update(requested={}),
        "header.requested: missing",
    ),
    "identity": (
        0,
        lambda line: line["targets"][0]["identity"].update(python="3.11"),
        "line 1: header.targets[0].identity.python: '3.11' is not an array",
    ),
    "severity": (
        1,
        lambda line: line.update(severity="<b>"),
        "line 2: Found.severity: '<b>' is no severity",
    ),
    "flags": (1, lambda line: line.update(flags=[-1]), "line 2: Found.flags[0]: flags"),
    "way": (1, lambda line: line.update(way="pigeon"), "line 2: Found.way: 'pigeon'"),
    "elapsed": (
        1,
        lambda line: line.update(elapsed_s="1.5"),
        "line 2: Found.elapsed_s: '1.5' is not a number",
    ),
    "case": (1, lambda line: line.update(case=None), "line 2: Found.case: a case and"),
    "bytes": (
        1,
        lambda line: line["case"].update(peer=["<script>"]),
        "line 2: Found.case.peer[0]: '<script>' is not base64",
    ),
    "target": (
        1,
        lambda line: line.update(target="elsewhere"),
        "line 2: Found.target: 'elsewhere' is no target of the header",
    ),
    "kind": (
        1,
        lambda line: line.update(kind="joke"),
        "line 2: no such kind of line: 'joke'",
    ),
    "status": (2, lambda line: line.update(status=9), "line 3: Footer.status: 9"),
    "count": (
        2,
        lambda line: line["tallies"]["here"]["random"]["counts"].update(a=-1),
        "line 3: Footer.tallies.here.random.counts.a: -1 is negative",
    ),
    "coverage": (
        2,
        lambda line: line.update(oracle_coverage={"files": 1}),
        "line 3: Footer.oracle_coverage",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_has_another_type_is_refused_with_its_place(
    tmp_path: Path, name: str
) -> None:
    """File, line, field and what is wrong; nothing is read from such a file."""
    number, change, said = CHANGES[name]
    folder = changed(record_run(tmp_path / "run", OPEN), number, change)
    with pytest.raises(RecordingError) as raised:
        read_run(folder)
    assert str(folder / FINDINGS) in str(raised.value)
    assert said in str(raised.value)


def test_a_field_of_a_later_version_is_passed_over(tmp_path: Path) -> None:
    """In every line, and in what is said of a target."""
    folder = record_run(tmp_path / "run", OPEN)
    for number in range(3):
        changed(folder, number, lambda line: line.update(colour="green"))
    changed(folder, 0, lambda line: line["targets"][0]["identity"].update(new=1))
    assert read_run(folder).findings


FOREIGN = {
    "empty": ("", ": empty"),
    "other JSON": ('{"testcases": []}\n', "line 1: not a record"),
    "array": ("[1, 2]\n", "line 1: not a record"),
    "no JSON": ("<html>\n", "line 1: not JSON: '<html>"),
    "NaN": ('{"kind": "header", "version": NaN}\n', "line 1: not JSON"),
    "deep": ("[" * 100_000 + "\n", "line 1: not JSON"),
    "footer alone": ('{"kind": "footer"}\n', "line 1: no header: 'footer'"),
    "other format": ('{"kind": "header", "version": 99}\n', "line 1: version 99"),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_what_is_foreign_is_refused(tmp_path: Path, name: str) -> None:
    """Empty files, other people's JSON, other versions of the format."""
    text, said = FOREIGN[name]
    (tmp_path / FINDINGS).write_text(text, encoding="utf-8")
    with pytest.raises(RecordingError) as raised:
        read_run(tmp_path)
    assert said in str(raised.value)


def test_a_cut_line_is_told_from_a_cut_file(tmp_path: Path) -> None:
    """In the middle of a line, between two, and two files in one."""
    path = record_run(tmp_path / "run", OPEN, ODD) / FINDINGS
    whole = path.read_text("utf-8")
    first, second, *_ = whole.splitlines(keepends=True)
    for text, said in (
        (first + second[:-50], "line 2: cut short, not JSON"),
        (first + second, "cut short after 2 lines: no footer"),
        (whole + whole, "line 5: a second header, of 'verifyflags "),
        (whole + second, "line 5: after the footer"),
    ):
        path.write_text(text, "utf-8")
        with pytest.raises(RecordingError) as raised:
            read_run(path.parent)
        assert said in str(raised.value)


def test_runs_of_two_versions_are_not_told_together(tmp_path: Path) -> None:
    """Both files are named with their versions; so is a folder given twice."""
    first = record_run(tmp_path / "first", OPEN)
    other = changed(
        record_run(tmp_path / "other", OPEN),
        0,
        lambda line: line.update(tool="verifyflags 0.0.1"),
    )
    with pytest.raises(RecordingError) as raised:
        read_runs([first, other])
    assert f"{other / FINDINGS}: by verifyflags 0.0.1" in str(raised.value)
    assert str(first / FINDINGS) in str(raised.value)
    with pytest.raises(RecordingError, match="named twice"):
        read_runs([first, tmp_path / "other" / ".." / "first"])


def test_a_folder_without_a_run_is_told_from_none(tmp_path: Path) -> None:
    """The message names the folder, and what is missing in it."""
    with pytest.raises(RecordingError, match=rf"{tmp_path}: no findings\.jsonl in it"):
        read_run(tmp_path)
    with pytest.raises(RecordingError, match="nosuch: not there"):
        read_run(tmp_path / "nosuch")
