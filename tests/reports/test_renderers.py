"""Renderers: all a reader needs, from the recorded run alone, nothing hostile."""

from pathlib import Path
from typing import Any

import pytest

from harness.campaign.recording import FINDINGS, Recorder, RecordingError
from harness.finding import Diverges as Divergence
from harness.finding import Finding, How, Unexplained
from harness.flags import CRL_CHECK_LEAF
from harness.pki.spec import Entity, NameSpec, Scenario, TrustSpec, ca, end_entity
from reports.markdown import render
from reports.printable import markdown as escaped
from reports.recorded import Recorded, read_run
from reports.suite import Checked, table
from reports.summary import summary
from tests.recordings import about, found_line, header_line

ROOT = Entity(NameSpec.cn("Root"), "p256-0")
LEAF = Entity(NameSpec.cn("leaf.example"), "p256-1")
SCENARIO = Scenario(
    certificates=(ca("root", ROOT, ROOT), end_entity("leaf", LEAF, ROOT)),
    peer=("leaf",),
    trusted=(TrustSpec("root"),),
    name="<script>*leaf*</script>|\n# heading",
)
OPEN = Divergence(
    "CRL_CHECK_LEAF/requires-crl",
    How.WRONGLY_ACCEPTED,
    "accept",
    "rejected",
    "accepted",
    CRL_CHECK_LEAF,
)
ODD = Unexplained("path.build", "rejected 20", "rejected 2", CRL_CHECK_LEAF, "code")


def line(finding: Finding, severity: str) -> dict[str, Any]:
    """A finding of a random case."""
    return found_line(
        finding,
        SCENARIO,
        CRL_CHECK_LEAF,
        severity=severity,
        way="handshake",
        tls="1.3",
        source="random",
        station="here-3",
        round=2,
        seen=2,
        elapsed_s=1.5,
    )


@pytest.fixture
def run(tmp_path: Path) -> Recorded:
    """A small recorded run: two findings, one of two sides decided, skips."""
    header = header_line(
        requested=[{"id": "here"}, {"id": "never"}],
        targets=[
            about(
                "here",
                engine="libcrypto",
                shows_depth=True,
                overlaid=["carried-back"],
                expected=["A|refuses|client", "B|lets pass|server"],
                behaviours=["felt-one", "unfelt-one"],
            )
        ],
    )
    random = {
        "counts": {
            "cases": 10,
            "verdicts": 1000,
            "full verdicts": 800,
            "bare flights": 10,
            "bare ns": 10_000_000,
        },
        "findings": {"conforms": 990, "unexplained": 10},
        "skips": {"unsupported: no key": 7},
        "entries": {"proxy-leaf": 3},
        "decided": {"A|refuses|client": 4},
        "felt": {"felt-one": 2},
        "asked": {"flight|1.2|client": 9},
        "harness_cpu": {"full": 80_000_000, "drawing": 20_000_000},
        "target_cpu": {"full": 840_000_000},
    }
    with Recorder(tmp_path / FINDINGS, header) as recorder:
        recorder.write(line(ODD, "unexplained"))
        recorder.write(line(OPEN, "fail-open"))
        recorder.write(line(OPEN, "fail-open") | {"target": "never"})
        recorder.close(
            {
                "status": 1,
                "reasons": ["here: B is undecided (lets pass, server)"],
                "elapsed_s": 10.0,
                "tallies": {"here": {"witnesses": {}, "random": random}},
            }
        )
    return read_run(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "here: cpython 3.11.7, OpenSSL 3.0.19, linux",
        "10 cases (0 witnesses), 1,000 verdicts in 10 s, 100 verdicts a second",
        "full sweeps 1.15 (800 verdicts)",
        "asked through libcrypto, by flight, depths told; sweeps: flight TLS 1.2",
        "drawing 2.0 ms a case",
        "of 2: by witnesses 0, by surface 0, by random cases 1",
        "undecided: B lets pass server",
        "of 2: by witnesses 0, by random cases 1",
        "never felt: unfelt-one",
        "7 of unsupported: no key",
        "3 of proxy-leaf",
        "990 conforms, 0 ledger, 0 diverges, 10 unexplained, 0 broken, 0 drift",
        "turned over, as an overlay knows: carried-back",
        "fail-open: here, never: CRL_CHECK_LEAF/requires-crl: wrongly accepted",
        "[root] -> leaf",
        "flags CRL_CHECK_LEAF; handshake TLS 1.3; expected rejected; observed accepted",
        "seen at 2 stations; and 1 more of this cause",
        "here-3 round 2, shrunk, first after 1.5 s, seen at 2 stations",
        "findings: 1 fail-open, 1 unexplained",
        "not clean: here: B is undecided",
        "never: never asked",
        "repeat with: verifyflags run --seed 5",
        "exit 1: findings that fail the run",
    ],
)
def test_the_summary_says(run: Recorded, text: str) -> None:
    """The summary has everything that a run is judged by."""
    assert text in summary(run)


def test_fail_open_is_told_first(run: Recorded) -> None:
    """Whatever order they were recorded in, on a terminal and in Markdown."""
    for text in (summary(run), render(run)):
        at = text.index("wrongly accepted")
        assert at < text.index("unexplained code by rule path")


def test_no_line_of_a_summary_is_forged(run: Recorded) -> None:
    """A name with a newline starts no line, in text and in Markdown."""
    for text in (summary(run), render(run)):
        assert not any(item.startswith("# heading") for item in text.splitlines())


def test_markdown_escapes_names(run: Recorded) -> None:
    """A hostile name is neither markup nor HTML nor a table cell."""
    text = render(run)
    assert "<script>" not in text
    assert "\\<script\\>\\*leaf\\*" in text


def test_markdown_makes_no_link_of_what_looks_like_one() -> None:
    """Addresses, of the web and of mail, stay text; what is no markup stays plain."""
    assert escaped("see http://a.example") == "see http\\://a.example"
    assert escaped("www.a.example me@a") == "www\\.a.example me\\@a"
    assert escaped("OpenSSL 3.0.19 (a-b)") == "OpenSSL 3.0.19 (a-b)"


def test_markdown_has_a_row_for_every_side_and_behaviour(run: Recorded) -> None:
    """What was never reached is in the tables too, with zeros."""
    text = render(run)
    assert "| A · refuses · client | 0 | 0 | 4 |" in text
    assert "| B · lets pass · server | 0 | 0 | 0 |" in text
    assert "| unfelt-one | 0 | 0 | 0 |" in text


def test_a_run_cut_short_is_not_rendered(tmp_path: Path, run: Recorded) -> None:
    """A truncated file is an error, not a shorter report."""
    path = tmp_path / FINDINGS
    path.write_text(path.read_text().rsplit("\n", 2)[0] + "\n")
    with pytest.raises(RecordingError, match="cut short"):
        read_run(tmp_path)
    assert run.findings


def checked(finding: str, outcome: str, expected: str, why: str = "") -> Checked:
    """A row of a suite."""
    form = {
        "id": "ns::case",
        "target": "here",
        "flags": 12,
        "observed": {"outcome": outcome},
        "finding": finding,
    }
    return Checked(form, expected, why)


def test_a_suite_tells_differences_apart_from_failures() -> None:
    """An author who expects otherwise has a column, and is listed; failing rows too."""
    text = table(
        [
            checked("conforms", "accepted", "agree"),
            checked("conforms", "accepted", "differ"),
            checked("unexplained", "rejected", "agree", "rejected 3, but 20"),
            checked("unsupported", "unsupported", "none", "no clock"),
        ],
        ["other cannot be asked: gone"],
    )
    lines = text.splitlines()
    counts = next(item.split() for item in lines if item.startswith("  conforms"))
    assert counts == ["conforms", "2", "1", "1", "0"]
    assert "  ns::case under CRL_CHECK_CHAIN: rejected 3, but 20" in lines
    assert "    ns::case: accepted under CRL_CHECK_CHAIN" in lines
    assert "  1 cases, 1 rows unsupported: e.g. no clock" in lines
    assert "other cannot be asked: gone" in lines
    assert lines[-1] == "1 cases, 4 rows: 2 conforms, 1 unexplained, 1 unsupported"
