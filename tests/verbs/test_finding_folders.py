"""The folders that a run writes: asked again, checked as a suite, told anew."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.cli import main
from harness.target.target import Target
from reports.recorded import read_run
from tests.verbs.conftest import TargetsFile, Verb

FakeTarget = Callable[[str], Target]

ROOT = Path(__file__).parent.parent.parent
LIAR = "ignores_crl_check_leaf"


@pytest.fixture(scope="module")
def liar_file(fake_target: FakeTarget, targets_file: TargetsFile) -> Path:
    """A targets file of a module that lies."""
    return targets_file(fake_target(LIAR))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, liar_file: Path) -> Path:
    """The one folder of a run that stopped at its first finding."""
    out = tmp_path_factory.mktemp("run") / "out"
    words = ["--targets-file", str(liar_file), "--target", LIAR, "--out", str(out)]
    words += ["--examples", "1", "--seed", "5", "--workers", "1", "--first"]
    assert main(["run", *words, "--openssl", "/no/such/openssl"]) == 1
    found = sorted((out / "findings").iterdir())
    assert [len(read_run(item).findings) >= 1 for item in found] == [True] * len(found)
    return found[0]


def test_a_folder_is_replayed(verb: Verb, folder: Path, liar_file: Path) -> None:
    """Of who showed it, still there; elsewhere gone. As a run is."""
    (line,) = read_run(folder).findings
    said = verb("replay", folder, "--json")
    assert said.status == 1
    assert [(item["signature"], item["result"]) for item in said.lines] == [
        (line["signature"], "still there")
    ]
    said = verb("replay", folder, "--target", "here", "--json")
    assert [item["result"] for item in said.lines] == ["gone"]
    assert liar_file.exists()


def test_its_script_says_the_same(folder: Path) -> None:
    """0 with the module that lies."""
    done = subprocess.run(
        [sys.executable, "-B", str(folder / "reproduce.py")],
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_its_suite_leads_to_the_same_finding(
    verb: Verb, folder: Path, liar_file: Path
) -> None:
    """x509-limbo's format and its side file hold all of the question: same outcome,
    same prediction, same kind of finding; and none with an honest module."""
    (line,) = read_run(folder).findings
    words = ("check", folder / "limbo.json", "--json", "--targets-file", liar_file)
    said = verb(*words, "--target", LIAR)
    assert said.status == 1
    row, summary = said.lines[0], said.lines[-1]["summary"]
    assert row["flags"] == line["flags"][0]
    assert row["role"] == line["role"]
    assert row["finding"] == line["finding"]["is"].lower()
    assert row["observed"]["outcome"] == "accepted"
    assert line["finding"]["observed"] == "accepted"
    assert (
        row["predicted"]["code"]
        == line["verdict"]["predicted"]["objections"][0]["code"]
    )
    assert summary[row["finding"]] == len(line["flags"])
    assert verb(*words, "--target", "here").status == 0


def test_a_folder_is_told_like_a_run(verb: Verb, folder: Path) -> None:
    """``report`` reads it too."""
    said = verb("report", folder, "--format", "json")
    assert said.status == 0
    (line,) = read_run(folder).findings
    assert line["target"] in said.out


def test_folders_are_made_anew_without_a_target(
    verb: Verb, folder: Path, tmp_path: Path
) -> None:
    """From the recording alone, the same but for nothing; they need a place."""
    run = folder.parent.parent
    said = verb("report", run, "--format", "folders", "--out", tmp_path)
    assert said.status == 0
    again = tmp_path / "findings" / folder.name
    assert {path.name: path.read_bytes() for path in again.iterdir()} == {
        path.name: path.read_bytes() for path in folder.iterdir()
    }
    said = verb("report", run, "--format", "folders")
    assert (said.status, said.out) == (2, "")
    assert "--format folders: needs a folder: --out DIR" in said.err


def test_bisecting_records_the_first_affected_release(
    verb: Verb, folder: Path, liar_file: Path, tmp_path: Path
) -> None:
    """With ``--record`` alone, in a copy of the folder: recording and report."""
    copy = tmp_path / folder.name
    shutil.copytree(folder, copy)
    words = ("bisect", copy, "--targets-file", liar_file, "--target", LIAR)
    assert verb(*words).status == 0
    assert "first_affected" not in read_run(copy).findings[0]
    assert verb(*words, "--record").status == 0
    first = read_run(copy).findings[0]["first_affected"]
    assert first.startswith("OpenSSL ")
    assert first.endswith(" or earlier")
    assert f"by bisecting: {first}." in (copy / "report.md").read_text("utf-8")


def test_overlays_that_are_none_stop_every_verb(
    verb: Verb, folder: Path, tmp_path: Path
) -> None:
    """Before anything is asked, with file and place."""
    wrong = tmp_path / "overlays.toml"
    wrong.write_text("[[overlay]]\nbuild = 3\n")
    for words in (
        ("run", "--examples", "1", "--out", tmp_path / "out"),
        ("replay", folder),
        ("check", folder / "limbo.json"),
    ):
        said = verb(*words, "--overlays", wrong)
        assert (said.status, said.out) == (2, "")
        assert f"--overlays {wrong}: overlay 1: build: 3 is not a text" in said.err
