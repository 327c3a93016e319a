"""Rows in which the lines from 3.0 to 3.6 differ, each measured on both sides."""

from dataclasses import replace
from typing import Final

import pytest

from harness.flags import CRL_CHECK_CHAIN, CRL_CHECK_LEAF, RAW, Flags
from harness.oracle.releases.behaviours import release_of
from harness.oracle.releases.judge import Judge
from harness.oracle.releases.release import version
from harness.pki.issue import issue
from harness.pki.read import read
from harness.pki.spec import (
    CrlSpec,
    IssuingPointSpec,
    RawExtension,
    RevokedSpec,
    TrustSpec,
    end_entity,
)
from harness.verdict import WillAccept, WillCrash
from tests.oracle.releases.rows import (
    INT,
    LEAF,
    NOW,
    PARTIAL,
    ROOT,
    Row,
    chain,
    predicted,
    told,
)

OCSP: Final = Flags(RAW["OCSP_RESP_CHECK"])
OCSP_ALL: Final = OCSP | Flags(RAW["OCSP_RESP_CHECK_ALL"])
EXTENDED: Final = Flags(RAW["EXTENDED_CRL_SUPPORT"])
CHAIN: Final = CRL_CHECK_CHAIN
LEAF_BIT: Final = CRL_CHECK_LEAF

INT_CRL: Final = CrlSpec("int-crl", INT)
ROOT_CRL: Final = CrlSpec("root-crl", ROOT)
BOTH: Final = (INT_CRL, ROOT_CRL)
DELTA: Final = replace(INT_CRL, label="delta", number=2, base_number=1)
SOME: Final = IssuingPointSpec(reasons=frozenset({"keyCompromise"}))
NOTHING: Final = replace(INT_CRL, issuing_point=IssuingPointSpec())
SELF: Final = end_entity("self", LEAF, LEAF)
SELF_CHAIN: Final = chain(SELF, peer="self", trusted="self")
REVOKED: Final = replace(INT_CRL, revoked=(RevokedSpec("leaf"),))

ROWS: Final = (
    ("delta alone", chain(crls=(DELTA,)), LEAF_BIT, "3.0.20 ok, 3.0.22 3@0"),
    ("delta alone", chain(crls=(DELTA,)), LEAF_BIT, "3.5.6 ok, 3.5.8 3@0, 3.6.5 3@0"),
    (
        "delta of some reasons",
        chain(crls=(replace(DELTA, issuing_point=SOME),)),
        LEAF_BIT | EXTENDED,
        "3.0.20 3@0, 3.0.22 3@0",
    ),
    (
        "revoked by a delta of some reasons",
        chain(crls=(replace(DELTA, issuing_point=SOME, revoked=REVOKED.revoked),)),
        LEAF_BIT | EXTENDED,
        "3.0.20 23@0, 3.0.22 3@0",
    ),
    (
        "other outer algorithm",
        chain(crls=(replace(INT_CRL, outer_digest="sha384"),)),
        LEAF_BIT,
        "3.0.20 ok, 3.0.22 8@0, 3.5.6 ok, 3.5.8 8@0",
    ),
    ("empty point", chain(crls=(NOTHING,)), LEAF_BIT, "3.0.22 ok, 3.5.0 ok, 3.5.4 3@0"),
    ("self-signed leaf", SELF_CHAIN, LEAF_BIT, "3.5.9 3@0, 3.6.5 ok"),
    ("root without a CRL", chain(crls=(INT_CRL,)), CHAIN, "3.5.9 3@1, 3.6.5 3@1"),
    (
        "root listed",
        chain(crls=(INT_CRL, replace(ROOT_CRL, revoked=(RevokedSpec("root"),)))),
        CHAIN,
        "3.5.9 23@2, 3.6.5 ok",
    ),
    ("no response", chain(), OCSP, "3.5.9 ok, 3.6.5 74@0"),
    ("no responses", chain(crls=BOTH), OCSP_ALL | LEAF_BIT, "3.5.9 ok, 3.6.5 74@1"),
    ("a CRL instead", chain(crls=BOTH), OCSP | LEAF_BIT, "3.5.9 ok, 3.6.5 ok"),
    ("CRLs instead", chain(crls=BOTH), OCSP_ALL | CHAIN, "3.5.9 ok, 3.6.5 ok"),
    ("revoked instead", chain(crls=(REVOKED,)), OCSP | LEAF_BIT, "3.6.5 23@0"),
    ("rest by CRLs", chain(crls=(INT_CRL,)), OCSP | CHAIN, "3.6.5 3@1"),
    ("self-signed leaf, no response", SELF_CHAIN, OCSP, "3.6.5 ok"),
    ("partial anchor", chain(trusted="leaf"), OCSP | PARTIAL, "3.6.5 74@0"),
    (
        "partial anchor alone",
        chain(peer="leaf", trusted="leaf"),
        OCSP | PARTIAL,
        "3.6.5 ok",
    ),
    (
        "trusted end entity without an issuer",
        chain(peer="leaf", trusted=[TrustSpec("leaf", trust=("serverAuth",))]),
        OCSP,
        "3.6.5 20@0",
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} {row[3]}")
def test_row(row: tuple[str, object, Flags, str]) -> None:
    """Each release says what was measured of it."""
    name, scenario, flags, said = row
    for part in said.split(", "):
        number, wanted = part.split()
        asked = Row(name, wanted, scenario, flags)  # type: ignore[arg-type]
        assert (number, told(asked, release_of(version(number)))[0]) == (number, wanted)


def test_check_all_suffices() -> None:
    """In 3.6.0 the bit alone checks every CRL; before and after it does nothing."""
    alone = Row("all", "", chain(), Flags(RAW["CRL_CHECK_ALL"]))
    said = [
        told(alone, release_of(version(text)))[0]
        for text in ("3.5.9", "3.6.0", "3.6.1")
    ]
    assert said == ["ok", "3@0", "ok"]


def test_delta_without_a_number() -> None:
    """It ends the process; later it is no delta."""
    freshest = RawExtension("2.5.29.46", b"\x30\x00")
    numberless = replace(DELTA, number=None)
    crls = (replace(INT_CRL, extra=(freshest,)), numberless)
    facts = read(issue(chain(crls=crls), seed=1, now=NOW))
    flags = LEAF_BIT | Flags(RAW["USE_DELTAS"])
    before, after = (
        Judge(facts, NOW, release_of(version(text))).predict(flags)
        for text in ("3.0.17", "3.0.20")
    )
    assert isinstance(before, WillCrash)
    assert isinstance(after, WillAccept)


def test_path_is_said() -> None:
    """A row of OCSP bits tells its path like any other."""
    answer, path = predicted(Row("", "", chain(), OCSP), release_of(version("3.5.9")))
    assert isinstance(answer, WillAccept)
    assert path == "leaf int root"
