"""Probes of behaviours about CRLs."""

from dataclasses import replace
from typing import Final

from harness.flags import CRL_CHECK_CHAIN, CRL_CHECK_LEAF
from harness.ledger.plain import INT_CRL, ROOT_CRL, chain, revoking
from harness.probes.probe import Probe, probe

PROBES: Final[tuple[Probe, ...]] = (
    probe(
        "delta-crl-taken-for-full",
        chain(crls=(ROOT_CRL, replace(INT_CRL, number=2, base_number=1))),
        CRL_CHECK_LEAF,
    ),
    probe(
        "crl-algorithms-may-differ",
        chain(crls=(ROOT_CRL, replace(INT_CRL, outer_digest="sha384"))),
        CRL_CHECK_LEAF,
    ),
    probe(
        "self-signed-needs-crl",
        chain(crls=(INT_CRL, revoking("root", ROOT_CRL))),
        CRL_CHECK_CHAIN,
    ),
)
"""Each the simplest case that shows its behaviour."""
