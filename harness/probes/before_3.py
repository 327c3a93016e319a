"""Probes of behaviours that tell 1.1.1 from every later release."""

from dataclasses import replace
from typing import Final

from harness.facts import NameKind
from harness.flags import (
    CRL_CHECK_LEAF,
    DEFAULT,
    X509_PARTIAL_CHAIN,
    X509_STRICT,
    Flags,
)
from harness.ledger.plain import (
    INT,
    LEAF,
    ROOT,
    SELF,
    alone,
    chain,
    intermediate,
    leaf,
    root,
    trusting,
)
from harness.pki.spec import (
    DAY,
    AuthorityKeyIdSpec,
    BasicConstraintsSpec,
    Entity,
    GeneralNameSpec,
    KeyId,
    KeyUsageSpec,
    NameConstraintsSpec,
    RawExtension,
    Scenario,
    SubtreeSpec,
    ca,
    end_entity,
)
from harness.probes.probe import Probe, probe

_CHECK_SS: Final = Flags.of("CHECK_SS_SIGNATURE")

_NO_CA: Final = BasicConstraintsSpec(ca=False)
_MAILBOX: Final = GeneralNameSpec(NameKind.OTHER, "1.3.6.1.5.5.7.8.9:a@b.example")
_EMPTY_USAGE: Final = RawExtension("2.5.29.15", b"\x03\x01\x00")
_POINT_OF_NOTHING: Final = RawExtension("2.5.29.31", b"\x30\x02\x30\x00")
_NO_CHECK: Final = RawExtension("1.3.6.1.5.5.7.48.1.5", b"\x05\x00", critical=True)
_MINIMUM_OF_ZERO: Final = RawExtension(
    "2.5.29.30", b"\x30\x10\xa0\x0e\x30\x0c\x82\x07example\x80\x01\x00", critical=True
)
"""permittedSubtrees: ``example``, with a minimum that DER would leave out."""


def _other(type_id: str) -> GeneralNameSpec:
    return GeneralNameSpec(NameKind.OTHER, f"{type_id}:x")


def _constrained(name: GeneralNameSpec, base: GeneralNameSpec) -> Scenario:
    """The plain chain: the leaf has the name, the root permits the base."""
    permitted = NameConstraintsSpec(permitted=(SubtreeSpec(base),))
    return chain(root(name_constraints=permitted), leaf(subject_alt_name=(name,)))


def _keyed(key: str, **changes: object) -> Scenario:
    """The plain chain with this key at the intermediate."""
    entity = Entity(INT.name, key)
    return chain(ca("int", entity, ROOT), end_entity("leaf", LEAF, entity, **changes))


def _outdated() -> Scenario:
    """Two intermediates of one key, both over: the later one first, the other no CA."""
    other = ca(
        "other-int",
        INT,
        ROOT,
        basic_constraints=_NO_CA,
        not_before=-30 * DAY,
        not_after=-2 * DAY,
    )
    scenario = chain(intermediate(not_before=-30 * DAY, not_after=-DAY), other)
    return replace(scenario, peer=("leaf", "int", "other-int"))


def _undecodable() -> Scenario:
    """A leaf whose key cannot be decoded, at security level 0, its issuer trusted."""
    broken = end_entity("leaf", Entity(LEAF.name, "broken-0"), INT)
    return trusting(chain(broken, security_level=0), "int", "root")


def _pinned_undecodable() -> Scenario:
    """A trusted end entity whose key cannot be decoded, at security level 0; no CRL."""
    broken = end_entity("leaf", Entity(LEAF.name, "broken-0"), INT)
    return alone(broken, security_level=0)


def _incomplete() -> Scenario:
    """A leaf whose DSA key lacks parameters, at security level 0; no CRL."""
    bare = end_entity("leaf", Entity(LEAF.name, "dsa-0"), INT)
    return chain(bare, crls=(), security_level=0)


def _unverified() -> Scenario:
    """A malformed certificate that signed itself wrongly, in the store."""
    return alone(
        end_entity(
            "leaf",
            SELF,
            SELF,
            basic_constraints=BasicConstraintsSpec(ca=False, path_length=-1),
            corrupt=True,
        )
    )


def _malformed_alone() -> Scenario:
    """One certificate that looks like a CA by keyUsage, and is malformed."""
    return alone(
        leaf(
            basic_constraints=None,
            key_usage=KeyUsageSpec(frozenset({"digitalSignature", "keyCertSign"})),
            extra=(RawExtension("2.5.29.31", b"\x05\x00"),),
        )
    )


PROBES: Final[tuple[Probe, ...]] = (
    probe("old-code-numbers", chain(intermediate(basic_constraints=_NO_CA)), DEFAULT),
    probe(
        "strict-profile",
        chain(leaf(authority_key_id=AuthorityKeyIdSpec(KeyId.ABSENT))),
        X509_STRICT,
    ),
    probe(
        "strict-path-length-everywhere",
        chain(leaf(basic_constraints=replace(_NO_CA, path_length=0))),
        X509_STRICT,
    ),
    probe("curve-checked-without-strict", _keyed("explicit-0"), DEFAULT),
    probe("malformed-may-be-ca", _malformed_alone(), X509_STRICT | X509_PARTIAL_CHAIN),
    probe("last-outdated-issuer", _outdated(), DEFAULT),
    probe("undecodable-key-ends-building", _undecodable(), DEFAULT),
    probe(
        "end-entity-key-needed",
        _pinned_undecodable(),
        X509_PARTIAL_CHAIN | CRL_CHECK_LEAF,
    ),
    probe("own-issuer-alone-verified", _unverified(), X509_PARTIAL_CHAIN | _CHECK_SS),
    probe("key-usage-may-be-empty", chain(leaf(extra=(_EMPTY_USAGE,))), DEFAULT),
    probe(
        "path-length-needs-ca",
        chain(leaf(basic_constraints=replace(_NO_CA, path_length=1))),
        DEFAULT,
    ),
    probe("point-without-a-name", chain(leaf(extra=(_POINT_OF_NOTHING,))), DEFAULT),
    probe("ocsp-no-check-may-be-critical", chain(leaf(extra=(_NO_CHECK,))), DEFAULT),
    probe(
        "digest-strength-by-size", chain(leaf(digest="sha1"), security_level=1), DEFAULT
    ),
    probe("dsa-parameters-inherited", _incomplete(), X509_STRICT | CRL_CHECK_LEAF),
    probe("rsa-strength-in-steps", _keyed("rsa2047-0"), DEFAULT),
    probe("pss-key-passes-for-rsa", _keyed("pss-0"), DEFAULT),
    probe(
        "constraint-minimum-may-be-zero",
        chain(
            root(extra=(_MINIMUM_OF_ZERO,)),
            leaf(subject_alt_name=(GeneralNameSpec.dns("example"),)),
        ),
        DEFAULT,
    ),
    probe(
        "other-names-by-type", _constrained(_other("1.2.3"), _other("1.2.4")), DEFAULT
    ),
    probe("mailbox-is-an-address", _constrained(_MAILBOX, _MAILBOX), DEFAULT),
)
"""Each the simplest case that shows its behaviour."""
