"""What the identifiers in a recording stand for: its readers need none of our books."""

from collections.abc import Iterable, Mapping
from typing import Any

from harness.campaign.recording import Line
from harness.campaign.tally import Tally
from harness.ledger.entries import ENTRIES, Entry
from harness.oracle.documents.laws import LAWS
from harness.oracle.documents.sentences import SENTENCES
from harness.pages.deciding import met
from harness.pages.releases import in_words


def glossary(
    targets: Iterable[Line], tallies: Mapping[str, Mapping[str, Tally]]
) -> dict[str, Any]:
    """The sentences that apply to some target, every law, and the ledger entries that
    were met, each by its identifier."""
    expected = {side.partition("|")[0] for line in targets for side in line["expected"]}
    entries = {
        entry
        for sums in tallies.values()
        for tally in sums.values()
        for entry in tally.entries
    }
    return {
        "sentences": {
            name: sentence_form(name) for name in SENTENCES if name in expected
        },
        "laws": dict(LAWS),
        "entries": {
            entry.id: entry_form(entry) for entry in ENTRIES if entry.id in entries
        },
    }


def sentence_form(name: str) -> dict[str, Any]:
    """A sentence of the documents: the flag it is about, its words, its address."""
    sentence = SENTENCES[name]
    return {
        "flag": None if sentence.flag is None else sentence.flag.bits,
        "text": sentence.text,
        "address": sentence.address,
    }


def entry_form(entry: Entry) -> dict[str, Any]:
    """An entry of the ledger. ``releases`` are the measured ones that show it, in
    words; empty where it is not for OpenSSL's release to say."""
    return {
        "what": entry.what,
        "how": entry.how.value,
        "severity": entry.severity.name.lower().replace("_", "-"),
        "sentences": list(entry.sentences),
        "thread": entry.thread,
        "releases": in_words(met(entry.id)) if entry.rule else "",
    }
