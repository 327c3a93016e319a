"""A change: two outcomes of one case held against each other.

The one place where two targets' outcomes meet. A rejection is one whether OpenSSL
refuses the path or the bytes; what one of the two does not tell is not compared.
"""

from enum import StrEnum
from typing import Final

from harness.outcome import (
    Accepted,
    Broken,
    Outcome,
    Rejected,
    Undecodable,
    Unsupported,
)


class Kind(StrEnum):
    """What moving from the first target to the second changes, the worst first."""

    LOOSENED = "loosened"
    """Rejected before, accepted now."""
    BREAKS = "breaks"
    """The process crashes, hangs or answers garbage now, and did not before."""
    TIGHTENED = "tightened"
    """Accepted before, rejected now."""
    MENDED = "no longer breaks"
    """The process crashed, hung or answered garbage before."""
    CODE = "code changed"
    """Rejected by both, for another reason."""
    PATH = "path changed"
    """Accepted or rejected alike, by another certification path."""


KINDS: Final = tuple(Kind)
"""Every kind, the worst first."""

FAILING: Final = frozenset({Kind.LOOSENED, Kind.BREAKS})
"""Kinds that must not pass unseen: they make exit status 1."""

DECISIONS: Final = frozenset({Kind.CODE, Kind.PATH})
"""Kinds between outcomes that are the same decision."""

_REJECTED_PATH: Final = "the path of a rejection is not told"
_ACCEPTED_PATH: Final = "the path of an acceptance is not told"
PATHS_UNTOLD: Final = frozenset({_REJECTED_PATH, _ACCEPTED_PATH})
"""What ``hidden`` says where everything but the path could be compared."""


def between(one: Outcome, two: Outcome) -> Kind | None:
    """The kind of change from one outcome to the other; None where there is none that
    both can show."""
    if isinstance(one, Unsupported) or isinstance(two, Unsupported):
        return None
    if isinstance(one, Broken) or isinstance(two, Broken):
        return _about_breaking(one, two)
    if isinstance(one, Accepted) and not isinstance(two, Accepted):
        return Kind.TIGHTENED
    if isinstance(two, Accepted) and not isinstance(one, Accepted):
        return Kind.LOOSENED
    if _reasons_differ(one, two):
        return Kind.CODE
    paths = (_path(one), _path(two))
    return Kind.PATH if None not in paths and paths[0] != paths[1] else None


def hidden(one: Outcome, two: Outcome) -> tuple[str, ...]:
    """What could not be compared of two outcomes, in words."""
    for outcome in (one, two):
        if isinstance(outcome, Unsupported):
            return (f"not asked: {outcome.what}",)
    said = []
    if isinstance(one, Rejected) and isinstance(two, Rejected):
        if one.code is None or two.code is None:
            said.append("the code of a rejection is not told")
        elif _path(one) is None or _path(two) is None:
            said.append(_REJECTED_PATH)
    both = isinstance(one, Accepted) and isinstance(two, Accepted)
    if both and None in (_path(one), _path(two)):
        said.append(_ACCEPTED_PATH)
    return tuple(said)


def _about_breaking(one: Outcome, two: Outcome) -> Kind | None:
    if isinstance(one, Broken) and isinstance(two, Broken):
        return None if one.breakage is two.breakage else Kind.BREAKS
    return Kind.MENDED if isinstance(one, Broken) else Kind.BREAKS


def _reasons_differ(one: Outcome, two: Outcome) -> bool:
    match one, two:
        case Rejected(code=first), Rejected(code=second):
            return None not in (first, second) and first != second
        case Undecodable(where=first), Undecodable(where=second):
            return first is not second
        case (Rejected(), Undecodable()) | (Undecodable(), Rejected()):
            return True
        case _:
            return False


def _path(outcome: Outcome) -> tuple[str, ...] | None:
    """The path, where the outcome has one and tells it."""
    if isinstance(outcome, Accepted | Rejected):
        return outcome.path
    return None
