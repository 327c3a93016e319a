"""Elliptic curve domain parameters written out (SEC 1, C.2; SEC 2, 2.4.2)."""

from dataclasses import dataclass
from typing import Final

from harness.pki import der
from harness.pki.ber import Cursor

_PRIME_FIELD: Final = "1.2.840.10045.1.1"


@dataclass(frozen=True, slots=True)
class Domain:
    """A curve over a prime field: the prime, the curve, its base point, its order."""

    prime: int
    a: int
    b: int
    base: tuple[int, int]
    order: int
    cofactor: int = 1

    @property
    def size(self) -> int:
        """Octets of a field element."""
        return (self.prime.bit_length() + 7) // 8


P256: Final = Domain(
    prime=2**256 - 2**224 + 2**192 + 2**96 - 1,
    a=2**256 - 2**224 + 2**192 + 2**96 - 4,
    b=0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
    base=(
        0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
        0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
    ),
    order=0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
)
"""secp256r1."""

NAMED: Final = {P256: "1.2.840.10045.3.1.7"}
"""The object identifier of a curve by its parameters."""


def explicit(domain: Domain, *, compressed: bool = False) -> bytes:
    """``ECParameters``, the base point in full or ``compressed``."""

    def element(value: int) -> bytes:
        return value.to_bytes(domain.size, "big")

    point = b"\x04" + b"".join(map(element, domain.base))
    if compressed:
        point = bytes((2 + domain.base[1] % 2,)) + element(domain.base[0])
    return der.sequence(
        der.integer(1),
        der.sequence(der.oid(_PRIME_FIELD), der.integer(domain.prime)),
        der.sequence(
            der.octet_string(element(domain.a)), der.octet_string(element(domain.b))
        ),
        der.octet_string(point),
        der.integer(domain.order),
        der.integer(domain.cofactor),
    )


def order_of(parameters: bytes) -> int:
    """The group order of ``ECParameters``. Raises as ``Cursor`` does."""
    inside = Cursor(parameters).structure()
    inside.integer()
    inside.anything()
    inside.anything()
    inside.string()
    return inside.integer()


def name_of(parameters: bytes) -> str | None:
    """The object identifier of the curve that is written out here as ``explicit``
    writes it; None for any other."""
    return next(
        (oid for domain, oid in NAMED.items() if explicit(domain) == parameters), None
    )
