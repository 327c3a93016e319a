"""The worker, imported here: what each error means, and how it speaks."""

import ast
import io
import json
import runpy
import ssl
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness.case import Case, Role, Source, TlsVersion, TrustedItem
from harness.flags import CRL_CHECK_LEAF, DEFAULT, Flags
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
from harness.target import protocol, session, surface_worker, worker
from harness.target.flight import client_flight
from harness.target.target import Question

SOURCES = (session.WORKER, session.SURFACE_WORKER)
HANDSHAKES = [(Way.HANDSHAKE, tls) for tls in TlsVersion]
WAYS = [(Way.FLIGHT, TlsVersion.TLS_1_2), *HANDSHAKES]


@pytest.fixture
def asker(
    tmp_path: Path, own: tuple[bytes, bytes], strong: tuple[bytes, bytes]
) -> worker.Asker:
    """The worker's own object on this interpreter's ``ssl``."""
    (tmp_path / "progress").write_bytes(bytes(8))
    made = worker.Asker(ssl, str(tmp_path))
    made.start({"own": [protocol.own_pem(own), protocol.own_pem(strong)]})
    return made


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


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_it_is_written_for_python_3_6(source: Path) -> None:
    """It parses as 3.6, and imports the standard library alone, after the gate."""
    tree = ast.parse(source.read_text("utf-8"), feature_version=(3, 6))
    docstring, first, gate, *rest = tree.body
    assert isinstance(docstring, ast.Expr)
    assert isinstance(first, ast.Import)
    assert [name.name for name in first.names] == ["sys"]
    assert isinstance(gate, ast.If)
    imported = {
        name.name
        for node in rest
        if isinstance(node, ast.Import)
        for name in node.names
    }
    assert imported <= sys.stdlib_module_names
    assert "ssl" not in imported


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_it_refuses_an_older_python(
    source: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before 3.6 it ends with its own exit status, and says why on stderr."""
    monkeypatch.setattr(sys, "version_info", (3, 5, 10))
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(source))
    assert ended.value.code == 79
    assert "verifyflags worker: Python 3.5" in capsys.readouterr().err


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
    flags = (Flags(4), DEFAULT, Flags(1 << 40), Flags(0x100), Flags(8))
    shared = ask(asker, Question(good, flags))
    fresh = ask(asker, Question(good, flags, fresh=True))
    bits = [4, 0, 1 << 40, 0x180, 8]
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


def test_old_contexts_are_held_to_a_version(asker: worker.Asker) -> None:
    """Where a context has no maximum_version, options do."""

    class Old:
        def __init__(self, _: int) -> None:
            self.options = 0
            self.ciphers = ""

        def set_ciphers(self, ciphers: str) -> None:
            self.ciphers = ciphers

    asker.ssl = SimpleNamespace(**vars(ssl) | {"SSLContext": Old})
    assert asker.context(True, "1.2", 3).options == ssl.OP_NO_TLSv1_3
    assert asker.context(False, "1.3", 3).options & ssl.OP_NO_TLSv1_2
    assert asker.context(False, "1.3", 3).ciphers == "ALL:@SECLEVEL=3"
    asker.ssl.HAS_TLSv1_3 = False
    with pytest.raises(worker.NotAskableError, match=r"TLS 1\.3"):
        asker.context(False, "1.3", 3)


def test_it_notes_where_it_is(asker: worker.Asker, good: Case, tmp_path: Path) -> None:
    """The progress file has the question and the last row."""
    ask(asker, Question(good, (DEFAULT, CRL_CHECK_LEAF)))
    assert (tmp_path / "progress").read_bytes() == bytes((0, 0, 0, 7, 0, 0, 0, 2))


def test_it_serves_every_command(asker: worker.Asker, good: Case) -> None:
    """Commands are answered with their seq, wrong ones with an error, until stop."""
    lines = [
        protocol.line({"cmd": "cpu", "seq": 1}),
        protocol.bench(good, DEFAULT, 2, 2),
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


@pytest.fixture
def search_path() -> Iterator[None]:
    """``sys.path`` and the loaded modules as they were, afterwards."""
    path, modules = sys.path[:], set(sys.modules)
    yield
    sys.path[:] = path
    for name in set(sys.modules) - modules:
        del sys.modules[name]


@pytest.mark.usefixtures("search_path")
def test_options_choose_the_module(tmp_path: Path) -> None:
    """--path, repeated, goes before all else; another engine or a module that is not
    there is said in the answer to start."""
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "stand_in_ssl.py").write_text(
            f"from ssl import *\nfrom ssl import MemoryBIO\nNAME = {name!r}\n"
        )
    folders = [("--path", str(tmp_path / name)) for name in ("first", "second")]
    options = [*folders, ("--module", "stand_in_ssl")]
    asker = worker.asker_of(options, str(tmp_path))
    assert asker.ssl.NAME == "first"
    assert "unsupported engine 'pyopenssl'" in worker.asker_of(
        [("--engine", "pyopenssl")], ""
    )
    assert "No module named 'nowhere'" in worker.asker_of([("--module", "nowhere")], "")


def test_pypy_says_what_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the module's constants are those of its build, the library is asked."""
    built = SimpleNamespace(OPENSSL_VERSION="built with", OPENSSL_VERSION_NUMBER=1)
    assert worker.loaded_openssl(built) == ("built with", 1)
    pypy = SimpleNamespace(**vars(sys.implementation) | {"name": "pypy"})
    monkeypatch.setattr(sys, "implementation", pypy)
    text, number = worker.loaded_openssl(built)
    assert (text, number) == (ssl.OPENSSL_VERSION, ssl.OPENSSL_VERSION_NUMBER)


def test_surface_of_this_interpreter(
    tmp_path: Path, own: tuple[bytes, bytes], pki: Issued
) -> None:
    """The members with CHAIN, read back flags, defaults, and CRLs by source."""
    request: Mapping[str, Any] = {
        "own": protocol.own_pem(own),
        "trusted": protocol.pem("CERTIFICATE", pki.certificates["root"]),
        "crl": protocol.pem("X509 CRL", pki.crls["of root"]),
        "values": [4, 0x100, None],
    }
    found = surface_worker.surface(ssl, dict(request), str(tmp_path))
    assert found["members"]["VERIFY_CRL_CHECK_CHAIN"] == 12
    assert found["constants"]["VERIFY_X509_STRICT"] == 0x20
    assert found["int_flag"] is True
    client = found["constructors"]["PROTOCOL_TLS_CLIENT"]
    assert client["verify_flags"] == 0x8000
    assert (client["verify_mode"], client["check_hostname"]) == (2, True)
    deprecated = found["constructors"]["PROTOCOL_TLS"]["warnings"]
    assert deprecated == ["DeprecationWarning"]
    assert [row["read_back"] for row in found["setter"]] == [4, 0x180, None]
    assert found["setter"][2]["error"] == "TypeError"
    assert found["negotiated"]["PROTOCOL_TLS_CLIENT"] == found["highest"] == "TLSv1.3"
    assert found["crls_loaded"] == {"cafile": 1, "cadata": 0}
