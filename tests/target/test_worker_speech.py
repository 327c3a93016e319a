"""How the workers speak: the gate, the commands, the streams, what they say of us."""

import ast
import io
import json
import os
import runpy
import ssl
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness.case import Case
from harness.flags import CRL_CHECK_LEAF, DEFAULT
from harness.pki.issue import Issued
from harness.target import protocol, session, surface_worker, worker
from harness.target.target import Question

SOURCES = (session.SURFACE_WORKER, *session.ENGINE_WORKERS.values())


def served(asker: object, *lines: bytes) -> list[Any]:
    """The answers to lines."""
    answers = io.BytesIO()
    worker.serve(io.BytesIO(b"".join(lines)), answers, asker)
    return [json.loads(line) for line in answers.getvalue().splitlines()]


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


def test_it_notes_where_it_is(asker: worker.Asker, good: Case, tmp_path: Path) -> None:
    """The progress file has the question and the last row."""
    question = Question(good, (DEFAULT, CRL_CHECK_LEAF))
    served(asker, protocol.sweep(question, 7))
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


Spoken = Callable[[Callable[[], None], bytes], bytes]


@pytest.fixture
def spoken() -> Spoken:
    """Runs a function with octets on descriptor 0; what it wrote to descriptor 1."""

    def speak(run: Callable[[], None], heard: bytes) -> bytes:
        kept = [os.dup(descriptor) for descriptor in (0, 1, 2)]
        inward, outward = os.pipe(), os.pipe()
        os.write(inward[1], heard)
        os.close(inward[1])
        nothing = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(inward[0], 0)
            os.dup2(outward[1], 1)
            os.dup2(nothing, 2)
            os.close(outward[1])
            run()
        finally:
            for descriptor, saved in enumerate(kept):
                os.dup2(saved, descriptor)
                os.close(saved)
            os.close(nothing)
            os.close(inward[0])
        with os.fdopen(outward[0], "rb") as stream:
            return stream.read()

    return speak


@pytest.mark.usefixtures("search_path")
def test_the_worker_keeps_its_channel(spoken: Spoken, tmp_path: Path) -> None:
    """What is printed does not reach the answers, and the folder goes at the end."""
    scratch = tmp_path / "scratch"
    (scratch / "inner").mkdir(parents=True)
    (tmp_path / "printing.py").write_text(
        "import os\nfrom ssl import *\nfrom ssl import MemoryBIO\n"
        "os.write(1, b'noise')\nassert os.read(0, 1) == b''\n"
    )
    arguments = ["--path", str(tmp_path), "--module", "printing"]
    heard = protocol.line({"cmd": "cpu", "seq": 1})
    said = spoken(lambda: worker.main([*arguments, "--scratch", str(scratch)]), heard)
    assert protocol.reply(said, 1)["seconds"] > 0
    assert not scratch.exists()


def test_the_surface_worker_keeps_its_channel(
    spoken: Spoken,
    tmp_path: Path,
    own: tuple[bytes, bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One question in, one answer out; CRLs that do not load are counted as none."""
    request = {
        "own": protocol.own_pem(own),
        "trusted": "no PEM",
        "crl": "",
        "values": [],
    }
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(request)))
    said = spoken(lambda: surface_worker.main(["--scratch", str(tmp_path)]), b"")
    assert json.loads(said)["crls_loaded"] == {"cafile": 0, "cadata": 0}


def test_a_handshake_without_end_is_an_error(
    tmp_path: Path, own: tuple[bytes, bytes]
) -> None:
    """Neither worker drives two ends for ever."""
    name = tmp_path / "own.pem"
    name.write_text(protocol.own_pem(own))

    class Endless(ssl.SSLObject):
        def do_handshake(self) -> None:
            raise ssl.SSLWantReadError

    class SSLContext(ssl.SSLContext):
        sslobject_class = Endless

    endless = SimpleNamespace(**vars(ssl) | {"SSLContext": SSLContext})
    with pytest.raises(RuntimeError, match="no end after"):
        surface_worker.negotiated(endless, "PROTOCOL_TLS_CLIENT", str(name))
    asker = worker.Asker(endless, str(tmp_path))
    client, server = (asker.context(end, "1.2", 2) for end in (False, True))
    client.check_hostname = False
    with pytest.raises(RuntimeError, match="no end after"):
        asker.shake(client, {"role": "client", "name": None}, server)


def test_the_verified_chain_is_read_as_each_release_has_it() -> None:
    """3.13 gives DER; 3.10 to 3.12 objects, or None before; older ones nothing."""
    new = SimpleNamespace(get_verified_chain=lambda: [b"der"])
    assert worker.verified_chain(new) == [b"der"]
    one = SimpleNamespace(public_bytes=lambda encoding: b"der" * encoding)
    inner = SimpleNamespace(get_verified_chain=lambda: [one])
    assert worker.verified_chain(SimpleNamespace(_sslobj=inner)) == [b"derder"]
    inner = SimpleNamespace(get_verified_chain=lambda: None)
    assert worker.verified_chain(SimpleNamespace(_sslobj=inner)) == []
    assert worker.verified_chain(SimpleNamespace()) is None


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
