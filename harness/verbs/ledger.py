"""``verifyflags ledger``: known divergences listed, shown, exported and drafted."""

import json
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from harness.campaign.recording import RecordingError
from harness.finding import How
from harness.ledger.entries import ENTRIES, Entry
from harness.pages.deciding import met, witnesses_of
from harness.pages.exhibit import exhibits
from harness.pages.releases import in_words
from harness.verbs.choosing import UsageError
from harness.verbs.reproducing import named, write_exhibit
from harness.verbs.saying import say
from reports import draft
from reports.findings import severity
from reports.grouping import groups
from reports.printable import printable
from reports.recorded import read_run
from reports.scenarios import tell


def ledger(arguments: Namespace) -> int:
    """List every entry, the worst first."""
    for entry in sorted(ENTRIES, key=lambda entry: (-entry.severity, entry.id)):
        if arguments.json:
            say(json.dumps(_form(entry)))
        else:
            say("\n".join(_listed(entry)))
    return 0


def show(arguments: Namespace) -> int:
    """Say all of one entry. Raises ``UsageError``."""
    entry = named(arguments.entry)
    if arguments.json:
        say(json.dumps(_form(entry)))
        return 0
    say("\n".join(_listed(entry)))
    for item in exhibits(entry):
        if item.witness is not None:
            flags = ", ".join(str(each) for each in item.witness.flags)
            say(
                printable(f"  witness {item.witness.id}: {tell(item.witness.scenario)}")
            )
            say(f"    under {flags}")
            say(printable(f"    shown by OpenSSL {item.release}"))
        finding = item.shown.finding
        said = f"expected {finding.expected}; observed {finding.observed}"
        say(printable(f"    {said}"))
    return 0


def export(arguments: Namespace) -> int:
    """Write the folder of each of an entry's witnesses. Raises ``UsageError``."""
    entry, parent = named(arguments.entry), arguments.folder
    for item in exhibits(entry):
        name = entry.id if item.witness is None else item.witness.id
        folder = parent / name
        if folder.exists():
            raise UsageError(f"{folder}: is there, and nothing is overwritten")
        try:
            say(str(write_exhibit(item, folder)))
        except OSError as error:
            raise UsageError(f"{folder}: {error.strerror}") from error
    return 0


def draft_entry(arguments: Namespace) -> int:
    """Print the source of an entry and its witness for a finding of a folder. Raises
    ``UsageError``."""
    folder: Path = arguments.folder
    try:
        run = read_run(folder)
    except (RecordingError, OSError) as error:
        raise UsageError(str(error)) from error
    causes = groups([run])
    if not causes:
        raise UsageError(f"{folder}: holds no finding")
    refused = []
    for group in causes:
        try:
            say(draft.render(group, run.header).rstrip("\n"))
        except draft.NoEntryError as error:
            refused.append(f"{folder}: {group.signature}: {error}")
    if refused:
        raise UsageError(printable("; ".join(refused)))
    return 0


def _form(entry: Entry) -> dict[str, Any]:
    surface = entry.how is How.SURFACE
    return {
        "id": entry.id,
        "severity": entry.severity.word,
        "how": entry.how.value,
        "sentences": list(entry.sentences),
        "rule": entry.rule,
        "what": entry.what,
        "thread": entry.thread or None,
        "releases": None if surface else [str(version) for version in met(entry.id)],
        "witnesses": witnesses_of(entry.id),
    }


def _listed(entry: Entry) -> Iterator[str]:
    yield f"{entry.id}: {severity(entry.severity.word)}, {entry.how.value}"
    yield f"  {entry.what}"
    yield f"  sentences: {', '.join(entry.sentences)}"
    if entry.how is not How.SURFACE:
        yield f"  OpenSSL: {in_words(met(entry.id))}, by the rule {entry.rule}"
    yield f"  witnesses: {', '.join(witnesses_of(entry.id)) or 'the surface itself'}"
    yield f"  upstream: {entry.thread or 'no thread is known'}"
