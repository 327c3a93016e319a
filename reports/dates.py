"""How long a case's dates hold: while no validity period begins or ends."""

from collections.abc import Iterator
from typing import Final

from harness.facts import Facts

_FOREVER: Final = 2**40
_MARGIN: Final = 2
"""Seconds around a boundary that belong to neither side: clocks lag, and whether an end
is within is for OpenSSL to say."""


def hold(facts: Facts, now: int) -> tuple[int, int]:
    """Seconds since the epoch: from the first, and before the second, every certificate
    and CRL is as valid, not yet valid or over as it is at ``now``."""
    begins, ends = 0, _FOREVER
    for boundary in _boundaries(facts):
        if boundary <= now:
            begins = max(begins, boundary + _MARGIN)
        else:
            ends = min(ends, boundary - _MARGIN)
    return min(begins, now), ends


def _boundaries(facts: Facts) -> Iterator[int]:
    certificates = (*facts.peer, *(item.certificate for item in facts.trusted))
    for certificate in certificates:
        yield certificate.not_before
        yield certificate.not_after
    for crl in facts.crls:
        yield crl.this_update
        if crl.next_update is not None:
            yield crl.next_update
