"""The machine's apt sources: both forms, and what is made of them."""

from pathlib import Path

import pytest

from harness.target.provision.errors import ProvisionError
from harness.target.provision.sources import MAIN, SECURITY, mirror, read

LINES = """\
# deb http://commented.test/debian bookworm main
deb-src http://sources.test/debian bookworm main
deb [arch=amd64 signed-by=/keys/one.gpg] http://lines.test/debian bookworm main  # new
deb http://other.test/tools stable free
"""
PARAGRAPHS = """\
Types: deb
# a remark
URIs: http://off.test/debian
Suites: bookworm
Components: main
Enabled: no

Types: deb deb-src
URIs: http://paragraphs.test/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /keys/two.gpg

Types: deb
URIs: http://security.test/debian
Suites: bookworm-security
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 -----END PGP PUBLIC KEY BLOCK-----
"""


@pytest.fixture
def etc(tmp_path: Path) -> Path:
    """A folder as /etc/apt is."""
    (tmp_path / "sources.list.d").mkdir()
    return tmp_path


def test_one_line_sources(etc: Path) -> None:
    """Comments and sources of source packages are passed over, options are read."""
    (etc / "sources.list").write_text(LINES)
    found = mirror(etc=etc, environment={})
    assert (found.uri, found.signed_by) == ("http://lines.test/debian", "/keys/one.gpg")


def test_paragraphs(etc: Path) -> None:
    """Those that are off are passed over; keys in place are apt's own business."""
    (etc / "sources.list.d" / "debian.sources").write_text(PARAGRAPHS)
    assert [(item.uri, item.suite) for item in read(etc)] == [
        ("http://paragraphs.test/debian", "bookworm"),
        ("http://paragraphs.test/debian", "bookworm-updates"),
        ("http://security.test/debian", "bookworm-security"),
    ]
    main = mirror(etc=etc, environment={})
    assert (main.uri, main.signed_by) == (
        "http://paragraphs.test/debian",
        "/keys/two.gpg",
    )
    security = mirror(security=True, etc=etc, environment={})
    assert security.uri == "http://security.test/debian"
    assert "BEGIN" not in security.signed_by


def test_a_machine_without_debian(etc: Path) -> None:
    """The suites that there are, and the variable that names a mirror."""
    (etc / "sources.list").write_text("deb http://x.test/ubuntu noble main\n")
    with pytest.raises(ProvisionError, match=rf"suites: noble\); name one in {MAIN}"):
        mirror(etc=etc, environment={})
    named = mirror(etc=etc, environment={MAIN: "http://named.test/debian"})
    assert named.uri == "http://named.test/debian"
    with pytest.raises(ProvisionError, match=SECURITY):
        mirror(security=True, etc=etc, environment={MAIN: "http://named.test/debian"})
