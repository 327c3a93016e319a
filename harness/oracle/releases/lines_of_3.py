"""Behaviours that came or went within the lines 3.0 to 3.6, or between two of them."""

from typing import Final

from harness.oracle.releases.release import Behaviour, Span

LINES_OF_3: Final = (
    Behaviour(
        "empty-name-before-all",
        "An empty name and any other each count as less than the other, so that what"
        " the store finds depends on the order of loading.",
        "measured: 3.0.9, 3.1.1 have it, 3.0.17, 3.1.2 have not; X509_NAME_cmp"
        " (x509_cmp.c), pull request 21155, carried back to 3.0.10 and 3.1.2",
        (Span("3.0", "3.0.9"), Span("3.1", "3.1.1")),
    ),
    Behaviour(
        "delta-crl-taken-for-full",
        "A delta CRL is scored like a complete one, but for one without"
        " onlySomeReasons under EXTENDED_CRL_SUPPORT.",
        "measured: 3.0.20, 3.5.6 have it, 3.0.22, 3.5.8, 3.6.5 have not; get_crl_score"
        " (x509_vfy.c) of 3.5.7, 3.6.3 has it; 3.0.21, 3.6.4 not seen",
        (Span("", "3.0.21"), Span("3.1", "3.5.7"), Span("3.6", "3.6.3")),
    ),
    Behaviour(
        "crl-algorithms-may-differ",
        "A CRL whose inner and outer AlgorithmIdentifier differ still verifies.",
        "measured: 3.0.20, 3.5.6 have it, 3.0.22, 3.5.8, 3.6.5 have not; def_crl_verify"
        " (x_crl.c) of 3.5.7, 3.6.3 has it; 3.0.21, 3.6.4 not seen",
        (Span("", "3.0.21"), Span("3.1", "3.5.7"), Span("3.6", "3.6.3")),
    ),
    Behaviour(
        "empty-issuing-point-ignored",
        "An issuingDistributionPoint that says nothing does not disqualify its CRL.",
        "measured: 3.0.22, 3.4.1, 3.5.1 have it, 3.5.2 has not; setup_idp (x_crl.c) of"
        " 3.0.22 and 3.5.7",
        (Span("", "3.5.1"),),
    ),
    Behaviour(
        "numberless-delta-crashes",
        "Under USE_DELTAS a delta CRL without cRLNumber ends the process.",
        "measured: 3.0.17, 3.1.4, 3.2.2, 3.4.1, 3.5.5 have it, 3.0.20, 3.5.6 have not;"
        " change notes of 3.0.20 and 3.6.2 (CVE-2026-28388)",
        (Span("", "3.0.19"), Span("3.1", "3.5.5"), Span("3.6", "3.6.1")),
    ),
    Behaviour(
        "self-signed-needs-crl",
        "CRL checking covers self-signed certificates too.",
        "measured: 3.5.9 has it, 3.6.5 has not; check_cert_crl (x509_vfy.c) of 3.6.3",
        (Span("", "3.5"),),
    ),
    Behaviour(
        "crl-check-all-suffices",
        "CRL_CHECK_ALL checks every certificate without CRL_CHECK too.",
        "change note of 3.6.1: a regression of 3.6.0, which was not seen",
        (Span("3.6.0", "3.6.0"),),
    ),
    Behaviour(
        "ocsp-bits",
        "OCSP_RESP_CHECK (0x400000), for all with 0x800000, wants a stapled response.",
        "measured: 3.5.9 has it not, 3.6.5 has it; check_revocation (x509_vfy.c) of"
        " 3.6.3",
        (Span("3.6"),),
    ),
    Behaviour(
        "peer-read-for-loops",
        "Whether a peer's certificate is on the path already is asked before names are"
        " compared, which reads its extensions: EXTENDED_CRL_SUPPORT then sees them.",
        "measured: 3.4.1 has it not, 3.5.0 has it; get0_best_issuer_sk (x509_vfy.c) of"
        " 3.5.7, find_issuer of 3.0.20",
        (Span("3.5"),),
    ),
    Behaviour(
        "addresses-scanned-leniently",
        "An IPv4 reference name may have spaces, signs and leading zeros in it, and"
        " anything after a space.",
        "measured: 3.3.1 has it, 3.4.1 has not; ipv4_from_asc (v3_utl.c) of 3.0.22",
        (Span("", "3.3"),),
    ),
    Behaviour(
        "uri-host-cut-by-hand",
        "A URI under name constraints gives what stands between :// and a colon or"
        " slash for its host; user, port, query, fragment and brackets mean nothing.",
        "measured: 3.4.1 has it, 3.5.0 has not; nc_uri (v3_ncons.c) of 3.0.22, 3.5.7",
        (Span("", "3.4"),),
    ),
    Behaviour(
        "uri-colon-ends-host",
        "A colon anywhere in a URI ends its host, in its path or query too.",
        "measured: 3.5.0 has it, 3.5.1 has not; OSSL_parse_url (http_lib.c) of 3.5.7",
        (Span("", "3.5.0"),),
    ),
    Behaviour(
        "uri-user-ends-at-any-at",
        "The user of a URI reaches to an @ anywhere, in its path or query too.",
        "measured: 3.5.0 to 3.5.5 have it, 3.5.6 has not; OSSL_parse_url (http_lib.c)"
        " of 3.5.7 and 3.6.3; 3.6.0 to 3.6.2 not seen",
        (Span("3.5", "3.5.5"), Span("3.6", "3.6.1")),
    ),
    Behaviour(
        "uri-scheme-checked",
        "The scheme of a URI must be one (RFC 3986), and brackets end with the"
        " authority.",
        "measured: 3.5.6 has it not, 3.5.8, 3.6.5 have it; OSSL_parse_url (http_lib.c)"
        " of 3.5.7, 3.6.3 (not yet) and 4.0.2; 3.6.4 not seen",
        (Span("3.5.8", "3.5"), Span("3.6.4")),
    ),
)
"""Every one but what 4.0 changed. A fix that was carried back ends a span in each line;
``not seen`` are the releases between which we cannot tell."""
