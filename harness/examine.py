"""The one place where a verdict meets an outcome.

``examine`` asks a session about one case under many flag sets and compares every
answer with both books; ``compare`` is total over both unions.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, assert_never

from harness.asking import ask_about
from harness.books import Books, Reading
from harness.case import Case, TlsVersion
from harness.facts import Facts
from harness.finding import (
    Breaks,
    Conforms,
    Diverges,
    Finding,
    How,
    Ledgered,
    NotModelled,
    NotShown,
    Unexplained,
)
from harness.flags import DEFAULT, Flags
from harness.ledger.entries import covered, ledger_entry
from harness.oracle.documents import laws
from harness.oracle.documents.sentence import LETS_PASS, REFUSES
from harness.oracle.documents.sentences import SENTENCES
from harness.oracle.documents.sides import decided
from harness.oracle.releases.judge import LEAVES_AN_ERROR
from harness.outcome import (
    Accepted,
    Answer,
    Broken,
    Outcome,
    Path,
    Rejected,
    Undecodable,
    Unsupported,
    Way,
    seen,
)
from harness.target.session import Session
from harness.verdict import (
    MustAccept,
    MustReject,
    Prediction,
    Promise,
    Silent,
    Unmodelled,
    Verdict,
    WillAccept,
    WillNotDecode,
    WillReject,
    rule_of,
    said,
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
    way: Way = Way.FLIGHT,
    tls: TlsVersion = TlsVersion.TLS_1_2,
    fresh: bool = False,
    feel: bool = False,
) -> Examination:
    """Ask about a case under these flag sets, and compare.

    ``feel`` also finds out which behaviours the sweep felt, which costs one more
    judgement per behaviour. Raises ``TargetError`` for faults of ours.
    """
    reading = Reading.open(facts, books)
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
            sentences = covered(row.finding.entry, _sentences(row.verdict.promised))
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
        finding = _diverges(
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
    finding = compare(verdict, answer, way=way, through_ssl=reading.books.through_ssl)
    if isinstance(finding, Unexplained) and finding.what != "flags":
        finding = _name_the_flags(reading, answer, finding)
    return Row(answer, verdict, finding)


def compare(
    verdict: Verdict, answer: Answer, *, way: Way = Way.FLIGHT, through_ssl: bool = True
) -> Finding:
    """What an outcome is, held against both books. An error that OpenSSL leaves in its
    queue though it accepts is one for ``ssl`` alone, which looks there."""
    outcome = answer.outcome
    match outcome:
        case Broken(breakage, detail):
            return Breaks(breakage.value, detail)
        case Unsupported(what):
            return NotShown(what)
        case Undecodable(where, message):
            if way is Way.HANDSHAKE:
                return NotShown(f"handshake ended otherwise ({where}): {message}")
            return _compare_undecodable(verdict, outcome, through_ssl=through_ssl)
        case Accepted() | Rejected():
            wanted = answer.requested.effective
            if answer.effective != wanted:
                return Unexplained(
                    "setter",
                    str(wanted),
                    str(answer.effective),
                    wanted ^ (answer.effective or DEFAULT),
                    "flags",
                )
            return _compare_decision(verdict, outcome)
        case _:
            assert_never(outcome)


def _compare_undecodable(
    verdict: Verdict, outcome: Undecodable, *, through_ssl: bool
) -> Finding:
    predicted = verdict.predicted
    match predicted:
        case WillNotDecode(where) if where is outcome.where:
            return Conforms()
        case Unmodelled(why):
            return NotModelled(why)
        case WillAccept(_, rules) if through_ssl and LEAVES_AN_ERROR in rules:
            return NotShown("an error that a malformed certificate leaves behind")
        case WillNotDecode() | WillAccept() | WillReject():
            return Unexplained(
                "decoding",
                said(predicted, release=verdict.release),
                f"undecodable ({outcome.where})",
            )
        case _:
            assert_never(predicted)


def _compare_decision(verdict: Verdict, outcome: Accepted | Rejected) -> Finding:
    predicted = verdict.predicted
    broken = _broken_promise(verdict.promised, outcome)
    different = differs(predicted, outcome)
    if different is not None:
        return Unexplained(
            rule_of(predicted),
            said(predicted, telling=different, release=verdict.release),
            seen(outcome, telling=different, release=verdict.release),
            what=different,
            sentence="" if broken is None else broken[0][0],
        )
    if broken is not None:
        sentences, how, expected = broken
        return _diverges(sentences, how, verdict, outcome, expected)
    if isinstance(predicted, Unmodelled):
        return NotModelled(predicted.why)
    return Conforms(_sentences(verdict.promised))


def differs(predicted: Prediction, outcome: Accepted | Rejected) -> str | None:
    """In what an outcome is not the predicted one: outcome, code, path, depth, or
    nothing. What the target does not tell is not compared."""
    match predicted:
        case Unmodelled():
            return None
        case WillNotDecode():
            return "outcome"
        case WillAccept(path):
            if not isinstance(outcome, Accepted):
                return "outcome"
            return _other_path(path, outcome.path)
        case WillReject(path):
            if not isinstance(outcome, Rejected):
                return "outcome"
            if outcome.code is not None and outcome.code != predicted.shown.code:
                return "code"
            deeper = outcome.depth not in (None, predicted.shown.depth)
            return _other_path(path, outcome.path) or ("depth" if deeper else None)
        case _:
            assert_never(predicted)


def told_by(probe: Sequence[Answer], table: Reading, turned: Reading) -> bool | None:
    """Whether a probe's answers fit the release turned over, and not its table.

    None where they tell nothing: no row has two predictions, or none fits one of them
    alone.
    """
    told = set()
    for answer in probe:
        flags, when = answer.requested.effective, answer.before
        fits = [
            _fits(reading.prediction(flags, when), answer.outcome)
            for reading in (table, turned)
        ]
        if fits[0] != fits[1]:
            told.add(fits[1])
    return told.pop() if len(told) == 1 else None


def _fits(predicted: Prediction, outcome: Outcome) -> bool:
    match outcome:
        case Accepted() | Rejected():
            modelled = not isinstance(predicted, Unmodelled)
            return modelled and differs(predicted, outcome) is None
        case Undecodable(where):
            return predicted == WillNotDecode(where)
        case Unsupported() | Broken():
            return False
        case _:
            assert_never(outcome)


def _other_path(path: Path, seen: Path | None) -> str | None:
    return None if seen is None or seen == path else "path"


def _broken_promise(
    promise: Promise, outcome: Accepted | Rejected
) -> tuple[tuple[str, ...], How, str] | None:
    """The sentences an outcome breaks, how, and what they promised."""
    match promise:
        case Silent():
            return None
        case MustAccept(sentences):
            if isinstance(outcome, Accepted):
                return None
            return sentences, How.WRONGLY_REJECTED, "accepted"
        case MustReject(sentences, codes):
            if isinstance(outcome, Accepted):
                return sentences, How.WRONGLY_ACCEPTED, "rejected"
            if outcome.code is None or outcome.code in codes:
                return None
            reasons = ", ".join(str(code) for code in sorted(codes))
            return sentences, How.WRONG_REASON, f"rejected for one of {reasons}"
        case _:
            assert_never(promise)


def _sentences(promise: Promise) -> tuple[str, ...]:
    return () if isinstance(promise, Silent) else promise.sentences


def _diverges(
    sentences: tuple[str, ...],
    how: How,
    verdict: Verdict,
    outcome: Outcome,
    expected: str,
    *,
    bits: Flags | None = None,
) -> Diverges | Ledgered:
    predicted = verdict.predicted
    known = ledger_entry(sentences, how, predicted)
    if known is not None:
        entry, broken = known
        return Ledgered(entry.id, broken, how)
    sentence = sentences[0]
    if bits is None:
        bits = flag_of(sentence)
    observed = seen(outcome, release=verdict.release)
    return Diverges(sentence, how, rule_of(predicted), expected, observed, bits)


def flag_of(sentence: str) -> Flags:
    """The flag a sentence is about; the empty set where it is about none."""
    found = SENTENCES.get(sentence)
    return DEFAULT if found is None or found.flag is None else found.flag


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
