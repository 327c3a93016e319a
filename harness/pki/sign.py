"""Signatures with keys of the pool: the same bytes for the same message, always.

ECDSA nonces are RFC 6979's; RSA is PKCS #1 v1.5, or PSS without a salt; Ed25519 and
Ed448 are deterministic by themselves.
"""

from collections.abc import Mapping
from functools import cache
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15

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
_ED448: Final = "1.3.101.113"
"""RFC 8410, 3."""

_PSS: Final = "1.2.840.113549.1.1.10"
_MGF1: Final = "1.2.840.113549.1.1.8"
"""RFC 8017, A.2.3 and A.2.1."""

_PSS_HASHES: Final[Mapping[str, str]] = {
    "pss-sha1": "1.3.14.3.2.26",
    "pss-sha256": "2.16.840.1.101.3.4.2.1",
}
"""RSASSA-PSS by digest, and that digest's identifier."""

_MISNAMED: Final[Mapping[str, str]] = {
    "ripemd160": "1.3.36.3.3.1.2",
    "dsa-sha256": "2.16.840.1.101.3.4.3.2",
    "unknown": "1.3.6.1.4.1.55555.7",
}
"""Algorithms that are only named: RSA with RIPEMD-160, DSA, and one that nobody knows.
What signs is the key's own algorithm with SHA-256."""


@cache
def algorithm(key: str, digest: str) -> bytes:
    """The AlgorithmIdentifier of that pool key's signatures with that digest.

    Ed25519 and Ed448 have their own and ignore the digest. Raises ``SpecError`` for a
    pair that has none, ``KeyPoolError`` for an unknown key.
    """
    private = keys.private_key(key)
    if isinstance(private, Ed25519PrivateKey):
        return der.sequence(der.oid(_ED25519))
    if isinstance(private, Ed448PrivateKey):
        return der.sequence(der.oid(_ED448))
    if digest in _MISNAMED:
        return der.sequence(der.oid(_MISNAMED[digest]))
    is_ec = isinstance(private, EllipticCurvePrivateKey)
    if digest in _PSS_HASHES and not is_ec:
        return _pss(_PSS_HASHES[digest])
    known = _ECDSA if is_ec else _RSA
    if digest not in known:
        raise SpecError(f"digest {digest!r}: key {key!r} signs with {', '.join(known)}")
    # RFC 8017, A.2.4 wants NULL parameters; RFC 5758, 3.2 wants them absent.
    null = b"" if is_ec else der.tlv(der.NULL, b"")
    return der.sequence(der.oid(known[digest]), null)


def _pss(digest: str) -> bytes:
    """RSASSA-PSS of one digest all through, and no salt, so that it is deterministic.

    The defaults, which are SHA-1, are written too: OpenSSL reads both the same.
    """
    hashed = der.sequence(der.oid(digest), der.tlv(der.NULL, b""))
    masked = der.sequence(der.oid(_MGF1), hashed)
    fields = (hashed, masked, der.integer(0))
    parameters = (der.explicit(tag, field) for tag, field in enumerate(fields))
    return der.sequence(der.oid(_PSS), der.sequence(*parameters))


def sign(message: bytes, key: str, digest: str) -> bytes:
    """The pool key's signature over the message; raises as ``algorithm`` does."""
    private = keys.private_key(key)
    if isinstance(private, Ed25519PrivateKey | Ed448PrivateKey):
        return private.sign(message)
    algorithm(key, digest)
    if digest in _MISNAMED:
        digest = "sha256"
    chosen = _HASHES[digest.removeprefix("pss-")]
    if isinstance(private, EllipticCurvePrivateKey):
        return private.sign(message, ECDSA(chosen, deterministic_signing=True))
    if digest in _PSS_HASHES:
        return private.sign(message, PSS(MGF1(chosen), 0), chosen)
    return private.sign(message, PKCS1v15(), chosen)
