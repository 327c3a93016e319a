"""What changed between two targets, in words: text for a terminal, and Markdown.

Both read the lines of a comparison (``harness.diff.recording``), and nothing else.
Changes are told by cause, those that users meet most easily first.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from harness.campaign.recording import Line, of_kind
from harness.flags import CRL_CHECK_CHAIN, CRL_CHECK_LEAF, PRESETS, Flags
from harness.pki.spec import Scenario
from harness.wire import from_json
from reports.printable import markdown as escaped
from reports.printable import printable
from reports.scenarios import tell

TIERS: Final = {
    "defaults": "under the default flags of either",
    "one": "with one documented flag more",
    "several": "with several documented flags more",
    "raw": "with bits that Python has no name for",
}
"""Headings, by how far the flags are from what users have."""

_LONG: Final = re.compile(r"[0-9a-f]{65,}")
"""Octets that are longer than anybody reads."""

DETAILS: Final = frozenset({"code changed", "path changed"})
"""Changes that leave the decision as it was."""

STATUS: Final = {
    0: "nothing loosened",
    1: "something loosened",
    2: "a target was lost before the end",
    3: "nothing could be compared",
}


@dataclass(frozen=True, slots=True)
class Block:
    """Every change of the same causes."""

    causes: tuple[tuple[str, str], ...]
    """Each by name, and in a sentence."""
    changes: tuple[Line, ...]

    @property
    def tier(self) -> str:
        """The tier of the change that users meet most easily."""
        return min((str(it["tier"]) for it in self.changes), key=list(TIERS).index)

    @property
    def minor(self) -> tuple[Line, ...]:
        """Changes of code or path, where the same causes change decisions too."""
        minor = tuple(it for it in self.changes if it["change"] in DETAILS)
        return () if len(minor) == len(self.changes) else minor


def blocks(lines: Iterable[Line]) -> tuple[Block, ...]:
    """The changes of a comparison by cause, in the order of telling."""
    found: dict[tuple[tuple[str, str], ...], list[Line]] = {}
    for line in of_kind(lines, "change"):
        causes = tuple((it["name"], it["says"]) for it in line["causes"])
        found.setdefault(causes, []).append(line)
    return tuple(Block(causes, tuple(some)) for causes, some in found.items())


def text(lines: Sequence[Line]) -> str:
    """The whole comparison as plain text, ending in a newline."""
    return "\n".join(printable(line) for line in _text(lines)) + "\n"


def _text(lines: Sequence[Line]) -> Iterator[str]:
    header, footer = lines[0], lines[-1]
    yield f"from {_who(header['one'])}"
    yield f"to   {_who(header['two'])}"
    yield from (f"  note: {note}" for note in _notes(header))
    surface = of_kind(lines, "surface")
    if surface:
        yield "the modules show differently:"
    for fact in surface:
        yield f"  {fact['what']}: {fact['one']} -> {fact['two']}{_less(fact)}"
    told = blocks(lines)
    for tier, heading in TIERS.items():
        mine = [block for block in told if block.tier == tier]
        if mine:
            yield f"{heading}:"
        for block in mine:
            yield f"  {_causes(block)}"
            yield from (f"      {says}" for _, says in block.causes)
            for line in block.changes:
                if line in block.minor:
                    yield f"    {line['number']}. {_briefly(line, header)}"
                    continue
                yield f"    {line['number']}. {line['change']}: {_arrow(line)}"
                if line["against"]:
                    yield f"       book: {line['against']}"
                yield f"       flags: {flags_said(line, header)}"
                yield f"       case: {case_said(line)}"
                yield f"       {_extent(line)}"
    yield from _ending(footer)


def markdown(lines: Sequence[Line]) -> str:
    """The whole comparison as Markdown, ending in a newline."""
    return "\n".join(_markdown(lines)) + "\n"


def _markdown(lines: Sequence[Line]) -> Iterator[str]:
    header, footer = lines[0], lines[-1]
    yield "# What changes for certificates"
    yield ""
    yield f"- From {escaped(_who(header['one']))}"
    yield f"- To {escaped(_who(header['two']))}"
    yield from (f"- Note: {escaped(note)}" for note in _notes(header))
    yield ""
    surface = of_kind(lines, "surface")
    if surface:
        yield "| The modules show differently | from | to |"
        yield "| --- | --- | --- |"
        for fact in surface:
            shown = (fact["what"] + _less(fact), fact["one"], fact["two"])
            yield f"| {' | '.join(map(_cell, shown))} |"
        yield ""
    told = blocks(lines)
    if told:
        yield "| | from -> to | class | flags | cause | case |"
        yield "| ---: | --- | --- | --- | --- | --- |"
    for block in told:
        for line in block.changes:
            cells = (
                str(line["number"]),
                _arrow(line),
                line["change"],
                flags_said(line, header),
                ": ".join(filter(None, (_causes(block), line["against"]))),
                case_said(line),
            )
            yield f"| {' | '.join(map(_cell, cells))} |"
    if told:
        yield ""
    for block in told:
        for name, says in block.causes:
            yield f"- {escaped(name)}: {escaped(says)}"
    if told:
        yield ""
    yield from (f"{escaped(line.strip())}  " for line in _ending(footer))


def _cell(said: str) -> str:
    return escaped(said.replace("|", " and "))


def _who(side: dict[str, Any]) -> str:
    return f"{side['id']}: {side['python']}, {side['openssl']}"


def _notes(header: Line) -> Iterator[str]:
    for side in (header["one"], header["two"]):
        for note in side["notes"]:
            yield f"{side['id']}: {note}"
        if side["drifts"]:
            names = ", ".join(side["drifts"])
            yield f"{side['id']}: unlike OpenSSL {side['release']} in {names}"


def _less(fact: Line) -> str:
    return " (loosened)" if fact["loosens"] else ""


def _causes(block: Block) -> str:
    return " with ".join(name for name, _ in block.causes)


def _arrow(line: Line) -> str:
    first, second = line["said"]
    return f"{first} -> {second}"


def _briefly(line: Line, header: Line) -> str:
    """A change on one line."""
    flags = flags_said(line, header)
    return (
        f"{line['change']} in {line['rows']} rows, e.g. {_arrow(line)}; flags: {flags}"
    )


def _extent(line: Line) -> str:
    said = f"{line['rows']} rows in {line['cases']} cases, {', '.join(line['roles'])}"
    others = [it["said"] for it in line["also"] if it["said"] != line["said"]]
    if line["change"] == "path changed" or not others:
        return said
    named = "; ".join(f"{first} -> {second}" for first, second in others[:3])
    more = f"; and {len(others) - 3} more" if len(others) > 3 else ""
    return f"{said}; also {named}{more}"


def flags_said(line: Line, header: Line) -> str:
    """The flags of a change's case: a preset where they are one, or each side's own."""
    one, two = (Flags(bits) for bits in line["flags"])
    if one == two:
        return _named(one)
    role = line["case"]["role"]
    default = Flags(header["one"]["defaults"][role] or 0)
    added = one.without(default)
    if CRL_CHECK_CHAIN in one:
        added = CRL_CHECK_CHAIN
    elif CRL_CHECK_LEAF in one:
        added = CRL_CHECK_LEAF
    return f"each side's defaults{f' with {added} added' if added else ''}"


def _named(flags: Flags) -> str:
    for name, bits in reversed(PRESETS.items()):
        if bits in flags:
            rest = flags.without(bits)
            return f"{name}+{rest}" if rest else name
    return str(flags) if flags else "none"


def case_said(line: Line) -> str:
    """The case in words: its scenario, or where it is from."""
    if line["scenario"] is None:
        return str(line["source"])
    scenario: Scenario = from_json(line["scenario"], Scenario)
    said = _LONG.sub(lambda found: f"{found[0][:16]}…", tell(scenario))
    return f"{said} ({line['source']})"


def _ending(footer: Line) -> Iterator[str]:
    yield (
        f"{footer['cases']:,} cases ({footer['random']:,} of them random), "
        f"{footer['rows']:,} pairs of answers, {footer['changed']:,} changed"
    )
    if footer["composite"]:
        yield f"{footer['composite']:,} by several of these causes at once"
    for what, count in footer["hidden"].items():
        yield f"not compared: {count:,} of {what}"
    yield f"exit {footer['status']}: {STATUS[footer['status']]}"
