"""Wheels, by the machine's own pip: where it fetches from is its configuration's say,
and it checks what it gets against the hashes of its index."""

import hashlib
import json
import shutil
import sys
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

from harness.target.provision.cache import Download
from harness.target.provision.clients import Run
from harness.target.provision.errors import ProvisionError, of_system, said_by

_WAITS: Final = ("--retries", "2", "--timeout", "30")
_RECEIPT: Final = "receipt.json"


@dataclass(frozen=True, slots=True)
class Fetched:
    """Wheels on disk, each as its registry gave it."""

    files: tuple[Path, ...]
    downloads: tuple[Download, ...]


@dataclass(frozen=True, slots=True)
class Pip:
    """Fetches wheels into ``folder``, one time each."""

    run: Run
    folder: Path
    argv: tuple[str, ...]
    """What starts pip."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def fetch(
        self, requirements: Sequence[str], python: str, *, alone: bool = False
    ) -> Fetched:
        """The wheels of these requirements, and unless they are wanted ``alone`` of
        what they require, for that CPython. Raises ``ProvisionError``."""
        what = ", ".join(requirements)
        key = hashlib.sha256(f"{what} {python} {alone}".encode()).hexdigest()[:12]
        name = requirements[0].replace("==", "-")
        home = self.folder / f"{name}-py{python}-{key}"
        try:
            kept = _kept(home)
            return kept or self._new(home, requirements, python, alone=alone)
        except OSError as error:
            raise of_system(error, what) from error

    def _new(
        self, home: Path, requirements: Sequence[str], python: str, *, alone: bool
    ) -> Fetched:
        self.folder.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(prefix="partial-", dir=self.folder))
        argv = [
            *(*self.argv, "download", "--quiet", "--disable-pip-version-check"),
            *("--only-binary", ":all:", "--python-version", python),
            *("--implementation", "cp", "--no-input", *_WAITS),
            *(*(("--no-deps",) if alone else ()), "-d", str(new), *requirements),
        ]
        try:
            # pip's own scratch files go where ours do, and are cleared like ours.
            done = self.run(argv, folder=new, env={"TMPDIR": str(new)})
            wheels = sorted(new.glob("*.whl"))
            if done.status or not wheels:
                raise said_by("pip", ", ".join(requirements), done.said)
            for leftover in new.iterdir():
                if leftover.is_dir():
                    shutil.rmtree(leftover)
            receipt = {path.name: _sha256(path) for path in wheels}
            (new / _RECEIPT).write_text(json.dumps(receipt), "utf-8")
            shutil.rmtree(home, ignore_errors=True)
            new.rename(home)
        finally:
            shutil.rmtree(new, ignore_errors=True)
        kept = _kept(home)
        if kept is None:
            raise ProvisionError(f"{home}: changed while it was looked at")
        return kept


def _kept(home: Path) -> Fetched | None:
    """What was fetched before, if every octet of it is still there."""
    try:
        receipt = json.loads((home / _RECEIPT).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    paths = tuple(home / name for name in sorted(receipt))
    if not all(
        path.is_file() and _sha256(path) == receipt[path.name] for path in paths
    ):
        return None
    return Fetched(paths, tuple(map(_download, paths)))


def _download(path: Path) -> Download:
    version = path.name.split("-")[1]
    return Download(path.name, version, path.stat().st_size, _sha256(path))


@lru_cache(maxsize=512)
def _digest(path: Path, _size: int, _changed: int) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _sha256(path: Path) -> str:
    state = path.stat()
    return _digest(path, state.st_size, state.st_mtime_ns)


def unpack(wheels: Sequence[Path], folder: Path) -> None:
    """What wheels hold, as it lies in a folder of ``sys.path``. Raises
    ``ProvisionError``."""
    try:
        for wheel in wheels:
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(folder)
    except OSError as error:
        raise of_system(error, str(folder)) from error
    except zipfile.BadZipFile as error:
        raise ProvisionError(f"{wheel}: is no wheel: {error}") from error


def starts(programs: Callable[[], Iterator[str]]) -> Iterator[tuple[str, ...]]:
    """What may start a pip, the nearest first: ours, then those that are found."""
    yield (sys.executable, "-m", "pip")
    base = getattr(sys, "_base_executable", sys.executable)
    if base != sys.executable:
        yield (base, "-m", "pip")
    for program in programs():
        yield (program, "-m", "pip")


def find(run: Run, cache: Path, programs: Callable[[], Iterator[str]]) -> Pip | None:
    """A pip that answers, for that cache folder; None if there is none."""
    for argv in starts(programs):
        try:
            done = run([*argv, "--version"], folder=cache)
        except ProvisionError:
            continue
        if done.status == 0 and done.out.startswith("pip "):
            return Pip(run, cache / "downloads" / "wheels", argv)
    return None
