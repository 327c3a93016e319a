"""Reach: which lines and branches of the verification kernel a campaign takes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from harness.kernel.gcov import Function, functions_of
from harness.kernel.left_out import LEFT_OUT
from harness.kernel.tree import COVERED, Tree, recompile
from harness.kernel.unreached import REASONS, Reason

WANTED: Final = 80.0
"""Per cent of the branches that a campaign of five minutes should take."""


def instrument(tree: Tree) -> None:
    """Rebuild a tree so that it counts in the kernel, and in nothing else."""
    recompile(tree, COVERED, "CFLAGS=-O0 --coverage", "LDFLAGS=--coverage")
    forget(tree)


def forget(tree: Tree) -> None:
    """Set all counters to nothing."""
    for file in COVERED:
        for counters in tree.objects(file, ".gcda"):
            counters.unlink()


@dataclass(frozen=True, slots=True)
class Missing:
    """A line with branches that were not taken."""

    file: str
    line: int
    function: str
    text: str
    places: tuple[int, ...]
    """Which of its branches, from 0."""
    of: int
    why: str = ""
    """Why nothing takes them; empty where nobody says."""

    def __str__(self) -> str:
        """As one line: place, branches, text, reason."""
        places = ",".join(map(str, self.places))
        why = f"  [{self.why}]" if self.why else ""
        return f"{self.file}:{self.line} #{places} of {self.of}  {self.text}{why}"


@dataclass(frozen=True, slots=True)
class Reached:
    """What a campaign took of the functions a TLS verification can enter."""

    functions: tuple[Function, ...]
    missing: tuple[Missing, ...]
    stale: tuple[Reason, ...]
    """Reasons for what was taken after all, or is not there."""

    def per_cent(self, file: str = "") -> float:
        """How many of a hundred branches were taken, in one file or in all."""
        chosen = [item for item in self.functions if file in ("", item.file)]
        branches = sum(item.branches for item in chosen)
        return 100.0 * sum(item.taken for item in chosen) / branches if branches else 0


def reached(
    functions: Sequence[Function], reasons: Sequence[Reason] = REASONS
) -> Reached:
    """Leave out what a TLS verification does not enter, and find reasons."""
    entered = tuple(item for item in functions if item.name not in LEFT_OUT)
    used: set[Reason] = set()
    missing = []
    for function in entered:
        for line in function.lines:
            bare = {at for at, taken in enumerate(line.branches) if not taken}
            by_why: dict[str, set[int]] = {}
            for reason in reasons:
                of = len(line.branches)
                fit = bare & reason.excused(function.name, line.text, of) if of else ()
                if fit:
                    used.add(reason)
                    bare -= set(fit)
                    by_why.setdefault(reason.why, set()).update(fit)
            if bare:
                by_why[""] = bare
            missing += [
                Missing(
                    function.file,
                    line.number,
                    function.name,
                    line.text,
                    tuple(sorted(places)),
                    len(line.branches),
                    why,
                )
                for why, places in by_why.items()
            ]
    stale = tuple(reason for reason in reasons if reason not in used)
    return Reached(entered, tuple(missing), stale)


def measured(tree: Tree) -> Reached:
    """What the counters of a tree say. Raises ``KernelError``."""
    return reached([item for file in COVERED for item in functions_of(tree, file)])


def told(reach: Reached) -> Iterator[str]:
    """The lines to print."""
    for file in dict.fromkeys(item.file for item in reach.functions):
        yield f"{file}: {reach.per_cent(file):.1f} % of branches"
        for item in reach.functions:
            if item.file == file and item.lines:
                yield (
                    f"  {item.name:<32} lines {item.executed}/{len(item.lines)}, "
                    f"branches {item.taken}/{item.branches}"
                )
    explained = [item for item in reach.missing if item.why]
    bare = [item for item in reach.missing if not item.why]
    yield "branches not taken, and why:"
    yield from (f"  {item}" for item in explained)
    yield "branches not taken, and nobody says why:"
    yield from (f"  {item.function}  {item}" for item in bare)
    for reason in reach.stale:
        yield f"stale reason: {reason.function}: {reason.text}"
    taken = sum(item.taken for item in reach.functions)
    branches = sum(item.branches for item in reach.functions)
    known = sum(len(item.places) for item in explained)
    can = branches - known
    yield (
        f"{taken} of {branches} branches, {reach.per_cent():.1f} %; {known} more "
        f"cannot be taken, {can - taken} nobody explains"
    )
    yield (
        f"of the {can} that can be taken {100.0 * taken / can if can else 0:.1f} % "
        f"(wanted: {WANTED:g} %)"
    )
