"""``diff``: this interpreter against itself and against targets that lie."""

import io
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from pathlib import Path

import pytest

from harness.campaign.recording import read_recording
from harness.case import Case
from harness.cli import main
from harness.corpus.limbo import dump_suite
from harness.corpus.suite import Expected, SuiteCase, default_flag_sets
from harness.diff.comparing import Comparing
from harness.diff.groups import Source
from harness.flags import Flags
from harness.ledger.plain import ROOT_CRL, chain, leaf, revoking
from harness.pem import write_pem
from harness.pki.issue import issue
from harness.pki.spec import AuthorityKeyIdSpec, KeyId
from harness.target.session import TargetError
from harness.target.target import Target
from tests.verbs.conftest import TargetsFile, Verb
from tests.verbs.suites import suite_of

FakeTarget = Callable[[str], Target]
ME = Target("me", (sys.executable,))
LIAR = "ignores_x509_strict"


CASES = {
    "plain": chain(crls=()),
    "revoked": chain(crls=(ROOT_CRL, revoking("leaf"))),
    "no-key-id": chain(leaf(authority_key_id=AuthorityKeyIdSpec(KeyId.ABSENT))),
}
"""A plain case, a revoked one, and one that STRICT refuses."""


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``CASES`` as a suite."""
    path = tmp_path_factory.mktemp("suite") / "some.json"
    now = int(time.time())
    dump_suite(
        path,
        [
            SuiteCase(
                name,
                issue(scenario, seed=1, now=now),
                default_flag_sets(with_crls=bool(scenario.crls)),
                Expected.SUCCESS,
            )
            for name, scenario in CASES.items()
        ],
    )
    return path


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A chain of which the leaf is revoked, as PEM files."""
    folder = tmp_path_factory.mktemp("pem")
    case = issue(chain(crls=(ROOT_CRL, revoking("leaf"))), seed=1, now=int(time.time()))
    texts = {
        "chain": "".join(write_pem("CERTIFICATE", der) for der in case.peer),
        "trust": write_pem("CERTIFICATE", case.trusted[0].der),
        "crl": "".join(write_pem("X509 CRL", der) for der in case.crls),
    }
    for name, text in texts.items():
        (folder / name).write_text(text)
    return {name: folder / name for name in texts}


def test_a_target_against_itself(
    verb: Verb, targets_file: TargetsFile, suite: Path
) -> None:
    """Nothing is loosened, and all that was asked was compared."""
    both = targets_file(ME, replace(ME, id="you"))
    said = verb("diff", "me", "you", "--targets-file", both, "--suite", suite, "--json")
    assert said.status == 0
    header, end = said.lines
    assert (header["one"]["id"], header["two"]["id"]) == ("me", "you")
    assert end["rows"] > 20
    assert (end["changed"], end["hidden"], end["status"]) == (0, {}, 0)


def test_a_loosened_flag_fails_and_is_written(
    verb: Verb,
    targets_file: TargetsFile,
    fake_target: FakeTarget,
    suite: Path,
    tmp_path: Path,
) -> None:
    """A target that ignores STRICT accepts more: status 1, in every form, with the
    bytes of the case; the cause is unknown, since no release does so."""
    both = targets_file(ME, fake_target(LIAR))
    out = tmp_path / "out"
    words = ("diff", "me", LIAR, "--targets-file", both)
    said = verb(*words, "--suite", suite, "--out", out)
    assert said.status == 1
    assert "loosened: rejected 85 MISSING_AUTHORITY_KEY_IDENTIFIER -> accepted" in (
        said.out
    )
    assert "unknown" in said.out
    lines = read_recording(out / "diff.jsonl")
    (change,) = [it for it in lines if it.get("change") == "loosened"]
    assert change["case"]["peer"]
    assert change["source"] == "no-key-id"
    assert Flags(change["flags"][1]) == Flags.parse("default-3.13")
    assert (out / "diff.md").read_text().startswith("# What changes for certificates")
    again = verb(*words, "--json", "--suite", out / "changes.json")
    assert again.status == 1
    assert again.lines[1]["source"] == "verifyflags::change-1"


def test_the_way_back_tightens(
    verb: Verb, targets_file: TargetsFile, fake_target: FakeTarget, suite: Path
) -> None:
    """From the target that ignores STRICT to one that does not: nothing loosened; in
    Markdown, a row for each change."""
    both = targets_file(ME, fake_target(LIAR))
    words = ("diff", LIAR, "me", "--targets-file", both, "--suite", suite)
    said = verb(*words, "--format", "markdown")
    assert said.status == 0
    assert "| accepted -\\> rejected 85 MISSING\\_AUTHORITY\\_KEY\\_IDENTIFIER |" in (
        said.out
    )
    assert " tightened | " in said.out
    assert " loosened | " not in said.out


def test_files_of_the_users_own(
    verb: Verb,
    targets_file: TargetsFile,
    fake_target: FakeTarget,
    files: dict[str, Path],
) -> None:
    """A chain with its anchors and CRLs, in the role that is asked for; the target that
    ignores CRLs accepts what is revoked."""
    both = targets_file(ME, fake_target("ignores_crl_check_leaf"))
    said = verb(
        *("diff", "me", "ignores_crl_check_leaf", files["chain"]),
        *("--trust", files["trust"], "--crl", files["crl"], "--role", "server"),
        *("--flags", "CRL_CHECK_LEAF", "--targets-file", both, "--json"),
    )
    assert said.status == 1
    loosened = [it for it in said.lines if it.get("change") == "loosened"]
    assert loosened
    assert all(it["roles"] == ["server"] for it in loosened)
    assert loosened[0]["said"] == ["rejected 23 CERT_REVOKED", "accepted"]
    assert loosened[0]["tier"] == "one"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ((), "two targets are needed"),
        (("here",), "two targets are needed"),
        (("here", "nobody"), "--target nobody: no such target"),
        (("here", "here", "x.pem"), "x.pem: --trust is needed"),
        (("here", "here", "x.pem", "--trust", "y.pem"), "x.pem: No such file"),
        (("here", "here", "--trust", "y.pem"), "--trust: there is no PEM file"),
        (("here", "here", "--role", "server"), "--role: there is no PEM file"),
        (
            ("here", "here", "--suite", "x.json", "--seconds", "3"),
            "--seconds: nothing is drawn",
        ),
        (("here", "here", "x.pem", "--suite", "x.json"), "x.pem: PEM files or --suite"),
        (("here", "here", "--suite", "/no/such.json"), "/no/such.json"),
    ],
)
def test_wrong_usage_is_told(
    verb: Verb, words: tuple[str, ...], complaint: str
) -> None:
    """The value that is wrong and its place, status 2."""
    said = verb("diff", *words)
    assert said.status == 2
    assert complaint in said.err


def test_a_target_that_cannot_start(
    verb: Verb, targets_file: TargetsFile, unstartable: Target, suite: Path
) -> None:
    """Status 2, and the reason."""
    both = targets_file(ME, unstartable)
    said = verb("diff", "me", "nowhere", "--targets-file", both, "--suite", suite)
    assert said.status == 2
    assert "nowhere" in said.err


def test_a_crash_is_a_change_that_fails(
    verb: Verb, targets_file: TargetsFile, fake_target: FakeTarget, suite: Path
) -> None:
    """A target that crashes under one flag set breaks there, and all else is
    compared."""
    both = targets_file(ME, fake_target("crashes"))
    words = ("--suite", suite, "--flags", "CRL_CHECK_LEAF|X509_STRICT", "--json")
    said = verb("diff", "me", "crashes", "--targets-file", both, *words)
    assert said.status == 1
    changes = [it for it in said.lines if it["kind"] == "change"]
    assert {it["change"] for it in changes} == {"breaks"}
    assert {it["causes"][0]["name"] for it in changes} == {"unknown"}
    assert said.lines[-1]["rows"] > 20


def test_a_target_lost_on_the_way_takes_nothing_with_it(
    verb: Verb,
    targets_file: TargetsFile,
    fake_target: FakeTarget,
    suite: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was found before is told, with status 2 and the reason."""
    kept = Comparing.compare

    def losing(
        self: Comparing, case: Case, flags: Sequence[Flags], source: Source
    ) -> None:
        kept(self, case, flags, source)
        if source.name == "no-key-id":
            raise TargetError("gone with the wind")

    monkeypatch.setattr(Comparing, "compare", losing)
    both = targets_file(ME, fake_target(LIAR))
    said = verb("diff", "me", LIAR, "--targets-file", both, "--suite", suite)
    assert said.status == 2
    assert "loosened: rejected 85" in said.out
    assert "exit 2: a target was lost before the end" in said.out
    assert "gone with the wind" in said.err


def test_nothing_to_compare(
    verb: Verb, targets_file: TargetsFile, tmp_path: Path
) -> None:
    """Status 3 where no case could be asked, and why: it is one of another time."""
    past = suite_of(tmp_path / "past.json", "past", now=int(time.time()))
    words = ("diff", "me", "me", "--targets-file", targets_file(ME), "--suite", past)
    said = verb(*words, "--json")
    assert said.status == 3
    end = said.lines[-1]
    (why,) = end["hidden"]
    assert why.startswith("not asked: ")
    assert (end["cases"], end["rows"]) == (0, 0)


def run_quietly(*words: object) -> int:
    """The status of a command line, for fixtures that live longer than a test."""
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        return main([str(word) for word in words])
