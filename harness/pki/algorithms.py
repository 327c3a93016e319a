"""What the AlgorithmIdentifier of a signature names, as OpenSSL 3.0 counts it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from harness.facts import SignatureAlgorithm
from harness.pki import der
from harness.pki.ber import Cursor, RefusedError

PSS: Final = "1.2.840.113549.1.1.10"
_MGF1: Final = "1.2.840.113549.1.1.8"

_RSA_1: Final = "1.2.840.113549.1.1."
_ECDSA_2: Final = "1.2.840.10045.4.3."
_SHA_3: Final = "2.16.840.1.101.3.4.3."
_OIW: Final = "1.3.14.3.2."

_KNOWN: Final[Mapping[str, tuple[str, str | None]]] = {
    f"{_RSA_1}2": ("RSA", "md2"),
    f"{_RSA_1}3": ("RSA", "md4"),
    f"{_RSA_1}4": ("RSA", "md5"),
    f"{_RSA_1}5": ("RSA", "sha1"),
    f"{_RSA_1}11": ("RSA", "sha256"),
    f"{_RSA_1}12": ("RSA", "sha384"),
    f"{_RSA_1}13": ("RSA", "sha512"),
    f"{_RSA_1}14": ("RSA", "sha224"),
    PSS: ("RSA-PSS", None),
    f"{_OIW}3": ("RSA", "md5"),
    f"{_OIW}15": ("RSA", "sha"),
    f"{_OIW}29": ("RSA", "sha1"),
    "1.3.36.3.3.1.2": ("RSA", "ripemd160"),
    "2.5.8.3.100": ("RSA", "mdc2"),
    f"{_SHA_3}13": ("RSA", "sha3_224"),
    f"{_SHA_3}14": ("RSA", "sha3_256"),
    f"{_SHA_3}15": ("RSA", "sha3_384"),
    f"{_SHA_3}16": ("RSA", "sha3_512"),
    "1.2.840.10045.4.1": ("EC", "sha1"),
    "1.2.840.10045.4.2": ("EC", None),
    "1.2.840.10045.4.3": ("EC", None),
    f"{_ECDSA_2}1": ("EC", "sha224"),
    f"{_ECDSA_2}2": ("EC", "sha256"),
    f"{_ECDSA_2}3": ("EC", "sha384"),
    f"{_ECDSA_2}4": ("EC", "sha512"),
    "1.3.101.112": ("ED25519", None),
    "1.3.101.113": ("ED448", None),
    "1.2.840.10040.4.3": ("DSA", "sha1"),
    f"{_OIW}13": ("DSA", "sha"),
    f"{_OIW}27": ("DSA-old", "sha1"),
    f"{_SHA_3}1": ("DSA", "sha224"),
    f"{_SHA_3}2": ("DSA", "sha256"),
    "1.2.156.10197.1.501": ("SM2", "sm3"),
    "1.2.643.2.2.3": ("gost2001", "md_gost94"),
    "1.2.643.2.2.4": ("gost94", "md_gost94"),
    "1.2.643.7.1.1.3.2": ("gost2012_256", "md_gost12_256"),
    "1.2.643.7.1.1.3.3": ("gost2012_512", "md_gost12_512"),
}
"""Key type and digest of each signature OID (``crypto/objects/obj_xref.txt``)."""

_SIZES: Final[Mapping[str, int]] = {
    "md4": 16,
    "ripemd160": 20,
    "mdc2": 16,
    "sha224": 28,
    "sha256": 32,
    "sha384": 48,
    "sha512": 64,
    "sha3_224": 28,
    "sha3_256": 32,
    "sha3_384": 48,
    "sha3_512": 64,
    "sm3": 32,
}
"""Octets of each digest that OpenSSL has (``EVP_get_digestbynid``)."""

_BROKEN: Final[Mapping[str, int]] = {"sha1": 63, "md5": 39}
"""``x509_sig_info_init``: bits of digests with known collisions."""

_DIGESTS: Final[Mapping[str, str]] = {
    "1.3.14.3.2.26": "sha1",
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
    "2.16.840.1.101.3.4.2.4": "sha224",
}
"""Digests that a PSS parameter may name, those we can verify with."""


@dataclass(frozen=True, slots=True)
class Algorithm:
    """An AlgorithmIdentifier: its OID, and its parameters as they stand, if any."""

    oid: str
    parameters: bytes | None = None


@dataclass(frozen=True, slots=True)
class PssParameters:
    """RSASSA-PSS-params (RFC 8017, A.2.3)."""

    digest: str
    mask_digest: str
    salt_length: int


@lru_cache(maxsize=1024)
def _algorithm(encoding: bytes) -> Algorithm:
    inside = Cursor(encoding).structure()
    oid = inside.oid()
    parameters = inside.anything() if inside.more() else None
    inside.finish()
    return Algorithm(oid, parameters)


def algorithm(at: Cursor) -> Algorithm:
    """The next AlgorithmIdentifier (``X509_ALGOR``)."""
    return _algorithm(at.raw())


def equal(first: Algorithm, second: Algorithm) -> bool:
    """``X509_ALGOR_cmp``: absent and NULL parameters are not the same."""
    return first == second


def _digest_of(at: Cursor, tag: int) -> str | None:
    if not at.next_is(tag):
        return "sha1"
    holder = at.structure(tag)
    found = algorithm(holder)
    holder.finish()
    return _DIGESTS.get(found.oid)


def _mask_digest(at: Cursor) -> str | None:
    if not at.next_is(0xA1):
        return "sha1"
    holder = at.structure(0xA1)
    found = algorithm(holder)
    holder.finish()
    if found.oid != _MGF1 or found.parameters is None:
        return None
    return _DIGESTS.get(algorithm(Cursor(found.parameters)).oid)


def _number_of(at: Cursor, tag: int, default: int) -> int:
    if not at.next_is(tag):
        return default
    holder = at.structure(tag)
    value = holder.integer()
    holder.finish()
    return value


@lru_cache(maxsize=256)
def pss_parameters(found: Algorithm) -> PssParameters | None:
    """The parameters of RSASSA-PSS; None if they are none that we can verify with."""
    if found.parameters is None or found.parameters[0] != der.SEQUENCE:
        return None
    try:
        inside = Cursor(found.parameters).structure()
        digest = _digest_of(inside, 0xA0)
        mask_digest = _mask_digest(inside)
        salt_length = _number_of(inside, 0xA2, 20)
        trailer = _number_of(inside, 0xA3, 1)
        inside.finish()
    except RefusedError:
        return None
    if digest is None or mask_digest is None or salt_length < 0 or trailer != 1:
        return None
    return PssParameters(digest, mask_digest, salt_length)


@lru_cache(maxsize=1024)
def facts(found: Algorithm) -> SignatureAlgorithm:
    """Key type, digest and security bits (``OBJ_find_sigid_algs`` and
    ``x509_sig_info_init``)."""
    key, digest = _KNOWN.get(found.oid, (None, None))
    bits = -1
    if found.oid == PSS:
        pss = pss_parameters(found)
        digest = None if pss is None else pss.digest
        if digest is not None:
            bits = 64 if digest == "sha1" else _SIZES[digest] * 4
    elif key in ("ED25519", "ED448"):
        bits = 128 if key == "ED25519" else 224
    elif digest is not None:
        size = _SIZES.get(digest)
        bits = _BROKEN.get(digest, -1 if size is None else size * 4)
    return SignatureAlgorithm(found.oid, key, digest, bits)
