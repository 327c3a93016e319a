"""Faults of security levels and of Suite B."""

from typing import Final

from harness.kernel.fault import Area, Fault

_CMP: Final = "crypto/x509/x509_cmp.c"
_VFY: Final = "crypto/x509/x509_vfy.c"

LEVELS: Final = (
    Fault(
        "suite-b-128-only-takes-p-384",
        Area.FLAGS,
        _CMP,
        "check_suite_b",
        "*pflags & X509_V_FLAG_SUITEB_192_LOS",
        "*pflags & X509_V_FLAG_SUITEB_128_LOS",
        "P-384 is let pass where 128 bits alone are asked for",
    ),
    Fault(
        "suite-b-p-256-signs-p-384",
        Area.FLAGS,
        _CMP,
        "check_suite_b",
        "*pflags &= ~X509_V_FLAG_SUITEB_128_LOS_ONLY;",
        ";",
        "a key of P-256 may stand above one of P-384",
    ),
    Fault(
        "suite-b-spares-the-anchor",
        Area.FLAGS,
        _CMP,
        "X509_chain_check_suiteb",
        "for (; i < sk_X509_num(chain); i++)",
        "for (; i < sk_X509_num(chain) - 1; i++)",
        "the key of the last certificate is not looked at",
    ),
    Fault(
        "suite-b-any-digest-of-crls",
        Area.FLAGS,
        _CMP,
        "X509_CRL_check_suiteb",
        "return check_suite_b(pk, sign_nid, &flags);",
        "return check_suite_b(pk, (sign_nid, -1), &flags);",
        "a CRL may be signed with a digest that does not suit the curve",
    ),
    Fault(
        "suite-b-version-of-the-leaf-only",
        Area.FLAGS,
        _CMP,
        "X509_chain_check_suiteb",
        "x = sk_X509_value(chain, i); if (X509_get_version(x) != X509_VERSION_3)",
        "x = sk_X509_value(chain, i); if (0)",
        "a CA may be of version 1",
    ),
    Fault(
        "level-of-the-second-key-only",
        Area.PATHS,
        _VFY,
        "check_auth_level",
        "i > 0 && !check_key_level",
        "i == 1 && !check_key_level",
        "keys above the leaf's issuer may be weak",
    ),
    Fault(
        "level-of-the-anchors-signature",
        Area.PATHS,
        _VFY,
        "check_auth_level",
        "i < num - 1 && !check_sig_level",
        "i < num && !check_sig_level",
        "the anchor's own signature has to meet the level too",
    ),
)
