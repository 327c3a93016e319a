"""A finding's folder: made of the recording alone, safe, and as good as it says."""

import ast
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.case import Role, Source
from harness.corpus import pem
from harness.finding import Breaks, Diverges, Finding, How, Unexplained
from harness.flags import CRL_CHECK_LEAF, DEFAULT, X509_STRICT, Flags
from harness.ledger.plain import (
    OVER,
    ROOT_CRL,
    alone,
    chain,
    intermediate,
    leaf,
    revoking,
)
from harness.ledger.showing import SHOWING
from harness.outcome import Accepted, Answer, Rejected
from harness.pki.spec import (
    BasicConstraintsSpec,
    Entity,
    NameSpec,
    Scenario,
    end_entity,
)
from reports.folder import write_folder, write_folders
from reports.grouping import Group
from reports.recorded import Recorded, read_run
from reports.surface import QUESTIONS
from tests.recordings import Line, about, found_line, header_line

ROOT = Path(__file__).parent.parent.parent
LIAR = "tests.fakes.ignores_crl_check_leaf"
REVOKED = chain(crls=(ROOT_CRL, revoking("leaf")))
ACCEPTED = Unexplained(
    "crl.revoked", "rejected 23 CERT_REVOKED", "accepted", CRL_CHECK_LEAF
)
OPEN = Diverges("CRL_CHECK_LEAF", How.WRONGLY_ACCEPTED, "r", "rejected", "accepted")
HOSTILE = '"""\n<script>*x*</script>`$(id)`\\ \x1b[31m'


def answer(flags: Flags, outcome: Any) -> Answer:
    """An answer that was had just now."""
    now = int(time.time())
    return Answer(flags, flags, outcome, now, now)


def write(
    folder: Path,
    finding: Finding,
    scenario: Scenario | None,
    *flags: Flags,
    header: Line | None = None,
    **changes: Any,
) -> Path:
    """The folder of one finding."""
    line = found_line(finding, scenario, *flags, **changes)
    group = Group(line["signature"], line["severity"], (line,), 1)
    head = {"kind": "header", "version": 2, "tool": "verifyflags 0", **header_line()}
    return write_folder(head | (header or {}), group, folder)


def run(folder: Path, *before: str) -> "subprocess.CompletedProcess[str]":
    """The script, run from elsewhere by this interpreter."""
    return subprocess.run(
        [sys.executable, "-B", *before, str(folder / "reproduce.py")],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env={"PYTHONPATH": str(ROOT)},
        cwd="/",
    )


def source(folder: Path) -> str:
    """The script's text."""
    return (folder / "reproduce.py").read_text("utf-8")


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


def test_the_pem_files_are_as_loaded_and_in_order(tmp_path: Path) -> None:
    """Peer, trusted under its label, CRLs; and what replays and reports read."""
    settings = next(item for item in SHOWING if "trust-settings" in item.id)
    folder = write(tmp_path / "f", OPEN, settings.scenario, DEFAULT)
    case = read_run(folder).findings[0]["case"]
    trusted = pem.load_pem(folder / "trusted.pem")
    assert [item.label for item in trusted] == ["TRUSTED CERTIFICATE"]
    assert len(pem.load_pem(folder / "peer.pem")) == len(case["peer"])
    folder = write(tmp_path / "g", OPEN, REVOKED, CRL_CHECK_LEAF)
    (line,) = read_run(folder).findings
    crls = pem.crls(pem.load_pem(folder / "crls.pem"))
    assert [pem.write_pem(pem.CRL, der) for der in crls] == [
        f"-----BEGIN X509 CRL-----\n{_wrapped(text)}-----END X509 CRL-----\n"
        for text in line["case"]["crls"]
    ]


def _wrapped(text: str) -> str:
    lines = [text[at : at + 64] for at in range(0, len(text), 64)]
    return "".join(f"{item}\n" for item in lines)


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


def test_hostile_texts_stay_texts(tmp_path: Path) -> None:
    """In a name, a target, a module and what was observed: no markup, no code."""
    finding = replace(OPEN, sentence=HOSTILE, observed=HOSTILE)
    named = end_entity("self", *(2 * (Entity(NameSpec.cn(HOSTILE), "p256-5"),)))
    header = header_line(
        requested=[{"id": HOSTILE, "module": "os; import this"}],
        targets=[about(HOSTILE, openssl=HOSTILE)],
        repeat=HOSTILE,
    )
    header["glossary"]["sentences"][HOSTILE] = {
        "flag": None,
        "text": HOSTILE,
        "address": "javascript:alert(1)> <b>",
    }
    folder = write(
        tmp_path / "f",
        finding,
        replace(alone(named), name='evil"; import this #'),
        DEFAULT,
        header=header,
        target=HOSTILE,
    )
    report = (folder / "report.md").read_text("utf-8")
    indented = [text for text in report.splitlines() if text.startswith("    ")]
    for text in report.splitlines():
        if text not in indented:
            assert "<script>" not in text.replace("\\<script\\>", "")
            assert "<b>" not in text
    assert "\x1b" not in report
    assert "<javascript:" not in report
    tree = ast.parse(source(folder))
    names = [
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    ]
    assert "this" not in names
    assert run(folder).returncode in (1, 2)
    commands = (folder / "verify.sh").read_text("utf-8").splitlines()
    assert "'evil\"; import this #'" in commands[-1]


def test_the_report_says_what_an_upstream_asks(tmp_path: Path) -> None:
    """Documented and observed, sentence and address, versions, drawing, commands, what
    was not asked, and how to repeat it."""
    header = header_line()
    header["glossary"]["sentences"]["CRL_CHECK_LEAF"] = {
        "flag": 4,
        "text": "The leaf's CRL is checked.",
        "address": "https://docs.example/ssl#leaf",
    }
    folder = write(tmp_path / "f", OPEN, REVOKED, CRL_CHECK_LEAF, header=header)
    report = (folder / "report.md").read_text("utf-8")
    for text in (
        "# CRL\\_CHECK\\_LEAF\\: wrongly accepted",
        "- severity: fail-open",
        "- documented: rejected",
        "- observed: accepted",
        "The leaf's CRL is checked. (in our words)",
        "<https://docs.example/ssl#leaf>",
        "| here | cpython 3.11.7 | OpenSSL 3.0.19 | linux |",
        "First affected release, by bisecting: *not asked*.",
        "    Root                         root, trusted",
        "    `- Int                       int, sent 2nd",
        "       `- Leaf                   leaf, sent 1st",
        "       CRL of Int (fresh) revokes leaf",
        "    python reproduce.py",
        "    openssl verify -crl_check -purpose sslserver -auth_level 2 -no-CApath ",
        " -CAfile trusted.pem -CRLfile crls.pem -untrusted peer.pem peer.pem",
        "Whether it agrees: *not asked*.",
        "from seed 5, station here-0, round 0",
        "    verifyflags run --seed 5",
    ):
        assert text in report


def test_one_folder_for_each_cause_made_again_alike(tmp_path: Path) -> None:
    """From the recording alone, whenever: the same names and bytes."""
    lines = (
        found_line(OPEN, REVOKED, CRL_CHECK_LEAF, now=1_790_000_000),
        found_line(OPEN, chain(), CRL_CHECK_LEAF, target="other", now=1_790_000_000),
        found_line(ACCEPTED, REVOKED, CRL_CHECK_LEAF, now=1_790_000_000),
    )
    header = {"kind": "header", "version": 2, "tool": "t", **header_line()}
    header["requested"] = [{"id": "here"}, {"id": "other"}]
    recorded = Recorded(header, lines, (), {})
    first = write_folders(recorded, tmp_path)
    assert [folder.name.rpartition("-")[0] for folder in first] == [
        "fail-open-crl-check-leaf-wrongly-accepted",
        "unexplained-outcome-by-rule-crl-revoked-crl-check-leaf",
    ]
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.*")}
    assert write_folders(recorded, tmp_path) == first
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.*")} == before


@pytest.mark.parametrize("sentence", QUESTIONS)
def test_the_surface_has_its_own_scripts(tmp_path: Path, sentence: str) -> None:
    """Each holds here, but that CRLs by cadata are dropped."""
    finding = Diverges(sentence, How.SURFACE, "", "so", "not so")
    folder = write(tmp_path / "f", finding, None)
    done = run(folder, "-W", "ignore")
    broken = sentence == "load_verify_locations/cadata-crl"
    assert (done.returncode, done.stderr) == (0 if broken else 1, ""), done.stdout


def test_what_no_script_can_show_says_so(tmp_path: Path) -> None:
    """No script, and the report has the reason."""
    folder = write(tmp_path / "f", Breaks("insane"), None)
    assert not (folder / "reproduce.py").exists()
    said = "There is no script for this one: it is about no certificates."
    assert said in (folder / "report.md").read_text("utf-8")


def test_the_report_has_what_was_asked_of_others(tmp_path: Path) -> None:
    """Whether ``openssl verify`` agrees, and the first affected release."""
    answers = [{"flags": 4, "said": "rejected 23", "agrees": False}]
    folder = write(
        tmp_path / "f",
        OPEN,
        REVOKED,
        CRL_CHECK_LEAF,
        openssl={"version": "OpenSSL 3.0.19", "answers": answers},
        first_affected="OpenSSL 3.0.7",
    )
    report = (folder / "report.md").read_text("utf-8")
    said = "- under CRL\\_CHECK\\_LEAF: rejected 23, **otherwise than ssl**"
    assert "As OpenSSL 3.0.19 answered:" in report
    assert said in report
    assert "First affected release, by bisecting: OpenSSL 3.0.7." in report
    assert "not asked" not in report
