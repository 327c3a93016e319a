"""Faults of names: name constraints, host names."""

from typing import Final

from harness.kernel.fault import Area, Fault

_VFY: Final = "crypto/x509/x509_vfy.c"
_NCONS: Final = "crypto/x509/v3_ncons.c"
_CMP: Final = "crypto/x509/x509_cmp.c"
_NAME: Final = "crypto/x509/x_name.c"

NAMES: Final = (
    Fault(
        "constraints-skip-the-next",
        Area.NAMES,
        _VFY,
        "check_name_constraints",
        "j > i; j--",
        "j > i + 1; j--",
        "a CA's name constraints do not bind what it issued itself",
    ),
    Fault(
        "constraints-skip-self-issued-leaf",
        Area.NAMES,
        _VFY,
        "check_name_constraints",
        "if (i != 0 && (x->ex_flags & EXFLAG_SI) != 0)",
        "if ((x->ex_flags & EXFLAG_SI) != 0)",
        "a self-issued leaf is free of name constraints",
    ),
    Fault(
        "constraints-skip-common-name",
        Area.NAMES,
        _VFY,
        "check_name_constraints",
        "rv = NAME_CONSTRAINTS_check_CN(x, nc);",
        ";",
        "a common name that serves as host name is free of name constraints",
    ),
    Fault(
        "constraints-without-a-dot",
        Area.NAMES,
        _NCONS,
        "nc_dns",
        "if (*baseptr != '.' && dnsptr[-1] != '.')",
        "if (0)",
        "a DNS constraint holds for any name that ends in it",
    ),
    Fault(
        "nothing-excluded",
        Area.NAMES,
        _NCONS,
        "nc_match",
        "return X509_V_ERR_EXCLUDED_VIOLATION;",
        "return X509_V_OK;",
        "excluded subtrees exclude nothing",
    ),
    Fault(
        "first-permitted-counts",
        Area.NAMES,
        _NCONS,
        "nc_match",
        "if (match == 0) match = 1;",
        "if (match != 0) continue; match = 1;",
        "only the first permitted subtree of a kind is looked at",
    ),
    Fault(
        "address-without-its-mask",
        Area.NAMES,
        _NCONS,
        "nc_ip",
        "(hostptr[i] & maskptr[i]) != (baseptr[i] & maskptr[i])",
        "maskptr[i] == 255 && hostptr[i] != baseptr[i]",
        "half octets of an address constraint's mask are not compared",
    ),
    Fault(
        "mail-constraint-of-any-case",
        Area.NAMES,
        _NCONS,
        "nc_email",
        "strncmp(baseptr, emlptr, emlat - emlptr)",
        "OPENSSL_strncasecmp(baseptr, emlptr, emlat - emlptr)",
        "the local part of a mail constraint is compared without case",
    ),
    Fault(
        "common-name-beside-alternative",
        Area.NAMES,
        "crypto/x509/v3_utl.c",
        "do_x509_check",
        "if (san_present &&",
        "if (0 &&",
        "a common name serves as host name though there is a DNS name",
    ),
    Fault(
        "wildcard-spans-labels",
        Area.NAMES,
        "crypto/x509/v3_utl.c",
        "wildcard_match",
        "(allow_multi && *p == '.')",
        "*p == '.'",
        "a wildcard stands for more than one label",
    ),
    Fault(
        "names-equal-by-prefix",
        Area.NAMES,
        _CMP,
        "X509_NAME_cmp",
        "ret = a->canon_enclen - b->canon_enclen;",
        "ret = a->canon_enclen > b->canon_enclen;",
        "a name equals each that begins with it",
    ),
    Fault(
        "bmp-strings-compared-raw",
        Area.NAMES,
        _NAME,
        "",
        "(B_ASN1_UTF8STRING | B_ASN1_BMPSTRING | B_ASN1_UNIVERSALSTRING",
        "(B_ASN1_UTF8STRING | B_ASN1_UNIVERSALSTRING",
        "names as BMPString equal no others",
    ),
    Fault(
        "multi-valued-rdn-flattened",
        Area.NAMES,
        _NAME,
        "x509_name_canon",
        "if (entry->set != set) {",
        "if (1) {",
        "attributes of one RDN compare as RDNs of their own",
    ),
)
