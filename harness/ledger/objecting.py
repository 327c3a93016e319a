"""Witnesses of rules: the simplest case of every objection no other witness shows.

They are what ``docs/codes.md`` points to, and every run asks them of its targets.
"""

from dataclasses import replace
from typing import Final

from harness.case import PemLabel, Role
from harness.facts import NameKind
from harness.flags import (
    ALLOW_PROXY_CERTS,
    CRL_CHECK_LEAF,
    DEFAULT,
    X509_PARTIAL_CHAIN,
    X509_STRICT,
    Flags,
)
from harness.ledger.plain import (
    INT,
    INT_CRL,
    LEAF,
    OTHER,
    PROXY,
    ROOT_CRL,
    SELF,
    alone,
    chain,
    intermediate,
    leaf,
    proxied,
    proxy,
    root,
    trusting,
)
from harness.ledger.witness import Witness, witness
from harness.pki.spec import (
    DAY,
    AuthorityKeyIdSpec,
    BasicConstraintsSpec,
    CrlSpec,
    Entity,
    GeneralNameSpec,
    IssuingPointSpec,
    KeyId,
    KeyUsageSpec,
    NameConstraintsSpec,
    NameSpec,
    ProxySpec,
    RawExtension,
    Scenario,
    SubtreeSpec,
    TrustSpec,
    ca,
    end_entity,
)
from harness.pki.spec_policies import IPV4, AddressBlocksSpec, AddressFamilySpec

EXTENDED: Final = Flags.of("EXTENDED_CRL_SUPPORT")
IGNORE_CRITICAL: Final = Flags.of("IGNORE_CRITICAL")
NO_CHECK_TIME: Final = Flags.of("NO_CHECK_TIME")
EXPLICIT_POLICY: Final = Flags.of("EXPLICIT_POLICY")
SUITE_B: Final = Flags.of("SUITEB_128_LOS")
SUITE_B_192: Final = Flags.of("SUITEB_192_LOS")

_CRITICAL: Final = (RawExtension("1.2.3.4", b"\x05\x00", critical=True),)
_CERT_SIGN: Final = KeyUsageSpec(frozenset({"keyCertSign"}))
_SIGNING: Final = KeyUsageSpec(frozenset({"digitalSignature", "keyCertSign"}))
_AGREEING: Final = KeyUsageSpec(frozenset({"keyAgreement"}))
_SECOND: Final = Entity(NameSpec.cn("Second"), "p256-8")
_WEAK: Final = Entity(LEAF.name, "rsa1024-0")
_SELF: Final = end_entity("self", SELF, SELF)
_OTHER_INT: Final = Entity(INT.name, "p256-7")
_ALL: Final = AddressBlocksSpec((AddressFamilySpec(IPV4, ("0.0.0.0/0",)),))
_UNSORTED: Final = AddressBlocksSpec(
    (AddressFamilySpec(IPV4, ("192.0.2.0/24", "10.0.0.0/8")),)
)


def _constrained(
    *,
    permitted: tuple[SubtreeSpec, ...] = (),
    excluded: tuple[SubtreeSpec, ...] = (),
    **changes: object,
) -> Scenario:
    """The plain chain under an intermediate with these name constraints."""
    constraints = NameConstraintsSpec(permitted, excluded)
    return chain(intermediate(name_constraints=constraints), leaf(**changes))


def _named(kind: NameKind, value: str) -> SubtreeSpec:
    return SubtreeSpec(GeneralNameSpec(kind, value))


_BUILDING: Final = (
    *witness(
        "self-signed-leaf-untrusted",
        replace(alone(_SELF), trusted=()),
        DEFAULT,
        X509_PARTIAL_CHAIN,
    ),
    *witness(
        "root-sent-untrusted",
        trusting(chain(peer=("leaf", "int", "root"))),
        DEFAULT,
        X509_PARTIAL_CHAIN,
    ),
    *witness(
        "anchor-rejected-by-settings",
        chain(
            trusted=(
                TrustSpec(
                    "root",
                    PemLabel.TRUSTED_CERTIFICATE,
                    reject=("serverAuth", "clientAuth"),
                ),
            )
        ),
        DEFAULT,
        X509_PARTIAL_CHAIN,
    ),
    *witness("weak-leaf-key", chain(end_entity("leaf", _WEAK, INT)), DEFAULT),
    *witness(
        "pinned-leaf-of-no-key",
        alone(end_entity("leaf", Entity(LEAF.name, "broken-0"), INT), security_level=0),
        X509_PARTIAL_CHAIN | CRL_CHECK_LEAF,
    ),
    *witness("weak-leaf-digest", chain(leaf(digest="sha1")), DEFAULT),
)

_EXTENSIONS: Final = (
    *witness(
        "path-length-exceeded",
        chain(
            intermediate(basic_constraints=BasicConstraintsSpec(ca=True)),
            root(basic_constraints=BasicConstraintsSpec(ca=True, path_length=0)),
            ca("second", _SECOND, INT),
            end_entity("leaf", LEAF, _SECOND),
            peer=("leaf", "second", "int"),
        ),
        DEFAULT,
    ),
    *witness(
        "cert-sign-without-ca", chain(leaf(key_usage=_SIGNING)), DEFAULT, X509_STRICT
    ),
    *witness(
        "leaf-may-be-a-ca",
        chain(leaf(basic_constraints=None, key_usage=_SIGNING)),
        DEFAULT,
        X509_STRICT,
    ),
    *witness(
        "root-without-constraints",
        chain(root(basic_constraints=None)),
        DEFAULT,
        X509_STRICT,
    ),
    *witness(
        "authority-key-id-empty",
        chain(leaf(authority_key_id=AuthorityKeyIdSpec(KeyId.EMPTY))),
        DEFAULT,
        X509_STRICT,
    ),
    *witness("extensions-in-version-1", chain(leaf(version=1)), DEFAULT, X509_STRICT),
    *witness(
        "proxy-of-a-ca",
        chain(
            end_entity(
                "proxy",
                Entity(INT.name.plus("proxy"), PROXY.key),
                INT,
                proxy=ProxySpec(),
                subject_alt_name=None,
                basic_constraints=None,
            ),
            peer=("proxy", "int"),
        ),
        DEFAULT,
        ALLOW_PROXY_CERTS,
    ),
    *witness(
        "proxy-issuer-may-not-sign",
        proxied(leaf(key_usage=_AGREEING)),
        DEFAULT,
        ALLOW_PROXY_CERTS,
    ),
    *witness(
        "proxy-of-another-name",
        proxied(replace(proxy(), subject=_SECOND)),
        DEFAULT,
        ALLOW_PROXY_CERTS,
    ),
)

_RAW: Final = (
    *witness("no-policy", chain(), DEFAULT, EXPLICIT_POLICY),
    *witness(
        "resources-unsorted",
        chain(
            root(addresses=_ALL),
            intermediate(addresses=_ALL),
            leaf(addresses=_UNSORTED),
        ),
        DEFAULT,
    ),
    *witness(
        "resources-not-held", chain(leaf(addresses=_ALL)), DEFAULT, IGNORE_CRITICAL
    ),
    *witness("suite-b-version-1", chain(leaf(version=1)), DEFAULT, SUITE_B),
    *witness(
        "suite-b-rsa-leaf",
        chain(end_entity("leaf", Entity(LEAF.name, "rsa2048-0"), INT)),
        DEFAULT,
        SUITE_B,
    ),
    *witness("suite-b-other-digest", chain(leaf(digest="sha384")), DEFAULT, SUITE_B),
    *witness("suite-b-192-of-p-256", chain(), DEFAULT, SUITE_B_192),
    *witness(
        "suite-b-p-384-under-p-256",
        chain(end_entity("leaf", Entity(LEAF.name, "p384-0"), INT)),
        DEFAULT,
        SUITE_B,
    ),
)

_CRLS: Final = (
    *witness(
        "crl-for-cas",
        chain(
            crls=(
                ROOT_CRL,
                replace(INT_CRL, issuing_point=IssuingPointSpec(only_ca=True)),
            )
        ),
        DEFAULT,
        CRL_CHECK_LEAF,
    ),
    *witness(
        "crl-unknown-critical",
        chain(crls=(ROOT_CRL, replace(INT_CRL, extra=_CRITICAL))),
        DEFAULT,
        CRL_CHECK_LEAF,
        CRL_CHECK_LEAF | IGNORE_CRITICAL,
    ),
    *witness(
        "crl-issuer-under-another-root",
        chain(
            ca("other-int", _OTHER_INT, OTHER),
            peer=("leaf", "int", "other-int"),
            crls=(CrlSpec("other-crl", _OTHER_INT),),
        ),
        DEFAULT,
        CRL_CHECK_LEAF,
        CRL_CHECK_LEAF | EXTENDED,
    ),
)

_LATER: Final = (
    *witness("future-leaf", chain(leaf(not_before=DAY)), DEFAULT, NO_CHECK_TIME),
    *witness("other-address", chain(name="192.0.2.1"), DEFAULT, roles=(Role.CLIENT,)),
    *witness(
        "name-not-permitted",
        _constrained(permitted=(_named(NameKind.DNS, "other.example"),)),
        DEFAULT,
    ),
    *witness(
        "name-excluded",
        _constrained(excluded=(_named(NameKind.DNS, "leaf.example"),)),
        DEFAULT,
    ),
    *witness(
        "constraint-with-minimum",
        _constrained(
            permitted=(SubtreeSpec(GeneralNameSpec.dns("leaf.example"), minimum=1),)
        ),
        DEFAULT,
    ),
    *witness(
        "constraint-of-a-kind-not-handled",
        _constrained(
            excluded=(_named(NameKind.REGISTERED_ID, "1.2.3"),),
            subject_alt_name=(
                GeneralNameSpec.dns("leaf.example"),
                GeneralNameSpec(NameKind.REGISTERED_ID, "1.2.3"),
            ),
        ),
        DEFAULT,
    ),
    *witness(
        "constrained-name-unreadable",
        _constrained(
            permitted=(_named(NameKind.URI, "leaf.example"),),
            subject_alt_name=(GeneralNameSpec.uri("no host in here"),),
        ),
        DEFAULT,
    ),
)

OBJECTING: Final[tuple[Witness, ...]] = (
    *_BUILDING,
    *_EXTENSIONS,
    *_RAW,
    *_CRLS,
    *_LATER,
)
"""Every witness that is there for its code."""
