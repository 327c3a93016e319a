"""A fault: one small change of the verification kernel, planted in its C source.

Found by text within a function, never by line, and blind to white space: the tables
outlive a release that was only formatted anew.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from harness.kernel.tree import KernelError


class Area(StrEnum):
    """What part of verification a fault lies in."""

    FLAGS = "flags"
    PATHS = "paths"
    EXTENSIONS = "extensions"
    NAMES = "names"
    CRL_CHOICE = "CRL choice"
    CRL_CHECKS = "CRL checks"
    PROXIES = "proxies"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. ``search`` stands exactly once in ``function`` of ``file``."""

    name: str
    area: Area
    file: str
    function: str
    """Empty for a place outside of functions."""
    search: str
    replace: str
    what: str
    """What goes wrong, in our words."""
    unseen: str = ""
    """Why nothing through ``ssl`` can see it; such a fault is not asked for."""


def planted(source: str, fault: Fault) -> str:
    """The source with the fault in it. Raises ``KernelError`` where its text does not
    stand there exactly once."""
    start, end = extent(source, fault.function) if fault.function else (0, len(source))
    words = (re.escape(word) for word in fault.search.split())
    found = list(re.finditer(r"\s*".join(words), source[start:end]))
    if len(found) != 1:
        raise KernelError(
            f"{fault.name}: {fault.search!r} stands {len(found)} times in "
            f"{fault.function or fault.file}, and not once"
        )
    first, last = start + found[0].start(), start + found[0].end()
    return source[:first] + fault.replace + source[last:]


def extent(source: str, function: str) -> tuple[int, int]:
    """Where a function's definition begins and ends: a declaration is none.

    Raises ``KernelError`` where it is not defined there.
    """
    for match in re.finditer(rf"^\w[^;{{}}]*?\b{function}\(", source, re.MULTILINE):
        body = re.compile(r"[^;{]*").match(source, match.end())
        assert body is not None  # it may be empty
        if source[body.end() : body.end() + 1] == "{":
            end = source.find("\n}", body.end())
            return match.start(), len(source) if end < 0 else end + 2
    raise KernelError(f"{function} is not defined there")
