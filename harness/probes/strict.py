"""Probes of behaviours about X509_STRICT."""

from dataclasses import replace
from typing import Final

from harness.flags import X509_STRICT
from harness.ledger.plain import LEAF, chain, intermediate, leaf
from harness.pki.spec import BasicConstraintsSpec, Entity, NameSpec
from harness.probes.probe import Probe, probe

_NOT_CRITICAL: Final = BasicConstraintsSpec(ca=True, critical=False)

PROBES: Final[tuple[Probe, ...]] = (
    probe(
        "strict-critical-basic-constraints",
        chain(intermediate(basic_constraints=_NOT_CRITICAL)),
        X509_STRICT,
    ),
    probe(
        "strict-critical-alternative-name",
        chain(replace(leaf(), subject=Entity(NameSpec(), LEAF.key))),
        X509_STRICT,
    ),
)
"""Each the simplest case that shows its behaviour."""
