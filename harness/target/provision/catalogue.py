"""The names that can be added, and what each is made of.

Wheels on the Python package index do not move, so releases are pinned by them; what a
Debian suite has is found out when it is asked.
"""

import re
from collections.abc import Iterator
from typing import Final

from harness.target.provision.errors import ProvisionError
from harness.target.provision.recipes import (
    DropIn,
    Libraries,
    PyOpenSSL,
    Rebuilt,
    Recipe,
    Suite,
    Wheel,
)

SUITES: Final = {
    "bullseye": "Python 3.9, OpenSSL 1.1.1w",
    "bullseye-security": "the same with Debian's security updates",
    "bookworm": "Python 3.11, OpenSSL 3.0",
    "bookworm-security": "the same with Debian's security updates",
    "trixie": "Python 3.13, OpenSSL 3.5",
    "trixie-security": "the same with Debian's security updates",
    "forky": "every Python of testing; it moves",
    "sid": "every Python of unstable; it moves",
}
PYPY_SUITES: Final = ("bullseye", "bookworm", "trixie", "sid")

_LIBRARIES: Final = {
    "3.0.9": ("mysql-connector-python", "8.1.0"),
    "3.0.10": ("mysql-connector-python", "8.2.0"),
    "3.0.12": ("mysql-connector-python", "8.3.0"),
    "3.0.13": ("mysql-connector-python", "9.0.0"),
    "3.0.15": ("mysql-connector-python", "9.2.0"),
    "3.0.16": ("mysql-connector-python", "9.3.0"),
    "3.0.17": ("mysql-connector-python", "9.5.0"),
    "3.3.1": ("psycopg-binary", "3.2.1"),
    "3.4.0": ("psycopg-binary", "3.2.4"),
    "3.4.1": ("psycopg-binary", "3.2.6"),
    "3.5.0": ("psycopg-binary", "3.2.9"),
    "3.5.4": ("psycopg-binary", "3.3.0"),
    "3.5.6": ("psycopg2-binary", "2.9.12"),
    "3.5.8": ("psycopg-binary", "3.3.5"),
    "3.5.9": ("psycopg-binary", "3.3.9"),
}
"""Wheels that ship a shared ``libssl.so.3``, by the release in them."""

_LIBRARIES_OF_1_1_1: Final = {
    "1.1.1k": Wheel("psycopg2-binary", "2.9.1", "3.9"),
    "1.1.1l": Wheel("psycopg2-binary", "2.9.3", "3.9"),
    "1.1.1q": Wheel("mysql-connector-python", "8.0.31"),
    "1.1.1r": Wheel("psycopg2-binary", "2.9.5"),
    "1.1.1t": Wheel("psycopg2-binary", "2.9.6"),
    "1.1.1w": Wheel("psycopg2-binary", "2.9.9"),
}

_DROPPED_BY_4_0: Final = (
    "-DOPENSSL_NO_SSL3",
    "-DSSLv3_method=TLS_method",
    "-DTLSv1_method=TLS_method",
    "-DTLSv1_1_method=TLS_method",
    "-DTLSv1_2_method=TLS_method",
)
"""CPython 3.13 names methods that 4.0 has no more; nothing of ours calls them."""

_PYOPENSSL: Final = """
1.1.0g 2.1.4 17.5.0 3.6
1.1.0h 2.2.2 18.0.0 3.6
1.1.0i 2.3.1 18.0.0 3.7
1.1.0j 2.4.2 18.0.0 3.7
1.1.1a 2.5 19.0.0 3.7
1.1.1b 2.6.1 19.0.0 3.7
1.1.1c 2.7 19.0.0 3.7
1.1.1d 2.8 19.1.0 3.8
1.1.1g 3.0 19.1.0 3.9
1.1.1h 3.2.1 20.0.1 3.9
1.1.1i 3.4.4 21.0.0 3.9
1.1.1j 3.4.6 21.0.0 3.9
1.1.1k 3.4.7 21.0.0 3.9
1.1.1l 36.0.0 22.0.0 3.10
1.1.1m 36.0.1 22.0.0 3.10
1.1.1n 36.0.2 22.0.0 3.10
3.0.2 37.0.1 22.0.0 3.10
3.0.3 37.0.2 22.0.0 3.10
3.0.5 38.0.1 22.1.0 3.10
3.0.7 39.0.0 23.0.0 3.11
3.0.8 39.0.2 23.0.0 3.11
3.1.0 40.0.2 23.1.1 3.11
3.1.1 41.0.2 23.2.0 3.11
3.1.2 41.0.3 23.2.0 3.11
3.1.3 41.0.4 23.2.0 3.11
3.1.4 41.0.7 23.3.0 3.11
3.2.0 42.0.1 24.0.0 3.11
3.2.1 42.0.6 24.1.0 3.11
3.2.2 42.0.8 24.1.0 3.11
3.3.1 43.0.0 24.2.1 3.12
3.3.2 43.0.3 24.3.0 3.12
3.4.0 44.0.0 24.3.0 3.12
3.4.1 44.0.3 25.0.0 3.12
3.5.0 45.0.4 25.1.0 3.12
3.5.1 45.0.5 25.1.0 3.12
3.5.2 45.0.7 25.3.0 3.12
3.5.3 46.0.0 25.3.0 3.13
3.5.4 46.0.3 25.3.0 3.13
3.5.5 46.0.6 26.0.0 3.13
3.5.6 46.0.7 26.0.0 3.13
4.0.0 48.0.0 26.2.0 3.13
4.0.1 50.0.0 26.4.0 3.13
4.0.2 50.0.1 26.4.0 3.13
4.0.3 50.0.2 26.4.0 3.13
"""
"""OpenSSL, the ``cryptography`` that has it inside, a pyOpenSSL for that, a Python."""

_DROP_INS: Final = {
    "utls": DropIn("utls", "utls"),
    "rtls": DropIn("rtls", "rtls"),
}

SETS: Final = {
    "core": (
        "debian:bullseye",
        "debian:bookworm",
        "openssl:3.3.1",
        "openssl:3.4.1",
        "debian:trixie",
        "debian:forky-3.13",
        "openssl:4.0",
    ),
}
"""Names that stand for several. ``core`` has one target for each line of OpenSSL."""

_DEBIAN: Final = re.compile(r"([a-z]+(?:-security)?)(?:-(3\.\d+))?")


def _rebuilt() -> Iterator[tuple[str, Rebuilt]]:
    for release, wheel in _LIBRARIES_OF_1_1_1.items():
        yield release, Rebuilt(release, "bullseye", "libssl1.1", wheel)
    yield (
        "4.0",
        Rebuilt("4.0", "experimental", "libssl4", defines=_DROPPED_BY_4_0),
    )


_OPENSSL: Final[dict[str, Recipe]] = {
    **{
        release: Libraries(release, Wheel(project, version))
        for release, (project, version) in _LIBRARIES.items()
    },
    **dict(_rebuilt()),
}
_ENGINES: Final = {
    words[0]: PyOpenSSL(*words)
    for words in (line.split() for line in _PYOPENSSL.strip().splitlines())
}


def recipe_of(name: str) -> Recipe:
    """What that name is made of. Raises ``ProvisionError`` for a name that is none,
    with those it may have been meant for."""
    kind, _, rest = name.partition(":")
    found: Recipe | None = None
    choices: tuple[str, ...] = ()
    match kind:
        case "debian":
            choices = tuple(SUITES)
            parts = _DEBIAN.fullmatch(rest)
            if parts and parts[1] in SUITES:
                found = Suite(parts[1], parts[2] or "")
        case "pypy":
            choices = PYPY_SUITES
            found = Suite(rest, pypy=True) if rest in PYPY_SUITES else None
        case "openssl":
            choices = tuple(_OPENSSL)
            found = _OPENSSL.get(rest)
            if found is None and re.fullmatch(r"4\.0\.\d+", rest):
                found = Rebuilt(
                    rest, "experimental", "libssl4", defines=_DROPPED_BY_4_0
                )
        case "pyopenssl":
            choices = tuple(_ENGINES)
            found = _ENGINES.get(rest)
        case "drop-in":
            choices = tuple(_DROP_INS)
            found = _DROP_INS.get(rest)
        case _:
            kinds = "debian:, pypy:, openssl:, pyopenssl: and drop-in:"
            sets = ", ".join(SETS)
            raise ProvisionError(
                f"{name}: no such target; there are {kinds}, and the set {sets}; "
                "`verifyflags targets available` lists all"
            )
    if found is None:
        there = ", ".join(choices)
        raise ProvisionError(f"{name}: no such target; {kind}: has {there}")
    return found


def members(name: str) -> tuple[str, ...]:
    """The names that a name stands for: those of a set, or itself."""
    return SETS.get(name, (name,))


def available() -> Iterator[tuple[str, str]]:
    """Every name that can be added, with a line about it."""
    for name, those in SETS.items():
        yield name, "the set " + ", ".join(those)
    for suite, what in SUITES.items():
        yield f"debian:{suite}", what
    for suite in PYPY_SUITES:
        yield f"pypy:{suite}", "PyPy as the suite has it"
    for release, recipe in _OPENSSL.items():
        yield f"openssl:{release}", _about(recipe)
    for release, engine in _ENGINES.items():
        yield f"pyopenssl:{release}", _about(engine)
    for name, drop_in in _DROP_INS.items():
        yield f"drop-in:{name}", _about(drop_in)


def _about(recipe: Recipe) -> str:
    match recipe:
        case Libraries(_, wheel):
            return f"libraries of {wheel.requirement}, under a Python that is here"
        case Rebuilt():
            python = f"Python {recipe.python} of {recipe.suite}"
            if recipe.wheel is None:
                return f"{python}, its _ssl compiled; the newest {recipe.openssl}"
            return f"{python}, its _ssl compiled; {recipe.wheel.requirement}"
        case PyOpenSSL():
            return f"pyOpenSSL {recipe.pyopenssl}, cryptography {recipe.cryptography}"
        case DropIn(project, _):
            return f"module {recipe.module} of {project}, in place of ssl"
        case Suite():
            return SUITES[recipe.suite]
