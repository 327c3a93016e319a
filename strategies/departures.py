"""Departures from the plain valid chain, and the strategy that draws a few of them.

Every feature of a scenario is something that was *done to* the plain chain, so that a
drawn scenario shrinks towards it by dropping departures (*flags shrink open*, as
Hypothesis's guide says). A departure is data: a name, and variants, the plainest first.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any, Final, Literal, TypeVar, get_args

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from hypothesis.strategies import SearchStrategy

from harness.case import Role, TlsVersion
from harness.flags import Flags
from harness.pki.spec import CertificateSpec, RawExtension, Scenario
from strategies.draft import (
    ISSUER,
    LEAF,
    ROOT,
    SECOND,
    Draft,
    covered,
    plain,
    settled,
)
from strategies.weighing import times

T = TypeVar("T")

Change = Callable[[Draft, int], Draft]
"""What a variant does to a draft, at a place of its main path."""

Theme = Literal[
    "paths",
    "proxies",
    "strict",
    "names",
    "constraints",
    "crls",
    "deltas",
    "policies",
    "keys",
    "bytes",
]
"""What a share of the departures can be about."""
THEMES: Final[tuple[Theme, ...]] = get_args(Theme)


class Stage(IntEnum):
    """When departures happen: places on a path need the path, CRLs its issuers."""

    SHAPE = 0
    """Which certificates there are, what is sent and what is trusted."""
    CERTIFICATE = 1
    CRL = 2
    SETTING = 3
    """Role, reference name, security level, the source of the CRLs."""


@dataclass(frozen=True, slots=True)
class Departure:
    """A way to depart from the plain chain, in its variants."""

    name: str
    stage: Stage
    variants: tuple[tuple[str, Change], ...]
    themes: frozenset[Theme]
    weight: int
    """How often it stands in the list that is drawn from."""
    under: tuple[Flags, ...] = ()
    """Flags that it is about, each to be laid over others: what may well be asked of a
    scenario that has it. Nothing is left unasked for not standing here."""


def departure(
    name: str,
    stage: Stage,
    variants: Mapping[str, Change],
    *themes: Theme,
    under: Iterable[str] = (),
    more: int = 0,
) -> Departure:
    """A departure of these variants, the plainest first.

    Its weight grows with their number, so that all variants of all departures come
    about alike; ``more`` adds to it. ``under`` are the flag sets it is about, in
    ``Flags.parse``'s words.
    """
    weight = (len(variants) + 2) // 3 + more
    sets = tuple(Flags.parse(text) for text in under)
    return Departure(
        name, stage, tuple(variants.items()), frozenset(themes), weight, sets
    )


def edit(**fields: Any) -> Change:
    """A change of fields of the certificate at the place."""
    return lambda draft, place: draft.changed(draft.label(place), **fields)


def edit_authority(**fields: Any) -> Change:
    """A change of fields of the certificate at the place, or its issuer if that is
    the leaf."""
    return lambda draft, place: draft.changed(draft.authority(place), **fields)


def revise(fields: Callable[[CertificateSpec], Mapping[str, Any]]) -> Change:
    """A change of fields that depend on what the certificate says."""
    return lambda draft, place: draft.changed(
        draft.label(place), **fields(draft.at(place))
    )


def extend(*extensions: RawExtension) -> Change:
    """A change that adds extensions, given by their bytes, to the certificate."""
    return revise(lambda item: {"extra": (*item.extra, *extensions)})


PLACES: Final = (LEAF, LEAF, ISSUER, ISSUER, ROOT, SECOND)

_VARIANTS: Final = 30
"""A multiple of most numbers of variants, so that each is drawn about as often, and
no larger, since two numbers of one variant are a case drawn twice."""

Drawn = tuple[Departure, int, int]
"""A departure, the number of its variant, and its place."""

Hints = tuple[tuple[Flags, ...], ...]
"""For each departure that has any, the flags that it is about."""


def depart(draft: Draft, drawn: Iterable[Drawn], *, fresh: bool = False) -> Draft:
    """The draft after these departures, by stages; with ``fresh``, CRLs for all."""
    notes = []
    ordered = sorted(drawn, key=lambda item: item[0].stage)
    is_covered = not fresh
    for kind, number, place in ordered:
        if kind.stage >= Stage.CRL and not is_covered:
            draft = covered(draft)
            is_covered = True
        variant, change = kind.variants[number % len(kind.variants)]
        notes.append(f"{kind.name}: {variant} at {draft.label(place)}")
        draft = change(draft, place)
        if kind.stage is Stage.SHAPE:
            draft = draft.walked()
    if not is_covered:
        draft = covered(draft)
    return draft.asking(note="; ".join(notes)) if notes else draft


def weighed(
    departures: Sequence[Departure], theme: Theme | None
) -> tuple[list[Departure], list[Departure]]:
    """Departures by weight: a theme's own, and the rest; without any of its own, all
    and none.

    Raises ``InvalidArgument`` for a theme that is none.
    """
    if theme is not None and theme not in THEMES:
        raise InvalidArgument(f"{theme=}, but only {THEMES} and None are valid")
    every = [kind for kind in departures for _ in range(kind.weight)]
    themed = [kind for kind in every if theme in kind.themes]
    if not themed:
        return every, []
    return themed, [kind for kind in every if theme not in kind.themes]


def _places(themed: int, rest: int) -> SearchStrategy[int]:
    """Generate places in a list of two parts, three in four in the first. In a list of
    over a thousand Hypothesis would prefer the first few, so none is made that long."""
    first = st.sampled_from(range(themed))
    if not rest:
        return first
    other = st.sampled_from(range(themed, themed + rest))
    return st.one_of(*times(3, first), other)


FOCUS: Final = 10
"""Variants that are in focus together."""


def foci(departures: Sequence[Departure], theme: Theme | None) -> int:
    """How many focuses it takes to have every variant of a theme, or of all."""
    return -(-len(_variants(departures, theme)) // FOCUS)


def _variants(
    departures: Sequence[Departure], theme: Theme | None
) -> list[tuple[Departure, int]]:
    every = [
        (kind, variant)
        for kind in departures
        if theme is None or theme in kind.themes
        for variant in range(len(kind.variants))
    ]
    return every or _variants(departures, None)


def focused(
    departures: Sequence[Departure], theme: Theme | None, number: int
) -> list[tuple[Departure, int]]:
    """The variants of the ``number``-th focus, of a theme's departures or of all: one
    focus after the other goes round all of them, so that none is left to luck."""
    every = _variants(departures, theme)
    return [every[(number * FOCUS + at) % len(every)] for at in range(FOCUS)]


def _a_few(
    first: SearchStrategy[T], each: SearchStrategy[T]
) -> SearchStrategy[list[T]]:
    """The first in most cases, and up to three others, mostly one or none: few
    departures show more than many, which hide each other, and none at all shows
    nothing new. Shrinks to none."""
    mostly = st.one_of(st.none(), *times(8, first))
    often = st.one_of(*times(2, st.none()), each)
    seldom = st.one_of(*times(7, st.none()), each)
    return st.tuples(mostly, often, seldom, seldom).map(
        lambda drawn: [item for item in drawn if item is not None]
    )


def departing(
    departures: Sequence[Departure],
    *,
    theme: Theme | None = None,
    role: Role | None = None,
    focus: int | None = None,
) -> SearchStrategy[Scenario]:
    """Generate the plain chain with up to four of these departures.

    ``theme`` prefers some of them, ``focus`` a few of their variants (``focused``);
    ``role`` fixes who verifies. Shrinks to root and leaf. Raises ``InvalidArgument``,
    with the value, for what is neither.
    """
    return departed(departures, theme=theme, role=role, focus=focus).map(_scenario_of)


def _scenario_of(pair: tuple[Scenario, Hints]) -> Scenario:
    return pair[0]


def departed(
    departures: Sequence[Departure],
    *,
    theme: Theme | None = None,
    role: Role | None = None,
    focus: int | None = None,
) -> SearchStrategy[tuple[Scenario, Hints]]:
    """Generate what ``departing`` does, each with what its departures are about."""
    if role is not None and not isinstance(role, Role):
        raise InvalidArgument(f"{role=}, but only {tuple(Role)} and None are valid")
    themed, rest = weighed(departures, theme)
    kinds = themed + rest
    about_crls = theme in ("crls", "deltas")
    fresh = (False, True, True, True) if about_crls else (False, True)

    def made(
        choices: tuple[list[str], bool, list[tuple[int, int, int]], Role, TlsVersion],
    ) -> tuple[Scenario, Hints]:
        families, is_fresh, drawn, asker, tls = choices
        draft = plain(tuple(families)).asking(role=asker, tls=tls)
        done = [(kinds[at], variant, place) for at, variant, place in drawn]
        scenario = settled(depart(draft, done, fresh=is_fresh))
        if role is not None and scenario.role is not role:
            scenario = replace(scenario, role=role, name=None)
        return scenario, tuple(kind.under for kind, _, _ in done if kind.under)

    # By number: a strategy's repr, which Hypothesis shows in errors, stays short.
    each = st.tuples(
        _places(len(themed), len(rest)),
        st.integers(0, _VARIANTS - 1),
        st.sampled_from(PLACES),
    )
    first = each
    if focus is not None:
        chosen = [
            (kinds.index(kind), number)
            for kind, number in focused(departures, theme, focus)
        ]
        those = st.tuples(st.sampled_from(chosen), st.sampled_from(PLACES))
        first = those.map(lambda drawn: (*drawn[0], drawn[1]))
    return st.tuples(
        st.lists(st.just("p256"), max_size=2),
        st.sampled_from(fresh),
        _a_few(first, each),
        st.sampled_from(tuple(Role) if role is None else (role,)),
        st.sampled_from((TlsVersion.TLS_1_3, TlsVersion.TLS_1_2)),
    ).map(made)
