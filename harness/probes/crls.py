"""Probes of behaviours about CRLs."""

from dataclasses import replace
from typing import Final

from harness.flags import (
    CRL_CHECK_ALL,
    CRL_CHECK_CHAIN,
    CRL_CHECK_LEAF,
    DEFAULT,
    RAW,
    Flags,
)
from harness.ledger.plain import (
    INT_CRL,
    NUMBERLESS,
    ROOT,
    ROOT_CRL,
    chain,
    revoking,
)
from harness.pki.spec import IssuingPointSpec, RawExtension, RevokedSpec
from harness.probes.probe import Probe, probe

_NO_POINT: Final = RawExtension("2.5.29.28", b"\x05\x00")
_OF_ROOT: Final = RevokedSpec(1, certificate_issuer=ROOT.name)
_NO_DATE: Final = RevokedSpec(1, extra=(RawExtension("2.5.29.24", b"\x05\x00"),))
_USE_DELTAS: Final = Flags(RAW["USE_DELTAS"])

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
    probe(
        "empty-issuing-point-ignored",
        chain(crls=(ROOT_CRL, replace(INT_CRL, issuing_point=IssuingPointSpec()))),
        CRL_CHECK_LEAF,
    ),
    probe("numberless-delta-crashes", NUMBERLESS, CRL_CHECK_LEAF | _USE_DELTAS),
    probe("crl-check-all-suffices", chain(crls=()), CRL_CHECK_ALL),
    probe("ocsp-bits", chain(), Flags(RAW["OCSP_RESP_CHECK"])),
    probe(
        "crl-extensions-must-decode",
        chain(crls=(ROOT_CRL, replace(INT_CRL, extra=(_NO_POINT,)))),
        DEFAULT,
    ),
    probe(
        "crl-entry-issuer-needs-indirect",
        chain(crls=(ROOT_CRL, replace(INT_CRL, revoked=(_OF_ROOT,)))),
        DEFAULT,
    ),
    probe(
        "crl-invalidity-date-must-decode",
        chain(crls=(ROOT_CRL, replace(INT_CRL, revoked=(_NO_DATE,)))),
        DEFAULT,
    ),
)
"""Each the simplest case that shows its behaviour."""
