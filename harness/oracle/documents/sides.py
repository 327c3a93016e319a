"""Which sides of which sentences a sweep met, in its outcomes.

A flag that takes away *refuses* where a row with it was rejected as promised and the
same row without it accepted; it *lets pass* where a row with it was accepted as
promised. A flag that adds is the reverse: it *refuses* where the row without it was
rejected as promised and the row with it accepted, and *lets pass* where the row with
it was accepted as promised and the row without it rejected. A part of a sentence
that only refuses needs no second row.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from harness.flags import Flags
from harness.oracle.documents.remarks import (
    ALLOW_PROXY,
    CHECK_SS,
    CRL,
    CRL_CHECK,
    CRL_CHECK_ALL,
    IGNORE_CRITICAL,
    NO_CHECK_TIME,
    PARTIAL,
    STRICT,
)
from harness.oracle.documents.sentence import LETS_PASS, REFUSES
from harness.oracle.documents.sentences import SENTENCES
from harness.outcome import Accepted, Outcome, Rejected
from harness.verdict import MustAccept, MustReject, Promise

Met = tuple[str, str]
"""A sentence's identifier and one of its sides."""
SweepRow = tuple[Flags, Outcome, Promise]
_Outcomes = Mapping[int, Outcome]

_CHAIN: Final = CRL_CHECK | CRL_CHECK_ALL

_WITHOUT: Final[dict[str, int]] = {
    "CRL_CHECK_LEAF": CRL_CHECK,
    "CRL_CHECK_CHAIN": CRL_CHECK_ALL,
    "X509_STRICT": STRICT,
    "CHECK_SS_SIGNATURE": CHECK_SS,
}
"""Flags that take away: the bits to clear for the row that is accepted. What CHAIN
refuses beyond LEAF is what shows it."""
_WITH: Final[dict[str, int]] = {
    "ALLOW_PROXY_CERTS": ALLOW_PROXY,
    "X509_PARTIAL_CHAIN": PARTIAL,
    "IGNORE_CRITICAL": IGNORE_CRITICAL,
    "NO_CHECK_TIME": NO_CHECK_TIME,
}
"""Flags that add: the bit to turn over for the other row."""
_IMPLIED: Final = {"VERIFY_DEFAULT/validity": "NO_CHECK_TIME"}
"""Objections that a flag which adds would take away, under another sentence's name."""
_DIRECT: Final = frozenset(
    {
        "CRL_CHECK_LEAF",
        "CRL_CHECK_LEAF/only-peer",
        "CRL_CHECK_CHAIN",
        "X509_STRICT",
        "X509_TRUSTED_FIRST",
        "CHECK_SS_SIGNATURE",
    }
)
"""Sentences that an acceptance as promised meets with no second row."""
_UNCHECKED: Final = frozenset({"VERIFY_DEFAULT", "CRL_CHECK_ALL"})
"""Sentences that an acceptance meets where checking CRLs would have refused."""


def decided(rows: Sequence[SweepRow]) -> frozenset[Met]:
    """The sides that this sweep of one case met."""
    outcomes = {flags.bits: outcome for flags, outcome, _ in rows}
    met: set[Met] = set()
    for flags, outcome, promise in rows:
        if isinstance(promise, MustReject) and isinstance(outcome, Rejected):
            if outcome.code is None or outcome.code in promise.codes:
                met.update(
                    (name, REFUSES)
                    for name in _refused(flags.bits, outcome, promise, outcomes)
                )
        elif isinstance(promise, MustAccept) and isinstance(outcome, Accepted):
            met.update(
                (name, LETS_PASS) for name in _passed(flags.bits, promise, outcomes)
            )
    return frozenset(
        (name, side) for name, side in met if side in SENTENCES[name].sides
    )


def _refused(
    bits: int, outcome: Rejected, promise: MustReject, outcomes: _Outcomes
) -> Iterator[str]:
    for name in promise.sentences:
        head = SENTENCES[name].parent or name
        about_crls = head.startswith("CRL_CHECK")
        if about_crls and outcome.code is not None and outcome.code not in CRL:
            continue
        if head == "CRL_CHECK_LEAF" and bits & CRL_CHECK_ALL:
            continue
        if head != name:
            yield name
        if head in _WITHOUT:
            if isinstance(outcomes.get(bits & ~_WITHOUT[head]), Accepted):
                yield head
        elif head == "VERIFY_DEFAULT":
            if not bits & _CHAIN:
                yield head
        elif head not in _WITH:
            yield head
        adding = _IMPLIED.get(name, head)
        if adding in _WITH and isinstance(outcomes.get(bits | _WITH[adding]), Accepted):
            yield adding


def _passed(bits: int, promise: MustAccept, outcomes: _Outcomes) -> Iterator[str]:
    for name in promise.sentences:
        if name in _DIRECT:
            yield name
        elif name in _WITH:
            if isinstance(outcomes.get(bits & ~_WITH[name]), Rejected):
                yield name
        else:
            assert name in _UNCHECKED, name
            other = outcomes.get(bits | CRL_CHECK)
            if isinstance(other, Rejected) and other.code in (None, *CRL):
                yield name
