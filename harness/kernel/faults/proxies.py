"""Faults of proxies."""

from typing import Final

from harness.kernel.fault import Area, Fault

_VFY: Final = "crypto/x509/x509_vfy.c"
_PURP: Final = "crypto/x509/v3_purp.c"

PROXIES: Final = (
    Fault(
        "proxy-path-length-off-by-one",
        Area.PROXIES,
        _VFY,
        "check_extensions",
        "proxy_path_length > x->ex_pcpathlen",
        "proxy_path_length > x->ex_pcpathlen + 1",
        "one more proxy may stand under a proxy's path length",
    ),
    Fault(
        "proxy-path-length-not-inherited",
        Area.PROXIES,
        _VFY,
        "check_extensions",
        "proxy_path_length = x->ex_pcpathlen;",
        ";",
        "a lower proxy's constraint is forgotten further up",
    ),
    Fault(
        "proxy-issuer-must-be-ca",
        Area.PROXIES,
        _VFY,
        "check_extensions",
        "must_be_ca = 0; }",
        "must_be_ca = 1; }",
        "what issued a proxy has to be a CA",
    ),
    Fault(
        "proxy-name-any-length",
        Area.PROXIES,
        _VFY,
        "check_name_constraints",
        "X509_NAME_entry_count(tmpsubject) != X509_NAME_entry_count(tmpissuer) + 1",
        "0",
        "a proxy's subject need not be one longer than its issuer's",
        unseen="the comparison of what is left without the last part refuses it too, "
        "by the same code",
    ),
    Fault(
        "proxy-name-any-attribute",
        Area.PROXIES,
        _VFY,
        "check_name_constraints",
        "last_nid != NID_commonName ||",
        "",
        "the last part of a proxy's subject need not be a common name",
    ),
    Fault(
        "proxy-name-multi-valued",
        Area.PROXIES,
        _VFY,
        "check_name_constraints",
        "X509_NAME_ENTRY_set(X509_NAME_get_entry(tmpsubject, last_loc)) =="
        " X509_NAME_ENTRY_set(X509_NAME_get_entry(tmpsubject, last_loc - 1))",
        "0",
        "the last part of a proxy's subject may share its set with another",
    ),
    Fault(
        "proxy-name-unrelated",
        Area.PROXIES,
        _VFY,
        "check_name_constraints",
        "|| X509_NAME_cmp(tmpsubject, tmpissuer) != 0",
        "",
        "a proxy's subject need not begin with its issuer",
    ),
    Fault(
        "proxy-with-alternative-name",
        Area.PROXIES,
        _PURP,
        "ossl_x509v3_cache_extensions",
        "|| X509_get_ext_by_NID(x, NID_subject_alt_name, -1) >= 0",
        "",
        "a proxy may have an alternative name",
    ),
    Fault(
        "proxy-issuer-usage",
        Area.PROXIES,
        _PURP,
        "ossl_x509_signing_allowed",
        "if (ku_reject(issuer, KU_DIGITAL_SIGNATURE))",
        "if (0)",
        "the issuer of a proxy need not be allowed to sign",
    ),
    Fault(
        "proxy-needs-a-crl",
        Area.PROXIES,
        _VFY,
        "check_cert",
        "if ((x->ex_flags & EXFLAG_PROXY) != 0) return 1;",
        "",
        "a proxy is looked for in CRLs",
    ),
)
