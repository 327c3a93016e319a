"""The worker that asks pyOpenSSL: codes, depths, paths, what it refuses."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import OpenSSL
import pytest

from harness.case import Case, Role, Source, TrustedItem
from harness.flags import (
    CRL_CHECK_CHAIN,
    CRL_CHECK_LEAF,
    DEFAULT,
    X509_PARTIAL_CHAIN,
    Flags,
)
from harness.outcome import Accepted, Outcome, Rejected, Undecodable, Unsupported, Way
from harness.pki.issue import Issued
from harness.target.discover import here
from harness.target.session import Session, TargetError
from harness.target.target import PYOPENSSL, Question, Target

Own = tuple[bytes, bytes]
SITE = str(Path(OpenSSL.__file__).parent.parent)
TARGET = Target("py", here().argv, path=(SITE,), engine=PYOPENSSL)


@pytest.fixture(scope="module")
def session(own: Own, strong: Own) -> Iterator[Session]:
    """pyOpenSSL, started."""
    with Session(TARGET, own=own, strong=strong) as started:
        yield started


@pytest.fixture(scope="module")
def whole(own: Own, strong: Own) -> Iterator[Session]:
    """The ``ssl`` of this interpreter, started."""
    with Session(here(), own=own, strong=strong) as started:
        yield started


def outcome(session: Session, case: Case, flags: Flags = DEFAULT) -> Outcome:
    """The outcome of one case under one flag set."""
    (answer,) = session.ask(Question(case, (flags,)))
    return answer.outcome


def test_who_it_is(session: Session, good: Case, untrusted: Case) -> None:
    """The OpenSSL inside of cryptography; a flight is all it can be asked by."""
    identity = session.identity
    assert identity.engine == PYOPENSSL
    assert identity.openssl.startswith("OpenSSL ")
    assert (identity.shows_code, identity.shows_path, identity.shows_depth) == (
        True,
        True,
        True,
    )
    assert identity.ways == (Way.FLIGHT,)
    assert (identity.through_ssl, identity.speaks_tls) == (False, True)
    assert session.check_sane(good, untrusted).sane
    assert session.floor(good, DEFAULT, 2) > 0
    assert session.cpu_seconds() > 0


def test_good_revoked_untrusted(
    session: Session, pki: Issued, good: Case, revoked: Case, role: Role
) -> None:
    """In either role, and each rejection with the place of its certificate."""
    good, revoked = replace(good, role=role), replace(revoked, role=role)
    accepted = outcome(session, good, CRL_CHECK_CHAIN)
    assert isinstance(accepted, Accepted)
    assert accepted.path is not None
    assert len(accepted.path) == 3
    assert outcome(session, revoked) == accepted
    said = outcome(session, revoked, CRL_CHECK_LEAF)
    assert isinstance(said, Rejected)
    assert (said.code, said.depth, said.path) == (23, 0, accepted.path)
    above = replace(good, crls=(pki.crls["above"], good.crls[1]))
    said = outcome(session, above, CRL_CHECK_CHAIN)
    assert isinstance(said, Rejected)
    assert (said.code, said.depth) == (23, 1)


def test_it_says_what_ssl_says(
    session: Session, pki: Issued, whole: Session, good: Case, role: Role
) -> None:
    """Where both have an answer, codes, paths and places of errors are the same."""
    cases = [
        good,
        replace(good, crls=()),
        replace(good, security_level=4),
        replace(good, trusted=(TrustedItem(pki.certificates["intermediate"]),)),
        replace(good, peer=(b"\x30\x80junk",)),
        replace(good, trusted=(TrustedItem(b"junk"),)),
        replace(good, crls=(b"junk",)),
        replace(good, name="leaf.example", role=Role.CLIENT),
        replace(good, name="192.0.2.1", role=Role.CLIENT),
    ]
    flags = (DEFAULT, CRL_CHECK_LEAF, CRL_CHECK_CHAIN, X509_PARTIAL_CHAIN, Flags(0x60))
    for case in cases:
        asked = case if case.name else replace(case, role=role)
        question = Question(asked, flags)
        for one, other in zip(session.ask(question), whole.ask(question), strict=True):
            assert _shape(one.outcome) == _shape(other.outcome), case
            assert one.effective == other.effective


def _shape(found: Outcome) -> object:
    """What two engines tell alike: words and depths are their own."""
    match found:
        case Rejected():
            return ("rejected", found.code, found.path)
        case Undecodable(where):
            return ("undecodable", where)
        case _:
            return found


def test_what_it_cannot_be_asked(session: Session, good: Case) -> None:
    """Each is refused by name, and the next question is answered."""
    handshake = Question(good, (DEFAULT,), Way.HANDSHAKE)
    unverified = Question(good, (DEFAULT,), required=False)
    cadata = Question(replace(good, source=Source.CADATA), (DEFAULT,))
    policy = Question(good, (Flags(0x100),))
    odd = Question(replace(good, name="10.0.0.01"), (DEFAULT,))
    for question, told in (
        (handshake, "handshake: "),
        (unverified, "CERT_NONE"),
        (cadata, "cadata: "),
        (policy, "policies: "),
        (odd, "server_hostname '10.0.0.01'"),
    ):
        (answer,) = session.ask(question)
        assert isinstance(answer.outcome, Unsupported)
        assert answer.outcome.what.startswith(told)
    assert isinstance(outcome(session, good), Accepted)


def test_without_pyopenssl_it_does_not_start(own: Own) -> None:
    """The reason is told."""
    with pytest.raises(TargetError, match="No module named 'OpenSSL'"):
        Session(replace(TARGET, path=()), own=own)
