"""Making one target of a recipe, in a folder of its own that is still to be named."""

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from harness.target.provision.apt import Apt, Package
from harness.target.provision.building import build, take_modules
from harness.target.provision.cache import Cache, Download
from harness.target.provision.clients import Run
from harness.target.provision.errors import ProvisionError
from harness.target.provision.libraries import (
    copy_libraries,
    library_files,
    take_libraries,
)
from harness.target.provision.packaged import make_packaged
from harness.target.provision.pip import Pip
from harness.target.provision.pythons import (
    ROOT,
    Python,
    Pythons,
    debian_python,
)
from harness.target.provision.recipes import (
    DropIn,
    Libraries,
    PyOpenSSL,
    Rebuilt,
    Recipe,
    Suite,
)
from harness.target.provision.roots import (
    argv_of,
    make_root,
    packages_of,
    program_of,
    unpack,
)
from harness.target.provision.trying import Tried, try_python
from harness.target.target import Target

BASES: Final = ("debian:bookworm", "debian:bookworm-security", "debian:trixie")
"""Debians whose Python takes an OpenSSL, the one that takes most first."""


@dataclass(frozen=True, slots=True)
class Made:
    """A target that was made, its name apart."""

    target: Target
    how: str
    downloads: tuple[Download, ...]
    needs: tuple[str, ...] = ()


@dataclass(slots=True)
class Workshop:
    """What targets are made with."""

    cache: Cache
    run: Run
    pip: Pip | None
    pythons: Pythons
    _apts: dict[str, Apt] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def apt(self, suite: str) -> Apt:
        """The apt of that suite, one for everybody."""
        with self._lock:
            folder = self.cache.downloads / "debian" / suite
            return self._apts.setdefault(suite, Apt(self.run, folder, suite))

    def make(self, recipe: Recipe, folder: Path) -> Made:
        """Make it in ``folder``. Raises ``ProvisionError``."""
        match recipe:
            case Suite():
                return self._suite(recipe, folder)
            case Libraries():
                return self._libraries(recipe, folder)
            case Rebuilt():
                return self._rebuilt(recipe, folder)
            case PyOpenSSL() | DropIn():
                assert self.pip is not None, "looked at before"
                made, fetched, about = make_packaged(
                    self.run, self.pip, self.pythons, recipe, folder
                )
                return Made(made, about, fetched)

    def _suite(self, recipe: Suite, folder: Path) -> Made:
        wanted = packages_of(recipe.python, pypy=recipe.pypy)
        packages = self.apt(recipe.suite).install(*wanted)
        root = folder / ROOT
        make_root(self.run, packages, root)
        program = program_of(root, recipe.python, pypy=recipe.pypy)
        target = Target("", argv_of(root, program))
        self._tried(target, folder)
        how = f"Debian {recipe.suite}, {_versions(packages, wanted)}"
        return Made(target, how, _downloads(packages))

    def _libraries(self, recipe: Libraries, folder: Path) -> Made:
        assert self.pip is not None, "looked at before"
        wheel = recipe.wheel
        fetched = self.pip.fetch([wheel.requirement], wheel.python, alone=True)
        take_libraries(fetched.files[0], folder / "lib")
        refused = []
        for python in self._bases():
            target = python.over(folder / "lib")
            try:
                tried = self._tried(target, folder)
            except ProvisionError as error:
                refused.append(f"{python.about}: {error}")
                continue
            if tried.release == recipe.openssl:
                how = f"{python.about} on the libraries of {wheel.requirement}"
                return Made(target, how, fetched.downloads, python.needs)
            refused.append(f"{python.about}: stays on {tried.openssl}")
        raise ProvisionError(
            f"OpenSSL {recipe.openssl}: no Python here takes it, since none loads a "
            f"shared libssl.so.3 of ours ({'; '.join(refused) or 'none was found'}); "
            "`verifyflags targets add debian:bookworm` brings one"
        )

    def _bases(self) -> Iterator[Python]:
        """What an OpenSSL 3 can be put under: interpreters of the machine, then the
        provisioned ones of Debian."""
        yield from self.pythons.shared()
        for name in BASES:
            if self.cache.record(name) is not None:
                yield debian_python(self.cache, name)

    def _rebuilt(self, recipe: Rebuilt, folder: Path) -> Made:
        base = f"debian:{recipe.suite}"
        record = self.cache.record(base)
        if record is None:
            raise ProvisionError(f"needs {base}, which is not there")
        theirs, ours = self.apt(recipe.headers), self.apt(recipe.suite)
        of_openssl = theirs.download(recipe.library, "libssl-dev")
        found = next(p for p in of_openssl if p.path.name.startswith("libssl-dev_"))
        release = found.download.version.partition("-")[0]
        if recipe.headers == "experimental" and not release.startswith(recipe.openssl):
            raise ProvisionError(
                f"OpenSSL {recipe.openssl}: Debian {recipe.headers} has {release} now; "
                f"`verifyflags targets add openssl:4.0` takes what there is"
            )
        source = ours.source(f"python{recipe.python}")
        headers = ours.download(f"libpython{recipe.python}-dev")
        work = folder / "work"
        for name, packages in (("openssl", of_openssl), ("python", headers)):
            (work / name).mkdir(parents=True)
            unpack(self.run, packages, work / name)
        downloads = [*of_openssl, *source, *headers]
        wheels: tuple[Download, ...] = ()
        if recipe.wheel is None:
            copy_libraries(work / "openssl", folder / "lib")
        else:
            assert self.pip is not None, "looked at before"
            wheel = recipe.wheel
            fetched = self.pip.fetch([wheel.requirement], wheel.python, alone=True)
            take_libraries(fetched.files[0], folder / "lib")
            wheels = fetched.downloads
        archive = next(p.path for p in source if ".orig.tar" in p.path.name)
        build(
            self.run,
            modules=take_modules(archive, work / "source"),
            python=work / "python",
            openssl=work / "openssl",
            libraries=library_files(work / "openssl"),
            defines=recipe.defines,
            version=recipe.python,
            out=folder / "modules",
        )
        python = debian_python(self.cache, base)
        over = python.over(folder / "lib")
        target = Target("", over.argv, over.env, (str(folder / "modules"),))
        tried = self._tried(target, folder)
        wanted = release if recipe.wheel is None else recipe.openssl
        if tried.release != wanted:
            raise ProvisionError(f"OpenSSL {wanted}: it loads {tried.openssl}")
        shutil.rmtree(work, ignore_errors=True)
        about = "" if recipe.wheel is None else f" and of {recipe.wheel.requirement}"
        how = f"{python.about}, its _ssl compiled for {recipe.headers}'s headers{about}"
        return Made(target, how, (*_downloads(downloads), *wheels), (base,))

    def _tried(self, target: Target, folder: Path) -> Tried:
        return try_python(self.run, target, folder)


def _downloads(packages: list[Package] | tuple[Package, ...]) -> tuple[Download, ...]:
    return tuple(package.download for package in packages)


def _versions(packages: tuple[Package, ...], wanted: tuple[str, ...]) -> str:
    """The first of the wanted packages, with its version."""
    name = wanted[0]
    for package in packages:
        if package.path.name.startswith(f"{name}_"):
            return f"{name} {package.download.version}"
    return name
