"""Markdown that pages are made of: tables and links; names are code."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

CELL_BREAK = "<br>"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The lines of a table, an empty one last; nothing where it has no row."""
    body = [f"| {' | '.join(row)} |" for row in rows]
    if body:
        rule = f"|{' --- |' * len(heads)}"
        yield from chain([f"| {' | '.join(heads)} |", rule], body, [""])


def code(text: str) -> str:
    """The text as code; in a cell no bar may stand, not even in code."""
    return f"`{text}`".replace("|", "\\|")


def codes(texts: Iterable[str]) -> str:
    """Each text as code."""
    return ", ".join(map(code, texts))


def plain(text: str) -> str:
    """The text with nothing in it that Markdown takes for markup within a line; words
    keep their underscores, which are none there."""
    return re.sub(r"([\\`*\[\]<>|])", r"\\\1", text)


def link(text: str, address: str) -> str:
    """A link."""
    return f"[{text}]({address})"


def anchor(heading: str) -> str:
    """The fragment that a heading gets: lower case, hyphens for spaces, no marks."""
    kept = re.sub(r"[^\w\- ]", "", heading.lower())
    return kept.replace(" ", "-")


def contents(headings: Iterable[str]) -> Iterator[str]:
    """A list of links to these headings."""
    for heading in headings:
        yield f"- {link(heading, '#' + anchor(heading))}"
    yield ""
