"""Public keys that are seldom seen, as SubjectPublicKeyInfo (RFC 5280, 4.1.2.7).

They are made of the pool's keys, or hold octets of nobody's.
"""

from typing import Final

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from harness.pki import der
from harness.pki.keys import KeyPoolError, private_key

RSA: Final = "1.2.840.113549.1.1.1"
RSA_PSS: Final = "1.2.840.113549.1.1.10"
EC: Final = "1.2.840.10045.2.1"
ED448: Final = "1.3.101.113"
X25519: Final = "1.3.101.110"
UNKNOWN: Final = "1.3.6.1.4.1.55555.10"

_P: Final = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
_B: Final = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
_G: Final = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def spki(kind: str, octets: bytes, parameters: bytes = b"") -> bytes:
    """A key of that type, with these octets and encoded parameters."""
    return der.sequence(der.sequence(der.oid(kind), parameters), der.bit_string(octets))


def _rsa(name: str) -> tuple[int, int]:
    key = private_key(name).public_key()
    if not isinstance(key, RSAPublicKey):
        raise KeyPoolError(f"{name!r} is no RSA key")
    numbers = key.public_numbers()
    return numbers.n, numbers.e


def negative(name: str) -> bytes:
    """An RSA key of the pool whose modulus lacks the zero octet before its first bit.

    Raises ``KeyPoolError`` for a key of another type.
    """
    modulus, exponent = _rsa(name)
    octets = modulus.to_bytes((modulus.bit_length() + 7) // 8, "big")
    key = der.sequence(der.tlv(der.INTEGER, octets), der.integer(exponent))
    return spki(RSA, key, der.tlv(der.NULL, b""))


def for_pss(name: str) -> bytes:
    """An RSA key of the pool that is for RSASSA-PSS alone (RFC 4055, 1.2).

    Raises ``KeyPoolError`` for a key of another type.
    """
    return spki(RSA_PSS, der.sequence(*map(der.integer, _rsa(name))))


def explicit(name: str) -> bytes:
    """A P-256 key of the pool with its curve written out (SEC 1, C.2).

    Raises ``KeyPoolError`` for a key of another type.
    """
    key = private_key(name).public_key()
    if not isinstance(key, EllipticCurvePublicKey) or key.curve.name != "secp256r1":
        raise KeyPoolError(f"{name!r} is no P-256 key")
    field = der.sequence(der.oid("1.2.840.10045.1.1"), der.integer(_P))
    a, b, x, y = (value.to_bytes(32, "big") for value in (_P - 3, _B, *_G))
    parameters = der.sequence(
        der.integer(1),
        field,
        der.sequence(der.octet_string(a), der.octet_string(b)),
        der.octet_string(b"\x04" + x + y),
        der.integer(_ORDER),
        der.integer(1),
    )
    point = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return spki(EC, point, parameters)
