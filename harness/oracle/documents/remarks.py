"""A remark: one thing about a certificate, a link or a CRL that is not plain.

A remark that names sentences is an *objection*: the documentation promises rejection.
One that names none is an *oddity*: the documentation leaves it open, so nothing may be
promised, yet a release may reject for it with one of its codes. A remark without words
is only a *note* of such codes: what it is about is plain.
"""

from dataclasses import dataclass
from typing import Final

ANY: Final = frozenset(range(1, 128))
"""Every ``X509_V_ERR_*`` number that exists or may come."""
UNTRUSTED: Final = frozenset({2, 18, 19, 20, 21, 22, 27, 28})
"""No chain to a trust anchor could be built, as the release words it."""
BAD_SIGNATURE: Final = frozenset({4, 6, 7, 24, 76, 77, 78})
"""A certificate signature that does not verify; the numbers of 1.1.1 and of 3.0."""
NOT_A_CA: Final = frozenset({24, 32, 37, 79})
CRL: Final = frozenset({3, 5, 8, 11, 12, 15, 16, 23, 33, 35, 36, 44, 54})
"""Every number that is about a CRL or about what it lists."""

USE_CHECK_TIME: Final = 0x2
CRL_CHECK: Final = 0x4
CRL_CHECK_ALL: Final = 0x8
IGNORE_CRITICAL: Final = 0x10
STRICT: Final = 0x20
ALLOW_PROXY: Final = 0x40
POLICY: Final = 0xF80
EXTENDED_CRL: Final = 0x1000
USE_DELTAS: Final = 0x2000
CHECK_SS: Final = 0x4000
TRUSTED_FIRST: Final = 0x8000
PARTIAL: Final = 0x80000
NO_ALT_CHAINS: Final = 0x100000
NO_CHECK_TIME: Final = 0x200000

MARGIN: Final = 5
"""Seconds about a time boundary within which nothing is promised."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What is not plain, the codes it may be reported by, and when it counts."""

    what: str
    codes: frozenset[int] = ANY
    sentences: tuple[str, ...] = ()
    """The sentences that promise rejection; none for an oddity."""
    on: int = 0
    """Counts only where all these bits are set."""
    off: int = 0
    """Counts only where all these bits are clear."""

    def counts(self, bits: int) -> bool:
        """Whether the remark counts under these flag bits."""
        return bits & self.on == self.on and not bits & self.off
