"""What cannot work here, found out before anything is downloaded."""

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from harness.target.provision.building import COMPILERS, compiler
from harness.target.provision.clients import Run
from harness.target.provision.errors import ProvisionError
from harness.target.provision.recipes import (
    DropIn,
    Libraries,
    PyOpenSSL,
    Rebuilt,
    Recipe,
    Suite,
)
from harness.target.provision.roots import has_tools
from harness.target.provision.sources import mirror

MEASURED: Final = ("linux", "x86_64")
"""The only platform that recipes were measured on."""


def obstacles(
    recipes: Mapping[str, Recipe],
    *,
    run: Run,
    folder: Path,
    has_pip: bool,
    platform: tuple[str, str] | None = None,
) -> Iterator[tuple[str, str]]:
    """Each name that cannot be added here, and why."""
    if platform is None:
        platform = (sys.platform, os.uname().machine)
    if platform != MEASURED:
        why = (
            f"cannot be made here: recipes are for {' '.join(MEASURED)}, this is "
            f"{' '.join(platform)}; interpreters of your own go by --targets-file"
        )
        yield from ((name, why) for name in recipes)
        return
    lacking = _lacking(run, folder, has_pip=has_pip)
    for name, recipe in recipes.items():
        if why := next((lacking[need] for need in needs(recipe) if lacking[need]), ""):
            yield name, f"cannot be made here: {why}"


def needs(recipe: Recipe) -> tuple[str, ...]:
    """What a recipe needs of the machine."""
    match recipe:
        case Suite(suite):
            return ("apt", "security") if suite.endswith("-security") else ("apt",)
        case Rebuilt():
            return ("apt", "compiler", *(("pip",) if recipe.wheel else ()))
        case Libraries() | PyOpenSSL() | DropIn():
            return ("pip",)


def _lacking(run: Run, folder: Path, *, has_pip: bool) -> dict[str, str]:
    """For each need, why it is not met here; empty where it is."""
    return {
        "apt": _no_apt(security=False),
        "security": _no_apt(security=True),
        "compiler": _no_compiler(run, folder),
        "pip": ""
        if has_pip
        else "no pip is here: neither this interpreter nor another one has it",
    }


def _no_apt(*, security: bool) -> str:
    if missing := has_tools():
        return f"it takes Debian packages, and there is no {missing} on this machine"
    try:
        mirror(security=security)
    except ProvisionError as error:
        return str(error)
    return ""


def _no_compiler(run: Run, folder: Path) -> str:
    name = compiler()
    if not name:
        there = ", ".join(COMPILERS)
        return f"it compiles CPython's _ssl, and there is no C compiler ({there})"
    try:
        done = run(
            [name, "-E", "-include", "stdio.h", "-xc", os.devnull], folder=folder
        )
    except ProvisionError as error:
        return str(error)
    if done.status:
        return f"it compiles CPython's _ssl, and {name} finds no stdio.h (libc6-dev)"
    return ""
