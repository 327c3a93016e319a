"""Releases, their behaviours, and the codes they speak in."""

import pytest

from harness.codes import LINES, NAMES, code_name, line_of, names
from harness.oracle.releases.behaviours import BEHAVIOURS, release_for
from harness.oracle.releases.release import (
    MEASURED,
    Behaviour,
    Span,
    Version,
    version,
    version_of,
)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0x30000130, "3.0.19"),
        (0x30000000, "3.0.0"),
        (0x30500090, "3.5.9"),
        (0x40000030, "4.0.3"),
        (0x30000FF0, "3.0.255"),
        (0x1010117F, "1.1.1w"),
        (0x1010100F, "1.1.1"),
    ],
)
def test_version_of_number(number: int, text: str) -> None:
    """A release number is major, minor and patch, and once had a letter."""
    assert version_of(number) == version(text)
    assert str(version_of(number)) == text


@pytest.mark.parametrize("text", ["3", "3.0.1.2", "3.0a", "x", "3..1"])
def test_no_release(text: str) -> None:
    """What names no release is refused with its text."""
    with pytest.raises(ValueError, match=r"invalid|no OpenSSL"):
        version(text)


MEASURED_3_0_19 = {
    "delta-crl-taken-for-full",
    "crl-algorithms-may-differ",
    "self-signed-needs-crl",
    "strict-critical-basic-constraints",
    "strict-critical-alternative-name",
    "expires-at-the-instant",
}


def test_measured_release() -> None:
    """3.0.19 has what was measured of it, and is not assumed."""
    release = release_for(0x30000130)
    assert release.name == "3.0.19"
    assert release.behaviours >= MEASURED_3_0_19
    assert not release.assumed


@pytest.mark.parametrize(
    ("number", "lacks"),
    [
        (0x30000160, {"delta-crl-taken-for-full", "crl-algorithms-may-differ"}),
        (0x30600050, {"self-signed-needs-crl", "delta-crl-taken-for-full"}),
        (
            0x40000030,
            {
                "self-signed-needs-crl",
                "strict-critical-basic-constraints",
                "strict-critical-alternative-name",
                "expires-at-the-instant",
            },
        ),
    ],
)
def test_later_releases_lack(number: int, lacks: set[str]) -> None:
    """What later releases changed is not among their behaviours."""
    assert not lacks & release_for(number).behaviours


def test_unmeasured_release_is_assumed() -> None:
    """A release that nobody measured says so."""
    assert version("3.0.1") not in MEASURED
    assert release_for(0x30000010).assumed


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=lambda item: item.name)
def test_turned_over_and_back(behaviour: Behaviour) -> None:
    """Turning a behaviour over twice is the release itself; names are unique."""
    release = release_for(0x30000130)
    turned = release.turned(behaviour.name)
    assert (behaviour.name in turned) is not (behaviour.name in release)
    assert turned.turned(behaviour.name) == release
    assert behaviour.evidence
    assert [item.name for item in BEHAVIOURS].count(behaviour.name) == 1


@pytest.mark.parametrize(
    ("first", "last", "inside"),
    [
        ("", "", True),
        ("3.0.19", "3.0.19", True),
        ("3.0", "3.0", True),
        ("3.0.20", "", False),
        ("", "3.0.18", False),
        ("", "1.1.1w", False),
        ("1.1.1w", "", True),
        ("", "3.1", True),
    ],
)
def test_behaviour_spans_releases(first: str, last: str, inside: bool) -> None:
    """Both ends are inclusive, an empty one is open, a line is meant as a whole."""
    behaviour = Behaviour("name", "what", "evidence", (Span(first, last),))
    assert behaviour.in_version(Version(3, 0, 19)) is inside


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (0, "0 OK"),
        (23, "23 CERT_REVOKED"),
        (79, "79 INVALID_CA"),
        (94, "94 EC_KEY_EXPLICIT_PARAMS"),
        (12345, "12345 unknown"),
        (None, "code not shown"),
    ],
)
def test_code_name(code: int | None, text: str) -> None:
    """A code is shown with its name."""
    assert code_name(code) == text


@pytest.mark.parametrize(
    ("code", "release", "text"),
    [
        (23, "1.1.1w", "23 CERT_REVOKED"),
        (24, "1.1.1w", "24 INVALID_CA"),
        (24, "3.0.0", "24 NO_ISSUER_PUBLIC_KEY"),
        (79, "1.1.1w", "79 EC_KEY_EXPLICIT_PARAMS"),
        (80, "1.1.1w", "80 unknown"),
        (94, "3.1.0", "94 EC_KEY_EXPLICIT_PARAMS"),
        (95, "3.1.0", "95 unknown"),
        (95, "3.2.0", "95 RPK_UNTRUSTED"),
        (96, "3.5.9", "96 unknown"),
        (101, "3.6.5", "101 CRL_VERIFY_FAILED"),
        (102, "3.6.5", "102 unknown"),
        (103, "4.0.3", "103 AKID_ISSUER_SERIAL_NOT_PAIRED"),
        (103, "4.12.0", "103 AKID_ISSUER_SERIAL_NOT_PAIRED"),
    ],
)
def test_code_name_of_a_release(code: int, release: str, text: str) -> None:
    """A code has the name of the release, and none before it was there."""
    assert code_name(code, release) == text


@pytest.mark.parametrize("line", LINES)
def test_names_are_unique(line: str) -> None:
    """No two codes of a line share a name, and no number is left out."""
    known = names(line)
    assert len(set(known.values())) == len(known)
    assert sorted(known) == list(range(len(known)))
    assert line_of(line) == line


def test_the_newest_line_has_every_name() -> None:
    """What is shown without a release is what the newest line shows."""
    assert names(LINES[-1]) == NAMES
