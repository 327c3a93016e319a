"""``targets add``, ``remove``, ``available``: what is said, and the exit status."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from harness.target.provision.adding import Result
from harness.target.provision.cache import Cache, Record, writing
from harness.target.provision.errors import ProvisionError
from harness.target.target import Target
from harness.verbs.choosing import UsageError, chosen_targets
from tests.verbs.conftest import TargetsFile, Verb


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cache:
    """An empty cache, and a machine on which nothing is installed."""
    monkeypatch.setenv("VERIFYFLAGS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "none"))
    monkeypatch.setenv("UV_PYTHON_INSTALL_DIR", str(tmp_path / "none"))
    return Cache(tmp_path / "cache")


def put(cache: Cache, name: str, *argv: str) -> Record:
    """A target in the cache, started so."""
    target = Target(name, argv or (sys.executable,))
    with writing(cache, print) as held:
        record = Record(name, "by hand", 1, 2.5, target)
        return held.finish(held.begin(name), record)


def test_what_is_there_is_used_by_its_id(verb: Verb, cache: Cache) -> None:
    """It is listed with how it was made, and every verb takes its id."""
    put(cache, "openssl:3.5.9")
    text = verb("targets").out.splitlines()[-1]
    assert text.startswith("openssl:3.5.9: ")
    assert text.endswith("; sane; by hand")
    form = verb("targets", "list", "--json").lines[-1]
    assert form["made"]["made"] == "by hand"
    assert form["made"]["size"] > 0
    (chosen,) = chosen_targets(("openssl:3.5.9",), None)
    assert chosen.argv == (sys.executable,)


def test_a_name_means_all_that_came_of_it(cache: Cache) -> None:
    """A suite of several Pythons is several targets."""
    for name in ("debian:sid-3.13", "debian:sid-3.14", "debian:trixie"):
        put(cache, name)
    found = chosen_targets(("debian:sid",), None)
    assert [target.id for target in found] == ["debian:sid-3.13", "debian:sid-3.14"]
    with pytest.raises(UsageError, match="debian:sid-3: no such target"):
        chosen_targets(("debian:sid-3",), None)


def test_all_means_those_that_start(
    cache: Cache,
    targets_file: TargetsFile,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What does not start is named, and left out; a file's targets are among them."""
    put(cache, "openssl:3.5.9")
    put(cache, "openssl:3.4.1", "/no/such/python")
    path = targets_file(Target("mine", (sys.executable,)))
    found = chosen_targets(("all",), path)
    assert [target.id for target in found] == ["here", "openssl:3.5.9", "mine"]
    assert "left out: openssl:3.4.1: /no/such/python" in capsys.readouterr().err


def test_adding(verb: Verb, cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each with its time, size and what it is; 2 where one failed, after the others."""
    record = put(cache, "openssl:3.5.9")
    results = [
        Result("openssl:9", why="is not there any more"),
        Result("openssl:3.5.9", record, "", 2.5, 7_000_000),
    ]

    def made(*_: object, again: bool) -> Iterator[Result]:
        assert again
        yield from results

    monkeypatch.setattr("harness.verbs.provisioning.add", made)
    said = verb("targets", "add", "--again", "openssl:9", "openssl:3.5.9")
    assert said.status == 2
    assert "openssl:9: FAILED: is not there any more" in said.err
    assert "openssl:3.5.9: added in 2.5 s, 7 MB: cpython " in said.err
    assert said.out.startswith(f"1 of 2 are here, 7 MB in {cache.folder}, ")
    forms = verb("targets", "add", "--json", "--again", "openssl:9").lines
    assert [form["because"] for form in forms] == ["is not there any more", ""]
    del results[0]
    assert verb("targets", "add", "--again", "openssl:3.5.9").status == 0


def test_wrong_names_are_wrong_usage(
    verb: Verb, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is done, and the message has the name."""
    said = verb("targets", "add", "openssl:9.9")
    assert (said.status, said.out) == (2, "")
    assert said.err.startswith("verifyflags: openssl:9.9: no such target; ")
    assert not cache.folder.exists()
    said = verb("targets", "remove", "openssl:3.5.9")
    assert said.status == 2
    assert "openssl:3.5.9: is not there; there are: none" in said.err
    assert verb("targets", "remove").status == 2

    def broken(*_: Sequence[str], again: bool) -> Iterator[Result]:
        raise ProvisionError(f"cache folder: no room, again={again}")

    monkeypatch.setattr("harness.verbs.provisioning.add", broken)
    assert verb("targets", "add", "core").err == (
        "verifyflags: cache folder: no room, again=False\n"
    )


def test_removing(verb: Verb, cache: Cache) -> None:
    """What is freed is said."""
    put(cache, "openssl:3.5.9")
    cache.downloads.mkdir()
    (cache.downloads / "x.whl").write_bytes(bytes(2_000_000))
    assert verb("targets", "remove", "openssl:3.5.9").status == 0
    assert not cache.targets()
    said = verb("targets", "remove", "--downloads")
    assert said.out == f"2 MB freed in {cache.folder}\n"


def test_what_is_available(verb: Verb) -> None:
    """A line each, as text or JSON."""
    lines = verb("targets", "available").out.splitlines()
    forms = verb("targets", "available", "--json").lines
    assert [line.split()[0] for line in lines] == [form["name"] for form in forms]
    assert "core" in lines[0]
