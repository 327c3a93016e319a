"""Sessions: the same answers on every interpreter, and life after a broken worker."""

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.case import Case, Role, Source, TlsVersion
from harness.flags import CRL_CHECK_CHAIN, CRL_CHECK_LEAF, DEFAULT, Flags
from harness.outcome import (
    Accepted,
    Answer,
    Breakage,
    Broken,
    Rejected,
    Undecodable,
    Unsupported,
    Way,
)
from harness.pki.issue import Issued
from harness.target import protocol
from harness.target.discover import here
from harness.target.process import command, environment
from harness.target.session import SETTER_VALUES, Session, TargetError
from harness.target.target import Question, Target

Own = tuple[bytes, bytes]
FakeTarget = Callable[..., Target]
FLAGS = (DEFAULT, CRL_CHECK_LEAF, Flags(0x24), CRL_CHECK_CHAIN, Flags(0x88020))


@pytest.fixture(scope="module")
def session(own: Own, strong: Own) -> Iterator[Session]:
    """A session with this interpreter."""
    with Session(here(), own=own, strong=strong) as made:
        yield made


def kinds(answers: tuple[Answer, ...]) -> list[object]:
    """Of each row the code of a rejection, or the class of the outcome."""
    return [
        answer.outcome.code
        if isinstance(answer.outcome, Rejected)
        else type(answer.outcome)
        for answer in answers
    ]


def test_every_interpreter_answers(
    interpreters: tuple[Target, ...], own: Own, good: Case, revoked: Case
) -> None:
    """Each Python found here runs the worker in both roles, shows what its release
    can show, and says the same by a flight and by both handshakes."""
    assert interpreters
    for target in interpreters:
        with Session(target, own=own) as session:
            identity = session.identity
            assert identity.id == target.id
            assert identity.shows_code is (identity.python >= (3, 7))
            assert identity.shows_path is (identity.python >= (3, 10))
            code = 23 if identity.shows_code else None
            for role in Role:
                case = replace(revoked, role=role)
                wanted = [Accepted, code, code, code, Accepted]
                question = Question(case, FLAGS)
                answers = session.ask(question)
                assert kinds(answers) == wanted, target
                assert [answer.effective for answer in answers] == list(FLAGS)
                for tls in TlsVersion:
                    shaken = replace(question, way=Way.HANDSHAKE, tls=tls)
                    found = session.ask(shaken)
                    assert [a.outcome for a in found] == [a.outcome for a in answers]
            outcome = session.ask(Question(good, (CRL_CHECK_CHAIN,)))[0].outcome
            assert isinstance(outcome, Accepted)
            assert (outcome.path is not None) is identity.shows_path


def test_python_3_6_and_host_names(
    interpreters: tuple[Target, ...], own: Own, good: Case
) -> None:
    """A wrong host name is rejected by every interpreter; 3.6 sees it in a handshake
    alone, and says so."""
    case = replace(good, name="other.example")
    for target in interpreters:
        with Session(target, own=own) as session:
            old = session.identity.python < (3, 7)
            (flown,) = session.ask(Question(case, (DEFAULT,)))
            (shaken,) = session.ask(Question(case, (DEFAULT,), Way.HANDSHAKE))
        assert isinstance(flown.outcome, Unsupported if old else Rejected)
        assert isinstance(shaken.outcome, Rejected)
        assert shaken.outcome.code == (None if old else 62)


def test_questions_can_be_sent_ahead(session: Session, good: Case) -> None:
    """Answers come in the order of sending, long ones and unaskable ones included."""
    many = tuple(Flags(bits) for bits in range(0, 4096, 8))
    unasked = replace(good, key=None)
    session.send(Question(good, many))
    session.send(Question(unasked, (DEFAULT,), Way.HANDSHAKE))
    session.send(Question(good, ()))
    session.send(Question(good, (CRL_CHECK_LEAF,)))
    assert [answer.requested for answer in session.receive()] == list(many)
    (answer,) = session.receive()
    assert answer.outcome == Unsupported(
        "a handshake without the end entity's private key"
    )
    assert session.receive() == ()
    assert kinds(session.receive()) == [Accepted]


def test_what_no_peer_can_present(session: Session, good: Case) -> None:
    """A handshake without certificates and a flight of 16 MiB are not asked."""
    nothing = replace(good, peer=())
    (answer,) = session.ask(Question(nothing, (DEFAULT,), Way.HANDSHAKE))
    assert answer.outcome == Unsupported("a handshake without a certificate to present")
    huge = replace(good, peer=(bytes(2**24),))
    (answer,) = session.ask(Question(huge, (DEFAULT,)))
    assert isinstance(answer.outcome, Unsupported)
    assert "24-bit" in answer.outcome.what


def test_a_capath_question_needs_its_hashes(session: Session, good: Case) -> None:
    """Without a hash for each CRL the question is an error of ours."""
    case = replace(good, source=Source.CAPATH)
    with pytest.raises(TargetError, match="here"):
        session.ask(Question(case, (DEFAULT,)))


def test_sanity(session: Session, good: Case, untrusted: Case) -> None:
    """A target is sane where a good case is accepted and an untrusted one rejected,
    in the roles of both; the reason is told otherwise."""
    identity = session.check_sane(good, replace(untrusted, role=Role.SERVER))
    assert identity.sane is True
    assert session.identity == identity
    identity = session.check_sane(good, good)
    assert identity.sane is False
    assert identity.insane_because.startswith("client Rejected: Accepted(")


def test_surface(session: Session, pki: Issued) -> None:
    """The surface is that of the target, each setter value in its row."""
    surface = session.surface(pki.certificates["root"], pki.crls["of root"])
    assert surface.members["VERIFY_CRL_CHECK_CHAIN"] == 12
    assert [row.requested for row in surface.setter] == list(SETTER_VALUES)
    assert surface.crls_loaded == {"cafile": 1, "cadata": 0}


def test_a_surface_that_is_none(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the surface worker fails to say is an error, with its stderr; nor may it
    answer something else."""
    wrong = tmp_path / "wrong.py"
    monkeypatch.setattr("harness.target.session.SURFACE_WORKER", wrong)
    wrong.write_text("raise SystemExit('no surface')\n")
    with pytest.raises(TargetError, match=r"surface: .*exit status 1.*no surface"):
        session.surface(b"", b"")
    wrong.write_text("print('{}')\n")
    with pytest.raises(TargetError, match=r"surface: .*Surface"):
        session.surface(b"", b"")


def test_the_floor_is_measured(session: Session, good: Case) -> None:
    """The bare flight costs CPU, and the worker's own sum grows by it."""
    before = session.cpu_seconds()
    floor = session.floor(good, DEFAULT, iterations=10)
    assert floor > 0
    assert session.cpu_seconds() - before >= 10 * floor


def test_a_floor_that_is_none(session: Session, good: Case) -> None:
    """A case that cannot be loaded has no floor, and the session goes on."""
    with pytest.raises(TargetError, match="LoadError"):
        session.floor(replace(good, crls=(b"junk",)), DEFAULT)
    assert kinds(session.ask(Question(good, (DEFAULT,)))) == [Accepted]


def test_rows_that_are_none_are_garbage(
    session: Session, good: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer with the right number and wrong rows is garbage too; what cannot be
    repeated is told in the first row."""
    wrong: Iterator[dict[str, Any]] = iter([{"rows": [], "paths": []}])
    read = protocol.reply

    def reply(text: bytes, seq: int) -> dict[str, Any]:
        found = read(text, seq)
        return found | next(wrong, {}) if "rows" in found else found

    monkeypatch.setattr(protocol, "reply", reply)
    answers = session.ask(Question(good, (DEFAULT, CRL_CHECK_LEAF)))
    assert kinds(answers) == [Broken, Accepted]
    assert isinstance(answers[0].outcome, Broken)
    assert "0 rows for 2 flag sets" in answers[0].outcome.detail
    assert "not again" in answers[0].outcome.detail


BREAKING = [("crashes", Breakage.CRASH), ("hangs", Breakage.HANG)]
BREAKING.append(("garbage", Breakage.GARBAGE))


@pytest.mark.parametrize(("name", "breakage"), BREAKING)
def test_a_broken_worker_costs_one_row(
    fake_target: FakeTarget, own: Own, good: Case, name: str, breakage: Breakage
) -> None:
    """The flag set that broke it is Broken; the rest has real answers, and so have the
    questions that were sent after it."""
    with Session(fake_target(name), own=own, deadline=0.5) as session:
        session.send(Question(good, FLAGS))
        session.send(Question(good, (DEFAULT,)))
        answers = session.receive()
        assert kinds(answers) == [Accepted, Accepted, Broken, Accepted, Accepted]
        assert isinstance(answers[2].outcome, Broken)
        assert answers[2].outcome.breakage is breakage
        assert answers[2].requested == Flags(0x24)
        assert kinds(session.receive()) == [Accepted]
        assert kinds(session.ask(Question(good, (CRL_CHECK_LEAF,)))) == [Accepted]


def test_a_target_that_hangs_too_long_is_given_up(
    fake_target: FakeTarget, own: Own, good: Case
) -> None:
    """What was asked has its answers; nothing more is asked, so that others go on."""
    with Session(fake_target("hangs"), own=own, deadline=0.3, hanging=0.5) as session:
        for _ in range(2):
            assert not session.given_up
            assert Broken in kinds(session.ask(Question(good, FLAGS)))
        assert session.given_up
        with pytest.raises(TargetError, match=r"hangs: given up: 0\.6 s were waited"):
            session.ask(Question(good, (DEFAULT,)))


def test_a_crash_tells_its_signal(
    fake_target: FakeTarget, own: Own, good: Case
) -> None:
    """The evidence of a crash has the exit status, and the server role crashes too."""
    target = fake_target("crashes", {"VERIFYFLAGS_FAKE_BREAKS_ON": "0,4"})
    with Session(target, own=own) as session:
        case = replace(good, role=Role.SERVER)
        found = session.ask(Question(case, FLAGS[:3], Way.HANDSHAKE))
    assert kinds(found) == [Broken, Broken, Accepted]
    assert isinstance(found[0].outcome, Broken)
    assert "exit status -11" in found[0].outcome.detail


def script(folder: Path, text: str) -> Target:
    """A target that is a shell script."""
    path = folder / "python"
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(0o755)
    return Target("script", (str(path),))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("echo no luck >&2; exit 3\n", r"crash: it ended \(exit status 3\): no luck"),
        ("echo hello\nexec cat\n", r"garbage: not the answer to 1: b'hello"),
        ("cat >/dev/null\n", r"hang: no answer for 0.2 s"),
    ],
)
def test_a_target_that_cannot_start(
    tmp_path: Path, own: Own, text: str, message: str
) -> None:
    """The error has the command, the exit status and the end of stderr."""
    target = script(tmp_path, text)
    with pytest.raises(TargetError, match=message) as caught:
        Session(target, own=own, deadline=0.2)
    assert f"script: {target.argv[0]} -I -S -B" in str(caught.value)


def test_a_target_that_is_not_there(own: Own) -> None:
    """A missing program, an engine and a module that do not exist are told apart."""
    with pytest.raises(TargetError, match="No such file"):
        Session(Target("none", ("/nowhere/python",)), own=own)
    with pytest.raises(TargetError, match="No module named 'OpenSSL'"):
        Session(replace(here(), engine="pyopenssl"), own=own)
    with pytest.raises(TargetError, match="No module named 'nowhere'"):
        Session(replace(here(), module="nowhere"), own=own)


def test_noise_is_no_answer(tmp_path: Path, own: Own, good: Case) -> None:
    """What a module prints, to either stream and by either way, harms nothing."""
    (tmp_path / "noisy.py").write_text(
        "import os, sys\nfrom ssl import *\nfrom ssl import MemoryBIO\n"
        "print('noise')\nos.write(1, b'noise' * 100000)\n"
        "sys.stderr.write('x' * 10**6)\n"
        "assert sys.stdin.read() == ''\n"
    )
    target = replace(here(), path=(str(tmp_path),), module="noisy")
    with Session(target, own=own) as session:
        assert session.identity.module == "noisy"
        assert kinds(session.ask(Question(good, (DEFAULT,)))) == [Accepted]


def test_our_own_failure_is_an_error(tmp_path: Path, own: Own, good: Case) -> None:
    """A row that fails in the worker's code is no finding; the session goes on."""
    (tmp_path / "odd.py").write_text(
        "import ssl\nfrom ssl import *\nfrom ssl import MemoryBIO\n"
        "class SSLContext(ssl.SSLContext):\n"
        "    def wrap_bio(self, *rest):\n"
        "        if self.verify_flags == 4:\n"
        "            raise ZeroDivisionError('odd')\n"
        "        return super().wrap_bio(*rest)\n"
    )
    target = replace(here(), path=(str(tmp_path),), module="odd")
    with Session(target, own=own) as session:
        with pytest.raises(TargetError, match="ZeroDivisionError: odd"):
            session.ask(Question(good, (CRL_CHECK_LEAF,)))
        assert kinds(session.ask(Question(good, (DEFAULT,)))) == [Accepted]


def test_nothing_is_left_behind(
    own: Own, good: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder of a worker goes with it, even where it is killed."""
    monkeypatch.setattr("harness.target.session._SHARED_MEMORY", str(tmp_path))
    session = Session(here(), own=own)
    assert len(list(tmp_path.iterdir())) == 1
    session.ask(Question(good, (DEFAULT,)))
    assert session._process is not None
    os.kill(session._process.pid, 9)
    (answer,) = session.ask(Question(good, (DEFAULT,)))
    assert isinstance(answer.outcome, Broken)
    assert kinds(session.ask(Question(good, (DEFAULT,)))) == [Accepted]
    session.close()
    assert list(tmp_path.iterdir()) == []
    session.close()


def test_the_environment_is_clean() -> None:
    """What could change the answers is removed, and what the target names is added."""
    caller = {
        "PATH": "/bin",
        "PYTHONPATH": "/lies",
        "SSL_CERT_FILE": "/lies",
        "SSLKEYLOGFILE": "/lies",
        "OPENSSL_CONF": "/lies",
    }
    target = Target("one", ("python3",), {"LD_LIBRARY_PATH": "/opt"}, ("/a", "/b"))
    assert environment(target, caller) == {
        "PATH": "/bin",
        "OPENSSL_CONF": "/dev/null",
        "LD_LIBRARY_PATH": "/opt",
    }
    named = replace(target, env={"OPENSSL_CONF": "/opt/openssl.cnf"})
    assert environment(named, caller)["OPENSSL_CONF"] == "/opt/openssl.cnf"
    assert command(target, "worker.py", "/scratch") == [
        *("python3", "-I", "-S", "-B", "worker.py"),
        *("--module", "ssl", "--engine", "ssl", "--path", "/a", "--path", "/b"),
        *("--scratch", "/scratch"),
    ]


def test_undecodable_is_every_row(session: Session, good: Case) -> None:
    """What cannot be loaded cannot be loaded under any flag set."""
    found = session.ask(Question(replace(good, crls=(b"junk",)), FLAGS))
    assert kinds(found) == [Undecodable] * len(FLAGS)
    assert {answer.effective for answer in found} == {None}


def test_it_is_this_interpreter(session: Session) -> None:
    """The identity is that of the interpreter which runs us."""
    assert session.identity.python == sys.version_info[:3]
    assert session.identity.sane is not None or session.identity.id == "here"


def test_a_target_without_memory_crashes_at_its_row(
    fake_target: FakeTarget, own: Own, good: Case
) -> None:
    """What takes more than a target may have is a crash of that flag set, which says
    so; every other row is answered."""
    target = replace(fake_target("devours"), memory=700)
    flags = (DEFAULT, Flags(0x24), CRL_CHECK_LEAF)
    with Session(target, own=own) as session:
        first, broken, last = session.ask(Question(good, flags))
    assert isinstance(first.outcome, Accepted)
    assert isinstance(last.outcome, Accepted)
    assert isinstance(broken.outcome, Broken)
    assert broken.outcome.breakage is Breakage.CRASH
    assert "out of memory" in broken.outcome.detail
