"""Departures in certificate policies, and towards or away from Suite B.

Only raw flag bits have either looked at (``strategies.flags.POLICY_BITS``).
"""

from typing import Any, Final

from harness.pki.spec import Entity, RawExtension
from harness.pki.spec_policies import (
    InhibitAnySpec,
    PoliciesSpec,
    PolicyConstraintsSpec,
    PolicyMappingsSpec,
    PolicySpec,
)
from strategies.departures import (
    Change,
    Departure,
    Stage,
    departure,
    edit,
    edit_authority,
    extend,
)
from strategies.draft import ISSUER, SECOND, Draft, with_intermediates

ANY: Final = "2.5.29.32.0"
"""anyPolicy."""
ONE: Final = "1.3.6.1.4.1.55555.1.1"
TWO: Final = "1.3.6.1.4.1.55555.1.2"
THREE: Final = "1.3.6.1.4.1.55555.1.3"

_POLICIES: Final = "2.5.29.32"
_MAPPINGS: Final = "2.5.29.33"
_CONSTRAINTS: Final = "2.5.29.36"
_INHIBIT_ANY: Final = "2.5.29.54"
_TRUNCATED: Final = b"\x30\x10\x01"
_USUAL: Final = bytes.fromhex("3006300406022a03")
"""certificatePolicies of one policy."""

HUGE: Final = 2**63
"""One more than a C ``long`` holds."""


def _everywhere(*policies: str, but_leaf: tuple[str, ...] | None = None) -> Change:
    """Give every certificate of the path, an intermediate among them, these policies,
    or the leaf others."""

    def change(draft: Draft, _place: int) -> Draft:
        draft = with_intermediates(draft)
        for label in draft.path:
            draft = draft.changed(label, policies=PoliciesSpec.of(*policies))
        if but_leaf is not None:
            draft = draft.changed(draft.path[0], policies=PoliciesSpec.of(*but_leaf))
        return draft

    return change


def _says(*policies: str) -> Change:
    return edit(policies=PoliciesSpec.of(*policies))


def _self_issued(draft: Draft, place: int) -> Draft:
    """One policy everywhere, on a path with a self-issued intermediate."""
    draft = _everywhere(ONE)(draft, place)
    item = draft.at(1)
    return draft.became(item.subject, Entity(item.issuer.name, item.subject.key))


def _any_until_inhibited(draft: Draft, _place: int) -> Draft:
    """AnyPolicy everywhere, which counts for all but the leaf."""
    draft = with_intermediates(draft, 2)
    draft = _everywhere(ANY)(draft, 0)
    return draft.changed(draft.label(2), inhibit_any_policy=InhibitAnySpec(1))


def _qualified(**qualifiers: str) -> Change:
    return edit(policies=PoliciesSpec((PolicySpec(ONE, **qualifiers),)))


_BITS: Final = (
    "EXPLICIT_POLICY",
    "EXPLICIT_POLICY|INHIBIT_ANY",
    "EXPLICIT_POLICY|INHIBIT_MAP",
    "POLICY_CHECK",
    "INHIBIT_ANY",
    "INHIBIT_MAP",
    "EXPLICIT_POLICY|INHIBIT_ANY|INHIBIT_MAP",
    "POLICY_CHECK|NOTIFY_POLICY",
)
"""What turns the policy tree on, and what forbids in it."""

_NAMED: Final = departure(
    "certificatePolicies",
    Stage.CERTIFICATE,
    {
        "one everywhere": _everywhere(ONE),
        "any everywhere": _everywhere(ANY),
        "one, any in the leaf": _everywhere(ONE, but_leaf=(ANY,)),
        "any, one in the leaf": _everywhere(ANY, but_leaf=(ONE,)),
        "one, another in the leaf": _everywhere(ONE, but_leaf=(TWO,)),
        "one and any everywhere": _everywhere(ONE, ANY),
        "one everywhere, self-issued": _self_issued,
        "any everywhere, inhibited in the leaf": _any_until_inhibited,
        "one": _says(ONE),
        "two of them": _says(ONE, TWO),
        "one and any": _says(ONE, ANY),
        "none": _says(),
        "one twice": _says(ONE, ONE),
        "any twice": _says(ANY, TWO, ANY),
    },
    "policies",
    more=4,
    under=_BITS,
)

_FORMS: Final = departure(
    "form of certificatePolicies",
    Stage.CERTIFICATE,
    {
        "critical": edit(policies=PoliciesSpec((PolicySpec(ONE),), critical=True)),
        "with a CPS pointer": _qualified(cps="http://cps.example/"),
        "with a user notice": _qualified(notice="Read this"),
        "undecodable": extend(RawExtension(_POLICIES, _TRUNCATED)),
        "of indefinite length": extend(
            RawExtension(_POLICIES, bytes.fromhex("3080300406022a030000"))
        ),
        "there twice": extend(
            RawExtension(_POLICIES, _USUAL),
            RawExtension(_POLICIES, _USUAL, duplicate=True),
        ),
        "with an unknown qualifier": extend(
            RawExtension(
                _POLICIES, bytes.fromhex("300e300c06022a033006300406022a040500")
            )
        ),
    },
    "policies",
    under=_BITS,
)


def _mapped(*pairs: tuple[str, str], say: tuple[str, ...] = (ONE,)) -> Change:
    """Map in the certificate at the place, or in the leaf's issuer: the certificates
    above say the first pair's issuer policy, those below its subject policy."""

    def change(draft: Draft, place: int) -> Draft:
        draft = with_intermediates(draft)
        mapper = draft.authority(place)
        above, below = pairs[0] if pairs else (ONE, ONE)
        at = draft.path.index(mapper)
        for depth, label in enumerate(draft.path):
            policy = (below,) if depth < at else (above,)
            spec = PoliciesSpec.of(*(say if depth == at else policy))
            draft = draft.changed(label, policies=spec)
        return draft.changed(mapper, policy_mappings=PolicyMappingsSpec(pairs))

    return change


def _mapped_to_any(*pairs: tuple[str, str], leaf: tuple[str, ...] = (ANY,)) -> Change:
    """Map in the leaf's issuer, which is no anchor; the leaf says anyPolicy too, which
    stands for what no policy of its own matches."""

    def change(draft: Draft, _place: int) -> Draft:
        draft = _mapped(*pairs)(draft, ISSUER)
        return draft.changed(draft.path[0], policies=PoliciesSpec.of(*leaf))

    return change


_MAPPED: Final = departure(
    "policyMappings",
    Stage.CERTIFICATE,
    {
        "one to two": _mapped((ONE, TWO)),
        "one to two, which is said too": _mapped((ONE, TWO), say=(ONE, TWO)),
        "one to two and three": _mapped((ONE, TWO), (ONE, THREE)),
        "by anyPolicy": _mapped((ONE, TWO), say=(ANY,)),
        "by anyPolicy, to two and three": _mapped((ONE, TWO), (ONE, THREE), say=(ANY,)),
        "one to two, any below": _mapped_to_any((ONE, TWO)),
        "one to two and three, any below": _mapped_to_any((ONE, TWO), (ONE, THREE)),
        "one to two and three, two and any below": _mapped_to_any(
            (ONE, TWO), (ONE, THREE), leaf=(TWO, ANY)
        ),
        "one to two, two and any below": _mapped_to_any((ONE, TWO), leaf=(TWO, ANY)),
        "of a policy not said": _mapped((THREE, TWO)),
        "from anyPolicy": _mapped((ANY, TWO), say=(ANY, ONE)),
        "to anyPolicy": _mapped((ONE, ANY)),
        "none": _mapped(),
        "without certificatePolicies": edit_authority(
            policies=None, policy_mappings=PolicyMappingsSpec(())
        ),
        "undecodable": extend(RawExtension(_MAPPINGS, _TRUNCATED)),
    },
    "policies",
    more=3,
    under=_BITS,
)


def _limits(explicit: int | None, mapping: int | None = None, **more: Any) -> Change:
    return edit(policy_constraints=PolicyConstraintsSpec(explicit, mapping, **more))


def _limited_above_self_issued(draft: Draft, _place: int) -> Draft:
    """An explicit policy is required two certificates below, of which a self-issued
    one is none."""
    draft = with_intermediates(draft, 2)
    item = draft.at(1)
    draft = draft.became(item.subject, Entity(item.issuer.name, item.subject.key))
    return _limits(2)(draft, SECOND)


_LIMITED: Final = departure(
    "policyConstraints",
    Stage.CERTIFICATE,
    {
        "explicit at once": _limits(0),
        "explicit after one": _limits(1),
        "explicit after two": _limits(2),
        "explicit after two, one self-issued": _limited_above_self_issued,
        "no mapping": _limits(None, 0),
        "no mapping after one": _limits(None, 1),
        "both": _limits(1, 0, critical=True),
        "negative": _limits(-1),
        "negative mapping": _limits(None, -1),
        "huge": _limits(HUGE, 0),
        "nothing": _limits(None),
        "undecodable": extend(RawExtension(_CONSTRAINTS, _TRUNCATED)),
        "there twice": extend(
            RawExtension(_CONSTRAINTS, bytes.fromhex("3003800100")),
            RawExtension(_CONSTRAINTS, bytes.fromhex("3003800100"), duplicate=True),
        ),
    },
    "policies",
    more=3,
    under=_BITS,
)


def _inhibits(skip: int, *, said: bool = True) -> Change:
    fields: dict[str, Any] = {"inhibit_any_policy": InhibitAnySpec(skip)}
    return (
        edit(**fields, policies=PoliciesSpec.of(ONE, ANY)) if said else edit(**fields)
    )


_INHIBITED: Final = departure(
    "inhibitAnyPolicy",
    Stage.CERTIFICATE,
    {
        "at once": _inhibits(0),
        "after one": _inhibits(1),
        "negative": _inhibits(-1),
        "negative, without certificatePolicies": _inhibits(-1, said=False),
        "huge": _inhibits(HUGE),
        "undecodable": extend(RawExtension(_INHIBIT_ANY, _TRUNCATED)),
        "critical": edit(inhibit_any_policy=InhibitAnySpec(0, critical=True)),
    },
    "policies",
    under=_BITS,
)


def _tree(
    authority: PoliciesSpec,
    leaf: PoliciesSpec,
    *,
    mapped: int = 0,
    intermediates: int = 1,
) -> Change:
    """Policies of every intermediate and of the leaf, as many as a tree takes;
    ``mapped`` of the series are mapped to each of them."""
    fields: dict[str, Any] = {"policies": authority}
    if mapped:
        fields["policy_mappings"] = PolicyMappingsSpec(series=mapped)

    def change(draft: Draft, _place: int) -> Draft:
        draft = with_intermediates(draft, intermediates)
        for label in draft.path[1:-1]:
            draft = draft.changed(label, **fields)
        return draft.changed(draft.path[0], policies=leaf)

    return change


def _many(count: int) -> PoliciesSpec:
    return PoliciesSpec(series=count)


_TREES: Final = departure(
    "policy tree",
    Stage.SHAPE,
    {
        "of 1,000 nodes": _tree(_many(999), PoliciesSpec.of(ONE)),
        "of 1,001 nodes": _tree(_many(1000), PoliciesSpec.of(ONE)),
        "of 1,023 nodes, by anyPolicy": _tree(
            PoliciesSpec((PolicySpec(ANY),), series=510), PoliciesSpec.of(ANY)
        ),
        "of 1,057 nodes, by mapping": _tree(_many(32), _many(32), mapped=32),
        "that triples": _tree(_many(10), _many(10), mapped=10, intermediates=2),
    },
    "policies",
    under=_BITS,
)


def _keyed(draft: Draft, keys: tuple[str, ...]) -> Draft:
    """The draft with these keys on its path, the leaf's first; the digest of each
    signature is the one that goes with the signer's curve."""
    for label, key in zip(draft.path, keys, strict=False):
        entity = draft.scenario.certificate(label).subject
        draft = draft.became(entity, Entity(entity.name, key))
    for label in draft.path:
        signer = draft.scenario.certificate(label).issuer.key
        digest = "sha384" if signer.startswith("p384") else "sha256"
        draft = draft.changed(label, digest=digest)
    return draft


def _suite_b(*keys: str, **leaf: Any) -> Change:
    def change(draft: Draft, _place: int) -> Draft:
        draft = _keyed(draft, keys)
        return draft.changed(draft.path[0], **leaf) if leaf else draft

    return change


def _another_root(key: str) -> Change:
    """Another key for the last certificate, signed with what goes with it."""

    def change(draft: Draft, _place: int) -> Draft:
        draft = draft.became(
            draft.at(-1).subject, Entity(draft.at(-1).subject.name, key)
        )
        return _keyed(draft, ())

    return change


_SUITE_B: Final = departure(
    "Suite B",
    Stage.CERTIFICATE,
    {
        "P-384 above P-256": _another_root("p384-1"),
        "P-384 below P-256": _suite_b("p384-0"),
        "P-384": _suite_b("p384-0", "p384-1"),
        "P-384 with SHA-256": _suite_b("p384-0", "p384-1", digest="sha256"),
        "P-521": _suite_b("p521-0"),
        "P-256, its parameters spelt in another way": _suite_b("respelt-0"),
        "P-256 with SHA-384": edit(digest="sha384"),
        "RSA above": _another_root("rsa2048-2"),
        "version 1": edit(version=1),
    },
    "policies",
    more=5,
    under=(
        "SUITEB_128_LOS",
        "SUITEB_128_LOS_ONLY",
        "SUITEB_192_LOS",
    ),
)

POLICIES: Final[tuple[Departure, ...]] = (
    _NAMED,
    _LIMITED,
    _MAPPED,
    _INHIBITED,
    _FORMS,
    _TREES,
    _SUITE_B,
)
"""Every departure in policies, and those about Suite B."""
