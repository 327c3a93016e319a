"""Faults of comparing the reference name."""

from typing import Final

from harness.kernel.fault import Area, Fault

_HOSTS: Final = "crypto/x509/v3_utl.c"

HOSTS: Final = (
    Fault(
        "wildcard-of-a-top-level",
        Area.NAMES,
        _HOSTS,
        "valid_star",
        "|| dots < 2)",
        "|| dots < 1)",
        "a wildcard may stand under a single label",
    ),
    Fault(
        "wildcard-within-a-label",
        Area.NAMES,
        _HOSTS,
        "valid_star",
        "(!atstart || !atend)",
        "(!atstart && !atend)",
        "a wildcard may be part of a label",
    ),
    Fault(
        "wildcard-without-hyphens",
        Area.NAMES,
        _HOSTS,
        "wildcard_match",
        "|| *p == '-'",
        "",
        "a wildcard stands for no label with a hyphen",
    ),
    Fault(
        "ip-by-its-first-octets",
        Area.NAMES,
        _HOSTS,
        "do_check_string",
        "a->length == (int)blen",
        "a->length >= (int)blen",
        "an address equals each that begins with it",
    ),
    Fault(
        "first-san-decides",
        Area.NAMES,
        _HOSTS,
        "do_x509_check",
        "!= 0) break; } GENERAL_NAMES_free(gens);",
        "!= 0) break; break; } GENERAL_NAMES_free(gens);",
        "only the first alternative name of the kind is compared",
    ),
)
