"""A finding's folder: made of the recording alone, safe, and as good as it says."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from harness.corpus import pem
from harness.finding import Breaks, Diverges, How
from harness.flags import CRL_CHECK_LEAF, DEFAULT
from harness.ledger.plain import (
    alone,
    chain,
)
from harness.ledger.showing import SHOWING
from harness.pem import write_pem
from harness.pki.spec import (
    Entity,
    NameSpec,
    end_entity,
)
from reports.folder import write_folders
from reports.recorded import Recorded, read_run
from reports.surface import QUESTIONS
from tests.recordings import about, found_line, header_line
from tests.reports.folders import (
    ACCEPTED,
    HOSTILE,
    OPEN,
    REVOKED,
    run,
    source,
    write,
)


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
    assert [write_pem(pem.CRL, der) for der in crls] == [
        f"-----BEGIN X509 CRL-----\n{_wrapped(text)}-----END X509 CRL-----\n"
        for text in line["case"]["crls"]
    ]


def _wrapped(text: str) -> str:
    lines = [text[at : at + 64] for at in range(0, len(text), 64)]
    return "".join(f"{item}\n" for item in lines)


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
