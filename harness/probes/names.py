"""Probes of behaviours about names: reference names, and URIs under constraints."""

from dataclasses import replace
from typing import Final

from harness.facts import NameKind
from harness.flags import DEFAULT
from harness.ledger.plain import NAMELESS_BETWEEN, chain, leaf, root
from harness.pki.spec import (
    GeneralNameSpec,
    NameConstraintsSpec,
    Scenario,
    SubtreeSpec,
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


PROBES: Final[tuple[Probe, ...]] = (
    probe("empty-name-before-all", NAMELESS_BETWEEN, DEFAULT),
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
