"""JUnit XML, JSON, annotations and Markdown: the form each reader expects."""

import json
from pathlib import Path
from xml.etree.ElementTree import (  # reads what we wrote
    Element,
    fromstring,
)

import jsonschema
import pytest

from harness.campaign.recording import FINDINGS, read_recording
from harness.verbs.report import FORMATS
from reports import annotations, brief, document, junit
from reports.history import remember
from reports.recorded import read_run
from reports.report import Report, report
from reports.standing import State
from tests.reports.runs import CRASH, default_findings, finding_line, write_run

DAY = 86_400.0


@pytest.fixture
def told(tmp_path: Path) -> Report:
    """A report with findings, a known divergence, a lost target, and a past."""
    history = tmp_path / "history.sqlite"
    first = write_run(tmp_path / "1", started=DAY, findings=default_findings()[1:])
    remember(history, read_run(first))
    crash = finding_line(CRASH, "broken", scenario=None, flags=())
    lines = [*default_findings(), crash]
    run = read_run(write_run(tmp_path / "2", started=2 * DAY, findings=lines))
    return report(run, remember(history, run))


def suites(told: Report) -> dict[str, Element]:
    """The test suites of the XML by name."""
    root = fromstring(junit.render(told))  # noqa: S314  # what we wrote
    assert root.tag == "testsuites"
    return {suite.attrib["name"]: suite for suite in root}


def test_junit_has_a_case_for_each_check_and_target(told: Report) -> None:
    """Findings fail, what was not exercised is skipped, known divergences pass."""
    here = suites(told)["here"]
    cases = {case.attrib["name"]: case for case in here.findall("testcase")}
    assert set(cases) == {junit.ASKED, *(check.id for check in told.matrix.checks)}
    revoked = cases["CRL_CHECK_LEAF/revoked"].find("failure")
    assert revoked is not None
    assert revoked.attrib["type"] == "fail-open"
    assert "observed: accepted" in str(revoked.text)
    known = cases["USE_DELTAS"].find("system-out")
    assert known is not None
    assert known.text == "known divergence: delta-for-complete"
    assert list(cases["CRL_CHECK_LEAF"]) == []


def test_junit_says_what_could_not_be_asked(told: Report) -> None:
    """A target that could not start is an error, and its checks are skipped."""
    gone = suites(told)["gone"]
    (error,) = gone.findall("testcase/error")
    assert error.attrib["message"] == "no file"
    assert len(gone.findall("testcase/skipped")) == len(told.matrix.checks)


def test_junit_counts_what_it_holds(told: Report) -> None:
    """The numbers of a suite are those of its cases, and the whole adds them up."""
    root = fromstring(junit.render(told))  # noqa: S314  # what we wrote
    words = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    for suite in root:
        assert next(child.tag for child in suite) == "properties"
        assert suite.attrib["tests"] == str(len(suite.findall("testcase")))
        for name, tag in words.items():
            assert suite.attrib[name] == str(len(suite.findall(f"testcase/{tag}")))
    for name in ("tests", *words):
        whole = sum(int(suite.attrib[name]) for suite in root)
        assert root.attrib[name] == str(whole)


def test_the_document_keeps_its_schema(told: Report) -> None:
    """What is written is valid, and every state and change stands in it."""
    form = json.loads(document.render(told))
    jsonschema.Draft202012Validator.check_schema(document.schema())
    jsonschema.validate(form, document.schema())
    assert form["findings"][0]["severity"] == "fail-open"
    assert form["findings"][0]["since"] == "1970-01-02"
    assert next(one["signature"] for one in form["changes"]["new"]) == "broken: crash"
    cells = {(cell["check"], cell["target"]): cell["count"] for cell in form["cells"]}
    assert cells == {key: cell.count for key, cell in told.matrix.cells.items()}
    assert {cell["state"] for cell in form["cells"]} == set(State) - {State.ABSENT}


@pytest.mark.parametrize("field", ["findings", "cells", "targets", "unseen"])
def test_the_schema_refuses_what_is_not_so(told: Report, field: str) -> None:
    """A missing field, and one of another type, are told."""
    whole = document.document(told)
    validator = jsonschema.Draft202012Validator(document.schema())
    assert not validator.is_valid({k: v for k, v in whole.items() if k != field})
    assert not validator.is_valid({**whole, field: "many"})


def test_recorded_lines_keep_their_schema(tmp_path: Path) -> None:
    """Header, findings and footer are each of the published form, and none is both."""
    run = write_run(tmp_path, findings=[*default_findings()])
    schema = document.schema("findings")
    jsonschema.Draft202012Validator.check_schema(schema)
    for line in read_recording(run / FINDINGS):
        jsonschema.validate(line, schema)
        assert not jsonschema.Draft202012Validator(schema).is_valid(
            {**line, "kind": "verdict"}
        )


def test_annotations_are_escaped() -> None:
    """Percent signs and line ends everywhere, colons and commas in titles."""
    said = annotations.command("error", "a: b, 100%", "c: d, 100%\r\n::error::e")
    assert said == ("::error title=a%3A b%2C 100%25::c: d, 100%25%0D%0A::error::e")


def test_annotations_are_as_many_as_a_runner_shows(tmp_path: Path) -> None:
    """The tenth error says how many more there are."""
    lines = []
    for number in range(13):
        line = finding_line(CRASH, "broken", scenario=None, flags=())
        lines.append({**line, "signature": f"broken: {number:02}"})
    told = report(read_run(write_run(tmp_path, findings=lines)))
    said = annotations.render(told).splitlines()
    errors = [line for line in said if line.startswith("::error title=broken%3A ")]
    assert len(errors) == annotations.MOST
    assert errors[-1].endswith("And 3 more findings, in the report.")
    assert [line.split()[0] for line in said[annotations.MOST :]] == [
        "::warning",
        "::notice",
    ]


def test_a_step_summary_answers_and_lists(told: Report) -> None:
    """Questions, targets, changes, findings by severity, known divergences."""
    text = brief.render(told)
    assert "**Does it do what it says?**" in text
    assert "| gone () | never asked | 0 | 0 | 0 |" in text
    assert "- new: here: broken\\: crash" in text
    assert text.index("**fail-open**") < text.index("**broken**")
    assert "| delta-for-complete | fail-open | 3.0.9 to 3.0.20 | here |" in text


def test_the_rolling_issue_is_grouped_by_cause(told: Report) -> None:
    """A title, then one section for each cause, with its targets and since when."""
    title, empty, body = brief.issue(told).split("\n", 2)
    assert (title, empty) == (brief.TITLE, "")
    assert body.count("\n## ") == 3
    assert "- since: 1970-01-02\n" in body
    assert "- targets: here\n" in body
    assert "([source](https://docs.test/))" in body


def test_an_issue_is_as_long_as_a_forge_takes(tmp_path: Path) -> None:
    """Causes that are left out are counted, however they are cut."""
    long = "_" * 2_000
    lines = []
    for number in range(brief.MOST + 3):
        line = finding_line(CRASH, "broken", scenario=None, flags=())
        line["finding"] |= {"detail": long}
        lines.append({**line, "signature": f"broken: {number:02} {long}"})
    text = brief.issue(report(read_run(write_run(tmp_path, findings=lines))))
    assert len(text) < 65_536
    shown = text.count("\n## ")
    assert shown <= brief.MOST
    assert f"And {brief.MOST + 3 - shown} more findings." in text


def test_an_issue_without_findings_says_so(tmp_path: Path) -> None:
    """The text can close the issue."""
    told = report(read_run(write_run(tmp_path, findings=[])))
    assert "No finding is open." in brief.issue(told)


@pytest.mark.parametrize("name", FORMATS)
def test_a_report_is_the_same_each_time(name: str, told: Report) -> None:
    """No format holds anything but the run."""
    render = FORMATS[name][1]
    assert render(told) == render(told)
    assert render(told).endswith("\n")
