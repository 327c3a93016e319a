"""Faults of name constraints."""

from typing import Final

from harness.kernel.fault import Area, Fault

_CONSTRAINTS: Final = "crypto/x509/v3_ncons.c"
_VFY: Final = "crypto/x509/x509_vfy.c"

CONSTRAINTS: Final = (
    Fault(
        "email-attribute-of-any-string",
        Area.NAMES,
        _CONSTRAINTS,
        "NAME_CONSTRAINTS_check",
        "return X509_V_ERR_UNSUPPORTED_NAME_SYNTAX;",
        "continue;",
        "an address in the subject as UTF8String is not constrained",
    ),
    Fault(
        "last-permitted-subtree-decides",
        Area.NAMES,
        _CONSTRAINTS,
        "nc_match",
        "if (match == 2) continue; if (match == 0) match = 1;",
        "match = 1;",
        "an earlier permitted subtree is forgotten",
    ),
    Fault(
        "subtree-maximum-ignored",
        Area.NAMES,
        _CONSTRAINTS,
        "nc_minmax_valid",
        "if (sub->maximum) ok = 0;",
        "",
        "a subtree may have a maximum",
    ),
    Fault(
        "dotted-dns-constraint",
        Area.NAMES,
        _CONSTRAINTS,
        "nc_dns",
        "*baseptr != '.' && dnsptr[-1] != '.'",
        "*baseptr != '.' || dnsptr[-1] != '.'",
        "a subdomain matches no constraint",
    ),
    Fault(
        "uri-host-with-port",
        Area.NAMES,
        _CONSTRAINTS,
        "nc_uri",
        "p = ia5memchr(uri, hostptr, ':');",
        "p = NULL;",
        "a port is part of the host",
    ),
    Fault(
        "ip-base-not-masked",
        Area.NAMES,
        _CONSTRAINTS,
        "nc_ip",
        "!= (baseptr[i] & maskptr[i])",
        "!= baseptr[i]",
        "a constraint with bits under its mask matches nothing",
    ),
    Fault(
        "ip-last-octet-free",
        Area.NAMES,
        _CONSTRAINTS,
        "nc_ip",
        "i < hostlen",
        "i < hostlen - 1",
        "the last octet of an address is not compared",
    ),
    Fault(
        "anchors-constraints-ignored",
        Area.NAMES,
        _VFY,
        "check_name_constraints",
        "for (j = sk_X509_num(ctx->chain) - 1; j > i; j--)",
        "for (j = sk_X509_num(ctx->chain) - 2; j > i; j--)",
        "what the anchor permits does not count",
    ),
    Fault(
        "common-name-behind-an-ip-san",
        Area.NAMES,
        _VFY,
        "check_name_constraints",
        "has_san_id(x, GEN_DNS)",
        "has_san_id(x, GEN_IPADD)",
        "an IP address, and no DNS name, keeps the common name from being constrained",
    ),
    Fault(
        "common-name-with-underscore",
        Area.NAMES,
        _CONSTRAINTS,
        "cn2dnsid",
        "|| c == '_')",
        ")",
        "a common name with an underscore is no host name",
    ),
)
