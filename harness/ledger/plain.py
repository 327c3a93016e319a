"""The plain chain that witnesses depart from: leaf, intermediate, root, fresh CRLs.

The peer sends leaf and intermediate, the root is trusted, both CRLs are loaded.
"""

from dataclasses import replace
from typing import Any, Final

from harness.pki.spec import (
    DAY,
    CertificateSpec,
    CrlSpec,
    Entity,
    NameSpec,
    ProxySpec,
    RawExtension,
    RevokedSpec,
    Scenario,
    TrustSpec,
    ca,
    end_entity,
)

ROOT: Final = Entity(NameSpec.cn("Root"), "p256-0")
INT: Final = Entity(NameSpec.cn("Int"), "p256-1")
LEAF: Final = Entity(NameSpec.cn("Leaf"), "p256-2")
PROXY: Final = Entity(NameSpec.cn("Leaf").plus("proxy"), "p256-3")
OTHER: Final = Entity(NameSpec.cn("Other"), "p256-4")
SELF: Final = Entity(NameSpec.cn("Self"), "p256-5")

ROOT_CRL: Final = CrlSpec("root-crl", ROOT)
INT_CRL: Final = CrlSpec("int-crl", INT)

OVER: Final = {"not_before": -30 * DAY, "not_after": -DAY}
"""A validity period that has ended."""


def root(**changes: Any) -> CertificateSpec:
    """The root, with these changes."""
    return ca("root", ROOT, ROOT, **changes)


def intermediate(**changes: Any) -> CertificateSpec:
    """The intermediate CA, with these changes."""
    return ca("int", INT, ROOT, **changes)


def leaf(**changes: Any) -> CertificateSpec:
    """The end entity, with these changes."""
    return end_entity("leaf", LEAF, INT, **changes)


def proxy(**changes: Any) -> CertificateSpec:
    """A proxy certificate of the leaf's holder (RFC 3820), with these changes."""
    plain: dict[str, Any] = {
        "proxy": ProxySpec(),
        "subject_alt_name": None,
        "basic_constraints": None,
    }
    return end_entity("proxy", PROXY, LEAF, **(plain | changes))


def chain(
    *replaced: CertificateSpec,
    crls: tuple[CrlSpec, ...] = (ROOT_CRL, INT_CRL),
    **changes: Any,
) -> Scenario:
    """The plain chain; certificates given replace those of their label, or are added.

    ``changes`` are fields of the scenario.
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


def proxied(*replaced: CertificateSpec, **changes: Any) -> Scenario:
    """The plain chain with a proxy certificate below the leaf."""
    scenario = chain(proxy(), *replaced, **changes)
    return replace(scenario, peer=("proxy", *scenario.peer))


def trusting(scenario: Scenario, *labels: str) -> Scenario:
    """The scenario with these certificates trusted, in order."""
    return replace(scenario, trusted=tuple(TrustSpec(label) for label in labels))


def revoking(certificate: str, crl: CrlSpec = INT_CRL, **changes: Any) -> CrlSpec:
    """The CRL with that certificate listed, and these changes."""
    return replace(crl, revoked=(RevokedSpec(certificate),), **changes)


def alone(spec: CertificateSpec, **changes: Any) -> Scenario:
    """One self-signed certificate, sent and trusted, with these changes."""
    plain: dict[str, Any] = {
        "peer": (spec.label,),
        "trusted": (TrustSpec(spec.label),),
    }
    return Scenario((spec,), **(plain | changes))


NUMBERLESS: Final = chain(
    crls=(
        ROOT_CRL,
        replace(INT_CRL, extra=(RawExtension("2.5.29.46", b"\x30\x00"),)),
        replace(INT_CRL, label="delta", number=None, base_number=1),
    )
)
"""A CRL that says there are deltas (freshestCRL), and a delta without a number."""


NAMELESS_BETWEEN: Final = trusting(
    chain(
        ca("other", OTHER, OTHER),
        ca("nameless", Entity(NameSpec(), SELF.key), ROOT),
        crls=(),
    ),
    "other",
    "nameless",
    "root",
)
"""The plain chain, before whose root two others are loaded, one without a name."""
