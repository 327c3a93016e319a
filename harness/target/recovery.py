"""Which flag set broke a target: the rest of its sweep is asked again without it.

Pure but for the asking, which is handed in. A worker notes the row it is at, so a crash
or a hang names its flag set at once; after garbage, every row is asked alone. Bounded:
a question that goes on breaking its target is given up, and says so.
"""

import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

from harness.flags import Flags
from harness.outcome import Answer, Breakage, Broken, Outcome, Unsupported

LIMITS: Final = {Breakage.HANG: 3, Breakage.CRASH: 16, Breakage.GARBAGE: 16}
"""How often one question may break a target before what is left of it is given up."""


class BreakError(Exception):
    """A sweep that broke the worker: how, the evidence, and at which row (from 1; 0 is
    before the first, that is, while the sources were loaded)."""

    def __init__(self, breakage: Breakage, detail: str, row: int) -> None:
        super().__init__(f"{breakage}: {detail}")
        self.breakage = breakage
        self.detail = detail
        self.row = row


def unasked(flags: Flags, outcome: Outcome) -> Answer:
    """A row for which no worker answered."""
    now = int(time.time())
    return Answer(flags, None, outcome, now, now)


def recover(
    flags: Sequence[Flags],
    broke: BreakError,
    ask: Callable[[Sequence[Flags]], Sequence[Answer]],
) -> tuple[Answer, ...]:
    """The rows of a sweep that broke. ``ask`` asks a new worker, or raises
    ``BreakError`` again."""
    found: dict[int, Answer] = {}
    groups = deque([tuple(range(len(flags)))])
    error: BreakError | None = broke
    breaks = 0
    while groups and breaks < LIMITS[broke.breakage]:
        group = groups.popleft()
        if error is None:
            try:
                rows = ask([flags[index] for index in group])
            except BreakError as again:
                error = again
            else:
                found.update(zip(group, rows, strict=True))
                continue
        breaks += 1
        guilty, rest = _blame(error, group)
        for index in guilty:
            outcome = Broken(error.breakage, error.detail)
            found[index] = unasked(flags[index], outcome)
        groups.extendleft(reversed(rest))
        error = None
    if groups:
        given_up = Unsupported(f"not asked: it broke {breaks} times on this case")
        for index in range(len(flags)):
            found.setdefault(index, unasked(flags[index], given_up))
    elif flags and not any(isinstance(a.outcome, Broken) for a in found.values()):
        # It broke once, and no row would do it again. It broke all the same.
        detail = f"{broke.detail} (not again when each row was asked alone)"
        found[0] = unasked(flags[0], Broken(broke.breakage, detail))
    return tuple(found[index] for index in range(len(flags)))


def _blame(
    error: BreakError, group: tuple[int, ...]
) -> tuple[tuple[int, ...], list[tuple[int, ...]]]:
    """The rows that broke it for certain, and the groups to be asked again."""
    if error.breakage is Breakage.GARBAGE and len(group) > 1:
        return (), [(index,) for index in group]
    if len(group) == 1 or not 0 < error.row <= len(group):
        return group, []
    at = error.row - 1
    rest = group[:at] + group[at + 1 :]
    return (group[at],), [rest]
