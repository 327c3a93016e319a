"""The peer's intermediates are preferred to those of the store.

The store is only given its self-issued certificates, if there are any: what the peer
sends is all that can stand between.
"""

import base64
import re
import ssl
from pathlib import Path
from typing import Any

from tests.fakes.lying import stand_in

CERTIFICATE = re.compile(
    "-----BEGIN CERTIFICATE-----(.+?)-----END CERTIFICATE-----\n", re.DOTALL
)


def contents(der: bytes, at: int) -> tuple[int, int]:
    """Where the contents of the DER value at ``at`` begin and end."""
    length, at = der[at + 1], at + 2
    if length & 0x80:
        octets = length & 0x7F
        length, at = int.from_bytes(der[at : at + octets], "big"), at + octets
    return at, at + length


def is_self_issued(der: bytes) -> bool:
    """Whether issuer and subject have the same DER (RFC 5280 4.1 has the order)."""
    at = contents(der, contents(der, 0)[0])[0]
    fields = []
    if der[at] == 0xA0:
        at = contents(der, at)[1]
    for _ in range(5):  # serialNumber, signature, issuer, validity, subject
        end = contents(der, at)[1]
        fields.append(der[at:end])
        at = end
    return fields[2] == fields[4]


def without_intermediates(pem: str) -> str:
    """The PEM text without what is not self-issued, if anything else is left."""

    def kept(found: re.Match[str]) -> str:
        return found[0] if is_self_issued(base64.b64decode(found[1])) else ""

    thinned = CERTIFICATE.sub(kept, pem)
    return thinned if CERTIFICATE.search(thinned) else pem


class SSLContext(ssl.SSLContext):
    """The real one, with a thinner store."""

    def load_verify_locations(
        self, cafile: Any = None, capath: Any = None, cadata: Any = None
    ) -> None:
        """Load what is left."""
        if cafile is not None:
            file = Path(cafile)
            file.write_text(without_intermediates(file.read_text("ascii")), "ascii")
        if isinstance(cadata, str):
            cadata = without_intermediates(cadata)
        super().load_verify_locations(cafile, capath, cadata)


stand_in(globals(), SSLContext=SSLContext)
