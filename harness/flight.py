"""First flights: the bytes of a TLS 1.2 peer, up to and with its Certificate message.

Pure. A flight does not depend on what the subject says: neither hello needs an answer
to be made, and everything before ChangeCipherSpec travels in plaintext. So a subject
can be given the whole flight at once, and no private key is needed.

Sources: RFC 5246 (records 6.2.1, hellos 7.4.1, Certificate 7.4.2), RFC 8422 (elliptic
curves), RFC 5746 (renegotiation_info, which OpenSSL 3 requires of a server).
"""

from collections.abc import Iterable, Sequence
from typing import Final

MAXIMUM_FRAGMENT: Final = 2**14
"""The longest plaintext of one record in octets, RFC 5246 6.2.1."""

_VERSION: Final = b"\x03\x03"
_RECORD_OF_HANDSHAKE: Final = b"\x16" + _VERSION
_CLIENT_HELLO: Final = 1
_SERVER_HELLO: Final = 2
_CERTIFICATE: Final = 11

# AES-256 alone, so that @SECLEVEL=5 (256 bits) does not disable the suite.
_ECDHE_ECDSA_AES_256_GCM_SHA384: Final = b"\xc0\x2c"
_ECDHE_RSA_AES_256_GCM_SHA384: Final = b"\xc0\x30"

_RENEGOTIATION_INFO: Final = 0xFF01
_SUPPORTED_GROUPS: Final = 10
_EC_POINT_FORMATS: Final = 11
_SIGNATURE_ALGORITHMS: Final = 13

# x25519, secp256r1, secp384r1, secp521r1: the last is for @SECLEVEL=5.
_GROUPS: Final = b"\x00\x1d\x00\x17\x00\x18\x00\x19"
# ECDSA, RSASSA-PSS and RSASSA-PKCS1-v1_5, each with SHA-256, SHA-384 and SHA-512.
_SIGNATURES: Final = bytes.fromhex("040305030603080408050806040105010601")
# Fixed, so that a case has one flight; no octet of it resembles the downgrade marks of
# RFC 8446 4.1.3.
_RANDOM: Final = bytes(range(32))

_RSA_ENCRYPTION: Final = bytes.fromhex("06092a864886f70d010101")


class FlightError(ValueError):
    """Certificates that no Certificate message can carry."""


def client_flight(certificates: Sequence[bytes]) -> bytes:
    """What a server says to a client under test: ServerHello, then Certificate.

    The suite is of the end entity's kind where that is RSA; otherwise ECDSA's. A client
    complains of a suite that does not fit after it has verified the chain. Raises
    ``FlightError`` where a length does not fit its 24 bits.
    """
    rsa = bool(certificates) and _RSA_ENCRYPTION in certificates[0]
    suite = _ECDHE_RSA_AES_256_GCM_SHA384 if rsa else _ECDHE_ECDSA_AES_256_GCM_SHA384
    hello = (
        _VERSION
        + _RANDOM
        + _vector(b"", 1)  # no session id: nothing to resume
        + suite
        + b"\x00"  # no compression
        + _extensions({_RENEGOTIATION_INFO: b"\x00", _EC_POINT_FORMATS: b"\x01\x00"})
    )
    return _records(
        _handshake(_SERVER_HELLO, hello)
        + _handshake(_CERTIFICATE, _certificate_list(certificates))
    )


def server_flight(certificates: Sequence[bytes]) -> bytes:
    """What a client says to a server under test: ClientHello, then Certificate.

    Between the two the server sends its own flight, ServerHello to ServerHelloDone,
    and waits for nothing. Raises ``FlightError`` where a length does not fit.
    """
    hello = (
        _VERSION
        + _RANDOM
        + _vector(b"", 1)
        + _vector(_ECDHE_ECDSA_AES_256_GCM_SHA384 + _ECDHE_RSA_AES_256_GCM_SHA384, 2)
        + _vector(b"\x00", 1)
        + _extensions(
            {
                _RENEGOTIATION_INFO: b"\x00",
                _SUPPORTED_GROUPS: _vector(_GROUPS, 2),
                _EC_POINT_FORMATS: b"\x01\x00",
                _SIGNATURE_ALGORITHMS: _vector(_SIGNATURES, 2),
            }
        )
    )
    return _records(_handshake(_CLIENT_HELLO, hello)) + _records(
        _handshake(_CERTIFICATE, _certificate_list(certificates))
    )


def _vector(content: bytes, width: int) -> bytes:
    """``content`` behind its length in ``width`` octets, RFC 5246 4.3."""
    if len(content) >> (8 * width):
        raise FlightError(f"{len(content)} octets do not fit a {8 * width}-bit length")
    return len(content).to_bytes(width, "big") + content


def _extensions(extensions: dict[int, bytes]) -> bytes:
    return _vector(
        b"".join(
            number.to_bytes(2, "big") + _vector(body, 2)
            for number, body in extensions.items()
        ),
        2,
    )


def _certificate_list(certificates: Iterable[bytes]) -> bytes:
    return _vector(b"".join(_vector(der, 3) for der in certificates), 3)


def _handshake(kind: int, body: bytes) -> bytes:
    return kind.to_bytes(1, "big") + _vector(body, 3)


def _records(messages: bytes) -> bytes:
    return b"".join(
        _RECORD_OF_HANDSHAKE + _vector(messages[at : at + MAXIMUM_FRAGMENT], 2)
        for at in range(0, len(messages), MAXIMUM_FRAGMENT)
    )
