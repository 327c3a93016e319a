"""The HTML report: whole in itself, well formed, and in agreement with the matrix."""

import base64
import re
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from harness.finding import SEVERITIES
from reports.history import remember
from reports.html import BAR, KEYS, render
from reports.recorded import read_run
from reports.report import Report, report
from tests.recordings import about
from tests.reports.pages import Page, parsed
from tests.reports.runs import CRASH, default_findings, finding_line, write_run


@pytest.fixture
def told(tmp_path: Path) -> Report:
    """The report of the plain run of these tests."""
    return report(read_run(write_run(tmp_path)))


@pytest.fixture
def page(told: Report) -> Page:
    """The page of that report."""
    return parsed(render(told))


def test_nothing_is_loaded_and_nothing_else_may_run(told: Report) -> None:
    """The policy allows the one script and the one style by their hashes, and no
    element names a file or an address to load."""
    page = parsed(render(told))
    (policy,) = (
        element.attributes["content"]
        for element in page.all("meta")
        if element.attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert "default-src 'none'" in policy
    for tag in ("script", "style"):
        (element,) = page.all(tag)
        digest = base64.b64encode(sha256(element.text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
        assert element.attributes == {}
    for element in page.elements:
        assert not {"src", "srcset", "style", "data"} & element.attributes.keys()
        assert not [name for name in element.attributes if name.startswith("on")]
        assert element.tag not in {"link", "img", "iframe", "object", "base"}
        address = element.attributes.get("href", "#")
        assert address.startswith(("#", "https://"))


def test_links_within_the_page_lead_somewhere(page: Page) -> None:
    """Every identifier is unique, and every inner link and label names one."""
    names = [one.attributes["id"] for one in page.elements if "id" in one.attributes]
    assert len(set(names)) == len(names)
    for element in page.elements:
        address = element.attributes.get("href", "")
        if address.startswith("#"):
            assert address[1:] in names
        for reference in element.attributes.get("aria-labelledby", "").split():
            assert reference in names


def test_the_matrix_agrees_with_the_report(told: Report, page: Page) -> None:
    """Each cell has the state and the count of the report, also in words."""
    rows = page.all("tr")
    ids = [row.attributes["data-id"] for row in rows if "data-id" in row.attributes]
    assert ids == [check.id for check in told.matrix.checks]
    cells = iter([cell for cell in page.all("td") if "data-state" in cell.attributes])
    for check in told.matrix.checks:
        for place, target in enumerate(told.matrix.targets, 1):
            shown, cell = next(cells), told.matrix.cell(check.id, target)
            assert shown.attributes["data-state"] == KEYS[cell.state][0]
            assert shown.attributes["data-count"] == str(cell.count)
            assert shown.attributes["data-target"] == str(place)
            assert cell.state.value in shown.text
    assert next(cells, None) is None


def test_the_worst_comes_first(tmp_path: Path) -> None:
    """Findings stand by severity, fail-open on top, each once."""
    lines = [*default_findings(), finding_line(CRASH, "broken", scenario=None)]
    told = report(read_run(write_run(tmp_path, findings=lines)))
    articles = parsed(render(told)).all("article")
    shown = [one.attributes["data-severity"] for one in articles]
    assert shown == ["fail-open", "broken", "wrong-reason"]
    assert sorted(shown, key=SEVERITIES.index) == shown


def test_the_first_screen_answers_the_three_questions(page: Page) -> None:
    """Does it do what it says; what is broken; what was not looked at."""
    answers = [
        one.text
        for one in page.all("section")
        if one.attributes.get("class", "").startswith("answer")
    ]
    assert len(answers) == 3
    assert "No: 1 of 2 targets (here) does not" in answers[0]
    assert "1 of 2 targets (gone) could not be asked" in answers[0]
    assert "2 new findings: 1 fail-open" in answers[1]
    assert "1 known divergence, 1 of them fail-open" in answers[1]
    assert "gone was never asked." in answers[2]
    assert "4 rows could not be asked or judged" in answers[2]


def test_a_clean_run_says_yes(tmp_path: Path) -> None:
    """One target that keeps everything is told so, without a finding."""
    run = write_run(
        tmp_path,
        findings=[],
        reasons=[],
        status=0,
        requested=[{"id": "here"}],
        targets=[about("here", expected=["CRL_CHECK_LEAF|lets pass|client"])],
        tally={
            "counts": {"verdicts": 9, "sweeps": 1},
            "decided": {"CRL_CHECK_LEAF|lets pass|client": 1},
        },
    )
    text = render(report(read_run(run)))
    assert "Yes: this target kept every promise that was put to the test." in text
    assert "Nothing that was asked." in text


def test_a_finding_is_told_whole(page: Page) -> None:
    """Sentence and address, expected and observed, case, flags and drawing."""
    first = page.all("article")[0]
    for words in (
        "Accepted, though the documentation says refuse",
        "as if CRL_CHECK_LEAF were off",
        "Words of CRL_CHECK_LEAF/revoked.",
        "rejected 23 CERT_REVOKED",
        "[root] -> int -> leaf; CRL of Int (fresh) revokes leaf",
        "seen 2 times",
    ):
        assert words in first.text
    assert len(page.all("svg")) == 2
    assert all(one.attributes["role"] == "img" for one in page.all("svg"))


def test_every_table_and_region_is_named(page: Page) -> None:
    """A table has a caption, a header cell its scope, a region its name."""
    assert len(page.all("table")) == len(page.all("caption"))
    assert all(one.attributes.get("scope") for one in page.all("th"))
    for element in page.all("div", role="region"):
        assert element.attributes["aria-label"]
        assert element.attributes["tabindex"] == "0"
    for box in page.all("input", type="search"):
        assert box.attributes["aria-label"]


def test_since_when_is_told_from_the_history(tmp_path: Path) -> None:
    """With a history the page has dates and a trend."""
    history = tmp_path / "history.sqlite"
    remember(history, read_run(write_run(tmp_path / "1", started=86_400.0)))
    run = read_run(write_run(tmp_path / "2", started=3 * 86_400.0))
    text = render(report(run, remember(history, run)))
    assert "Since 1970-01-02, the first run that has it." in text
    assert "Since 1970-01-02, the first run that has it." in text
    assert "Nothing, since the run of 1970-01-02 00:00 UTC, on here." in text
    assert len(re.findall(r"<th scope=\"row\">1970-01-0", text)) == 2


def test_the_trend_is_drawn_to_scale(tmp_path: Path) -> None:
    """A bar for each run, the highest one whole; one run alone has no trend."""
    history = tmp_path / "history.sqlite"
    counts: tuple[list[dict[str, Any]], ...] = (default_findings(), [])
    for number, lines in enumerate(counts, 1):
        folder = write_run(tmp_path / str(number), started=number * 1e5, findings=lines)
        run = read_run(folder)
        page = parsed(render(report(run, remember(history, run))))
        assert len(page.all("figure", **{"class": "trend"})) == number - 1
    bars = page.all("rect", **{"class": "bar found"})
    known = page.all("rect", **{"class": "bar known"})
    heights = [int(bar.attributes["height"]) for bar in (*bars, *known)]
    assert heights == [round(BAR * 2 / 3), 0, round(BAR / 3), round(BAR / 3)]
