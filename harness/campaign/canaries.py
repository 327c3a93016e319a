"""The plain chain and its canaries: what every sane target accepts, and refuses."""

from dataclasses import replace

from harness.case import Case
from harness.pki.issue import issue
from harness.pki.spec import (
    CrlSpec,
    Entity,
    NameSpec,
    Scenario,
    TrustSpec,
    ca,
    end_entity,
)

ROOT = Entity(NameSpec.cn("Root"), "p256-0")
OTHER = Entity(NameSpec.cn("Other root"), "p256-1")
LEAF = Entity(NameSpec.cn("leaf.example"), "p256-2")

GOOD = Scenario(
    certificates=(
        ca("root", ROOT, ROOT),
        ca("other", OTHER, OTHER),
        end_entity("leaf", LEAF, ROOT),
    ),
    crls=(CrlSpec("root crl", ROOT),),
    peer=("leaf",),
    trusted=(TrustSpec("root"),),
    loaded=("root crl",),
)
"""Root and leaf, and a fresh CRL of the root that revokes nothing. No reference name:
Python 3.6 checks it after the flight."""

UNTRUSTED = replace(GOOD, trusted=(TrustSpec("other"),))
"""The same, and only another root is trusted."""

STRONG = replace(
    GOOD,
    certificates=(
        ca("root", ROOT, ROOT),
        end_entity("leaf", Entity(NameSpec.cn("leaf.example"), "p384-0"), ROOT),
    ),
)
"""The same with a leaf key that security level 4 admits."""


def own(scenario: Scenario, seed: int, now: int) -> tuple[bytes, bytes]:
    """A scenario's leaf and its key (PKCS#8), DER, for a server under test to present.

    Raises ``ValueError`` if nothing is sent in it.
    """
    case = issue(scenario, seed=seed, now=now)
    if case.key is None:
        raise ValueError(f"{scenario}: nobody to be")
    return case.peer[0], case.key


def good(seed: int, now: int) -> Case:
    """The case that every sane target accepts with no flag set."""
    return issue(GOOD, seed=seed, now=now)


def untrusted(seed: int, now: int) -> Case:
    """The case that every sane target refuses."""
    return issue(UNTRUSTED, seed=seed, now=now)
