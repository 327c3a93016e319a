"""Probes of behaviours about X509_STRICT."""

from dataclasses import replace
from typing import Final

from harness.flags import X509_STRICT
from harness.ledger.plain import LEAF, ROOT, chain, intermediate, leaf
from harness.pki.spec import (
    AuthorityKeyIdSpec,
    BasicConstraintsSpec,
    Entity,
    KeyId,
    NameSpec,
)
from harness.probes.probe import Probe, probe

_NOT_CRITICAL: Final = BasicConstraintsSpec(ca=True, critical=False)
_BY_NAME_AND_SERIAL: Final = AuthorityKeyIdSpec(KeyId.ABSENT, None, ROOT.name, 7)

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
    probe(
        "strict-authority-key-id-by-key",
        chain(intermediate(serial=7), leaf(authority_key_id=_BY_NAME_AND_SERIAL)),
        X509_STRICT,
    ),
    probe(
        "strict-authority-issuer-with-serial",
        chain(leaf(authority_key_id=AuthorityKeyIdSpec(issuer=ROOT.name))),
        X509_STRICT,
    ),
)
"""Each the simplest case that shows its behaviour."""
