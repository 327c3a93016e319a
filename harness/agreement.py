"""Whether several ways of asking the same case got the answers that belong together.

Outcomes are held against each other here, not against a verdict.
"""

from harness.asking import ask_about
from harness.case import Case, Role
from harness.examine import Breach, Examination
from harness.facts import Facts
from harness.finding import Diverges, Finding, How, Unexplained
from harness.flags import Flags
from harness.oracle.documents.laws import LAWS, UNVERIFIED
from harness.outcome import Accepted, Rejected, seen
from harness.target.session import Session


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
    answers = session.ask(ask_about(case, facts, flags, required=False))
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
