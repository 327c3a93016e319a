"""Laws between rows of a sweep and about accepted paths: kept and broken."""

from dataclasses import replace

import pytest

from harness.facts import Facts, Unreadable
from harness.flags import Flags
from harness.ledger.plain import INT, ROOT, chain, leaf, trusting
from harness.oracle.documents.laws import (
    LAWS,
    Breach,
    Row,
    breaches,
    twin_breaches,
)
from harness.outcome import Accepted, Breakage, Broken, Outcome, Rejected
from harness.pki.issue import issue, issue_all
from harness.pki.read import read
from harness.pki.spec import ca
from harness.pki.spec_edits import EditKind, EditSpec
from tests.oracle.documents.scenarios import (
    CRL_CHAIN,
    CRL_LEAF,
    FIRST,
    NONE,
    NOW,
    PARTIAL,
    PROXIES,
    STRICT,
)

YES = Accepted()
NO = Rejected(23)
ALL_ALONE = Flags(0x8)

FACTS = read(issue(chain(), seed=0, now=NOW))


def found(*rows: tuple[Flags, Outcome], edition: str = "3.0") -> tuple[str, ...]:
    """The laws that these rows break."""
    sweep = [Row(flags, outcome) for flags, outcome in rows]
    return tuple(breach.law for breach in breaches(FACTS, sweep, edition))


KEPT: list[tuple[Flags, Outcome, Flags, Outcome]] = [
    (NONE, YES, STRICT, NO),
    (NONE, NO, STRICT, NO),
    (NONE, YES, CRL_LEAF, NO),
    (CRL_LEAF, YES, CRL_CHAIN, NO),
    (NONE, NO, PROXIES, YES),
    (NONE, NO, PARTIAL, YES),
    (CRL_LEAF, YES, CRL_LEAF | PARTIAL, NO),
    (CRL_CHAIN, YES, CRL_CHAIN | PARTIAL, NO),
    (NONE, YES, FIRST, YES),
    (NONE, YES, ALL_ALONE, YES),
]


@pytest.mark.parametrize(("low", "below", "high", "above"), KEPT)
def test_rows_that_keep_the_laws(
    low: Flags, below: Outcome, high: Flags, above: Outcome
) -> None:
    """More flags may take away or add as documented; CRL flags free PARTIAL_CHAIN."""
    assert found((low, below), (high, above)) == ()


BROKEN: list[tuple[str, Flags, Outcome, Flags, Outcome]] = [
    ("X509_STRICT/takes-away", NONE, NO, STRICT, YES),
    ("X509_STRICT/takes-away", CRL_LEAF, NO, CRL_LEAF | STRICT, YES),
    ("CRL_CHECK_LEAF/takes-away", NONE, NO, CRL_LEAF, YES),
    ("CRL_CHECK_CHAIN/takes-away", CRL_LEAF, NO, CRL_CHAIN, YES),
    ("ALLOW_PROXY_CERTS/adds", NONE, YES, PROXIES, NO),
    ("X509_PARTIAL_CHAIN/adds", NONE, YES, PARTIAL, NO),
    ("X509_TRUSTED_FIRST/always", NONE, YES, FIRST, NO),
    ("X509_TRUSTED_FIRST/always", NONE, Rejected(10), FIRST, Rejected(20)),
    ("CRL_CHECK_ALL/ignored", NONE, YES, ALL_ALONE, NO),
    ("CRL_CHECK_ALL/ignored", NONE, NO, ALL_ALONE, YES),
]


@pytest.mark.parametrize(("law", "low", "below", "high", "above"), BROKEN)
def test_rows_that_break_a_law(
    law: str, low: Flags, below: Outcome, high: Flags, above: Outcome
) -> None:
    """The breach names the law and both rows, the one with more bits as its place."""
    rows = [Row(high, above), Row(low, below)]
    (breach,) = breaches(FACTS, rows)
    assert breach.law == f"law:{law}"
    assert (breach.low, breach.high) == (low, high)
    assert breach.bits == low ^ high
    assert breach.law in LAWS


def test_only_rows_one_step_apart_are_related() -> None:
    """A second difference in flags, or an outcome that is neither, says nothing."""
    assert found((NONE, YES), (PARTIAL | STRICT, NO)) == ()
    assert found((NONE, NO), (STRICT | Flags(1 << 40), YES)) == ()
    assert found((NONE, NO), (STRICT, Broken(Breakage.CRASH))) == ()


def test_laws_of_an_edition_are_silent_in_another() -> None:
    """1.1.1 had CRL_CHECK_ALL check alone; 4.0 may let TRUSTED_FIRST be cleared."""
    assert found((NONE, YES), (ALL_ALONE, NO), edition="1.1.1") == ()
    assert found((NONE, YES), (FIRST, NO), edition="4.0") == ()
    assert found((NONE, YES), (FIRST, NO), edition="1.1.1") != ()


def test_loaded_crls_change_nothing_without_a_crl_flag() -> None:
    """The twin case without CRLs answers alike, wherever no CRL flag is set."""
    rows = [Row(NONE, YES), Row(STRICT, NO), Row(CRL_LEAF, NO)]
    same = [Row(NONE, YES), Row(STRICT, NO), Row(CRL_LEAF, Rejected(3))]
    assert twin_breaches(rows, same) == ()
    other = [Row(NONE, NO), Row(STRICT, NO)]
    (breach,) = twin_breaches(rows, other)
    assert isinstance(breach, Breach)
    assert breach.law == "law:VERIFY_DEFAULT/crls-unused"
    assert breach.high == NONE


def of_path(facts: Facts, *path: str, flags: Flags = NONE) -> set[str]:
    """The laws that an accepted path breaks."""
    row = Row(flags, Accepted(path))
    return {breach.law.removeprefix("law:") for breach in breaches(facts, [row])}


def prints(facts: Facts) -> tuple[str, ...]:
    """Fingerprints of what the peer sends, then of what is trusted."""
    trusted = [item.certificate.fingerprint for item in facts.trusted]
    return (*(item.fingerprint for item in facts.peer), *trusted)


def test_the_plain_path_keeps_every_law() -> None:
    """Leaf, Int and Root: begins, verifies, is anchored, prefers."""
    assert of_path(FACTS, *prints(FACTS)) == set()


def test_a_path_that_ends_outside_the_store_is_not_anchored() -> None:
    """A pinned leaf with an intermediate kept above it is such a path."""
    end, issuer, root = prints(FACTS)
    assert of_path(FACTS, end, issuer) == {"path/anchored"}
    assert of_path(FACTS, issuer, root) == {"path/begins"}


def test_a_path_whose_signature_is_bad_does_not_verify() -> None:
    """A forged leaf on an accepted path."""
    forged = read(issue(chain(leaf(signed_by="p256-9")), seed=0, now=NOW))
    assert of_path(forged, *prints(forged)) == {"path/verifies"}
    unknown = replace(forged, signatures={})
    assert of_path(unknown, *prints(unknown)) == set()


def test_a_peers_issuer_does_not_stand_where_the_store_has_a_match() -> None:
    """With a copy of Int in the store, the path goes through the store's."""
    scenario = trusting(chain(ca("stored", INT, ROOT)), "stored", "root")
    facts = read(issue(scenario, seed=0, now=NOW))
    end, sent, stored, root = prints(facts)
    assert of_path(facts, end, stored, root, flags=FIRST) == set()
    assert of_path(facts, end, sent, root, flags=FIRST) == {
        "X509_TRUSTED_FIRST/prefers"
    }


def test_issued_bytes_and_paths_speak_of_the_same_fingerprints() -> None:
    """The fingerprints of facts are those of the issued DER."""
    issued = issue_all(chain(), seed=0, now=NOW)
    assert read(issued.case).peer[0].fingerprint == prints(FACTS)[0]


def unread(*edits: EditSpec) -> Facts:
    """The facts of the plain chain after edits that leave an item unreadable."""
    facts = read(issue(replace(chain(), edits=edits), seed=0, now=NOW))
    assert facts.unreadable
    assert not any(item.undecodable for item in facts.unreadable)
    return facts


def loosely(item: Unreadable) -> str:
    """The fingerprint of an item that is loosely read."""
    assert item.loosely is not None
    return item.loosely.fingerprint


ODD_LEAF = EditSpec("leaf", "tbsCertificate.extensions.0", EditKind.INDEFINITE)
FORGED = EditSpec("leaf", "tbsCertificate.serialNumber", EditKind.FLIPPED, signed=False)


def broken_by(facts: Facts, path: tuple[str, ...]) -> set[str]:
    """The laws that an accepted path of a case breaks."""
    sweep = [Row(NONE, Accepted(path))]
    return {item.law.removeprefix("law:path/") for item in breaches(facts, sweep)}


def test_paths_of_what_is_unreadable_keep_the_laws() -> None:
    """Signatures, beginning and end of a path are known of what is loosely read; of a
    certificate that is not known nothing is said."""
    facts = unread(ODD_LEAF)
    above = facts.peer[0].fingerprint
    root = facts.trusted[0].certificate.fingerprint
    own = loosely(facts.unreadable[0])
    assert broken_by(facts, (own, above, root)) == set()
    assert broken_by(facts, (above, root)) == {"begins"}
    assert broken_by(facts, (own, above)) == {"anchored"}
    assert broken_by(facts, (own, root)) == {"verifies"}
    assert broken_by(facts, ("0" * 64, "1" * 64)) == set()
    facts = unread(ODD_LEAF, FORGED)
    own = loosely(facts.unreadable[0])
    assert broken_by(facts, (own, above, root)) == {"verifies"}


def test_an_unreadable_anchor_is_in_the_store() -> None:
    """A path may end at an anchor that is loosely read, and one that is unknown has
    the law of the end say nothing."""
    odd = EditSpec("root", "tbsCertificate.extensions.0", EditKind.INDEFINITE)
    facts = unread(odd)
    leaf_, above = (item.fingerprint for item in facts.peer)
    assert broken_by(facts, (leaf_, above, loosely(facts.unreadable[0]))) == set()
    assert broken_by(facts, (leaf_, above)) == {"anchored"}
    lost = replace(facts, unreadable=(replace(facts.unreadable[0], loosely=None),))
    assert broken_by(lost, (leaf_, above)) == set()


def test_partial_chain_may_take_away_where_something_is_unreadable() -> None:
    """Known divergences break that law, and nobody can tell whether these are it."""
    sweep = [Row(NONE, YES), Row(PARTIAL, NO), Row(STRICT, YES)]
    assert breaches(unread(ODD_LEAF), sweep) == ()
    sweep = [Row(NONE, NO), Row(STRICT, YES)]
    assert len(breaches(unread(ODD_LEAF), sweep)) == 1
