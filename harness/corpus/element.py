"""The few steps of DER that a corpus needs before anything is read: lengths, wrapping.

A corpus holds bytes and judges none; this finds where an element ends and puts a
private key's octets into PKCS#8. Everything a certificate says is ``harness.pki``'s.
"""

from typing import Final

from harness.pki import der as write

_RSA_ENCRYPTION: Final = bytes.fromhex("06092a864886f70d010101")  # RFC 8017, A.1
_EC_PUBLIC_KEY: Final = bytes.fromhex("06072a8648ce3d0201")  # RFC 5480, 2.1.1
_EC_PARAMETERS: Final = 0xA0  # [0] of ECPrivateKey, RFC 5915, 3


class ElementError(ValueError):
    """Octets that are no whole DER element; the message says where they stop."""


def first_element(der: bytes) -> bytes:
    """The first element with its tag and length; what follows it is left out.

    Raises ``ElementError`` where the octets end before the element does.
    """
    _, end = _content(der, 0)
    if end > len(der):
        raise ElementError(f"{len(der)} octets of an element of {end}")
    return der[:end]


def pkcs8(label: str, der: bytes) -> bytes | None:
    """A ``RSA PRIVATE KEY`` or ``EC PRIVATE KEY`` as PKCS#8 (RFC 5208, 5), else None.

    None too for an EC key without its parameters, which only its certificate knows.
    """
    if label == "RSA PRIVATE KEY":
        algorithm = _RSA_ENCRYPTION + write.tlv(write.NULL, b"")
    elif label == "EC PRIVATE KEY":
        try:
            parameters = _ec_parameters(der)
        except ElementError:
            return None
        if parameters is None:
            return None
        algorithm = _EC_PUBLIC_KEY + parameters
    else:
        return None
    return write.sequence(
        write.integer(0), write.sequence(algorithm), write.octet_string(der)
    )


def _ec_parameters(der: bytes) -> bytes | None:
    """The content of ``parameters [0]`` of an ECPrivateKey (RFC 5915, 3)."""
    at, end = _content(der, 0)
    while at < min(end, len(der)):
        start, stop = _content(der, at)
        if der[at] == _EC_PARAMETERS:
            return der[start:stop]
        at = stop
    return None


def _content(der: bytes, at: int) -> tuple[int, int]:
    """Where the content of the element at this offset starts and ends (X.690, 8.1)."""
    if len(der) < at + 2:
        raise ElementError(f"ends at octet {len(der)}, before an element's length")
    first = der[at + 1]
    if first < 0x80:
        return at + 2, at + 2 + first
    count = first & 0x7F
    start = at + 2 + count
    if not 1 <= count <= 4 or len(der) < start:
        raise ElementError(f"octet {at + 1}: no definite length in {first:#04x}")
    return start, start + int.from_bytes(der[at + 2 : start], "big")
