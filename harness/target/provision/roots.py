"""A folder that is enough of a Debian system to run its Python, without chroot.

The folder's own dynamic loader starts it, so it has its own C library, and needs no
privilege.
"""

import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from harness.target.provision.apt import Apt, Package
from harness.target.provision.clients import Run, run_whole
from harness.target.provision.errors import ProvisionError, of_system

LIBRARIES: Final = "usr/lib/x86_64-linux-gnu"
_LOADER: Final = "lib64/ld-linux-x86-64.so.2"
_LEFT_OUT: Final = ("./usr/share", "./var", "./usr/sbin", "./sbin", "./etc/init.d")
_MINIMAL: Final = re.compile(r"python(3\.\d+)-minimal")

_UNPACK: Final = """
set -e
for package; do dpkg-deb --fsys-tarfile "$package" |
  tar -x --no-same-owner --keep-directory-symlink {left_out} -f -
done
"""


def pythons(apt: Apt) -> tuple[str, ...]:
    """The Pythons that a suite has (``3.13``), the oldest first."""
    found = {
        match[1]
        for name in apt.names("python3.")
        if (match := _MINIMAL.fullmatch(name))
    }
    if not found:
        raise ProvisionError(f"Debian {apt.suite}: its index has no Python")
    return tuple(sorted(found, key=lambda python: int(python.split(".")[1])))


def packages_of(python: str, *, pypy: bool) -> tuple[str, ...]:
    """The packages that make an interpreter with its standard library."""
    if pypy:
        return ("pypy3",)
    return (f"python{python}-minimal", f"libpython{python}-stdlib")


def make_root(run: Run, packages: Sequence[Package], root: Path) -> None:
    """Unpack packages into the new folder ``root``. Raises ``ProvisionError``."""
    try:
        for name in ("bin", "sbin", "lib", "lib64"):
            # Before merged-/usr was the rule, packages had files in both places.
            (root / "usr" / name).mkdir(parents=True, exist_ok=True)
            (root / name).symlink_to(f"usr/{name}")
        unpack(run, packages, root)
        _make_relative(root)
    except OSError as error:
        raise of_system(error, str(root)) from error


def unpack(run: Run, packages: Sequence[Package], folder: Path) -> None:
    """Unpack packages over what is in ``folder``. Raises ``ProvisionError``."""
    left_out = " ".join(f"--exclude={name}" for name in _LEFT_OUT)
    script = _UNPACK.format(left_out=left_out)
    paths = [str(package.path) for package in packages]
    run_whole(run, ["sh", "-c", script, "sh", *paths], folder, "unpacking")


def _make_relative(root: Path) -> None:
    """Absolute links would leave the folder: they are turned into relative ones."""
    for path in root.rglob("*"):
        if path.is_symlink() and (there := path.readlink()).is_absolute():
            path.unlink()
            inside = os.path.relpath(root / there.relative_to("/"), path.parent)
            path.symlink_to(inside)


def argv_of(root: Path, program: Path, before: Sequence[Path] = ()) -> tuple[str, ...]:
    """What starts ``program`` in ``root``; ``before`` are folders of libraries that go
    before its own."""
    libraries = ":".join(map(str, (*before, root / LIBRARIES)))
    loader = root / _LOADER
    return (
        *(str(loader), "--inhibit-cache", "--library-path", libraries),
        str(program),
    )


def program_of(root: Path, python: str, *, pypy: bool) -> Path:
    """The interpreter in the folder. Raises ``ProvisionError`` if there is none."""
    name = "pypy3" if pypy else f"python{python}"
    program = root / "usr" / "bin" / name
    if not program.exists():
        raise ProvisionError(f"{root}: has no {name}, though its package was unpacked")
    return program.resolve() if pypy else program


def has_tools() -> str:
    """Which program is missing here to make such a folder; empty if none is."""
    for name in ("apt-get", "apt-cache", "dpkg-deb", "tar"):
        if shutil.which(name) is None:
            return name
    return ""
