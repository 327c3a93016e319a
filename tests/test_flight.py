"""Flights: the octets of a first flight, and what none can carry."""

import pytest

from harness.flight import (
    MAXIMUM_FRAGMENT,
    FlightError,
    client_flight,
    server_flight,
)

SERVER_HELLO, CERTIFICATE, CLIENT_HELLO = 2, 11, 1


def messages(flight: bytes) -> list[tuple[int, bytes]]:
    """The handshake messages that the records of a flight carry."""
    stream = b""
    at = 0
    while at < len(flight):
        assert flight[at : at + 3] == b"\x16\x03\x03"
        length = int.from_bytes(flight[at + 3 : at + 5], "big")
        assert 0 < length <= MAXIMUM_FRAGMENT
        stream += flight[at + 5 : at + 5 + length]
        at += 5 + length
    found = []
    while stream:
        length = int.from_bytes(stream[1:4], "big")
        found.append((stream[0], stream[4 : 4 + length]))
        stream = stream[4 + length :]
    return found


def test_client_gets_a_hello_and_the_certificates_in_order() -> None:
    """A client's flight is ServerHello and Certificate, the list as it was given."""
    hello, certificate = messages(client_flight((b"one", b"three")))
    assert hello[0] == SERVER_HELLO
    assert certificate == (
        CERTIFICATE,
        b"\x00\x00\x0e\x00\x00\x03one\x00\x00\x05three",
    )


def test_server_gets_a_hello_and_the_certificates() -> None:
    """A server's flight is ClientHello and Certificate, each in a record of its own."""
    flight = server_flight((b"one",))
    hello, certificate = messages(flight)
    assert hello[0] == CLIENT_HELLO
    assert certificate == (CERTIFICATE, b"\x00\x00\x06\x00\x00\x03one")
    assert flight.count(b"\x16\x03\x03") == 2


def test_a_long_certificate_is_cut_into_fragments() -> None:
    """A message over 2**14 octets goes on in further records, nothing lost."""
    long = bytes(50_000)
    flight = client_flight((long,))
    assert messages(flight)[1][1][6:] == long
    assert len(flight) - len(client_flight((b"",))) - len(long) == 3 * 5


def test_an_rsa_leaf_gets_an_rsa_suite() -> None:
    """The suite is RSA's if the end entity's key is."""
    rsa = bytes.fromhex("06092a864886f70d010101")
    assert messages(client_flight((rsa,)))[0][1][35:37] == b"\xc0\x30"
    assert messages(client_flight((b"", rsa)))[0][1][35:37] == b"\xc0\x2c"


def test_what_has_no_length_of_24_bits_is_refused() -> None:
    """No Certificate message carries 16 MiB, and the error says how much it was."""
    with pytest.raises(FlightError, match="16777216 octets"):
        client_flight((bytes(2**24),))
    with pytest.raises(FlightError):
        server_flight((bytes(2**23), bytes(2**23)))
