"""Every probe, in the order they are asked in."""

from typing import Final

from harness.probes import crls, strict
from harness.probes.probe import Probe

PROBES: Final[tuple[Probe, ...]] = (*strict.PROBES, *crls.PROBES)
"""Asked when a target is first met."""
