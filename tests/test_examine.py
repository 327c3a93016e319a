"""Comparing: every verdict against every outcome, the ledger, and flags named."""

from dataclasses import replace

import pytest

from harness.books import Books, Reading
from harness.compare import compare, differs
from harness.examine import assess
from harness.finding import (
    Breaks,
    Conforms,
    Diverges,
    How,
    Ledgered,
    NotModelled,
    NotShown,
    Severity,
    Unexplained,
    fails,
    kind_of,
    severity,
    signature,
    worst,
)
from harness.flags import (
    CRL_CHECK_ALL,
    CRL_CHECK_CHAIN,
    CRL_CHECK_LEAF,
    DEFAULT,
    X509_PARTIAL_CHAIN,
    X509_STRICT,
    X509_TRUSTED_FIRST,
    Flags,
)
from harness.ledger.plain import (
    INT,
    INT_CRL,
    OVER,
    ROOT,
    ROOT_CRL,
    chain,
    leaf,
    revoking,
    trusting,
)
from harness.ledger.showing import SHOWING
from harness.oracle.releases.judge import LEAVES_AN_ERROR
from harness.outcome import (
    Accepted,
    Answer,
    Breakage,
    Broken,
    Outcome,
    Rejected,
    Undecodable,
    Unsupported,
    Way,
    Where,
)
from harness.pki.issue import issue
from harness.pki.read import read
from harness.pki.spec import AuthorityKeyIdSpec, KeyId, Scenario, ca
from harness.verdict import (
    Objection,
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
from tests.answers import (
    BOOKS,
    MUST,
    MUST_NOT,
    NO,
    NOW,
    PATH,
    YES,
    answer,
    found,
    predicted_answers,
    reading,
)


@pytest.mark.parametrize(
    ("predicted", "promised", "outcome", "kind"),
    [
        (YES, Silent(), Accepted(), "conforms"),
        (YES, Silent(), Accepted(PATH), "conforms"),
        (YES, Silent(), Accepted(("aa",)), "unexplained"),
        (YES, MUST, Accepted(PATH), "conforms"),
        (YES, MUST_NOT, Accepted(PATH), "diverges"),
        (YES, Silent(), Rejected(23), "unexplained"),
        (NO, Silent(), Rejected(23), "conforms"),
        (NO, Silent(), Rejected(None), "conforms"),
        (NO, Silent(), Rejected(23, "", ("aa",)), "unexplained"),
        (NO, Silent(), Rejected(3), "unexplained"),
        (NO, Silent(), Accepted(), "unexplained"),
        (NO, MUST, Rejected(23), "diverges"),
        (NO, MUST_NOT, Rejected(23), "conforms"),
        (NO, replace(MUST_NOT, codes=frozenset({3})), Rejected(23), "diverges"),
        (NO, replace(MUST_NOT, codes=frozenset({3})), Rejected(None), "conforms"),
        (Unmodelled("x"), Silent(), Accepted(), "unmodelled"),
        (Unmodelled("x"), MUST_NOT, Accepted(), "diverges"),
        (WillNotDecode(Where.CRL), Silent(), Accepted(), "unexplained"),
        (YES, Silent(), Undecodable(Where.PEER), "unexplained"),
        (WillNotDecode(Where.PEER), Silent(), Undecodable(Where.PEER), "conforms"),
        (WillNotDecode(Where.CRL), Silent(), Undecodable(Where.PEER), "unexplained"),
        (Unmodelled("x"), Silent(), Undecodable(Where.PEER), "unmodelled"),
        (YES, MUST, Unsupported("x"), "unsupported"),
        (YES, MUST, Broken(Breakage.CRASH), "broken"),
    ],
)
def test_every_pair_has_its_finding(
    predicted: Prediction, promised: Promise, outcome: Outcome, kind: str
) -> None:
    """Broken, unexplained, diverges, conforms: in that order, and nothing between."""
    assert kind_of(found(predicted, promised, outcome)) == kind


def test_a_handshake_that_ends_otherwise_is_not_shown() -> None:
    """What stops a handshake besides verification is no statement about it."""
    finding = found(NO, MUST_NOT, Undecodable(Where.PEER), Way.HANDSHAKE)
    assert isinstance(finding, NotShown)


def test_an_error_left_behind_excuses_only_where_it_is_predicted() -> None:
    """A malformed certificate may spoil an acceptance by its error, no other."""
    left = WillAccept(PATH, (LEAVES_AN_ERROR,))
    assert isinstance(found(left, Silent(), Undecodable(Where.PEER)), NotShown)


def test_an_error_left_behind_excuses_ssl_alone() -> None:
    """Where nobody looks into OpenSSL's queue, what is accepted must decode."""
    verdict = Verdict(WillAccept(PATH, (LEAVES_AN_ERROR,)), Silent())
    finding = compare(verdict, answer(Undecodable(Where.PEER)), speaks_tls=False)
    assert isinstance(finding, Unexplained)
    assert isinstance(compare(verdict, answer(Accepted(PATH))), Conforms)


def test_a_depth_that_is_told_is_compared() -> None:
    """Another one is unexplained, and both are named with their codes; a path that
    differs besides goes before it."""
    assert differs(NO, Rejected(23, "", PATH, 0)) is None
    assert differs(NO, Rejected(23, "", None, 1)) == "depth"
    assert differs(NO, Rejected(3, "", PATH, 1)) == "code"
    assert differs(NO, Rejected(23, "", ("zz",), 1)) == "path"
    finding = found(NO, MUST_NOT, Rejected(23, "", PATH, 1))
    assert isinstance(finding, Unexplained)
    assert finding.what == "depth"
    assert finding.expected == "rejected 23@0 CERT_REVOKED"
    assert finding.observed == "rejected 23@1 CERT_REVOKED"
    text = "unexplained depth: crl.revoked: rejected 23@0 CERT_REVOKED, but rejected"
    assert signature(finding).text == f"{text} 23@1 CERT_REVOKED"


def test_flags_that_are_read_back_otherwise_are_unexplained() -> None:
    """The setter is asked in every row; a policy bit brings POLICY_CHECK."""
    verdict = Verdict(YES, Silent())
    row = Answer(X509_STRICT, DEFAULT, Accepted(), NOW, NOW)
    finding = compare(verdict, row)
    assert isinstance(finding, Unexplained)
    assert (finding.what, finding.bits) == ("flags", X509_STRICT)
    policy = Answer(Flags(0x100), Flags(0x180), Accepted(), NOW, NOW)
    assert isinstance(compare(verdict, policy), Conforms)


def test_codes_are_named_as_the_release_names_them() -> None:
    """What 1.1.1 calls an invalid CA certificate has no other name in its findings."""
    no_ca = WillReject(PATH, (Objection("ca.invalid", 24, 0),))
    for release, name in (("1.1.1w", "INVALID_CA"), ("3.0.19", "NO_ISSUER_PUBLIC_KEY")):
        verdict = Verdict(no_ca, Silent(), release)
        finding = compare(verdict, answer(Accepted()))
        assert isinstance(finding, Unexplained)
        assert finding.expected == f"rejected 24 {name}"
        finding = compare(verdict, answer(Rejected(79)))
        assert isinstance(finding, Unexplained)
        assert finding.observed.startswith("rejected 79 ")
        assert ("EC_KEY" in finding.observed) is (release == "1.1.1w")
        promised = Verdict(no_ca, MUST, release)
        diverging = compare(promised, answer(Rejected(24)))
        assert isinstance(diverging, Diverges)
        assert diverging.observed == f"rejected 24 {name}"


def test_unexplained_comes_before_diverges_and_says_both() -> None:
    """An outcome that is not predicted and breaks a promise is the former, and fails
    open where it should have been refused."""
    finding = found(NO, MUST_NOT, Accepted())
    assert isinstance(finding, Unexplained)
    assert finding.sentence == "CRL_CHECK_LEAF/revoked"
    assert severity(finding) is Severity.FAIL_OPEN
    assert severity(found(NO, Silent(), Accepted())) is Severity.UNEXPLAINED
    assert severity(found(YES, MUST, Rejected(3))) is Severity.FAIL_CLOSED


def test_severities_and_what_fails() -> None:
    """Fail-open comes first; what conforms, is known or not shown does not fail."""
    open_ = found(YES, MUST_NOT, Accepted())
    closed = found(NO, MUST, Rejected(23))
    reason = found(NO, replace(MUST_NOT, codes=frozenset({3})), Rejected(23))
    broken = found(YES, MUST, Broken(Breakage.HANG))
    order = [open_, broken, closed, reason, found(NO, Silent(), Rejected(3))]
    assert [severity(item) for item in order] == [
        Severity.FAIL_OPEN,
        Severity.BROKEN,
        Severity.FAIL_CLOSED,
        Severity.WRONG_REASON,
        Severity.UNEXPLAINED,
    ]
    assert all(fails(item) for item in order)
    harmless = (
        Conforms(),
        NotShown("x"),
        NotModelled("x"),
        Ledgered("x", "y", How.SURFACE),
    )
    assert not any(fails(item) for item in harmless)
    assert {severity(item) for item in harmless} == {Severity.NONE}
    assert worst(reversed(order)) == open_
    assert worst(harmless) is None


def test_a_signature_has_no_case_data() -> None:
    """Paths of other lengths, and messages, make no other finding."""
    one = found(YES, Silent(), Accepted(("aa",)))
    two = found(WillAccept(("aa", "bb", "cc")), Silent(), Accepted(("x", "y")))
    assert signature(one) == signature(two)
    assert signature(Breaks("crash", "one")) == signature(Breaks("crash", "two"))
    assert signature(Conforms()).text == "Conforms"


def test_differs_says_in_what() -> None:
    """Outcome, code and path are told apart; what is not shown does not differ."""
    assert differs(NO, Accepted()) == "outcome"
    assert differs(NO, Rejected(3)) == "code"
    assert differs(NO, Rejected(23, "", ("zz",))) == "path"
    assert differs(NO, Rejected(None)) is None


@pytest.mark.parametrize(
    ("scenario", "flags", "lie", "named"),
    [
        (
            chain(crls=(ROOT_CRL, revoking("leaf"))),
            CRL_CHECK_LEAF,
            Accepted(),
            CRL_CHECK_LEAF,
        ),
        (chain(crls=()), DEFAULT, Rejected(3), CRL_CHECK_LEAF),
        (
            chain(leaf(authority_key_id=AuthorityKeyIdSpec(KeyId.ABSENT))),
            X509_STRICT,
            Accepted(),
            X509_STRICT,
        ),
        (trusting(chain(), "int"), X509_PARTIAL_CHAIN, Rejected(2), X509_PARTIAL_CHAIN),
        (
            chain(crls=(revoking("int", ROOT_CRL), INT_CRL)),
            CRL_CHECK_CHAIN,
            Accepted(),
            CRL_CHECK_CHAIN,
        ),
        (chain(crls=(INT_CRL,)), CRL_CHECK_CHAIN, Rejected(3), DEFAULT),
        (
            trusting(chain(ca("stored", INT, ROOT, **OVER)), "stored", "root"),
            DEFAULT,
            Accepted(),
            X509_TRUSTED_FIRST,
        ),
    ],
    ids=[
        "ignores leaf",
        "always leaf",
        "ignores strict",
        "ignores partial",
        "ignores chain",
        "as is",
        "peer first",
    ],
)
def test_an_unexplained_outcome_names_the_flags_that_would_explain_it(
    scenario: Scenario, flags: Flags, lie: Outcome, named: Flags
) -> None:
    """The target behaves as if these were turned over; nothing is named if none do."""
    examination = assess(reading(scenario), [answer(lie, flags)])
    finding = examination.rows[0].finding
    if named == DEFAULT:
        assert isinstance(finding, Conforms)
    else:
        assert isinstance(finding, Unexplained)
        assert finding.bits == named


def test_a_broken_law_is_a_finding_of_the_row_with_more_bits() -> None:
    """STRICT only takes away: accepted with it and refused without is a breach."""
    scenario = chain(leaf(corrupt=True))
    rows = [answer(Rejected(7), DEFAULT), answer(Accepted(), X509_STRICT)]
    examination = assess(reading(scenario), rows)
    laws = [finding for finding, _, _ in examination.laws]
    assert [(low, high) for _, low, high in examination.laws] == [
        (DEFAULT, X509_STRICT)
    ]
    assert isinstance(laws[0], Diverges)
    assert laws[0].bits == X509_STRICT


def test_a_known_divergence_decides_the_side_it_answers() -> None:
    """USE_DELTAS is decided by the delta that counts as complete."""
    witness = next(item for item in SHOWING if item.entry.startswith("delta"))
    answers = predicted_answers(witness.scenario, witness.flags)
    examination = assess(reading(witness.scenario), answers)
    assert ("USE_DELTAS", "refuses") in examination.decided


def test_behaviours_are_felt_where_they_change_a_prediction() -> None:
    """A root without a CRL fails CHAIN only where self-signed ones need one."""
    book = reading(chain(crls=(INT_CRL,)))
    assert book.felt((Flags(0xC),), NOW) == {"self-signed-needs-crl"}
    assert book.felt((DEFAULT, CRL_CHECK_LEAF), NOW) == frozenset()
    assert book.felt((CRL_CHECK_ALL,), NOW) == {"crl-check-all-suffices"}


def test_steady_tells_whether_a_period_begins_or_ends_between() -> None:
    """Two seconds are one moment unless a boundary of the case lies between."""
    scenario = chain(leaf(not_after=5))
    book = reading(scenario)
    assert book.steady(NOW, NOW + 4)
    assert not book.steady(NOW + 4, NOW + 5)
    assert not book.steady(NOW + 5, NOW + 6)
    assert book.steady(NOW + 6, NOW + 60)


def test_host_names_on_python_3_6_are_not_openssls_to_match() -> None:
    """There the releases book makes no statement about a case with a name."""
    old = Books(BOOKS.release, "3.0", (3, 6, 15))
    facts = read(issue(chain(name="leaf.example"), seed=1, now=NOW))
    assert isinstance(Reading.open(facts, old).prediction(DEFAULT, NOW), Unmodelled)
    assert isinstance(Reading.open(facts, BOOKS).prediction(DEFAULT, NOW), WillAccept)


def test_a_known_crash_is_excused_where_it_is_predicted() -> None:
    """Only the crash that the releases book predicts, by the ledger's rule."""
    crash = Broken(Breakage.CRASH, "signal 11")
    known = found(WillCrash("crl.numberless-delta"), Silent(), crash)
    assert isinstance(known, Ledgered)
    assert known.entry == "numberless-delta-ends-the-process"
    assert isinstance(found(WillCrash("another rule"), Silent(), crash), Breaks)
    assert isinstance(found(YES, Silent(), crash), Breaks)
    hang = Broken(Breakage.HANG)
    assert isinstance(found(WillCrash("crl.numberless-delta"), Silent(), hang), Breaks)
    survived = found(WillCrash("crl.numberless-delta"), Silent(), Accepted())
    assert isinstance(survived, Unexplained)
