"""An OpenSSL source tree, copied and built: libcrypto and libssl, and nothing else."""

import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

CONFIGURE: Final = ("shared", "no-tests", "no-legacy", "enable-rfc3779", "-O1")
"""As distributions build it where that changes verification; what else is not needed
is left out. ``-O1`` halves the time of compiling."""

LIBRARIES: Final = ("libcrypto.so", "libssl.so")

COVERED: Final = (
    "crypto/x509/x509_vfy.c",
    "crypto/x509/v3_purp.c",
    "crypto/x509/x_crl.c",
)
"""The verification kernel: paths, extensions, CRLs."""

PLANTED: Final = ("crypto/x509*/*.c", "crypto/asn1/*.c")
"""Where faults are planted: the kernel, what it calls, and the reading of dates."""

_DONE: Final = ".verifyflags-built"
_TAIL: Final = 2000
"""Characters of a failed command's output that say why."""


class KernelError(Exception):
    """A source tree that cannot be measured: the message says which and why."""


@dataclass(frozen=True, slots=True)
class Tree:
    """A built copy of a source tree; its libraries lie in ``folder``."""

    folder: Path
    jobs: int

    @property
    def library(self) -> Path:
        """The real file of libcrypto."""
        return (self.folder / LIBRARIES[0]).resolve()

    @property
    def env(self) -> Mapping[str, str]:
        """What makes an interpreter load these libraries."""
        return {"LD_LIBRARY_PATH": str(self.folder)}

    def make(self, *words: str) -> None:
        """Make something. Raises ``KernelError`` with the end of its output."""
        ran(["make", f"-j{self.jobs}", *words], self.folder)

    def path(self, file: str) -> Path:
        """Where a source file is: 1.1.1 had two folders of what is one since."""
        found = self.folder / file
        if found.exists():
            return found
        return self.folder / file.replace("crypto/x509/", "crypto/x509v3/")

    def read(self, file: str) -> str:
        """The text of one source file. Raises ``KernelError`` without one."""
        try:
            return self.path(file).read_text(encoding="utf-8")
        except OSError as error:
            raise KernelError(str(error)) from error

    def write(self, file: str, text: str) -> None:
        """Replace one source file, newer than what was made of it."""
        self.path(file).write_text(text, encoding="utf-8")

    def objects(self, file: str, suffix: str) -> list[Path]:
        """What was made of a source file, beside it, by suffix."""
        source = self.path(file)
        return sorted(source.parent.glob(f"*{source.stem}{suffix}"))


def ran(argv: Sequence[str], folder: Path) -> str:
    """Standard output of a command run in a folder. Raises ``KernelError``."""
    try:
        done = subprocess.run(
            argv, cwd=folder, capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise KernelError(f"{argv[0]}: {error}") from error
    if done.returncode:
        said = (done.stdout + done.stderr)[-_TAIL:]
        raise KernelError(
            f"{' '.join(argv)} ended with {done.returncode} in {folder}:\n{said}"
        )
    return done.stdout


def built(source: Path, folder: Path, jobs: int | None = None) -> Tree:
    """Copy a source tree to a folder and build it there, unless it stands there built.

    Raises ``KernelError`` where it is no source tree of OpenSSL or cannot be built.
    """
    if not (source / "Configure").is_file() or not (source / COVERED[0]).is_file():
        raise KernelError(f"{source}: no source tree of OpenSSL")
    tree = Tree(folder.resolve(), jobs or os.cpu_count() or 1)
    mark = folder / _DONE
    made = f"{source.resolve()} {' '.join(CONFIGURE)}"
    if mark.is_file() and mark.read_text(encoding="utf-8") == made:
        restore(source, tree)
        return tree
    if folder.exists():
        if any(folder.iterdir()) and not mark.is_file():
            raise KernelError(f"{folder}: is not empty, and no build of ours")
        shutil.rmtree(folder)
    shutil.copytree(source, folder, symlinks=True)
    ran(["perl", "Configure", *CONFIGURE], tree.folder)
    tree.make("build_generated")
    tree.make(*LIBRARIES)
    mark.write_text(made, encoding="utf-8")
    return tree


def restore(source: Path, tree: Tree) -> None:
    """Undo what a measurement that was cut short left in the C sources."""
    for original in sorted(found for where in PLANTED for found in source.glob(where)):
        file = original.relative_to(source).as_posix()
        text = original.read_text(encoding="utf-8")
        if tree.read(file) != text:
            tree.write(file, text)


def recompile(tree: Tree, files: Iterable[str], *variables: str) -> None:
    """Compile some source files anew, and link. ``variables`` are make's."""
    for file in files:
        for stale in (*tree.objects(file, ".o"), *tree.objects(file, ".gc??")):
            stale.unlink()
    tree.make(*LIBRARIES, *variables)


_MAPS: Final = (
    "import _ssl, sys\n"
    "for line in open('/proc/self/maps'):\n"
    "    if 'libcrypto' in line: print(line.split(None, 5)[-1].strip())\n"
)


def check_loaded(tree: Tree, python: str) -> None:
    """Raises ``KernelError`` where an interpreter does not load the tree's libcrypto,
    as one with a built-in OpenSSL or another major release does not."""
    try:
        done = subprocess.run(
            [python, "-I", "-S", "-c", _MAPS],
            env={**os.environ, **tree.env, "OPENSSL_CONF": os.devnull},
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError as error:
        raise KernelError(f"{python}: {error}") from error
    loaded = set(done.stdout.splitlines())
    if loaded != {str(tree.library)}:
        told = ", ".join(sorted(loaded)) or done.stderr[-_TAIL:].strip() or "none"
        raise KernelError(f"{python} loads another libcrypto: {told}")
