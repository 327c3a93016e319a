"""``ledger``: entries listed and exported, their scripts run, findings drafted."""

import importlib
import re
from pathlib import Path
from typing import Any

import pytest

from harness.campaign.recording import FINDINGS, Recorder
from harness.finding import Diverges, How, Unexplained
from harness.flags import CRL_CHECK_LEAF
from harness.ledger.entries import ENTRIES, Entry
from harness.ledger.plain import ROOT_CRL, chain, revoking
from harness.ledger.showing import SHOWING
from harness.pages.exhibit import PLAYED, exhibits
from harness.target.discover import here
from harness.verbs.reproducing import GONE, STILL, Reproduced, on_target
from reports import source
from reports.recorded import read_run
from tests.recordings import footer_line, found_line, header_line
from tests.verbs.conftest import Verb


@pytest.fixture(scope="module")
def results() -> tuple[Reproduced, ...]:
    """Every entry's scripts, run by the bare interpreter that runs us."""
    shown = [item for entry in ENTRIES for item in exhibits(entry)]
    return tuple(on_target(here(), shown))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_the_script_of_an_entry_exits_as_promised(
    entry: Entry, results: tuple[Reproduced, ...]
) -> None:
    """0 where the books have the entry hold, 1 where it is gone."""
    mine = [item for item in results if item.name.startswith(f"{entry.id},")]
    assert len(mine) == (1 if entry.how is How.SURFACE else 2)
    assert [item for item in mine if not item.kept] == []


def test_scripts_are_seen_to_tell_both_ways(results: tuple[Reproduced, ...]) -> None:
    """Some entries hold here, and some have ended: no script has one answer alone."""
    assert {item.got for item in results} == {STILL, GONE}
    assert not Reproduced("e, w", "t", STILL, GONE, "x").kept


def test_the_table_can_be_had_of_one_entry(verb: Verb) -> None:
    """As JSON and as text, with what was wanted and had."""
    words = ("reproduce", "cadata-loads-no-crl")
    (line,) = verb("ledger", "--json", *words).lines
    assert (line["target"], line["wanted"], line["got"]) == (here().id, 0, 0)
    said = verb("ledger", *words)
    assert said.status == 0
    assert "cadata-loads-no-crl, surface: wanted 0, got 0: as promised" in said.out
    assert verb("ledger", "reproduce", "no-such").status == 2


def test_the_list_has_every_entry_the_worst_first(verb: Verb) -> None:
    """Severity, releases, witnesses and thread; as text and as JSON."""
    lines = verb("ledger", "--json").lines
    assert {line["id"] for line in lines} == {entry.id for entry in ENTRIES}
    severities = list(dict.fromkeys(line["severity"] for line in lines))
    assert severities == ["fail-open", "broken", "fail-closed", "wrong-reason"]
    by_id = {line["id"]: line for line in lines}
    proxy = by_id["proxy-leaves-holder-unchecked"]
    assert proxy["witnesses"] == ["proxy-of-revoked-holder"]
    assert proxy["thread"].endswith("/issues/32364")
    assert "3.0.19" in proxy["releases"]
    assert by_id["malformed-anchor-not-verified"]["releases"] == ["1.1.1w"]
    assert by_id["cadata-loads-no-crl"]["releases"] is None
    text = verb("ledger").out
    assert "numberless-delta-ends-the-process: crash or hang, crashed" in text
    assert "  OpenSSL: 1.1.1w, by the rule signature.malformed-not-verified" in text
    assert "  upstream: no thread is known" in text


def test_one_entry_is_shown_with_its_cases(verb: Verb) -> None:
    """Witnesses in words, and what each shows; an unknown entry is wrong usage."""
    said = verb("ledger", "show", "strict-skips-single-certificate")
    assert "witness single-certificate-client: [self]" in said.out
    assert "expected rejected; observed accepted" in said.out
    said = verb("ledger", "show", "no-such")
    assert (said.status, said.out) == (2, "")
    assert "no-such: no such entry; there are: proxy-leaves" in said.err


def test_an_entry_is_exported_as_folders(verb: Verb, tmp_path: Path) -> None:
    """One for each witness, as a finding's; nothing is overwritten."""
    entry = "trusted-first-cannot-be-cleared"
    said = verb("ledger", "export", entry, tmp_path)
    assert said.status == 0
    folders = [Path(text) for text in said.out.splitlines()]
    assert [folder.name for folder in folders] == [
        "two-intermediates-of-one-key-client",
        "two-intermediates-of-one-key-server",
    ]
    run = read_run(folders[0])
    assert (run.targets, run.findings[0]["entry"]) == ((PLAYED,), entry)
    assert (folders[0] / "reproduce.py").exists()
    said = verb("ledger", "export", entry, tmp_path)
    assert said.status == 2
    assert "nothing is overwritten" in said.err


def record(folder: Path, *lines: dict[str, Any]) -> Path:
    """A run with these findings."""
    folder.mkdir()
    with Recorder(folder / FINDINGS, header_line()) as recorder:
        for line in lines:
            recorder.write(line)
        recorder.close(footer_line())
    return folder


def evaluated(text: str) -> tuple[Any, Any]:
    """The entry and the witnesses that a draft makes, with what it says it needs."""
    space: dict[str, Any] = {}
    for module, names in re.findall(r"^# from (\S+) import (.*)$", text, re.MULTILINE):
        loaded = importlib.import_module(module)
        space |= {name: getattr(loaded, name) for name in names.split(", ")}
    for name in ("Entry", "How", "Severity"):
        module = "harness.ledger.entries" if name == "Entry" else "harness.finding"
        space[name] = getattr(importlib.import_module(module), name)
    entry, witness = text.split("# harness/ledger/showing.py, in SHOWING:")
    made = eval(f"[{entry}]", space)  # noqa: S307 - the draft is source
    return made[0], eval(f"[{witness}]", space)  # noqa: S307 - the draft is source


def test_a_finding_is_drafted_as_an_entry(verb: Verb, tmp_path: Path) -> None:
    """The source evaluates to the entry, and to a witness with the very scenario."""
    scenario = chain(crls=(ROOT_CRL, revoking("leaf")))
    finding = Diverges(
        "CRL_CHECK_LEAF", How.WRONGLY_ACCEPTED, "crl.x", "rejected", "accepted"
    )
    run = record(tmp_path / "run", found_line(finding, scenario, CRL_CHECK_LEAF))
    said = verb("ledger", "draft", run)
    assert said.status == 0
    entry, (witness,) = evaluated(said.out)
    assert entry.sentences == ("CRL_CHECK_LEAF",)
    assert (entry.rule, entry.how.value) == ("crl.x", "wrongly accepted")
    assert witness.entry == entry.id
    assert (witness.scenario, witness.flags) == (scenario, (CRL_CHECK_LEAF,))


def test_what_no_rule_predicts_is_no_entry(verb: Verb, tmp_path: Path) -> None:
    """The ledger excuses only what the releases book predicts."""
    odd = Unexplained("crl.x", "rejected 23", "accepted")
    run = record(tmp_path / "run", found_line(odd, chain(), CRL_CHECK_LEAF))
    said = verb("ledger", "draft", run)
    assert (said.status, said.out) == (2, "")
    assert "the releases book does not predict it" in said.err
    said = verb("ledger", "draft", record(tmp_path / "clean"))
    assert "holds no finding" in said.err
    said = verb("ledger", "draft", tmp_path / "nothing")
    assert said.status == 2


@pytest.mark.parametrize("item", SHOWING, ids=lambda item: item.id)
def test_source_evaluates_to_the_same_value(item: Any) -> None:
    """Every witness's scenario, written and read as Python."""
    space: dict[str, Any] = {}
    for module, name in source.names(item.scenario):
        space[name] = getattr(importlib.import_module(module), name)
    written = source.write(item.scenario)
    assert eval(written, space) == item.scenario  # noqa: S307 - it is source
