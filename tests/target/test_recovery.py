"""Recovery: which rows are blamed for a break, which are asked again, and the end."""

from collections.abc import Callable, Sequence

import pytest

from harness.flags import Flags
from harness.outcome import Accepted, Answer, Breakage, Broken, Unsupported
from harness.target.recovery import LIMITS, BreakError, recover

FLAGS = tuple(Flags(bits) for bits in range(8))


def worker(
    breakage: Breakage, breaks: Callable[[Flags], bool]
) -> Callable[[Sequence[Flags]], Sequence[Answer]]:
    """Answers like a worker that breaks on some flag sets."""

    def ask(flags: Sequence[Flags]) -> Sequence[Answer]:
        for number, each in enumerate(flags, 1):
            if breaks(each):
                raise BreakError(breakage, "evidence", number)
        return [Answer(each, each, Accepted(), 1, 1) for each in flags]

    return ask


def outcomes(
    breakage: Breakage, breaks: Callable[[Flags], bool], row: int
) -> list[object]:
    """What becomes of a sweep whose first break was at that row."""
    first = BreakError(breakage, "evidence", row)
    answers = recover(FLAGS, first, worker(breakage, breaks))
    assert [answer.requested for answer in answers] == list(FLAGS)
    return [answer.outcome for answer in answers]


@pytest.mark.parametrize("breakage", list(Breakage), ids=str)
def test_the_culprit_alone_is_broken(breakage: Breakage) -> None:
    """One flag set breaks: it is Broken, and every other row has its real answer."""
    found = outcomes(breakage, lambda flags: flags.bits == 3, 4)
    assert found[3] == Broken(breakage, "evidence")
    assert found[:3] + found[4:] == [Accepted()] * 7


def test_every_culprit_is_found() -> None:
    """Two flag sets that crash are both Broken."""
    found = outcomes(Breakage.CRASH, lambda flags: flags.bits in (1, 6), 2)
    broken = [index for index, one in enumerate(found) if isinstance(one, Broken)]
    assert broken == [1, 6]


def test_a_break_before_the_first_row_is_everyones() -> None:
    """What broke while the sources were loaded breaks under every flag set."""
    found = outcomes(Breakage.CRASH, lambda _: False, 0)
    assert found == [Broken(Breakage.CRASH, "evidence")] * 8


def test_a_break_that_does_not_come_again_is_still_told() -> None:
    """Garbage that no row repeats alone is Broken in the first row, and says so."""
    first, *rest = outcomes(Breakage.GARBAGE, lambda _: False, 0)
    assert isinstance(first, Broken)
    assert "not again" in first.detail
    assert rest == [Accepted()] * 7


def test_a_target_that_always_breaks_is_given_up() -> None:
    """After the limit of hangs, what is left is not asked, and the answer says so."""
    found = outcomes(Breakage.HANG, lambda _: True, 1)
    limit = LIMITS[Breakage.HANG]
    assert [type(one) for one in found] == [Broken] * limit + [Unsupported] * (
        8 - limit
    )
