"""Which releases show a finding or a change, as a table of plain text."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any, Final

from harness.flags import Flags
from reports.printable import printable

MARK: Final = {True: "yes", False: "no", None: "?"}
"""Whether a target shows it; None where it could not be asked, or does not tell."""


def table(form: dict[str, Any]) -> str:
    """One table (``harness.diff.bisecting.form_of``), without a newline at its end."""
    return "\n".join(printable(line) for line in _table(form))


def _table(form: dict[str, Any]) -> Iterator[str]:
    yield f"{form['number']}. {form['title']}"
    yield f"   under {_flags(form)}, {form['role']}"
    heads = ("OpenSSL", "Python", "target", "shows it", "outcome")
    rows = list(_rows(form))
    widths = [max(len(row[at]) for row in (heads, *rows)) for at in range(4)]
    for row in (heads, *rows):
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        yield "   " + "  ".join((*cells, row[4])).rstrip()
    for line, runs in form["lines"].items():
        yield f"   {form['by']} {line}: {_line(runs)}"


def _rows(form: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """A row for neighbours that differ only in the other one's version."""
    by = "python" if form["by"] == "Python" else "openssl"
    alike = groupby(form["rows"], lambda it: (it[by], it["affected"], it["said"]))
    for (_, affected, said), some in alike:
        rows = list(some)
        columns = [
            _few(list(dict.fromkeys(it[key] for it in rows)))
            for key in ("openssl", "python")
        ]
        more = f" and {len(rows) - 1} more" if len(rows) > 1 else ""
        yield (*columns, rows[0]["target"] + more, MARK[affected], said)


def _few(versions: list[str]) -> str:
    if len(versions) > 3:
        return f"{versions[0]}, {versions[1]}, … {versions[-1]}"
    return ", ".join(versions)


def _flags(form: dict[str, Any]) -> str:
    if form["flags"] is None:
        added = Flags(form["added"])
        return f"each one's default flags{f' with {added} added' if added else ''}"
    sets = [str(Flags(bits)) for bits in form["flags"]]
    return f"flags {' and '.join(sets)}"


def _line(runs: list[dict[str, Any]]) -> str:
    """What a line of releases does, e.g. ``not 3.5.0 to 3.5.6; first 3.5.8``."""
    if len(runs) == 1:
        (only,) = runs
        word = {True: "all that were asked", False: "none", None: "not told"}
        return f"{word[only['affected']]} ({_span(only)})"
    said = []
    for run in runs:
        if run["affected"] is None:
            said.append(f"{_span(run)} not told")
        elif run["affected"]:
            first = "" if run is runs[0] else "first "
            said.append(f"{first}{_span(run)}")
        else:
            said.append(f"not {_span(run)}")
    return "; ".join(said)


def _span(run: dict[str, Any]) -> str:
    first, last = run["first"], run["last"]
    return first if first == last else f"{first} to {last}"
