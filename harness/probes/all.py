"""Every probe, in the order they are asked in."""

from typing import Final

from harness.probes import crls, paths, strict
from harness.probes.probe import Probe

PROBES: Final[tuple[Probe, ...]] = (
    *paths.PROBES,
    *strict.PROBES,
    *crls.PROBES,
)
"""Asked when a target is first met."""
