"""What a finding claims, as a condition that a script can check by itself.

A script asks one row after another; a row is a flag set, with or without the loaded
CRLs. It says of each ``accepted``, ``rejected N`` (N the verify code, left out where
Python tells none), or ``undecodable``; of an accepted row also by which path, where the
claim is about paths. The condition is a Python expression of that list, ``said``.
"""

from dataclasses import dataclass, replace
from typing import Final, assert_never

from harness.codes import code_name
from harness.finding import (
    Breaks,
    Conforms,
    Diverges,
    Drifts,
    How,
    Ledgered,
    NotModelled,
    NotShown,
    Unexplained,
)
from harness.flags import Flags
from harness.oracle.documents.laws import LAWS, UNVERIFIED
from harness.oracle.documents.sentence import EDITIONS
from harness.oracle.documents.sentences import SENTENCES
from harness.outcome import Accepted, Answer, Outcome, Rejected, Undecodable
from harness.verdict import MustReject, Verdict
from reports.forms import Found

ACCEPTED: Final = "accepted"
ENDED: Final = "said.startswith('ended')"
"""The condition of a process that is ended; then ``said`` is one text for all rows."""
BY: Final = " by "
"""Stands between ``accepted`` and the path."""
TAKES_AWAY: Final = "/takes-away"
ADDS: Final = "/adds"
CRLS_UNUSED: Final = "law:VERIFY_DEFAULT/crls-unused"
_SAME: Final = ("law:X509_TRUSTED_FIRST/always", "law:CRL_CHECK_ALL/ignored")
_PATHS: Final = ("law:path/", "law:X509_TRUSTED_FIRST/")
_BROKEN: Final = ("crash", "hang")


@dataclass(frozen=True, slots=True)
class Row:
    """One row that a script asks."""

    flags: Flags
    with_crls: bool = True


@dataclass(frozen=True, slots=True)
class Misbehaviour:
    """A claim: it holds while ``condition`` is true of the rows' answers."""

    rows: tuple[Row, ...]
    condition: str
    expected: str
    observed: str
    codes: bool = False
    """Whether it cannot be told without verify codes (Python 3.7)."""
    paths: bool = False
    """Whether it cannot be told without the verified path (Python 3.10)."""
    required: bool = True
    """``CERT_REQUIRED``; otherwise ``CERT_NONE``."""
    ends: bool = False
    """The process is ended, or never answers: it is one of its own that asks."""
    undecodable: bool = False
    """Whether ``undecodable`` is an answer; otherwise it is none."""
    promised: str = ""
    """A condition of the OpenSSL that is asked: without it nothing is promised, since
    its manual has no such sentence. Empty where every manual has it."""


@dataclass(frozen=True, slots=True)
class NotAskable:
    """A finding that no script can show by itself, and why."""

    why: str


def misbehaviour(found: Found) -> Misbehaviour | NotAskable:
    """What the finding claims, as rows and a condition."""
    if found.case is None:
        return NotAskable("it is about no certificates")
    if found.check == "objections":
        return NotAskable("ssl has no verify callback to tell every objection")
    if found.check in ("fresh", "reversed"):
        return NotAskable("it is about one context that is asked twice")
    rows = tuple(Row(flags) for flags in found.flags)
    finding = found.finding
    match finding:
        case Diverges(sentence=sentence):
            claim = _of_divergence(found, finding, rows)
            if isinstance(claim, NotAskable):
                return claim
            return replace(claim, promised=_promised_in(sentence))
        case Unexplained(what=what) if what in ("depth", "stale", "unstable", "flags"):
            return NotAskable(_UNASKED[what])
        case Unexplained() | Drifts():
            return _as_observed(found, rows)
        case Breaks(breakage) if breakage in _BROKEN:
            return Misbehaviour(
                rows,
                ENDED,
                "an answer, accepted or rejected",
                breakage,
                ends=True,
            )
        case Breaks(breakage):
            return NotAskable(f"the target's {breakage} is about no one case")
        case Conforms() | Ledgered() | NotShown() | NotModelled():
            return NotAskable("it is no finding")
        case _:
            assert_never(finding)


_UNASKED: Final = {
    "depth": "ssl does not tell the depth of an error",
    "stale": "it is about an entry of the ledger that nothing shows any more",
    "unstable": "the same question was answered otherwise the second time",
    "flags": "it is about the setter of verify_flags, and no certificates",
}


def _of_divergence(
    found: Found, finding: Diverges, rows: tuple[Row, ...]
) -> Misbehaviour | NotAskable:
    expected, observed = finding.expected, finding.observed
    match finding.how:
        case How.WRONGLY_ACCEPTED:
            condition = f"said == [{ACCEPTED!r}]"
            return Misbehaviour(rows, condition, "rejected", observed)
        case How.WRONGLY_REJECTED:
            condition = "said[0].startswith('rejected')"
            return Misbehaviour(rows, condition, ACCEPTED, observed)
        case How.WRONG_REASON:
            codes = _promised(found.verdict)
            if not codes:
                return NotAskable("the reasons that are promised were not recorded")
            named = ", ".join(map(code_name, codes))
            condition = f"said[0] not in ['rejected %d' % code for code in {codes}]"
            wanted = f"rejected, for {named}"
            return Misbehaviour(rows, condition, wanted, observed, codes=True)
        case How.LAW_BROKEN:
            return _of_law(found, finding, rows)
        case How.CRASHED:
            return Misbehaviour(rows, ENDED, expected, observed, ends=True)
        case How.SURFACE:
            return NotAskable("it is about no certificates")
        case _:
            assert_never(finding.how)


def _of_law(
    found: Found, finding: Diverges, rows: tuple[Row, ...]
) -> Misbehaviour | NotAskable:
    law = finding.sentence
    expected, observed = LAWS.get(law, finding.expected), finding.observed
    if law == UNVERIFIED:
        condition = "any(answer.startswith('rejected') for answer in said)"
        return Misbehaviour(rows, condition, expected, observed, required=False)
    if law == CRLS_UNUSED:
        both = (replace(rows[0], with_crls=False), rows[0])
        return _differing(found, both, expected, observed)
    if law in _SAME:
        return _differing(found, rows, expected, observed)
    if law.startswith(_PATHS):
        as_observed = _as_observed(found, rows)
        if isinstance(as_observed, NotAskable) or not as_observed.paths:
            return NotAskable("the path that broke the law was not recorded")
        return replace(as_observed, expected=expected)
    if len(rows) != len(("without", "with")):
        return NotAskable("the two rows that broke the law were not recorded")
    if law.endswith(TAKES_AWAY):
        condition = f"said[0].startswith('rejected') and said[1] == {ACCEPTED!r}"
        return Misbehaviour(rows, condition, expected, observed)
    if law.endswith(ADDS):
        condition = f"said[0] == {ACCEPTED!r} and said[1].startswith('rejected')"
        return Misbehaviour(rows, condition, expected, observed)
    return NotAskable(f"{law} is a law that this version does not know")


def _differing(
    found: Found, rows: tuple[Row, ...], expected: str, observed: str
) -> Misbehaviour:
    """Two rows that owe each other the same answer."""
    outcomes = [answer.outcome for answer in found.answers]
    accepted = bool(outcomes) and all(isinstance(item, Accepted) for item in outcomes)
    condition = "said[0] != said[1]"
    return Misbehaviour(
        rows, condition, expected, observed, codes=not accepted, paths=accepted
    )


def _as_observed(found: Found, rows: tuple[Row, ...]) -> Misbehaviour | NotAskable:
    """A claim that no sentence makes: the target does just what was observed."""
    outcomes = _outcomes(found.answers, found.flags)
    if len(outcomes) != len(rows):
        return NotAskable("not every answer was recorded")
    finding = found.finding
    about_path = isinstance(finding, Unexplained) and finding.what == "path"
    about_path |= isinstance(finding, Diverges)
    said = [_worded(outcome, with_path=about_path) for outcome in outcomes]
    if None in said:
        return NotAskable("the target did not show what a script could look for")
    if isinstance(finding, Drifts):
        has, as_table = ("has", "lacks") if finding.has else ("lacks", "has")
        expected = f"as OpenSSL {finding.release}, which {as_table} {finding.behaviour}"
        observed = f"as one that {has} it"
    else:
        expected = getattr(finding, "expected", "")
        observed = getattr(finding, "observed", "")
    return Misbehaviour(
        rows,
        f"said == {said!r}",
        expected,
        observed,
        codes=any(isinstance(outcome, Rejected) for outcome in outcomes),
        paths=about_path,
        undecodable=any(isinstance(outcome, Undecodable) for outcome in outcomes),
    )


def _outcomes(
    answers: tuple[Answer, ...], flags: tuple[Flags, ...]
) -> tuple[Outcome, ...]:
    by_flags = {answer.requested: answer.outcome for answer in answers}
    return tuple(by_flags[each] for each in flags if each in by_flags)


def _worded(outcome: Outcome, *, with_path: bool) -> str | None:
    """The outcome as a script says it; None where no script can say it."""
    match outcome:
        case Accepted(path) if with_path:
            return None if path is None else ACCEPTED + BY + short(path)
        case Accepted():
            return ACCEPTED
        case Rejected(code):
            return None if code is None else f"rejected {code}"
        case Undecodable():
            return "undecodable"
        case _:
            return None


def short(path: tuple[str, ...]) -> str:
    """A path by the first eight digits of each certificate's SHA-256."""
    return " ".join(fingerprint[:8] for fingerprint in path)


def _promised_in(sentence: str) -> str:
    """The releases whose manual has the sentence, as a condition."""
    known = SENTENCES.get(sentence)
    if known is None or known.editions == EDITIONS:
        return ""
    majors = [1 if edition == EDITIONS[0] else int(edition[0]) for edition in EDITIONS]
    named = [
        str(major)
        for major, edition in zip(majors, EDITIONS, strict=True)
        if edition in known.editions
    ]
    return f"ssl.OPENSSL_VERSION_NUMBER >> 28 in ({', '.join(named)},)"


def _promised(verdict: Verdict | None) -> tuple[int, ...]:
    if verdict is None or not isinstance(verdict.promised, MustReject):
        return ()
    return tuple(sorted(verdict.promised.codes))
