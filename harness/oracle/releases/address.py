"""Which reference names OpenSSL takes for an IP address, and which address that is.

Source: ``a2i_IPADDRESS`` (v3_utl.c): ``ipv4_from_asc``, ``ipv6_from_asc``, ``ipv6_cb``.
"""

import re
from collections.abc import Callable
from typing import Final

from harness.oracle.releases.release import Release

_Reader = Callable[[str], bytes | None]

_OCTET: Final = re.compile(r"0|[1-9][0-9]{0,2}", re.ASCII)
_SPACE: Final = r"[ \t\n\v\f\r]"
_NUMBER: Final = rf"{_SPACE}*([+-]?[0-9]+)"
_SCANNED: Final = re.compile(
    rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}\.{_NUMBER}(.?)", re.DOTALL
)
_HEX: Final = re.compile(r"[0-9a-fA-F]{1,4}", re.ASCII)
_LONG: Final = 1 << 63
_OCTETS: Final = 16


def as_address(name: str, release: Release) -> bytes | None:
    """The packed address that this release reads a reference name as, if any."""
    scanned = "addresses-scanned-leniently" in release
    version4: _Reader = _scanned if scanned else _version4
    return _version6(name, version4) if ":" in name else version4(name)


def _version4(text: str) -> bytes | None:
    """Four decimal octets without leading zeros, and nothing else."""
    parts = text.split(".")
    if len(parts) != 4 or not all(_OCTET.fullmatch(part) for part in parts):
        return None
    octets = [int(part) for part in parts]
    return bytes(octets) if max(octets) < 256 else None


def _scanned(text: str) -> bytes | None:
    """``sscanf`` with ``%d.%d.%d.%d``: spaces and a sign before each number, leading
    zeros, and anything behind a space. A number is a long, cut to an int."""
    found = _SCANNED.match(text)
    if found is None or not (found[5] == "" or re.fullmatch(_SPACE, found[5])):
        return None
    octets = [max(-_LONG, min(int(part), _LONG - 1)) for part in found.groups()[:4]]
    octets = [(number + (1 << 31)) % (1 << 32) - (1 << 31) for number in octets]
    return bytes(octets) if all(0 <= octet < 256 for octet in octets) else None


def _version6(text: str, version4: _Reader) -> bytes | None:
    """Groups between colons; empty ones stand for ``::``, where the zeros go."""
    parts = text.split(":")
    packed = b""
    zeros_at: int | None = None
    empty = 0
    for at, part in enumerate(parts):
        if len(packed) == _OCTETS:
            return None
        if not part:
            if zeros_at not in (None, len(packed)):
                return None
            zeros_at = len(packed)
            empty += 1
        elif len(part) > 4:
            last = version4(part) if at + 1 == len(parts) else None
            if last is None or len(packed) > _OCTETS - 4:
                return None
            packed += last
        elif _HEX.fullmatch(part):
            packed += int(part, 16).to_bytes(2, "big")
        else:
            return None
    if zeros_at is None:
        return packed if len(packed) == _OCTETS else None
    if not _well_placed(zeros_at, empty, len(packed)):
        return None
    zeros = bytes(_OCTETS - len(packed))
    return packed[:zeros_at] + zeros + packed[zeros_at:]


def _well_placed(zeros_at: int, empty: int, total: int) -> bool:
    """One empty group stands inside, two at an end, three alone."""
    if total == _OCTETS:
        return False
    at_an_end = zeros_at in (0, total)
    match empty:
        case 1:
            return not at_an_end
        case 2:
            return at_an_end
        case 3:
            return total == 0
        case _:
            return False
