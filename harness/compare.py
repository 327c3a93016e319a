"""Where a verdict meets an outcome: the one place that holds them together.

``compare`` is total over both unions.
"""

from collections.abc import Sequence
from functools import partial
from itertools import zip_longest
from typing import Final, assert_never

from harness.books import Reading
from harness.codes import code_name
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
from harness.ledger.entries import ledger_entry
from harness.oracle.documents.sentences import SENTENCES
from harness.oracle.releases.judge import LEAVES_AN_ERROR
from harness.outcome import (
    MOST_NOTED,
    Accepted,
    Answer,
    Breakage,
    Broken,
    Objections,
    Outcome,
    Path,
    Rejected,
    Undecodable,
    Unsupported,
    Way,
    seen,
)
from harness.verdict import (
    NO_OPENSSL,
    MustAccept,
    MustReject,
    Prediction,
    Promise,
    Silent,
    Unmodelled,
    Verdict,
    WillAccept,
    WillCrash,
    WillNotDecode,
    WillReject,
    rule_of,
    said,
)

DEPTHLESS: Final = frozenset({43})
"""Codes (NO_EXPLICIT_POLICY) that come with the depth of what was met before them."""
NO_CRASH: Final = "law:process"
"""The law that no case ends the process."""


def compare(
    verdict: Verdict, answer: Answer, *, way: Way = Way.FLIGHT, speaks_tls: bool = True
) -> Finding:
    """What an outcome is, held against both books. An error that OpenSSL leaves in its
    queue though it accepts is one for libssl alone, which looks there."""
    outcome = answer.outcome
    match outcome:
        case Broken(breakage, detail):
            return _compare_broken(verdict.predicted, breakage, detail)
        case Unsupported(what):
            return NotShown(what)
        case Undecodable(where, message):
            if way is Way.HANDSHAKE:
                return NotShown(f"handshake ended otherwise ({where}): {message}")
            return _compare_undecodable(verdict, outcome, speaks_tls=speaks_tls)
        case Accepted() | Rejected():
            wanted = answer.requested.effective
            if verdict.predicted != NO_OPENSSL and answer.effective != wanted:
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


def _compare_broken(predicted: Prediction, breakage: Breakage, detail: str) -> Finding:
    """A crash is excused where the release is known to crash just here."""
    if breakage is Breakage.CRASH and isinstance(predicted, WillCrash):
        known = ledger_entry((NO_CRASH,), How.CRASHED, predicted)
        if known is not None:
            return Ledgered(known[0].id, NO_CRASH, How.CRASHED)
    return Breaks(breakage.value, detail)


def _compare_undecodable(
    verdict: Verdict, outcome: Undecodable, *, speaks_tls: bool
) -> Finding:
    predicted = verdict.predicted
    match predicted:
        case WillNotDecode(where) if where is outcome.where:
            return Conforms()
        case Unmodelled(why):
            return NotModelled(why)
        case WillAccept(_, rules) if speaks_tls and LEAVES_AN_ERROR in rules:
            return NotShown("an error that a malformed certificate leaves behind")
        case WillNotDecode() | WillAccept() | WillReject() | WillCrash():
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
        return diverges(sentences, how, verdict, outcome, expected)
    kept = promised_by(verdict.promised)
    # Of a drop-in nothing is predicted: a promise that it keeps is all there is.
    alone = predicted == NO_OPENSSL and kept
    if isinstance(predicted, Unmodelled) and not alone:
        return NotModelled(predicted.why)
    return Conforms(kept)


def differs(predicted: Prediction, outcome: Accepted | Rejected) -> str | None:
    """In what an outcome is not the predicted one: outcome, code, path, depth, or
    nothing. What the target does not tell is not compared."""
    match predicted:
        case Unmodelled():
            return None
        case WillNotDecode() | WillCrash():
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


def objects_otherwise(verdict: Verdict, told: Objections) -> Unexplained | None:
    """The first objection that is not the predicted one, where each is let pass.

    The firm part of a prediction is compared (``WillReject.firm``), and the codes alone
    where the depth is one that OpenSSL left from before. An internal error is no
    objection: of the last of a prediction no callback is told where it ended the
    verification. Whether there is a first one at all is for the plain answer to say.
    """
    predicted = verdict.predicted
    if not isinstance(predicted, WillReject):
        return None
    wanted = predicted.objections[: predicted.firm]
    noted = told.noted[: len(wanted)] if predicted.firm is not None else told.noted
    if not told.passed and predicted.firm is None:
        wanted = wanted[:-1]
    for one, two in zip_longest(wanted[:MOST_NOTED], noted):
        if one is not None and two is not None and one.code == two[0]:
            if one.depth == two[1] or one.code in DEPTHLESS:
                continue
            depths = (one.depth, two[1])
        else:
            depths = (None, None)
        name = partial(code_name, release=verdict.release)
        return Unexplained(
            "none more" if one is None else one.rule,
            "nothing more" if one is None else name(one.code, depth=depths[0]),
            "nothing more" if two is None else name(two[0], depth=depths[1]),
            what="objections",
        )
    return None


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
        case Broken(breakage):
            return breakage is Breakage.CRASH and isinstance(predicted, WillCrash)
        case Unsupported():
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


def promised_by(promise: Promise) -> tuple[str, ...]:
    """The sentences of a promise, if it is one."""
    return () if isinstance(promise, Silent) else promise.sentences


def diverges(
    sentences: tuple[str, ...],
    how: How,
    verdict: Verdict,
    outcome: Outcome,
    expected: str,
    *,
    bits: Flags | None = None,
) -> Diverges | Ledgered:
    """A broken promise: known to the ledger by the rule that predicts it, or not."""
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
