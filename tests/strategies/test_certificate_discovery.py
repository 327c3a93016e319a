"""Statements and names of certificates that drawn scenarios reach."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import pytest

from harness.facts import NameKind
from harness.pki.spec import CertificateSpec, KeyId, Scenario
from strategies.draft import main_path

Draws = Mapping[str, Sequence[Scenario]]
Predicate = Callable[[Scenario], object]


def on(test: Callable[[CertificateSpec], object]) -> Predicate:
    """The test holds of a certificate."""
    return lambda s: any(test(item) for item in s.certificates)


def length(value: int) -> Predicate:
    """That pathLenConstraint is there."""
    return on(
        lambda c: c.basic_constraints and c.basic_constraints.path_length == value
    )


def raw(oid: str) -> Predicate:
    """An extension of that type is given by its bytes."""
    return on(lambda c: any(item.oid == oid for item in c.extra))


STATEMENTS: Final[dict[str, Predicate]] = {
    "expired": on(lambda c: c.not_after < 0),
    "not yet valid": on(lambda c: c.not_before > 0),
    "no basicConstraints": on(lambda c: c.basic_constraints is None),
    "leaf is a CA": lambda s: (c := main_path(s)[0].basic_constraints) and c.ca,
    "root is no CA": lambda s: (c := main_path(s)[-1].basic_constraints) and not c.ca,
    "pathLen 0": length(0),
    "pathLen 1": length(1),
    "pathLen 2": length(2),
    "pathLen negative": length(-1),
    "no keyUsage": on(lambda c: c.key_usage is None),
    "empty keyUsage": on(lambda c: c.key_usage and not c.key_usage.bits),
    "no extKeyUsage on the leaf": lambda s: main_path(s)[0].extended_key_usage is None,
    "extKeyUsage on a root": lambda s: main_path(s)[-1].extended_key_usage,
    "AKI absent": on(lambda c: c.authority_key_id.key_id is KeyId.ABSENT),
    "AKI empty": on(lambda c: c.authority_key_id.key_id is KeyId.EMPTY),
    "AKI of another key": on(lambda c: c.authority_key_id.key),
    "AKI with issuer": on(lambda c: c.authority_key_id.issuer),
    "AKI critical": on(lambda c: c.authority_key_id.critical),
    "SKI absent": on(lambda c: c.subject_key_id.key_id is KeyId.ABSENT),
    "SKI critical": on(lambda c: c.subject_key_id.critical),
    "version 1": on(lambda c: c.version == 1 and c.basic_constraints is None),
    "version 1 with extensions": on(lambda c: c.version == 1 and c.basic_constraints),
    "unknown critical extension": on(lambda c: any(e.critical for e in c.extra)),
    "Netscape type": raw("2.16.840.1.113730.1.1"),
    "extension twice": on(lambda c: any(item.duplicate for item in c.extra)),
    "corrupt signature": on(lambda c: c.corrupt),
    "signed by another": on(lambda c: c.signed_by),
    "algorithms differ": on(lambda c: c.outer_digest),
    "SHA-1": on(lambda c: c.digest == "sha1"),
    "MD5": on(lambda c: c.digest == "md5"),
    "serial 0": on(lambda c: c.serial == 0),
    "negative serial": on(lambda c: c.serial is not None and c.serial < 0),
    "long serial": on(lambda c: c.serial is not None and c.serial > 2**160),
} | {
    f"junk in {oid}": raw(oid)
    for oid in (
        "2.5.29.14",
        "2.5.29.15",
        "2.5.29.17",
        "2.5.29.19",
        "2.5.29.30",
        "2.5.29.31",
        "2.5.29.35",
    )
}


def alternative(kind: NameKind) -> Predicate:
    """A subjectAltName of that kind."""
    return on(lambda c: any(name.kind is kind for name in c.subject_alt_name or ()))


def constrained(kind: NameKind) -> Predicate:
    """Name constraints of that kind."""
    return on(
        lambda c: (
            c.name_constraints
            and any(
                tree.base.kind is kind
                for tree in (
                    *c.name_constraints.permitted,
                    *c.name_constraints.excluded,
                )
            )
        )
    )


NAMED: Final[dict[str, Predicate]] = {
    "no subjectAltName": lambda s: main_path(s)[0].subject_alt_name is None,
    "empty subjectAltName": on(lambda c: c.subject_alt_name == ()),
    "critical subjectAltName": on(lambda c: c.san_critical),
    "empty subject": on(lambda c: not c.subject.name.rdns),
    "empty issuer": on(lambda c: not c.issuer.name.rdns),
    "excluded names": on(lambda c: c.name_constraints and c.name_constraints.excluded),
    "spelt otherwise": lambda s: any(
        one.issuer.key == two.subject.key
        and one.issuer.name != two.subject.name
        and str(one.issuer.name.rdns[0][0].value).lower().split()
        == str(two.subject.name.rdns[0][0].value).lower().split()
        for one in s.certificates
        for two in s.certificates
        if one.issuer.name.rdns and two.subject.name.rdns
    ),
    "leaf's name asked": lambda s: s.name == "leaf.example",
    "another asked": lambda s: s.name not in (None, "leaf.example"),
    "address asked": lambda s: s.name == "192.0.2.1",
    "wildcard": lambda s: s.name == "a.wild.example",
    "commonName": lambda s: s.name == "common.example",
} | {
    f"{title} {kind}": test(kind)
    for kind in (
        NameKind.DNS,
        NameKind.EMAIL,
        NameKind.IP,
        NameKind.URI,
        NameKind.DIRECTORY,
    )
    for title, test in (("constrained", constrained), ("alternative", alternative))
}


WANTED: Final = [
    pytest.param(strategy, predicate, id=title)
    for strategy, predicates in (("certificates", STATEMENTS), ("names", NAMED))
    for title, predicate in predicates.items()
]


@pytest.mark.parametrize(("strategy", "predicate"), WANTED)
def test_certificates_reach(strategy: str, predicate: Predicate, drawn: Draws) -> None:
    """Each statement and name is drawn, and so is its absence."""
    held = [bool(predicate(scenario)) for scenario in drawn[strategy]]
    assert any(held)
    assert not all(held)
