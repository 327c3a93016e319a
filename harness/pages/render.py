"""Every generated page of ``docs/`` by its file name, as text."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

from harness.pages import codes, flags

FOLDER: Final = Path(__file__).parents[2] / "docs"

PAGES: Final[dict[str, Callable[[], Iterator[str]]]] = {
    "flags.md": flags.page,
    "codes.md": codes.page,
}
"""The lines of each page."""


@cache
def text(name: str) -> str:
    """The page of that file name."""
    return "\n".join(PAGES[name]()).rstrip("\n") + "\n"
