"""Overlays: of the source, of a file, and files that are none."""

from dataclasses import replace
from pathlib import Path

import pytest

from harness.campaign.plan import Plan, read_plan, write_plan
from harness.ledger.overlay_file import OverlayFileError, load_overlays
from harness.ledger.overlays import OVERLAYS, Overlay, overlay
from harness.target.discover import here

BUILD = "OpenSSL 3.0.19 27 Jan 2026 (ours)"
GOOD = f"""
[[overlay]]
build = "{BUILD}"
switch = "numberless-delta-crashes"
why = "We carried the fix back."
"""


def written(folder: Path, text: str) -> Path:
    """A file with this text."""
    path = folder / "overlays.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_overlays_of_a_file_join_those_of_the_source(tmp_path: Path) -> None:
    """Each names one build and one behaviour; a plan carries them to its processes."""
    mine = load_overlays(written(tmp_path, GOOD))
    assert mine == (
        Overlay(BUILD, "numberless-delta-crashes", "We carried the fix back."),
    )
    both = (*OVERLAYS, *mine)
    assert overlay(BUILD, "numberless-delta-crashes", both) == mine[0]
    assert overlay(BUILD, "numberless-delta-crashes") is None
    known = OVERLAYS[0]
    assert overlay(known.build, known.behaviour, both) == known
    plan = Plan(str(tmp_path), (here(),), 1, 2, 3.0, examples=1, overlays=mine)
    assert read_plan(write_plan(plan)) == plan
    assert load_overlays(written(tmp_path, "")) == ()


KNOWN = f"""
[[overlay]]
build = "{OVERLAYS[0].build}"
switch = "{OVERLAYS[0].behaviour}"
why = "Twice."
"""
WRONG = {
    "no TOML": ("[[overlay", "not TOML: "),
    "other table": ("[[target]]\n", "target: unknown; there is [[overlay]]"),
    "one table": ("[overlay]\n", "overlay: is not an array"),
    "no table": ("overlay = [1]\n", "overlay 1: is not a table"),
    "unknown key": (GOOD + "colour = 1\n", "overlay 1: colour: unknown key; there are"),
    "no text": (GOOD.replace(f'"{BUILD}"', "3"), "overlay 1: build: 3 is not a text"),
    "missing": (GOOD.replace("why", "# why"), "overlay 1: why: missing or empty"),
    "empty": (GOOD.replace(BUILD, " "), "overlay 1: build: missing or empty"),
    "no behaviour": (
        GOOD + GOOD.replace("numberless", "nameless"),
        "overlay 2: switch: 'nameless-delta-crashes' is no behaviour",
    ),
    "twice": (GOOD + GOOD, "overlay 2: numberless-delta-crashes of "),
    "of the source": (KNOWN, "is known from the source"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_is_refused_with_its_place(tmp_path: Path, name: str) -> None:
    """File, overlay, key and what is wrong with the value."""
    text, said = WRONG[name]
    path = written(tmp_path, text)
    with pytest.raises(OverlayFileError) as raised:
        load_overlays(path)
    assert str(raised.value).startswith(f"{path}: ")
    assert said in str(raised.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """As every file: its name, and why."""
    with pytest.raises(OverlayFileError, match="No such file"):
        load_overlays(tmp_path / "no.toml")
    known = replace(OVERLAYS[0], why="other")
    assert overlay(known.build, known.behaviour, [known]) == known
