"""The folder that provisioned targets live in, and what is written down about each.

    lock            held by whoever adds or removes, and by the clients they started
    downloads/      what registries gave; may be deleted at any time
    new/            targets being made; what is there when nobody adds is left over
    targets/NAME/   whole targets, each with its record.json

A target is made under ``new/`` and renamed when it is complete, so there are no halves.
"""

import contextlib
import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Self

from harness.target.provision.errors import ProvisionError, of_system
from harness.target.target import Target
from harness.wire import WireError, from_json, to_json

VARIABLE: Final = "VERIFYFLAGS_CACHE"
RECORD: Final = "record.json"
_HERE: Final = "{target}"
_CACHE: Final = "{cache}"


@dataclass(frozen=True, slots=True)
class Download:
    """One file that a registry gave."""

    file: str
    version: str
    """The version of what is in it."""
    size: int
    """Octets."""
    sha256: str


@dataclass(frozen=True, slots=True)
class Record:
    """What is known about a provisioned target. Texts of ``target`` may begin with
    ``{target}`` or ``{cache}``, the folders it is found in."""

    name: str
    made: str
    """How it was made, for people."""
    at: int
    """When, seconds since the epoch."""
    seconds: float
    """How long it took."""
    target: Target
    needs: tuple[str, ...] = ()
    """Names of provisioned targets that it cannot do without."""
    downloads: tuple[Download, ...] = ()
    version: int = 1


def default_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """``VERIFYFLAGS_CACHE``, or ``verifyflags`` in the user's cache folder."""
    if named := environment.get(VARIABLE):
        return Path(named).absolute()
    home = environment.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache").absolute() / "verifyflags"


@dataclass(frozen=True, slots=True)
class Cache:
    """The folder, read."""

    folder: Path

    @classmethod
    def default(cls) -> Self:
        """The one that the environment names."""
        return cls(default_folder())

    @property
    def downloads(self) -> Path:
        """What registries gave."""
        return self.folder / "downloads"

    def of(self, name: str) -> Path:
        """Where a target of that name lives. No colon: the dynamic loader and
        ``PATH`` take one for the end of a folder's name."""
        return self.folder / "targets" / name.replace(":", "-", 1)

    def records(self) -> tuple[Record, ...]:
        """Every whole target, by name; a folder without a record is none."""
        found = []
        for path in sorted(self.folder.glob(f"targets/*/{RECORD}")):
            with contextlib.suppress(OSError, ValueError, WireError):
                record: Record = from_json(json.loads(path.read_text("utf-8")), Record)
                found.append(record)
        return tuple(sorted(found, key=lambda record: record.name))

    def record(self, name: str) -> Record | None:
        """The record of that target, if it is there."""
        return next((item for item in self.records() if item.name == name), None)

    def target(self, record: Record) -> Target:
        """The target as it is started, its folders filled in."""
        return _mapped(record.target, lambda text: self._filled(text, record.name))

    def targets(self) -> tuple[Target, ...]:
        """Every provisioned target."""
        return tuple(self.target(record) for record in self.records())

    def _filled(self, text: str, name: str) -> str:
        return text.replace(_HERE, str(self.of(name))).replace(_CACHE, str(self.folder))


def _mapped(target: Target, change: Callable[[str], str]) -> Target:
    return replace(
        target,
        argv=tuple(map(change, target.argv)),
        env={name: change(value) for name, value in target.env.items()},
        path=tuple(map(change, target.path)),
    )


@dataclass(frozen=True, slots=True)
class Writing:
    """The folder, locked for writing. ``lock`` is the descriptor that holds it: a
    client that is given it too holds the lock as long as it lives."""

    cache: Cache
    lock: int

    def begin(self, name: str) -> Path:
        """A new folder to make a target in. Raises ``ProvisionError``."""
        try:
            new = self.cache.folder / "new"
            new.mkdir(exist_ok=True)
            prefix = name.replace(":", "-") + "-"
            return Path(tempfile.mkdtemp(prefix=prefix, dir=new))
        except OSError as error:
            raise of_system(error, str(self.cache.folder)) from error

    def finish(self, folder: Path, record: Record) -> Record:
        """Make the target that was made in ``folder`` one of the cache's, in the place
        of what had its name; its record as it is kept. Raises ``ProvisionError``."""
        home = self.cache.of(record.name)

        def emptied(text: str) -> str:
            told = text.replace(str(folder), _HERE).replace(str(home), _HERE)
            return told.replace(str(self.cache.folder), _CACHE)

        kept = replace(record, target=_mapped(record.target, emptied))
        try:
            text = json.dumps(to_json(kept), indent=1)
            (folder / RECORD).write_text(text + "\n", "utf-8")
            folder.chmod(0o755)
            home.parent.mkdir(exist_ok=True)
            self._set_aside(home)
            folder.rename(home)
        except OSError as error:
            raise of_system(error, str(home)) from error
        return kept

    def remove(self, name: str) -> None:
        """Remove a target. Raises ``ProvisionError``."""
        self._set_aside(self.cache.of(name))

    def forget_downloads(self) -> int:
        """Remove what was downloaded; the octets that were freed."""
        freed = sum(
            path.lstat().st_size
            for path in self.cache.downloads.rglob("*")
            if not path.is_dir()
        )
        shutil.rmtree(self.cache.downloads, ignore_errors=True)
        return freed

    def _set_aside(self, home: Path) -> None:
        """Take a target out of sight in one step, then remove it."""
        if home.exists():
            aside = self.begin("old")
            home.rename(aside / "was")
            shutil.rmtree(aside, ignore_errors=True)


@contextlib.contextmanager
def writing(cache: Cache, wait: Callable[[str], None]) -> Iterator[Writing]:
    """Lock the folder, and clear away what an interrupted ``add`` left half made.

    ``wait`` is told before waiting for another one. Raises ``ProvisionError`` where the
    folder cannot be written to.
    """
    if ":" in str(cache.folder) or ";" in str(cache.folder):
        raise ProvisionError(
            f"{VARIABLE} {cache.folder}: the dynamic loader cannot look into a folder "
            "whose name has a colon or a semicolon"
        )
    try:
        cache.folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(cache.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
    except OSError as error:
        raise of_system(error, f"cache folder {cache.folder}") from error
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            wait(f"waiting: {cache.folder} is being written to by another command")
            fcntl.flock(lock, fcntl.LOCK_EX)
        shutil.rmtree(cache.folder / "new", ignore_errors=True)
        yield Writing(cache, lock)
        shutil.rmtree(cache.folder / "new", ignore_errors=True)
    finally:
        os.close(lock)


def described(record: Record, folder: Path) -> dict[str, Any]:
    """A record as JSON shows it, with the size of its folder in octets."""
    size = sum(path.lstat().st_size for path in folder.rglob("*"))
    return {**to_json(record), "size": size}
