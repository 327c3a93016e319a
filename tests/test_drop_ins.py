"""What is no OpenSSL: who it is, and what an outcome of it is held against."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from harness.books import Books
from harness.campaign.probing import Probed, probe
from harness.compare import compare
from harness.finding import Conforms, Diverges, How, NotModelled
from harness.flags import CRL_CHECK_LEAF, DEFAULT, Flags
from harness.ledger.plain import chain, revoking
from harness.outcome import Accepted, Answer, Rejected, Way
from harness.target.session import Session
from harness.target.target import Identity, Target
from harness.verdict import NO_OPENSSL, MustReject, Silent, Unmodelled, Verdict
from tests.answers import MUST, MUST_NOT, NOW, reading

OPENSSL = Identity(
    id="x",
    implementation="cpython",
    python=(3, 13, 0),
    openssl="OpenSSL 3.0.19 27 Jan 2026",
    openssl_number=0x30000130,
    platform="linux-x86_64",
    shows_code=True,
    shows_path=True,
)


@pytest.mark.parametrize(
    ("text", "is_openssl"),
    [
        ("OpenSSL 3.0.19 27 Jan 2026", True),
        ("OpenSSL 1.1.1w  11 Sep 2023", True),
        ("OpenSSL 3.5.0-dev 1 Jan 2025", True),
        ("OpenSSL 1.1.1 (compatible; BoringSSL; boring-sys 5.2.0)", False),
        ("OpenSSL 1.1.1 (compatible; AWS-LC 1.17.0)", False),
        ("Rustls 0.23.45 - aws-lc-rs 1.18.1", False),
        ("LibreSSL 2.8.3", False),
        ("", False),
    ],
)
def test_who_is_openssl(text: str, is_openssl: bool) -> None:
    """Number and date are OpenSSL's own; others shake hands, and have no release."""
    identity = replace(OPENSSL, openssl=text)
    assert identity.is_openssl is is_openssl
    assert identity.ways == (tuple(Way) if is_openssl else (Way.HANDSHAKE,))
    books = Books.of(identity)
    assert books.predicts is is_openssl
    assert bool(books.behaviours) is is_openssl
    assert books.sentences


def test_nothing_is_predicted_and_everything_promised() -> None:
    """The promise is that of any target, and no flag is named as turned over."""
    books = Books.of(replace(OPENSSL, openssl="Other 1"))
    opened = reading(chain(crls=(revoking("leaf"),)), books)
    verdict = opened.verdict(CRL_CHECK_LEAF, NOW)
    assert verdict.predicted == NO_OPENSSL
    assert isinstance(verdict.promised, MustReject)
    turned = {predicted for _, predicted in opened.as_if(CRL_CHECK_LEAF, NOW)}
    assert turned <= {NO_OPENSSL}
    assert opened.felt((CRL_CHECK_LEAF,), NOW) == frozenset()


def test_what_an_outcome_is_without_a_prediction() -> None:
    """A kept promise conforms, a broken one diverges, and where nothing is promised
    nothing is said; flags that are not read back are a matter of the surface."""
    none = NO_OPENSSL

    def of(promised: MustReject | Silent, outcome: Accepted | Rejected) -> object:
        answer = Answer(Flags(0x104), Flags(4), outcome, NOW, NOW)
        return compare(Verdict(none, promised), answer)

    assert of(MUST_NOT, Rejected(23, "")) == Conforms(MUST_NOT.sentences)
    broken = of(MUST_NOT, Accepted())
    assert isinstance(broken, Diverges)
    assert broken.how is How.WRONGLY_ACCEPTED
    assert of(Silent(), Accepted()) == NotModelled("no release of OpenSSL")
    known = Verdict(Unmodelled("odd bytes"), MUST, "3.0.19")
    answer = Answer(DEFAULT, DEFAULT, Accepted(), NOW, NOW)
    assert isinstance(compare(known, answer), NotModelled)


def test_no_probe_is_asked(
    own: tuple[bytes, bytes], fake_target: Callable[[str], Target]
) -> None:
    """There is no table that a probe could contradict."""
    target = fake_target("drop_in")
    with Session(target, own=own) as session:
        books = Books.of(session.identity)
        assert probe(session, books, seed=1, now=NOW) == Probed(books)
