"""What random cases reach of the oracle: branches taken, and why the others are not.

A branch that no random case takes needs a reason, which ``harness.campaign.unreached``
holds by function and source text, so that it outlives every line number. A reason that
fits no branch any more is *stale*: what it excuses was reached, or is gone.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from harness.campaign.tracing import ORACLE, Branches
from harness.campaign.unreached import REASONS, Reason

WANTED: Final = 97.0
"""Per cent of the branches that random cases of a run have to take."""

END: Final = "the end"
"""Where a branch goes that leaves its function."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A branch that was not taken: from a line to a line, or to the ``END``."""

    file: str
    line: int
    to: int | None
    function: str
    source: str
    goal: str
    """The text of the line it goes to."""
    why: str = ""
    """Why nothing reaches it; empty where nobody has said."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Branches of the oracle: by file how many there are, and which were missed."""

    counts: tuple[tuple[str, int], ...]
    missing: tuple[Missing, ...]
    stale: tuple[Reason, ...]

    @property
    def branches(self) -> int:
        """How many branches there are."""
        return sum(count for _, count in self.counts)

    @property
    def per_cent(self) -> float:
        """How many of a hundred were taken; none, where nothing was measured."""
        if not self.branches:
            return 0.0
        return 100.0 * (self.branches - len(self.missing)) / self.branches


def reach_of(
    measured: Sequence[Branches],
    reasons: Sequence[Reason] = REASONS,
    folder: Path = ORACLE,
) -> Reach:
    """Find the reason of every missing branch, and the reasons of none."""
    used: set[Reason] = set()
    missing = []
    for branches in measured:
        source = (folder / branches.file).read_text(encoding="utf-8")
        lines, functions = source.splitlines(), tuple(_functions(ast.parse(source)))
        for start, end in branches.missing:
            function = _function(functions, start)
            text = lines[start - 1].strip()
            goal = lines[end - 1].strip() if end > 0 else END
            found = [
                reason
                for reason in reasons
                if reason.fits(branches.file, function, text, goal)
            ]
            used.update(found)
            missing.append(
                Missing(
                    branches.file,
                    start,
                    end if end > 0 else None,
                    function,
                    text,
                    goal,
                    found[0].why if found else "",
                )
            )
    counts = tuple((branches.file, branches.count) for branches in measured)
    stale = tuple(reason for reason in reasons if reason not in used)
    return Reach(counts, tuple(missing), stale)


def _functions(module: ast.Module) -> Iterator[tuple[int, int, str]]:
    """First line, last line and qualified name of every function."""
    open_nodes: list[tuple[ast.AST, str]] = [(module, "")]
    while open_nodes:
        node, name = open_nodes.pop()
        for child in ast.iter_child_nodes(node):
            inner = name
            if isinstance(child, ast.FunctionDef | ast.ClassDef):
                inner = f"{name}.{child.name}".lstrip(".")
                if isinstance(child, ast.FunctionDef):
                    yield child.lineno, child.end_lineno or child.lineno, inner
            open_nodes.append((child, inner))


def _function(functions: Sequence[tuple[int, int, str]], line: int) -> str:
    """The innermost function around a line, or nothing."""
    around = [item for item in functions if item[0] <= line <= item[1]]
    return max(around)[2] if around else ""


def shortfalls(reach: Reach) -> Iterator[str]:
    """Why a run that measured this is inconclusive."""
    if not reach.branches:
        yield "no branch of the oracle was measured: no random case was judged"
        return
    if reach.per_cent < WANTED:
        yield (
            f"random cases took {reach.per_cent:.1f} % of the oracle's branches, "
            f"less than {WANTED:g} %"
        )
    bare = [missing for missing in reach.missing if not missing.why]
    if bare:
        yield (
            f"{len(bare)} of the oracle's branches were not taken, and nobody says why"
        )
    for reason in reach.stale:
        yield (
            f"a stale reason: {reason.file}, {reason.function}: {reason.source!r} was "
            "reached or is gone"
        )


def to_json(reach: Reach) -> dict[str, Any]:
    """Plain JSON data: the footer's ``oracle_coverage``."""
    lost: dict[str, int] = {}
    for item in reach.missing:
        lost[item.file] = lost.get(item.file, 0) + 1
    return {
        "wanted": WANTED,
        "per_cent": round(reach.per_cent, 2),
        "branches": reach.branches,
        "taken": reach.branches - len(reach.missing),
        "files": [
            {"file": file, "branches": count, "taken": count - lost.get(file, 0)}
            for file, count in reach.counts
        ],
        "missing": [
            {
                "file": item.file,
                "line": item.line,
                "to": item.to,
                "function": item.function,
                "source": item.source,
                "goal": item.goal,
                "why": item.why,
            }
            for item in reach.missing
        ],
        "stale": [
            {"file": item.file, "function": item.function, "source": item.source}
            for item in reach.stale
        ],
    }
