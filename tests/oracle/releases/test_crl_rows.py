"""Which certificates need a CRL, and checks on the one chosen, row by row.

Source: ``check_revocation``, ``check_crl``, ``cert_crl`` (x509_vfy.c).
"""

from dataclasses import replace
from typing import Final

import pytest

from harness.case import Source
from harness.flags import CRL_CHECK_ALL, CRL_CHECK_CHAIN, CRL_CHECK_LEAF, Flags
from harness.pki.spec import (
    DAY,
    HOUR,
    AuthorityKeyIdSpec,
    CrlSpec,
    Entity,
    KeyUsageSpec,
    NameSpec,
    RawExtension,
    Reason,
    RevokedSpec,
    Scenario,
    ca,
    end_entity,
)
from tests.oracle.releases.rows import (
    INT,
    LEAF,
    NO_AKI,
    NO_SKI,
    OTHER,
    PARTIAL,
    PLAIN,
    RELEASE,
    ROOT,
    Row,
    chain,
    leaf,
    middle,
    told,
    top,
)

LEAF_BIT: Final = CRL_CHECK_LEAF
CHAIN: Final = CRL_CHECK_CHAIN

INT_CRL: Final = CrlSpec("int-crl", INT)
ROOT_CRL: Final = CrlSpec("root-crl", ROOT)
LEAF_REVOKED: Final = replace(INT_CRL, revoked=(RevokedSpec("leaf"),))
INT_REVOKED: Final = replace(ROOT_CRL, revoked=(RevokedSpec("int"),))
ROOT_REVOKED: Final = replace(ROOT_CRL, revoked=(RevokedSpec("root"),))

SELF: Final = end_entity("self", LEAF, LEAF)
SELF_REVOKED: Final = CrlSpec("self-crl", LEAF, revoked=(RevokedSpec("self"),))
NO_CRL_SIGN: Final = KeyUsageSpec(frozenset({"keyCertSign"}))
SUB: Final = Entity(NameSpec.cn("Sub"), "p256-8")
CRITICAL: Final = (RawExtension("1.3.6.1.4.1.55555.1", b"\x05\x00", critical=True),)


def listed(**changes: object) -> Scenario:
    """The plain chain with the intermediate's CRL, changed."""
    return chain(crls=(replace(INT_CRL, **changes),))  # type: ignore[arg-type]


def because(reason: Reason) -> Scenario:
    """The plain chain with the leaf listed for that reason."""
    return listed(revoked=(RevokedSpec("leaf", reason),))


def three(*crls: CrlSpec) -> Scenario:
    """A chain of two intermediates with these CRLs."""
    return chain(leaf(SUB), ca("sub", SUB, INT), peer="leaf sub int", crls=crls)


WHICH_ROWS: Final = (
    Row("accept revoked unchecked", "ok", chain(crls=(LEAF_REVOKED,))),
    Row("reject no CRL", "3@0", chain(), LEAF_BIT),
    Row("accept leaf covered", "ok", chain(crls=(INT_CRL,)), LEAF_BIT),
    Row("reject revoked leaf", "23@0", chain(crls=(LEAF_REVOKED,)), LEAF_BIT),
    Row(
        "accept revoked intermediate leaf only",
        "ok",
        chain(crls=(INT_CRL, INT_REVOKED)),
        LEAF_BIT,
    ),
    Row(
        "reject revoked intermediate", "23@1", chain(crls=(INT_CRL, INT_REVOKED)), CHAIN
    ),
    Row("accept chain covered", "ok", chain(crls=(INT_CRL, ROOT_CRL)), CHAIN),
    Row("reject intermediate uncovered", "3@1", chain(crls=(INT_CRL,)), CHAIN),
    Row("reject leaf uncovered", "3@0", chain(crls=(ROOT_CRL,)), CHAIN),
    Row("reject both revoked", "23@0", chain(crls=(LEAF_REVOKED, INT_REVOKED)), CHAIN),
    Row("reject revoked root", "23@2", chain(crls=(INT_CRL, ROOT_REVOKED)), CHAIN),
    Row(
        "reject middle uncovered",
        "3@1",
        three(CrlSpec("sub-crl", SUB), ROOT_CRL),
        CHAIN,
    ),
    Row(
        "accept three covered",
        "ok",
        three(CrlSpec("sub-crl", SUB), INT_CRL, ROOT_CRL),
        CHAIN,
    ),
    Row("accept all without check", "ok", chain(crls=(LEAF_REVOKED,)), CRL_CHECK_ALL),
    Row(
        "accept leaf serial listed by root",
        "ok",
        chain(
            leaf(serial=77),
            crls=(INT_CRL, replace(ROOT_CRL, revoked=(RevokedSpec(77),))),
        ),
        CHAIN,
    ),
    Row(
        "reject self-signed leaf no CRL",
        "3@0",
        chain(SELF, peer="self", trusted="self"),
        LEAF_BIT,
    ),
    Row(
        "reject self-signed leaf no cRLSign",
        "35@0",
        chain(SELF, peer="self", trusted="self", crls=(SELF_REVOKED,)),
        LEAF_BIT,
    ),
    Row(
        "reject CRL loaded by cadata",
        "3@0",
        chain(crls=(INT_CRL,), source=Source.CADATA),
        LEAF_BIT,
    ),
    Row(
        "accept CRL loaded by capath",
        "ok",
        chain(crls=(INT_CRL,), source=Source.CAPATH),
        LEAF_BIT,
    ),
)

PARTIAL_ROWS: Final = (
    Row(
        "reject partial anchor covered by root",
        "3@1",
        chain(trusted="int", crls=(INT_CRL, ROOT_CRL)),
        CHAIN | PARTIAL,
        "leaf int",
    ),
    Row(
        "reject partial anchor covered by root without identifiers",
        "8@1",
        chain(
            middle(subject_key_id=NO_SKI),
            trusted="int",
            crls=(INT_CRL, ROOT_CRL),
        ),
        CHAIN | PARTIAL,
    ),
    Row(
        "reject partial anchor covered by root trusted too",
        "3@1",
        chain(trusted="int root", crls=(INT_CRL, ROOT_CRL)),
        CHAIN | PARTIAL,
    ),
    Row(
        "accept partial anchor vouching for itself",
        "ok",
        chain(
            trusted="int", crls=(INT_CRL, CrlSpec("odd", Entity(ROOT.name, INT.key)))
        ),
        CHAIN | PARTIAL,
    ),
    Row(
        "accept partial anchor leaf only",
        "ok",
        chain(trusted="int", crls=(INT_CRL,)),
        LEAF_BIT | PARTIAL,
    ),
    Row(
        "reject trusted leaf alone",
        "3@0",
        chain(peer="leaf", trusted="leaf", crls=(INT_CRL,)),
        LEAF_BIT | PARTIAL,
    ),
    Row(
        "reject trusted leaf alone no identifiers",
        "35@0",
        chain(
            leaf(subject_key_id=NO_SKI), peer="leaf", trusted="leaf", crls=(INT_CRL,)
        ),
        LEAF_BIT | PARTIAL,
    ),
    Row(
        "accept trusted leaf with issuer",
        "ok",
        chain(trusted="leaf", crls=(INT_CRL,)),
        LEAF_BIT | PARTIAL,
    ),
    Row(
        "reject trusted leaf with issuer revoked",
        "23@0",
        chain(trusted="leaf", crls=(LEAF_REVOKED,)),
        LEAF_BIT | PARTIAL,
    ),
)

CHECK_ROWS: Final = (
    Row("reject CRL of another issuer", "3@0", chain(crls=(ROOT_CRL,)), LEAF_BIT),
    Row(
        "reject CRL by another key",
        "3@0",
        chain(crls=(CrlSpec("odd", Entity(INT.name, "p256-9")),)),
        LEAF_BIT,
    ),
    Row("reject CRL forged", "8@0", listed(signed_by="p256-9"), LEAF_BIT),
    Row(
        "reject CRL forged without identifier",
        "8@0",
        listed(signed_by="p256-9", authority_key_id=NO_AKI),
        LEAF_BIT,
    ),
    Row("reject CRL expired", "12@0", listed(next_update=-HOUR), LEAF_BIT),
    Row(
        "reject CRL expired revoked",
        "12@0",
        listed(next_update=-HOUR, revoked=(RevokedSpec("leaf"),)),
        LEAF_BIT,
    ),
    Row(
        "reject CRL expired forged",
        "12@0",
        listed(next_update=-HOUR, corrupt=True),
        LEAF_BIT,
    ),
    Row(
        "reject CRL forged revoked",
        "8@0",
        listed(corrupt=True, revoked=(RevokedSpec("leaf"),)),
        LEAF_BIT,
    ),
    Row("reject CRL not yet valid", "11@0", listed(this_update=DAY), LEAF_BIT),
    Row(
        "accept CRL without end",
        "ok",
        listed(this_update=-1000 * DAY, next_update=None),
        LEAF_BIT,
    ),
    Row(
        "reject CRL issuer without cRLSign",
        "35@0",
        chain(middle(key_usage=NO_CRL_SIGN), crls=(INT_CRL,)),
        LEAF_BIT,
    ),
    Row(
        "reject CRL issuer without cRLSign expired",
        "35@0",
        chain(
            middle(key_usage=NO_CRL_SIGN), crls=(replace(INT_CRL, next_update=-HOUR),)
        ),
        LEAF_BIT,
    ),
    Row(
        "reject CRL issuer root without cRLSign",
        "35@1",
        chain(top(key_usage=NO_CRL_SIGN), crls=(INT_CRL, ROOT_CRL)),
        CHAIN,
    ),
    Row(
        "accept CRL issuer without key usage",
        "ok",
        chain(middle(key_usage=None), crls=(INT_CRL,)),
        LEAF_BIT,
    ),
    Row("reject unknown critical CRL", "36@0", listed(extra=CRITICAL), LEAF_BIT),
    Row(
        "reject unknown critical CRL revoked",
        "36@0",
        listed(extra=CRITICAL, revoked=(RevokedSpec("leaf"),)),
        LEAF_BIT,
    ),
    Row(
        "accept unknown critical CRL ignored",
        "ok",
        listed(extra=CRITICAL),
        LEAF_BIT | Flags.of("IGNORE_CRITICAL"),
    ),
    Row("reject critical CRL number", "36@0", listed(number_critical=True), LEAF_BIT),
    Row(
        "reject unknown critical entry of another",
        "36@0",
        listed(revoked=(RevokedSpec(99, extra=CRITICAL),)),
        LEAF_BIT,
    ),
    Row(
        "accept critical authority key identifier of CRL",
        "ok",
        listed(authority_key_id=AuthorityKeyIdSpec(critical=True)),
        LEAF_BIT,
    ),
    Row("reject leaf on hold", "23@0", because(Reason.HOLD), LEAF_BIT),
    Row("reject leaf superseded", "23@0", because(Reason.SUPERSEDED), LEAF_BIT),
    Row("accept leaf removed from CRL", "ok", because(Reason.REMOVE), LEAF_BIT),
    Row("accept CRL of version 1", "ok", listed(version=1), LEAF_BIT),
    Row("reject other root's CRL", "3@0", chain(crls=(CrlSpec("x", OTHER),)), LEAF_BIT),
)

ROWS: Final = (*WHICH_ROWS, *PARTIAL_ROWS, *CHECK_ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_crl_row(row: Row) -> None:
    """Which certificates need a CRL, and what is wrong with it, is foretold."""
    assert told(row) == (row.said, row.path)


@pytest.mark.parametrize(
    ("scenario", "flags"),
    [
        (chain(crls=(INT_CRL, ROOT_REVOKED)), CHAIN),
        (chain(SELF, peer="self", trusted="self"), LEAF_BIT),
    ],
    ids=["root in its own CRL", "self-signed leaf"],
)
def test_self_signed_skip(scenario: Scenario, flags: Flags) -> None:
    """Where *self-signed-needs-crl* is off, self-signed certificates need none."""
    row = Row("self-signed", "ok", scenario, flags)
    assert told(row)[0] != "ok"
    assert told(row, RELEASE.turned("self-signed-needs-crl"))[0] == "ok"
    assert told(replace(row, flags=PLAIN))[0] == "ok"
