"""A finding as the draft of a ledger entry and its witness: Python source, to be pasted
into ``harness/ledger/entries.py`` and ``harness/ledger/showing.py``.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from harness.campaign.recording import Line
from harness.case import Role
from harness.finding import Diverges, How, severity
from harness.ledger.entries import Entry
from reports import source
from reports.folder import folder_name
from reports.forms import Found, check_finding
from reports.grouping import Group

WHAT: Final = "Say what happens, and what it means for who relies on the sentence."


class NoEntryError(ValueError):
    """A finding that no entry can excuse; the message says why."""


def render(group: Group, header: Line) -> str:
    """The source of an entry and of its witness, ending in a newline.

    Raises ``NoEntryError`` for what no entry can excuse: an entry holds where the
    releases book predicts the outcome by a rule.
    """
    found = check_finding(group.lines[0], header)
    entry = _entry(found, folder_name(group))
    return "\n".join(_lines(entry, found)) + "\n"


def _entry(found: Found, name: str) -> Entry:
    finding = found.finding
    if not isinstance(finding, Diverges):
        raise NoEntryError(
            "no entry excuses it: the releases book does not predict it; a rule or a "
            "behaviour comes first"
        )
    if not finding.rule and finding.how is not How.SURFACE:
        raise NoEntryError("no entry excuses it: no rule of the releases book is known")
    return Entry(
        name,
        (finding.sentence,),
        finding.how,
        finding.rule,
        severity(finding),
        WHAT,
        needs_path=finding.sentence.startswith("law:path/"),
    )


def _lines(entry: Entry, found: Found) -> Iterator[str]:
    yield "# harness/ledger/entries.py, in ENTRIES:"
    yield f"{source.write(entry)},"
    scenario = found.scenario
    if scenario is None:
        return
    plain = replace(scenario, role=Role.CLIENT)
    yield ""
    yield "# harness/ledger/showing.py, in SHOWING:"
    yield "*witness("
    yield f"    {entry.id!r},"
    yield f"    {source.write(plain, 1)},"
    yield from (f"    {source.write(flags)}," for flags in found.flags)
    yield f"    entry={entry.id!r},"
    yield f"    roles=(Role.{scenario.role.name},),  # or both, where both show it"
    yield "),"
    yield ""
    yield "# which needs:"
    modules = defaultdict(set)
    for module, name in (*source.names(plain), ("harness.case", "Role")):
        modules[module].add(name)
    modules["harness.flags"].add("Flags")
    modules["harness.ledger.witness"].add("witness")
    for module in sorted(modules):
        yield f"# from {module} import {', '.join(sorted(modules[module]))}"
