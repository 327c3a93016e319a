"""Starting a target that was just made, once: it must load what it is meant to.

It is started as it will be, but writes its compiled modules, which later starts read.
"""

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from harness.target.process import environment
from harness.target.provision.clients import Run
from harness.target.provision.errors import ProvisionError
from harness.target.target import Target

_RELEASE: Final = re.compile(r"OpenSSL (\d+\.\d+\.\d+[a-z]?)")

# What workers import, and the library that answers: PyPy's text is that of its build.
_SCRIPT: Final = """
import sys
import warnings
warnings.simplefilter("ignore")  # old releases warn of their age
sys.path[:0] = sys.argv[2:]
import binascii, ctypes, hashlib, importlib, json, mmap, os, shutil, struct, time
import traceback
module = importlib.import_module(sys.argv[1])
text = getattr(module, "OPENSSL_VERSION", "")
if sys.argv[1] == "OpenSSL.SSL":
    text = module.SSLeay_version(module.SSLEAY_VERSION).decode()
elif sys.implementation.name == "pypy":
    with open("/proc/self/maps") as maps:
        names = sorted({line.split(None, 5)[-1].strip() for line in maps})
    for name in names:
        if os.path.basename(name).startswith("libcrypto"):
            library = ctypes.CDLL(name)
            library.OpenSSL_version.restype = ctypes.c_char_p
            text = library.OpenSSL_version(0).decode()
print(json.dumps([text, list(sys.version_info[:3])]))
"""


@dataclass(frozen=True, slots=True)
class Tried:
    """What a started target said."""

    openssl: str
    python: tuple[int, int, int]

    @property
    def release(self) -> str:
        """The release alone, ``3.5.9``; empty where it is no OpenSSL."""
        found = _RELEASE.match(self.openssl)
        return found[1] if found else ""


def try_python(run: Run, target: Target, folder: Path, module: str = "ssl") -> Tried:
    """Start it once. Raises ``ProvisionError`` with what it said instead."""
    argv = (*target.argv, "-I", "-S", "-c", _SCRIPT, module, *target.path)
    kept = environment(target, os.environ)
    # What ours has and a target's has not is emptied: names are laid over ours.
    gone = {name: "" for name in os.environ if name not in kept}
    done = run(argv, folder=folder, env={**kept, **gone})
    lines = done.out.strip().splitlines()
    if done.status or not lines:
        last = (done.said.strip().splitlines() or ["it said nothing"])[-1]
        raise ProvisionError(f"it does not start: {last}")
    try:
        text, python = json.loads(lines[-1])
    except ValueError as error:
        raise ProvisionError(f"it does not start: {lines[-1]}") from error
    return Tried(text, tuple(python))
