"""Probes of behaviours about paths: who issued whom, and when it is."""

from dataclasses import replace
from typing import Final

from harness.flags import CRL_CHECK_CHAIN, DEFAULT, RAW, Flags
from harness.ledger.plain import (
    INT,
    INT_CRL,
    LEAF,
    OTHER,
    ROOT,
    ROOT_CRL,
    chain,
    intermediate,
    root,
)
from harness.pki import odd_keys
from harness.pki.spec import Entity, ca, end_entity
from harness.probes.probe import Probe, probe

_NO_CHECK_TIME: Final = Flags(0x200000)
_USE_CHECK_TIME: Final = Flags(0x2)

_SELF_ISSUED: Final = Entity(ROOT.name, INT.key)
_OTHER_ROOT: Final = Entity(ROOT.name, OTHER.key)
_RSA: Final = Entity(INT.name, "rsa2048-0")

PROBES: Final[tuple[Probe, ...]] = (
    probe(
        "self-signed-by-any-key-id",
        chain(ca("int", _SELF_ISSUED, ROOT), end_entity("leaf", LEAF, _SELF_ISSUED)),
        DEFAULT,
    ),
    probe(
        "same-serial-is-same-certificate",
        chain(ca("root", _OTHER_ROOT, _OTHER_ROOT, serial=7), intermediate(serial=7)),
        DEFAULT,
    ),
    probe(
        "peer-read-for-loops",
        chain(
            crls=(INT_CRL, replace(ROOT_CRL, issuer=_OTHER_ROOT)),
            peer=("leaf", "root", "int"),
        ),
        CRL_CHECK_CHAIN | Flags(RAW["EXTENDED_CRL_SUPPORT"]),
    ),
    probe("no-check-time-first", chain(), _NO_CHECK_TIME | _USE_CHECK_TIME),
    probe(
        "rsa-number-may-be-negative",
        chain(
            root(),
            ca("int", _RSA, ROOT, public_key=odd_keys.negative(_RSA.key)),
            end_entity("leaf", LEAF, _RSA),
        ),
        DEFAULT,
    ),
)
"""Each the simplest case that shows its behaviour."""
