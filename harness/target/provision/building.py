"""Compiling CPython's ``_ssl`` and ``_hashlib`` alone, against another OpenSSL."""

import re
import shutil
import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from harness.target.provision.clients import Run, run_whole
from harness.target.provision.errors import ProvisionError, of_system

COMPILERS: Final = ("cc", "gcc", "clang")
_MODULES: Final = {"_ssl": "_ssl.c", "_hashlib": "_hashopenssl.c"}
_FIELD: Final = re.compile(r"\b(uri|name->d\.ip)->(length|data)\b")
_READ_BY: Final = {"length": "ASN1_STRING_length", "data": "ASN1_STRING_get0_data"}
"""OpenSSL 4.0 shows no fields of an ASN1_STRING. Later CPythons read them by function,
as every OpenSSL from 1.1 on has it."""
_SUFFIX: Final = "cpython-{python}-x86_64-linux-gnu.so"


def compiler() -> str:
    """A C compiler that is here; empty if there is none."""
    return next((name for name in COMPILERS if shutil.which(name)), "")


def take_modules(archive: Path, folder: Path) -> Path:
    """The sources of CPython's modules, out of its source archive; their folder.
    Raises ``ProvisionError``."""
    try:
        with tarfile.open(archive) as stream:
            for member in stream:
                path = Path(member.name)
                wanted = path.suffix in (".c", ".h") and path.parts[1:2] == ("Modules",)
                if ".." in path.parts or not (wanted and member.isreg()):
                    continue
                source = stream.extractfile(member)
                assert source is not None
                there = folder.joinpath(*path.parts[1:])
                there.parent.mkdir(parents=True, exist_ok=True)
                there.write_bytes(source.read())
    except OSError as error:
        raise of_system(error, str(folder)) from error
    except tarfile.TarError as error:
        raise ProvisionError(f"{archive}: {error}") from error
    _read_by_function(folder / "Modules" / "_ssl.c")
    return folder / "Modules"


def build(
    run: Run,
    *,
    modules: Path,
    python: Path,
    openssl: Path,
    libraries: Sequence[Path],
    defines: Sequence[str],
    version: str,
    out: Path,
) -> None:
    """Compile both modules into ``out``.

    ``python`` and ``openssl`` are folders with ``usr/include``; ``version`` is
    CPython's, ``3.13``. Raises ``ProvisionError``.
    """
    out.mkdir(parents=True, exist_ok=True)
    _without_bluetooth(python)
    headers = python / "usr" / "include"
    folders = [
        *(openssl / "usr" / "include", openssl / "usr/include/x86_64-linux-gnu"),
        *(headers / f"python{version}", headers / f"python{version}" / "internal"),
        *(headers, modules),
    ]
    suffix = _SUFFIX.format(python=version.replace(".", ""))
    for name, source in _MODULES.items():
        argv = [
            *(compiler(), "-shared", "-fPIC", "-O1", "-w", "-fwrapv", "-DNDEBUG"),
            *("-DPy_BUILD_CORE_MODULE=1", *defines),
            *(f"-I{folder}" for folder in folders),
            *("-o", str(out / f"{name}.{suffix}"), str(modules / source)),
            *map(str, libraries),
        ]
        run_whole(run, argv, out, f"compiling {name}")


def _read_by_function(path: Path) -> None:
    text = path.read_text("utf-8")
    path.write_text(_FIELD.sub(lambda at: f"{_READ_BY[at[2]]}({at[1]})", text), "utf-8")


def _without_bluetooth(python: Path) -> None:
    """Debian's CPython was built with headers that we have not, for its sockets."""
    for path in python.glob("usr/include/*/python3.*/pyconfig.h"):
        with path.open("a", encoding="utf-8") as stream:
            stream.write("#undef HAVE_BLUETOOTH_BLUETOOTH_H\n")
            stream.write("#undef HAVE_BLUETOOTH_H\n")
