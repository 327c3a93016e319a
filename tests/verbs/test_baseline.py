"""``diff --record`` and ``--baseline``: this interpreter, and targets that lie."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.target.target import Target
from tests.verbs.conftest import TargetsFile, Verb
from tests.verbs.test_diff import LIAR, ME, run_quietly, suite

__all__ = ["suite"]

FakeTarget = Callable[[str], Target]


@pytest.fixture(scope="module")
def recorded(
    targets_file: TargetsFile, suite: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """What this interpreter answers to a suite."""
    path = tmp_path_factory.mktemp("baseline") / "me.jsonl"
    words = ("diff", "me", "--record", path, "--targets-file", targets_file(ME))
    assert run_quietly(*words, "--suite", suite) == 0
    return path


def test_the_same_target_has_not_changed(
    verb: Verb, recorded: Path, targets_file: TargetsFile
) -> None:
    """Status 0, all of it compared."""
    file = targets_file(ME)
    said = verb("diff", "me", "--baseline", recorded, "--targets-file", file, "--json")
    assert said.status == 0
    assert said.lines[-1]["rows"] > 20
    assert said.lines[-1]["changed"] == 0


def test_a_looser_target_fails(
    verb: Verb,
    recorded: Path,
    targets_file: TargetsFile,
    fake_target: FakeTarget,
    tmp_path: Path,
) -> None:
    """Status 1, and what is loosened is told, and written."""
    file = targets_file(fake_target(LIAR))
    out = tmp_path / "out"
    words = ("diff", "--baseline", recorded, "--targets-file", file, "--out", out)
    said = verb(*words)
    assert said.status == 1
    assert "loosened: rejected 85" in said.out
    assert (out / "diff.jsonl").is_file()


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--baseline", "/no/such"), "--baseline /no/such: No such file"),
        (("--record", "x", "--baseline", "x"), "one of them, not both"),
        (("--baseline", "x", "--suite", "pkits"), "--suite: a baseline has cases"),
        (("a", "b", "--baseline", "x"), "b: one target is compared with a file"),
        (("--record", sys.executable), "is there, and nothing is overwritten"),
        (("--record", "x", "--out", "y"), "--out: not with --record"),
        (("--record", "/no/such/folder/x", "here"), "/no/such/folder/x: No such file"),
    ],
)
def test_wrong_usage_is_told(
    verb: Verb, words: tuple[str, ...], complaint: str
) -> None:
    """The value that is wrong and its place, status 2."""
    said = verb("diff", *words)
    assert said.status == 2
    assert complaint in said.err


def test_a_file_that_was_cut_short(verb: Verb, recorded: Path, tmp_path: Path) -> None:
    """Status 2, with the place."""
    cut = tmp_path / "cut.jsonl"
    cut.write_text(recorded.read_text()[:-30])
    said = verb("diff", "--baseline", cut)
    assert said.status == 2
    assert "cut short" in said.err


def test_a_target_that_cannot_start(
    verb: Verb, recorded: Path, targets_file: TargetsFile, unstartable: Target
) -> None:
    """Status 2, and the reason."""
    file = targets_file(unstartable)
    said = verb("diff", "--baseline", recorded, "--targets-file", file)
    assert said.status == 2
    assert "nowhere" in said.err
