"""Asking a witness, and telling whether its ledger entry still holds."""

from harness.books import Books
from harness.examine import Examination, examine
from harness.finding import Finding, Ledgered, Unexplained
from harness.ledger.entries import ENTRIES, rules_of
from harness.ledger.witness import Witness
from harness.outcome import Accepted, Outcome
from harness.pki.issue import issue
from harness.pki.read import read
from harness.target.session import Session


def examine_witness(
    session: Session, witness: Witness, books: Books, *, seed: int, now: int
) -> tuple[Examination, tuple[Finding, ...]]:
    """Ask a witness by flight; the second value says where its entry is stale.

    A stale entry is one whose rule predicts the outcome on this target, while nothing
    diverges by it: the documents or the outcome have changed, and the entry must go.
    """
    case = issue(witness.scenario, seed=seed, now=now)
    examination = examine(
        session, case, read(case), witness.flags, books=books, feel=True
    )
    return examination, stale(witness, examination)


def stale(witness: Witness, examination: Examination) -> tuple[Finding, ...]:
    """The finding that a witness's entry no longer holds, or nothing."""
    if not witness.entry:
        return ()
    entry = next(item for item in ENTRIES if item.id == witness.entry)
    if any(
        isinstance(finding, Ledgered) and finding.entry == entry.id
        for finding in examination.findings
    ):
        return ()
    rows = examination.rows
    if not any(entry.rule in rules_of(row.verdict.predicted) for row in rows):
        return ()
    if entry.needs_path and not any(_tells_path(row.answer.outcome) for row in rows):
        return ()
    return (
        Unexplained(
            f"ledger.{entry.id}",
            "a divergence, as the ledger has it",
            "none",
            what="stale",
        ),
    )


def _tells_path(outcome: Outcome) -> bool:
    return isinstance(outcome, Accepted) and outcome.path is not None
