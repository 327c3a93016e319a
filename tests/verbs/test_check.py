"""``check``: a small suite through this interpreter, and through targets that lie."""

import hashlib
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.corpus.limbo import dump_suite
from harness.corpus.suite import Expected, SuiteCase
from harness.flags import PRESETS, Flags
from harness.ledger.plain import chain, leaf
from harness.pki.issue import issue
from harness.pki.spec import RawExtension
from harness.target.target import LIBCRYPTO, Target
from tests.verbs.conftest import Said, TargetsFile, Verb
from tests.verbs.suites import CASES, case_of, suite_of

FakeTarget = Callable[[str], Target]

KEYS = [
    "id",
    "target",
    "role",
    "flags",
    "predicted",
    "observed",
    "documents",
    "finding",
]


@pytest.fixture(scope="module")
def now() -> int:
    """The instant that the suites' dates are relative to."""
    return int(time.time())


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory, now: int) -> Path:
    """Every one of ``CASES``."""
    return suite_of(tmp_path_factory.mktemp("suite") / "all.json", *CASES, now=now)


@pytest.fixture
def rows(verb: Verb, suite: Path) -> dict[tuple[str, int], dict[str, Any]]:
    """What ``check --json`` says of the suite, by case and flags."""
    said = verb("check", suite, "--json")
    assert (said.status, said.err) == (0, "")
    return {(line["id"], line["flags"]): line for line in said.lines[:-1]}


def findings(said: Said) -> Counter[str]:
    """How many rows have each finding."""
    return Counter(line["finding"] for line in said.lines[:-1])


def test_every_row_has_the_documented_keys(
    rows: dict[tuple[str, int], dict[str, Any]],
) -> None:
    """One row for each case and flag set: 0 and both presets, with CRL_CHECK_CHAIN
    too where there are CRLs."""
    plain = [0, *PRESETS.values()]
    with_crls = [*plain, *(bits | 12 for bits in plain)]
    wanted = []
    for name, (scenario, _) in CASES.items():
        wanted += [(name, bits) for bits in (with_crls if scenario.crls else plain)]
    assert list(rows) == wanted
    for row in rows.values():
        assert list(row) == KEYS
        assert list(row["observed"]) == ["outcome", "code", "path"]
        if row["predicted"] is not None:
            assert list(row["predicted"]) == ["accepted", "code", "depth", "path"]
    assert {row["target"] for row in rows.values()} == {"here"}
    assert rows["plain", 0]["role"] == "client"
    assert rows["plain-server", 0]["role"] == "server"


def test_a_row_says_what_was_predicted_and_seen(
    rows: dict[tuple[str, int], dict[str, Any]], now: int
) -> None:
    """Code, depth and the verified path by the SHA-256 of its certificates."""
    case = case_of("revoked", now)
    ders = [*case.peer, case.trusted[0].der]
    path = [hashlib.sha256(der).hexdigest() for der in ders]
    row = rows["revoked", 12]
    assert row["predicted"] == {
        "accepted": False,
        "code": 23,
        "depth": 0,
        "path": path,
    }
    assert row["observed"] == {"outcome": "rejected", "code": 23, "path": path}
    assert (row["documents"], row["finding"]) == ("must-reject", "conforms")
    row = rows["revoked", 0]
    assert row["predicted"] == {
        "accepted": True,
        "code": None,
        "depth": None,
        "path": path,
    }
    assert row["observed"] == {"outcome": "accepted", "code": None, "path": path}
    assert (row["documents"], row["finding"]) == ("must-accept", "conforms")


def test_a_depth_is_observed_where_it_is_told(
    verb: Verb, suite: Path, targets_file: TargetsFile
) -> None:
    """The engine that asks the verifier alone agrees, and tells where the error was."""
    target = Target("alone", (sys.executable,), engine=LIBCRYPTO)
    said = verb("check", suite, "--json", "--targets-file", targets_file(target))
    assert said.status == 0
    rejected = [
        line for line in said.lines[:-1] if line["observed"]["outcome"] == "rejected"
    ]
    assert {line["finding"] for line in rejected} <= {"conforms", "unmodelled"}
    for line in rejected:
        assert list(line["observed"]) == ["outcome", "code", "depth", "path"]
        assert line["observed"]["depth"] == line["predicted"]["depth"]
    assert {line["id"] for line in rejected} >= {"revoked", "expired", "other-host"}


@pytest.mark.parametrize(("name", "code"), [("expired", 10), ("other-host", 62)])
def test_refusals_have_their_code(
    name: str, code: int, rows: dict[tuple[str, int], dict[str, Any]]
) -> None:
    """An expired end entity and another host are refused under every flag set."""
    for bits in (0, *PRESETS.values()):
        row = rows[name, bits]
        assert row["observed"]["outcome"] == "rejected"
        assert row["observed"]["code"] == row["predicted"]["code"] == code
        assert row["finding"] == "conforms"


def test_another_time_is_not_asked(
    rows: dict[tuple[str, int], dict[str, Any]],
) -> None:
    """Nothing is predicted or promised about it, and it is counted."""
    row = rows["past", 0]
    assert row["predicted"] is None
    assert row["observed"] == {"outcome": "unsupported", "code": None, "path": None}
    assert (row["documents"], row["finding"]) == ("silent", "unsupported")


def test_a_known_divergence_names_its_entry(verb: Verb, suite: Path) -> None:
    """It fails nothing."""
    said = verb("check", suite, "--json", "--flags", "X509_STRICT")
    by_case = {line["id"]: line["finding"] for line in said.lines[:-1]}
    assert said.status == 0
    assert by_case["single"] == "ledger:strict-skips-single-certificate"
    assert by_case["plain"] == "conforms"


def test_a_divergence_that_no_entry_knows_fails(
    verb: Verb, suite: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though it is what the releases book predicts."""
    monkeypatch.setattr("harness.compare.ledger_entry", lambda *_: None)
    said = verb("check", suite, "--json", "--flags", "X509_STRICT")
    wrong = {line["id"]: line["finding"] for line in said.lines[:-1]}
    assert said.status == 1
    assert wrong["single"] == "diverges"
    assert set(wrong.values()) == {"conforms", "diverges", "unsupported"}


def test_the_last_line_counts_the_findings(verb: Verb, suite: Path) -> None:
    """Every row is in it, once."""
    said = verb("check", suite, "--json")
    (summary,) = said.lines[-1].values()
    assert list(said.lines[-1]) == ["summary"]
    assert summary == findings(said)
    assert summary["unsupported"] == 3


def test_the_flags_replace_those_of_the_suite(verb: Verb, suite: Path) -> None:
    """Each set that was given is asked once, for every case."""
    words = ["--flags", "CRL_CHECK_LEAF", "--flags", "0x80000", "--flags", "4"]
    said = verb("check", suite, "--json", *words)
    asked = [(line["id"], line["flags"]) for line in said.lines[:-1]]
    assert asked == [(name, bits) for name in CASES for bits in (4, 0x80000)]


def test_what_no_book_knows_is_unmodelled(verb: Verb, tmp_path: Path, now: int) -> None:
    """Nothing is predicted of policies in a form that we cannot read, and nothing
    fails; where nobody asks for policies they do not matter."""
    path = tmp_path / "suite.json"
    policies = RawExtension("2.5.29.32", b"\x30\x80\x00\x00")
    case = issue(chain(leaf(extra=(policies,)), crls=()), seed=1, now=now)
    sets = (Flags(0x8080), Flags(0x8000))
    dump_suite(path, [SuiteCase("odd", case, sets, Expected.SUCCESS)])
    said = verb("check", path, "--json")
    asked, plain = said.lines[:-1]
    assert (asked["predicted"], asked["finding"]) == (None, "unmodelled")
    assert asked["observed"]["outcome"] in ("accepted", "rejected")
    assert (plain["finding"], said.status) == ("conforms", 0)


def columns(out: str) -> dict[str, list[int]]:
    """The table's numbers, by finding: rows, agree, differ, none."""
    found = {}
    for line in out.splitlines():
        word, *numbers = line.split()
        if len(numbers) == 4 and all(map(str.isdigit, numbers)):
            found[word] = [int(number) for number in numbers]
    return found


def test_the_text_counts_what_the_authors_expect(verb: Verb, suite: Path) -> None:
    """Rows agree, differ, or are no answer to the author's question: those that do
    not ask for CRLs which are there, and those that cannot be asked."""
    said = verb("check", suite)
    assert said.status == 0
    first, *_, last = said.out.splitlines()
    assert first == "here, and what the suite's authors expect:"
    # Six cases agree under three sets each, revoked under those that check CRLs.
    table = columns(said.out)
    assert table["unsupported"] == [3, 0, 0, 3]
    agree, differ, none = (
        sum(numbers[place] for numbers in table.values()) for place in (1, 2, 3)
    )
    assert (agree, differ, none) == (18, 3, 6)
    assert last.startswith("8 cases, 27 rows: ")
    assert "3 unsupported" in last


def test_the_text_lists_what_differs_and_what_was_not_asked(
    verb: Verb, suite: Path
) -> None:
    """By case, with the flag sets; the cause is said once, with an example."""
    lines = verb("check", suite).out.splitlines()
    place = lines.index("  1 cases whose expected result differs:")
    sets = ", ".join(str(Flags(bits)) for bits in (0, *PRESETS.values()))
    assert lines[place + 1] == f"    mistaken: accepted under {sets}"
    (cause,) = (line for line in lines if "e.g." in line)
    assert cause.startswith("  1 cases, 3 rows unsupported: e.g. validation_time ")


def test_a_lie_is_unexplained(
    verb: Verb, suite: Path, fake_target: FakeTarget, targets_file: TargetsFile
) -> None:
    """What ignores the flag fails, and only where a CRL would have refused."""
    path = targets_file(fake_target("ignores_crl_check_leaf"))
    words = ("--targets-file", path, "--flags", "CRL_CHECK_LEAF", "--flags", "0")
    said = verb("check", suite, "--json", *words)
    assert said.status == 1
    wrong = [
        line
        for line in said.lines[:-1]
        if line["finding"] == "unexplained" and line["id"] == "revoked"
    ]
    assert [line["flags"] for line in wrong] == [4]
    assert wrong[0]["target"] == "ignores_crl_check_leaf"
    assert wrong[0]["predicted"]["code"] == 23
    assert wrong[0]["observed"]["outcome"] == "accepted"
    assert wrong[0]["documents"] == "must-reject"
    assert said.lines[-1]["summary"]["unexplained"] >= 1

    text = verb("check", suite, *words)
    assert text.status == 1
    assert "  revoked under CRL_CHECK_LEAF: " in text.out


def test_a_broken_law_fails_its_row(
    verb: Verb,
    tmp_path: Path,
    now: int,
    fake_target: FakeTarget,
    targets_file: TargetsFile,
) -> None:
    """What is refused without STRICT, and accepted with it, diverges there."""
    path = suite_of(tmp_path / "revoked.json", "revoked", now=now)
    liar = targets_file(fake_target("crl_checks_by_default"))
    words = ("--targets-file", liar, "--flags", "0", "--flags", "X509_STRICT")
    said = verb("check", path, "--json", *words)
    assert said.status == 1
    assert [line["finding"] for line in said.lines[:-1]] == ["unexplained", "diverges"]
    text = verb("check", path, *words)
    assert "revoked under X509_STRICT: law:X509_STRICT/takes-away" in text.out


def test_a_crash_is_broken(
    verb: Verb, suite: Path, fake_target: FakeTarget, targets_file: TargetsFile
) -> None:
    """It costs its own row, and the others are asked all the same."""
    path = targets_file(fake_target("crashes"))
    words = ("--flags", "CRL_CHECK_LEAF|X509_STRICT", "--flags", "0")
    said = verb("check", suite, "--json", "--targets-file", path, *words)
    assert said.status == 1
    for line in said.lines[:-1]:
        if line["id"] != "past":
            assert (line["finding"] == "broken") is (line["flags"] == 0x24)


def test_each_target_is_asked(
    verb: Verb, suite: Path, fake_target: FakeTarget, targets_file: TargetsFile
) -> None:
    """In the order of the names, with a table each."""
    path = targets_file(fake_target("code_changed"))
    said = verb(
        *("check", suite, "--targets-file", path, "--flags", "CRL_CHECK_LEAF"),
        *("--target", "here", "--target", "code_changed"),
    )
    assert said.status == 1
    heads = [line for line in said.out.splitlines() if "authors expect:" in line]
    assert [head.partition(",")[0] for head in heads] == ["here", "code_changed"]
    honest, _, lying = said.out.partition("code_changed, and")
    assert "unexplained" not in honest
    assert columns(lying)["unexplained"] == [1, 0, 0, 1]


def test_a_target_that_cannot_start_is_said_aside(
    verb: Verb, suite: Path, unstartable: Target, targets_file: TargetsFile
) -> None:
    """The others are asked, standard output stays JSON, and the status is 2."""
    path = targets_file(unstartable)
    said = verb(
        *("check", suite, "--json", "--flags", "0", "--targets-file", path),
        *("--target", "nowhere", "--target", "here"),
    )
    assert said.status == 2
    assert {line["target"] for line in said.lines[:-1]} == {"here"}
    assert said.err.startswith("nowhere cannot be asked: ")
    assert "/no/such/python" in said.err


def test_nothing_asked_is_inconclusive(verb: Verb, tmp_path: Path, now: int) -> None:
    """A suite of which nothing can be asked is 3, whatever is counted."""
    path = suite_of(tmp_path / "past.json", "past", now=now)
    said = verb("check", path, "--json")
    assert said.status == 3
    assert said.lines[-1] == {"summary": {"unsupported": 3}}
    assert verb("check", path).status == 3


def test_the_side_file_has_its_flag_sets_asked(
    verb: Verb, tmp_path: Path, now: int
) -> None:
    """Without ``--flags`` they are the ones."""
    path = tmp_path / "suite.json"
    case = replace(case_of("plain", now), security_level=1)
    sets = (Flags(0x20), Flags(0x80004))
    dump_suite(path, [SuiteCase("plain", case, sets, Expected.SUCCESS)])
    said = verb("check", path, "--json")
    assert [line["flags"] for line in said.lines[:-1]] == [0x20, 0x80004]


def test_octets_of_no_meaning_are_undecodable(
    verb: Verb, tmp_path: Path, now: int
) -> None:
    """They are refused unread, without a code, as was predicted."""
    path = tmp_path / "suite.json"
    case = replace(case_of("plain", now), peer=(b"\x30\x03abc",))
    dump_suite(path, [SuiteCase("broken", case, (Flags(0),), Expected.FAILURE)])
    said = verb("check", path, "--json")
    row = said.lines[0]
    assert row["predicted"] == {
        "accepted": False,
        "code": None,
        "depth": None,
        "path": [],
    }
    assert row["observed"] == {"outcome": "undecodable", "code": None, "path": None}
    assert (row["finding"], said.status) == ("conforms", 0)


def test_pkits_is_all_explained(verb: Verb) -> None:
    """Both books agree with this interpreter about NIST's suite, in both roles."""
    said = verb("check", "pkits", "--json")
    assert said.status == 0
    words = Counter(word.partition(":")[0] for word in findings(said).elements())
    assert set(words) == {"conforms", "ledger"}
    roles = {line["role"] for line in said.lines[:-1]}
    assert roles == {"client", "server"}
    assert words.total() > 2000
