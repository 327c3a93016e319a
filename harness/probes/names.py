"""Probes of behaviours about names: reference names, and URIs under constraints."""

from dataclasses import replace
from typing import Final

from harness.facts import NameKind
from harness.flags import DEFAULT
from harness.ledger.plain import OTHER, ROOT, SELF, chain, leaf, root, trusting
from harness.pki.spec import (
    Entity,
    GeneralNameSpec,
    NameConstraintsSpec,
    NameSpec,
    Scenario,
    SubtreeSpec,
    ca,
)
from harness.probes.probe import Probe, probe

_ADDRESS: Final = GeneralNameSpec(NameKind.IP, "10.0.0.1")


def _inside(uri: str, host: str = "u.example") -> Scenario:
    """The plain chain: the leaf has the URI, the root permits the host."""
    permitted = NameConstraintsSpec(permitted=(SubtreeSpec(GeneralNameSpec.uri(host)),))
    return chain(
        root(name_constraints=permitted),
        leaf(subject_alt_name=(GeneralNameSpec.uri(uri),)),
    )


def _nameless_between() -> Scenario:
    """The plain chain, before whose root two others are loaded, one without a name."""
    other = ca("other", OTHER, OTHER)
    nameless = ca("nameless", Entity(NameSpec(), SELF.key), ROOT)
    scenario = chain(other, nameless, crls=())
    return trusting(scenario, "other", "nameless", "root")


PROBES: Final[tuple[Probe, ...]] = (
    probe("empty-name-before-all", _nameless_between(), DEFAULT),
    probe(
        "addresses-scanned-leniently",
        replace(chain(leaf(subject_alt_name=(_ADDRESS,))), name="10.0.0.01"),
        DEFAULT,
    ),
    probe("uri-host-cut-by-hand", _inside("http://u.example?a"), DEFAULT),
    probe("uri-colon-ends-host", _inside("http://u.example/a:b"), DEFAULT),
    probe("uri-user-ends-at-any-at", _inside("http://u.example/a@b"), DEFAULT),
    probe("uri-scheme-checked", _inside("1://u.example"), DEFAULT),
)
"""Each the simplest case that shows its behaviour."""
