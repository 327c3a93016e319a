"""The shared libraries of an OpenSSL, in a folder for the dynamic loader."""

import re
import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from harness.target.provision.errors import ProvisionError, of_system

_BESIDE: Final = re.compile(r"libz(?:std)?-[0-9a-f]+\.so\.[0-9.]+")
"""What the two may need besides, under the names that they know it by."""
_LIBRARY: Final = re.compile(r"(lib(?:ssl|crypto))(?:-[0-9a-f]+)?\.so\.([0-9.]+)")
"""auditwheel puts a part of a hash into the name of what it copies into a wheel."""


def take_libraries(wheel: Path, folder: Path) -> None:
    """Copy ``libssl`` and ``libcrypto`` out of a wheel, under their own names and
    those that programs ask for. Raises ``ProvisionError``."""
    found = set()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(wheel) as archive:
            for member in archive.namelist():
                name = Path(member).name
                parts = _LIBRARY.fullmatch(name)
                if parts is None and not _BESIDE.fullmatch(name):
                    continue
                with archive.open(member) as source, (folder / name).open("wb") as out:
                    shutil.copyfileobj(source, out)
                if parts is None:
                    continue
                asked = f"{parts[1]}.so.{parts[2]}"
                if asked != name:
                    link(folder / asked, name)
                found.add(parts[1])
    except (OSError, zipfile.BadZipFile) as error:
        if isinstance(error, OSError):
            raise of_system(error, str(folder)) from error
        raise ProvisionError(f"{wheel}: is no wheel: {error}") from error
    if found != {"libssl", "libcrypto"}:
        raise ProvisionError(f"{wheel.name}: ships no shared libssl and libcrypto")


def copy_libraries(root: Path, folder: Path) -> None:
    """Copy the libraries out of an unpacked package. Raises ``ProvisionError``."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in library_files(root):
            shutil.copy2(path, folder / path.name)
    except OSError as error:
        raise of_system(error, str(folder)) from error


def library_files(root: Path) -> Sequence[Path]:
    """The two libraries under ``root``, ``libssl`` first. Raises ``ProvisionError``."""
    found = {}
    for path in root.rglob("lib*.so.*"):
        if (parts := _LIBRARY.fullmatch(path.name)) and not path.is_symlink():
            found[parts[1]] = path
    if found.keys() != {"libssl", "libcrypto"}:
        raise ProvisionError(f"{root}: has no libssl and libcrypto")
    return found["libssl"], found["libcrypto"]


def link(path: Path, there: str) -> None:
    """A link, in the place of what is there."""
    path.unlink(missing_ok=True)
    path.symlink_to(there)
