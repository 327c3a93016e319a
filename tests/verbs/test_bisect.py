"""``bisect``: changes and findings, asked of targets that show them or do not."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.campaign.recording import FINDINGS, Recorder
from harness.campaign.sighting import Mode, Seen, record
from harness.finding import Breaks, Unexplained
from harness.flags import X509_STRICT
from harness.outcome import Accepted, Answer
from harness.pki.issue import issue
from harness.target.target import Target
from tests.verbs.conftest import TargetsFile, Verb
from tests.verbs.test_diff import CASES, LIAR, ME, run_quietly, suite

__all__ = ["suite"]

FakeTarget = Callable[[str], Target]


@pytest.fixture(scope="module")
def targets(targets_file: TargetsFile, fake_target: FakeTarget) -> Path:
    """This interpreter, and one that ignores STRICT."""
    return targets_file(ME, fake_target(LIAR))


@pytest.fixture(scope="module")
def changes(
    targets: Path, suite: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """What changes from the one to the other."""
    out = tmp_path_factory.mktemp("changes")
    words = ("diff", "me", LIAR, "--targets-file", targets, "--suite", suite)
    assert run_quietly(*words, "--out", out) == 1
    return out


def test_a_change_is_shown_by_the_target_that_has_it(
    verb: Verb, changes: Path, targets: Path
) -> None:
    """The table says which target does it, and each line of releases in a word."""
    named = ("--target", "me", "--target", LIAR)
    said = verb("bisect", changes, *named, "--targets-file", targets, "--json")
    assert said.status == 0
    (form,) = said.lines
    assert {row["target"]: row["affected"] for row in form["rows"]} == {
        "me": False,
        LIAR: True,
    }
    (runs,) = form["lines"].values()
    assert [run["affected"] for run in runs] == [True]
    text = verb("bisect", changes, "1", "--target", "me", "--targets-file", targets)
    assert "no        rejected 85 MISSING_AUTHORITY_KEY_IDENTIFIER" in text.out
    assert ": none (" in text.out


def test_a_finding_of_a_run(verb: Verb, targets: Path, tmp_path: Path) -> None:
    """What a run found is asked by its own flags; what is about no case is said."""
    now = int(time.time())
    scenario = CASES["no-key-id"]
    finding = Unexplained("strict", "rejected 85", "accepted", X509_STRICT)
    answer = Answer(X509_STRICT, X509_STRICT, Accepted(), now, now)
    seen = Seen(finding, Mode(), (X509_STRICT,), (answer,))
    case = issue(scenario, seed=1, now=now)
    with Recorder(tmp_path / FINDINGS, {"seed": 1, "now": now}) as recorder:
        recorder.write(record(seen, scenario, case, target=LIAR))
        recorder.write(record(Seen(Breaks("insane"), Mode(), ()), None, None))
    named = ("--target", "me", "--target", LIAR)
    said = verb("bisect", tmp_path, *named, "--targets-file", targets, "--json")
    assert said.status == 0
    assert "2. broken: insane: cannot be asked: it is not about one case" in said.err
    (form,) = said.lines
    assert {row["target"]: row["affected"] for row in form["rows"]} == {
        "me": False,
        LIAR: True,
    }


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("/no/such",), "/no/such: No such file"),
        ((".",), ".: neither findings.jsonl nor diff.jsonl is in it"),
    ],
)
def test_wrong_usage_is_told(
    verb: Verb, words: tuple[str, ...], complaint: str
) -> None:
    """The value that is wrong and its place, status 2."""
    said = verb("bisect", *words)
    assert said.status == 2
    assert complaint in said.err


def test_a_number_that_is_not_there(verb: Verb, changes: Path) -> None:
    """Status 2, with how many there are."""
    said = verb("bisect", changes, "7")
    assert said.status == 2
    assert "7: there is no such number" in said.err
    assert "holds 1" in said.err


def test_a_named_target_that_cannot_start(
    verb: Verb,
    changes: Path,
    targets_file: TargetsFile,
    unstartable: Target,
) -> None:
    """Status 2, and the reason."""
    file = targets_file(unstartable)
    said = verb("bisect", changes, "--target", "nowhere", "--targets-file", file)
    assert said.status == 2
    assert "nowhere cannot be asked" in said.err
