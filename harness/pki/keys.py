"""The key pool: test keys that are part of the source, so that a seed gives the same
bytes everywhere and no key is ever generated.

They are public on purpose and protect nothing. ``pool.json`` holds them as PKCS#8.
"""

import base64
import json
from functools import cache
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ec import (
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_private_key,
)
from cryptography.x509 import SubjectKeyIdentifier

from harness.pki import curves, der

PrivateKey = (
    EllipticCurvePrivateKey | RSAPrivateKey | Ed25519PrivateKey | Ed448PrivateKey
)

POOL: Final[tuple[str, ...]] = (
    *(f"p256-{number}" for number in range(16)),
    *(f"rsa2048-{number}" for number in range(4)),
    *(f"ed25519-{number}" for number in range(4)),
    *(f"p384-{number}" for number in range(2)),
    "rsa1024-0",
    "rsa2047-0",
    "p521-0",
    "ed448-0",
    "ed448-1",
)
"""Every key's name, plain ones first; ``rsa1024-0`` is too weak for level 2, and
``rsa2047-0`` is where strength is counted in steps."""

ODD: Final = {
    "explicit-0": "p256-15",
    "broken-0": "p256-14",
    "dsa-0": "p256-13",
    "pss-0": "rsa2048-3",
    "respelt-0": "p256-12",
}
"""Keys of the pool under another SubjectPublicKeyInfo: ``explicit`` spells out the
curve's parameters, ``respelt`` does with a compressed base point, ``broken`` has a
point off the curve, ``dsa`` seems a DSA key without domain parameters, ``pss`` is for
RSASSA-PSS alone. They sign as the pool's."""

_RSA_PSS: Final = "1.2.840.113549.1.1.10"
_EC: Final = "1.2.840.10045.2.1"
_DSA: Final = "1.2.840.10040.4.1"


class KeyPoolError(LookupError):
    """A key name that is not in the pool; the message shows it."""


@cache
def _encoded() -> dict[str, str]:
    text = Path(__file__).with_name("pool.json").read_text(encoding="ascii")
    keys: dict[str, str] = json.loads(text)["keys"]
    return keys


@cache
def pkcs8(name: str) -> bytes:
    """The private key as PKCS#8 DER. Raises ``KeyPoolError`` for an unknown name."""
    try:
        return base64.b64decode(_encoded()[ODD.get(name, name)])
    except KeyError:
        raise KeyPoolError(
            f"{name!r} is no key of the pool; there are: {', '.join(POOL)}"
        ) from None


@cache
def private_key(name: str) -> PrivateKey:
    """The key, loaded. Raises ``KeyPoolError`` for an unknown name."""
    key = load_der_private_key(
        pkcs8(name), password=None, unsafe_skip_rsa_key_validation=True
    )
    if not isinstance(key, PrivateKey):
        raise KeyPoolError(f"{name!r} in the pool is a {type(key).__name__}")
    return key


@cache
def spki(name: str) -> bytes:
    """The SubjectPublicKeyInfo, DER. Raises ``KeyPoolError`` for an unknown name."""
    public = private_key(name).public_key()
    if name in ODD:
        return _odd(name.rpartition("-")[0], public)
    return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _odd(kind: str, public: PublicKeyTypes) -> bytes:
    if kind == "dsa":
        number = der.integer(2**1023 + 1)
        return der.sequence(der.sequence(der.oid(_DSA)), der.bit_string(number))
    if isinstance(public, EllipticCurvePublicKey):
        point = public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        if kind in ("explicit", "respelt"):
            spelt = curves.explicit(curves.P256, compressed=kind == "respelt")
            algorithm = der.sequence(der.oid(_EC), spelt)
        else:
            algorithm = der.sequence(der.oid(_EC), der.oid(curves.NAMED[curves.P256]))
            point = b"\x04" + bytes(len(point) - 1)
        return der.sequence(algorithm, der.bit_string(point))
    assert isinstance(public, RSAPublicKey)
    numbers = public.public_bytes(Encoding.DER, PublicFormat.PKCS1)
    return der.sequence(der.sequence(der.oid(_RSA_PSS)), der.bit_string(numbers))


@cache
def key_id(name: str) -> bytes:
    """SHA-1 of the public key's BIT STRING content (RFC 5280, 4.2.1.2, method 1).

    Raises ``KeyPoolError`` for an unknown name.
    """
    return SubjectKeyIdentifier.from_public_key(private_key(name).public_key()).digest
