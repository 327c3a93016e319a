"""``report.md``: a finding for an upstream tracker, ready to paste.

Every text that comes from the recording is escaped: a name in a certificate is no
markup.
"""

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from harness.campaign.recording import Line
from harness.case import Case
from harness.flags import Flags
from harness.openssl_verify import NoCommandError, command
from reports import findings
from reports.forms import Found
from reports.grouping import Group
from reports.misbehaviour import Misbehaviour, NotAskable
from reports.outline import draw
from reports.printable import markdown, printable

_WEB: Final = re.compile(r"https://[A-Za-z0-9._~/?#=&%+-]+")
NOT_ASKED: Final = "*not asked*"


@dataclass(frozen=True, slots=True)
class Told:
    """What a report is made of."""

    header: Line
    group: Group
    found: Found
    """The group's simplest case."""
    claim: Misbehaviour | NotAskable
    files: Sequence[tuple[str, str]]
    """Every file beside the report, and what it holds."""
    reproducer: str = ""
    """Why there is no script; empty where there is one."""


def render(told: Told) -> str:
    """The whole document, ending in a newline."""
    return "\n".join(_document(told)) + "\n"


def _document(told: Told) -> Iterator[str]:
    line = told.group.lines[0]
    yield f"# {markdown(findings.what(line))}"
    yield ""
    yield from _claims(told)
    yield from _sentence(told)
    yield from _where(told)
    yield from _scenario(told)
    yield from _running(told)
    yield from _openssl(told)
    yield from _repeating(told)


def _claims(told: Told) -> Iterator[str]:
    claim, finding = told.claim, told.group.lines[0]["finding"]
    expected, observed = finding.get("expected", ""), finding.get("observed", "")
    if isinstance(claim, Misbehaviour):
        expected, observed = claim.expected, claim.observed
    basis = "documented" if finding["is"] == "Diverges" else "expected"
    yield f"- severity: {markdown(findings.severity(told.group.severity))}"
    yield f"- {basis}: {markdown(expected) or 'nothing of the kind'}"
    yield f"- observed: {markdown(observed) or markdown(told.group.signature)}"
    flags = [markdown(str(flags)) for flags in told.found.flags]
    if flags:
        yield f"- `verify_flags`: {', then '.join(flags)}"
    if finding.get("rule"):
        yield f"- by the rule {markdown(finding['rule'])} of this release"
    yield ""


def _sentence(told: Told) -> Iterator[str]:
    """The sentence that is broken, as the recording explains it, and its address."""
    name = told.group.lines[0]["finding"].get("sentence", "")
    glossary = told.header["glossary"]
    sentence, law = glossary["sentences"].get(name), glossary["laws"].get(name)
    if sentence is not None:
        yield "## What the documentation says"
        yield ""
        yield f"{markdown(sentence['text'])} (in our words)"
        yield ""
        yield _address(sentence["address"])
        yield ""
    elif law is not None:
        yield "## What must hold between two answers"
        yield ""
        yield markdown(law)
        yield ""


def _address(text: str) -> str:
    """An address of the web as a link; whatever else it may be, as text."""
    return f"<{text}>" if _WEB.fullmatch(text) else markdown(text)


def _where(told: Told) -> Iterator[str]:
    yield "## Where"
    yield ""
    yield "| target | Python | OpenSSL | platform | from |"
    yield "| --- | --- | --- | --- | --- |"
    for target in told.group.targets:
        yield _target(told.header, target)
    yield ""
    first = told.found.first_affected
    said = NOT_ASKED if first is None else markdown(first)
    yield f"First affected release, by bisecting: {said}."
    yield ""
    entry = str(told.group.lines[0].get("entry"))
    known = told.header["glossary"]["entries"].get(entry)
    if known is not None:
        yield f"Known to the ledger as {markdown(entry)}: {markdown(known['what'])}"
        yield ""
        yield f"Upstream: {_address(known['thread']) or 'no thread is known'}"
        yield ""


def _target(header: Line, target: str) -> str:
    for about in header["targets"]:
        if about["target"] == target:
            identity = about["identity"]
            python = ".".join(map(str, identity["python"]))
            cells = [
                target,
                f"{identity['implementation']} {python}",
                identity["openssl"],
                identity["platform"],
                _provenance(header, target, about),
            ]
            return f"| {' | '.join(map(markdown, cells))} |"
    return f"| {markdown(target)} | {NOT_ASKED} | | | |"


def _provenance(header: Line, target: str, about: dict[str, Any]) -> str:
    """Where the build is from: what the recording says of it, else how it starts."""
    if about.get("provenance"):
        return str(about["provenance"])
    for requested in header["requested"]:
        if requested["id"] == target and requested.get("argv"):
            return shlex.join(map(str, requested["argv"]))
    return ""


def _scenario(told: Told) -> Iterator[str]:
    scenario = told.found.scenario
    if scenario is None:
        return
    yield "## The certificates"
    yield ""
    yield "Who signed whom; what is sent, what is trusted, which CRLs are loaded:"
    yield ""
    yield from (f"    {line}" for line in draw(scenario))
    yield ""
    for name, what in told.files:
        yield f"- `{name}`: {what}"
    yield ""


def _running(told: Told) -> Iterator[str]:
    yield "## To reproduce"
    yield ""
    if told.reproducer:
        yield f"There is no script for this one: {markdown(told.reproducer)}."
    else:
        yield "    python reproduce.py"
        yield ""
        yield (
            "It needs nothing but Python and the files beside it, and exits with 0 "
            "while the misbehaviour is there, 1 once it is gone, and 2 where it "
            "cannot tell, as after the certificates' dates."
        )
    yield ""


def _openssl(told: Told) -> Iterator[str]:
    case = told.found.case
    if case is None:
        return
    yield "## With openssl verify"
    yield ""
    for flags in dict.fromkeys(told.found.flags):
        yield from _command(case, flags)
    yield ""
    asked = told.found.openssl
    if asked is None:
        yield f"Whether it agrees: {NOT_ASKED}."
    else:
        yield f"As {markdown(asked.version)} answered:"
        yield ""
        for answer in asked.answers:
            agrees = "as ssl does" if answer.agrees else "**otherwise than ssl**"
            said = markdown(answer.said)
            yield f"- under {markdown(str(answer.flags))}: {said}, {agrees}"
    yield ""


def _command(case: Case, flags: Flags) -> Iterator[str]:
    try:
        words = command(case, flags)
    except NoCommandError as error:
        yield f"There is no equivalent under {markdown(str(flags))}: {error}."
    else:
        yield f"    {printable(shlex.join(words))}"


def _repeating(told: Told) -> Iterator[str]:
    line = told.group.lines[0]
    yield "## How it was found"
    yield ""
    yield f"By {markdown(told.header['tool'])}: {_provenance_of(told.group)}."
    seed, number = line.get("seed", told.header["seed"]), line["round"]
    yield (
        f"Hypothesis drew it from seed {seed}, station {markdown(line['station'])}, "
        f"round {number}; the whole run again:"
    )
    yield ""
    yield f"    {printable(told.header['repeat'])}"


def _provenance_of(group: Group) -> str:
    return markdown(findings.group_provenance(group))
