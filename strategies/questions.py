"""Strategy for questions: a scenario, and the sweep of flag sets to ask it under.

What a departure means often shows under few flags: a delta CRL under USE_DELTAS, an
expired certificate's NO_CHECK_TIME. A sweep drawn by itself has them once in many
times. So departures say what they are about (``Departure.under``), and most sweeps are
the core and just that. A hint that leaves out a flag must cost nothing but time: three
sweeps in eight of such scenarios, and all of the others, are drawn as if nothing was
known of the scenario (``strategies.sweeps``). No oracle has a say in either.
"""

from collections.abc import Collection
from random import Random
from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from harness.case import Role
from harness.flags import (
    CRL_CHECK_CHAIN,
    CRL_CHECK_LEAF,
    PRESETS,
    X509_TRUSTED_FIRST,
    Flags,
)
from harness.pki.spec import Scenario
from strategies.departures import THEMES, Hints, Theme, departed, foci
from strategies.flags import CORE, distinct, sweeps
from strategies.scenarios import DEPARTURES, scenarios

Sweep = tuple[Flags, ...]

Subject = tuple[Theme | None, int]
"""What to draw for a while: a theme, and the number of one of its focuses."""

_OTHERS: Final = 10
"""Subjects without a theme, and as many about bytes, among more than a hundred."""


def agenda(seed: int, themes: Collection[str] = ()) -> tuple[Subject, ...]:
    """Every focus of every theme, and some of none, in an order of that seed: whoever
    draws a few questions of each soon has asked about every variant there is.

    ``themes`` leaves only those.
    """
    subjects: list[Subject] = []
    for theme in (None, *THEMES):
        number = _OTHERS if theme in (None, "bytes") else foci(DEPARTURES, theme)
        if theme in themes or not themes:
            subjects += [(theme, focus) for focus in range(number)]
    Random(seed).shuffle(subjects)  # noqa: S311  # an order, no secret
    return tuple(subjects)


_BESIDE: Final = (
    X509_TRUSTED_FIRST,
    X509_TRUSTED_FIRST | CRL_CHECK_CHAIN,
    Flags(PRESETS["default-3.13"]) | CRL_CHECK_CHAIN,
)
"""What hinted flags are laid over: each is in the core, as the twin without them."""

_WAYS: Final = ("hinted",) * 5 + ("drawn",) * 2 + ("both",)
"""Where a sweep is from, if there is a hint at all."""

_EACH: Final = 2
"""Flag sets that one departure's hint adds at most, in their turn."""


def hinted(hints: Hints, turn: int) -> Sweep:
    """Flag sets that these hints are about, alone and all together; ``turn`` chooses
    from hints that have many."""
    some = [
        under[(turn + at) % len(under)]
        for under in hints
        for at in range(min(_EACH, len(under)))
    ]
    together = Flags(0)
    for under in hints:
        together |= under[turn % len(under)]
    return distinct(near | bits for bits in (*some, together) for near in _BESIDE)


_DATES: Final = ("thisUpdate", "nextUpdate")
_UNDATED: Final = (CRL_CHECK_LEAF, CRL_CHECK_LEAF | Flags.of("NO_CHECK_TIME"))


def _of_dates(scenario: Scenario) -> Hints:
    """What the edit of a CRL's date is about: being looked at, or only compared."""
    edited = any(edit.place.endswith(_DATES) for edit in scenario.edits)
    return (_UNDATED,) if edited else ()


def questions(
    *,
    theme: Theme | None = None,
    role: Role | None = None,
    focus: int | None = None,
) -> SearchStrategy[tuple[Scenario, Sweep]]:
    """Generate scenarios as ``strategies.scenarios`` does, each with the distinct flag
    sets to ask it under.

    Both presets and CRL_CHECK_CHAIN on top of them are always there. Shrinks to the
    plain chain under the core of six sets. Raises ``InvalidArgument`` as it does.
    """

    def made(
        drawn: tuple[tuple[Scenario, Hints], Sweep, str, int],
    ) -> tuple[Scenario, Sweep]:
        (scenario, hints), sweep, way, turn = drawn
        if not hints or way == "drawn":
            return scenario, sweep
        about = hinted(hints, turn)
        if way == "both":
            return scenario, distinct((*sweep, *about))
        return scenario, distinct((*CORE, *about))

    every = departed(DEPARTURES, theme=theme, role=role, focus=focus)
    if theme == "bytes":
        edits = scenarios(theme=theme, role=role, focus=focus)
        every = edits.map(lambda scenario: (scenario, _of_dates(scenario)))
    return st.tuples(
        every, sweeps(theme=theme), st.sampled_from(_WAYS), st.integers(0, 59)
    ).map(made)
