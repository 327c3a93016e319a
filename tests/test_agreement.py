"""Answers that belong together: ways, repeats, CERT_NONE, and cases without CRLs."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import cast

from harness.agreement import (
    examine_again,
    examine_objections,
    examine_roles,
    examine_unverified,
    examine_ways,
    says_no_purpose,
)
from harness.asking import ask_about
from harness.books import Books
from harness.case import Case, Role, Source
from harness.examine import Examination, Row, examine, examine_twin
from harness.facts import Facts
from harness.finding import Conforms, Diverges, Finding, Unexplained
from harness.flags import CRL_CHECK_CHAIN, DEFAULT, X509_STRICT, Flags
from harness.ledger.plain import OVER, ROOT_CRL, chain, leaf, revoking
from harness.outcome import (
    Accepted,
    Answer,
    Objections,
    Outcome,
    Rejected,
    Undecodable,
    Unsupported,
    Way,
    Where,
)
from harness.pki.issue import issue
from harness.pki.read import read
from harness.pki.spec import Scenario, TrustSpec
from harness.target.discover import here
from harness.target.session import Session
from harness.target.target import LIBCRYPTO, Question, Target
from harness.verdict import Silent, Unmodelled, Verdict

NOW = int(time.time())
BAD = chain(leaf(corrupt=True))
"""A chain that is refused under every flag set."""
REVOKED = chain(crls=(ROOT_CRL, revoking("leaf")))
SWEEP = (DEFAULT, X509_STRICT, CRL_CHECK_CHAIN)

Pair = tuple[bytes, bytes]


def made(scenario: Scenario) -> tuple[Case, Facts]:
    """The scenario's case and facts."""
    case = issue(scenario, seed=1, now=NOW)
    return case, read(case)


def told(*outcomes: Outcome, way: Way = Way.FLIGHT) -> Examination:
    """An examination with these outcomes, under flag sets 0, 1, 2 and so on."""
    rows = []
    for bits, outcome in enumerate(outcomes):
        answer = Answer(Flags(bits), Flags(bits), outcome, NOW, NOW)
        verdict = Verdict(Unmodelled("made up"), Silent())
        rows.append(Row(answer, verdict, Conforms()))
    return Examination(way, tuple(rows))


def differing(findings: tuple[Finding, ...]) -> list[str]:
    """In what the findings say that two answers differ."""
    return [item.what for item in findings if isinstance(item, Unexplained)]


def test_a_flight_and_a_handshake_that_both_verified_must_agree() -> None:
    """Another code is a finding; a handshake that verified nothing says nothing."""
    flight = told(Rejected(23), Accepted(), Accepted())
    shaken = told(Rejected(3), Accepted(), Unsupported("x"), way=Way.HANDSHAKE)
    assert differing(examine_ways(flight, shaken)) == ["ways"]
    assert examine_ways(flight, told(Rejected(23), way=Way.HANDSHAKE)) == ()


def test_a_depth_belongs_to_an_answer() -> None:
    """Asked again, an error that is told stands at the same certificate."""
    first, second = (told(Rejected(23, depth=depth)) for depth in (0, 1))
    assert examine_again(first, first) == ()
    (finding,) = examine_again(first, second)
    assert isinstance(finding, Unexplained)
    assert "23@0" in finding.expected
    assert "23@1" in finding.observed


def test_an_answer_that_is_not_had_again_is_a_finding() -> None:
    """The second time the same case is asked, it is answered the same."""
    assert differing(examine_again(told(Accepted()), told(Rejected(7)))) == ["unstable"]
    assert examine_again(told(Rejected(7)), told(Rejected(7))) == ()
    assert examine_again(told(Undecodable(Where.PEER)), told(Accepted())) == ()


def test_under_cert_none_a_real_target_refuses_nothing(own: Pair) -> None:
    """Not a bad signature, not a revoked leaf, not another host, under no flags."""
    with Session(here(), own=own) as session:
        for scenario in (BAD, REVOKED, chain(name="other.example")):
            case, facts = made(scenario)
            assert examine_unverified(session, case, facts, SWEEP) == ()
            required = session.ask(ask_about(case, facts, (CRL_CHECK_CHAIN,)))
            assert isinstance(required[0].outcome, Rejected)


def test_a_target_that_verifies_under_cert_none_breaks_a_law(
    own: Pair, fake_target: Callable[[str], Target]
) -> None:
    """Each row that is refused is a breach; a server is not asked."""
    with Session(fake_target("always_verifies"), own=own) as session:
        case, facts = made(BAD)
        broken = examine_unverified(session, case, facts, SWEEP)
        assert [low for _, low, _ in broken] == list(SWEEP)
        finding = broken[0][0]
        assert isinstance(finding, Diverges)
        assert finding.sentence.startswith("law:CERT_NONE")
        case, facts = made(chain(leaf(corrupt=True), role=Role.SERVER))
        assert examine_unverified(session, case, facts, SWEEP) == ()


def test_loaded_crls_change_nothing_without_a_crl_flag(
    own: Pair, fake_target: Callable[[str], Target]
) -> None:
    """The real target keeps the law; one that checks CRLs by default breaks it."""
    case, facts = made(REVOKED)
    for target, kept in ((here(), True), (fake_target("crl_checks_by_default"), False)):
        with Session(target, own=own) as session:
            books = Books.of(session.identity)
            flight = examine(session, case, facts, (DEFAULT,), books=books)
            broken = examine_twin(session, case, facts, flight, books=books)
        assert (broken == ()) is kept


PURPOSELESS = chain(leaf(extended_key_usage=None, key_usage=None))


def test_roles_agree_where_no_purpose_is_said(own: Pair) -> None:
    """The real target keeps the law in both roles; an answer that the other role does
    not have breaks it, unless a purpose may be why."""
    with Session(here(), own=own) as session:
        books = Books.of(session.identity)
        for role in Role:
            case, facts = made(replace(PURPOSELESS, role=role))
            flight = examine(session, case, facts, SWEEP, books=books)
            assert examine_roles(session, case, facts, flight) == ()
            ((finding, low, high),) = examine_roles(
                session, case, facts, told(Rejected(18))
            )
            assert isinstance(finding, Diverges)
            assert (finding.sentence, low, high) == ("law:roles/alike", Flags(0), low)
        case, facts = made(chain())
        assert examine_roles(session, case, facts, told(Rejected(18))) == ()


def test_purposes_are_seen_in_bytes() -> None:
    """Extensions about purposes, trust settings and reference names may mean one thing
    to a client and another to a server; a CA's key usage does not."""
    assert says_no_purpose(made(PURPOSELESS)[0])
    for scenario in (
        chain(leaf(key_usage=None)),
        chain(leaf(extended_key_usage=None)),
        replace(PURPOSELESS, name="leaf.example"),
        replace(PURPOSELESS, trusted=(TrustSpec("root", trust=("serverAuth",)),)),
    ):
        assert not says_no_purpose(made(scenario)[0])


def test_a_crl_by_capath_has_a_name_even_if_it_cannot_be_read() -> None:
    """As many names as CRLs, so that the question can be asked."""
    case, _ = made(chain(source=Source.CAPATH))
    case = Case(
        case.peer, case.trusted, (b"\x30\x00", *case.crls), source=Source.CAPATH
    )
    facts = read(case)
    question = ask_about(case, facts, (DEFAULT,))
    assert len(question.crl_hashes) == len(case.crls)
    assert question.crl_hashes[1:] == tuple(crl.issuer.hash for crl in facts.crls)


class Liar:
    """A session whose answers are had from another, and changed."""

    def __init__(self, session: Session, change: Callable[[Answer], Answer]) -> None:
        self.session, self.change = session, change

    def ask(self, question: Question) -> tuple[Answer, ...]:
        """The answers, each changed."""
        return tuple(map(self.change, self.session.ask(question)))


def noting(change: Callable[[Objections], Objections]) -> Callable[[Answer], Answer]:
    """Changes what of an answer is said of every objection."""

    def changed(answer: Answer) -> Answer:
        assert answer.objections is not None
        return replace(answer, objections=change(answer.objections))

    return changed


EXPIRED = chain(leaf(corrupt=True, **OVER), crls=(ROOT_CRL,))
"""Refused for its signature, and then for its date."""
LIES: dict[str, tuple[Callable[[Objections], Objections], str]] = {
    "none": (lambda said: replace(said, noted=()), "no objection"),
    "another first": (
        lambda said: replace(said, noted=((99, 0), *said.noted)),
        "first rejected 99",
    ),
    "another depth": (
        lambda said: replace(said, noted=((7, 1), *said.noted[1:])),
        "first rejected 7@1",
    ),
    "another path": (lambda said: replace(said, path=("aa",)), "on another path"),
    "another second": (
        lambda said: replace(said, noted=(said.noted[0], (9, 0))),
        "10 CERT_HAS_EXPIRED",
    ),
    "another second depth": (
        lambda said: replace(said, noted=(said.noted[0], (10, 1))),
        "10@0 CERT_HAS_EXPIRED",
    ),
    "one too few": (
        lambda said: replace(said, noted=said.noted[:1]),
        "10 CERT_HAS_EXPIRED",
    ),
    "one too many": (
        lambda said: replace(said, noted=(*said.noted, (3, 0))),
        "nothing more",
    ),
    "not to the end": (lambda said: replace(said, passed=False), "nothing more"),
}


def test_every_objection_belongs_to_the_plain_answer_and_is_predicted(
    own: Pair,
) -> None:
    """The real library keeps the law and the prediction; each lie breaks one of them,
    and so does an objection, or an internal error, to what was accepted."""
    with Session(replace(here(), engine=LIBCRYPTO), own=own) as session:
        books = Books.of(session.identity)
        assert session.identity.shows_objections

        def found(case: Case, facts: Facts, liar: Liar | Session) -> list[Finding]:
            return [
                finding
                for finding, low, high in examine_objections(
                    cast("Session", liar), case, facts, flight, books=books
                )
                if low == high
            ]

        case, facts = made(EXPIRED)
        flight = examine(session, case, facts, (DEFAULT,), books=books)
        assert found(case, facts, session) == []
        for lie, expected in LIES.values():
            (finding,) = found(case, facts, Liar(session, noting(lie)))
            assert isinstance(finding, Diverges | Unexplained)
            assert expected in finding.expected
            law = isinstance(finding, Diverges)
            assert law is (expected.startswith(("no ", "first")) or "on" in expected)
        case, facts = made(chain())
        flight = examine(session, case, facts, SWEEP[:2], books=books)
        assert found(case, facts, session) == []
        for change in (
            lambda said: replace(said, noted=((9, 0),)),
            lambda said: replace(said, passed=False),
        ):
            findings = found(case, facts, Liar(session, noting(change)))
            assert [type(item) for item in findings] == [Diverges, Diverges]


def test_an_answer_without_objections_says_nothing_of_them(own: Pair) -> None:
    """An engine that cannot tell them is held to nothing."""
    with Session(here(), own=own) as session:
        assert not session.identity.shows_objections
        books = Books.of(session.identity)
        case, facts = made(BAD)
        flight = examine(session, case, facts, SWEEP, books=books)
        assert examine_objections(session, case, facts, flight, books=books) == ()
