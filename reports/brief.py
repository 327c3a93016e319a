"""The report as short Markdown: a step's summary, and the text of one rolling issue."""

from collections.abc import Iterator
from typing import Final

from reports.opening import opening
from reports.printable import markdown as escaped
from reports.report import Report
from reports.standing import State
from reports.told import Told

MOST: Final = 20
"""How many findings are told each; the rest is counted."""
LONGEST: Final = 50_000
"""How many characters of causes an issue has: a forge takes 65,536 of its text."""
TITLE: Final = "verifyflags: certificate verification is not as documented"
"""Of the rolling issue."""


def render(report: Report) -> str:
    """The summary of a step, ending in a newline."""
    return "\n".join(_summary(report)) + "\n"


def issue(report: Report) -> str:
    """The text of the rolling issue: its title, an empty line, its body by cause."""
    return "\n".join(_issue(report)) + "\n"


def _summary(report: Report) -> Iterator[str]:
    yield "# verifyflags"
    yield ""
    yield from _answers(report)
    yield from _targets(report)
    yield from _changes(report)
    if report.findings:
        yield "## Findings"
        yield ""
    for told in report.findings[:MOST]:
        targets = escaped(", ".join(told.shown))
        yield f"- **{told.severity}** {escaped(told.headline)}: {escaped(told.check)}"
        yield f"  - on {targets}"
        yield f"  - {_versus(told)}"
        yield f"  - flags {escaped(' and '.join(told.flags) or 'none')}"
    yield from _rest(report)
    if report.known:
        yield "## Known divergences"
        yield ""
        yield "| entry | severity | releases | targets |"
        yield "| --- | --- | --- | --- |"
        for entry in report.known:
            cells = (
                entry.id,
                entry.severity,
                entry.releases or "-",
                ", ".join(entry.rows),
            )
            yield f"| {' | '.join(map(escaped, cells))} |"
        yield ""
    yield "Repeat with:"
    yield ""
    yield f"    {report.repeat}"


def _answers(report: Report) -> Iterator[str]:
    for said in opening(report):
        yield f"**{said.question}**"
        yield ""
        yield from (f"- {escaped(sentence)}" for sentence in said.sentences)
        yield ""


def _targets(report: Report) -> Iterator[str]:
    yield "| target | as documented? | findings | known | kept | never exercised |"
    yield "| --- | --- | ---: | ---: | ---: | ---: |"
    for one in report.subjects:
        who = f"{one.id} ({', '.join(filter(None, (one.python, one.openssl)))})"
        counts = (
            one.findings,
            one.known,
            one.states[State.KEPT],
            one.states[State.UNTRIED],
        )
        numbers = " | ".join(map(str, counts))
        yield f"| {escaped(who)} | {one.answer.value} | {numbers} |"
    yield ""


def _changes(report: Report) -> Iterator[str]:
    changes = report.changes
    if changes.before is None:
        return
    yield "## Since the run before"
    yield ""
    if changes.nothing:
        yield f"- nothing changed on {escaped(', '.join(changes.compared))}"
    for word, pairs in (
        ("new", changes.new),
        ("gone", changes.gone),
        ("now met", changes.met),
        ("no longer met", changes.no_longer_met),
    ):
        for target, name in pairs[:MOST]:
            yield f"- {word}: {escaped(target)}: {escaped(name)}"
        if len(pairs) > MOST:
            yield f"- {word}: and {len(pairs) - MOST} more"
    if changes.felt:
        names = sorted({name for name, _ in changes.felt})
        yield f"- first felt: {escaped(', '.join(names))}"
    for target, then, now in changes.libraries:
        yield f"- {escaped(target)} was {escaped(then)}, and is {escaped(now)}"
    yield ""


def _issue(report: Report) -> Iterator[str]:
    yield TITLE
    yield ""
    yield from _answers(report)
    if not report.findings:
        yield "No finding is open."
    length = shown = 0
    for told in report.findings[:MOST]:
        cause = list(_cause(told))
        length += sum(len(line) + 1 for line in cause)
        if length > LONGEST:
            break
        shown += 1
        yield from cause
    yield from _rest(report, shown)
    yield "Repeat with:"
    yield ""
    yield f"    {report.repeat}"


def _cause(told: Told) -> Iterator[str]:
    """One cause, however many targets show it."""
    yield f"## {told.severity}: {escaped(told.headline)}"
    yield ""
    if told.promise:
        source = f" ([source]({told.address}))" if told.address else ""
        yield f"- promised: {escaped(told.promise)}{source}"
    yield f"- against: {escaped(told.check)}"
    yield f"- {_versus(told)}"
    yield f"- targets: {escaped(', '.join(told.shown))}"
    yield f"- since: {told.since or 'this run, as far as is known'}"
    if told.first_affected:
        yield f"- first affected: OpenSSL {escaped(told.first_affected)}"
    yield f"- flags: {escaped(' and '.join(told.flags) or 'none')}; {told.asked}"
    if told.case:
        yield f"- case: {escaped(told.case)}"
    yield f"- signature: {escaped(told.signature)}"
    yield ""


def _versus(told: Told) -> str:
    return f"expected {escaped(told.expected)}; observed {escaped(told.observed)}"


def _rest(report: Report, shown: int = MOST) -> Iterator[str]:
    more = len(report.findings) - shown
    if more > 0:
        yield f"And {more} more findings."
    if report.findings:
        yield ""
