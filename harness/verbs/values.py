"""Values of arguments, read from text as ``argparse`` wants it: each raises
``ArgumentTypeError`` or ``ValueError`` for a text that is none.
"""

import argparse
from collections.abc import Callable

from harness.flags import Flags, FlagsError


def positive(kind: type[int] | type[float]) -> Callable[[str], float]:
    """Reads a number above zero."""

    def number(text: str) -> float:
        value = kind(text)
        if not 0 < value < float("inf"):
            raise ValueError(text)
        return value

    number.__name__ = f"positive {kind.__name__}"
    return number


def seconds(text: str) -> float:
    """A length of time, zero included."""
    value = float(text)
    if not 0 <= value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is no length of time")
    return value


def natural(text: str) -> int:
    """A whole number from zero on."""
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError(f"{text} is negative")
    return value


def flags(text: str) -> Flags:
    """A flag set (``Flags.parse``)."""
    try:
        return Flags.parse(text)
    except FlagsError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
