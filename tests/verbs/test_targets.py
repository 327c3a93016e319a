"""``targets``: what is listed, and which of them may fail to start."""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from harness.target.target import LIBCRYPTO, Target
from harness.verbs.choosing import UsageError, chosen_targets
from harness.wire import to_json
from tests.fakes.lying import BREAKS_ON
from tests.verbs.conftest import TargetsFile, Verb

FakeTarget = Callable[..., Target]

VERSION = ".".join(str(number) for number in sys.version_info[:3])
FOUND = f"{sys.implementation.name}-{VERSION}"
"""The id by which discovery knows the interpreter that runs us."""


@pytest.fixture(autouse=True)
def found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Discovery finds one interpreter alone: the one that runs us."""
    real = Path(sys.executable).resolve()
    (tmp_path / "python3").symlink_to(real)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "none"))
    monkeypatch.setenv("UV_PYTHON_INSTALL_DIR", str(tmp_path / "none"))
    return real


def test_what_is_found_is_listed(verb: Verb, found: Path) -> None:
    """One line each: id, versions, whether it is sane, how it is started."""
    said = verb("targets")
    assert (said.status, said.err) == (0, "")
    by_id = {line.partition(":")[0]: line for line in said.out.splitlines()}
    assert list(by_id) == [FOUND, "here"]
    for line, program in ((by_id[FOUND], str(found)), (by_id["here"], sys.executable)):
        assert f": {sys.implementation.name} {VERSION}, OpenSSL " in line
        assert line.endswith(f"; engine ssl; sane; {program}")


def test_those_of_a_file_must_start(
    verb: Verb,
    fake_target: FakeTarget,
    unstartable: Target,
    targets_file: TargetsFile,
) -> None:
    """The others are listed all the same, and the status is 2."""
    path = targets_file(unstartable, fake_target("code_changed"))
    said = verb("targets", "--targets-file", path)
    assert said.status == 2
    lines = said.out.splitlines()
    ids = [line.partition(":")[0] for line in lines]
    assert ids == [FOUND, "here", "nowhere", "code_changed"]
    assert lines[2].startswith("nowhere: unusable: ")
    assert "/no/such/python" in lines[2]
    assert f"; sane; {sys.executable}" in lines[3]


def test_the_engine_is_listed(verb: Verb, targets_file: TargetsFile) -> None:
    """One interpreter is listed through each engine that its entries name."""
    target = Target("alone", (sys.executable,), engine=LIBCRYPTO)
    path = targets_file(target, replace(target, id="whole", engine="ssl"))
    *_, alone, whole = verb("targets", "--targets-file", path).out.splitlines()
    assert f"; engine libcrypto; sane; {sys.executable}" in alone
    assert f"; engine ssl; sane; {sys.executable}" in whole


def test_the_json_has_start_identity_and_reason(
    verb: Verb,
    fake_target: FakeTarget,
    unstartable: Target,
    targets_file: TargetsFile,
) -> None:
    """No identity where it cannot start, and then the reason."""
    good = fake_target("code_changed")
    path = targets_file(good, unstartable)
    said = verb("targets", "--json", "--targets-file", path)
    assert said.status == 2
    by_id = {line["id"]: line for line in said.lines}
    assert list(by_id) == [FOUND, "here", "code_changed", "nowhere"]
    for line in said.lines:
        assert list(line) == ["id", "start", "identity", "because", "made"]
        assert line["made"] is None
    assert by_id["code_changed"]["start"] == to_json(good)
    assert by_id["code_changed"]["identity"]["python"] == list(sys.version_info[:3])
    assert by_id["code_changed"]["identity"]["sane"] is True
    assert by_id["code_changed"]["because"] == ""
    assert by_id["nowhere"]["identity"] is None
    assert "/no/such/python" in by_id["nowhere"]["because"]


def test_what_is_found_may_be_unusable(
    verb: Verb, unstartable: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An interpreter that nobody named is an answer like any other."""
    monkeypatch.setattr("harness.verbs.choosing.discover", lambda: (unstartable,))
    said = verb("targets")
    assert said.status == 0
    first, second = said.out.splitlines()
    assert first.startswith("nowhere: unusable: ")
    assert second.startswith("here: ")


def test_an_insane_target_is_told(
    verb: Verb, fake_target: FakeTarget, targets_file: TargetsFile
) -> None:
    """It starts, and cannot answer what everybody answers; that it did start is what
    the status is about."""
    path = targets_file(fake_target("garbage", {BREAKS_ON: "0"}))
    text = verb("targets", "--targets-file", path)
    form = verb("targets", "--json", "--targets-file", path)
    assert text.out.splitlines()[-1].startswith("garbage: ")
    assert "; not sane: " in text.out.splitlines()[-1]
    assert form.lines[-1]["identity"]["sane"] is False
    assert form.lines[-1]["because"] != ""
    assert (text.status, form.status) == (0, 0)


def test_a_files_target_takes_the_place_of_one_found(
    verb: Verb, unstartable: Target, targets_file: TargetsFile
) -> None:
    """Of two with one id, the one that was named is meant."""
    other = Target("here", unstartable.argv)
    path = targets_file(other)
    said = verb("targets", "--json", "--targets-file", path)
    assert said.status == 2
    assert [line["id"] for line in said.lines] == [FOUND, "here"]
    assert said.lines[1]["start"]["argv"] == list(unstartable.argv)
    assert chosen_targets(("here",), path) == (other,)


def test_one_found_can_be_named(found: Path) -> None:
    """By the id that it is listed under."""
    assert chosen_targets((FOUND,), None) == (Target(FOUND, (str(found),)),)
    with pytest.raises(UsageError, match=f"nobody: .*; there are: {FOUND}, here"):
        chosen_targets(("nobody",), None)


def test_a_file_without_targets_is_refused_where_they_are_meant(
    verb: Verb, targets_file: TargetsFile
) -> None:
    """It does not fall back to another one; to name one besides is no error."""
    path = targets_file()
    said = verb("check", "pkits", "--targets-file", path)
    assert (said.status, said.out) == (2, "")
    assert f"--targets-file {path}: names no target" in said.err
    assert [target.id for target in chosen_targets(("here",), path)] == ["here"]


def test_a_file_that_is_wrong_is_named_once(verb: Verb, tmp_path: Path) -> None:
    """With the entry and the key."""
    path = tmp_path / "targets.toml"
    path.write_text('[[target]]\nid = "x"\n')
    said = verb("targets", "--targets-file", path)
    assert (said.status, said.out) == (2, "")
    wanted = f"--targets-file {path}: target 1: argv: missing or empty"
    assert said.err == f"verifyflags: {wanted}\n"
