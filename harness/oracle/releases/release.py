"""Releases as sets of behaviours: small switches, each with its evidence.

Rules ask ``"name" in release`` and never compare versions. A release nobody measured
takes what its number says and is *assumed*.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple


class Version(NamedTuple):
    """An OpenSSL release number; ``letter`` is 1.1.1's, 1 for ``a``, else 0."""

    major: int
    minor: int
    patch: int
    letter: int = 0

    def __str__(self) -> str:
        letter = chr(ord("a") + self.letter - 1) if self.letter else ""
        return f"{self.major}.{self.minor}.{self.patch}{letter}"


def version(text: str) -> Version:
    """The number that a text names, ``3.0.19`` or ``1.1.1w``; a whole line (``3.0``)
    is named by its first release. Raises ``ValueError``."""
    return Version(*_parts(text))


def _parts(text: str) -> tuple[int, ...]:
    """As many numbers as the text has, so that a line can be compared as a whole."""
    letter = text[-1] if text[-1].isalpha() else ""
    numbers = tuple(int(part) for part in text.removesuffix(letter).split("."))
    if not 2 <= len(numbers) <= 3 or (letter and len(numbers) == 2):
        raise ValueError(f"{text!r} is no OpenSSL release")
    if letter:
        return (*numbers, ord(letter) - ord("a") + 1)
    return numbers if len(numbers) == 3 else (*numbers, 0)


@dataclass(frozen=True, slots=True)
class Span:
    """Releases in a row, both ends included; an empty end is open.

    ``last`` may name a whole line: ``3.5`` ends with the last of 3.5.
    """

    first: str = ""
    last: str = ""

    def __contains__(self, number: Version) -> bool:
        if self.first and number < version(self.first):
            return False
        if not self.last:
            return True
        if self.last.count(".") == 1:
            return tuple(number[:2]) <= _parts(self.last)[:2]
        return number <= version(self.last)


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One way in which releases differ, and how we know.

    ``spans`` are the releases that have it: a fix that was carried back ends a span in
    each line.
    """

    name: str
    what: str
    evidence: str
    spans: tuple[Span, ...]
    within: str = ""
    """The behaviour that this one is a detail of: without that one it shows nothing."""

    def in_version(self, number: Version) -> bool:
        """Whether a release of that number has it."""
        return any(number in span for span in self.spans)


@dataclass(frozen=True, slots=True)
class Release:
    """An OpenSSL release as the book knows it."""

    name: str
    behaviours: frozenset[str]
    assumed: bool = False
    """Nobody measured this release: its number and its neighbours are all we know."""

    def __contains__(self, behaviour: str) -> bool:
        return behaviour in self.behaviours

    def turned(self, *behaviours: str) -> "Release":
        """This release with these behaviours turned over."""
        return Release(self.name, self.behaviours ^ {*behaviours}, self.assumed)


NO_RELEASE: Final = Release("", frozenset())
"""Of what is no OpenSSL: nothing is predicted of it."""

MEASURED: Final = tuple(
    version(text)
    for text in (
        "1.1.1w",
        *("3.0.9", "3.0.17", "3.0.19", "3.0.20", "3.0.22"),
        *("3.1.4", "3.2.0", "3.2.1", "3.2.2"),
        *("3.3.1", "3.4.1"),
        *("3.5.0", "3.5.4", "3.5.6", "3.5.8", "3.5.9"),
        "3.6.5",
        "4.0.3",
    )
)
"""Releases whose behaviours were measured by this project: through ``ssl``, but 3.1 and
3.2 through pyOpenSSL, 10,000 to 12,000 verdicts each, none of them about policies."""


def version_of(number: int) -> Version:
    """The release of an ``OPENSSL_VERSION_NUMBER``.

    Source: ``OPENSSL_VERSION_NUMBER(3)``: 0xMNN00PP0L, and 0xMNNFFPPSL before 3.0.
    """
    major, minor = number >> 28 & 0xF, number >> 20 & 0xFF
    if major < 3:
        return Version(major, minor, number >> 12 & 0xFF, number >> 4 & 0xFF)
    return Version(major, minor, number >> 4 & 0xFF)
