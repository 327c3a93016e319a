"""Baselines: what one target answered, kept, and another held against it later."""

import json
from itertools import count, islice
from pathlib import Path

import pytest

from harness.campaign.recording import RecordingError
from harness.case import Role
from harness.diff.baseline import (
    TOO_OLD,
    Recollection,
    Remembered,
    compare_baseline,
    read_baseline,
    write_baseline,
)
from harness.diff.comparing import Comparing
from harness.diff.groups import Source
from harness.diff.remembering import Remembering
from harness.diff.side import Side
from harness.pki.spec import DAY
from tests.answers import NOW
from tests.diff.playing import Played, side

OLD, NEW = side("3.5.9", (3, 13, 0)), side("4.0.3", (3, 13, 0))
YEARS = 700 * DAY
"""Long enough for every certificate of a test to have ended."""


@pytest.fixture(scope="module")
def cases() -> tuple[Remembered, ...]:
    """What the older release answers to some pinned cases and a few random ones."""
    kept = remembering(OLD)
    some = [item for item in kept.pinned() if "strict" in item.source.name]
    return (*some, *kept.random(20))


@pytest.fixture
def path(tmp_path: Path, cases: tuple[Remembered, ...]) -> Path:
    """A file of those cases."""
    path = tmp_path / "old.jsonl"
    written, rows = write_baseline(path, OLD, 1, cases)
    assert (written, rows) == (len(cases), sum(len(item.answers) for item in cases))
    return path


def remembering(played: Side) -> Remembering:
    """A played target whose answers are kept."""
    return Remembering(Played(played.books, lambda: NOW), played, 1, NOW)


def against(path: Path, played: Side, later: int = 0) -> Comparing:
    """The comparison of a file with a played target, so many seconds later."""
    baseline = read_baseline(path)
    recollection = Recollection()
    asker = Played(played.books, lambda: NOW + later)
    comparing = Comparing((recollection, asker), (baseline.side, played), 1, NOW)
    compare_baseline(comparing, recollection, baseline, lambda: NOW + later)
    return comparing


def causes(comparing: Comparing) -> set[str]:
    """The causes of what changed."""
    return {name for group in comparing.groups.told() for name in group.key.causes}


def test_a_file_says_what_was_recorded(
    path: Path, cases: tuple[Remembered, ...]
) -> None:
    """Target, seed and every answer are read back as they were."""
    baseline = read_baseline(path)
    assert (baseline.side, baseline.seed, baseline.cases) == (OLD, 1, cases)


@pytest.mark.parametrize("later", [0, YEARS])
def test_the_same_release_has_not_changed(path: Path, later: int) -> None:
    """All that a played release answers is compared, paths too, and nothing differs;
    years later as well, when the certificates have to be issued anew."""
    compared = against(path, OLD, later)
    assert compared.tally.rows > 100
    assert compared.tally.changed == 0
    assert set(compared.tally.hidden) <= {"not asked: not modelled"}


@pytest.mark.parametrize("later", [0, YEARS])
def test_another_release_has_changed(path: Path, later: int) -> None:
    """What changed is told by cause, as between two targets."""
    found = causes(against(path, NEW, later))
    assert {"strict-critical-basic-constraints", "strict-authority-key-id-by-key"} <= (
        found
    )
    assert "unknown" not in found


def test_bytes_alone_grow_old(tmp_path: Path, cases: tuple[Remembered, ...]) -> None:
    """A case without a scenario that time has changed is counted, and not compared."""
    bare = [Remembered(Source("mine"), item.case, item.answers) for item in cases[:2]]
    path = tmp_path / "bare.jsonl"
    write_baseline(path, OLD, 1, bare)
    assert against(path, OLD).tally.rows
    compared = against(path, OLD, YEARS)
    assert compared.tally.rows == 0
    assert compared.tally.hidden == {TOO_OLD: sum(len(it.answers) for it in bare)}


def test_the_exact_instant_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What ends in the second it is asked in is asked in another such second."""
    ticks = count(NOW * 10)
    monkeypatch.setattr("harness.diff.pinned.time.time", lambda: next(ticks) / 10)
    kept = Remembering(Played(OLD.books, lambda: NOW + 1), OLD, 1, NOW)
    path = tmp_path / "instant.jsonl"
    write_baseline(path, OLD, 1, kept.instants())
    ticks = count((NOW + DAY) * 10)
    compared = against(path, NEW, DAY + 1)
    (group,) = compared.groups.told()
    assert group.key.causes == {"expires-at-the-instant"}
    assert group.roles == set(Role)


def test_random_cases_are_the_same_for_a_seed() -> None:
    """A seed draws the same cases again."""
    first, second = (
        [item.case for item in islice(remembering(OLD).random(15), 15)]
        for _ in range(2)
    )
    assert first == second
    assert len(first) == 15


def test_a_newer_book_is_no_change(path: Path) -> None:
    """The recorded release has what the book says of it by now, and what it drifts
    in."""
    lines = path.read_text().splitlines(keepends=True)
    header = json.loads(lines[0])
    header["side"]["behaviours"] = []
    header["side"]["drifts"] = ["ocsp-bits"]
    path.write_text("".join([json.dumps(header) + "\n", *lines[1:]]))
    assert read_baseline(path).side.behaviours == OLD.behaviours | {"ocsp-bits"}


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda lines: lines[:-1], "no footer"),
        (lambda lines: [*lines[:3], *lines[4:]], "the footer counts"),
        (lambda lines: [*lines[:-1], lines[-1][:20]], "cut short"),
        (
            lambda lines: [lines[0].replace("baseline", "diff"), *lines[1:]],
            "not a baseline",
        ),
        (
            lambda lines: [lines[0], lines[1].replace('"peer"', '"pear"'), *lines[2:]],
            "line 2",
        ),
        (
            lambda lines: [
                lines[0],
                lines[1].replace('"case"', '"fish"', 1),
                *lines[2:],
            ],
            "line 2: 'fish' is not a case",
        ),
    ],
)
def test_a_damaged_file_is_refused(path: Path, change: object, complaint: str) -> None:
    """Cut short, or changed: the place and what is wrong with it."""
    assert callable(change)
    path.write_text("".join(change(path.read_text().splitlines(keepends=True))))
    with pytest.raises(RecordingError, match=complaint):
        read_baseline(path)
