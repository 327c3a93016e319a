"""Witnesses of the ledger's entries, each the simplest case that shows one."""

from dataclasses import replace
from typing import Final

from harness.case import PemLabel
from harness.flags import (
    ALLOW_PROXY_CERTS,
    CRL_CHECK_CHAIN,
    CRL_CHECK_LEAF,
    DEFAULT,
    PRESETS,
    RAW,
    X509_PARTIAL_CHAIN,
    X509_STRICT,
    X509_TRUSTED_FIRST,
    Flags,
)
from harness.ledger.plain import (
    INT,
    INT_CRL,
    NAMELESS_BETWEEN,
    NUMBERLESS,
    OVER,
    PROXY,
    ROOT,
    ROOT_CRL,
    SELF,
    alone,
    chain,
    intermediate,
    leaf,
    proxied,
    proxy,
    revoking,
    root,
    trusting,
)
from harness.ledger.witness import Witness, witness
from harness.pki.spec import (
    HOUR,
    BasicConstraintsSpec,
    CrlSpec,
    Entity,
    ProxySpec,
    TrustSpec,
    ca,
    end_entity,
)
from harness.pki.spec_policies import AddressBlocksSpec, AddressFamilySpec

_HELD: Final = AddressBlocksSpec((AddressFamilySpec(ranges=("192.0.2.0/24",)),))

_CHECK_SS: Final = Flags.of("CHECK_SS_SIGNATURE")
_USE_DELTAS: Final = Flags(RAW["USE_DELTAS"])
_NEWER: Final = -HOUR
_OLD_INT: Final = Entity(INT.name, "p256-6")
_DELTA: Final = replace(
    INT_CRL, label="delta", number=2, base_number=1, this_update=_NEWER
)

_BY_SETTINGS: Final = TrustSpec(
    "int", PemLabel.TRUSTED_CERTIFICATE, trust=("serverAuth", "clientAuth")
)

_ROLLED_OVER: Final = chain(
    ca("int-old", _OLD_INT, ROOT),
    ca("int", INT, _OLD_INT),
    crls=(ROOT_CRL, CrlSpec("old-int-crl", _OLD_INT)),
    peer=("leaf", "int", "int-old"),
)
"""The leaf's issuer is the intermediate's new key; only its old key issued a CRL."""

SHOWING: Final[tuple[Witness, ...]] = (
    *witness(
        "proxy-of-revoked-holder",
        proxied(crls=(ROOT_CRL, revoking("leaf"))),
        ALLOW_PROXY_CERTS,
        ALLOW_PROXY_CERTS | CRL_CHECK_LEAF,
        ALLOW_PROXY_CERTS | CRL_CHECK_CHAIN,
        entry="proxy-leaves-holder-unchecked",
    ),
    *witness(
        "intermediate-and-root-trusted",
        trusting(chain(), "int", "root"),
        DEFAULT,
        X509_PARTIAL_CHAIN,
        X509_PARTIAL_CHAIN | CRL_CHECK_LEAF,
        X509_PARTIAL_CHAIN | CRL_CHECK_CHAIN,
        CRL_CHECK_CHAIN,
        Flags(PRESETS["default-3.13"]),
        Flags(PRESETS["default-3.13"]) | CRL_CHECK_CHAIN,
        entry="partial-anchor-wants-a-crl-of-its-own",
    ),
    *witness(
        "delta-hides-revocation",
        chain(crls=(ROOT_CRL, revoking("leaf"), _DELTA)),
        DEFAULT,
        CRL_CHECK_LEAF,
        CRL_CHECK_CHAIN,
        entry="delta-taken-for-complete",
    ),
    *witness(
        "malformed-and-wrongly-self-signed",
        alone(
            end_entity(
                "leaf",
                SELF,
                SELF,
                basic_constraints=BasicConstraintsSpec(ca=False, path_length=-1),
                corrupt=True,
            )
        ),
        X509_PARTIAL_CHAIN,
        X509_PARTIAL_CHAIN | _CHECK_SS,
        entry="malformed-anchor-not-verified",
    ),
    *witness(
        "rolled-over-with-old-crl",
        _ROLLED_OVER,
        DEFAULT,
        CRL_CHECK_LEAF,
        entry="namesake-signs-crl",
    ),
    *witness(
        "forged-newer-crl",
        chain(
            crls=(
                ROOT_CRL,
                INT_CRL,
                replace(
                    INT_CRL, label="forged", this_update=_NEWER, signed_by="p256-9"
                ),
            )
        ),
        DEFAULT,
        CRL_CHECK_LEAF,
        CRL_CHECK_CHAIN,
        entry="forged-crl-shadows-good",
    ),
    *witness(
        "pinned-leaf-with-intermediate",
        trusting(chain(), "leaf"),
        DEFAULT,
        X509_PARTIAL_CHAIN,
        entry="pinned-leaf-keeps-peers-path",
    ),
    *witness(
        "expired-anchor-by-trust-settings",
        chain(intermediate(**OVER), trusted=(_BY_SETTINGS,)),
        DEFAULT,
        X509_TRUSTED_FIRST,
        entry="trusted-anchor-may-be-expired",
    ),
    *witness(
        "expired-anchor-by-settings-and-flag",
        chain(intermediate(**OVER), trusted=(_BY_SETTINGS,)),
        DEFAULT,
        X509_PARTIAL_CHAIN,
        entry="partial-chain-looks-at-trusted-anchor",
    ),
    *witness(
        "anchor-inherits-its-addresses",
        trusting(
            chain(
                leaf(addresses=_HELD),
                intermediate(addresses=AddressBlocksSpec((AddressFamilySpec(),))),
                root(addresses=_HELD),
            ),
            "int",
            "root",
        ),
        DEFAULT,
        X509_PARTIAL_CHAIN,
        entry="partial-anchor-inherits-resources",
    ),
    *witness(
        "two-proxies-of-one-limit",
        chain(
            proxy(proxy=ProxySpec(1)),
            end_entity(
                "second",
                Entity(PROXY.name.plus("second"), "p256-7"),
                PROXY,
                proxy=ProxySpec(1),
                subject_alt_name=None,
                basic_constraints=None,
            ),
            peer=("second", "proxy", "leaf", "int"),
        ),
        DEFAULT,
        ALLOW_PROXY_CERTS,
        entry="proxy-limit-counts-unused-length",
    ),
    *witness(
        "two-intermediates-of-one-key",
        trusting(chain(ca("stored", INT, ROOT)), "stored", "root"),
        DEFAULT,
        X509_TRUSTED_FIRST,
        entry="trusted-first-cannot-be-cleared",
    ),
    *witness(
        "nameless-between-anchors",
        NAMELESS_BETWEEN,
        DEFAULT,
        entry="empty-name-hides-what-is-loaded",
    ),
    *witness(
        "numberless-delta",
        NUMBERLESS,
        CRL_CHECK_LEAF,
        CRL_CHECK_LEAF | _USE_DELTAS,
        entry="numberless-delta-ends-the-process",
    ),
    *witness(
        "single-certificate",
        alone(end_entity("self", SELF, SELF, subject_alt_name=())),
        DEFAULT,
        X509_STRICT,
        entry="strict-skips-single-certificate",
    ),
)
"""A witness, in both roles, for every entry that certificates can show."""
