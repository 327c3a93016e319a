"""What may be seen in a case: a finding, or an error of the harness itself."""

from dataclasses import dataclass
from typing import Any

from harness.campaign.sighting import Seen
from harness.flags import Flags


@dataclass(frozen=True, slots=True)
class Fault:
    """An error of the harness itself, met in a case: shrunk and kept like a finding."""

    error: Exception
    flags: tuple[Flags, ...]

    @property
    def signature(self) -> str:
        """The error's type and place."""
        trace = self.error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        place = "?" if trace is None else _place(trace)
        return f"{type(self.error).__name__} at {place}"

    @property
    def rank(self) -> tuple[int, str]:
        """Before every finding: what the harness cannot do says nothing of a target."""
        return (-100, self.signature)


def _place(trace: Any) -> str:
    name = trace.tb_frame.f_globals.get("__name__", "?")
    return f"{name}:{trace.tb_lineno}"


Sight = Seen | Fault
