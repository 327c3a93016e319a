"""Which certificate of a recorded case a path speaks of."""

import base64
from hashlib import sha256

from harness.campaign.recording import Line


def labels(line: Line) -> dict[str, str]:
    """Labels of the scenario by the SHA-256 of the DER that was sent or trusted."""
    scenario, case = line["scenario"], line["case"]
    found: dict[str, str] = {}
    for label, der in zip(scenario["peer"], case["peer"], strict=True):
        found.setdefault(_digest(der), label)
    for trust, item in zip(scenario["trusted"], case["trusted"], strict=True):
        found.setdefault(_digest(item["der"]), trust["certificate"])
    return found


def _digest(text: str) -> str:
    return sha256(_first(base64.b64decode(text))).hexdigest()


def _first(der: bytes) -> bytes:
    """The certificate alone, where trust settings follow it (``X509_AUX``)."""
    if len(der) < 2 or der[0] != 0x30:
        return der
    if der[1] < 0x80:
        return der[: 2 + der[1]]
    octets = der[1] & 0x7F
    return der[: 2 + octets + int.from_bytes(der[2 : 2 + octets], "big")]
