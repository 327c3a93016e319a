"""Probes of behaviours about policies and Internet number resources."""

from typing import Final

from harness.flags import DEFAULT, RAW, Flags
from harness.ledger.plain import chain, intermediate, leaf, root
from harness.pki.spec_policies import (
    IPV4,
    AddressBlocksSpec,
    AddressFamilySpec,
    PoliciesSpec,
)
from harness.probes.probe import Probe, probe

_POLICY_CHECK: Final = Flags(RAW["POLICY_CHECK"])
_ONE: Final = "1.3.6.1.4.1.55555.1"
_MANY: Final = PoliciesSpec(series=1000)
"""With the anchor's anyPolicy, one node more than a tree may have."""
_TWICE: Final = PoliciesSpec.of(_ONE, _ONE)


def _blocks(addresses: str) -> AddressBlocksSpec:
    return AddressBlocksSpec((AddressFamilySpec(IPV4, (addresses,)),))


_ALL: Final = _blocks("0.0.0.0/0")

PROBES: Final[tuple[Probe, ...]] = (
    probe(
        "policy-tree-is-limited",
        chain(
            intermediate(policies=_MANY),
            leaf(policies=PoliciesSpec.of(_ONE)),
        ),
        _POLICY_CHECK,
    ),
    probe(
        "policies-of-leaf-unchecked",
        chain(leaf(policies=_TWICE)),
        _POLICY_CHECK,
    ),
    probe(
        "unwritable-address-is-covered",
        chain(
            root(addresses=_ALL),
            intermediate(addresses=_ALL),
            leaf(addresses=_blocks("2001:db8::/64")),
        ),
        DEFAULT,
    ),
    probe(
        "range-need-not-be-a-prefix",
        chain(
            root(addresses=_ALL),
            intermediate(addresses=_ALL),
            leaf(addresses=_blocks("10.0.0.0-10.255.255.255")),
        ),
        DEFAULT,
    ),
    probe(
        "address-family-length-checked",
        chain(leaf(addresses=AddressBlocksSpec((AddressFamilySpec(b"\x01"),)))),
        DEFAULT,
    ),
)
"""Each the simplest case that shows its behaviour."""
