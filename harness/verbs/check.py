"""``verifyflags check``: put a suite through targets and both books."""

import json
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, assert_never

from harness.books import Books
from harness.campaign.probing import probe
from harness.corpus.limbo import load_suite
from harness.corpus.pkits import PkitsError, load_pkits
from harness.corpus.suite import Expected, Suite, SuiteCase, SuiteError
from harness.examine import Examination, Row, examine
from harness.finding import (
    Finding,
    Ledgered,
    NotModelled,
    NotShown,
    fails,
    kind_of,
    signature,
)
from harness.flags import CRL_CHECK_CHAIN, Flags
from harness.ledger.overlays import OVERLAYS, Overlay
from harness.outcome import (
    Accepted,
    Answer,
    Broken,
    Outcome,
    Rejected,
    Undecodable,
    Unsupported,
)
from harness.pki.read import read
from harness.target.session import Session, TargetError
from harness.target.target import Target
from harness.verbs.choosing import UsageError, chosen_targets, file_overlays
from harness.verbs.opening import opened
from harness.verbs.saying import complain, say
from harness.verdict import (
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
)
from reports.printable import printable
from reports.suite import Checked, table

PKITS: Final = "pkits"
FAILING: Final = ("broken", "unexplained", "diverges", "drift")
SEED: Final = 0

Form = dict[str, Any]


def check(arguments: Namespace) -> int:
    """Ask every case of the suite; the exit status. Raises ``UsageError``."""
    suite = loaded(arguments.suite)
    targets = chosen_targets(arguments.target, arguments.targets_file)
    checked: list[Checked] = []
    drifts: list[str] = []
    unusable = []
    flag_sets = tuple(dict.fromkeys(arguments.flags))
    overlays = (*OVERLAYS, *file_overlays(arguments.overlays))
    for target in targets:
        try:
            for row in _rows(suite, target, flag_sets, drifts, overlays):
                checked.append(row)
                if arguments.json:
                    say(json.dumps(row.form))
        except TargetError as error:
            unusable.append(f"{target.id} cannot be asked: {error}")
    counts = Counter(row.form["finding"] for row in checked)
    counts["drift"] += len(drifts)
    if arguments.json:
        for text in (*drifts, *unusable):
            complain(printable(text))
        say(json.dumps({"summary": dict(sorted((+counts).items()))}))
    else:
        say(table(checked, [*drifts, *unusable]).rstrip("\n"))
    return _status(counts, unusable)


def loaded(name: str) -> Suite:
    """The suite of that file, or PKITS. Raises ``UsageError``."""
    try:
        return load_pkits() if name == PKITS else load_suite(Path(name))
    except (SuiteError, PkitsError) as error:
        raise UsageError(str(error)) from error


def _status(counts: Counter[str], unusable: list[str]) -> int:
    if unusable:
        return 2
    if any(counts[kind] for kind in FAILING):
        return 1
    asked = counts.total() - counts["unsupported"]
    return 0 if asked else 3


def _rows(
    suite: Suite,
    target: Target,
    flag_sets: tuple[Flags, ...],
    drifts: list[str],
    overlays: tuple[Overlay, ...],
) -> Iterator[Checked]:
    with opened(target, SEED) as (session, now):
        table = Books.of(session.identity)
        probed = probe(session, table, seed=SEED, now=now, overlays=overlays)
        drifts += (f"{target.id}: {seen.signature.text}" for seen, _ in probed.drifts)
        books = probed.books
        for item in suite.cases:
            flags = flag_sets or item.flag_sets
            if item.unsupported is not None:
                yield from _unsupported(item, target, flags, item.unsupported)
            else:
                yield from _asked(item, target, flags, session, books)


def _unsupported(
    item: SuiteCase, target: Target, flags: tuple[Flags, ...], why: str
) -> Iterator[Checked]:
    for each in flags:
        answer = Answer(each, None, Unsupported(why), 0, 0)
        verdict = Verdict(Unmodelled(why), Silent())
        yield _checked(item, target, Row(answer, verdict, NotShown(why)))


def _asked(
    item: SuiteCase,
    target: Target,
    flags: tuple[Flags, ...],
    session: Session,
    books: Books,
) -> Iterator[Checked]:
    examination = examine(session, item.case, read(item.case), flags, books=books)
    broken = _laws(examination)
    for row in examination.rows:
        law = broken.get(row.answer.requested)
        if law is None or fails(row.finding):
            yield _checked(item, target, row)
        else:
            yield _checked(item, target, replace(row, finding=law))


def _laws(examination: Examination) -> dict[Flags, Finding]:
    """A broken law is a finding of the row with more bits; one that fails goes
    before one of the ledger."""
    found: dict[Flags, Finding] = {}
    for finding, _, high in examination.laws:
        if high not in found or fails(finding):
            found[high] = finding
    return found


def _checked(item: SuiteCase, target: Target, row: Row) -> Checked:
    form = {
        "id": item.id,
        "target": target.id,
        "role": item.case.role.value,
        "flags": row.answer.requested.bits,
        "predicted": prediction_form(row.verdict.predicted),
        "observed": outcome_form(row.answer.outcome),
        "documents": promise_word(row.verdict.promised),
        "finding": finding_word(row.finding),
    }
    asked = CRL_CHECK_CHAIN in row.answer.requested or not item.case.crls
    agreement = _agreement(item.expected if asked else None, row.answer.outcome)
    return Checked(form, agreement, _why(row.finding))


def _agreement(expected: Expected | None, outcome: Outcome) -> str:
    """Whether the suite's author expected this outcome. The answer for a case with
    CRLs is meant to hold where all of them are checked."""
    match outcome:
        case Accepted() | Rejected() if expected is not None:
            accepted = isinstance(outcome, Accepted)
            return "agree" if accepted == (expected is Expected.SUCCESS) else "differ"
        case _:
            return "none"


def _why(finding: Finding) -> str:
    match finding:
        case NotShown(what=why) | NotModelled(why=why):
            return why
        case _:
            return signature(finding).text if fails(finding) else ""


def prediction_form(predicted: Prediction) -> Form | None:
    """What the releases book says; None where it says nothing."""
    match predicted:
        case WillAccept(path=path):
            return _form(accepted=True, code=None, depth=None, path=path)
        case WillReject(path=path):
            shown = predicted.shown
            return _form(accepted=False, code=shown.code, depth=shown.depth, path=path)
        case WillNotDecode() | WillCrash():
            return _form(accepted=False, code=None, depth=None, path=())
        case Unmodelled():
            return None
        case _:
            assert_never(predicted)


def _form(
    *, accepted: bool, code: int | None, depth: int | None, path: tuple[str, ...]
) -> Form:
    return {"accepted": accepted, "code": code, "depth": depth, "path": list(path)}


def outcome_form(outcome: Outcome) -> Form:
    """What the target did; the depth only where it is told."""
    code: int | None = None
    depth: int | None = None
    path: tuple[str, ...] | None = None
    match outcome:
        case Accepted(path=path):
            kind = "accepted"
        case Rejected(code=code, path=path, depth=depth):
            kind = "rejected"
        case Undecodable():
            kind = "undecodable"
        case Unsupported():
            kind = "unsupported"
        case Broken():
            kind = "broken"
        case _:
            assert_never(outcome)
    return {
        "outcome": kind,
        "code": code,
        **({} if depth is None else {"depth": depth}),
        "path": None if path is None else list(path),
    }


def promise_word(promised: Promise) -> str:
    """What the documents book says, in one word."""
    match promised:
        case MustAccept():
            return "must-accept"
        case MustReject():
            return "must-reject"
        case Silent():
            return "silent"
        case _:
            assert_never(promised)


def finding_word(finding: Finding) -> str:
    """The finding as ``check --json`` says it."""
    if isinstance(finding, Ledgered):
        return f"ledger:{finding.entry}"
    return kind_of(finding)
