"""Public keys: what OpenSSL says of one, and the key itself for verification.

``cryptography`` loads fewer keys than OpenSSL does. A key that only OpenSSL can load
has facts and nothing to verify with.
"""

import hashlib
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import cbrt, log
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.dsa import DSAPublicKey
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP224R1,
    SECP256K1,
    SECP256R1,
    SECP384R1,
    SECP521R1,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from harness.facts import KeyFacts
from harness.pki import der
from harness.pki.algorithms import Algorithm, algorithm
from harness.pki.ber import Cursor, RefusedError, UncertainError, header
from harness.pki.curves import is_doubtful, name_of, written

PublicKey = (
    RSAPublicKey
    | EllipticCurvePublicKey
    | Ed25519PublicKey
    | Ed448PublicKey
    | DSAPublicKey
)

_RSA: Final = "1.2.840.113549.1.1.1"
_RSA_PSS: Final = "1.2.840.113549.1.1.10"
_EC: Final = "1.2.840.10045.2.1"
_DSA: Final = "1.2.840.10040.4.1"

_OCTETS: Final[Mapping[str, tuple[str, int, int, int]]] = {
    "1.3.101.110": ("X25519", 32, 253, 128),
    "1.3.101.111": ("X448", 56, 448, 224),
    "1.3.101.112": ("ED25519", 32, 256, 128),
    "1.3.101.113": ("ED448", 57, 456, 224),
}
"""Keys that are so many octets and nothing else: type, octets, bits, security bits."""

_CURVES: Final[Mapping[str, int]] = {
    "1.2.840.10045.3.1.1": 192,
    "1.3.132.0.33": 224,
    "1.2.840.10045.3.1.7": 256,
    "1.3.132.0.10": 256,
    "1.3.132.0.34": 384,
    "1.3.132.0.35": 521,
    "1.3.36.3.3.2.8.1.1.7": 256,
    "1.3.36.3.3.2.8.1.1.11": 384,
    "1.3.36.3.3.2.8.1.1.13": 512,
}
"""Bits of the order of each named curve that ``cryptography`` has too."""

_ORDERS: Final[Mapping[int, int]] = {
    curve.group_order: curve.group_order.bit_length()
    for curve in (SECP224R1(), SECP256R1(), SECP384R1(), SECP521R1(), SECP256K1())
}
"""Bits of the orders of curves that OpenSSL knows by their explicit parameters."""

_UNMODELLED: Final = frozenset(
    {"2.5.8.1.1", "1.2.840.113549.1.3.1", "1.2.840.10046.2.1", "1.2.156.10197.1.301"}
)
"""Key types that OpenSSL has and certificates for TLS do not: old RSA, DH, DHX, SM2."""

_EC_STRENGTHS: Final = ((512, 256), (384, 192), (256, 128), (224, 112), (160, 80))
"""``ec_security_bits``: order bits at least, and security bits."""

_FINITE_STRENGTHS: Final = (
    (15360, 256),
    (7680, 192),
    (3072, 128),
    (2048, 112),
    (1024, 80),
)
"""``BN_security_bits``: modulus bits at least, and security bits."""

_FACTORING_STRENGTHS: Final[Mapping[int, int]] = {
    2048: 112,
    3072: 128,
    4096: 152,
    6144: 176,
    7680: 192,
    8192: 200,
    15360: 256,
}
"""``ossl_ifc_ffc_compute_security_bits``: the sizes that standards name."""


_SCALE: Final = 1 << 18
_CUBE_ROOT_SCALE: Final = 1 << 12


@dataclass(frozen=True, slots=True)
class Key:
    """A SubjectPublicKeyInfo as read. ``facts`` is None where OpenSSL cannot decode
    the key; ``public`` is None where we cannot verify with it."""

    facts: KeyFacts | None
    public: PublicKey | None = None
    restricted: bool = False
    """RSA-PSS parameters limit what the key may verify."""


def _fixed(value: float) -> int:
    return int(value * _SCALE)


def rsa_security_bits(bits: int) -> int:
    """``RSA_security_bits`` for a modulus of so many bits: the strength of NIST SP
    800-56B, appendix D, in OpenSSL's fixed point, whose roots are whole numbers."""
    if bits in _FACTORING_STRENGTHS:
        return _FACTORING_STRENGTHS[bits]
    if bits < 8:
        return 0
    if bits >= 687737:
        return 1200
    cap = 192 if bits <= 7680 else 256 if bits <= 15360 else 1200
    size = bits * _fixed(log(2))
    logarithm = _fixed(log(size / _SCALE))
    cube = size * logarithm // _SCALE * logarithm // _SCALE
    root = round(cbrt(cube))
    root -= root**3 > cube
    scaled = root * _CUBE_ROOT_SCALE * _fixed(1.923) // _SCALE - _fixed(4.69)
    return min(cap, (scaled // _fixed(log(2)) + 4) & ~7)


def ec_security_bits(bits: int) -> int:
    """``ec_security_bits`` for a group order of so many bits."""
    return next((found for least, found in _EC_STRENGTHS if bits >= least), bits // 2)


def dsa_security_bits(modulus: int, order: int) -> int:
    """``BN_security_bits`` for so many bits of p and q."""
    found = next((bits for least, bits in _FINITE_STRENGTHS if modulus >= least), 0)
    half = order // 2
    return min(found, half) if half >= 80 else 0


def _load(oid: str, parameters: bytes | None, octets: bytes) -> PublicKey | None:
    """The key, re-encoded as DER so that only its content decides."""
    encoding = der.sequence(
        der.sequence(der.oid(oid), parameters or b""), der.bit_string(octets)
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # weak keys are read on purpose
            key = load_der_public_key(encoding)
    except (ValueError, TypeError, OverflowError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, PublicKey) else None


def _unsigned(inside: Cursor) -> tuple[int, bool]:
    """A number of an RSA key, its octets taken without a sign, and whether they have
    one."""
    octets = inside.content(der.INTEGER)
    value = int.from_bytes(octets, "big")
    if value == 0:
        raise UncertainError("an RSA key with a zero")
    return value, octets[0] >= 0x80


def _rsa(found: Algorithm, octets: bytes, mark: str) -> Key:
    """``RSAPublicKey`` (RFC 8017, A.1.1)."""
    inside = Cursor(octets).structure()
    modulus, one = _unsigned(inside)
    exponent, other = _unsigned(inside)
    inside.finish()
    is_pss = found.oid == _RSA_PSS
    restricted = is_pss and found.parameters is not None
    bits = modulus.bit_length()
    facts = KeyFacts(
        "RSA-PSS" if is_pss else "RSA",
        bits,
        rsa_security_bits(bits),
        mark,
        negative=one or other,
    )
    plain = der.sequence(der.integer(modulus), der.integer(exponent))
    # A key for PSS only is loaded as a plain one: what it may verify is checked apart.
    return Key(facts, _load(_RSA, der.tlv(der.NULL, b""), plain), restricted)


def _on_curve(curve: str, mark: str) -> KeyFacts:
    bits = _CURVES[curve]
    return KeyFacts("EC", bits, ec_security_bits(bits), mark, curve=curve)


def _ec(found: Algorithm, octets: bytes, mark: str) -> Key:
    parameters = found.parameters
    if parameters is None:
        return Key(None)
    if parameters[0] == der.SEQUENCE:
        spelling = written(parameters)
        bits = _ORDERS.get(spelling.order)
        if bits is None or is_doubtful(spelling):
            raise UncertainError("explicit EC parameters of an unknown curve")
        security = ec_security_bits(bits)
        named = name_of(parameters)
        spelt = KeyFacts(
            "EC", bits, security, mark, explicit_parameters=True, curve=named
        )
        if named is None:
            return Key(spelt)
        public = _load(_EC, der.oid(named), octets)
        return Key(None) if public is None else Key(spelt, public)
    if parameters[0] != der.OBJECT_IDENTIFIER:
        return Key(None)
    curve = Cursor(parameters).oid()
    if curve not in _CURVES:
        raise UncertainError(f"an EC key on curve {curve}")
    public = _load(_EC, der.oid(curve), octets)
    if public is None:
        if octets[:1] in (b"\x00", b"\x06", b"\x07"):
            raise UncertainError(f"an EC point of form {octets[0]}")
        return Key(None)
    return Key(_on_curve(curve, mark), public)


def _dsa(found: Algorithm, octets: bytes, mark: str) -> Key:
    if found.parameters is None or found.parameters[0] == der.NULL:
        Cursor(octets).integer()
        return Key(KeyFacts("DSA", 0, -1, mark, inherits=True))
    public = _load(_DSA, found.parameters, octets)
    if not isinstance(public, DSAPublicKey):
        raise UncertainError("a DSA key that could not be loaded")
    numbers = public.public_numbers().parameter_numbers
    bits = numbers.p.bit_length()
    security = dsa_security_bits(bits, numbers.q.bit_length())
    return Key(KeyFacts("DSA", bits, security, mark), public)


_HEADER: Final = 7
"""Octets of tag and length beyond which 3.0's decoders do not find a key
(``asn1_d2i_read_bio``), and 1.1.1 does."""

_READERS: Final[Mapping[str, Callable[[Algorithm, bytes, str], Key]]] = {
    _RSA: _rsa,
    _RSA_PSS: _rsa,
    _EC: _ec,
    _DSA: _dsa,
}


def _of(found: Algorithm, octets: bytes, unused: int, mark: str) -> Key:
    if found.oid in _UNMODELLED:
        raise UncertainError(f"a key of type {found.oid}")
    reader = _READERS.get(found.oid)
    if unused and (reader is not None or found.oid in _OCTETS):
        raise UncertainError(f"a key whose last octet has {unused} unused bits")
    if found.oid in _OCTETS:
        name, size, bits, security = _OCTETS[found.oid]
        if found.parameters is not None or len(octets) != size:
            return Key(None)
        facts = KeyFacts(name, bits, security, mark)
        return Key(facts, _load(found.oid, None, octets))
    if reader is None:
        return Key(None)
    try:
        return reader(found, octets, mark)
    except RefusedError:
        return Key(None)


def completed(encoding: bytes, parent: bytes) -> bytes:
    """A DSA key without domain parameters, given its parent's: both are
    SubjectPublicKeyInfo."""
    above = Cursor(parent).structure()
    inside = Cursor(encoding).structure()
    inside.raw()
    return der.sequence(above.raw(), inside.raw())


@lru_cache(maxsize=4096)
def public_key(encoding: bytes) -> Key:
    """The key of a SubjectPublicKeyInfo (``X509_PUBKEY``).

    Raises ``RefusedError`` where OpenSSL refuses the structure, and with it the whole
    certificate; ``UncertainError`` where we cannot tell what OpenSSL makes of the key.
    """
    _, start, _ = header(encoding, 0, len(encoding))
    if start > _HEADER:
        raise UncertainError(f"a key whose length takes {start - 1} octets")
    inside = Cursor(encoding).structure()
    found = algorithm(inside)
    octets, unused = inside.bit_string()
    inside.finish()
    return _of(found, octets, unused, hashlib.sha256(encoding).hexdigest())
