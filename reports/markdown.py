"""The summary of a run as Markdown; every name from outside is escaped."""

from collections import Counter
from collections.abc import Iterator, Mapping

from reports import findings
from reports.grouping import groups
from reports.printable import markdown as escaped
from reports.printable import printable
from reports.recorded import Recorded
from reports.summary import STATUS, amounts, cost, counted, judged, ways


def render(run: Recorded) -> str:
    """The whole document, ending in a newline."""
    return "\n".join(_document(run)) + "\n"


def _document(run: Recorded) -> Iterator[str]:
    status = run.footer["status"]
    yield "# verifyflags run"
    yield ""
    yield f"Exit {status}: {escaped(STATUS[status])}."
    yield ""
    yield "Repeat with:"
    yield ""
    yield f"    {printable(run.header['repeat'])}"
    yield ""
    yield "## Findings"
    yield ""
    if not run.findings and not run.faults:
        yield "None."
    causes = groups([run])
    if causes:
        yield f"{escaped(counted(causes))}."
        yield ""
    for group in causes:
        yield f"- {escaped(findings.group_heading(group))}"
        yield f"  - {escaped(findings.case(group.lines[0]))}"
        yield f"  - {escaped(findings.group_provenance(group))}"
    for line in run.faults:
        said = f"fault of the harness: {line['target']}: {line['says']}"
        yield f"- {escaped(said)}"
    yield ""
    if run.footer["reasons"]:
        yield "## Not clean because"
        yield ""
        for reason in run.footer["reasons"]:
            yield f"- {escaped(reason)}"
        yield ""
    for target in run.targets:
        yield from _target(run, target)


def _target(run: Recorded, target: str) -> Iterator[str]:
    yield f"## {escaped(target)}"
    yield ""
    about = run.about(target)
    if about is None:
        yield "Never asked."
        yield ""
        return
    identity = about["identity"]
    python = ".".join(map(str, identity["python"]))
    who = f"{identity['implementation']} {python}, {identity['openssl']}"
    yield f"- {escaped(who)}, {escaped(identity['platform'])}"
    yield f"- {escaped(judged(about))}"
    yield f"- {escaped(amounts(run, target))}"
    yield f"- {escaped(ways(run, target))}"
    yield f"- cost: {escaped(cost(run, target))}"
    yield ""
    yield from _table(
        "Sentence, side, role", about["expected"], _columns(run, target, "decided")
    )
    yield from _table("Behaviour", about["behaviours"], _columns(run, target, "felt"))
    for word, counter in (
        ("Rows", "findings"),
        ("Skipped", "skips"),
        ("Ledger entry", "entries"),
    ):
        counted = run.sums(target, "", counter)
        yield from _table(word, sorted(counted), {"rows": counted})


def _columns(run: Recorded, target: str, counter: str) -> dict[str, Counter[str]]:
    return {
        name: run.sums(target, name, counter)
        for name in ("witnesses", "surface", "random")
    }


def _table(
    word: str, keys: list[str], columns: Mapping[str, Counter[str]]
) -> Iterator[str]:
    if not keys:
        return
    yield f"| {word} | {' | '.join(columns)} |"
    yield f"| --- |{' ---: |' * len(columns)}"
    for key in keys:
        counts = " | ".join(str(column[key]) for column in columns.values())
        yield f"| {escaped(key.replace('|', ' · '))} | {counts} |"
    yield ""
