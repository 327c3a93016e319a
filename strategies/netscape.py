"""Departures in netscape-cert-type, which OpenSSL still reads."""

from typing import Final

from harness.pki.spec import RawExtension
from strategies.departures import (
    Change,
    Departure,
    Stage,
    departure,
    edit,
    edit_authority,
    extend,
)

TYPE: Final = "2.16.840.1.113730.1.1"
"""netscape-cert-type, older than extKeyUsage."""


def _netscape(octet: int) -> Change:
    value = bytes((0x03, 0x02, 0x00, octet))
    return extend(RawExtension(TYPE, value))


def _netscape_alone(octet: int, *, leaf: bool = False) -> Change:
    """This type in place of basicConstraints and keyUsage."""
    raw = RawExtension(TYPE, bytes((0x03, 0x02, 0x00, octet)))
    change = edit if leaf else edit_authority
    return change(basic_constraints=None, key_usage=None, extra=(raw,))


NETSCAPE: Final[Departure] = departure(
    "Netscape certificate type",
    Stage.CERTIFICATE,
    {
        "SSL server": _netscape(0x40),
        "SSL client": _netscape(0x80),
        "S/MIME": _netscape(0x20),
        "SSL CA": _netscape(0x04),
        "nothing": _netscape(0x00),
        "no bit": extend(RawExtension(TYPE, b"\x03\x01\x00")),
        "undecodable": extend(RawExtension(TYPE, b"\x05\x00")),
        "SSL CA alone": _netscape_alone(0x04),
        "S/MIME CA alone": _netscape_alone(0x02),
        "SSL CA alone, at the place": _netscape_alone(0x44, leaf=True),
    },
    "strict",
)
"""Every departure in it."""
