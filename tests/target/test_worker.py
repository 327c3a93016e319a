"""The worker, imported here: what each error means, and how it speaks."""

import io
import json
import ssl
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness.case import Case, Role, Source, TlsVersion, TrustedItem
from harness.flags import CRL_CHECK_LEAF, DEFAULT, Flags
from harness.flight import client_flight
from harness.outcome import (
    Accepted,
    Answer,
    Outcome,
    Rejected,
    Undecodable,
    Unsupported,
    Way,
    Where,
)
from harness.pki.issue import Issued
from harness.pki.read import read
from harness.target import protocol, worker
from harness.target.target import Question

HANDSHAKES = [(Way.HANDSHAKE, tls) for tls in TlsVersion]
WAYS = [(Way.FLIGHT, TlsVersion.TLS_1_2), *HANDSHAKES]


def served(asker: object, *lines: bytes) -> list[Any]:
    """The answers to lines."""
    answers = io.BytesIO()
    worker.serve(io.BytesIO(b"".join(lines)), answers, asker)
    return [json.loads(line) for line in answers.getvalue().splitlines()]


def ask(asker: worker.Asker, question: Question) -> tuple[Answer, ...]:
    """The answers to a question."""
    (reply,) = served(asker, protocol.sweep(question, 7))
    assert reply["seq"] == 7
    return protocol.answers(question.flags, reply)


def outcome(
    asker: worker.Asker,
    case: Case,
    way: Way = Way.FLIGHT,
    tls: TlsVersion = TlsVersion.TLS_1_2,
    flags: Flags = DEFAULT,
) -> Outcome:
    """The outcome of one case under one flag set."""
    (answer,) = ask(asker, Question(case, (flags,), way, tls))
    return answer.outcome


@pytest.fixture(scope="module")
def cases(good: Case, revoked: Case, untrusted: Case) -> tuple[Case, Case, Case]:
    """The three plain cases."""
    return good, revoked, untrusted


@pytest.mark.parametrize("put", WAYS, ids=str)
def test_good_revoked_untrusted(
    asker: worker.Asker,
    cases: tuple[Case, Case, Case],
    role: Role,
    put: tuple[Way, TlsVersion],
) -> None:
    """Either way, in either role: accept; 23, but only with a CRL flag; 20."""
    good, revoked, untrusted = (replace(case, role=role) for case in cases)
    accepted = outcome(asker, good, *put, CRL_CHECK_LEAF)
    assert isinstance(accepted, Accepted)
    assert accepted.path is not None
    assert len(accepted.path) == 3
    assert outcome(asker, revoked, *put) == accepted
    assert outcome(asker, revoked, *put, CRL_CHECK_LEAF) == Rejected(
        23, "certificate revoked", accepted.path
    )
    rejected = outcome(asker, untrusted, *put)
    assert isinstance(rejected, Rejected)
    assert (rejected.code, rejected.path) == (20, accepted.path[:2])


def test_an_rsa_leaf_is_accepted_in_a_flight(
    asker: worker.Asker, pki: Issued, good: Case, role: Role
) -> None:
    """The kind of the leaf's key makes no difference."""
    rsa = replace(
        good,
        role=role,
        peer=(pki.certificates["rsa"], pki.certificates["intermediate"]),
    )
    assert isinstance(outcome(asker, rsa), Accepted)


def test_what_a_client_says_after_verification_is_acceptance(
    asker: worker.Asker, pki: Issued, good: Case
) -> None:
    """An ECDSA suite with an RSA leaf: the client complains only once it has verified,
    and it has rejected before where it must."""
    context = Question(good, (DEFAULT,))
    rsa = (pki.certificates["rsa"], pki.certificates["intermediate"])
    request = json.loads(protocol.sweep(context, 1))
    flight = bytearray(client_flight(rsa))
    at = flight.index(b"\xc0\x30")
    flight[at : at + 2] = b"\xc0\x2c"
    said, subject = worker.Asker.fly(
        asker, asker.subject_context(request), request, bytes(flight)
    )
    assert said == ("accepted", None, "")
    assert len(worker.verified_chain(subject) or ()) == 3
    request["trust"] = ""
    said, _ = asker.fly(asker.subject_context(request), request, bytes(flight))
    assert said[:2] == ("rejected", 20)


@pytest.mark.parametrize(
    "peer",
    [(), (b"",), (b"\x30\x80junk",)],
    ids=["none", "empty", "junk"],
)
def test_a_peer_that_does_not_decode(
    asker: worker.Asker, good: Case, role: Role, peer: tuple[bytes, ...]
) -> None:
    """An error before verification is no rejection; no handshake can present it."""
    case = replace(good, role=role, peer=peer)
    found = outcome(asker, case)
    assert isinstance(found, Undecodable)
    assert found.where is Where.PEER
    assert "_ssl.c" not in found.message


def test_trailing_octets_do_not_decode(
    asker: worker.Asker, good: Case, role: Role
) -> None:
    """A certificate with an octet after its end is refused before verification."""
    leaf, *rest = good.peer
    case = replace(good, role=role, peer=(leaf + b"\x00", *rest))
    found = outcome(asker, case)
    assert isinstance(found, Undecodable)
    assert "length mismatch" in found.message


def test_a_message_over_100_kb_is_not_asked(
    asker: worker.Asker, good: Case, role: Role
) -> None:
    """OpenSSL refuses it unverified: unsupported, not undecodable."""
    leaf, intermediate = good.peer
    case = replace(good, role=role, peer=(leaf, *(intermediate,) * 300))
    found = outcome(asker, case)
    assert isinstance(found, Unsupported)
    assert "excessive message size" in found.what


@pytest.mark.parametrize("source", [Source.CAFILE, Source.CADATA], ids=str)
def test_which_part_does_not_load(
    asker: worker.Asker, good: Case, source: Source
) -> None:
    """Undecodable trust and an undecodable CRL are told apart."""
    trust = replace(good, source=source, trusted=(TrustedItem(b"junk"),))
    found = outcome(asker, trust)
    assert isinstance(found, Undecodable)
    assert found.where is Where.TRUST
    crl = replace(good, source=source, crls=(b"junk", *good.crls))
    found = outcome(asker, crl)
    if source is Source.CAFILE:
        assert isinstance(found, Undecodable)
        assert found.where is Where.CRL
    else:
        assert isinstance(found, Accepted)  # cadata passes over every CRL


def test_crls_by_each_source(
    asker: worker.Asker, good: Case, revoked: Case, tmp_path: Path
) -> None:
    """Capath finds CRLs by hash, each with a number; cadata loses them."""
    case = replace(revoked, source=Source.CADATA)
    found = outcome(asker, case, flags=CRL_CHECK_LEAF)
    assert isinstance(found, Rejected)
    assert found.code == 3
    only = replace(case, trusted=())
    assert isinstance(outcome(asker, only), Undecodable)
    case = replace(revoked, source=Source.CAPATH, crls=(*good.crls, *revoked.crls))
    hashes = tuple(crl.issuer.hash for crl in read(case).crls)
    flags = (DEFAULT, CRL_CHECK_LEAF)
    plain, checked = ask(asker, Question(case, flags, crl_hashes=hashes))
    assert isinstance(plain.outcome, Accepted)
    # Both CRLs of the intermediate have one date; the first in the folder is taken.
    assert isinstance(checked.outcome, Accepted)
    crls = (*revoked.crls, *good.crls)
    question = Question(replace(case, crls=crls), flags, crl_hashes=hashes)
    plain, checked = ask(asker, question)
    assert isinstance(checked.outcome, Rejected)
    assert checked.outcome.code == 23
    with pytest.raises(ValueError, match="argument"):
        protocol.sweep(replace(question, crl_hashes=hashes[1:]), 1)
    assert not any(path.is_dir() for path in tmp_path.iterdir())


def test_files_are_removed(asker: worker.Asker, good: Case, tmp_path: Path) -> None:
    """After sweeps, good and bad, nothing is left but what the worker needs."""
    before = sorted(tmp_path.iterdir())
    outcome(asker, good)
    outcome(asker, good, Way.HANDSHAKE)
    outcome(asker, replace(good, trusted=(TrustedItem(b"junk"),)))
    outcome(asker, replace(good, peer=(b"junk",)), Way.HANDSHAKE)
    assert sorted(tmp_path.iterdir()) == before


def test_the_name_is_compared(asker: worker.Asker, good: Case) -> None:
    """A reference name turns the check on; one that Python refuses is not asked."""
    assert isinstance(outcome(asker, replace(good, name="leaf.example")), Accepted)
    found = outcome(asker, replace(good, name="other.example"))
    assert isinstance(found, Rejected)
    assert found.code == 62
    found = outcome(asker, replace(good, name=".example"))
    assert isinstance(found, Unsupported)
    assert "server_hostname" in found.what
    assert isinstance(
        outcome(asker, replace(good, name="other.example", role=Role.SERVER)), Accepted
    )


@pytest.mark.parametrize("level", range(6))
def test_every_security_level_can_be_asked(
    asker: worker.Asker, good: Case, role: Role, level: int
) -> None:
    """Up to 3 a P-256 chain is accepted; above, its key is too weak (66). A server
    needs a key of its own for that: P-384 has level 4."""
    found = outcome(asker, replace(good, role=role, security_level=level))
    if level <= 3:
        assert isinstance(found, Accepted)
    elif role is Role.SERVER and level == 5:
        assert found == Unsupported("[SSL: NO_SHARED_CIPHER] no shared cipher")
    else:
        assert isinstance(found, Rejected)
        assert found.code == 66


def test_a_peer_that_cannot_present(
    asker: worker.Asker, pki: Issued, good: Case
) -> None:
    """A handshake whose peer cannot load or use its certificate is not asked."""
    mismatched = replace(good, peer=(pki.certificates["rsa"],))
    found = outcome(asker, mismatched, Way.HANDSHAKE)
    assert isinstance(found, Unsupported)
    assert "cannot present" in found.what
    strict = replace(good, security_level=5)
    found = outcome(asker, strict, Way.HANDSHAKE)
    assert isinstance(found, Unsupported)
    assert found.what.startswith("the peer: ")


def test_flags_are_assigned_and_echoed(asker: worker.Asker, good: Case) -> None:
    """Each row has the flags that were read back, fresh context or not."""
    flags = tuple(map(Flags, (4, 0, 1 << 40, 0x100, 0x300, 0x200, 8)))
    shared = ask(asker, Question(good, flags))
    fresh = ask(asker, Question(good, flags, fresh=True))
    bits = [4, 0, 1 << 40, 0x180, 0x380, 0x280, 8]
    for answers in (shared, fresh):
        assert [answer.effective for answer in answers] == [Flags(b) for b in bits]
        assert all(answer.before <= answer.after for answer in answers)
    assert [a.outcome for a in shared] == [a.outcome for a in fresh]


def test_a_setter_that_refuses_is_not_asked(asker: worker.Asker, good: Case) -> None:
    """Flags that the setter does not take make that row unsupported, with why."""

    class Deaf(ssl.SSLContext):
        @property
        def verify_flags(self) -> ssl.VerifyFlags:
            return super().verify_flags

        @verify_flags.setter
        def verify_flags(self, value: int) -> None:
            raise OverflowError(f"{value} is too large")

    asker.ssl = SimpleNamespace(**vars(ssl) | {"SSLContext": Deaf})
    found = outcome(asker, good, flags=CRL_CHECK_LEAF)
    assert found == Unsupported("verify_flags = 0x4: 4 is too large")


def test_our_own_failure_is_no_finding(asker: worker.Asker, good: Case) -> None:
    """An exception that nobody expects is said to be ours, with its traceback."""
    asker.want = (KeyError, KeyError)
    with pytest.raises(protocol.InternalError, match="Traceback"):
        ask(asker, Question(good, (DEFAULT,)))


def test_an_impossible_flight_is_no_finding(asker: worker.Asker, good: Case) -> None:
    """Acceptance without a verified path, and a handshake that ends with its first
    flight, can only be errors of ours."""

    class Blind(ssl.SSLObject):
        ends = False

        def get_verified_chain(self) -> list[bytes]:
            return []

        def do_handshake(self) -> None:
            if not self.ends:
                super().do_handshake()

    class SSLContext(ssl.SSLContext):
        sslobject_class = Blind

    asker.ssl = SimpleNamespace(**vars(ssl) | {"SSLContext": SSLContext})
    with pytest.raises(protocol.InternalError, match="nothing was verified"):
        outcome(asker, good)
    Blind.ends = True
    with pytest.raises(protocol.InternalError, match="ended with its first flight"):
        outcome(asker, good)


def test_what_fails_after_verification_is_no_peer_that_does_not_decode(
    asker: worker.Asker, good: Case
) -> None:
    """In a handshake a decoding error may come later than the certificates: what was
    verified did decode."""

    class Late(ssl.SSLObject):
        _sslobj: Any

        def do_handshake(self) -> None:
            if not self._sslobj.get_verified_chain():
                super().do_handshake()
            raise ssl.SSLError(1, "[SSL] ASN1 lib")

    class Early(ssl.SSLObject):
        def do_handshake(self) -> None:
            raise ssl.SSLError(1, "[SSL] ASN1 lib")

    class SSLContext(ssl.SSLContext):
        def __init__(self, protocol: int) -> None:
            if protocol == ssl.PROTOCOL_TLS_CLIENT:
                self.sslobject_class = kind

    asker.ssl = SimpleNamespace(**vars(ssl) | {"SSLContext": SSLContext})
    kind: type[ssl.SSLObject] = Late
    found = outcome(asker, good, Way.HANDSHAKE, TlsVersion.TLS_1_3)
    assert found == Unsupported("after verification: [SSL] ASN1 lib")
    kind = Early
    found = outcome(asker, good, Way.HANDSHAKE, TlsVersion.TLS_1_3)
    assert found == Undecodable(Where.PEER, "[SSL] ASN1 lib")


def test_python_3_6_cannot_tell(
    asker: worker.Asker, good: Case, revoked: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without SSLCertVerificationError a rejection has no code; a flight cannot see a
    host name, and a handshake's mismatch is an exception of Python's own."""
    asker.verify_error = ()
    found = outcome(asker, revoked, flags=CRL_CHECK_LEAF)
    assert isinstance(found, Rejected)
    assert found.code is None
    assert "certificate verify failed" in found.message
    asker.name_error = ValueError
    said = asker.rejection(ValueError("hostname 'a' doesn't match 'b'"))
    assert said == ("rejected", None, "hostname 'a' doesn't match 'b'")
    monkeypatch.setattr(sys, "version_info", (3, 6, 15))
    found = outcome(asker, replace(good, name="leaf.example"))
    assert found == Unsupported("host name in a flight on Python 3.6")
