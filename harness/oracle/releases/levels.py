"""The security level: keys of everyone, digests of all but the anchor.

Source: ``check_key_level``, ``check_sig_level``, ``check_auth_level`` (x509_vfy.c).
"""

from typing import Final

from harness.oracle.releases.building import Built
from harness.oracle.releases.cached import Cached
from harness.oracle.releases.stage import Events
from harness.verdict import Objection

MINIMUM_BITS: Final = (0, 80, 112, 128, 192, 256)
"""``minbits_table``: security bits that levels 0 to 5 want."""


def key_is_enough(certificate: Cached, level: int) -> bool:
    """``check_key_level``."""
    if level <= 0:
        return True
    key = certificate.facts.key
    return key is not None and key.security_bits >= MINIMUM_BITS[min(level, 5)]


def check_levels(built: Built, level: int) -> Events:
    """``check_auth_level``: CA keys (67), then digests (68), per certificate."""
    if level <= 0:
        return
    wanted = MINIMUM_BITS[min(level, 5)]
    for depth, certificate in enumerate(built.path):
        if depth > 0 and not key_is_enough(certificate, level):
            yield Objection("level.ca-key-too-small", 67, depth)
        if (
            depth + 1 < len(built.path)
            and certificate.facts.outer_algorithm.security_bits < wanted
        ):
            yield Objection("level.digest-too-weak", 68, depth)
