"""Signatures with keys of the pool: the same bytes for the same message, always.

ECDSA nonces are RFC 6979's; RSA is PKCS #1 v1.5; Ed25519 is deterministic by itself.
"""

from collections.abc import Mapping
from functools import cache
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

from harness.pki import der, keys
from harness.pki.spec import SpecError

_HASHES: Final[Mapping[str, hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
    "sha224": hashes.SHA224(),
    "sha1": hashes.SHA1(),  # noqa: S303  # weak digests are asked for on purpose
    "md5": hashes.MD5(),  # noqa: S303  # weak digests are asked for on purpose
}

_ECDSA: Final[Mapping[str, str]] = {
    "sha1": "1.2.840.10045.4.1",
    "sha224": "1.2.840.10045.4.3.1",
    "sha256": "1.2.840.10045.4.3.2",
    "sha384": "1.2.840.10045.4.3.3",
    "sha512": "1.2.840.10045.4.3.4",
}
"""RFC 5758, 3.2; there is no ECDSA with MD5."""

_RSA: Final[Mapping[str, str]] = {
    "md5": "1.2.840.113549.1.1.4",
    "sha1": "1.2.840.113549.1.1.5",
    "sha256": "1.2.840.113549.1.1.11",
    "sha384": "1.2.840.113549.1.1.12",
    "sha512": "1.2.840.113549.1.1.13",
    "sha224": "1.2.840.113549.1.1.14",
}
"""RFC 8017, A.2.4."""

_ED25519: Final = "1.3.101.112"
"""RFC 8410, 3."""


@cache
def algorithm(key: str, digest: str) -> bytes:
    """The AlgorithmIdentifier of that pool key's signatures with that digest.

    Ed25519 has its own and ignores the digest. Raises ``SpecError`` for a pair that
    has none, ``KeyPoolError`` for an unknown key.
    """
    private = keys.private_key(key)
    if isinstance(private, Ed25519PrivateKey):
        return der.sequence(der.oid(_ED25519))
    is_ec = isinstance(private, EllipticCurvePrivateKey)
    known = _ECDSA if is_ec else _RSA
    if digest not in known:
        raise SpecError(f"digest {digest!r}: key {key!r} signs with {', '.join(known)}")
    # RFC 8017, A.2.4 wants NULL parameters; RFC 5758, 3.2 wants them absent.
    null = b"" if is_ec else der.tlv(der.NULL, b"")
    return der.sequence(der.oid(known[digest]), null)


def sign(message: bytes, key: str, digest: str) -> bytes:
    """The pool key's signature over the message; raises as ``algorithm`` does."""
    private = keys.private_key(key)
    if isinstance(private, Ed25519PrivateKey):
        return private.sign(message)
    algorithm(key, digest)
    chosen = _HASHES[digest]
    if isinstance(private, EllipticCurvePrivateKey):
        return private.sign(message, ECDSA(chosen, deterministic_signing=True))
    return private.sign(message, PKCS1v15(), chosen)
