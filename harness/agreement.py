"""Whether several ways of asking the same case got the answers that belong together.

Outcomes are held against each other here, not against a verdict.
"""

from dataclasses import replace
from typing import Final

from harness.asking import ask_about
from harness.books import Books, Reading
from harness.case import Case, PemLabel, Role
from harness.compare import objects_otherwise
from harness.examine import Breach, Examination
from harness.facts import Facts
from harness.finding import Diverges, Finding, How, Unexplained
from harness.flags import Flags
from harness.oracle.documents.laws import LAWS, OBJECTIONS, ROLES, UNVERIFIED
from harness.outcome import Accepted, Objections, Rejected, seen
from harness.target.session import Session

_PURPOSES: Final = (
    b"\x55\x1d\x25",
    b"\x60\x86\x48\x01\x86\xf8\x42\x01\x01",
    b"\x2b\x06\x01\x05\x05\x07\x01\x0e",
)
"""Content octets of the types of extKeyUsage, of Netscape's certificate type, and of
proxyCertInfo, below which a key usage may count that does not count elsewhere."""
_KEY_USAGE: Final = b"\x55\x1d\x0f"


def examine_ways(flight: Examination, handshake: Examination) -> tuple[Finding, ...]:
    """Where a flight and a handshake of the same case both verified, they agree."""
    by_flags = {row.answer.requested: row for row in flight.rows}
    found: list[Finding] = []
    for row in handshake.rows:
        other = by_flags.get(row.answer.requested)
        if other is None:
            continue
        one, two = other.answer.outcome, row.answer.outcome
        if not isinstance(one, Accepted | Rejected):
            continue
        if not isinstance(two, Accepted | Rejected):
            continue
        if seen(one) != seen(two):
            found.append(Unexplained("ways", seen(one), seen(two), what="ways"))
    return tuple(found)


def examine_again(first: Examination, second: Examination) -> tuple[Finding, ...]:
    """Fresh contexts, or the flag sets in another order, give the same answers.

    Where one of them verified nothing, they say nothing: a malformed certificate leaves
    its error behind only when a context first looks at it.
    """
    by_flags = {row.answer.requested: row.answer.outcome for row in first.rows}
    found: list[Finding] = []
    for row in second.rows:
        one = by_flags.get(row.answer.requested)
        two = row.answer.outcome
        if not isinstance(one, Accepted | Rejected):
            continue
        if not isinstance(two, Accepted | Rejected):
            continue
        first_said, then_said = seen(one, telling="depth"), seen(two, telling="depth")
        if first_said != then_said:
            found.append(Unexplained("again", first_said, then_said, what="unstable"))
    return tuple(found)


def examine_unverified(
    session: Session, case: Case, facts: Facts, flags: tuple[Flags, ...]
) -> tuple[Breach, ...]:
    """Under CERT_NONE no flag changes anything. A server then asks for no certificate,
    so that only a client has an answer."""
    if case.role is not Role.CLIENT:
        return ()
    way = session.identity.ways[0]
    answers = session.ask(ask_about(case, facts, flags, way=way, required=False))
    found: list[Breach] = []
    for answer in answers:
        if isinstance(answer.outcome, Rejected):
            finding = Diverges(
                UNVERIFIED,
                How.LAW_BROKEN,
                "",
                LAWS[UNVERIFIED],
                seen(answer.outcome),
                answer.requested,
            )
            found.append((finding, answer.requested, answer.requested))
    return tuple(found)


def says_no_purpose(case: Case) -> bool:
    """Whether nothing in the case can mean one thing to a client and another to a
    server: no type of an extension about purposes stands anywhere in the bytes of a
    certificate, read or not, nor key usage in those of the end entity; nothing is
    trusted for a purpose, and no name is looked for."""
    certificates = (*case.peer, *(item.der for item in case.trusted))
    return (
        case.name is None
        and all(item.label is PemLabel.CERTIFICATE for item in case.trusted)
        and not any(mark in item for mark in _PURPOSES for item in certificates)
        and not any(_KEY_USAGE in item for item in case.peer[:1])
    )


def examine_roles(
    session: Session, case: Case, facts: Facts, flight: Examination
) -> tuple[Breach, ...]:
    """Where no purpose plays a part, the other role answers alike."""
    if not says_no_purpose(case):
        return ()
    other = Role.SERVER if case.role is Role.CLIENT else Role.CLIENT
    flags = tuple(row.answer.requested for row in flight.rows)
    question = ask_about(replace(case, role=other), facts, flags, way=flight.way)
    answers = session.ask(question)
    found: list[Breach] = []
    for row, answer in zip(flight.rows, answers, strict=True):
        one, two = row.answer.outcome, answer.outcome
        if not isinstance(one, Accepted | Rejected):
            continue
        if not isinstance(two, Accepted | Rejected):
            continue
        if (seen(one, telling="depth"), one.path) != (
            seen(two, telling="depth"),
            two.path,
        ):
            finding = Diverges(
                ROLES, How.LAW_BROKEN, "", f"{seen(two)}, as a {other}", seen(one)
            )
            asked = answer.requested
            found.append((finding, asked, asked))
    return tuple(found)


def examine_objections(
    session: Session, case: Case, facts: Facts, flight: Examination, *, books: Books
) -> tuple[Breach, ...]:
    """Ask for every objection: the first belongs to the plain answer, by a law that
    needs no model, and all of them are those that the releases book predicts, as far as
    it makes a firm statement (``harness.compare.objects_otherwise``).

    A row during which a validity period began or ended says nothing.
    """
    reading = Reading.open(facts, books)
    flags = tuple(row.answer.requested for row in flight.rows)
    question = ask_about(case, facts, flags, way=flight.way, objections=True)
    found: list[Breach] = []
    for answer in session.ask(question):
        outcome, told = answer.outcome, answer.objections
        if told is None or not isinstance(outcome, Accepted | Rejected):
            continue
        if not reading.steady(answer.before, answer.after):
            continue
        asked = answer.requested
        broken = _breaks_the_law(outcome, told)
        if broken is not None:
            finding: Finding = Diverges(OBJECTIONS, How.LAW_BROKEN, "", *broken)
            found.append((finding, asked, asked))
            continue
        verdict = reading.verdict(asked.effective, answer.before)
        other = objects_otherwise(verdict, told)
        if other is not None:
            found.append((other, asked, asked))
    return tuple(found)


def _breaks_the_law(
    outcome: Accepted | Rejected, told: Objections
) -> tuple[str, str] | None:
    """What a verify callback was told first, and the plain answer, in words, where they
    do not belong together."""
    plain = seen(outcome)
    if not told.noted:
        if isinstance(outcome, Accepted) is told.passed:
            return None
        return "no objection" if told.passed else "an internal error", plain
    code, depth = told.noted[0]
    first = Rejected(code, path=told.path, depth=depth)
    if isinstance(outcome, Accepted) or outcome.code != code:
        return f"first {seen(first)}", plain
    if outcome.depth != depth:
        return f"first {seen(first, telling='depth')}", seen(outcome, telling="depth")
    if outcome.path != told.path:
        return f"first {seen(first)} on another path", plain
    return None
