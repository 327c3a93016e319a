"""A recorded case asked again: its own bytes, or issued anew where they have aged.

Issued anew, certificates have other digests, so that recorded paths are told in the
new ones.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from harness.case import Case, PemLabel
from harness.diff.groups import Source
from harness.facts import Facts
from harness.oracle.releases.judge import boundaries
from harness.outcome import Accepted, Answer, Outcome, Rejected
from harness.outcome import Path as Certificates
from harness.pki.issue import issue
from harness.pki.read import read


def today(case: Case, source: Source, *, then: int, now: int, seed: int) -> Case | None:
    """The case as it was recorded at ``then``, or issued anew where a validity period
    has begun or ended since; None where that cannot be."""
    if not any(then <= instant <= now for instant in boundaries(read(case))):
        return case
    if source.scenario is None:
        return None
    return issue(source.scenario, seed=seed, now=now)


def moved(
    answers: Sequence[Answer], old: Case, new: Case, now: int
) -> tuple[Answer, ...]:
    """The answers about the old case as the same target would give them about the new
    one, at that second."""
    names = renamed(old, new)
    return tuple(
        replace(answer, outcome=told(answer.outcome, names), before=now, after=now)
        for answer in answers
    )


def renamed(old: Case, new: Case) -> dict[str, str]:
    """Which certificate of one is which of the other, by digest."""
    names: dict[str, str] = {}
    if old != new:
        for before, after in zip(_digests(old), _digests(new), strict=True):
            names.setdefault(before, after)
    return names


def told(outcome: Outcome, names: Mapping[str, str]) -> Outcome:
    """The outcome with its path told in other digests."""
    path = path_of(outcome)
    if path is None or not isinstance(outcome, Accepted | Rejected):
        return outcome
    return replace(outcome, path=tuple(names.get(item, item) for item in path))


def path_of(outcome: Outcome) -> Certificates | None:
    """The path of an outcome, where it has one and tells it."""
    return outcome.path if isinstance(outcome, Accepted | Rejected) else None


def _digests(case: Case) -> Iterator[str]:
    """What paths call the certificates of a case, in its order."""
    facts: Facts = read(case)
    plain = [item.der for item in case.trusted if item.label is PemLabel.CERTIFICATE]
    for der in chain(case.peer, plain):
        yield hashlib.sha256(der).hexdigest()
    for item in facts.trusted:
        if item.label is not PemLabel.CERTIFICATE:
            yield item.certificate.fingerprint
