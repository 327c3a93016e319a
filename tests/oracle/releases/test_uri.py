"""Hosts of URIs under name constraints, in each release that reads them its own way."""

import pytest

from harness.oracle.releases.behaviours import release_of
from harness.oracle.releases.release import version
from harness.oracle.releases.uri import uri_host

RELEASES = [
    release_of(version(text)) for text in ("3.4.1", "3.5.0", "3.5.4", "3.5.6", "3.5.9")
]
"""Each the first measured release of a way of reading."""


@pytest.mark.parametrize(
    ("uri", "hosts"),
    [
        (b"http://h", [b"h"] * 5),
        (b"http://h/a", [b"h"] * 5),
        (b"http://h:80/a", [b"h"] * 5),
        (b"mailto:a@h", [None] * 5),
        (b"h", [None] * 5),
        (b"://h", [b"h", None, None, None, None]),
        (b"http://", [None, b"", b"", b"", b""]),
        (b"http://h?a", [b"h?a", b"h", b"h", b"h", b"h"]),
        (b"http://h#a", [b"h#a", b"h", b"h", b"h", b"h"]),
        (b"http://h/a:b", [b"h/a", None, b"h", b"h", b"h"]),
        (b"http://h?a/b", [b"h?a", b"h?a", b"h", b"h", b"h"]),
        (b"http://u@h", [b"u@h", b"h", b"h", b"h", b"h"]),
        (b"http://a/b@h", [b"a", b"h", b"h", b"a", b"a"]),
        (b"http://h:x", [b"h", None, None, None, None]),
        (b"http://h:", [b"h", None, None, None, None]),
        (b"http://h:65536", [b"h", None, None, None, None]),
        (b"http://h:65535", [b"h"] * 5),
        (b"http://h:4294967296", [b"h"] * 5),
        (b"http://h:99999999999999999999", [b"h", None, None, None, None]),
        (b"http://[::1]:80", [b"[", b"[::1]", b"[::1]", b"[::1]", b"[::1]"]),
        (b"http://[::1]a", [b"[", None, None, None, None]),
        (b"http://[a", [b"[a", None, None, None, None]),
        (b"http://[a/b]", [b"[a", b"[a/b]", b"[a/b]", b"[a/b]", None]),
        (b"http://h\0a", [b"h\0a", b"h", b"h", b"h", b"h"]),
        (b"a:b://h", [None, b"h", b"h", b"h", None]),
        (b"1a://h", [b"h", b"h", b"h", b"h", None]),
        (b"a+-.1://h", [b"h"] * 5),
    ],
)
def test_host(uri: bytes, hosts: list[bytes | None]) -> None:
    """The host, or that the URI is refused, by release; each measured."""
    assert [uri_host(uri, release) for release in RELEASES] == hosts
