"""The result of comparing a verdict with an outcome: a closed union.

Precedence is broken, unexplained, diverges, ledger, conforms. A *signature* tells
findings apart: rule or law, kind, both outcomes' kind and code, the differing bits;
never case data.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from harness.flags import DEFAULT, Flags


class Severity(IntEnum):
    """How bad a finding is; the larger, the sooner it is shown."""

    NONE = 0
    UNEXPLAINED = 1
    WRONG_REASON = 2
    FAIL_CLOSED = 3
    BROKEN = 4
    FAIL_OPEN = 5


class How(StrEnum):
    """In what way an outcome contradicts the documents."""

    WRONGLY_ACCEPTED = "wrongly accepted"
    WRONGLY_REJECTED = "wrongly rejected"
    WRONG_REASON = "wrong reason"
    LAW_BROKEN = "law broken"
    SURFACE = "surface"


@dataclass(frozen=True, slots=True)
class Conforms:
    """Predicted, and no promise is broken. ``decided`` are the promises kept."""

    decided: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ledgered:
    """A known divergence: predicted by the entry's rule."""

    entry: str
    sentence: str
    how: How


@dataclass(frozen=True, slots=True)
class Diverges:
    """The outcome contradicts a sentence or a law of the documents."""

    sentence: str
    how: How
    rule: str
    """The rule of the releases book that predicts the outcome; empty if none."""
    expected: str
    observed: str
    bits: Flags = DEFAULT
    """For a law, the bits in which its two rows differ; else the sentence's flag."""


@dataclass(frozen=True, slots=True)
class Unexplained:
    """The outcome is not what the releases book predicts.

    ``bits`` are the flags whose turning over would make the prediction fit: the target
    behaves as if they were set where they are clear, or the reverse.
    """

    rule: str
    expected: str
    observed: str
    bits: Flags = DEFAULT
    what: str = "outcome"
    """``outcome``, ``code``, ``path``, ``flags`` (echoed otherwise) or ``ways``
    (flight and handshake differ) or ``unstable`` (asked twice, answered twice)."""


@dataclass(frozen=True, slots=True)
class Breaks:
    """The target crashed, hung or answered garbage."""

    breakage: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class NotShown:
    """The target cannot be asked this, or cannot show it: counted, no judgement."""

    what: str


@dataclass(frozen=True, slots=True)
class NotModelled:
    """The releases book is silent, and no promise is broken: counted."""

    why: str


Finding = Conforms | Ledgered | Diverges | Unexplained | Breaks | NotShown | NotModelled
