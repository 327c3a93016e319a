"""Targets that are packages of the Python package index: pyOpenSSL, and drop-ins."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from harness.target.provision.cache import Download
from harness.target.provision.clients import Run
from harness.target.provision.errors import ProvisionError
from harness.target.provision.pip import Pip, unpack
from harness.target.provision.pythons import Python, Pythons
from harness.target.provision.recipes import DropIn, PyOpenSSL
from harness.target.provision.trying import try_python
from harness.target.target import PYOPENSSL, SSL, Target


def make_packaged(
    run: Run,
    pip: Pip,
    pythons: Pythons,
    recipe: PyOpenSSL | DropIn,
    folder: Path,
) -> tuple[Target, tuple[Download, ...], str]:
    """The target, what was fetched for it, and how it was made: the packages with all
    that they require, for the first interpreter here that takes them.

    Raises ``ProvisionError`` with what each interpreter said if none does.
    """
    refused = []
    for version, python in _candidates(pythons, recipe):
        site = folder / "site"
        shutil.rmtree(site, ignore_errors=True)
        try:
            fetched = pip.fetch(_requirements(recipe), version)
            unpack(fetched.files, site)
            target = _target(python, site, recipe)
            tried = try_python(run, target, folder, _module(recipe))
        except ProvisionError as error:
            refused.append(f"{python.about}: {error}")
            continue
        if isinstance(recipe, PyOpenSSL) and tried.release != recipe.openssl:
            refused.append(f"{python.about}: has {tried.openssl}")
            continue
        how = f"{' and '.join(_requirements(recipe))} under {python.about}"
        return target, fetched.downloads, how
    reasons = "; ".join(refused) or "none was found"
    raise ProvisionError(f"no Python here takes it ({reasons})")


def _candidates(
    pythons: Pythons, recipe: PyOpenSSL | DropIn
) -> Iterator[tuple[str, Python]]:
    """One interpreter of each version: of the one that was measured first."""
    versions = list(pythons.versions())
    if isinstance(recipe, PyOpenSSL) and recipe.python in versions:
        versions.remove(recipe.python)
        versions.insert(0, recipe.python)
    for version in versions:
        for python in pythons.of_version(version):
            yield version, python
            break


def _requirements(recipe: PyOpenSSL | DropIn) -> tuple[str, ...]:
    match recipe:
        case PyOpenSSL():
            return (
                f"cryptography=={recipe.cryptography}",
                f"pyOpenSSL=={recipe.pyopenssl}",
            )
        case DropIn():
            return (recipe.project,)


def _module(recipe: PyOpenSSL | DropIn) -> str:
    return "OpenSSL.SSL" if isinstance(recipe, PyOpenSSL) else recipe.module


def _target(python: Python, site: Path, recipe: PyOpenSSL | DropIn) -> Target:
    module, engine = "ssl", PYOPENSSL
    if isinstance(recipe, DropIn):
        module, engine = recipe.module, SSL
    return Target("", python.argv, path=(str(site),), module=module, engine=engine)
