"""Releases as sets of behaviours: small switches, each with its evidence.

Rules ask ``"name" in release`` and never compare versions. A release nobody measured
takes its nearest neighbour's behaviours and is *assumed*.
"""

from dataclasses import dataclass
from typing import Final

Version = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One way in which releases differ, and how we know.

    ``first`` and ``last`` are the releases that have it, inclusive; None is open.
    """

    name: str
    what: str
    evidence: str
    first: Version | None = None
    last: Version | None = None

    def in_version(self, version: Version) -> bool:
        """Whether a release of that number has it."""
        after = self.first is None or self.first <= version
        return after and (self.last is None or version <= self.last)


BEHAVIOURS: Final = (
    Behaviour(
        "delta-crl-taken-for-full",
        "Without EXTENDED_CRL_SUPPORT a delta CRL is scored like a complete one.",
        "measured on 3.0.19; get_crl_score (x509_vfy.c) of 3.0.20",
        last=(3, 0, 20),
    ),
    Behaviour(
        "crl-algorithms-may-differ",
        "A CRL whose inner and outer AlgorithmIdentifier differ still verifies.",
        "measured on 3.0.19; def_crl_verify (x_crl.c) of 3.0.20",
        last=(3, 0, 20),
    ),
    Behaviour(
        "self-signed-needs-crl",
        "CRL checking covers self-signed certificates too.",
        "measured on 3.0.19; check_cert (x509_vfy.c) of 3.0.20",
        last=(3, 5, 999),
    ),
    Behaviour(
        "strict-critical-basic-constraints",
        "X509_STRICT wants basicConstraints of a CA to be critical (89).",
        "measured on 3.0.19; check_extensions (x509_vfy.c) of 3.0.20",
        first=(3, 0, 0),
        last=(3, 6, 999),
    ),
    Behaviour(
        "strict-critical-alternative-name",
        "X509_STRICT wants subjectAltName critical under an empty subject (88).",
        "measured on 3.0.19; check_extensions (x509_vfy.c) of 3.0.20",
        first=(3, 0, 0),
        last=(3, 6, 999),
    ),
    Behaviour(
        "expires-at-the-instant",
        "A certificate or CRL is expired in the very second of its end.",
        "X509_cmp_time (x509_vfy.c) of 3.0.20; measured with a faked clock",
        last=(3, 6, 999),
    ),
)
"""Every behaviour of the book, by name."""


@dataclass(frozen=True, slots=True)
class Release:
    """An OpenSSL release as the book knows it."""

    name: str
    behaviours: frozenset[str]
    assumed: bool = False
    """Nobody measured this release: these are its nearest neighbour's behaviours."""

    def __contains__(self, behaviour: str) -> bool:
        return behaviour in self.behaviours

    def turned(self, behaviour: str) -> "Release":
        """This release with one behaviour turned over."""
        return Release(self.name, self.behaviours ^ {behaviour}, self.assumed)


MEASURED: Final = frozenset({(3, 0, 9), (3, 0, 17), (3, 0, 19)})
"""Releases whose behaviours were measured through ``ssl`` by this project."""


def version_of(number: int) -> Version:
    """Major, minor and patch of an ``OPENSSL_VERSION_NUMBER`` of OpenSSL 3 and later.

    Source: ``OPENSSL_VERSION_NUMBER(3)``: 0xMNN00PP0L.
    """
    return (number >> 28 & 0xF, number >> 20 & 0xFF, number >> 4 & 0xFF)


def release_for(number: int) -> Release:
    """The release of that ``OPENSSL_VERSION_NUMBER``."""
    version = version_of(number)
    names = frozenset(item.name for item in BEHAVIOURS if item.in_version(version))
    text = ".".join(str(part) for part in version)
    return Release(text, names, assumed=version not in MEASURED)
