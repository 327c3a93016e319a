"""What gcov tells of one source file: lines and branches taken, by function.

Branches are counted as ``gcov -b`` counts them: each way that a condition or a switch
can go, one that falls through included; not the ways of an exception (``throw``).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from harness.kernel.tree import KernelError, Tree, ran


@dataclass(frozen=True, slots=True)
class Line:
    """A line of C that gcc made code of."""

    number: int
    count: int
    """How often it was executed."""
    branches: tuple[int, ...]
    """How often each branch that begins here was taken."""
    text: str


@dataclass(frozen=True, slots=True)
class Function:
    """A C function and its lines."""

    file: str
    name: str
    lines: tuple[Line, ...]

    @property
    def executed(self) -> int:
        """How many of its lines were executed."""
        return sum(1 for line in self.lines if line.count)

    @property
    def branches(self) -> int:
        """How many branches it has."""
        return sum(len(line.branches) for line in self.lines)

    @property
    def taken(self) -> int:
        """How many of its branches were taken."""
        return sum(1 for line in self.lines for count in line.branches if count)


def functions_of(tree: Tree, file: str) -> tuple[Function, ...]:
    """What a source file's counters say. Raises ``KernelError`` where there are none:
    nothing was asked, or no process that was asked came to its end."""
    counters = tree.objects(file, ".gcda")
    if len(counters) != 1:
        raise KernelError(f"{file}: {len(counters)} files of counters, and not one")
    name = counters[0].relative_to(tree.folder).as_posix()
    told = ran(["gcov", "-b", "--json-format", "--stdout", name], tree.folder)
    return parse(json.loads(told), file, tree.read(file))


def parse(told: Mapping[str, Any], file: str, source: str) -> tuple[Function, ...]:
    """The functions of one source file in gcov's JSON form, in the file's order.

    Raises ``KernelError`` where the form speaks of another file only.
    """
    texts = source.splitlines()
    for about in told["files"]:
        if PurePosixPath(about["file"]).name == PurePosixPath(file).name:
            return tuple(_functions(about, file, texts))
    raise KernelError(f"{file}: gcov tells nothing of it")


def _functions(
    about: Mapping[str, Any], file: str, texts: Sequence[str]
) -> Iterator[Function]:
    lines: dict[str, dict[int, Line]] = {}
    for item in about["lines"]:
        of_function = lines.setdefault(item.get("function_name", ""), {})
        line = _line(item, texts)
        of_function[line.number] = line
    for item in sorted(about["functions"], key=lambda item: int(item["start_line"])):
        own = lines.get(item["name"], {})
        yield Function(file, item["name"], tuple(own[at] for at in sorted(own)))


def _line(item: Mapping[str, Any], texts: Sequence[str]) -> Line:
    number = int(item["line_number"])
    branches = tuple(
        int(branch["count"]) for branch in item["branches"] if not branch["throw"]
    )
    text = texts[number - 1].strip() if number <= len(texts) else ""
    return Line(number, int(item["count"]), branches, text)
