"""Certificate policies under raw bits, as 3.0.19 was measured."""

from dataclasses import replace
from typing import Any, Final

import pytest

from harness.facts import Uncertain
from harness.flags import Flags
from harness.oracle.releases.behaviours import release_for
from harness.oracle.releases.policies import PolicyCache, policy_cache
from harness.oracle.releases.policy_tree import ANY_POLICY
from harness.oracle.releases.stage import UnmodelledError
from harness.pki.issue import issue
from harness.pki.read import read
from harness.pki.spec import (
    CertificateSpec,
    Entity,
    RawExtension,
    ca,
    end_entity,
)
from harness.pki.spec_policies import (
    InhibitAnySpec,
    PoliciesSpec,
    PolicyConstraintsSpec,
    PolicyMappingsSpec,
)
from tests.oracle.releases.rows import (
    INT,
    LEAF,
    NOW,
    PARTIAL,
    Row,
    chain,
    leaf,
    middle,
    told,
    top,
)

CHECK: Final = Flags(0x80)
EXPLICIT: Final = Flags(0x180)
NO_ANY: Final = Flags(0x280)
NO_MAP: Final = Flags(0x480)
NOTIFY: Final = Flags(0x800)

ONE: Final = "1.3.6.1.4.1.55555.1"
TWO: Final = "1.3.6.1.4.1.55555.2"
TWICE: Final = PoliciesSpec.of(ONE, ONE)
SAID: Final = PoliciesSpec.of(ONE)
ANY: Final = PoliciesSpec.of(ANY_POLICY)
ANY_TWICE: Final = PoliciesSpec.of(ANY_POLICY, ANY_POLICY)


def many(count: int, *more: str) -> PoliciesSpec:
    """So many different policies, and more."""
    return PoliciesSpec(PoliciesSpec.of(*more).policies, series=count)


def each_to_each(count: int) -> PolicyMappingsSpec:
    """So many policies, each mapped to all of them."""
    return PolicyMappingsSpec(series=count)


def limits(
    explicit: int | None = None, mapping: int | None = None
) -> PolicyConstraintsSpec:
    """PolicyConstraints."""
    return PolicyConstraintsSpec(explicit, mapping)


def self_issued(**changes: object) -> CertificateSpec:
    """A self-issued certificate of the intermediate, under another key of its name."""
    return ca("rollover", Entity(INT.name, "p256-4"), INT, **changes)


ROLLED: Final = leaf(Entity(INT.name, "p256-4"))

ROWS: Final = (
    Row("no policies at all", "ok", chain(), CHECK),
    Row("explicit", "43@0", chain(), EXPLICIT),
    Row(
        "explicit, the same policy everywhere",
        "43@0",
        chain(leaf(policies=SAID), middle(policies=SAID)),
        EXPLICIT,
    ),
    Row("notify alone checks nothing", "ok", chain(leaf(policies=TWICE)), NOTIFY),
    Row("no bit checks nothing", "ok", chain(leaf(policies=TWICE))),
    Row("twice in the leaf", "42@0", chain(leaf(policies=TWICE)), CHECK),
    Row("twice in the issuer", "42@1", chain(middle(policies=TWICE)), CHECK),
    Row("twice in the anchor", "ok", chain(top(policies=TWICE)), CHECK),
    Row(
        "twice in both, the lower is told",
        "42@0",
        chain(leaf(policies=TWICE), middle(policies=TWICE)),
        CHECK,
    ),
    Row(
        "explicit and empty before the invalid one",
        "43@0",
        chain(leaf(policies=TWICE)),
        EXPLICIT,
    ),
    Row(
        "explicit, invalid before it is empty",
        "42@0",
        chain(leaf(policies=TWICE), middle(policies=SAID)),
        EXPLICIT,
    ),
    Row(
        "the intermediate as anchor",
        "ok",
        chain(middle(policies=TWICE), trusted="int"),
        PARTIAL | CHECK,
        "leaf int",
    ),
    Row(
        "the anchor alone",
        "ok",
        chain(
            end_entity("leaf", LEAF, LEAF, policies=TWICE), peer="leaf", trusted="leaf"
        ),
        EXPLICIT,
        "leaf",
    ),
    Row(
        "anyPolicy twice",
        "42@0",
        chain(leaf(policies=ANY_TWICE)),
        CHECK,
    ),
    Row("an empty list", "ok", chain(leaf(policies=PoliciesSpec())), CHECK),
    Row(
        "an empty list hides its mappings",
        "ok",
        chain(
            leaf(policies=PoliciesSpec(), policy_mappings=PolicyMappingsSpec()),
        ),
        CHECK,
    ),
    Row(
        "undecodable",
        "42@0",
        chain(leaf(extra=(RawExtension("2.5.29.32", b"\x05\x00"),))),
        CHECK,
    ),
    Row(
        "requireExplicitPolicy 0",
        "43@0",
        chain(middle(policy_constraints=limits(0))),
        CHECK,
    ),
    Row(
        "requireExplicitPolicy 1",
        "43@0",
        chain(middle(policy_constraints=limits(1))),
        CHECK,
    ),
    Row(
        "requireExplicitPolicy 2",
        "ok",
        chain(middle(policy_constraints=limits(2))),
        CHECK,
    ),
    Row(
        "requireExplicitPolicy 0 in the leaf",
        "43@0",
        chain(leaf(policy_constraints=limits(0))),
        CHECK,
    ),
    Row("in the anchor", "ok", chain(top(policy_constraints=limits(0))), CHECK),
    Row("negative", "42@1", chain(middle(policy_constraints=limits(-1))), CHECK),
    Row("beyond a long", "ok", chain(middle(policy_constraints=limits(2**63))), CHECK),
    Row(
        "constrains nothing", "42@1", chain(middle(policy_constraints=limits())), CHECK
    ),
    Row(
        "constraints count without certificatePolicies",
        "42@1",
        chain(middle(policy_constraints=limits(None, -1))),
        CHECK,
    ),
    Row(
        "inhibitAnyPolicy does not",
        "ok",
        chain(middle(inhibit_any_policy=InhibitAnySpec(-1))),
        CHECK,
    ),
    Row(
        "a negative inhibitAnyPolicy",
        "42@1",
        chain(middle(policies=SAID, inhibit_any_policy=InhibitAnySpec(-1))),
        CHECK,
    ),
    *(
        Row(
            f"mapping {said}",
            "42@1",
            chain(middle(policies=SAID, policy_mappings=PolicyMappingsSpec(pairs))),
            CHECK,
        )
        for said, pairs in (
            ("nothing", ()),
            ("from anyPolicy", ((ANY_POLICY, ONE),)),
            ("to anyPolicy", ((ONE, ANY_POLICY),)),
        )
    ),
    Row(
        "a self-issued certificate takes nothing off",
        "ok",
        chain(
            ROLLED,
            self_issued(),
            middle(policy_constraints=limits(2)),
            peer="leaf rollover int",
        ),
        CHECK,
        "leaf rollover int root",
    ),
    Row(
        "but may ask itself",
        "43@0",
        chain(
            ROLLED,
            self_issued(policy_constraints=limits(1)),
            middle(),
            peer="leaf rollover int",
        ),
        CHECK,
    ),
)

TREES: Final = (
    Row(
        "1,000 nodes",
        "ok",
        chain(middle(policies=many(999)), leaf(policies=SAID)),
        CHECK,
    ),
    Row(
        "one more",
        "17@0",
        chain(middle(policies=many(1000)), leaf(policies=SAID)),
        CHECK,
    ),
    Row(
        "no tree without the leaf's policies",
        "ok",
        chain(middle(policies=many(1000))),
        CHECK,
    ),
    Row(
        "anyPolicy doubles them",
        "17@0",
        chain(middle(policies=many(499, ANY_POLICY)), leaf(policies=ANY)),
        CHECK,
    ),
    Row(
        "just not",
        "ok",
        chain(middle(policies=many(498, ANY_POLICY)), leaf(policies=ANY)),
        CHECK,
    ),
    Row(
        "anyPolicy inhibited in the leaf",
        "ok",
        chain(middle(policies=many(499, ANY_POLICY)), leaf(policies=ANY)),
        NO_ANY,
    ),
    Row(
        "mapped each to each",
        "17@0",
        chain(
            middle(policies=many(32), policy_mappings=each_to_each(32)),
            leaf(policies=many(32)),
        ),
        CHECK,
    ),
    Row(
        "mapping inhibited",
        "ok",
        chain(
            middle(policies=many(32), policy_mappings=each_to_each(32)),
            leaf(policies=many(32)),
        ),
        NO_MAP,
    ),
    Row(
        "mapped each to each by anyPolicy",
        "17@0",
        chain(
            middle(policies=ANY, policy_mappings=each_to_each(32)),
            leaf(policies=many(32)),
        ),
        CHECK,
    ),
    Row(
        "mapped to what anyPolicy stands for",
        "17@0",
        chain(
            middle(policies=many(32), policy_mappings=each_to_each(32)),
            leaf(policies=ANY),
        ),
        CHECK,
    ),
    Row(
        "too large and explicit",
        "17@0",
        chain(middle(policies=many(1000)), leaf(policies=SAID)),
        EXPLICIT,
    ),
)


@pytest.mark.parametrize("row", [*ROWS, *TREES], ids=lambda row: row.name)
def test_policy_row(row: Row) -> None:
    """Code, depth and path are as measured."""
    assert told(row) == (row.said, row.path)


def test_no_tree_is_too_large_for_an_old_release() -> None:
    """Before 3.0.9 trees grew without limit."""
    old = release_for(0x30000080)
    for row in TREES:
        expected = "43@0" if row.flags == EXPLICIT else "ok"
        assert told(row, old)[0] == expected


def test_an_old_release_passes_over_the_leaf() -> None:
    """Before 3.0.9 invalid policies of the leaf alone were not reported."""
    old = release_for(0x30000080)
    both = chain(leaf(policies=TWICE), middle(policies=TWICE))
    assert told(Row("leaf", "", chain(leaf(policies=TWICE)), CHECK), old)[0] == "ok"
    assert told(Row("both", "", both, CHECK), old)[0] == "42@1"


def cached(**fields: Any) -> PolicyCache:
    """What is kept of a leaf's policies."""
    facts = read(issue(chain(leaf(**fields)), seed=1, now=NOW))
    return policy_cache(facts.peer[0])


def test_a_mapping_names_what_only_any_policy_covers() -> None:
    """By anyPolicy a mapping adds its policies; without it, it names nothing new."""
    pairs = PolicyMappingsSpec(((TWO, "1.2.3"), (TWO, "1.2.4"), (ONE, "1.2.5")))
    with_any = cached(policies=PoliciesSpec.of(ONE, ANY_POLICY), policy_mappings=pairs)
    without = cached(policies=SAID, policy_mappings=pairs)
    assert with_any.data is not None
    assert without.data is not None
    found = [(item.policy, item.expected, item.wants_all) for item in with_any.data]
    assert found == [(ONE, ["1.2.5"], True), (TWO, ["1.2.3", "1.2.4"], True)]
    assert [item.policy for item in without.data] == [ONE]


def test_uncertain_policies_are_unmodelled() -> None:
    """Where we cannot tell what OpenSSL decodes, nothing is said."""
    facts = read(issue(chain(), seed=1, now=NOW)).peer[0]
    facts = replace(facts, policies=Uncertain("in pieces"))
    with pytest.raises(UnmodelledError, match="in pieces"):
        policy_cache(facts)
