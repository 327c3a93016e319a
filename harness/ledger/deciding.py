"""Witnesses that decide every side of every sentence, in each role it applies to.

Each is the simplest case of its side: a plain chain and one departure.
"""

from dataclasses import replace
from typing import Final

from harness.case import Role
from harness.flags import (
    ALLOW_PROXY_CERTS,
    CRL_CHECK_ALL,
    CRL_CHECK_CHAIN,
    CRL_CHECK_LEAF,
    DEFAULT,
    X509_PARTIAL_CHAIN,
    X509_STRICT,
    X509_TRUSTED_FIRST,
    Flags,
)
from harness.ledger.plain import (
    INT,
    INT_CRL,
    LEAF,
    OTHER,
    OVER,
    ROOT,
    ROOT_CRL,
    chain,
    intermediate,
    leaf,
    proxied,
    revoking,
    root,
    trusting,
)
from harness.ledger.witness import Witness, witness
from harness.pki.spec import (
    AuthorityKeyIdSpec,
    BasicConstraintsSpec,
    Entity,
    ExtendedKeyUsageSpec,
    IssuingPointSpec,
    KeyId,
    KeyUsageSpec,
    NameSpec,
    RawExtension,
    SubjectKeyIdSpec,
    ca,
    end_entity,
)

EXTENDED: Final = Flags.of("EXTENDED_CRL_SUPPORT")
USE_DELTAS: Final = Flags.of("USE_DELTAS")
IGNORE_CRITICAL: Final = Flags.of("IGNORE_CRITICAL")
NO_CHECK_TIME: Final = Flags.of("NO_CHECK_TIME")
CHECK_SS: Final = Flags.of("CHECK_SS_SIGNATURE")
ALL: Final = (
    DEFAULT,
    X509_TRUSTED_FIRST,
    CRL_CHECK_LEAF,
    CRL_CHECK_CHAIN,
    CRL_CHECK_ALL,
    X509_STRICT,
    X509_STRICT | CRL_CHECK_CHAIN,
    ALLOW_PROXY_CERTS,
    X509_PARTIAL_CHAIN,
    Flags(0x88020),
    Flags(0x8802C),
)

_NAMELESS: Final = Entity(NameSpec(), "p256-6")
_NO_AKI: Final = AuthorityKeyIdSpec(KeyId.ABSENT)
_STORED: Final = ca("stored", INT, ROOT)
_REVOKED: Final = chain(crls=(ROOT_CRL, revoking("leaf")))
_INT_REVOKED: Final = chain(crls=(revoking("int", ROOT_CRL), INT_CRL))
_NO_KEY_ID: Final = SubjectKeyIdSpec(KeyId.ABSENT)
_CERT_SIGN_ONLY: Final = KeyUsageSpec(frozenset({"keyCertSign"}))
_CRL_SIGN_ONLY: Final = KeyUsageSpec(frozenset({"cRLSign"}))
_INDIRECT: Final = replace(INT_CRL, issuing_point=IssuingPointSpec(indirect=True))

_CRLS: Final = (
    *witness("plain", chain(), *ALL),
    *witness("leaf-revoked", _REVOKED, *ALL),
    *witness("int-revoked", _INT_REVOKED, *ALL),
    *witness("no-crl", chain(crls=()), *ALL),
    *witness(
        "expired-crl",
        chain(
            crls=(
                ROOT_CRL,
                replace(INT_CRL, this_update=-20 * 86400, next_update=-86400),
            )
        ),
        DEFAULT,
        CRL_CHECK_LEAF,
        CRL_CHECK_CHAIN,
    ),
    *witness(
        "future-crl",
        chain(crls=(ROOT_CRL, replace(INT_CRL, this_update=86400))),
        DEFAULT,
        CRL_CHECK_LEAF,
        CRL_CHECK_CHAIN,
    ),
    *witness(
        "forged-crl",
        chain(crls=(ROOT_CRL, replace(INT_CRL, signed_by="p256-9"))),
        DEFAULT,
        CRL_CHECK_LEAF,
        CRL_CHECK_CHAIN,
    ),
    *witness(
        "crl-issuer-may-not-sign-crls",
        chain(intermediate(key_usage=_CERT_SIGN_ONLY)),
        DEFAULT,
        CRL_CHECK_LEAF,
        CRL_CHECK_CHAIN,
    ),
    *witness(
        "no-root-crl",
        chain(crls=(INT_CRL,)),
        DEFAULT,
        CRL_CHECK_LEAF,
        CRL_CHECK_CHAIN,
    ),
    *witness(
        "indirect-crl",
        chain(crls=(ROOT_CRL, _INDIRECT)),
        DEFAULT,
        CRL_CHECK_LEAF,
        CRL_CHECK_CHAIN,
        CRL_CHECK_LEAF | EXTENDED,
    ),
)

_BEHAVING: Final = (
    *witness(
        "crl-algorithms-differ",
        chain(crls=(ROOT_CRL, replace(INT_CRL, outer_digest="sha384"))),
        DEFAULT,
        CRL_CHECK_LEAF,
        CRL_CHECK_CHAIN,
    ),
    *witness(
        "name-in-alternative-name-alone",
        chain(end_entity("leaf", Entity(NameSpec(), LEAF.key), INT)),
        DEFAULT,
        X509_STRICT,
    ),
)
"""Cases that feel a behaviour which no other witness feels."""

_STRICT_PARTS: Final = {
    "ca-constraints-critical": chain(
        intermediate(basic_constraints=BasicConstraintsSpec(ca=True, critical=False))
    ),
    "ca-key-usage": chain(intermediate(key_usage=None)),
    "path-length-key-usage": chain(
        leaf(basic_constraints=BasicConstraintsSpec(ca=True, path_length=0))
    ),
    "path-length-non-ca": chain(
        leaf(basic_constraints=BasicConstraintsSpec(ca=False, path_length=0))
    ),
    "issuer-name": chain(
        ca("int", _NAMELESS, ROOT), end_entity("leaf", LEAF, _NAMELESS), crls=()
    ),
    "subject-name": chain(
        end_entity("leaf", Entity(NameSpec(), LEAF.key), INT, subject_alt_name=None)
    ),
    "alternative-name": chain(leaf(subject_alt_name=())),
    "signature-algorithm": chain(leaf(outer_digest="sha384")),
    "key-ids-not-critical": chain(
        leaf(authority_key_id=AuthorityKeyIdSpec(critical=True))
    ),
    "authority-key-id": chain(leaf(authority_key_id=_NO_AKI)),
    "subject-key-id": chain(root(subject_key_id=_NO_KEY_ID)),
}
"""By the last part of the sentence's id."""

_STRICT: Final = tuple(
    item
    for name, scenario in _STRICT_PARTS.items()
    for item in witness(
        f"strict-{name}",
        scenario,
        DEFAULT,
        X509_STRICT,
        Flags(0x8000),
        Flags(0x88020),
    )
)

_BUILDING: Final = (
    *witness(
        "proxy",
        proxied(),
        DEFAULT,
        X509_TRUSTED_FIRST,
        ALLOW_PROXY_CERTS,
        ALLOW_PROXY_CERTS | X509_STRICT,
        ALLOW_PROXY_CERTS | CRL_CHECK_CHAIN,
    ),
    *witness("int-trusted", trusting(chain(), "int"), *ALL),
    *witness("nothing-trusted", trusting(chain()), DEFAULT, X509_PARTIAL_CHAIN),
    *witness(
        "good-store-beats-expired-peer",
        trusting(chain(_STORED, intermediate(**OVER)), "stored", "root"),
        DEFAULT,
        X509_TRUSTED_FIRST,
    ),
    *witness(
        "expired-store-beats-good-peer",
        trusting(chain(ca("stored", INT, ROOT, **OVER)), "stored", "root"),
        DEFAULT,
        X509_TRUSTED_FIRST,
    ),
    *witness(
        "dead-end-in-store",
        trusting(chain(ca("stored", INT, OTHER)), "stored", "root"),
        DEFAULT,
        X509_TRUSTED_FIRST,
        X509_PARTIAL_CHAIN,
    ),
)

_ALWAYS: Final = (
    *witness("expired-leaf", chain(leaf(**OVER)), DEFAULT, NO_CHECK_TIME),
    *witness("expired-root", chain(root(**OVER)), DEFAULT, NO_CHECK_TIME),
    *witness("corrupt-leaf", chain(leaf(corrupt=True)), DEFAULT, X509_STRICT),
    *witness(
        "corrupt-root",
        chain(root(corrupt=True)),
        DEFAULT,
        CHECK_SS,
        X509_STRICT,
    ),
    *witness("plain-root-signature", chain(), DEFAULT, CHECK_SS),
    *witness(
        "unknown-critical",
        chain(leaf(extra=(RawExtension("1.2.3.4", b"\x05\x00", critical=True),))),
        DEFAULT,
        IGNORE_CRITICAL,
        X509_STRICT,
    ),
    *witness(
        "int-not-a-ca",
        chain(intermediate(basic_constraints=BasicConstraintsSpec(ca=False))),
        DEFAULT,
    ),
    *witness(
        "int-may-not-sign", chain(intermediate(key_usage=_CRL_SIGN_ONLY)), DEFAULT
    ),
    *witness(
        "wrong-purpose",
        chain(leaf(extended_key_usage=ExtendedKeyUsageSpec(("codeSigning",)))),
        DEFAULT,
    ),
    *witness(
        "weak-int-key",
        chain(
            ca("int", Entity(INT.name, "rsa1024-0"), ROOT),
            end_entity("leaf", LEAF, Entity(INT.name, "rsa1024-0")),
            crls=(),
        ),
        DEFAULT,
    ),
    *witness(
        "other-host",
        chain(name="other.example"),
        DEFAULT,
        X509_STRICT,
        roles=(Role.CLIENT,),
    ),
    *witness("right-host", chain(name="leaf.example"), *ALL, roles=(Role.CLIENT,)),
)

DECIDING: Final[tuple[Witness, ...]] = (
    *_CRLS,
    *_BEHAVING,
    *_STRICT,
    *_BUILDING,
    *_ALWAYS,
)
"""Every witness that shows no ledger entry."""
