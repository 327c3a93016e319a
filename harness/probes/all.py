"""Every probe, in the order they are asked in."""

from typing import Final

from harness.probes import before_3, crls, names, paths, policies, strict
from harness.probes.probe import Probe

PROBES: Final[tuple[Probe, ...]] = (
    *paths.PROBES,
    *strict.PROBES,
    *crls.PROBES,
    *names.PROBES,
    *before_3.PROBES,
    *policies.PROBES,
)
"""Asked when a target is first met."""
