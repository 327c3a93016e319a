"""The cache folder: where it is, whole targets alone, one writer at a time."""

import fcntl
import os
from pathlib import Path

import pytest

from harness.target.provision.cache import (
    Cache,
    Download,
    Record,
    default_folder,
    writing,
)
from harness.target.provision.errors import ProvisionError
from harness.target.target import Target


def finished(cache: Cache, name: str = "openssl:3.5.9") -> Record:
    """A target in the cache."""
    with writing(cache, print) as held:
        folder = held.begin(name)
        (folder / "lib").mkdir()
        library = str(folder / "lib")
        target = Target(name, ("python3", library), {"LD_LIBRARY_PATH": library})
        downloads = (Download("x.whl", "1", 5, "0" * 64),)
        return held.finish(
            folder, Record(name, "by hand", 1, 0.5, target, (), downloads)
        )


def test_where_it_is() -> None:
    """A variable of ours, then the platform's."""
    assert default_folder({"VERIFYFLAGS_CACHE": "/a"}) == Path("/a")
    assert default_folder({"XDG_CACHE_HOME": "/b"}) == Path("/b/verifyflags")
    assert default_folder({}) == Path.home() / ".cache" / "verifyflags"


def test_a_cache_can_be_moved(cache: Cache, tmp_path: Path) -> None:
    """What is written down of a target names no folder outside of it."""
    kept = finished(cache)
    moved = Cache(tmp_path / "elsewhere")
    cache.folder.rename(moved.folder)
    assert moved.records() == (kept,)
    (target,) = moved.targets()
    library = str(moved.folder / "targets" / "openssl-3.5.9" / "lib")
    assert target.argv == ("python3", library)
    assert target.env == {"LD_LIBRARY_PATH": library}


def test_what_has_no_whole_record_is_no_target(cache: Cache) -> None:
    """Neither a folder without one, nor one that was cut short."""
    finished(cache)
    (cache.folder / "targets" / "debian-sid").mkdir()
    record = cache.of("openssl:3.5.9") / "record.json"
    record.write_text(record.read_text()[:50])
    assert cache.records() == ()


def test_one_made_again_takes_the_place_of_the_old(cache: Cache) -> None:
    """There is never none, and nothing of the old one stays."""
    finished(cache)
    old = cache.of("openssl:3.5.9") / "old"
    old.touch()
    finished(cache)
    assert len(cache.records()) == 1
    assert not old.exists()


def test_one_writes_at_a_time(cache: Cache) -> None:
    """The second waits, and says so; here the first goes away when it is told."""
    cache.folder.mkdir()
    first = os.open(cache.folder / "lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(first, fcntl.LOCK_EX)
    said = []

    def wait(line: str) -> None:
        said.append(line)
        os.close(first)

    with writing(cache, wait):
        pass
    assert said == [f"waiting: {cache.folder} is being written to by another command"]


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    """One that is a file, and one that the loader would take for two."""
    (tmp_path / "file").touch()
    with (
        pytest.raises(ProvisionError, match="file"),
        writing(Cache(tmp_path / "file"), print),
    ):
        pass
    with (
        pytest.raises(ProvisionError, match="colon"),
        writing(Cache(tmp_path / "a:b"), print),
    ):
        pass
