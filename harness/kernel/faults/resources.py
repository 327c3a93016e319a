"""Faults of RFC 3779's resources."""

from typing import Final

from harness.kernel.fault import Area, Fault

_ADDRESSES: Final = "crypto/x509/v3_addr.c"
_SYSTEMS: Final = "crypto/x509/v3_asid.c"

RESOURCES: Final = (
    Fault(
        "routing-domains-without-parent",
        Area.EXTENSIONS,
        _SYSTEMS,
        "asid_validate_path_internal",
        "if (child_as != NULL || child_rdi != NULL)",
        "if (child_as != NULL)",
        "routing domains need none above",
    ),
    Fault(
        "as-numbers-inherit-for-ever",
        Area.EXTENSIONS,
        _SYSTEMS,
        "asid_validate_path_internal",
        "child_as = x->rfc3779_asid->asnum->u.asIdsOrRanges; inherit_as = 0;",
        "child_as = x->rfc3779_asid->asnum->u.asIdsOrRanges;",
        "once inherited, AS numbers are not compared further up",
    ),
    Fault(
        "only-first-address-family",
        Area.EXTENSIONS,
        _ADDRESSES,
        "addr_validate_path_internal",
        "for (j = 0; j < sk_IPAddressFamily_num(child); j++) { IPAddressFamily *fc"
        " = sk_IPAddressFamily_value(child, j); int k",
        "for (j = 0; j < 1; j++) { IPAddressFamily *fc ="
        " sk_IPAddressFamily_value(child, j); int k",
        "only the first address family has to be contained",
    ),
)
