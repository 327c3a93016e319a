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


def _point(domain: Domain, *, compressed: bool) -> bytes:
    """The base point as an octet string (SEC 1, 2.3.3)."""
    x, y = (value.to_bytes(domain.size, "big") for value in domain.base)
    return bytes((2 + y[-1] % 2,)) + x if compressed else b"\x04" + x + y


def explicit(domain: Domain, *, compressed: bool = False) -> bytes:
    """``ECParameters``, the base point in full or ``compressed``."""

    def element(value: int) -> bytes:
        return value.to_bytes(domain.size, "big")

    return der.sequence(
        der.integer(1),
        der.sequence(der.oid(_PRIME_FIELD), der.integer(domain.prime)),
        der.sequence(
            der.octet_string(element(domain.a)), der.octet_string(element(domain.b))
        ),
        der.octet_string(_point(domain, compressed=compressed)),
        der.integer(domain.order),
        der.integer(domain.cofactor),
    )


@dataclass(frozen=True, slots=True)
class Written:
    """``ECParameters`` as they are written."""

    prime: int | None
    """None where the field is another than a prime one."""
    a: int
    b: int
    base: bytes
    order: int
    cofactor: int | None

    def is_of(self, domain: Domain) -> bool:
        """Whether they say this domain, its base point in full or compressed."""
        points = {_point(domain, compressed=form) for form in (False, True)}
        return (
            (self.prime, self.a, self.b) == (domain.prime, domain.a, domain.b)
            and self.base in points
            and (self.order, self.cofactor or 1) == (domain.order, domain.cofactor)
        )


def written(parameters: bytes) -> Written:
    """Read ``ECParameters`` to their last octet, as OpenSSL's template does: what
    follows an element makes all of it unreadable. Raises as ``Cursor`` does."""
    inside = Cursor(parameters).structure()
    inside.integer()
    field = inside.structure()
    is_prime = field.oid() == _PRIME_FIELD
    prime = field.integer() if is_prime else None
    if not is_prime:
        field.anything()
    field.finish()
    curve = inside.structure()
    a, b = (int.from_bytes(curve.string(), "big") for _ in range(2))
    if curve.more():
        curve.bit_string()
    curve.finish()
    base = inside.string()
    order = inside.integer()
    cofactor = inside.integer() if inside.more() else None
    inside.finish()
    return Written(prime, a, b, base, order, cofactor)


def name_of(parameters: bytes) -> str | None:
    """The object identifier of the curve that is written out here as ``explicit``
    writes it; None for any other."""
    return next(
        (oid for domain, oid in NAMED.items() if explicit(domain) == parameters), None
    )


def is_doubtful(parameters: Written) -> bool:
    """Whether they have the order of a domain of ours, and are not that one: whether a
    group can be made of them is not for us to say."""
    return any(
        parameters.order == domain.order and not parameters.is_of(domain)
        for domain in NAMED
    )
