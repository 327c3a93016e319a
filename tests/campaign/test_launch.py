"""Runs from end to end, by the command line, in processes of their own."""

import json
import sys
from pathlib import Path

import pytest

from harness.campaign.launch import gathered
from harness.campaign.recording import Recorder
from harness.cli import main
from reports.recorded import Recorded, read_run


def ran(tmp_path: Path, *arguments: str) -> tuple[int, Recorded]:
    """A small run's exit status and record."""
    out = tmp_path / "out"
    status = main(
        ["run", "--examples", "24", "--seed", "3", "--out", str(out), *arguments]
    )
    return status, read_run(out)


def test_a_run_records_what_it_did(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Header, sums and footer agree with the exit status; nothing else is left."""
    status, run = ran(tmp_path, "--workers", "2", "--target", "here", "--json")
    assert run.footer["status"] == status
    assert not run.faults
    assert run.header["seed"] == 3
    assert run.header["targets"][0]["identity"]["sane"] is True
    assert run.sums("here", "random", "counts")["cases"] == 24
    assert run.sums("here", "", "counts")["verdicts"] > 100
    assert {item.name for item in (tmp_path / "out").iterdir()} == {
        "findings.jsonl",
        "summary.md",
    }
    shown = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert shown[0] == run.header
    assert shown[-1] == run.footer


def test_a_target_that_cannot_start_ends_the_run_by_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The other targets are asked all the same, and the summary says which was not."""
    path = tmp_path / "targets.toml"
    path.write_text(
        '[[target]]\nid = "gone"\nargv = ["/no/such/python"]\n'
        f"[[target]]\nid = 'other'\nargv = ['{sys.executable}']\n"
    )
    status, run = ran(tmp_path, "--workers", "1", "--targets-file", str(path))
    assert status == 2
    assert run.sums("other", "random", "counts")["cases"] == 24
    shown = capsys.readouterr().out
    assert "gone: never asked" in shown
    assert "not clean: gone cannot be asked" in shown


def test_a_record_cut_short_is_told_and_used(tmp_path: Path) -> None:
    """What a process wrote before it died counts, and the run is not clean."""
    recorder = Recorder(tmp_path / "gw0.jsonl", {})
    recorder.write({"kind": "finding", "signature": "early"})
    troubles: list[str] = []
    lines = gathered(tmp_path, troubles)
    recorder.close()
    assert [line["kind"] for line in lines] == ["header", "finding"]
    assert "gw0.jsonl: cut short" in troubles[0]


def test_random_cases_alone_conclude_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With --random-only nothing pinned is asked, and the run says it is no answer."""
    status, run = ran(tmp_path, "--workers", "1", "--random-only", "--shrinking", "0")
    assert status == 3
    assert run.sums("here", "random", "counts")["cases"] == 24
    assert not run.sums("here", "witnesses", "counts")
    assert not run.sums("here", "surface", "counts")
    assert "--random-only --shrinking 0" in run.header["repeat"]
    assert "not clean: --random-only asks no witness" in capsys.readouterr().out


def test_random_cases_alone_find_and_name_it(tmp_path: Path) -> None:
    """A finding of --random-only is one of random cases, and fails the run."""
    root = Path(__file__).parents[2]
    path = tmp_path / "targets.toml"
    path.write_text(
        f"[[target]]\nid = 'eager'\nargv = ['{sys.executable}']\n"
        f"path = ['{root}']\nmodule = 'tests.fakes.always_crl_check_leaf'\n"
    )
    file = ("--targets-file", str(path), "--first", "--shrinking", "0")
    status, run = ran(tmp_path, "--workers", "1", "--random-only", *file)
    assert status == 1
    assert {line["source"] for line in run.findings} == {"random"}


def test_a_run_measures_the_oracle(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With --oracle-coverage the branches are told, and too few are inconclusive."""
    status, run = ran(tmp_path, "--workers", "2", "--oracle-coverage")
    told = run.footer["oracle_coverage"]
    assert status == 3
    assert 0 < told["taken"] < told["branches"]
    assert told["taken"] == sum(line["taken"] for line in told["files"])
    assert "--oracle-coverage" in run.header["repeat"]
    shown = capsys.readouterr().out
    assert "branches of the oracle, by random cases alone:" in shown
    assert "releases/judge.py:" in shown
    assert "not clean: random cases took" in shown


def test_a_run_cannot_measure_without_the_library(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where coverage is not installed the run says what to install."""
    monkeypatch.setattr("harness.verbs.run.is_installed", lambda: False)
    out = str(tmp_path / "out")
    assert main(["run", "--examples", "1", "--oracle-coverage", "--out", out]) == 2
    assert "pip install 'verifyflags[coverage]'" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
