"""Faults of distribution points."""

from typing import Final

from harness.kernel.fault import Area, Fault

_POINTS: Final = "crypto/x509/v3_crld.c"
_PURP: Final = "crypto/x509/v3_purp.c"
_VFY: Final = "crypto/x509/x509_vfy.c"

CRL_POINTS: Final = (
    Fault(
        "relative-name-to-the-first-only",
        Area.CRL_CHOICE,
        _VFY,
        "idp_check_dp",
        "i < sk_GENERAL_NAME_num(gens)",
        "i < 1",
        "a relative name is compared with the first full name only",
    ),
    Fault(
        "point-reasons-replace",
        Area.CRL_CHOICE,
        _VFY,
        "crl_crldp_check",
        "*preasons &= dp->dp_reasons;",
        "*preasons = dp->dp_reasons;",
        "the reasons of a point stand for the reasons of the CRL",
    ),
    Fault(
        "scope-without-a-name",
        Area.CRL_CHOICE,
        _VFY,
        "crl_crldp_check",
        "(crl->idp == NULL || crl->idp->distpoint == NULL)",
        "crl->idp == NULL",
        "an issuing distribution point without a name is out of scope",
    ),
    Fault(
        "relative-point-to-the-last-issuer",
        Area.CRL_CHOICE,
        _PURP,
        "setup_dp",
        "iname = gen->d.directoryName; break;",
        "iname = gen->d.directoryName;",
        "a relative name is added to the last of the CRL issuers",
    ),
    Fault(
        "relative-name-in-pieces",
        Area.CRL_CHOICE,
        _POINTS,
        "DIST_POINT_set_dpname",
        "i ? 0 : 1",
        "1",
        "each attribute of a relative name is an RDN of its own",
        unseen="X509_NAME_add_entry gives what is added last a new RDN, whatever it is "
        "asked for",
    ),
)
