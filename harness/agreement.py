"""Whether two ways of asking the same case got the same answers.

Outcomes are held against each other here, not against a verdict.
"""

from harness.examine import Examination
from harness.finding import Finding, Unexplained
from harness.outcome import Accepted, Rejected, seen


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
    """Fresh contexts, or the flag sets in another order, give the same answers."""
    by_flags = {row.answer.requested: row.answer.outcome for row in first.rows}
    found: list[Finding] = []
    for row in second.rows:
        one = by_flags.get(row.answer.requested)
        two = row.answer.outcome
        if one is not None and seen(one) != seen(two):
            found.append(Unexplained("again", seen(one), seen(two), what="unstable"))
    return tuple(found)
