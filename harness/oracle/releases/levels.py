"""The security level: keys of everyone, digests of all but the anchor.

Source: ``check_key_level``, ``check_sig_level``, ``check_auth_level`` (x509_vfy.c).
"""

from typing import Final

from harness.facts import KeyFacts, SignatureAlgorithm
from harness.oracle.releases.building import Built
from harness.oracle.releases.cached import Cached
from harness.oracle.releases.release import Release
from harness.oracle.releases.stage import Events
from harness.verdict import Objection

MINIMUM_BITS: Final = (0, 80, 112, 128, 192, 256)
"""``minbits_table``: security bits that levels 0 to 5 want."""


DIGEST_BITS: Final = {"sha1": 80, "md5": 64}
"""Half the octets of digests whose collisions later releases count."""

RSA_BITS: Final = ((15360, 256), (7680, 192), (3072, 128), (2048, 112), (1024, 80))
"""``BN_security_bits``: modulus bits at least, and security bits."""


def key_bits(key: KeyFacts, release: Release) -> int:
    """Security bits of a key (``EVP_PKEY_security_bits``)."""
    if key.algorithm in ("RSA", "RSA-PSS") and "rsa-strength-in-steps" in release:
        return next((bits for least, bits in RSA_BITS if key.bits >= least), 0)
    return key.security_bits


def digest_bits(algorithm: SignatureAlgorithm, release: Release) -> int:
    """Security bits of a signature's digest (``x509_sig_info_init``)."""
    if "digest-strength-by-size" in release:
        return DIGEST_BITS.get(algorithm.digest or "", algorithm.security_bits)
    return algorithm.security_bits


def key_is_enough(certificate: Cached, level: int, release: Release) -> bool:
    """``check_key_level``."""
    if level <= 0:
        return True
    key = certificate.facts.key
    return key is not None and key_bits(key, release) >= MINIMUM_BITS[min(level, 5)]


def check_levels(built: Built, level: int, release: Release) -> Events:
    """``check_auth_level``: CA keys (67), then digests (68), per certificate."""
    if level <= 0:
        return
    wanted = MINIMUM_BITS[min(level, 5)]
    for depth, certificate in enumerate(built.path):
        if depth > 0 and not key_is_enough(certificate, level, release):
            yield Objection("level.ca-key-too-small", 67, depth)
        if (
            depth + 1 < len(built.path)
            and digest_bits(certificate.facts.outer_algorithm, release) < wanted
        ):
            yield Objection("level.digest-too-weak", 68, depth)
