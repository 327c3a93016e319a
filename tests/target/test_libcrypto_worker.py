"""The worker that asks the verifier alone: codes, depths, paths, what it refuses."""

import io
import json
import os
import ssl
import sys
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness.case import Case, Role, Source, TlsVersion, TrustedItem
from harness.flags import (
    CRL_CHECK_CHAIN,
    CRL_CHECK_LEAF,
    DEFAULT,
    X509_PARTIAL_CHAIN,
    Flags,
)
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
from harness.pki.issue import Issued
from harness.target import libcrypto_worker, protocol
from harness.target.discover import here
from harness.target.session import Session, TargetError
from harness.target.target import LIBCRYPTO, Question, Target

Own = tuple[bytes, bytes]
Shapes = tuple[Case, Case, Case]
Answered = list[dict[str, Any]]


@pytest.fixture
def asker(tmp_path: Path) -> libcrypto_worker.Asker:
    """The worker's own object on the libcrypto of this interpreter's ``ssl``."""
    (tmp_path / "progress").write_bytes(bytes(8))
    return libcrypto_worker.Asker(ssl, str(tmp_path))


@pytest.fixture
def shapes(good: Case, revoked: Case, untrusted: Case) -> Shapes:
    """The three plain cases."""
    return good, revoked, untrusted


def served(asker: object, *lines: bytes) -> Answered:
    """The answers to lines."""
    answers = io.BytesIO()
    libcrypto_worker.serve(io.BytesIO(b"".join(lines)), answers, asker)
    return [json.loads(line) for line in answers.getvalue().splitlines()]


def ask(asker: object, question: Question) -> tuple[Answer, ...]:
    """The answers to a question."""
    (reply,) = served(asker, protocol.sweep(question, 7, LIBCRYPTO))
    assert reply["seq"] == 7
    return protocol.answers(question.flags, reply)


def outcome(asker: object, case: Case, flags: Flags = DEFAULT) -> Outcome:
    """The outcome of one case under one flag set."""
    (answer,) = ask(asker, Question(case, (flags,)))
    assert answer.after - answer.before <= time.time() - answer.before
    return answer.outcome


def place(found: Outcome) -> str:
    """Code and depth of a rejection, as ``23@0``."""
    assert isinstance(found, Rejected), found
    return f"{found.code}@{found.depth}"


def test_good_revoked_untrusted(
    asker: libcrypto_worker.Asker, pki: Issued, shapes: Shapes, role: Role
) -> None:
    """In either role, and each rejection with the place of its certificate."""
    good, revoked, untrusted = (replace(case, role=role) for case in shapes)
    accepted = outcome(asker, good, CRL_CHECK_CHAIN)
    assert isinstance(accepted, Accepted)
    assert accepted.path is not None
    assert len(accepted.path) == 3
    assert outcome(asker, revoked) == accepted
    assert outcome(asker, revoked, CRL_CHECK_LEAF) == Rejected(
        23, "certificate revoked", accepted.path, 0
    )
    above = replace(good, crls=(pki.crls["above"], good.crls[1]))
    assert outcome(asker, above, CRL_CHECK_LEAF) == accepted
    assert place(outcome(asker, above, CRL_CHECK_CHAIN)) == "23@1"
    without_root = outcome(asker, untrusted)
    assert place(without_root) == "20@1"
    assert isinstance(without_root, Rejected)
    assert without_root.path == accepted.path[:2]


def test_it_says_what_ssl_says(
    pki: Issued, own: Own, strong: Own, shapes: Shapes, role: Role
) -> None:
    """Through ``ssl`` the same cases have the same codes, messages and paths, and no
    depth; what the identity says is told is told."""
    good, _, untrusted = shapes
    cases = [
        *shapes,
        replace(good, crls=()),
        replace(good, security_level=4),
        replace(good, peer=(pki.certificates["proxy"], *good.peer)),
        replace(good, trusted=(TrustedItem(pki.certificates["intermediate"]),)),
        replace(good, peer=(b"\x30\x80junk",)),
        replace(good, trusted=(TrustedItem(b"junk"),)),
    ]
    flags = (DEFAULT, CRL_CHECK_LEAF, CRL_CHECK_CHAIN, X509_PARTIAL_CHAIN, Flags(0x60))
    target = replace(here(), engine=LIBCRYPTO)
    with (
        Session(target, own=own) as alone,
        Session(here(), own=own, strong=strong) as whole,
    ):
        for session, told in ((alone, True), (whole, False)):
            assert session.identity.shows_depth is told
            assert session.identity.through_ssl is not told
        assert alone.identity.ways == (Way.FLIGHT,)
        assert alone.identity.openssl == whole.identity.openssl
        assert alone.identity.openssl_number == whole.identity.openssl_number
        assert alone.check_sane(good, untrusted).sane
        assert alone.floor(good, DEFAULT, 2) > 0
        for case in cases:
            question = Question(replace(case, role=role), flags)
            for one, other in zip(
                alone.ask(question), whole.ask(question), strict=True
            ):
                assert one.effective == other.effective
                if isinstance(one.outcome, Undecodable):
                    assert isinstance(other.outcome, Undecodable)
                    assert one.outcome.where is other.outcome.where
                    continue
                if isinstance(one.outcome, Rejected):
                    assert one.outcome.depth is not None
                    assert other.outcome == replace(one.outcome, depth=None)
                else:
                    assert one.outcome == other.outcome


def test_a_key_too_small_is_the_leafs(
    asker: libcrypto_worker.Asker, good: Case, role: Role
) -> None:
    """The security level is that of the context: P-256 is too little for level 4."""
    assert place(outcome(asker, replace(good, role=role, security_level=4))) == "66@0"


def test_every_objection_is_told_where_it_is_asked_for(
    asker: libcrypto_worker.Asker, good: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Code and depth in OpenSSL's order, and the path at the first; the outcome stays
    that of a verification without a callback. No more are told than are noted."""
    bare = replace(good, crls=(), name="other.example")
    question = Question(bare, (DEFAULT, CRL_CHECK_CHAIN), objections=True)
    plain = ask(asker, replace(question, objections=False))
    every = ask(asker, question)
    assert [item.outcome for item in every] == [item.outcome for item in plain]
    assert [item.objections for item in plain] == [None, None]
    first = every[0].outcome
    assert isinstance(first, Rejected)
    assert every[0].objections == Objections(((62, 0),), first.path)
    said = every[1].objections
    assert said == Objections(((62, 0), (3, 0), (3, 1), (3, 2)), first.path)
    (nothing,) = ask(asker, Question(good, (DEFAULT,), objections=True))
    assert nothing.objections == Objections(())
    monkeypatch.setattr(libcrypto_worker, "MOST_NOTED", 2)
    assert ask(asker, question)[1].objections == Objections(said.noted[:2], first.path)


def test_what_is_refused_has_no_objections(
    asker: libcrypto_worker.Asker, good: Case
) -> None:
    """Nothing was verified, so nothing is told; a callback of ours that fails is our
    own fault, and said."""
    junk = replace(good, trusted=(TrustedItem(b"junk"),))
    (answer,) = ask(asker, Question(junk, (DEFAULT,), objections=True))
    assert isinstance(answer.outcome, Undecodable)
    assert answer.objections is None
    notes = libcrypto_worker.Notes(SimpleNamespace())
    assert notes.called(0, None) == 0
    assert "library" in notes.trouble


def test_a_store_that_does_not_load_has_a_floor(
    asker: libcrypto_worker.Asker, good: Case
) -> None:
    """Measuring a case that is refused loses no target."""
    junk = replace(good, trusted=(TrustedItem(b"junk"),))
    (reply,) = served(asker, protocol.bench(junk, DEFAULT, 2, 7, LIBCRYPTO))
    assert reply["seconds"] >= 0.0


def test_host_names(asker: libcrypto_worker.Asker, good: Case) -> None:
    """A name is matched by OpenSSL, as a host name or as an address; a server has no
    name to match, and what ``ssl`` refuses is not asked."""
    for name, wanted in (("other.example", "62@0"), ("192.0.2.1", "64@0")):
        case = replace(good, name=name)
        assert place(outcome(asker, case)) == wanted
        assert isinstance(outcome(asker, replace(case, role=Role.SERVER)), Accepted)
    named = outcome(asker, replace(good, name="leaf"))
    assert place(named) == "62@0" or isinstance(named, Accepted)
    for name in ("", ".example", "a" * 64 + ".example", "a." * 150, "a\0b"):
        found = outcome(asker, replace(good, name=name))
        assert isinstance(found, Unsupported), name
        assert found.what == f"server_hostname {name!r}"


@pytest.mark.parametrize(
    ("peer", "message"),
    [((), "no certificate"), ((b"",), "too small"), ((b"\x30\x80junk",), "too long")],
    ids=["none", "empty", "junk"],
)
def test_a_peer_that_does_not_decode(
    asker: libcrypto_worker.Asker,
    good: Case,
    role: Role,
    peer: tuple[bytes, ...],
    message: str,
) -> None:
    """It is refused before verification, and is no rejection; the next is judged."""
    found = outcome(asker, replace(good, role=role, peer=peer))
    assert isinstance(found, Undecodable)
    assert found.where is Where.PEER
    assert message in found.message
    later = outcome(asker, replace(good, role=role, peer=(*good.peer, *peer)))
    assert isinstance(later, Undecodable if peer else Accepted)
    assert isinstance(outcome(asker, good), Accepted)


def test_trailing_octets_do_not_decode(
    asker: libcrypto_worker.Asker, good: Case
) -> None:
    """A certificate with an octet after its end is refused, as libssl does."""
    leaf, *rest = good.peer
    found = outcome(asker, replace(good, peer=(leaf + b"\x00", *rest)))
    assert found == Undecodable(Where.PEER, "length mismatch")


def test_which_part_does_not_load(asker: libcrypto_worker.Asker, good: Case) -> None:
    """Undecodable trust and an undecodable CRL are told apart; nothing is no error."""
    for case, where in (
        (replace(good, trusted=(TrustedItem(b"junk"),)), Where.TRUST),
        (replace(good, crls=(b"junk", *good.crls)), Where.CRL),
        (replace(good, trusted=(), crls=(b"junk",)), Where.CRL),
    ):
        found = outcome(asker, case)
        assert isinstance(found, Undecodable)
        assert found.where is where
        assert found.message not in ("", "no reason")
    assert place(outcome(asker, replace(good, trusted=(), crls=()))) == "20@1"


@pytest.mark.parametrize(
    ("changes", "source", "why"),
    [
        ({"way": Way.HANDSHAKE, "tls": TlsVersion.TLS_1_3}, Source.CAFILE, "handshake"),
        ({"required": False}, Source.CAFILE, "CERT_NONE"),
        ({"crl_hashes": ("0" * 8,) * 2}, Source.CAPATH, "capath"),
        ({}, Source.CADATA, "cadata"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_needs_ssl_is_not_asked(
    asker: libcrypto_worker.Asker,
    good: Case,
    changes: dict[str, Any],
    source: Source,
    why: str,
) -> None:
    """Every row is unsupported, and says what it would take."""
    case = replace(good, source=source)
    question = replace(Question(case, (DEFAULT, CRL_CHECK_LEAF)), **changes)
    for answer in ask(asker, question):
        assert isinstance(answer.outcome, Unsupported)
        assert answer.outcome.what.startswith(f"{why}: ")


def test_flags_are_read_back(asker: libcrypto_worker.Asker, good: Case) -> None:
    """As ``verify_flags`` reads them: a policy bit brings POLICY_CHECK."""
    flags = (DEFAULT, Flags(0x100), Flags(0x88020))
    read = [answer.effective for answer in ask(asker, Question(good, flags))]
    assert read == [DEFAULT, Flags(0x180), Flags(0x88020)]


def test_a_new_store_for_each_row_says_the_same(
    asker: libcrypto_worker.Asker, revoked: Case
) -> None:
    """What a store caches is nothing that an answer depends on."""
    flags = (DEFAULT, CRL_CHECK_LEAF, DEFAULT)
    shared, fresh = (
        [answer.outcome for answer in ask(asker, Question(revoked, flags, fresh=each))]
        for each in (False, True)
    )
    assert shared == fresh
    assert shared[0] == shared[2] != shared[1]


def test_it_notes_where_it_is(
    asker: libcrypto_worker.Asker, good: Case, tmp_path: Path
) -> None:
    """The progress file has the question and the last row."""
    ask(asker, Question(good, (DEFAULT, CRL_CHECK_LEAF)))
    assert (tmp_path / "progress").read_bytes() == bytes((0, 0, 0, 7, 0, 0, 0, 2))


def test_it_serves_every_command(asker: libcrypto_worker.Asker, good: Case) -> None:
    """Commands are answered with their seq, wrong ones with an error, until stop."""
    lines = [
        protocol.line({"cmd": "cpu", "seq": 1}),
        protocol.bench(good, DEFAULT, 2, 2, LIBCRYPTO),
        protocol.line({"cmd": "dance", "seq": 3}),
        b"no JSON\n",
        protocol.line({"cmd": "stop", "seq": 5}),
        protocol.line({"cmd": "cpu", "seq": 6}),
    ]
    cpu, bench, dance, wrong, stop = served(asker, *lines)
    assert cpu["seconds"] > 0
    assert bench["seconds"] > 0
    assert dance == {"seq": 3, "error": "unknown command 'dance'"}
    assert "JSONDecodeError" in wrong["error"]
    assert stop == {"seq": 5}
    assert served("why not", lines[0]) == [{"seq": 1, "error": "why not"}]


def test_another_library_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A libcrypto whose version is not that of ``ssl``, or that lacks a function, is
    refused; PyPy's one map is trusted, since its constants are those of its build."""
    other = SimpleNamespace(OPENSSL_VERSION="OpenSSL 9.9.9")
    with pytest.raises(OSError, match=f"none of these .*{ssl.OPENSSL_VERSION}"):
        libcrypto_worker.library_of(other)
    monkeypatch.setattr(sys.implementation, "name", "pypy")
    found = libcrypto_worker.library_of(other)
    assert found.OpenSSL_version(0).decode() == ssl.OPENSSL_VERSION
    monkeypatch.setattr(libcrypto_worker, "FUNCTIONS", ((None, (), "no_such_call"),))
    with pytest.raises(OSError, match="no_such_call"):
        libcrypto_worker.library_of(ssl)


def test_without_a_map_the_linkers_name_is_tried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where no map can be read, the system's libcrypto is held to the same version."""
    monkeypatch.setattr(os.path, "exists", lambda _: False)
    monkeypatch.setattr("ctypes.util.find_library", lambda _: "libnowhere.so")
    with pytest.raises(OSError, match=r"libnowhere\.so"):
        libcrypto_worker.library_of(ssl)


def test_another_engine_is_refused(own: Own) -> None:
    """Each worker serves its own engine, and says so in the answer to start."""
    refused = libcrypto_worker.asker_of([("--engine", "pyopenssl")], "")
    assert refused == "unsupported engine 'pyopenssl'"
    target = replace(here(), engine=LIBCRYPTO, module="nowhere")
    with pytest.raises(TargetError, match="No module named 'nowhere'"):
        Session(target, own=own)


def test_every_interpreter_tells_depths(
    interpreters: tuple[Target, ...], own: Own, revoked: Case, role: Role
) -> None:
    """Each Python found here, 3.6 with a host name too, asks the OpenSSL of its own
    ``ssl``."""
    named = replace(revoked, role=role, name="other.example")
    wanted = "62@0" if role is Role.CLIENT else "23@0"
    assert interpreters
    for target in interpreters:
        with Session(replace(target, engine=LIBCRYPTO), own=own) as session:
            assert session.identity.shows_depth
            for case, told in ((replace(named, name=None), "23@0"), (named, wanted)):
                (answer,) = session.ask(Question(case, (CRL_CHECK_LEAF,)))
                assert place(answer.outcome) == told
