"""The report as JUnit XML: a suite for each target, a case for each check.

The form is the one that Jenkins and Maven Surefire agree on. A known divergence is a
case that passes and says so; what was never exercised is skipped; a check that does not
apply to a target has no case.
"""

import time
from typing import Final
from xml.etree.ElementTree import (  # written here, never read
    Element,
    SubElement,
    indent,
    tostring,
)

from reports.report import Report, Subject
from reports.standing import Cell, Check, State

_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
ASKED: Final = "asked"
"""The case that fails where a target could not be asked."""


def render(report: Report) -> str:
    """The whole document, ending in a newline."""
    suites = Element("testsuites", name="verifyflags")
    for subject in report.subjects:
        suites.append(_suite(report, subject))
    for name in ("tests", "failures", "errors", "skipped"):
        suites.set(name, str(sum(int(suite.attrib[name]) for suite in suites)))
    suites.set("time", f"{report.elapsed_s:.3f}")
    indent(suites)
    return _DECLARATION + tostring(suites, encoding="unicode") + "\n"


def _suite(report: Report, subject: Subject) -> Element:
    suite = Element(
        "testsuite",
        name=subject.id,
        timestamp=time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(report.started)),
        time=f"{report.elapsed_s:.3f}",
    )
    properties = SubElement(suite, "properties")
    for name, value in (
        ("python", subject.python),
        ("openssl", subject.openssl),
        ("platform", subject.platform),
        ("seed", report.seed),
    ):
        SubElement(properties, "property", name=name, value=value)
    asked = _case(suite, subject, ASKED)
    if subject.why:
        SubElement(asked, "error", type="never asked", message=subject.why)
    for check in report.matrix.checks:
        cell = report.matrix.cell(check.id, subject.id)
        if cell.state is not State.ABSENT:
            _result(_case(suite, subject, check.id), report, check, cell)
    for name, tag in (("failures", "failure"), ("errors", "error")):
        suite.set(name, str(len(suite.findall(f"testcase/{tag}"))))
    suite.set("skipped", str(len(suite.findall("testcase/skipped"))))
    suite.set("tests", str(len(suite.findall("testcase"))))
    return suite


def _case(suite: Element, subject: Subject, name: str) -> Element:
    return SubElement(
        suite, "testcase", classname=f"verifyflags.{subject.id}", name=name, time="0"
    )


def _result(case: Element, report: Report, check: Check, cell: Cell) -> None:
    match cell.state:
        case State.FINDING:
            told = [one for one in report.findings if one.signature in cell.notes]
            worst = told[0]
            failure = SubElement(
                case, "failure", type=worst.severity, message=worst.headline
            )
            failure.text = "\n".join(
                line
                for one in told
                for line in (
                    f"{one.severity}: {one.signature}",
                    f"  promised: {one.promise or check.text} {one.address}".rstrip(),
                    f"  flags: {' and '.join(one.flags) or 'none'}; {one.asked}",
                    f"  case: {one.case or 'none'}",
                    f"  expected: {one.expected}; observed: {one.observed}",
                )
            )
        case State.UNTRIED:
            missing = ", ".join(cell.notes)
            SubElement(case, "skipped", message=f"never exercised: {missing}")
        case State.KNOWN:
            known = SubElement(case, "system-out")
            known.text = f"known divergence: {', '.join(cell.notes)}"
        case State.KEPT | State.ABSENT:
            pass
