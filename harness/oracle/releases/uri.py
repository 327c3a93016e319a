"""The host that a release finds in a URI under name constraints.

Source: ``nc_uri`` (v3_ncons.c), which from 3.5 on asks ``OSSL_parse_url``
(http_lib.c).
"""

import re
from typing import Final

from harness.oracle.releases.release import Release

_SCHEME: Final = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*")
_AUTHORITY_ENDS: Final = re.compile(rb"[/?#]")
_PORT: Final = re.compile(rb"[0-9]+")
_UNSIGNED_LONG: Final = 1 << 64
_UNSIGNED: Final = 1 << 32
_HIGHEST_PORT: Final = 65535


def uri_host(uri: bytes, release: Release) -> bytes | None:
    """The host, an IPv6 literal in its brackets; None where the URI is refused. It may
    be empty where it is not cut by hand."""
    by_hand = "uri-host-cut-by-hand" in release
    checked = "uri-scheme-checked" in release
    scheme, rest = _scheme(uri, by_hand=by_hand)
    if rest is None or (checked and not _SCHEME.fullmatch(scheme)):
        return None
    if "uri-user-ends-at-any-at" in release:
        rest = rest[rest.find(b"@") + 1 :]
    elif not by_hand:
        rest = rest[rest.find(b"@", 0, _authority_end(rest)) + 1 :]
    if rest.startswith(b"[") and not by_hand:
        end = rest.find(b"]", 0, _authority_end(rest) if checked else None) + 1
        if end == 0:
            return None
    else:
        colon_first = "uri-colon-ends-host" in release
        end = _host_end(rest, b"/" if by_hand else b"/?#", colon_first=colon_first)
    if by_hand:
        return rest[:end] or None
    return rest[:end] if _goes_on_well(rest[end:]) else None


def _scheme(uri: bytes, *, by_hand: bool) -> tuple[bytes, bytes | None]:
    """The scheme and what follows ``://``, if that stands where it is looked for: at
    the first colon, or anywhere but at the start, in what a NUL ends."""
    if by_hand:
        scheme, _, rest = uri.partition(b":")
        return scheme, rest[2:] if rest.startswith(b"//") else None
    scheme, found, rest = uri.partition(b"\0")[0].partition(b"://")
    return scheme, rest if found and scheme else None


def _authority_end(rest: bytes) -> int:
    ends = _AUTHORITY_ENDS.search(rest)
    return len(rest) if ends is None else ends.start()


def _host_end(rest: bytes, others: bytes, *, colon_first: bool) -> int:
    """Where a colon or one of the others stands first; or the first colon anywhere,
    else the first of each other, in their order."""
    places = [rest.find(octet) for octet in b":" + others]
    found = [place for place in places if place >= 0]
    if not found:
        return len(rest)
    return found[0] if colon_first else min(found)


def _goes_on_well(after: bytes) -> bool:
    """Whether a host is followed by a port, if at all, and that by the end, a path, a
    query or a fragment. ``sscanf`` cuts an unsigned long to an unsigned int."""
    if after.startswith(b":"):
        port = _PORT.match(after, 1)
        if port is None:
            return False
        number = min(int(port[0]), _UNSIGNED_LONG - 1) % _UNSIGNED
        if number > _HIGHEST_PORT:
            return False
        after = after[port.end() :]
    return after[:1] in (b"", b"/", b"?", b"#")
