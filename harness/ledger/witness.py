"""A witness: a pinned scenario and the flag sets that show what it is there to show."""

from dataclasses import dataclass, replace

from harness.case import Role
from harness.flags import Flags
from harness.pki.spec import Scenario


@dataclass(frozen=True, slots=True)
class Witness:
    """A pinned case, asked first in every run and on every target.

    ``entry`` is the ledger entry it shows: it must diverge exactly where the entry's
    rule holds. Without an entry it decides sides of sentences, and must conform.
    """

    id: str
    scenario: Scenario
    flags: tuple[Flags, ...]
    entry: str = ""


def witness(
    name: str,
    scenario: Scenario,
    *flags: Flags,
    entry: str = "",
    roles: tuple[Role, ...] = tuple(Role),
) -> tuple[Witness, ...]:
    """The witness in each of these roles."""
    return tuple(
        Witness(f"{name}-{role.value}", replace(scenario, role=role), flags, entry)
        for role in roles
    )
