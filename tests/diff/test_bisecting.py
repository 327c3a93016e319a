"""Bisecting: in which releases, in each line, something is shown."""

from dataclasses import replace

import pytest

from harness.diff.bisecting import Shown, Stretch, stretches
from harness.outcome import Accepted
from harness.target.target import Identity
from tests.diff.playing import side


def shown(number: int, affected: bool | None, python: int = 11) -> Shown:
    """A target of that OpenSSL number, and whether it shows it."""
    identity: Identity = replace(
        side("3.5.9").identity, openssl_number=number, python=(3, python, 2)
    )
    return Shown(identity, (Accepted(),), affected)


def test_each_line_has_its_own_answer() -> None:
    """A fix that was carried back is told in every line, by the releases asked."""
    found = stretches(
        [
            shown(0x30500080, True),
            shown(0x30500040, False),
            shown(0x30000160, True),
            shown(0x30000140, False),
            shown(0x30500050, False),
            shown(0x1010117F, False),
            shown(0x40000030, True),
        ]
    )
    assert found == {
        "1.1.1": (Stretch(False, "1.1.1w", "1.1.1w"),),
        "3.0": (Stretch(False, "3.0.20", "3.0.20"), Stretch(True, "3.0.22", "3.0.22")),
        "3.5": (Stretch(False, "3.5.4", "3.5.5"), Stretch(True, "3.5.8", "3.5.8")),
        "4.0": (Stretch(True, "4.0.3", "4.0.3"),),
    }


@pytest.mark.parametrize(
    ("states", "together"),
    [((True, False), True), ((None, False), False), ((None, None), None)],
)
def test_targets_of_one_release(
    states: tuple[bool | None, ...], together: bool | None
) -> None:
    """A release shows it if one of its targets does; one not asked says nothing."""
    found = stretches([shown(0x30500080, state) for state in states])
    assert found == {"3.5": (Stretch(together, "3.5.8", "3.5.8"),)}


def test_by_python() -> None:
    """Default flags are Python's: its releases are told, whatever the OpenSSL."""
    items = [shown(0x30500080, False, 12), shown(0x30000140, True, 13)]
    assert stretches(items, by_python=True) == {
        "3.12": (Stretch(False, "3.12.2", "3.12.2"),),
        "3.13": (Stretch(True, "3.13.2", "3.13.2"),),
    }
