"""Which of several CRLs is chosen, scopes and delta CRLs, row by row.

Source: ``get_crl_sk``, ``get_crl_score``, ``crl_crldp_check`` (x509_vfy.c).
"""

from dataclasses import replace
from typing import Final

import pytest

from harness.flags import CRL_CHECK_CHAIN, CRL_CHECK_LEAF, Flags
from harness.oracle.releases.behaviours import release_for
from harness.pki.spec import (
    DAY,
    HOUR,
    AuthorityKeyIdSpec,
    CrlSpec,
    Entity,
    GeneralNameSpec,
    IssuingPointSpec,
    NameSpec,
    PointSpec,
    RawExtension,
    RevokedSpec,
    Scenario,
    ca,
)
from tests.oracle.releases.rows import (
    INT,
    NO_AKI,
    RELEASE,
    ROOT,
    Row,
    chain,
    leaf,
    told,
)

LEAF_BIT: Final = CRL_CHECK_LEAF
CHAIN: Final = CRL_CHECK_CHAIN
EXTENDED: Final = Flags.of("EXTENDED_CRL_SUPPORT")
DELTAS: Final = Flags.of("EXTENDED_CRL_SUPPORT", "USE_DELTAS")

CLEAN: Final = CrlSpec("clean", INT)
REVOKES: Final = CrlSpec("revokes", INT, revoked=(RevokedSpec("leaf"),))
OLDER: Final = -2 * DAY
NEWER: Final = -HOUR
ROOT_CRL: Final = CrlSpec("root-crl", ROOT)

POINT: Final = GeneralNameSpec.uri("http://crl.example/1")
ELSEWHERE: Final = GeneralNameSpec.uri("http://crl.example/2")
FRESHEST: Final = (RawExtension("2.5.29.46", b"\x30\x00"),)
CRITICAL: Final = (RawExtension("1.3.6.1.4.1.55555.1", b"\x05\x00", critical=True),)
CRL_NAME: Final = Entity(NameSpec.cn("CRL Issuer"), "p256-10")


def lists(*crls: CrlSpec) -> Scenario:
    """The plain chain with these CRLs."""
    return chain(crls=crls)


def scoped(*, points: tuple[PointSpec, ...] = (), **scope: object) -> Scenario:
    """The plain chain with a clean CRL of that scope; ``points`` are the leaf's."""
    point = IssuingPointSpec(**scope)  # type: ignore[arg-type]
    return chain(
        leaf(distribution_points=points),
        crls=(replace(CLEAN, issuing_point=point),),
    )


ROLLED: Final = Entity(INT.name, "p256-7")
NEW_KEY: Final = ca("int", INT, ROLLED)
OLD_KEY: Final = ca("old-int", ROLLED, ROOT)


def rolled(*crls: CrlSpec) -> Scenario:
    """A leaf under the new key of an intermediate whose old key vouches for it."""
    return chain(NEW_KEY, OLD_KEY, peer="leaf int old-int", crls=crls)


OLD_REVOKES: Final = CrlSpec(
    "old-key", ROLLED, this_update=NEWER, revoked=(RevokedSpec("leaf"),)
)

SCORE_ROWS: Final = (
    Row(
        "accept revoked by older",
        "ok",
        lists(CLEAN, replace(REVOKES, this_update=OLDER)),
        LEAF_BIT,
    ),
    Row(
        "reject revoked by newer",
        "23@0",
        lists(CLEAN, replace(REVOKES, this_update=NEWER)),
        LEAF_BIT,
    ),
    Row("accept same date clean first", "ok", lists(CLEAN, REVOKES), LEAF_BIT),
    Row("reject same date revoked first", "23@0", lists(REVOKES, CLEAN), LEAF_BIT),
    Row(
        "accept revoked by higher number but older",
        "ok",
        lists(replace(REVOKES, number=9, this_update=OLDER), CLEAN),
        LEAF_BIT,
    ),
    Row(
        "accept revoked by newer but expired",
        "ok",
        lists(replace(REVOKES, this_update=NEWER, next_update=-1), CLEAN),
        LEAF_BIT,
    ),
    Row(
        "reject newer forged",
        "8@0",
        lists(CLEAN, replace(REVOKES, this_update=NEWER, signed_by="p256-9")),
        LEAF_BIT,
    ),
    Row(
        "accept newer forged by its own key",
        "ok",
        lists(
            CLEAN,
            replace(REVOKES, issuer=Entity(INT.name, "p256-9"), this_update=NEWER),
        ),
        LEAF_BIT,
    ),
    Row(
        "reject expired before unknown critical",
        "12@0",
        lists(replace(CLEAN, extra=CRITICAL), replace(REVOKES, next_update=-1)),
        LEAF_BIT,
    ),
    Row(
        "accept revoked by newer of old key",
        "ok",
        rolled(CLEAN, OLD_REVOKES),
        LEAF_BIT,
    ),
    Row("reject revoked by old key alone", "23@0", rolled(OLD_REVOKES), LEAF_BIT),
    Row(
        "accept covered by old key alone",
        "ok",
        rolled(replace(OLD_REVOKES, revoked=())),
        LEAF_BIT,
    ),
    Row(
        "accept same CRL loaded twice",
        "ok",
        chain(crls=(CLEAN,), loaded="clean clean"),
        LEAF_BIT,
    ),
)

SCOPE_ROWS: Final = (
    Row("reject indirect", "3@0", scoped(indirect=True), LEAF_BIT),
    Row(
        "reject only some reasons",
        "3@0",
        scoped(reasons=frozenset({"keyCompromise"})),
        LEAF_BIT,
    ),
    Row("reject two only", "3@0", scoped(only_user=True, only_ca=True), LEAF_BIT),
    Row("reject only CA for leaf", "44@0", scoped(only_ca=True), LEAF_BIT),
    Row("reject only attribute", "44@0", scoped(only_attribute=True), LEAF_BIT),
    Row("accept only user for leaf", "ok", scoped(only_user=True), LEAF_BIT),
    Row(
        "reject only user for intermediate",
        "44@1",
        lists(CLEAN, replace(ROOT_CRL, issuing_point=IssuingPointSpec(only_user=True))),
        CHAIN,
    ),
    Row(
        "accept only CA for intermediate",
        "ok",
        lists(CLEAN, replace(ROOT_CRL, issuing_point=IssuingPointSpec(only_ca=True))),
        CHAIN,
    ),
    Row("reject point the leaf lacks", "44@0", scoped(full=(POINT,)), LEAF_BIT),
    Row(
        "reject point other than the leaf's",
        "44@0",
        scoped(full=(POINT,), points=(PointSpec((ELSEWHERE,)),)),
        LEAF_BIT,
    ),
    Row(
        "accept point of the leaf",
        "ok",
        scoped(full=(POINT,), points=(PointSpec((ELSEWHERE,)), PointSpec((POINT,)))),
        LEAF_BIT,
    ),
    Row(
        "accept one of several point names",
        "ok",
        scoped(full=(ELSEWHERE, POINT), points=(PointSpec((POINT,)),)),
        LEAF_BIT,
    ),
    Row(
        "accept no point where the leaf has one",
        "ok",
        chain(leaf(distribution_points=(PointSpec((POINT,)),)), crls=(CLEAN,)),
        LEAF_BIT,
    ),
    Row(
        "reject point of some reasons",
        "3@0",
        chain(
            leaf(
                distribution_points=(
                    PointSpec((POINT,), reasons=frozenset({"keyCompromise"})),
                )
            ),
            crls=(CLEAN,),
        ),
        LEAF_BIT,
    ),
    Row(
        "reject revoked point of some reasons",
        "23@0",
        chain(
            leaf(
                distribution_points=(
                    PointSpec((POINT,), reasons=frozenset({"keyCompromise"})),
                )
            ),
            crls=(REVOKES,),
        ),
        LEAF_BIT,
    ),
    Row("accept empty issuing point", "ok", scoped(), LEAF_BIT),
)

BASE: Final = replace(CLEAN, number=2)
DELTA: Final = CrlSpec(
    "delta", INT, number=3, base_number=2, this_update=NEWER, extra=FRESHEST
)

DELTA_ROWS: Final = (
    Row("accept delta as if complete", "ok", lists(replace(DELTA, extra=())), LEAF_BIT),
    Row(
        "accept newer clean delta base revokes",
        "ok",
        lists(replace(REVOKES, number=2), DELTA),
        LEAF_BIT,
    ),
    Row(
        "reject revoked by delta",
        "23@0",
        lists(BASE, replace(DELTA, revoked=(RevokedSpec("leaf"),))),
        LEAF_BIT,
    ),
    Row("reject delta alone extended", "3@0", lists(DELTA), LEAF_BIT | EXTENDED),
    Row(
        "reject base revokes extended",
        "23@0",
        lists(replace(REVOKES, number=2), DELTA),
        LEAF_BIT | EXTENDED,
    ),
    Row(
        "accept revoked by delta not asked",
        "ok",
        lists(
            replace(BASE, extra=FRESHEST),
            replace(DELTA, revoked=(RevokedSpec("leaf"),)),
        ),
        LEAF_BIT | EXTENDED,
    ),
    Row(
        "reject revoked by delta asked",
        "23@0",
        lists(
            replace(BASE, extra=FRESHEST),
            replace(DELTA, revoked=(RevokedSpec("leaf"),)),
        ),
        LEAF_BIT | DELTAS,
    ),
    Row(
        "accept revoked by delta without freshest",
        "ok",
        lists(BASE, replace(DELTA, revoked=(RevokedSpec("leaf"),), extra=())),
        LEAF_BIT | DELTAS,
    ),
    Row(
        "accept revoked by delta of newer base",
        "ok",
        lists(
            replace(BASE, extra=FRESHEST),
            replace(DELTA, base_number=3, number=4, revoked=(RevokedSpec("leaf"),)),
        ),
        LEAF_BIT | DELTAS,
    ),
)

EXTENDED_ROWS: Final = (
    Row(
        "reject reasons incomplete",
        "3@0",
        scoped(reasons=frozenset({"keyCompromise"})),
        LEAF_BIT | EXTENDED,
    ),
    Row("accept no reason", "ok", scoped(reasons=frozenset()), LEAF_BIT | EXTENDED),
    Row(
        "reject indirect without its issuer",
        "3@0",
        chain(
            leaf(
                distribution_points=(
                    PointSpec(
                        (POINT,), crl_issuer=(GeneralNameSpec.dir(CRL_NAME.name),)
                    ),
                )
            ),
            crls=(
                CrlSpec(
                    "indirect",
                    CRL_NAME,
                    issuing_point=IssuingPointSpec(indirect=True),
                ),
            ),
        ),
        LEAF_BIT | EXTENDED,
    ),
    Row(
        "reject CRL issuer off the path expired",
        "54@0",
        chain(
            ca("new-int", ROLLED, ROOT, not_after=-HOUR),
            peer="leaf int new-int",
            crls=(CrlSpec("by-new", ROLLED, this_update=NEWER),),
        ),
        LEAF_BIT | EXTENDED,
    ),
    Row(
        "accept CRL issuer off the path",
        "ok",
        chain(
            ca("new-int", ROLLED, ROOT),
            peer="leaf int new-int",
            crls=(CrlSpec("by-new", ROLLED, this_update=NEWER),),
        ),
        LEAF_BIT | EXTENDED,
    ),
    Row(
        "reject CRL issuers vouching for each other",
        "54@0",
        chain(
            ca("new-int", ROLLED, INT),
            peer="leaf int new-int",
            crls=(
                CrlSpec("by-new", ROLLED, authority_key_id=AuthorityKeyIdSpec()),
                ROOT_CRL,
            ),
        ),
        CHAIN | EXTENDED,
    ),
)

ALGORITHM_ROWS: Final = (
    Row(
        "accept CRL algorithms differ",
        "ok",
        lists(replace(CLEAN, outer_digest="sha384")),
        LEAF_BIT,
    ),
    Row(
        "accept CRL without authority key identifier",
        "ok",
        lists(replace(CLEAN, authority_key_id=NO_AKI)),
        LEAF_BIT,
    ),
)

ROWS: Final = (
    *SCORE_ROWS,
    *SCOPE_ROWS,
    *DELTA_ROWS,
    *EXTENDED_ROWS,
    *ALGORITHM_ROWS,
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_crl_choice_row(row: Row) -> None:
    """The CRL that OpenSSL chooses, and what comes of it, is foretold."""
    assert told(row) == (row.said, row.path)


def test_delta_is_no_full_crl_later() -> None:
    """Where *delta-crl-taken-for-full* is off, a delta CRL alone covers nothing."""
    alone, with_base = DELTA_ROWS[:2]
    turned = RELEASE.turned("delta-crl-taken-for-full")
    assert [told(row, turned)[0] for row in (alone, with_base)] == ["3@0", "23@0"]
    assert told(with_base, release_for(0x30000160))[0] == "23@0"


def test_crl_algorithms_must_agree_later() -> None:
    """Where *crl-algorithms-may-differ* is off, such a CRL's signature fails."""
    row = ALGORITHM_ROWS[0]
    assert told(row, RELEASE.turned("crl-algorithms-may-differ"))[0] == "8@0"
