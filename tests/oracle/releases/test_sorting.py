"""What a store finds where an empty name is less than all, and all less than it."""

from itertools import permutations

import pytest

from harness.oracle.releases.sorting import Kind, Stored, found

NAMES = {"E": b"", "R": b"root", "O": b"other"}


def lookups(*labels: str, kind: Kind = Kind.CERTIFICATE) -> dict[str, str]:
    """What each name finds once these are added, a digit telling those of one name."""
    objects = [Stored(kind, NAMES[label[0]], label, label) for label in labels]
    listed = found(objects)
    return {
        label: " ".join(listed[kind, name])
        for label, name in NAMES.items()
        if (kind, name) in listed
    }


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("order", [*permutations(("R1", "R2", "O1", "R3"))], ids=str)
def test_named_are_found_in_order(order: tuple[str, ...], kind: Kind) -> None:
    """Without an empty name everything is found, one name's in the order of loading."""
    roots = " ".join(label for label in order if label[0] == "R")
    assert lookups(*order, kind=kind) == {"R": roots, "O": "O1"}


@pytest.mark.parametrize("order", [*permutations(("E", "R"))], ids=str)
def test_two_are_found(order: tuple[str, ...]) -> None:
    """Beside one other, an empty name does no harm."""
    assert lookups(*order) == {"E": "E", "R": "R"}


@pytest.mark.parametrize(
    ("order", "lost"),
    [
        (("E", "R", "O"), ""),
        (("E", "O", "R"), ""),
        (("R", "E", "O"), "O"),
        (("O", "E", "R"), "R"),
        (("R", "O", "E"), "E"),
        (("O", "R", "E"), "E"),
    ],
)
def test_one_of_three_is_lost(order: tuple[str, ...], lost: str) -> None:
    """What a binary search passes by is not found; measured on 3.0.9."""
    wanted = {label: "" if label == lost else label for label in order}
    assert lookups(*order) == wanted


def test_once_each() -> None:
    """The same object is kept once, unless the search misses that it is there."""
    assert lookups("R", "R", "O") == {"R": "R", "O": "O"}
    assert lookups("R", "O", "E", "E")["E"] == "E E"


def test_kinds_are_apart() -> None:
    """A certificate and a CRL of one name are found apart."""
    objects = [
        Stored(kind, b"root", f"{kind}", f"{kind}")
        for kind in (Kind.CRL, Kind.CERTIFICATE)
    ]
    assert found(objects) == {
        (Kind.CERTIFICATE, b"root"): ["1"],
        (Kind.CRL, b"root"): ["2"],
    }
