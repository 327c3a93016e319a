"""Small PKIs to read the documents book against: one plain chain and its departures.

Each builder changes one thing of a plain three-certificate chain with fresh CRLs, so
that a test names its departure and nothing else.
"""

from dataclasses import replace
from typing import Any, Final

from harness.flags import Flags
from harness.oracle.documents.points import Documents
from harness.pki.issue import issue
from harness.pki.read import read
from harness.pki.spec import (
    DAY,
    CertificateSpec,
    CrlSpec,
    Entity,
    NameSpec,
    ProxySpec,
    RevokedSpec,
    Scenario,
    TrustSpec,
    ca,
    end_entity,
)
from harness.verdict import Promise

NOW: Final = 1_800_000_000

ROOT: Final = Entity(NameSpec.cn("Root"), "p256-0")
INT: Final = Entity(NameSpec.cn("Int"), "p256-1")
LEAF: Final = Entity(NameSpec.cn("Leaf"), "p256-2")
PROXY: Final = Entity(NameSpec.cn("Leaf").plus("proxy"), "p256-3")
OTHER: Final = Entity(NameSpec.cn("Other"), "p256-4")

ROOT_CRL: Final = CrlSpec("root-crl", ROOT)
INT_CRL: Final = CrlSpec("int-crl", INT)

CRL_LEAF: Final = Flags.of("CRL_CHECK_LEAF")
CRL_CHAIN: Final = Flags.of("CRL_CHECK_CHAIN")
STRICT: Final = Flags.of("X509_STRICT")
PROXIES: Final = Flags.of("ALLOW_PROXY_CERTS")
FIRST: Final = Flags.of("X509_TRUSTED_FIRST")
PARTIAL: Final = Flags.of("X509_PARTIAL_CHAIN")
NONE: Final = Flags()


def root(**changes: Any) -> CertificateSpec:
    """The root, with these changes."""
    return ca("root", ROOT, ROOT, **changes)


def intermediate(**changes: Any) -> CertificateSpec:
    """The intermediate CA, with these changes."""
    return ca("int", INT, ROOT, **changes)


def leaf(**changes: Any) -> CertificateSpec:
    """The end entity, with these changes."""
    return end_entity("leaf", LEAF, INT, **changes)


def chain(
    *replaced: CertificateSpec,
    crls: tuple[CrlSpec, ...] = (ROOT_CRL, INT_CRL),
    **changes: Any,
) -> Scenario:
    """Leaf, Int and Root, the peer sending the first two and the root trusted.

    Certificates given replace those of their label, or are added.
    """
    certificates = {spec.label: spec for spec in (root(), intermediate(), leaf())}
    certificates |= {spec.label: spec for spec in replaced}
    plain: dict[str, Any] = {
        "crls": crls,
        "peer": ("leaf", "int"),
        "trusted": (TrustSpec("root"),),
        "loaded": tuple(crl.label for crl in crls),
    }
    return Scenario(tuple(certificates.values()), **(plain | changes))


def trusting(scenario: Scenario, *labels: str) -> Scenario:
    """The scenario with these certificates trusted, in order."""
    return replace(scenario, trusted=tuple(TrustSpec(label) for label in labels))


def revoking(certificate: str, crl: CrlSpec = INT_CRL, **changes: Any) -> CrlSpec:
    """The CRL with that certificate listed, and these changes."""
    return replace(crl, revoked=(RevokedSpec(certificate),), **changes)


def proxy(**changes: Any) -> CertificateSpec:
    """A plain proxy certificate of the leaf's holder (RFC 3820)."""
    plain: dict[str, Any] = {
        "proxy": ProxySpec(),
        "subject_alt_name": None,
        "basic_constraints": None,
    }
    return end_entity("proxy", PROXY, LEAF, **(plain | changes))


def proxied(*replaced: CertificateSpec, **changes: Any) -> Scenario:
    """The chain with a proxy certificate at its bottom."""
    scenario = chain(proxy(), *replaced, **changes)
    return replace(scenario, peer=("proxy", *scenario.peer))


OLD: Final = {"not_before": -30 * DAY, "not_after": -DAY}
"""A validity that has ended."""


def documents(scenario: Scenario, edition: str = "3.0") -> Documents:
    """The book opened at the scenario's facts."""
    return Documents(read(issue(scenario, seed=0, now=NOW)), NOW, edition)


def promised(scenario: Scenario, flags: Flags = NONE, edition: str = "3.0") -> Promise:
    """What the book promises of the scenario under these flags."""
    return documents(scenario, edition).promise(flags)
