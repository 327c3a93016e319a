"""Reference names against certificates (``X509_check_host``, ``X509_check_ip``)."""

from dataclasses import replace
from typing import Final

import pytest

from harness.case import Case
from harness.facts import Attribute, Certificate, Name, NameKind
from harness.oracle.releases.identity import (
    check_identity,
    has_address,
    has_host,
    matches,
    valid_star,
)
from harness.pki.issue import issue
from harness.pki.read import read
from harness.pki.spec import (
    AttributeSpec,
    Entity,
    GeneralNameSpec,
    NameSpec,
    Scenario,
    end_entity,
)
from harness.verdict import Objection
from tests.oracle.releases.rows import LEAF, NOW, RELEASE

MATCHES: Final = (
    ("leaf.example", "leaf.example", True),
    ("leaf.example", "LEAF.Example", True),
    ("leaf.example", "other.example", False),
    ("leaf.example", "a.leaf.example", False),
    ("leaf.example\0.evil", "leaf.example", False),
    ("*.example.com", "a.example.com", True),
    ("*.EXAMPLE.com", "A.example.COM", True),
    ("*.example.com", "a.b.example.com", False),
    ("*.example.com", "example.com", False),
    ("*.example.com", ".example.com", True),
    ("*.example.com", "*.example.com", True),
    ("*.example.com", "xn--bcher-kva.example.com", True),
    ("*.example.com", "a_b.example.com", False),
    ("*.example.com", "-a-.example.com", True),
    ("*.com", "example.com", False),
    ("*.com", "*.com", True),
    ("*", "leaf", False),
    ("f*.example.com", "foo.example.com", False),
    ("*o.example.com", "foo.example.com", False),
    ("a.*.example.com", "a.b.example.com", False),
    ("*.*.example.com", "a.b.example.com", False),
    ("xn--*.example.com", "xn--a.example.com", False),
    ("*.xn--bcher-kva.com", "a.xn--bcher-kva.com", True),
    ("*.example-.com", "a.example-.com", False),
    ("*.-example.com", "a.-example.com", False),
    ("*.example..com", "a.example..com", False),
    ("*.example.com.", "a.example.com.", False),
    ("*.exa_mple.com", "a.exa_mple.com", False),
    ("leaf.example", ".example", True),
    ("a.b.example", ".example", True),
    ("example", ".example", False),
    ("leaf.example", ".", False),
)


@pytest.mark.parametrize(("pattern", "host", "fits"), MATCHES)
def test_pattern_and_host(pattern: str, host: str, fits: bool) -> None:
    """A name of a certificate fits a reference name by OpenSSL's rules."""
    assert matches(pattern.encode(), host.encode()) is fits


@pytest.mark.parametrize(
    ("pattern", "star"),
    [
        ("*.example.com", 0),
        ("*.a.b.c", 0),
        ("example.com", None),
        ("*.com", None),
        ("a*.example.com", None),
        ("**.example.com", None),
        ("*.a-.com", None),
        ("*.example.com-", None),
        ("", None),
    ],
)
def test_valid_star(pattern: str, star: int | None) -> None:
    """The one legal wildcard is a whole first label with two dots behind it."""
    assert valid_star(pattern.encode()) == star


def certificate(*names: GeneralNameSpec, cn: str = "leaf.example") -> Certificate:
    """A leaf of these alternative names, none for no extension."""
    spec = end_entity(
        "leaf",
        Entity(NameSpec.cn(cn), LEAF.key),
        LEAF,
        subject_alt_name=names or None,
    )
    case: Case = issue(Scenario((spec,), peer=("leaf",)), seed=1, now=NOW)
    return read(case).peer[0]


DNS: Final = GeneralNameSpec.dns
IP: Final = GeneralNameSpec(NameKind.IP, "192.0.2.1")


@pytest.mark.parametrize(
    ("names", "name", "code"),
    [
        ((), "leaf.example", None),
        ((), "other.example", 62),
        ((DNS("other.example"),), "leaf.example", 62),
        ((DNS("other.example"),), "other.example", None),
        ((DNS(""),), "leaf.example", 62),
        ((IP,), "leaf.example", None),
        ((GeneralNameSpec.uri("http://a.example"),), "leaf.example", None),
        ((DNS("a.example"), DNS("b.example")), "b.example", None),
        ((IP,), "192.0.2.1", None),
        ((IP,), "192.0.2.2", 64),
        ((DNS("192.0.2.1"),), "192.0.2.1", 64),
        ((), "192.0.2.1", 64),
        ((), None, None),
    ],
)
def test_identity(
    names: tuple[GeneralNameSpec, ...], name: str | None, code: int | None
) -> None:
    """CommonName counts only without any dNSName, and never for an address."""
    found = list(check_identity(certificate(*names), name, RELEASE))
    rule = "name.host-mismatch" if code == 62 else "name.address-mismatch"
    assert found == ([] if code is None else [Objection(rule, code, 0)])


def test_common_name_is_no_address() -> None:
    """An address in commonName fits no address."""
    leaf = certificate(cn="192.0.2.1")
    assert not has_address(leaf, b"\xc0\x00\x02\x01")
    assert has_host(leaf, b"192.0.2.1")


def test_undecodable_common_name_ends_the_search() -> None:
    """A commonName that is no text hides the ones behind it."""
    leaf = certificate()
    good = leaf.subject.attributes[0]
    bad = Attribute(good.oid, good.tag, b"\xff", None)
    before = replace(leaf, subject=Name(b"", ((bad,), (good,))))
    behind = replace(leaf, subject=Name(b"", ((good,), (bad,))))
    assert not has_host(before, b"leaf.example")
    assert has_host(behind, b"leaf.example")


def test_any_common_name_counts() -> None:
    """Each commonName is tried; other attributes are not."""
    subject = NameSpec(
        (
            (AttributeSpec("no.example"),),
            (AttributeSpec("leaf.example"), AttributeSpec("unit.example", "OU")),
        )
    )
    spec = end_entity("leaf", Entity(subject, LEAF.key), LEAF, subject_alt_name=None)
    leaf = read(issue(Scenario((spec,), peer=("leaf",)), seed=1, now=NOW)).peer[0]
    assert has_host(leaf, b"leaf.example")
    assert not has_host(leaf, b"unit.example")
