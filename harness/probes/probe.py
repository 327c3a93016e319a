"""A probe: the smallest case that one behaviour decides."""

from dataclasses import dataclass, replace

from harness.case import Role
from harness.flags import Flags
from harness.pki.spec import Scenario


@dataclass(frozen=True, slots=True)
class Probe:
    """A pinned case whose prediction changes when ``behaviour`` is turned over.

    A behaviour may have several, where one case does not tell in every release.
    """

    behaviour: str
    scenario: Scenario
    flags: tuple[Flags, ...]


def probe(
    behaviour: str,
    scenario: Scenario,
    *flags: Flags,
    role: Role = Role.CLIENT,
) -> Probe:
    """A probe of that behaviour, in that role."""
    return Probe(behaviour, replace(scenario, role=role), flags)
