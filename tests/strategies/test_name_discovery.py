"""States of reference names and name constraints that drawn scenarios reach."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import pytest

from harness.case import Role
from harness.facts import NameKind
from harness.pki.spec import NameConstraintsSpec, Scenario
from strategies import names
from strategies.hosts import PATTERNS
from tests.strategies.conftest import Collect

Predicate = Callable[[Scenario], object]


def constrains(test: Callable[[NameConstraintsSpec], object]) -> Predicate:
    """The test holds of some name constraints."""
    return lambda s: any(
        test(item.name_constraints) for item in s.certificates if item.name_constraints
    )


def about(kind: NameKind, *, excluded: bool) -> Predicate:
    """A subtree of that kind is excluded, or permitted."""
    return constrains(
        lambda found: any(
            tree.base.kind is kind
            for tree in (found.excluded if excluded else found.permitted)
        )
    )


def leaf_says(pattern: str) -> Predicate:
    """The leaf's one dNSName is the pattern, and a client asks for a name."""
    return lambda s: (
        s.name is not None
        and [item.value for item in s.certificates[0].subject_alt_name or ()]
        == [pattern]
    )


FOUND: Final[Mapping[str, Predicate]] = (
    {
        f"{kind}, {'excluded' if excluded else 'permitted'}": about(
            kind, excluded=excluded
        )
        for kind in (
            NameKind.DNS,
            NameKind.EMAIL,
            NameKind.URI,
            NameKind.IP,
            NameKind.DIRECTORY,
        )
        for excluded in (False, True)
    }
    | {name: leaf_says(pattern) for name, pattern in PATTERNS.items()}
    | {
        "two permitted": constrains(lambda found: len(found.permitted) == 2),
        "a maximum": constrains(
            lambda found: any(tree.maximum for tree in found.permitted)
        ),
        "no subjectAltName": lambda s: (
            s.name is not None and s.certificates[0].subject_alt_name is None
        ),
        "an IPv6 address": lambda s: s.name is not None and ":" in s.name,
    }
)


@pytest.fixture(scope="module")
def themed(collected: Collect) -> Sequence[Scenario]:
    """Draws about names."""
    return [
        *collected(names(theme="names"), 1400),
        *collected(names(theme="constraints"), 1400),
    ]


@pytest.mark.parametrize("predicate", FOUND.values(), ids=FOUND)
def test_a_state_of_names_is_found(
    themed: Sequence[Scenario], predicate: Predicate
) -> None:
    """Some drawn scenario is in that state."""
    assert any(map(predicate, themed))


def test_only_clients_ask_for_a_name(themed: Sequence[Scenario]) -> None:
    """A reference name is a client's."""
    assert {s.role for s in themed if s.name is not None} == {Role.CLIENT}
