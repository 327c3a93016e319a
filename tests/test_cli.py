"""The command line: wrong usage says what and where, and ends with status 2."""

import json
import shlex
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from harness.campaign.launch import command
from harness.campaign.plan import Plan
from harness.cli import main, parser
from harness.flags import Flags
from harness.target.target import Target
from harness.verbs.choosing import UsageError, chosen_targets, new_folder
from harness.verbs.run import Progress


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ([], "VERB"),
        (["explain"], "invalid choice: 'explain'"),
        (["run", "--seconds", "0"], "invalid positive float value: '0'"),
        (["run", "--seconds", "-3"], "invalid positive float value: '-3'"),
        (["run", "--seconds", "nan"], "invalid positive float value: 'nan'"),
        (["run", "--examples", "1.5"], "invalid positive int value: '1.5'"),
        (["run", "--examples", "-1"], "invalid positive int value: '-1'"),
        (["run", "--workers", "0"], "invalid positive int value: '0'"),
        (["run", "--seed", "-1"], "-1 is negative"),
        (["run", "--shrinking", "-1"], "-1 is no length of time"),
        (["run", "--shrinking", "nan"], "nan is no length of time"),
        (["run", "--seconds", "1", "--examples", "1"], "not allowed with"),
        (["run", "--sec", "1"], "unrecognized arguments"),
        (["check"], "SUITE"),
        (["check", "x.json", "--flags", "CRL_CHEK"], "'CRL_CHEK' is none of"),
        (["check", "x.json", "--flags", "0xZZ"], "'0xZZ' is not a number"),
        (["replay"], "DIR"),
    ],
)
def test_wrong_arguments_are_2(
    argv: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The parser refuses them, with the value, on standard error."""
    with pytest.raises(SystemExit) as ended:
        main(argv)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["run", "--target", "nobody"], "--target nobody: no such target; there are:"),
        (["run", "--targets-file", "no.toml"], "--targets-file no.toml: "),
        (["run", "--out", "file"], "--out file: is not a directory"),
        (["run", "--out", "full"], "--out full: is not empty"),
        (["check", "no.json"], "no.json: No such file"),
        (["check", "file"], "file: is not JSON"),
        (["check", "suite.json", "--target", "nobody"], "--target nobody"),
        (["run", "--out", "new", "--history", "file"], "file: is no history"),
        (["replay", "no"], "no: is not a directory"),
        (["replay", "empty"], "empty: no findings.jsonl in it"),
        (["replay", "cut"], "findings.jsonl, line 1: cut short"),
        (["targets", "--targets-file", "file"], "--targets-file file: "),
    ],
)
def test_wrong_input_is_2(
    argv: list[str],
    said: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The message has the value and its place, and nothing is on standard output."""
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("not = [what is wanted")
    for folder in ("full", "empty", "cut"):
        Path(folder).mkdir()
    Path("full/findings.jsonl").touch()
    Path("cut/findings.jsonl").write_text('{"kind": "hea')
    Path("suite.json").write_text('{"version": 1, "testcases": []}')
    assert main(argv) == 2
    shown = capsys.readouterr()
    assert shown.err.startswith("verifyflags: ")
    assert said in shown.err
    assert shown.out == ""


def test_the_default_target_is_the_one_that_runs_us() -> None:
    """Only that one, and it can be named too."""
    (target,) = chosen_targets((), None)
    assert target.argv == (sys.executable,)
    assert chosen_targets(("here", "here"), None) == (target,)


def test_targets_of_a_file(tmp_path: Path) -> None:
    """Without a name all of them; by name those, in the order of the names."""
    path = tmp_path / "targets.toml"
    entries = [f'[[target]]\nid = "{name}"\nargv = ["/{name}"]\n' for name in "abc"]
    path.write_text("".join(entries))
    assert [target.id for target in chosen_targets((), path)] == ["a", "b", "c"]
    chosen = chosen_targets(("c", "here", "a"), path)
    assert [target.id for target in chosen] == ["c", "here", "a"]
    with pytest.raises(UsageError, match="--target d: no such target"):
        chosen_targets(("d",), path)


def test_runs_get_a_folder_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that is not told where to write takes the next number."""
    monkeypatch.chdir(tmp_path)
    folders = [new_folder(None) for _ in range(3)]
    assert [str(folder) for folder in folders] == [
        f"verifyflags-out/{number}" for number in (1, 2, 3)
    ]


def test_flags_are_taken_in_every_form() -> None:
    """Names, numbers and presets."""
    arguments = parser().parse_args(
        ["check", "s", "--flags", "CRL_CHECK_LEAF", "--flags", "0x8000|X509_STRICT"]
    )
    assert arguments.flags == [Flags(4), Flags(0x8020)]


def test_a_run_says_how_to_repeat_it() -> None:
    """The command is one that the parser takes, with the seed and the budget."""
    plan = Plan(
        "out", (Target("a b", ("/a",)),), seed=9, now=1, started=1.0, examples=12
    )
    words = command(plan)
    assert words == "verifyflags run --seed 9 --examples 12 --target 'a b'"
    named = replace(plan, targets_file="t.toml", first=True)
    taken = parser().parse_args(shlex.split(command(named))[1:])
    assert (taken.targets_file, taken.first) == (Path("t.toml"), True)


class Terminal:
    """A stream that says whether it is a terminal."""

    def __init__(self, *, tty: bool) -> None:
        self.text = ""
        self._tty = tty

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self._tty

    def write(self, text: str) -> int:
        """Keep the text."""
        self.text += text
        return len(text)

    def flush(self) -> None:
        """Do nothing."""


@pytest.mark.parametrize(
    ("tty", "no_color", "redrawn"),
    [(True, "", True), (True, "1", False), (False, "", False)],
)
def test_progress_is_redrawn_on_a_terminal_alone(
    *, tty: bool, no_color: str, redrawn: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Elsewhere, and under NO_COLOR, plain lines come now and then."""
    monkeypatch.setenv("NO_COLOR", no_color)
    stream = Terminal(tty=tty)
    moments = iter(range(40))
    progress = Progress(stream, 0.0, lambda: float(next(moments)))  # type: ignore[arg-type]
    for _ in range(40):
        progress.tell({"cases": 5, "verdicts": 70})
    progress.end()
    assert ("\r" in stream.text) is redrawn
    assert "5 cases, 70 verdicts, 0 findings" in stream.text
    if not redrawn:
        assert stream.text.count("\n") == 2


def test_the_module_is_the_command_line() -> None:
    """``python -m harness`` prints the help that names every verb."""
    done = subprocess.run(
        [sys.executable, "-m", "harness", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    for verb in ("run", "check", "targets", "replay"):
        assert f"\n    {verb}" in done.stdout


def test_an_empty_suite_is_inconclusive(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing asked is 3, and the summary line is there all the same."""
    path = tmp_path / "empty.json"
    path.write_text('{"version": 1, "testcases": []}')
    assert main(["check", str(path), "--json"]) == 3
    assert json.loads(capsys.readouterr().out) == {"summary": {}}


def test_a_target_that_cannot_start_is_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is said after the others have been asked."""
    suite = tmp_path / "empty.json"
    suite.write_text('{"version": 1, "testcases": []}')
    path = tmp_path / "targets.toml"
    path.write_text('[[target]]\nid = "gone"\nargv = ["/no/such/python"]\n')
    assert main(["check", str(suite), "--targets-file", str(path)]) == 2
    assert "gone cannot be asked" in capsys.readouterr().out
