"""``verifyflags targets add``, ``remove`` and ``available``."""

import json
import os
import sys
import time
from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TextIO

from harness.target.provision.adding import Result, add, remove
from harness.target.provision.cache import Cache
from harness.target.provision.catalogue import available
from harness.target.provision.errors import ProvisionError
from harness.verbs.choosing import UsageError
from harness.verbs.saying import say
from harness.verbs.targets import ask
from harness.wire import to_json
from reports.printable import printable

FAILED: Final = 2
MEGABYTE: Final = 1_000_000


def list_available(arguments: Namespace) -> int:
    """Every name that ``targets add`` takes."""
    for name, what in available():
        if arguments.json:
            say(json.dumps({"name": name, "what": what}))
        else:
            say(f"{name:24} {what}")
    return 0


def add_targets(arguments: Namespace) -> int:
    """Make targets; 2 if one of them was not made, after the others."""
    cache = Cache.default()
    told = Telling(sys.stderr)
    began = time.monotonic()
    results: list[Result] = []
    status = 0
    try:
        for result in add(cache, arguments.names, told.line, again=arguments.again):
            results.append(result)
            line, failed = _outcome(cache, result)
            told.line(line)
            status = FAILED if failed else status
            if arguments.json:
                say(json.dumps(_form(result)))
    except ProvisionError as error:
        raise UsageError(str(error)) from error
    made = [item for item in results if item.record is not None]
    size = sum(item.size for item in made)
    summary = (
        f"{len(made)} of {len(results)} are here, {size / MEGABYTE:.0f} MB in "
        f"{cache.folder}, {time.monotonic() - began:.0f} s"
    )
    if not arguments.json:
        say(printable(summary))
    return status


def remove_targets(arguments: Namespace) -> int:
    """Remove targets, or what was downloaded for them."""
    cache = Cache.default()
    told = Telling(sys.stderr)
    if not (arguments.names or arguments.downloads):
        raise UsageError("targets remove: name what to remove, or --downloads")
    try:
        freed = remove(cache, arguments.names, told.line, downloads=arguments.downloads)
    except ProvisionError as error:
        raise UsageError(f"targets remove: {error}") from error
    say(f"{freed / MEGABYTE:.0f} MB freed in {cache.folder}")
    return 0


def _outcome(cache: Cache, result: Result) -> tuple[str, bool]:
    """What is said of a result, and whether it is a failure: a target that was made
    is asked what it is, and whether it is sane."""
    if result.record is None:
        return f"{result.name}: FAILED: {result.why}", True
    identity, why = ask(cache.target(result.record))
    if identity is None:
        return f"{result.name}: FAILED: made, but unusable: {why}", True
    done = "is here already" if result.old else f"added in {result.seconds:.1f} s"
    python = ".".join(map(str, identity.python))
    sane = "" if identity.sane else f"; not sane: {why}"
    return (
        f"{result.name}: {done}, {result.size / MEGABYTE:.0f} MB: "
        f"{identity.implementation} {python}, {identity.openssl}{sane}"
    ), False


def _form(result: Result) -> dict[str, object]:
    return {
        "name": result.name,
        "record": None if result.record is None else to_json(result.record),
        "because": result.why,
        "seconds": result.seconds,
        "size": result.size,
        "old": result.old,
    }


@dataclass(slots=True)
class Telling:
    """Progress on standard error, each line with the seconds since the beginning."""

    stream: TextIO
    clock: Callable[[], float] = time.monotonic
    _began: float = field(init=False)

    def __post_init__(self) -> None:
        self._began = self.clock()

    def line(self, text: str) -> None:
        """One line; bold where it tells of a failure on a terminal."""
        plain = os.environ.get("NO_COLOR") or not self.stream.isatty()
        told = printable(text)
        if "FAILED" in text and not plain:
            told = f"\x1b[1m{told}\x1b[0m"
        self.stream.write(f"[{self.clock() - self._began:5.1f} s] {told}\n")
        self.stream.flush()
