"""The interpreters that an OpenSSL can be put under: those with a shared libssl."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from harness.target.discover import discover
from harness.target.provision.cache import Cache
from harness.target.provision.clients import Run
from harness.target.provision.errors import ProvisionError
from harness.target.provision.roots import argv_of
from harness.target.target import Target

ROOT: Final = "root"
"""The folder of a target that holds a Debian."""

_SHARED: Final = """
import sys, ssl
with open("/proc/self/maps") as maps:
    shared = "libssl.so.3" in maps.read()
print("%d.%d %d" % (sys.version_info[0], sys.version_info[1], shared))
"""


@dataclass(frozen=True, slots=True)
class Python:
    """An interpreter to put an OpenSSL or a module under."""

    argv: tuple[str, ...]
    about: str
    needs: tuple[str, ...] = ()
    """Names of provisioned targets that it is part of."""
    root: Path | None = None
    """The Debian it stands in, if it does: libraries go on its loader's path."""

    def over(self, libraries: Path) -> Target:
        """The target that is this one on these libraries."""
        if self.root is None:
            return Target("", self.argv, {"LD_LIBRARY_PATH": str(libraries)})
        return Target("", argv_of(self.root, Path(self.argv[-1]), (libraries,)))


@dataclass(slots=True)
class Pythons:
    """The interpreters here, each asked once."""

    run: Run
    folder: Path
    _host: list[tuple[str, str, bool]] | None = field(default=None, init=False)

    def programs(self) -> Iterator[str]:
        """What is installed, ours first."""
        for program, _, _ in self._asked():
            yield program

    def shared(self) -> Iterator[Python]:
        """Those whose ``ssl`` loads a shared ``libssl.so.3``, ours first."""
        for program, _, shared in self._asked():
            if shared:
                yield Python((program,), program)

    def of_version(self, python: str) -> Iterator[Python]:
        """Those of a version (``3.11``)."""
        for program, version, _ in self._asked():
            if version == python:
                yield Python((program,), program)

    def versions(self) -> Sequence[str]:
        """Every version that is here, ours first, each once."""
        return tuple(dict.fromkeys(version for _, version, _ in self._asked()))

    def _asked(self) -> Sequence[tuple[str, str, bool]]:
        if self._host is None:
            ours = str(Path(sys.executable).resolve())
            others = (target.argv[0] for target in discover())
            self._host = []
            for program in dict.fromkeys((ours, *others)):
                try:
                    done = self.run(
                        [program, "-I", "-S", "-c", _SHARED], folder=self.folder
                    )
                except ProvisionError:
                    continue
                words = done.out.split()
                if done.status == 0 and len(words) == 2:
                    self._host.append((program, words[0], words[1] == "1"))
        return self._host


def debian_python(cache: Cache, name: str) -> Python:
    """The Python of a provisioned Debian. Raises ``ProvisionError``."""
    record = cache.record(name)
    if record is None:
        raise ProvisionError(f"{name}: is not there")
    argv = cache.target(record).argv
    return Python(argv, f"the Python of {name}", (name,), cache.of(name) / ROOT)
