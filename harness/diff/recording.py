"""The lines of a comparison: what ``diff.jsonl`` holds and the renderers read."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from harness.campaign.recording import Line
from harness.case import Role
from harness.diff.causes import UNKNOWN, UNMODELLED
from harness.diff.change import FAILING, Kind
from harness.diff.groups import Group, Groups
from harness.diff.rows import DEFAULTS, Tally
from harness.diff.side import Side
from harness.diff.surfaces import Fact, facts
from harness.oracle.releases.behaviours import BEHAVIOURS
from harness.outcome import Outcome, seen
from harness.wire import to_json

FILE: Final = "diff.jsonl"

_WHAT: Final = {item.name: item.what for item in BEHAVIOURS}


def side_form(side: Side) -> dict[str, Any]:
    """What a header says of one side."""
    identity = side.identity
    return {
        "id": identity.id,
        "python": f"{identity.implementation} {'.'.join(map(str, identity.python))}",
        "openssl": identity.openssl,
        "release": side.release,
        "engine": identity.engine,
        "defaults": {role.value: _bits(side, role) for role in Role},
        "drifts": list(side.drifts),
        "notes": list(side.notes),
    }


def _bits(side: Side, role: Role) -> int | None:
    default = side.default(role)
    return None if default is None else default.bits


def surface_lines(one: Side, two: Side) -> Iterator[Line]:
    """A line for each fact in which the modules differ; none where one shows none."""
    if one.surface is not None and two.surface is not None:
        for fact in facts(one.surface, two.surface):
            yield {"kind": "surface", **to_json(fact, Fact)}


def change_lines(groups: Groups, one: Side, two: Side) -> Iterator[Line]:
    """A line for each group, in the order of telling."""
    for number, group in enumerate(groups.told(), 1):
        yield _change(number, group, one, two)


def _change(number: int, group: Group, one: Side, two: Side) -> Line:
    exhibit = group.exhibit
    change, source = exhibit.change, exhibit.source
    telling = "path" if group.key.kind is Kind.PATH else None
    return {
        "kind": "change",
        "number": number,
        "change": group.key.kind.value,
        "causes": [
            {"name": name, "says": _says(name, one, two)}
            for name in sorted(group.key.causes)
        ],
        "against": change.against,
        "tier": exhibit.tier.name.lower(),
        "flags": [change.one.requested.bits, change.two.requested.bits],
        "said": list(_said(change.one.outcome, change.two.outcome, one, two, telling)),
        "outcomes": [
            to_json(answer.outcome, Outcome) for answer in (change.one, change.two)
        ],
        "rows": group.rows,
        "cases": group.cases,
        "roles": sorted(role.value for role in group.roles),
        "also": [
            {"said": list(_said(first, second, one, two)), "rows": count}
            for (first, second), count in group.outcomes.most_common()
        ],
        "source": source.name,
        "at_instant": source.at_instant,
        "scenario": None if source.scenario is None else to_json(source.scenario),
        "case": to_json(exhibit.case),
    }


def _said(
    first: Outcome, second: Outcome, one: Side, two: Side, telling: str | None = None
) -> tuple[str, str]:
    """Both outcomes in words, codes as each release names them."""
    return (
        seen(first, release=one.release, telling=telling),
        seen(second, release=two.release, telling=telling),
    )


def _says(cause: str, one: Side, two: Side) -> str:
    """A cause in a sentence: who has it."""
    if cause == UNKNOWN:
        return "An outcome is not as the releases book has it."
    if cause == UNMODELLED:
        return "The releases book says nothing of an outcome."
    if cause.startswith(DEFAULTS):
        word = cause.rpartition(" ")[2]
        has, lacks = (two, one) if word[0] == "+" else (one, two)
        return (
            f"create_default_context() sets {word[1:]} in {_python(has)}, "
            f"not in {_python(lacks)}."
        )
    has, lacks = (one, two) if cause in one.behaviours else (two, one)
    return (
        f"{_WHAT[cause]} OpenSSL {has.release} does this, "
        f"OpenSSL {lacks.release} does not."
    )


def _python(side: Side) -> str:
    return f"Python {'.'.join(map(str, side.identity.python[:2]))}"


def footer(
    groups: Groups, tally: Tally, lines: Iterable[Line], lost: str = ""
) -> dict[str, Any]:
    """What a comparison ends with: its counts and exit status. ``lost`` says how a
    target was lost on the way."""
    folded = list(groups.composite())
    return {
        "cases": tally.cases,
        "random": tally.random,
        "rows": tally.rows,
        "changed": tally.changed,
        "composite": sum(group.rows for group in folded),
        "hidden": dict(tally.hidden.most_common()),
        "lost": lost,
        "status": 2 if lost else status(tally, lines),
    }


def status(tally: Tally, lines: Iterable[Line]) -> int:
    """The exit status: 1 where something is loosened or breaks, 3 where nothing could
    be compared, else 0."""
    failing = {kind.value for kind in FAILING}
    if any(it.get("change") in failing or it.get("loosens") for it in lines):
        return 1
    return 0 if tally.rows else 3
