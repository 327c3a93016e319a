"""Rows of what OpenSSL 3.0.19 was measured to do, and the plain PKI they depart from.

A row is a scenario and flags, with what is said of it: ``ok`` or ``CODE@DEPTH``, and
where it matters the path, end entity first. Each was asked of libcrypto itself.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from harness.flags import DEFAULT, X509_PARTIAL_CHAIN, X509_STRICT, Flags
from harness.oracle.releases.behaviours import release_for
from harness.oracle.releases.judge import Judge
from harness.oracle.releases.release import Release
from harness.pki.issue import issue_all
from harness.pki.read import read
from harness.pki.spec import (
    AuthorityKeyIdSpec,
    CertificateSpec,
    CrlSpec,
    Entity,
    KeyId,
    NameSpec,
    Scenario,
    SubjectKeyIdSpec,
    TrustSpec,
    ca,
    end_entity,
)
from harness.verdict import Prediction, WillAccept, WillReject

NOW: Final = 1_800_000_000
RELEASE: Final = release_for(0x30000130)

PARTIAL: Final = X509_PARTIAL_CHAIN
STRICT: Final = X509_STRICT
PLAIN: Final = DEFAULT

ROOT: Final = Entity(NameSpec.cn("Root"), "p256-0")
INT: Final = Entity(NameSpec.cn("Intermediate"), "p256-1")
LEAF: Final = Entity(NameSpec.cn("leaf.example"), "p256-2")
OTHER: Final = Entity(NameSpec.cn("Other Root"), "p256-3")

ROOT_CERT: Final = ca("root", ROOT, ROOT)
INT_CERT: Final = ca("int", INT, ROOT)
LEAF_CERT: Final = end_entity("leaf", LEAF, INT)
OTHER_CERT: Final = ca("other", OTHER, OTHER)

NO_AKI: Final = AuthorityKeyIdSpec(KeyId.ABSENT)
NO_SKI: Final = SubjectKeyIdSpec(KeyId.ABSENT)


@dataclass(frozen=True, slots=True)
class Row:
    """One measured row; ``at`` is the verification time, in seconds after ``NOW``."""

    name: str
    said: str
    scenario: Scenario
    flags: Flags = DEFAULT
    path: str | None = None
    """Labels of the path, separated by spaces; None where it does not matter."""
    at: int = 0


def chain(
    *changed: CertificateSpec,
    peer: str = "leaf int",
    trusted: str | Iterable[TrustSpec] = "root",
    crls: tuple[CrlSpec, ...] = (),
    loaded: str | None = None,
    **setting: object,
) -> Scenario:
    """The plain chain of root, intermediate and leaf, with these certificates changed
    or added by label; ``loaded`` defaults to every CRL in order."""
    certificates = {
        item.label: item
        for item in (ROOT_CERT, INT_CERT, LEAF_CERT, OTHER_CERT, *changed)
    }
    if isinstance(trusted, str):
        trusted = [TrustSpec(label) for label in trusted.split()]
    labels = tuple(item.label for item in crls)
    return Scenario(
        certificates=tuple(certificates.values()),
        crls=crls,
        peer=tuple(peer.split()),
        trusted=tuple(trusted),
        loaded=labels if loaded is None else tuple(loaded.split()),
        **setting,  # type: ignore[arg-type]
    )


def leaf(issuer: Entity = INT, **changes: object) -> CertificateSpec:
    """The leaf, with these changes."""
    return end_entity("leaf", LEAF, issuer, **changes)


def middle(**changes: object) -> CertificateSpec:
    """The intermediate, with these changes."""
    return ca("int", INT, ROOT, **changes)


def top(**changes: object) -> CertificateSpec:
    """The root, with these changes."""
    return ca("root", ROOT, ROOT, **changes)


def predicted(row: Row, release: Release = RELEASE) -> tuple[Prediction, str]:
    """The book's prediction of a row, and its path in labels."""
    issued = issue_all(row.scenario, seed=1, now=NOW)
    labels = {
        hashlib.sha256(der).hexdigest(): label
        for label, der in issued.certificates.items()
    }
    judge = Judge(read(issued.case), NOW + row.at, release)
    answer = judge.predict(row.flags)
    assert isinstance(answer, WillAccept | WillReject), answer
    return answer, " ".join(labels[item] for item in answer.path)


def told(row: Row, release: Release = RELEASE) -> tuple[str, str | None]:
    """What the book says of a row, in the row's own words."""
    answer, path = predicted(row, release)
    said = "ok"
    if isinstance(answer, WillReject):
        said = f"{answer.shown.code}@{answer.shown.depth}"
    return said, None if row.path is None else path
