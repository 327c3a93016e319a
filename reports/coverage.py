"""The table of the oracle's branches that random cases took, where a run has one."""

from collections.abc import Iterator

from harness.campaign.recording import Line
from reports.printable import printable
from reports.recorded import Recorded

_UNSAID = "no reason is known"


def table(run: Recorded) -> Iterator[str]:
    """Files, branches, taken and per cent; then each missing branch and its reason."""
    told: Line | None = run.footer.get("oracle_coverage")
    if told is None:
        return
    yield "branches of the oracle, by random cases alone:"
    width = max((len(line["file"]) for line in told["files"]), default=0)
    width = max(width, len("total"))
    yield f"  {'file'.ljust(width)}  branches  taken       %"
    for line in told["files"]:
        yield _row(line["file"].ljust(width), line["branches"], line["taken"])
    yield _row("total".ljust(width), told["branches"], told["taken"])
    if told["missing"]:
        yield f"  not taken: {len(told['missing'])}"
    for line in told["missing"]:
        goal = "the end" if line["to"] is None else line["to"]
        place = f"{line['file']}:{line['line']}->{goal}"
        yield printable(f"    {place} {line['source']} -> {line['goal']}")
        yield printable(f"      {line['why'] or _UNSAID}")
    for line in told["stale"]:
        place = f"{line['file']}, {line['function']}"
        yield printable(f"  stale reason: {place}: {line['source']}")


def _row(name: str, branches: int, taken: int) -> str:
    per_cent = 100.0 * taken / branches if branches else 100.0
    return f"  {name}  {branches:8}  {taken:5}  {per_cent:6.2f}"
