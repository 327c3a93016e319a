"""Every behaviour of the releases book, and the release that a build is taken for."""

from typing import Final

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
        "delta-crl-taken-for-full",
        "Without EXTENDED_CRL_SUPPORT a delta CRL is scored like a complete one.",
        "measured on 3.0.19; get_crl_score (x509_vfy.c) of 3.0.20",
        (Span("", "3.0.20"), Span("3.1", "3.5.7"), Span("3.6", "3.6.3")),
    ),
    Behaviour(
        "crl-algorithms-may-differ",
        "A CRL whose inner and outer AlgorithmIdentifier differ still verifies.",
        "measured on 3.0.19; def_crl_verify (x_crl.c) of 3.0.20",
        (Span("", "3.0.20"), Span("3.1", "3.5.7"), Span("3.6", "3.6.3")),
    ),
    Behaviour(
        "self-signed-needs-crl",
        "CRL checking covers self-signed certificates too.",
        "measured on 3.0.19; check_cert (x509_vfy.c) of 3.0.20",
        (Span("", "3.5"),),
    ),
    Behaviour(
        "strict-critical-basic-constraints",
        "X509_STRICT wants basicConstraints of a CA to be critical (89).",
        "measured on 3.0.19; check_extensions (x509_vfy.c) of 3.0.20",
        (Span("3.0", "3.6"),),
    ),
    Behaviour(
        "strict-critical-alternative-name",
        "X509_STRICT wants subjectAltName critical under an empty subject (88).",
        "measured on 3.0.19; check_extensions (x509_vfy.c) of 3.0.20",
        (Span("3.0", "3.6"),),
    ),
    Behaviour(
        "expires-at-the-instant",
        "A certificate or CRL is expired in the very second of its end.",
        "X509_cmp_time (x509_vfy.c) of 3.0.20; measured with a faked clock",
        (Span("", "3.6"),),
    ),
)
"""Every behaviour of the book, by name."""


def release_of(version: Version) -> Release:
    """The release of that version, with the behaviours whose spans hold it."""
    names = frozenset(item.name for item in BEHAVIOURS if item.in_version(version))
    return Release(str(version), names, assumed=version not in MEASURED)


def release_for(number: int) -> Release:
    """The release of that ``OPENSSL_VERSION_NUMBER``."""
    return release_of(version_of(number))
