"""Branches of the oracle that no random case can take through ``ssl``, and why not.

Each is named by file, function and source text, never by line: a change elsewhere in
the file leaves the reason where it is, and one of the line itself makes it stale.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a branch is not taken. ``goal`` is the text of the line it goes to (``the
    end`` where it leaves the function); with none, every branch of the line is meant.
    """

    file: str
    function: str
    source: str
    why: str
    goal: str = ""

    def fits(self, file: str, function: str, source: str, goal: str) -> bool:
        """Whether it speaks of this branch."""
        return (self.file, self.function, self.source) == (
            file,
            function,
            source,
        ) and self.goal in ("", goal)


REASONS: Final[tuple[Reason, ...]] = ()
"""Every branch that is excused."""
