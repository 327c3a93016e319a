"""The verbs that tell recorded runs: what they write, and what they refuse."""

import json
import shutil
from pathlib import Path

import pytest

from harness.campaign.recording import FINDINGS
from harness.verbs.remembering import chosen_history
from harness.verbs.report import FORMATS
from reports.folder import write_folders
from reports.history import NAME
from reports.recorded import read_run
from reports.reproducer import SCRIPT
from tests.recordings import about
from tests.reports.runs import write_run
from tests.verbs.conftest import Verb


def test_one_format_goes_to_standard_output(verb: Verb, tmp_path: Path) -> None:
    """Without a folder the report is printed, and the run's status is not ours."""
    said = verb("report", write_run(tmp_path / "run"), "--format", "html")
    assert said.status == 0
    assert said.out.startswith("<!DOCTYPE html>")


def test_every_format_is_written(verb: Verb, tmp_path: Path) -> None:
    """Each to a file of its own, which the verb names."""
    run, out = write_run(tmp_path / "run"), tmp_path / "out"
    said = verb("report", run, "--format", ",".join(FORMATS), "--out", out)
    assert said.status == 0
    assert {path.name for path in out.iterdir()} == {
        file for file, _ in FORMATS.values()
    }
    assert all(str(path) in said.err for path in out.iterdir())


def test_several_runs_are_told_as_one(verb: Verb, tmp_path: Path) -> None:
    """Shards are merged before they are told; merged on disk they tell the same."""
    one = write_run(tmp_path / "1", seed=1, repeat="verifyflags run --seed 1")
    two = write_run(tmp_path / "2", seed=2, repeat="verifyflags run --seed 2")
    told = verb("report", one, two, "--format", "markdown").out
    assert "verifyflags run --seed 1; verifyflags run --seed 2" in told
    said = verb("merge", one, two, "--out", tmp_path / "both")
    assert said.status == 1
    assert str(tmp_path / "both" / FINDINGS) in said.out
    assert verb("report", tmp_path / "both", "--format", "markdown").out == told


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["report", "nowhere", "--format", "html"], "nowhere: is not a directory"),
        (["report", "run", "--format", "pdf"], "'pdf': is none of html"),
        (["report", "run", "run", "--format", "html"], "named twice"),
        (["report", "empty", "--format", "html"], "findings.jsonl"),
        (["report", "cut", "--format", "html"], "cut short"),
        (["report", "run", "other", "--format", "html"], "runs of one version"),
        (["report", "run", "--format", "html,html2"], "'html2'"),
        (["merge", "run", "build", "--out", "new"], "another: give each build"),
        (["merge", "run", "cut", "--out", "new"], "cut short"),
        (["merge", "run", "--out", "run"], "is not empty"),
        (["report", "run", "--format", "html", "--history", "bad"], "no history"),
        (["report", "run", "--format", "html", "--out", "bad"], "bad: "),
    ],
)
def test_what_cannot_be_told_is_2(
    verb: Verb,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    says: str,
) -> None:
    """The message has the place; nothing is written, and nothing is lost."""
    monkeypatch.chdir(tmp_path)
    write_run(Path("run"))
    write_run(Path("build"), targets=[about("here", openssl="OpenSSL 4.0.3")])
    Path("empty").mkdir()
    Path("bad").write_text("no history")
    cut = write_run(Path("cut")) / FINDINGS
    cut.write_bytes(cut.read_bytes()[:-40])
    other = write_run(Path("other")) / FINDINGS
    other.write_text(
        other.read_text().replace('"verifyflags 0.', '"verifyflags 99.', 1)
    )
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    said = verb(*words)
    assert said.status == 2
    assert says in said.err
    after = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    assert after == before


def test_the_history_is_beside_runs_of_the_default_folder(tmp_path: Path) -> None:
    """Runs elsewhere have none unless one is named, which goes before any other."""
    root = tmp_path / "verifyflags-out"
    assert chosen_history(None, root / "3") == root / NAME
    assert chosen_history(None, tmp_path / "elsewhere" / "3") is None
    assert chosen_history(tmp_path / "mine", root / "3") == tmp_path / "mine"


def test_a_script_in_a_findings_folder_is_shown(verb: Verb, tmp_path: Path) -> None:
    """The page has the text of the script with a way to copy it, and its path; what
    the folder's name does not lead to is not read."""
    run = write_run(tmp_path / "run")
    first, *others = write_folders(read_run(run), run)
    script = first / SCRIPT
    script.write_text("print('<b>still</b>')\n\x1b[31mred\n")
    told = verb("report", run, "--format", "html").out
    assert "&lt;b&gt;still&lt;/b&gt;" in told
    assert "\\x1b[31mred" in told
    assert str(script) in told
    form = json.loads(verb("report", run, "--format", "json").out)
    assert form["findings"][0]["reproducer"] == str(script)
    for folder in (first, *others):
        shutil.rmtree(folder)
    assert "The reproducer" not in verb("report", run, "--format", "html").out


def test_a_named_history_is_made_and_read(verb: Verb, tmp_path: Path) -> None:
    """The second run of a history is told with what changed since the first."""
    history = tmp_path / "mine.sqlite"
    for number in (1, 2):
        run = write_run(tmp_path / str(number), started=number * 86_400.0)
        said = verb("report", run, "--format", "html", "--history", history)
        assert said.status == 0
    assert "Nothing, since the run of 1970-01-02" in said.out
