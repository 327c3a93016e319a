"""The scripts of findings: short, plain, and true of what they are run with."""

import ast
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.case import Role, Source
from harness.finding import Breaks, Diverges, Finding, How, Unexplained
from harness.flags import CRL_CHECK_LEAF, DEFAULT, X509_STRICT, Flags
from harness.ledger.plain import (
    OVER,
    chain,
    intermediate,
    leaf,
)
from harness.outcome import Accepted, Rejected
from harness.pki.spec import (
    BasicConstraintsSpec,
    Scenario,
)
from harness.verdict import MustReject, Unmodelled, Verdict
from harness.wire import to_json
from tests.recordings import about, header_line
from tests.reports.folders import (
    ACCEPTED,
    LIAR,
    OPEN,
    REVOKED,
    answer,
    run,
    source,
    write,
)


def test_the_script_tells_a_liar_from_an_honest_module(tmp_path: Path) -> None:
    """A drop-in is imported in place of ssl: 0 while it lies, 1 by ssl itself."""
    answers = (answer(CRL_CHECK_LEAF, Accepted()),)
    lying = header_line(requested=[{"id": "here", "module": LIAR}])
    for name, header, status, said in (
        ("liar", lying, 0, "It still does so."),
        ("honest", None, 1, "It does not do so."),
    ):
        folder = write(
            tmp_path / name,
            ACCEPTED,
            REVOKED,
            CRL_CHECK_LEAF,
            header=header,
            answers=answers,
        )
        done = run(folder)
        assert (done.returncode, done.stderr) == (status, "")
        assert said in done.stdout
        assert "expected: rejected 23 CERT_REVOKED" in done.stdout
    assert "now: ['rejected 23']" in done.stdout


WRONG_REASON = Diverges("X509_STRICT", How.WRONG_REASON, "r", "rejected", "rejected 20")
KINDS: dict[str, tuple[Finding, Scenario, tuple[Flags, ...], dict[str, Any]]] = {
    "crash": (Breaks("crash"), REVOKED, (CRL_CHECK_LEAF,), {}),
    "server": (OPEN, replace(REVOKED, role=Role.SERVER), (CRL_CHECK_LEAF,), {}),
    "named": (OPEN, replace(REVOKED, name="leaf.example"), (CRL_CHECK_LEAF,), {}),
    "capath": (OPEN, replace(REVOKED, source=Source.CAPATH), (CRL_CHECK_LEAF,), {}),
    "cadata": (OPEN, replace(REVOKED, source=Source.CADATA), (CRL_CHECK_LEAF,), {}),
    "strong": (OPEN, replace(REVOKED, security_level=3), (CRL_CHECK_LEAF,), {}),
    "malformed server": (
        OPEN,
        chain(
            leaf(basic_constraints=BasicConstraintsSpec(ca=False, path_length=-1)),
            role=Role.SERVER,
        ),
        (DEFAULT,),
        {},
    ),
    "twin": (
        Diverges("law:VERIFY_DEFAULT/crls-unused", How.LAW_BROKEN, "", "a", "b"),
        REVOKED,
        (DEFAULT,),
        {"check": "twin"},
    ),
    "unverified": (
        Diverges("law:CERT_NONE/flags-ignored", How.LAW_BROKEN, "", "a", "b"),
        REVOKED,
        (DEFAULT,),
        {"check": "unverified"},
    ),
    "handshake 1.2": (OPEN, REVOKED, (CRL_CHECK_LEAF,), {"way": "handshake"}),
    "adds": (
        Diverges("law:X509_PARTIAL_CHAIN/adds", How.LAW_BROKEN, "", "a", "b"),
        chain(),
        (DEFAULT, Flags(0x80000)),
        {},
    ),
    "takes away": (
        Diverges("law:X509_STRICT/takes-away", How.LAW_BROKEN, "", "a", "b"),
        chain(),
        (DEFAULT, X509_STRICT),
        {},
    ),
    "always": (
        Diverges("law:X509_TRUSTED_FIRST/always", How.LAW_BROKEN, "", "a", "b"),
        chain(),
        (DEFAULT, Flags(0x8000)),
        {
            "answers": (
                answer(DEFAULT, Accepted(("00" * 32,))),
                answer(Flags(0x8000), Accepted(("11" * 32,))),
            )
        },
    ),
    "path": (
        Unexplained("path", "accepted", "accepted", what="path"),
        chain(),
        (DEFAULT,),
        {"answers": (answer(DEFAULT, Accepted(("00" * 32,))),)},
    ),
    "code": (
        Unexplained("path", "rejected 23", "rejected 3", what="code"),
        REVOKED,
        (CRL_CHECK_LEAF,),
        {"answers": (answer(CRL_CHECK_LEAF, Rejected(3)),)},
    ),
}


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_script_is_short_plain_and_gone_here(
    tmp_path: Path, name: str
) -> None:
    """Under 60 lines, Python 3.6, standard library alone; and each can ask, and finds
    nothing in an honest module."""
    finding, scenario, flags, changes = KINDS[name]
    folder = write(tmp_path / "f", finding, scenario, *flags, **changes)
    text = source(folder)
    assert text.count("\n") < 60
    assert max(map(len, text.splitlines())) <= 96
    modules = {
        alias.name
        for node in ast.walk(ast.parse(text, feature_version=(3, 6)))
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    assert modules <= sys.stdlib_module_names
    done = run(folder)
    assert (done.returncode, done.stderr) == (1, ""), done.stdout


def test_dates_that_no_longer_hold_are_2(tmp_path: Path) -> None:
    """Before the first or after the last moment at which everything was as asked; a
    script for an expired certificate holds as long as the others do."""
    past = int(time.time()) - 3 * 365 * 86400
    old = write(
        tmp_path / "old", OPEN, chain(), DEFAULT, now=past, header={"now": past}
    )
    done = run(old)
    assert done.returncode == 2
    assert "the dates in its certificates no longer hold" in done.stdout
    over = write(tmp_path / "over", OPEN, chain(intermediate(**OVER)), DEFAULT)
    assert run(over).returncode == 1


def test_a_module_that_is_not_there_is_no_answer(tmp_path: Path) -> None:
    """Exit status 2, and not the 1 of an uncaught exception."""
    header = header_line(requested=[{"id": "here", "module": "no_such.module"}])
    done = run(write(tmp_path / "f", OPEN, chain(), DEFAULT, header=header))
    assert done.returncode == 2
    assert "no_such" in done.stdout


def test_an_answer_that_cannot_be_had_is_2(tmp_path: Path) -> None:
    """A file that does not load, in a script about accepting."""
    folder = write(tmp_path / "f", OPEN, chain(), DEFAULT)
    (folder / "trusted.pem").write_text("nothing")
    assert run(folder).returncode == 2


def test_a_drop_in_without_levels_is_asked_for_none(tmp_path: Path) -> None:
    """What is not OpenSSL takes no cipher string with a level in it."""
    for version, levels in (
        ("BoringSSL", 0),
        ("OpenSSL 1.1.1 (compatible; BoringSSL)", 0),
        ("OpenSSL 3.0.19 27 Jan 2026", 2),
    ):
        header = header_line(
            requested=[{"id": "here", "module": LIAR}],
            targets=[about("here", openssl=version)],
        )
        folder = write(tmp_path / "f", OPEN, REVOKED, CRL_CHECK_LEAF, header=header)
        assert source(folder).count("@SECLEVEL") == levels
        assert run(folder).returncode == 0


def test_what_was_asked_through_another_engine_has_no_script(tmp_path: Path) -> None:
    """A script asks ``ssl``, which is not what pyOpenSSL asks."""
    header = header_line(targets=[about("here", engine="pyopenssl")])
    folder = write(tmp_path / "f", OPEN, REVOKED, CRL_CHECK_LEAF, header=header)
    assert not (folder / "reproduce.py").exists()
    assert "asked through pyOpenSSL" in (folder / "report.md").read_text("utf-8")


def test_long_claims_stay_short_scripts(tmp_path: Path) -> None:
    """Many codes, many rows: the report has them all, the script its room."""
    promised = MustReject(("s",), frozenset(range(2, 60)))
    folder = write(
        tmp_path / "f",
        WRONG_REASON,
        replace(REVOKED, role=Role.SERVER),
        CRL_CHECK_LEAF,
        verdict=to_json(Verdict(Unmodelled("x"), promised)),
    )
    assert source(folder).count("\n") < 60
    assert "59 SUITE" in (folder / "report.md").read_text("utf-8")
    assert run(folder).returncode == 1
