"""What a suite came to, as plain text: counts by finding, and where the suite's authors
expect something else than what was observed.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from harness.flags import Flags
from reports.printable import printable


@dataclass(frozen=True, slots=True)
class Checked:
    """One row of ``check``: its JSON, and what is only said in words."""

    form: dict[str, Any]
    expected: str
    """Against the author's expectation: ``agree``, ``differ`` or ``none``."""
    why: str = ""
    """Why it fails, or why it could not be asked or judged."""


_FAILING = ("unexplained", "diverges", "broken")


def table(rows: Sequence[Checked], unusable: Sequence[str]) -> str:
    """The whole text, ending in a newline."""
    lines: list[str] = []
    for target in dict.fromkeys(row.form["target"] for row in rows):
        lines += _target(target, [row for row in rows if row.form["target"] == target])
    lines += [printable(text) for text in unusable]
    lines.append(_last(rows))
    return "\n".join(lines) + "\n"


def _target(target: str, rows: Sequence[Checked]) -> Iterator[str]:
    yield f"{printable(target)}, and what the suite's authors expect:"
    yield f"  {'finding':<40} {'rows':>6} {'agree':>6} {'differ':>6} {'none':>6}"
    for finding, count in Counter(row.form["finding"] for row in rows).most_common():
        expected = Counter(
            row.expected for row in rows if row.form["finding"] == finding
        )
        columns = " ".join(
            f"{expected[word]:>6}" for word in ("agree", "differ", "none")
        )
        yield f"  {finding:<40} {count:>6} {columns}"
    yield from _causes(rows)
    yield from _failing(rows)
    yield from _differing(rows)


def _causes(rows: Sequence[Checked]) -> Iterator[str]:
    """Why rows were not judged: by the first word of the cause, with an example."""
    by_word: dict[tuple[str, str], list[Checked]] = {}
    for row in rows:
        if row.form["finding"] in ("unsupported", "unmodelled"):
            word = row.why.partition(" ")[0]
            by_word.setdefault((row.form["finding"], word), []).append(row)
    for (finding, _), alike in by_word.items():
        cases = len({row.form["id"] for row in alike})
        said = f"{cases} cases, {len(alike)} rows {finding}: e.g. {alike[0].why}"
        yield printable(f"  {said}")


def _failing(rows: Sequence[Checked]) -> Iterator[str]:
    alike: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        if row.form["finding"] in _FAILING:
            flags = alike.setdefault((row.form["id"], row.why), [])
            flags.append(str(Flags(row.form["flags"])))
    for (case, why), flags in alike.items():
        yield printable(f"  {case} under {', '.join(flags)}: {why}")


def _differing(rows: Sequence[Checked]) -> Iterator[str]:
    """Cases whose author expects otherwise; each with the flag sets that differ."""
    by_case: dict[str, list[Checked]] = {}
    for row in rows:
        if row.expected == "differ":
            by_case.setdefault(row.form["id"], []).append(row)
    if by_case:
        yield f"  {len(by_case)} cases whose expected result differs:"
    for case, differing in by_case.items():
        observed = differing[0].form["observed"]["outcome"]
        sets = ", ".join(str(Flags(row.form["flags"])) for row in differing)
        yield printable(f"    {case}: {observed} under {sets}")


def _last(rows: Sequence[Checked]) -> str:
    counts = Counter(row.form["finding"].partition(":")[0] for row in rows)
    cases = len({row.form["id"] for row in rows})
    said = ", ".join(f"{count} {word}" for word, count in counts.most_common())
    return f"{cases} cases, {len(rows)} rows: {said or 'nothing asked'}"
