"""Random surfaces: what they depart in, and what they shrink to."""

import pytest
from hypothesis import Phase, find, settings

from strategies.surfaces import CHANGES, PYTHONS, documented, surfaces


@pytest.mark.parametrize("python", PYTHONS)
def test_changes_depart(python: tuple[int, int, int]) -> None:
    """Each change makes another surface of the documented one, and leaves that be."""
    before = documented(python)
    for name, change in CHANGES.items():
        changed = change(before)
        assert changed != before or (name, python >= (3, 13)) == (
            "a lax default context",
            False,
        )
    assert before == documented(python)


def test_surfaces_shrink_to_the_documented_one() -> None:
    """The smallest surface is the newest Python's, with nothing departed."""
    found = find(surfaces(), lambda _drawn: True)
    assert found == (documented(PYTHONS[0]), PYTHONS[0])


def test_surfaces_of_old_pythons_without_contexts_are_found() -> None:
    """Departures of an old release come about, and shrink to the one asked for."""
    surface, python = find(
        surfaces(),
        lambda drawn: drawn[1] < (3, 10) and not drawn[0].constructors,
        settings=settings(
            derandomize=True, database=None, phases=(Phase.generate, Phase.shrink)
        ),
    )
    assert python in PYTHONS[2:]
    assert surface.members == documented(python).members
