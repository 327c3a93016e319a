"""Every behaviour of the releases book, and the release that a build is taken for."""

from typing import Final

from harness.oracle.releases.before_3 import BEFORE_3, STRICT_PROFILE
from harness.oracle.releases.lines_of_3 import LINES_OF_3
from harness.oracle.releases.release import (
    MEASURED,
    Behaviour,
    Release,
    Span,
    Version,
    version_of,
)

BEHAVIOURS: Final = (
    Behaviour(
        "strict-critical-basic-constraints",
        "X509_STRICT wants basicConstraints of a CA to be critical (89).",
        "measured on 3.0.19; check_extensions (x509_vfy.c) of 3.0.20",
        (Span("3.0", "3.6"),),
        STRICT_PROFILE,
    ),
    Behaviour(
        "strict-critical-alternative-name",
        "X509_STRICT wants subjectAltName critical under an empty subject (88).",
        "measured on 3.0.19; check_extensions (x509_vfy.c) of 3.0.20",
        (Span("3.0", "3.6"),),
        STRICT_PROFILE,
    ),
    Behaviour(
        "policy-tree-is-limited",
        "A policy tree of more than 1,000 nodes is an error (17).",
        "measured on 1.1.1k and 3.0.19; tree_init (pcy_tree.c), CVE-2023-0464: change "
        "notes of 1.1.1u, 3.0.9 and 3.1.1",
        (Span("1.1.1u", "1.1"), Span("3.0.9", "3.0"), Span("3.1.1")),
    ),
    Behaviour(
        "policies-of-leaf-unchecked",
        "Invalid policy extensions of the end entity alone are passed over.",
        "measured on 1.1.1k; check_policy (x509_vfy.c), CVE-2023-0465: change notes "
        "of 1.1.1u, 3.0.9 and 3.1.1",
        (Span("", "1.1.1t"), Span("3.0", "3.0.8"), Span("3.1.0", "3.1.0")),
    ),
    Behaviour(
        "unwritable-address-is-covered",
        "An address too long for its family is within whatever the issuer has.",
        "measured on 1.1.1w and 3.0.9; addr_contains (v3_addr.c) of 1.1.1w and 3.0.20;"
        " the first of 3.0 may have it too",
        (Span("", "1.1"),),
    ),
    Behaviour(
        "address-family-length-checked",
        "An address family identifier has two or three octets, or all is refused.",
        "measured on 1.1.1w and 3.0.9; IPAddressFamily_check_len (v3_addr.c), merged "
        "into 3.0 and 3.1 in November 2022 (openssl/openssl#19273)",
        (Span("3.0.8", "3.0"), Span("3.1")),
    ),
    Behaviour(
        "range-need-not-be-a-prefix",
        "A range of addresses that could be a prefix is taken for canonical.",
        "measured on 1.1.1k, and not so on 1.1.1w; range_should_be_prefix (v3_addr.c), "
        "mended in 1.1.1 and 3.0 in June 2022 (openssl/openssl#18524)",
        (Span("", "1.1.1o"), Span("3.0", "3.0.3")),
    ),
    Behaviour(
        "expires-at-the-instant",
        "A certificate or CRL is expired in the very second of its end.",
        "X509_cmp_time (x509_vfy.c) of 3.0.20; measured with a faked clock",
        (Span("", "3.6"),),
    ),
    Behaviour(
        "strict-authority-key-id-by-key",
        "X509_STRICT wants a keyIdentifier in authorityKeyIdentifier (85); where it is"
        " not wanted, an empty authorityKeyIdentifier is objected to (102).",
        "measured on 3.0.19 and 4.0.3; check_extensions (x509_vfy.c) of 3.6.3 and"
        " 4.0.2",
        (Span("3.0", "3.6"),),
        STRICT_PROFILE,
    ),
    Behaviour(
        "strict-authority-issuer-with-serial",
        "X509_STRICT wants authorityCertIssuer and authorityCertSerialNumber both or"
        " neither, on every certificate (103).",
        "measured on 4.0.3; check_extensions (x509_vfy.c) of 4.0.2",
        (Span("4.0"),),
        STRICT_PROFILE,
    ),
    Behaviour(
        "self-signed-by-any-key-id",
        "A self-issued certificate counts as self-signed though its authority key"
        " identifier names another key: subjectKeyIdentifier is kept after the two are"
        " compared.",
        "measured on 4.0.0, 4.0.1 and 4.0.2 through pyOpenSSL, and not so on 4.0.3;"
        " ossl_x509v3_cache_extensions (v3_purp.c) of 4.0.2",
        (Span("4.0", "4.0.2"),),
    ),
    Behaviour(
        "same-serial-is-same-certificate",
        "An issuer with the subject's own issuer name and serial number is taken for"
        " the same certificate, and issued it if it is self-signed.",
        "measured on 4.0.3; ossl_x509_likely_issued (v3_purp.c) of 4.0.2",
        (Span("4.0"),),
    ),
    Behaviour(
        "no-check-time-first",
        "Under both bits NO_CHECK_TIME counts, not USE_CHECK_TIME.",
        "measured on 4.0.3; get_verification_time (x509_vfy.c) of 4.0.2",
        (Span("4.0"),),
    ),
    Behaviour(
        "rsa-number-may-be-negative",
        "An RSA public key decodes though a number of it is encoded as negative.",
        "measured on 3.0.19 and 4.0.3; bn_c2i (x_bignum.c) of 3.6.3 and 4.0.2",
        (Span("", "3.6"),),
    ),
    Behaviour(
        "crl-extensions-must-decode",
        "A CRL does not decode where its issuingDistributionPoint, CRL number or delta"
        " CRL indicator does not.",
        "measured on 4.0.3; crl_cb (x_crl.c) of 4.0.2",
        (Span("4.0"),),
    ),
    Behaviour(
        "crl-entry-issuer-needs-indirect",
        "A CRL that is not indirect does not decode where an entry has a"
        " certificateIssuer.",
        "measured on 4.0.3; crl_set_issuers (x_crl.c) of 4.0.2",
        (Span("4.0"),),
    ),
    Behaviour(
        "crl-invalidity-date-must-decode",
        "A CRL does not decode where an entry's invalidityDate does not.",
        "measured on 4.0.3; crl_set_issuers (x_crl.c) of 4.0.2",
        (Span("4.0"),),
    ),
    *LINES_OF_3,
    *BEFORE_3,
)
"""Every behaviour of the book, by name."""


def release_of(version: Version) -> Release:
    """The release of that version, with the behaviours whose spans hold it."""
    names = frozenset(item.name for item in BEHAVIOURS if item.in_version(version))
    return Release(str(version), names, assumed=version not in MEASURED)


def release_for(number: int) -> Release:
    """The release of that ``OPENSSL_VERSION_NUMBER``."""
    return release_of(version_of(number))
