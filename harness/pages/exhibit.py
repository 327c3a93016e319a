"""A ledger entry as a recorded finding: its witness, and what a release does with it.

No target is asked: the newest measured release that shows the entry is played, as the
pages play one. So the folder of a finding can be made for every entry, anywhere.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import harness
from harness.books import Books, Reading
from harness.campaign.glossary import entry_form, sentence_form
from harness.campaign.recording import VERSION, Line
from harness.campaign.sighting import Mode, Seen, record
from harness.compare import NO_CRASH
from harness.examine import Examination, assess
from harness.finding import Diverges, Finding, How, Ledgered
from harness.flags import DEFAULT, Flags
from harness.ledger.entries import Entry
from harness.ledger.showing import SHOWING
from harness.ledger.witness import Witness
from harness.oracle.documents.laws import LAWS
from harness.oracle.documents.sentence import edition_of
from harness.oracle.documents.sentences import SENTENCES
from harness.oracle.releases.release import Version
from harness.outcome import Answer, seen
from harness.pages.pinned import PYTHON, SEED
from harness.pages.releases import RELEASES, VERSIONS
from harness.pki.issue import issue
from harness.pki.read import read
from harness.pki.spec import Scenario
from harness.verdict import MustReject, Verdict, rule_of

PLAYED: Final = "played"
"""The target of an exhibit: the releases book, and nobody that was asked."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Where an examination shows an entry: the rows, and the divergence."""

    flags: tuple[Flags, ...]
    finding: Diverges
    answers: tuple[Answer, ...] = ()
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Exhibit:
    """An entry's witness as a recording of one finding."""

    entry: Entry
    witness: Witness | None
    """None for an entry about the surface."""
    release: str
    """The release that was played; empty where none was."""
    shown: Shown
    header: Line
    line: Line


def exhibits(entry: Entry, *, now: int | None = None) -> tuple[Exhibit, ...]:
    """One for each of the entry's witnesses, dated relative to ``now`` (the clock's if
    None); one without a witness for an entry about the surface."""
    moment = int(time.time()) if now is None else now
    if entry.how is How.SURFACE:
        sentence = entry.sentences[0]
        finding = Diverges(sentence, entry.how, "", SENTENCES[sentence].text, "not so")
        return (_exhibit(entry, None, "", Shown((), finding), moment),)
    return tuple(
        _of_witness(entry, witness, moment)
        for witness in SHOWING
        if witness.entry == entry.id
    )


def _of_witness(entry: Entry, witness: Witness, now: int) -> Exhibit:
    for version in reversed(VERSIONS):
        shown = where_shown(entry, played(witness, version, now))
        if shown is not None:
            return _exhibit(entry, witness, str(version), shown, now)
    raise LookupError(f"{witness.id}: shows {entry.id} in no measured release")


def played(witness: Witness, version: Version, now: int) -> Examination:
    """What a measured release does with a witness, as the book has it."""
    edition = edition_of(version.major << 28)
    return foretold(witness, Books(RELEASES[version], edition, PYTHON), now)


def foretold(witness: Witness, books: Books, now: int) -> Examination:
    """A witness judged by these books, with every prediction taken for the outcome."""
    facts = read(issue(witness.scenario, seed=SEED, now=now))
    reading = Reading.open(facts, books)
    answers = [
        Answer(
            flags,
            flags.effective,
            reading.verdict(flags.effective, now).predicted.outcome,
            now,
            now,
        )
        for flags in witness.flags
    ]
    return assess(reading, answers)


def where_shown(entry: Entry, examination: Examination) -> Shown | None:
    """The row of fewest flags, or else the law, that shows the entry."""
    found = list(_rows(entry, examination)) or list(_laws(entry, examination))
    return min(found, key=lambda shown: _size(shown.flags), default=None)


def _size(flags: tuple[Flags, ...]) -> tuple[int, int]:
    return (
        sum(item.bits.bit_count() for item in flags),
        sum(item.bits for item in flags),
    )


def _rows(entry: Entry, examination: Examination) -> Iterator[Shown]:
    for row in examination.rows:
        finding = row.finding
        if isinstance(finding, Ledgered) and finding.entry == entry.id:
            flags, promised = row.answer.requested, row.verdict.promised
            expected = "rejected" if isinstance(promised, MustReject) else "accepted"
            if finding.how is How.CRASHED:
                expected = "an answer, accepted or rejected"
            diverging = _diverging(finding, row.verdict, row.answer, expected, DEFAULT)
            yield Shown((flags,), diverging, (row.answer,), row.verdict)


def _laws(entry: Entry, examination: Examination) -> Iterator[Shown]:
    rows = {row.answer.requested: row for row in examination.rows}
    for finding, low, high in examination.laws:
        if isinstance(finding, Ledgered) and finding.entry == entry.id:
            row, flags = rows[high], tuple(dict.fromkeys((low, high)))
            diverging = _diverging(
                finding, row.verdict, row.answer, LAWS[finding.sentence], low ^ high
            )
            answers = tuple(rows[each].answer for each in flags)
            yield Shown(flags, diverging, answers, row.verdict)


def _diverging(
    finding: Ledgered, verdict: Verdict, answer: Answer, expected: str, bits: Flags
) -> Diverges:
    observed = seen(answer.outcome, release=verdict.release)
    return Diverges(
        finding.sentence,
        finding.how,
        rule_of(verdict.predicted),
        expected,
        observed,
        bits,
    )


def _exhibit(
    entry: Entry, witness: Witness | None, release: str, shown: Shown, now: int
) -> Exhibit:
    scenario: Scenario | None = None if witness is None else witness.scenario
    case = None if scenario is None else issue(scenario, seed=SEED, now=now)
    finding: Finding = shown.finding
    sighting = Seen(finding, Mode(), shown.flags, shown.answers, shown.verdict)
    name = "the surface" if witness is None else f"witness {witness.id}"
    place: dict[str, Any] = {
        "target": PLAYED,
        "station": "ledger",
        "round": 0,
        "seed": SEED,
        "elapsed_s": 0.0,
        "source": name,
        "entry": entry.id,
    }
    line = {**record(sighting, scenario, case), **place}
    return Exhibit(entry, witness, release, shown, _header(entry, release, now), line)


def _header(entry: Entry, release: str, now: int) -> Line:
    identity = {
        "implementation": "cpython",
        "python": list(PYTHON),
        "openssl": f"OpenSSL {release or 'of any release'}, by the releases book",
        "platform": "any",
        "engine": "ssl",
        "shows_depth": False,
    }
    about: Line = {
        "target": PLAYED,
        "identity": identity,
        "ways": ["flight"],
        "release": release,
        "assumed": False,
    }
    about |= {key: [] for key in ("expected", "behaviours", "overlaid", "untold")}
    return {
        "kind": "header",
        "version": VERSION,
        "tool": f"verifyflags {harness.__version__}",
        "seed": SEED,
        "now": now,
        "started": float(now),
        "seconds": None,
        "examples": None,
        "workers": 0,
        "shards": 0,
        "first": False,
        "repeat": f"verifyflags ledger export {entry.id} DIR",
        "requested": [{"id": PLAYED}],
        "targets": [about],
        "glossary": _glossary(entry),
    }


def _glossary(entry: Entry) -> Line:
    about = [
        name
        for name in SENTENCES
        if any(f"{name}/".startswith(f"{whole}/") for whole in entry.sentences)
    ]
    return {
        "sentences": {name: sentence_form(name) for name in about},
        "laws": {NO_CRASH: "No case ends the process.", **LAWS},
        "entries": {entry.id: entry_form(entry)},
    }
