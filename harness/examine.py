"""Asking about a case under many flag sets, and comparing every answer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from harness.asking import ask_about
from harness.books import Books, Reading
from harness.case import Case, TlsVersion
from harness.compare import compare, differs, diverges, promised_by
from harness.facts import Facts
from harness.finding import (
    Finding,
    How,
    Ledgered,
    Unexplained,
)
from harness.flags import Flags
from harness.ledger.entries import covered
from harness.oracle.documents import laws
from harness.oracle.documents.sentence import LETS_PASS, REFUSES
from harness.oracle.documents.sides import decided
from harness.outcome import (
    Accepted,
    Answer,
    Rejected,
    Undecodable,
    Way,
)
from harness.target.session import Session
from harness.verdict import (
    Unmodelled,
    Verdict,
)

ASK_AGAIN: Final = 3
"""How often a sweep during which a validity period began or ended is repeated."""


_SIDES: Final = {
    How.WRONGLY_ACCEPTED: REFUSES,
    How.WRONG_REASON: REFUSES,
    How.WRONGLY_REJECTED: LETS_PASS,
}
"""The side of a sentence that a known divergence of it answers."""


Breach = tuple[Finding, Flags, Flags]
"""A broken law's finding, with the flag sets of its two rows, the lesser first."""


@dataclass(frozen=True, slots=True)
class Row:
    """One answer, what was expected of it, and how they compare."""

    answer: Answer
    verdict: Verdict
    finding: Finding


@dataclass(frozen=True, slots=True)
class Examination:
    """A sweep, compared: row by row, and the laws between its rows."""

    way: Way
    rows: tuple[Row, ...]
    laws: tuple[Breach, ...] = ()
    decided: frozenset[tuple[str, str]] = frozenset()
    """Sides of sentences that the sweep's outcomes met: (sentence, side)."""
    felt: frozenset[str] = frozenset()
    """Behaviours whose turning over would have changed a prediction."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding, rows first."""
        return (*(row.finding for row in self.rows), *(law[0] for law in self.laws))


TOLD: Final = Accepted | Rejected | Undecodable
"""Outcomes that tell one prediction from another."""


def examine(
    session: Session,
    case: Case,
    facts: Facts,
    flags: tuple[Flags, ...],
    *,
    books: Books,
    way: Way | None = None,
    tls: TlsVersion = TlsVersion.TLS_1_2,
    fresh: bool = False,
    feel: bool = False,
) -> Examination:
    """Ask about a case under these flag sets, and compare; without a ``way``, by the
    target's first one.

    ``feel`` also finds out which behaviours the sweep felt, which costs one more
    judgement per behaviour. Raises ``TargetError`` for faults of ours.
    """
    reading = Reading.open(facts, books)
    if way is None:
        way = session.identity.ways[0]
    question = ask_about(case, facts, flags, way=way, tls=tls, fresh=fresh)
    answers = session.ask(question)
    for _ in range(ASK_AGAIN):
        if all(reading.steady(answer.before, answer.after) for answer in answers):
            break
        answers = session.ask(question)
    return assess(reading, answers, way=way, feel=feel)


def assess(
    reading: Reading,
    answers: Sequence[Answer],
    *,
    way: Way = Way.FLIGHT,
    feel: bool = False,
) -> Examination:
    """Compare a sweep's answers with both books."""
    rows = tuple(_row(reading, answer, way) for answer in answers)
    sound = [row for row in rows if isinstance(row.answer.outcome, Accepted | Rejected)]
    broken = laws.breaches(reading.facts, _law_rows(sound), reading.books.edition)
    met = decided(
        [
            (row.answer.requested, row.answer.outcome, row.verdict.promised)
            for row in sound
        ],
    )
    for row in sound:
        if isinstance(row.finding, Ledgered):
            sentences = covered(row.finding.entry, promised_by(row.verdict.promised))
            met |= {(sentence, _SIDES[row.finding.how]) for sentence in sentences}
    felt: frozenset[str] = frozenset()
    told = [row for row in rows if isinstance(row.answer.outcome, TOLD)]
    if feel and told:
        felt = reading.felt(
            tuple(row.answer.requested for row in told), told[0].answer.before
        )
    return Examination(way, rows, _breaches(broken, sound), met, felt)


def _law_rows(rows: Sequence[Row]) -> tuple[laws.Row, ...]:
    return tuple(laws.Row(row.answer.requested, row.answer.outcome) for row in rows)


def _breaches(broken: Sequence[laws.Breach], rows: Sequence[Row]) -> tuple[Breach, ...]:
    """Broken laws as findings: each is a divergence of the row with more bits."""
    by_flags = {row.answer.requested: row for row in rows}
    found = []
    for breach in broken:
        row = by_flags[breach.high]
        finding = diverges(
            (breach.law,),
            breach.how,
            row.verdict,
            row.answer.outcome,
            breach.expected,
            bits=breach.bits,
        )
        found.append((finding, breach.low, breach.high))
    return tuple(found)


def _row(reading: Reading, answer: Answer, way: Way) -> Row:
    flags = answer.requested.effective
    verdict = reading.verdict(flags, answer.before)
    finding = compare(verdict, answer, way=way, speaks_tls=reading.books.speaks_tls)
    if isinstance(finding, Unexplained) and finding.what != "flags":
        finding = _name_the_flags(reading, answer, finding)
    return Row(answer, verdict, finding)


def _name_the_flags(
    reading: Reading, answer: Answer, finding: Unexplained
) -> Unexplained:
    """Find the flags whose turning over would explain the outcome."""
    outcome = answer.outcome
    if isinstance(outcome, Accepted | Rejected):
        flags = answer.requested.effective
        for bits, predicted in reading.as_if(flags, answer.before):
            if isinstance(predicted, Unmodelled):
                continue
            if differs(predicted, outcome) is None:
                return replace(finding, bits=bits)
    return finding


def examine_twin(
    session: Session, case: Case, facts: Facts, flight: Examination, *, books: Books
) -> tuple[Breach, ...]:
    """Ask the same case with no CRL loaded: without a CRL flag nothing changes."""
    flags = tuple(row.answer.requested for row in flight.rows)
    twin_case, twin_facts = replace(case, crls=()), replace(facts, crls=())
    twin = examine(session, twin_case, twin_facts, flags, books=books)
    broken = laws.twin_breaches(_law_rows(flight.rows), _law_rows(twin.rows))
    return _breaches(broken, flight.rows)
