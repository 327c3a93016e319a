"""Debian packages, by the machine's own apt in a private folder, as whoever we are.

Nothing is installed: apt resolves against an empty system, verifies the signature of
the suite and the hash of each package, and leaves files. Source: apt.conf(5).
"""

import hashlib
import os
import re
import shlex
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from harness.target.provision.cache import Download
from harness.target.provision.clients import Run
from harness.target.provision.errors import ProvisionError, of_system, said_by
from harness.target.provision.sources import Source, mirror

ARCHITECTURE: Final = "amd64"
_URI: Final = re.compile(r"'([^']+)' (\S+) (\d+)(?: SHA256:([0-9a-f]{64}))?")
_NOT_VERSION: Final = re.compile(r"(_[a-z0-9]+)?\.(deb|dsc|orig\.|debian\.).*$")
"""What follows the version in the name of a file of Debian's."""
_CONFIGURATION: Final = """\
#clear APT::Architectures;
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Pre-Invoke;
#clear DPkg::Post-Invoke;
#clear DPkg::Pre-Install-Pkgs;
APT::Architecture "{architecture}";
APT::Architectures {{ "{architecture}"; }};
APT::Install-Recommends "0";
APT::Sandbox::User "";
APT::Update::Error-Mode "any";
Acquire::ForceHash "SHA256";
Acquire::Languages "none";
Acquire::Retries "2";
Acquire::http::Timeout "30";
Acquire::https::Timeout "30";
Dir::State "{folder}/state";
Dir::State::status "{folder}/state/status";
Dir::Cache "{folder}/cache";
Dir::Etc::sourcelist "{folder}/etc/sources.list";
Dir::Etc::sourceparts "{folder}/etc/none.d";
Dir::Etc::preferences "{folder}/etc/none";
Dir::Etc::preferencesparts "{folder}/etc/none.d";
"""


@dataclass(frozen=True, slots=True)
class Package:
    """A file of Debian's, fetched."""

    path: Path
    download: Download


@dataclass(frozen=True, slots=True)
class _Wanted:
    file: str
    size: int
    sha256: str


@dataclass(slots=True)
class Apt:
    """The packages of one suite; ``folder`` is private to it."""

    run: Run
    folder: Path
    suite: str
    mirrors: Callable[[bool], Source] = field(
        default=lambda security: mirror(security=security)
    )
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _updated: bool = False

    def update(self) -> None:
        """Fetch the suite's indexes, once. Raises ``ProvisionError``."""
        with self._lock:
            self._update()

    def names(self, prefix: str) -> tuple[str, ...]:
        """The packages of the suite whose names begin so. Raises ``ProvisionError``."""
        with self._lock:
            self._update()
            return tuple(self._said("apt-cache", "pkgnames", prefix).split())

    def install(self, *packages: str) -> tuple[Package, ...]:
        """These packages and all that they need. Raises ``ProvisionError``."""
        ask = ("apt-get", "-qq", "-y", "--download-only", "install", *packages)
        return self._fetched(ask, packages, self.folder / "cache" / "archives")

    def download(self, *packages: str) -> tuple[Package, ...]:
        """These packages alone. Raises ``ProvisionError``."""
        loose = self.folder / "loose"
        return self._fetched(("apt-get", "-qq", "download", *packages), packages, loose)

    def source(self, package: str) -> tuple[Package, ...]:
        """The files of a source package. Raises ``ProvisionError``."""
        ask = ("apt-get", "-qq", "--only-source", "--download-only", "source", package)
        return self._fetched(ask, (package,), self.folder / "loose")

    def _fetched(
        self, ask: Sequence[str], packages: Sequence[str], folder: Path
    ) -> tuple[Package, ...]:
        what = f"{' '.join(packages)} of {self.suite}"
        with self._lock:
            self._update()
            try:
                folder.mkdir(parents=True, exist_ok=True)
                wanted = self._wanted(ask, what)
                for item in wanted:
                    # apt believes the size of what is there; we look.
                    if not _is_whole(folder / item.file, item):
                        (folder / item.file).unlink(missing_ok=True)
                if not all((folder / item.file).exists() for item in wanted):
                    self._ask(ask, what, folder)
            except OSError as error:
                raise of_system(error, what) from error
            for item in wanted:
                if not _is_whole(folder / item.file, item):
                    (folder / item.file).unlink(missing_ok=True)
                    raise said_by("apt", item.file, "hash sum mismatch")
        return tuple(_package(folder, item) for item in wanted)

    def _wanted(self, ask: Sequence[str], what: str) -> tuple[_Wanted, ...]:
        # apt names only what is not there yet: it is asked where nothing is.
        nothing = self.folder / "nothing"
        option = f"-oDir::Cache::archives={nothing}"
        program, *rest = ask
        said = self._ask((program, option, *rest, "--print-uris"), what, nothing)
        wanted = tuple(
            _Wanted(found[2], int(found[3]), found[4] or "")
            for found in _URI.finditer(said)
        )
        if not wanted:
            raise ProvisionError(f"{what}: apt names no file of it: {said.strip()}")
        return wanted

    def _update(self) -> None:
        if self._updated:
            return
        self._configure()
        for item in (self.folder / "state" / "lists" / "partial").iterdir():
            item.unlink()
        self._ask(("apt-get", "-qq", "update"), f"Debian {self.suite}", self.folder)
        self._updated = True

    def _configure(self) -> None:
        try:
            for name in (
                *("state/lists/partial", "cache/archives/partial"),
                *("etc/none.d", "loose", "nothing/partial"),
            ):
                (self.folder / name).mkdir(parents=True, exist_ok=True)
            (self.folder / "state" / "status").write_bytes(b"")
            sources = self.folder / "etc" / "sources.list"
            sources.write_text("".join(self._lines()), "utf-8")
            text = _CONFIGURATION.format(folder=self.folder, architecture=ARCHITECTURE)
            (self.folder / "etc" / "apt.conf").write_text(text, "utf-8")
        except OSError as error:
            raise of_system(error, str(self.folder)) from error

    def _lines(self) -> list[str]:
        main = self.suite.removesuffix("-security")
        lines = _lines(self.mirrors(False), main)
        if main != self.suite:
            lines += _lines(self.mirrors(True), self.suite)
        return lines

    def _said(self, *argv: str) -> str:
        return self._ask(argv, f"Debian {self.suite}", self.folder)

    def _ask(self, argv: Sequence[str], what: str, folder: Path) -> str:
        program, *rest = argv
        # Read after the machine's own configuration, which may name a proxy.
        ours = f"--config-file={self.folder / 'etc' / 'apt.conf'}"
        done = self.run((program, ours, *rest), folder=folder)
        if done.status or "Failed to fetch" in done.err:
            raise said_by("apt", what, done.said or shlex.join(argv))
        return done.out


def _lines(source: Source, suite: str) -> list[str]:
    options = f"arch={ARCHITECTURE}"
    if source.signed_by:
        options += f" signed-by={source.signed_by}"
    rest = f"[{options}] {source.uri} {suite} main\n"
    return [f"deb {rest}", f"deb-src {rest}"]


def _is_whole(path: Path, wanted: _Wanted) -> bool:
    try:
        with path.open("rb") as stream:
            if os.fstat(stream.fileno()).st_size != wanted.size:
                return False
            if not wanted.sha256:
                return True
            return hashlib.file_digest(stream, "sha256").hexdigest() == wanted.sha256
    except FileNotFoundError:
        return False


def _package(folder: Path, item: _Wanted) -> Package:
    _, _, rest = item.file.partition("_")
    version = unquote(_NOT_VERSION.sub("", rest))
    return Package(
        folder / item.file, Download(item.file, version, item.size, item.sha256)
    )
