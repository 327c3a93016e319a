"""PEM text of octets; ``harness.corpus.pem`` reads it."""

import base64
from typing import Final

_WIDTH: Final = 64
"""Characters of a line, RFC 7468 section 2."""


def write_pem(label: str, der: bytes) -> str:
    """One block with a line feed at its end, lines of 64 characters (RFC 7468)."""
    text = base64.b64encode(der).decode("ascii")
    lines = [text[start : start + _WIDTH] for start in range(0, len(text), _WIDTH)]
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""])
