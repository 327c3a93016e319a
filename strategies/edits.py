"""Strategies for edited scenarios: a chain, and one or two edits of its bytes.

What is edited is drawn as numbers and found in the issued bytes, so that every edit
changes something; it is kept by place, so that it stays where it is while the
scenario around it is made simpler.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from harness.case import Role, TlsVersion
from harness.pki import der
from harness.pki.edit import applicable
from harness.pki.element import Element, parsed, places, written
from harness.pki.issue import issue_all
from harness.pki.spec import HOUR, Scenario
from harness.pki.spec_edits import EditKind, EditSpec
from strategies.covering import another
from strategies.draft import LEAF, covered, plain, settled, without_purposes
from strategies.weighing import times

_AT: Final = 1_700_000_000
"""When scenarios are issued to look for places; where these are does not depend on
it."""
_MOST: Final = 1 << 14
"""Many more than there are places in an item: numbers are taken modulo those."""
_WAYS: Final = 48
"""More than any kind of edit has ways."""

_OFTEN: Final = (
    *((EditKind.ODD_VALUE, EditKind.PADDED, EditKind.IN_PIECES, EditKind.GRAFTED) * 2),
    *(EditKind.FLIPPED, EditKind.LONG_LENGTH, EditKind.INDEFINITE, EditKind.BACKWARDS),
)
"""Kinds that stand more than once in what is drawn from: what OpenSSL often takes."""

_DATES: Final = (der.UTC_TIME, der.GENERALIZED_TIME)
_DATES_OFTEN: Final = 4
"""How often more than others a date is edited: there are two of them among eighty
elements, and each is compared in its own place. Half of the time it has an odd
value or the other type, since much else does not decode."""

Drawn = tuple[int, int, int, int, int, bool]
"""Numbers of an item, a place in it, a kind, a way and another item; and whether it is
edited before it is signed."""


def _plain(drawn: tuple[list[str], bool, bool, bool, Role, TlsVersion]) -> Scenario:
    families, is_fresh, has_newer, has_purposes, role, tls = drawn
    draft = plain(tuple(families)).asking(role=role, tls=tls)
    if not has_purposes:
        draft = without_purposes(draft)
    if is_fresh:
        draft = covered(draft)
        draft = another(this_update=-HOUR)(draft, LEAF) if has_newer else draft
    return settled(draft)


def _chains(role: Role | None) -> SearchStrategy[Scenario]:
    return st.tuples(
        st.lists(st.sampled_from(("p256", "p256", "p256", "rsa2048")), max_size=2),
        st.booleans(),
        st.booleans(),
        st.booleans(),
        st.sampled_from(tuple(Role) if role is None else (role,)),
        st.sampled_from((TlsVersion.TLS_1_3, TlsVersion.TLS_1_2)),
    ).map(_plain)


def _used(scenario: Scenario) -> list[str]:
    """What can be edited, by label: what is sent and loaded twice as often as what is
    only trusted."""
    trusted = [item.certificate for item in scenario.trusted]
    often = [*scenario.peer, *scenario.loaded]
    return [*often, *trusted, *often]


def _edit(
    drawn: Drawn, used: Sequence[str], items: dict[str, dict[str, Element]]
) -> EditSpec:
    item, place, kind, way, other, signed = drawn
    label = used[item % len(used)]
    at = items[label]
    values = [name for name in at if ".extnValue." in name]
    dates = [name for name, it in at.items() if it.tag in _DATES]
    numbers = [name for name, it in at.items() if it.tag == der.INTEGER]
    listed = [*at, *values, *numbers, *dates * _DATES_OFTEN]
    chosen = listed[place % len(listed)]
    rest = [name for name in dict.fromkeys(used) if name != label]
    kinds = applicable(chosen, at, [items[name] for name in rest])
    kinds += tuple(what for what in _OFTEN if what in kinds)
    if chosen in dates:
        kinds += (EditKind.ODD_VALUE, EditKind.RETAGGED) * (len(kinds) // 2)
    what = kinds[kind % len(kinds)]
    source = ""
    if what is EditKind.GRAFTED:
        own = written(at[chosen])
        able = [
            name
            for name in rest
            if chosen in items[name] and written(items[name][chosen]) != own
        ]
        source = able[other % len(able)]
    signed = signed and chosen.startswith("tbs")
    return EditSpec(label, chosen, what, way, source, signed)


def _edited(drawn: tuple[Scenario, list[Drawn]]) -> Scenario:
    scenario, edits = drawn
    used = _used(scenario)
    if not used:
        return scenario
    # An edit that a departure made gives way: whole items have places.
    issued = issue_all(replace(scenario, edits=()), seed=0, now=_AT)
    items = {
        label: places(parsed(encoding))
        for label, encoding in (*issued.crls.items(), *issued.certificates.items())
        if label in used
    }
    made = tuple(_edit(edit, used, items) for edit in edits)
    told = "; ".join(f"{edit.place or edit.item}: {edit.kind}" for edit in made)
    note = f"{scenario.note}; {told}" if scenario.note else told
    return replace(scenario, edits=tuple(dict.fromkeys(made)), note=note)


def edited(
    scenarios: SearchStrategy[Scenario], *, role: Role | None = None
) -> SearchStrategy[Scenario]:
    """Generate scenarios with one or two edits, most of them plain chains otherwise.

    ``scenarios`` are the others; ``role`` fixes who verifies. Shrinks to one edit of a
    plain chain of two.
    """
    each = st.tuples(
        st.sampled_from(range(_MOST)),
        st.sampled_from(range(_MOST)),
        st.sampled_from(range(_MOST)),
        st.sampled_from(range(_WAYS)),
        st.sampled_from(range(_WAYS)),
        st.sampled_from((True, True, True, False)),
    )
    plain_ones = _chains(role)
    chains = st.one_of(*times(2, plain_ones), scenarios)
    edits = st.lists(each, min_size=1, max_size=1) | st.lists(
        each, min_size=1, max_size=2
    )
    return st.tuples(chains, edits).map(_edited)
