"""Two outcomes: which kind of change lies between them, and what cannot be compared."""

import pytest

from harness.diff.change import Kind, between, hidden
from harness.outcome import (
    Accepted,
    Breakage,
    Broken,
    Outcome,
    Rejected,
    Undecodable,
    Unsupported,
    Where,
)

YES, NO = Accepted(("a", "b")), Rejected(23, path=("a", "b"))
CRASH, HANG = Broken(Breakage.CRASH), Broken(Breakage.HANG)
BYTES = Undecodable(Where.CRL)


@pytest.mark.parametrize(
    ("one", "two", "kind"),
    [
        (NO, YES, Kind.LOOSENED),
        (BYTES, YES, Kind.LOOSENED),
        (YES, NO, Kind.TIGHTENED),
        (YES, BYTES, Kind.TIGHTENED),
        (YES, CRASH, Kind.BREAKS),
        (NO, HANG, Kind.BREAKS),
        (CRASH, HANG, Kind.BREAKS),
        (CRASH, YES, Kind.MENDED),
        (HANG, NO, Kind.MENDED),
        (NO, Rejected(10, path=("a", "b")), Kind.CODE),
        (NO, BYTES, Kind.CODE),
        (BYTES, Undecodable(Where.PEER), Kind.CODE),
        (YES, Accepted(("a", "c")), Kind.PATH),
        (NO, Rejected(23, path=("a",)), Kind.PATH),
        (NO, Rejected(10, path=("a",)), Kind.CODE),
        (YES, YES, None),
        (NO, Rejected(23, "said otherwise", ("a", "b")), None),
        (CRASH, Broken(Breakage.CRASH, "elsewhere"), None),
        (YES, Accepted(), None),
        (NO, Rejected(), None),
        (YES, Unsupported("x"), None),
        (Unsupported("x"), CRASH, None),
    ],
)
def test_a_change_has_one_kind(one: Outcome, two: Outcome, kind: Kind | None) -> None:
    """The most important difference that both show; nothing where one shows none."""
    assert between(one, two) is kind


@pytest.mark.parametrize(
    ("one", "two", "said"),
    [
        (YES, YES, ()),
        (YES, NO, ()),
        (Unsupported("x"), YES, ("not asked: x",)),
        (NO, Rejected(), ("the code of a rejection is not told",)),
        (Rejected(23), NO, ("the path of a rejection is not told",)),
        (Accepted(), YES, ("the path of an acceptance is not told",)),
    ],
)
def test_what_is_not_told_is_said(
    one: Outcome, two: Outcome, said: tuple[str, ...]
) -> None:
    """What one of the two does not show is named, to be counted."""
    assert hidden(one, two) == said
