"""``docs/flags.md``: what each flag promises, and what each release makes of it."""

from collections.abc import Iterator
from typing import Final

from harness.finding import How, Severity
from harness.flags import DOCUMENTED, PRESETS, RAW, Flags
from harness.ledger.entries import ENTRIES, Entry
from harness.ledger.overlays import OVERLAYS
from harness.oracle.documents.laws import LAWS
from harness.oracle.documents.sentences import SENTENCES
from harness.oracle.releases.behaviours import BEHAVIOURS
from harness.oracle.releases.release import Behaviour
from harness.oracle.releases.rules import RULES
from harness.pages import markup
from harness.pages.concerning import concerns
from harness.pages.deciding import changes, deciders, met, witnesses_of
from harness.pages.giving import needs, refusals
from harness.pages.releases import VERSIONS, in_words, spans_in_words
from harness.pages.telling import by_release, flags_in_words, in_case, outcomes

DEFAULT_NAME: Final = "VERIFY_DEFAULT"
SURFACE: Final = "The ssl module itself"

_SEVERITIES: Final = {
    Severity.FAIL_OPEN: "fail-open",
    Severity.BROKEN: "crash",
    Severity.FAIL_CLOSED: "fail-closed",
    Severity.WRONG_REASON: "wrong reason",
}
_SHOWN: Final = 3
"""How many witnesses of one side are named."""


def page() -> Iterator[str]:
    """The lines of the page."""
    yield "# What each verification flag does"
    yield ""
    yield from _INTRODUCTION
    yield "## Contents"
    yield ""
    yield from markup.contents(_headings())
    yield from _overview()
    for name in _names():
        yield from _section(name)
    yield from _surface()
    yield from _overlays()


_INTRODUCTION: Final = f"""\
What `SSLContext.verify_flags` is promised to do, and what OpenSSL does. This page is
made from the project's books, ledger and pinned cases (`nox -s docs`): do not edit it.

- A *promise* is a sentence of Python's `ssl` page or of OpenSSL's manual, in our words;
  its name leads to where it stands. It is *decided* by the cases named beside it, on
  each of its sides.
- *What it changes* are the pinned cases whose outcome the flag changes. A case is the
  plain chain (a leaf sent with its intermediate, a trusted root, a fresh CRL of each)
  with the one departure that is said. Both roles do the same unless a case says so.
- A *divergence* is a promise that releases do not keep: **fail-open** accepts what
  should be refused, **fail-closed** refuses what should be accepted.
- Releases were measured through `ssl`, 3.1 and 3.2 through pyOpenSSL and not for
  policies: {", ".join(map(str, VERSIONS))}. A range such as
  "{VERSIONS[0]} to {VERSIONS[-1]}" is of measured releases; where nothing is said of
  releases, all of them are meant. *How releases differ* also says what is known of
  releases that were not measured, and how.

Numbers and names of errors are explained in [codes.md](codes.md).

""".splitlines()


def _names() -> tuple[str, ...]:
    """The flags that have a section."""
    raw = tuple(name for name in RAW if _is_told(name))
    return (DEFAULT_NAME, *DOCUMENTED, *raw)


def _is_told(name: str) -> bool:
    return bool(_sentences(name) or _behaviours(name) or _codes(name))


def _heading(name: str) -> str:
    return f"VERIFY_{name}" if name in DOCUMENTED else name


def _headings() -> Iterator[str]:
    yield "Overview"
    yield from map(_heading, _names())
    yield SURFACE
    yield "Builds that differ from their release"


def _bits(name: str) -> Flags:
    return Flags({DEFAULT_NAME: 0, **DOCUMENTED, **RAW}[name])


def _sentences(name: str) -> list[str]:
    return [each for each in SENTENCES if each.partition("/")[0] == name]


def _laws(name: str) -> list[str]:
    return [law for law in LAWS if _subject(law) == name]


def _subject(sentence: str) -> str:
    """The flag, class or function that a sentence or law is about."""
    return sentence.removeprefix("law:").partition("/")[0]


def _entries(name: str) -> list[Entry]:
    return [entry for entry in ENTRIES if name in map(_subject, entry.sentences)]


def _behaviours(name: str) -> list[Behaviour]:
    bits = _bits(name)
    return [
        behaviour
        for behaviour in BEHAVIOURS
        if any(
            (bits in flags and bits) or not (flags or bits)
            for flags in concerns(behaviour.name)
        )
    ]


def _codes(name: str) -> dict[str, None]:
    """Names of errors that no pinned case shows without this flag."""
    bits = _bits(name)
    found: dict[str, bool] = {}
    for rule in RULES.values():
        for cases in refusals(rule.name).values():
            wanted = all(bits in flags and bits for flags in needs(cases))
            found[rule.code] = found.get(rule.code, True) and bool(wanted)
    return {code: None for code, wanted in found.items() if wanted}


def _overview() -> Iterator[str]:
    yield "## Overview"
    yield ""
    rows = []
    for name in _names():
        sentences = _sentences(name)
        text = SENTENCES[sentences[0]].text if sentences else "No promise is modelled."
        rows.append(
            (
                markup.link(_heading(name), "#" + markup.anchor(_heading(name))),
                f"`{_bits(name).bits:#x}`",
                markup.plain(text),
                _counted(_entries(name)),
            )
        )
    heads = ("Flag", "Value", "In one sentence", "Known divergences")
    yield from markup.table(heads, rows)
    old, new = (Flags(bits) for bits in PRESETS.values())
    yield f"`create_default_context()` sets `{old}` before Python 3.13, and"
    yield f"`{new}` (`{new.bits:#x}`) from then on."
    yield ""
    silent = [f"{name} (`{RAW[name]:#x}`)" for name in RAW if not _is_told(name)]
    if silent:
        yield "The setter takes these bits too, of which nothing is told here:"
        yield f"{', '.join(silent)}."
    yield ""


def _counted(entries: list[Entry]) -> str:
    counts = [
        (sum(entry.severity is severity for entry in entries), word)
        for severity, word in _SEVERITIES.items()
    ]
    return ", ".join(f"{count} {word}" for count, word in counts if count) or "none"


def _section(name: str) -> Iterator[str]:
    bits = _bits(name)
    yield f"## {_heading(name)}"
    yield ""
    kind = (
        ""
        if name in DOCUMENTED or not bits
        else ", an OpenSSL bit without a name in `ssl`"
    )
    yield f"`{bits.bits:#x}`{kind}."
    codes = _codes(name)
    if codes:
        yield ""
        yield f"Errors that only come with it: {markup.codes(codes)}."
    yield ""
    yield from _promises(name)
    yield from _changes(name)
    yield from _divergences(_entries(name))
    yield from _differences(_behaviours(name))


def _promises(name: str) -> Iterator[str]:
    rows = []
    for identifier in _sentences(name):
        sentence = SENTENCES[identifier]
        since = ".".join(map(str, sentence.since))
        editions = ", ".join(_edition(each) for each in sentence.editions)
        rows.append(
            (
                markup.link(markup.code(identifier), sentence.address),
                markup.plain(sentence.text),
                f"Python {since}<br>OpenSSL {editions}",
                markup.CELL_BREAK.join(_decided(identifier)),
            )
        )
    if rows:
        yield "**Promised**"
        yield ""
        yield from markup.table(
            ("Sentence", "Promise", "Since, editions", "Decided by"), rows
        )
    laws = _laws(name)
    if laws:
        yield "**Laws between rows of one sweep**"
        yield ""
        yield from (f"- {markup.code(law)}: {LAWS[law]}" for law in laws)
        yield ""


def _edition(edition: str) -> str:
    return "3.x" if edition == "3.0" else edition


def _decided(identifier: str) -> Iterator[str]:
    for side in SENTENCES[identifier].sides:
        if SENTENCES[identifier].sides == ("holds",):
            yield "asked of the module"
            continue
        found = deciders(identifier, side)
        told = markup.codes(found[:_SHOWN]) or "no pinned case"
        more = len(found) - _SHOWN
        yield f"{side}: {told}" + (f" and {more} more" if more > 0 else "")


def _changes(name: str) -> Iterator[str]:
    rows = []
    for change in changes(name):
        other = change.flags.without(change.bits)
        beside = f"<br>beside {flags_in_words(other)}" if other else ""
        rows.append(
            (
                f"{markup.code(change.name)}<br>{in_case(change.case.scenario)}{beside}",
                by_release(outcomes(change.case, other)),
                by_release(outcomes(change.case, change.flags)),
            )
        )
    if not rows:
        return
    yield "**What it changes**"
    yield ""
    yield from markup.table(("Case", "Without", "With"), rows)


def _divergences(entries: list[Entry]) -> Iterator[str]:
    if not entries:
        return
    yield "**Known divergences**"
    yield ""
    for entry in sorted(entries, key=lambda each: -each.severity):
        witnesses = markup.codes(witnesses_of(entry.id))
        if entry.how is How.SURFACE:
            where = "asked of each Python"
        else:
            where = f"{in_words(met(entry.id))}; shown by {witnesses}"
        thread = f"; {markup.link('upstream', entry.thread)}" if entry.thread else ""
        severity = _SEVERITIES[entry.severity]
        yield f"- **{severity}**, {markup.code(entry.id)}: {entry.what}"
        yield f"  ({where}{thread})"
    yield ""


def _differences(behaviours: list[Behaviour]) -> Iterator[str]:
    rows = [
        (
            f"{markup.code(item.name)}<br>{markup.plain(item.what)}",
            spans_in_words(item.spans),
            markup.plain(item.evidence),
        )
        for item in behaviours
    ]
    if rows:
        yield "**How releases differ**"
        yield ""
        yield from markup.table(
            ("Behaviour", "Releases that have it", "Evidence"), rows
        )


def _surface() -> Iterator[str]:
    yield f"## {SURFACE}"
    yield ""
    yield "What is promised of names, defaults and methods, and of verified paths."
    yield ""
    known = {DEFAULT_NAME, *DOCUMENTED, *RAW}
    heads = dict.fromkeys(map(_subject, (*SENTENCES, *LAWS)))
    others = [head for head in heads if head not in known]
    for head in others:
        yield f"### {head}"
        yield ""
        yield from _promises(head)
        yield from _divergences(_entries(head))


def _overlays() -> Iterator[str]:
    yield "## Builds that differ from their release"
    yield ""
    yield "Distributions carry fixes back. Such a build is known by its probes: in the"
    yield "behaviours named here it is not as its release."
    yield ""
    rows = [(item.build, markup.code(item.behaviour), item.why) for item in OVERLAYS]
    yield from markup.table(("Build", "Behaviour", "Why"), rows)
    if not rows:
        yield "None is known."
