"""The time a release verifies at, and how it compares.

Source: ``ossl_x509_check_cert_time``, ``check_crl_time``, ``X509_cmp_time``
(x509_vfy.c). A time equal to the verification time counts as past.
"""

from dataclasses import dataclass
from typing import Final

from harness.facts import Certificate
from harness.flags import Flags
from harness.oracle.releases.release import Release

USE_CHECK_TIME: Final = 0x2
NO_CHECK_TIME: Final = 0x200000


@dataclass(frozen=True, slots=True)
class Clock:
    """Seconds since the epoch; None under NO_CHECK_TIME, where nothing is compared.

    ``inclusive`` lets the very second of an end still be valid (4.0).
    """

    now: int | None
    inclusive: bool = False

    @classmethod
    def under(
        cls, flags: Flags, now: int, release: Release, *, inclusive: bool = False
    ) -> "Clock":
        """The clock these flags choose. Python never sets a check time, so 1970."""
        both = flags.bits & USE_CHECK_TIME and "no-check-time-first" not in release
        if flags.bits & NO_CHECK_TIME and not both:
            return cls(None, inclusive)
        return cls(0 if flags.bits & USE_CHECK_TIME else now, inclusive)

    def not_begun(self, start: int) -> bool:
        """Whether a period that starts then has not begun."""
        return self.now is not None and start > self.now

    def over(self, end: int | None) -> bool:
        """Whether a period that ends then is over; one without an end never is."""
        if self.now is None or end is None:
            return False
        return end < self.now if self.inclusive else end <= self.now

    def certificate_is_valid(self, facts: Certificate) -> bool:
        """Whether the validity period holds."""
        return not self.not_begun(facts.not_before) and not self.over(facts.not_after)
