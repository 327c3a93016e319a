"""The ledger: where reality is known to diverge from the documents.

An entry is a sentence or law, in what way it is broken, and the rule of the releases
book that predicts it. It excuses a divergence only where that rule predicts exactly
this outcome, so the releases it holds for follow from the rule.
"""

from dataclasses import dataclass
from typing import Final

from harness.finding import How, Severity
from harness.verdict import Prediction, WillAccept, WillReject


@dataclass(frozen=True, slots=True)
class Entry:
    """One known divergence.

    ``sentence`` may be a sentence or law; the entry holds for its parts too.
    ``witness`` is the id of the pinned case that shows it; empty for the surface.
    """

    id: str
    sentence: str
    how: How
    rule: str
    severity: Severity
    what: str
    thread: str
    witness: str


ENTRIES: Final[tuple[Entry, ...]] = ()


def ledger_entry(sentence: str, how: How, predicted: Prediction | None) -> Entry | None:
    """The entry that excuses this divergence, predicted like this, if any does."""
    for entry in ENTRIES:
        if entry.how is not how or not _is_part(sentence, entry.sentence):
            continue
        if entry.rule in _rules(predicted):
            return entry
    return None


def _is_part(sentence: str, of: str) -> bool:
    return sentence == of or sentence.startswith(of + "/")


def _rules(predicted: Prediction | None) -> tuple[str, ...]:
    match predicted:
        case WillAccept(_, rules):
            return (*rules, "")
        case WillReject(_, _, rules):
            return (predicted.shown.rule, *rules, "")
        case _:
            return ("",)
