"""What a finding claims: a condition that is true of what was seen, and of no more."""

from typing import Any

import pytest

from harness.codes import code_name
from harness.finding import Breaks, Diverges, Drifts, Finding, How, Unexplained
from harness.flags import CRL_CHECK_LEAF, DEFAULT, X509_STRICT, Flags
from harness.ledger.plain import chain
from harness.outcome import Accepted, Answer, Outcome, Rejected, Undecodable, Where
from harness.verdict import MustReject, Unmodelled, Verdict
from harness.wire import to_json
from reports.forms import check_finding
from reports.misbehaviour import Misbehaviour, NotAskable, misbehaviour
from tests.recordings import found_line, header_line

PATH = ("ab" * 32, "cd" * 32)
TOLD = "accepted by abababab cdcdcdcd"


def claim(
    finding: Finding, *flags: Flags, outcomes: tuple[Outcome, ...] = (), **changes: Any
) -> Misbehaviour | NotAskable:
    """What a finding claims that was seen under these flags."""
    answers = tuple(
        Answer(each, each, outcome, 1, 1)
        for each, outcome in zip(flags, outcomes, strict=False)
    )
    line = found_line(finding, chain(), *flags, answers=answers, **changes)
    return misbehaviour(check_finding(line, header_line()))


def law(name: str) -> Diverges:
    """A law that is broken."""
    return Diverges(name, How.LAW_BROKEN, "r", "e", "o")


def sentence(how: How) -> Diverges:
    """A sentence that is broken so."""
    return Diverges("CRL_CHECK_LEAF", how, "r", "expected", "observed")


REASONED = to_json(Verdict(Unmodelled("x"), MustReject(("s",), frozenset({3, 23}))))
BOTH = (DEFAULT, X509_STRICT)
PARTIAL = Flags(0x80000)
CLAIMS: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "wrongly accepted": (
        claim(sentence(How.WRONGLY_ACCEPTED), CRL_CHECK_LEAF),
        [["accepted"]],
        [["rejected 23"], ["rejected "]],
    ),
    "wrongly rejected": (
        claim(sentence(How.WRONGLY_REJECTED), CRL_CHECK_LEAF),
        [["rejected 3"], ["rejected "]],
        [["accepted"]],
    ),
    "wrong reason": (
        claim(sentence(How.WRONG_REASON), CRL_CHECK_LEAF, verdict=REASONED),
        [["rejected 20"], ["accepted"]],
        [["rejected 3"], ["rejected 23"]],
    ),
    "takes away": (
        claim(law("law:X509_STRICT/takes-away"), *BOTH),
        [["rejected 20", "accepted"]],
        [["accepted", "accepted"], ["rejected 2", "rejected 2"], ["accepted", "reje"]],
    ),
    "adds": (
        claim(law("law:X509_PARTIAL_CHAIN/adds"), DEFAULT, PARTIAL),
        [["accepted", "rejected 20"]],
        [["accepted", "accepted"], ["rejected 2", "accepted"]],
    ),
    "same": (
        claim(
            law("law:X509_TRUSTED_FIRST/always"),
            *BOTH,
            outcomes=(Rejected(2), Rejected(3)),
        ),
        [["rejected 2", "rejected 3"], ["accepted", "rejected 3"]],
        [["rejected 2", "rejected 2"]],
    ),
    "twin": (
        claim(law("law:VERIFY_DEFAULT/crls-unused"), DEFAULT, check="twin"),
        [["accepted", "rejected 3"]],
        [["accepted", "accepted"]],
    ),
    "unverified": (
        claim(law("law:CERT_NONE/flags-ignored"), DEFAULT, check="unverified"),
        [["rejected 3"]],
        [["accepted"]],
    ),
    "path of a law": (
        claim(law("law:path/anchored"), DEFAULT, outcomes=(Accepted(PATH),)),
        [[TOLD]],
        [["accepted by abababab"], ["rejected 2"]],
    ),
    "path": (
        claim(
            Unexplained("r", "accepted", "accepted", what="path"),
            DEFAULT,
            outcomes=(Accepted(PATH),),
        ),
        [[TOLD]],
        [["accepted by abababab"]],
    ),
    "unexplained": (
        claim(Unexplained("r", "a", "b"), *BOTH, outcomes=(Accepted(), Rejected(3))),
        [["accepted", "rejected 3"]],
        [["accepted", "accepted"], ["accepted", "rejected 23"]],
    ),
    "undecodable": (
        claim(Unexplained("r", "a", "b"), DEFAULT, outcomes=(Undecodable(Where.PEER),)),
        [["undecodable"]],
        [["accepted"]],
    ),
    "drift": (
        claim(Drifts("name", "3.0.19", has=True), DEFAULT, outcomes=(Rejected(3),)),
        [["rejected 3"]],
        [["accepted"]],
    ),
    "crash": (
        claim(Breaks("crash"), DEFAULT),
        ["ended by signal 11"],
        ["lived"],
    ),
    "known crash": (
        claim(Diverges("law:process", How.CRASHED, "r", "e", "crash"), DEFAULT),
        ["ended by signal 6"],
        ["lived"],
    ),
}


@pytest.mark.parametrize("name", CLAIMS)
def test_a_condition_is_true_of_what_it_claims_alone(name: str) -> None:
    """Each condition, put to answers that show it and to others."""
    made, still, gone = CLAIMS[name]
    assert isinstance(made, Misbehaviour), made
    for said in still:
        assert eval(made.condition, {"said": said})  # noqa: S307 - our expression
    for said in gone:
        assert not eval(made.condition, {"said": said})  # noqa: S307 - as above


def test_a_claim_says_what_it_needs() -> None:
    """Codes, paths, CERT_NONE, rows without CRLs; and what is documented."""
    made = CLAIMS["wrong reason"][0]
    assert made.codes
    assert made.expected == f"rejected, for {code_name(3)}, {code_name(23)}"
    assert CLAIMS["path"][0].paths
    assert not CLAIMS["unverified"][0].required
    assert [row.with_crls for row in CLAIMS["twin"][0].rows] == [False, True]
    assert CLAIMS["undecodable"][0].undecodable
    assert "has name" in CLAIMS["drift"][0].observed.replace("that has it", "has name")
    assert "which lacks name" in CLAIMS["drift"][0].expected


def test_a_sentence_of_some_manuals_is_promised_there_alone() -> None:
    """X509_STRICT's list is that of 3.0 and later; LEAF stands in all."""
    strict = Diverges("X509_STRICT/alternative-name", How.WRONGLY_ACCEPTED, "", "", "")
    made = claim(strict, X509_STRICT)
    assert isinstance(made, Misbehaviour)
    assert made.promised == "ssl.OPENSSL_VERSION_NUMBER >> 28 in (3, 4,)"
    assert not CLAIMS["wrongly accepted"][0].promised


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (claim(Unexplained("r", "a", "b", what="depth"), DEFAULT), "depth"),
        (claim(Unexplained("r", "a", "b", what="stale"), DEFAULT), "ledger"),
        (claim(Unexplained("r", "a", "b", what="flags"), DEFAULT), "setter"),
        (claim(Unexplained("r", "a", "b"), DEFAULT, check="fresh"), "one context"),
        (claim(Unexplained("r", "a", "b"), DEFAULT, check="objections"), "callback"),
        (claim(Unexplained("r", "a", "b"), DEFAULT), "not every answer"),
        (
            claim(Unexplained("r", "a", "b"), DEFAULT, outcomes=(Rejected(None),)),
            "did not show",
        ),
        (claim(sentence(How.WRONG_REASON), DEFAULT), "were not recorded"),
        (claim(law("law:X509_STRICT/takes-away"), DEFAULT), "two rows"),
        (claim(law("law:path/anchored"), DEFAULT), "path that broke"),
        (claim(law("law:new/one"), *BOTH), "does not know"),
        (claim(Breaks("garbage"), DEFAULT), "garbage"),
    ],
)
def test_what_no_script_can_show_says_why(made: Any, why: str) -> None:
    """Nothing is claimed that could not be told."""
    assert isinstance(made, NotAskable), made
    assert why in made.why
