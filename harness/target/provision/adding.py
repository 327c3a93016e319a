"""Adding targets: looking first, then making several at a time."""

import shutil
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from harness.target.provision import pip
from harness.target.provision.cache import Cache, Record, Writing, writing
from harness.target.provision.catalogue import members, recipe_of
from harness.target.provision.clients import Runner
from harness.target.provision.conditions import obstacles
from harness.target.provision.errors import ProvisionError, of_system
from harness.target.provision.making import BASES, Made, Workshop
from harness.target.provision.pythons import Pythons
from harness.target.provision.recipes import Libraries, Rebuilt, Recipe, Suite
from harness.target.provision.roots import pythons

AT_ONCE: Final = 4
"""How many targets are made at a time: they wait for the network in turns."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one name."""

    name: str
    record: Record | None = None
    why: str = ""
    """Why there is no record."""
    seconds: float = 0.0
    size: int = 0
    """Octets of its folder."""
    old: bool = False
    """It was there already."""


@dataclass(slots=True)
class Adding:
    """One ``targets add``. ``tell`` gets a line about each thing that begins."""

    writing: Writing
    tell: Callable[[str], None]
    again: bool = False
    runner: Runner = field(init=False)
    workshop: Workshop = field(init=False)

    def __post_init__(self) -> None:
        cache = self.writing.cache
        self.runner = Runner(self.writing.lock)
        known = Pythons(self.runner, cache.folder)
        found = pip.find(self.runner, cache.folder, known.programs)
        self.workshop = Workshop(cache, self.runner, found, known)

    def results(self, names: Sequence[str]) -> Iterator[Result]:
        """What came of each name, as they are ready; those that cannot be made here
        first. Raises ``ProvisionError`` for a name that is none."""
        recipes = {name: recipe_of(name) for given in names for name in members(given)}
        whole, refused = self._possible(recipes)
        yield from refused
        try:
            with ThreadPoolExecutor(AT_ONCE) as pool:
                named = yield from self._expanded(pool, whole)
                yield from self._made(pool, named)
        except BaseException:
            self.runner.stop()
            raise

    def _possible(
        self, recipes: Mapping[str, Recipe]
    ) -> tuple[dict[str, Recipe], list[Result]]:
        """The recipes that can be made here with what they stand on, and the others'
        results."""
        whole = dict(recipes)
        for name, recipe in recipes.items():
            for need in self._stands_on(recipe):
                if need not in recipes:
                    self.tell(f"{name} stands on {need}, which is added too")
                whole = {need: recipe_of(need), **whole}
        bad = dict(
            obstacles(
                whole,
                run=self.runner,
                folder=self.writing.cache.folder,
                has_pip=self.workshop.pip is not None,
            )
        )
        for name, recipe in whole.items():
            for need in self._stands_on(recipe):
                if need in bad:
                    bad.setdefault(name, f"stands on {need}, which {bad[need]}")
        possible = {name: recipe for name, recipe in whole.items() if name not in bad}
        return possible, [Result(name, why=why) for name, why in bad.items()]

    def _stands_on(self, recipe: Recipe) -> tuple[str, ...]:
        """Names that must be there before, and are not."""
        there = self.writing.cache.record
        match recipe:
            case Rebuilt():
                need = f"debian:{recipe.suite}"
                return () if there(need) else (need,)
            case Libraries():
                host = any(True for _ in self.workshop.pythons.shared())
                if host or any(there(name) for name in BASES):
                    return ()
                return (BASES[0],)
            case _:
                return ()

    def _expanded(
        self, pool: ThreadPoolExecutor, recipes: Mapping[str, Recipe]
    ) -> Generator[Result, None, dict[str, Recipe]]:
        """Turn suites into their Pythons; yields what fails, returns the rest."""
        named: dict[str, Recipe] = {}
        asked: dict[str, Future[tuple[str, ...]]] = {}
        for name, recipe in recipes.items():
            whole = isinstance(recipe, Suite) and not (recipe.python or recipe.pypy)
            if whole and (self.again or self.writing.cache.record(name) is None):
                assert isinstance(recipe, Suite)
                asked[name] = pool.submit(pythons, self.workshop.apt(recipe.suite))
        for name, recipe in recipes.items():
            if name not in asked:
                named[name] = recipe
                continue
            assert isinstance(recipe, Suite)
            try:
                found = asked[name].result()
            except ProvisionError as error:
                yield Result(name, why=str(error))
                continue
            for python in found:
                one = name if len(found) == 1 else f"{name}-{python}"
                named[one] = replace(recipe, python=python)
        return named

    def _made(
        self, pool: ThreadPoolExecutor, recipes: Mapping[str, Recipe]
    ) -> Iterator[Result]:
        futures: dict[str, Future[Result]] = {}
        for name, recipe in sorted(recipes.items(), key=lambda item: _order(item[1])):
            needs = [futures[n] for n in self._stands_on(recipe) if n in futures]
            futures[name] = pool.submit(self._one, name, recipe, needs)
        for future in as_completed(futures.values()):
            yield future.result()

    def _one(
        self, name: str, recipe: Recipe, needs: Sequence[Future[Result]]
    ) -> Result:
        # What it waits for was submitted before, so it is at work or done.
        for need in needs:
            if (other := need.result()).record is None:
                return Result(name, why=f"stands on {other.name}, which was not made")
        cache = self.writing.cache
        old = cache.record(name)
        if old is not None and not self.again:
            return Result(name, old, size=_size(cache.of(name)), old=True)
        self.tell(f"{name}: begun")
        began = time.monotonic()
        folder: Path | None = None
        try:
            folder = self.writing.begin(name)
            made = self.workshop.make(recipe, folder)
            seconds = round(time.monotonic() - began, 1)
            record = self.writing.finish(folder, _record(name, made, seconds))
        except Exception as error:  # noqa: BLE001  # told, so that the others go on
            if folder is not None:
                shutil.rmtree(folder, ignore_errors=True)
            seconds = round(time.monotonic() - began, 1)
            return Result(name, why=_told(error), seconds=seconds)
        return Result(name, record, "", seconds, _size(cache.of(name)))


def _told(error: Exception) -> str:
    match error:
        case ProvisionError():
            return str(error)
        case OSError():
            return str(of_system(error, "here"))
        case _:
            return f"a fault of ours: {type(error).__name__}: {error}"


def _order(recipe: Recipe) -> int:
    """What others stand on comes first, and then what takes longest."""
    return 0 if isinstance(recipe, Suite) else 1 if isinstance(recipe, Rebuilt) else 2


def _record(name: str, made: Made, seconds: float) -> Record:
    target = replace(made.target, id=name)
    now = int(time.time())
    return Record(name, made.how, now, seconds, target, made.needs, made.downloads)


def _size(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*"))


def add(
    cache: Cache, names: Sequence[str], tell: Callable[[str], None], *, again: bool
) -> Iterator[Result]:
    """Add targets to the cache; the result of each, as they are ready.

    Raises ``ProvisionError`` for a name that is none, before anything is done, and for
    a cache folder that cannot be written to.
    """
    for given in names:
        for name in members(given):
            recipe_of(name)
    with writing(cache, tell) as held:
        yield from Adding(held, tell, again).results(names)


def remove(
    cache: Cache,
    names: Sequence[str],
    tell: Callable[[str], None],
    *,
    downloads: bool = False,
) -> int:
    """Remove targets by name, or all of a suite, and what was downloaded; the octets
    freed.

    Raises ``ProvisionError`` for one that is not there, or that another stands on.
    """
    with writing(cache, tell) as held:
        records = cache.records()
        gone: dict[str, Record] = {}
        for name in names:
            those = standing_for(name, records)
            if not those:
                there = ", ".join(record.name for record in records) or "none"
                raise ProvisionError(f"{name}: is not there; there are: {there}")
            gone.update({record.name: record for record in those})
        for record in records:
            on = [need for need in record.needs if need in gone]
            if on and record.name not in gone:
                raise ProvisionError(
                    f"{on[0]}: {record.name} stands on it; remove that too"
                )
        freed = sum(_size(cache.of(name)) for name in gone)
        for name in gone:
            held.remove(name)
        return freed + (held.forget_downloads() if downloads else 0)


def standing_for(name: str, records: Sequence[Record]) -> tuple[Record, ...]:
    """The records that a name means: its own, those of a set, or of a whole suite."""
    found = []
    for member in members(name):
        own = [record for record in records if record.name == member]
        parts = [
            record
            for record in records
            if record.name.rpartition("-")[0] == member
            and record.name.rpartition("-")[2].startswith("3.")
        ]
        found += own or parts
    return tuple(found)
