"""A cache of a test's own, and a machine that is played."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from harness.target.provision.adding import Result, add
from harness.target.provision.cache import Cache
from harness.target.target import Target
from tests.target.provision.fakes import Machine

LIBRARIES = (
    *("x.libs/libssl-0a1b.so.3", "x.libs/libcrypto-2c3d.so.3"),
    *("x.libs/libz-745e0a09.so.1.2.7", "x.libs/libpq-99.so.5", "x/__init__.py"),
)


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    """An empty cache."""
    return Cache(tmp_path / "cache")


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine on which everything can be made."""
    python = (
        *("python3.13-minimal", "libpython3.13-stdlib", "libpython3.13-dev"),
        "python3.13",
    )
    played = Machine(
        wheels={"psycopg-binary==3.3.9": LIBRARIES, "psycopg-binary==3.2.1": LIBRARIES},
        suites={
            "trixie": python,
            "bookworm": ("python3.11-minimal", "libpython3.11-stdlib"),
            "sid": (*python, "python3.14-minimal", "libpython3.14-stdlib", "pypy3"),
            "experimental": ("libssl4", "libssl-dev"),
        },
    )
    here = Target("here", (sys.executable,))
    adding = "harness.target.provision.adding"
    monkeypatch.setattr(f"{adding}.Runner", lambda _lock: played)
    monkeypatch.setattr("harness.target.provision.pythons.discover", lambda: (here,))
    monkeypatch.setattr("harness.target.provision.conditions.has_tools", lambda: "")
    monkeypatch.setattr("harness.target.provision.conditions._no_apt", _possible)
    monkeypatch.setattr("harness.target.provision.conditions.compiler", lambda: "cc")
    monkeypatch.setattr("harness.target.provision.building.compiler", lambda: "cc")
    monkeypatch.setenv("VERIFYFLAGS_DEBIAN_MIRROR", "mirror:/debian")
    monkeypatch.setenv("VERIFYFLAGS_DEBIAN_SECURITY_MIRROR", "mirror:/security")
    return played


def _possible(*, security: bool) -> str:
    del security
    return ""


@dataclass
class Added:
    """What an add came to."""

    results: dict[str, Result] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)


Add = Callable[..., Added]


@pytest.fixture
def added(cache: Cache, machine: Machine) -> Add:
    """Adds names on the machine."""
    del machine

    def run(*names: str, again: bool = False) -> Added:
        done = Added()
        for result in add(cache, names, done.told.append, again=again):
            done.results[result.name] = result
        return done

    return run
