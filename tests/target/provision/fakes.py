"""Registries and their clients, played: nothing is started, nothing is fetched."""

import errno
import hashlib
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from harness.target.provision.clients import Done

OK = Done(0, "", "")


@dataclass
class Machine:
    """A machine with apt, pip, a compiler and interpreters, as a test wants them."""

    wheels: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """For each requirement, the names in its wheel."""
    suites: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """For each suite, its packages."""
    openssl: Callable[[str], str] = lambda _argv: "OpenSSL 3.5.9 29 Sep 2026"
    """What an interpreter says that was started by this command."""
    shared: bool = True
    """Whether the interpreters of the machine load a shared libssl."""
    has_pip: bool = True
    breaks: dict[str, Callable[[Path], Done]] = field(default_factory=dict)
    """For words of a command, what happens instead."""
    ran: list[str] = field(default_factory=list)

    def __call__(
        self,
        argv: Sequence[str],
        *,
        folder: Path,
        env: Mapping[str, str] | None = None,
    ) -> Done:
        """Play the program."""
        del env
        line = " ".join(argv)
        self.ran.append(line)
        for words, act in self.breaks.items():
            if words in line:
                return act(folder)
        match argv:
            case [*_, "-m", "pip", "--version"]:
                return Done(0 if self.has_pip else 1, "pip 26.0 from here", "")
            case [_, "-m", "pip", "download", *rest]:
                return self._pip(rest)
            case ["apt-get", *rest]:
                return self._apt(rest, folder)
            case ["apt-cache", *_]:
                return Done(0, "\n".join(self.suites[_suite(argv)]), "")
            case ["sh", "-c", _, "sh", *packages]:
                return _unpacked(packages, folder)
            case [*_, "-I", "-S", "-c", script] if "libssl.so.3" in script:
                return Done(0, f"3.11 {int(self.shared)}", "")
            case [_, "-E", *_]:
                return OK
            case _ if "-I" in argv:
                return Done(0, json.dumps([self.openssl(line), [3, 13, 5]]), "")
            case _ if "-shared" in argv:
                Path(argv[argv.index("-o") + 1]).write_bytes(b"compiled")
                return OK
            case _:
                raise AssertionError(line)

    def stop(self) -> None:
        """Nothing runs."""

    def count(self, *words: str) -> int:
        """How many commands had all these words."""
        return sum(all(word in line for word in words) for line in self.ran)

    def _pip(self, rest: Sequence[str]) -> Done:
        folder = Path(rest[rest.index("-d") + 1])
        for requirement in rest[rest.index("-d") + 2 :]:
            if requirement not in self.wheels:
                return Done(1, "", f"ERROR: No matching distribution for {requirement}")
            name = requirement.replace("-", "_").replace("==", "-")
            with zipfile.ZipFile(folder / f"{name}-py3-none-any.whl", "w") as archive:
                for member in self.wheels[requirement]:
                    archive.writestr(member, f"{requirement} {member}")
        return OK

    def _apt(self, rest: Sequence[str], folder: Path) -> Done:
        if "update" in rest:
            return OK
        if not any(word in rest for word in ("install", "download", "source")):
            raise AssertionError(rest)
        words = [word for word in rest if not word.startswith("-")]
        known = self.suites[_suite(rest)]
        files = {}
        for package in words[1:]:
            if package not in known:
                return Done(100, "", f"E: Unable to locate package {package}")
            name = f"{package}_1.0-1_amd64.deb"
            if words[0] == "source":
                name = f"{package}_1.0.orig.tar.xz"
            files[name] = _content(name)
        if "--print-uris" in rest:
            return Done(0, "".join(_uri(name, files[name]) for name in files), "")
        if "install" in rest:
            folder = _private(rest) / "cache" / "archives"
        for name, content in files.items():
            (folder / name).write_bytes(content)
        return OK


def _content(name: str) -> bytes:
    return f"the package {name}".encode()


def _uri(name: str, content: bytes) -> str:
    digest = hashlib.sha256(content).hexdigest()
    return f"'mirror/{name}' {name} {len(content)} SHA256:{digest}\n"


def _private(argv: Sequence[str]) -> Path:
    """The private folder of the apt that was started so."""
    option = next(word for word in argv if word.startswith("--config-file="))
    return Path(option.partition("=")[2]).parent.parent


def _suite(argv: Sequence[str]) -> str:
    return _private(argv).name


def _unpacked(packages: Sequence[str], folder: Path) -> Done:
    for package in packages:
        path = Path(package)
        if path.read_bytes() != _content(path.name):
            return Done(2, "", f"{path.name} is damaged")
        name = path.name.partition("_")[0]
        (folder / "usr" / "bin").mkdir(parents=True, exist_ok=True)
        if name.endswith("-minimal"):
            (folder / "usr" / "bin" / name.removesuffix("-minimal")).touch()
        if name == "pypy3":
            (folder / "usr" / "bin" / "pypy3").touch()
    return OK


def full_disk(_folder: Path) -> Done:
    """The disk is full."""
    raise OSError(errno.ENOSPC, "No space left on device")


def says(status: int, err: str) -> Callable[[Path], Done]:
    """A program that only complains."""
    return lambda _folder: Done(status, "", err)
