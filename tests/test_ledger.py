"""The ledger: what an entry excuses, its witnesses, and when it is stale."""

from dataclasses import replace

import pytest

from harness.campaign.witnessing import stale
from harness.examine import assess
from harness.finding import (
    Conforms,
    Diverges,
    How,
    Ledgered,
    Unexplained,
    fails,
)
from harness.flags import (
    CRL_CHECK_LEAF,
)
from harness.ledger.entries import ENTRIES, covered, ledger_entry
from harness.ledger.showing import SHOWING
from harness.ledger.witnesses import WITNESSES
from harness.oracle.releases.behaviours import release_for
from harness.outcome import (
    Accepted,
)
from harness.verdict import (
    WillAccept,
)
from tests.answers import (
    BOOKS,
    MUST_NOT,
    OLD_BOOKS,
    PATH,
    YES,
    found,
    predicted_answers,
    reading,
)

ENDED = {
    "malformed-anchor-not-verified": OLD_BOOKS,
    "empty-name-hides-what-is-loaded": replace(BOOKS, release=release_for(0x30000090)),
}
"""Entries that 3.0.19 no longer shows, and a release that does."""


def test_a_ledger_entry_excuses_by_its_rule_alone() -> None:
    """The same divergence without the rule, or in another way, is not excused."""
    sentences = ("CRL_CHECK_LEAF/revoked", "VERIFY_DEFAULT/validity")
    skipped = WillAccept(PATH, ("crl.proxy-skipped",))
    known = ledger_entry(sentences, How.WRONGLY_ACCEPTED, skipped)
    assert known is not None
    entry, sentence = known
    assert (entry.id, sentence) == ("proxy-leaves-holder-unchecked", sentences[0])
    assert covered(entry.id, sentences) == sentences[:1]
    assert ledger_entry(sentences, How.WRONGLY_ACCEPTED, YES) is None
    assert ledger_entry(sentences, How.WRONG_REASON, skipped) is None
    assert ledger_entry(("X509_STRICT",), How.WRONGLY_ACCEPTED, skipped) is None
    finding = found(skipped, MUST_NOT, Accepted())
    assert isinstance(finding, Ledgered)
    assert found(YES, MUST_NOT, Accepted()) == Diverges(
        "CRL_CHECK_LEAF/revoked",
        How.WRONGLY_ACCEPTED,
        "accept",
        "rejected",
        "accepted",
        CRL_CHECK_LEAF,
    )


def test_each_entry_has_a_witness_in_both_roles() -> None:
    """But for what no certificate can show."""
    shown = {(item.entry, item.scenario.role) for item in SHOWING}
    wanted = [entry.id for entry in ENTRIES if entry.how is not How.SURFACE]
    assert {entry for entry, _ in shown} == set(wanted)
    assert len(shown) == 2 * len(wanted)
    ids = [item.id for item in WITNESSES]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("item", SHOWING, ids=lambda item: item.id)
def test_an_entry_is_met_where_its_rule_holds_and_stale_where_nothing_diverges(
    item: object,
) -> None:
    """On a release as modelled, each witness shows its entry, and is not stale."""
    witness = next(each for each in SHOWING if each is item)
    books = ENDED.get(witness.entry, BOOKS)
    answers = predicted_answers(witness.scenario, witness.flags, books)
    examination = assess(reading(witness.scenario, books), answers)
    met = {row.entry for row in examination.findings if isinstance(row, Ledgered)}
    assert witness.entry in met
    assert not [finding for finding in examination.findings if fails(finding)]
    assert stale(witness, examination) == ()
    bare = replace(
        examination,
        rows=tuple(replace(row, finding=Conforms()) for row in examination.rows),
        laws=(),
    )
    (finding,) = stale(witness, bare)
    assert isinstance(finding, Unexplained)
    assert finding.what == "stale"


def test_a_path_that_is_not_told_makes_no_entry_stale() -> None:
    """An entry about paths waits for a target that tells them."""
    witness = next(item for item in SHOWING if item.entry.startswith("pinned"))
    answers = [
        replace(item, outcome=Accepted())
        if isinstance(item.outcome, Accepted)
        else item
        for item in predicted_answers(witness.scenario, witness.flags)
    ]
    examination = assess(reading(witness.scenario), answers)
    assert stale(witness, examination) == ()
