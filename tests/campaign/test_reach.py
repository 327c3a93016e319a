"""Measuring branches: only inside the tracer, over processes, with reasons by text."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from harness.campaign.reach import END, reach_of, shortfalls, to_json
from harness.campaign.tracing import Tracer, branches_taken
from harness.campaign.unreached import REASONS, Reason

SOURCE = """\
def sign(number):
    if number < 0:
        return "minus"
    return "plus"


class Counter:
    def count(self, items):
        for item in items:
            if item:
                yield item
"""
FILE = "part/tree.py"
NEGATIVE = Reason(FILE, "sign", "if number < 0:", "numbers here are natural")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A package of one module with five branches."""
    folder = tmp_path / "package"
    (folder / "part").mkdir(parents=True)
    (folder / FILE).write_text(SOURCE)
    (folder / "unused.py").write_text("def f(x):\n    return 1 if x else 2\n")
    return folder


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """Where the processes of a run leave their measurements."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    return scratch


def imported(folder: Path) -> ModuleType:
    """The module of the package."""
    spec = importlib.util.spec_from_file_location("tree", folder / FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def missing(scratch: Path, folder: Path) -> set[tuple[int, int]]:
    """The branches of the module that nobody took."""
    files = {item.file: item for item in branches_taken(scratch, folder)}
    assert list(files) == [FILE]
    assert files[FILE].count == 6
    return set(files[FILE].missing)


EVERY = {(2, 3), (2, 4), (9, 10), (9, -8), (10, 11), (10, 9)}


def test_only_what_runs_inside_the_tracer_counts(folder: Path, scratch: Path) -> None:
    """Calls before, between and after count for nothing; generators count."""
    tracer = Tracer(scratch, "gw0", folder)
    tree = imported(folder)
    tree.sign(-1)
    with tracer:
        tree.sign(1)
    tree.sign(-1)
    with tracer:
        list(tree.Counter().count([0]))
    list(tree.Counter().count([1]))
    tracer.save()
    assert missing(scratch, folder) == {(2, 3), (10, 11)}


def test_processes_count_together(folder: Path, scratch: Path) -> None:
    """What one process of a run took another one need not take."""
    tree = imported(folder)
    for name, number in (("gw0", 1), ("gw1", -1)):
        tracer = Tracer(scratch, name, folder)
        with tracer:
            tree.sign(number)
        tracer.save()
    assert missing(scratch, folder) == EVERY - {(2, 3), (2, 4)}


def test_nothing_measured_is_nothing_taken(folder: Path, scratch: Path) -> None:
    """A run in which no case was judged took no branch, which is told."""
    Tracer(scratch, "gw0", folder).save()
    reach = reach_of(branches_taken(scratch, folder), (), folder)
    assert reach.per_cent == 0
    assert [text.partition(":")[0] for text in shortfalls(reach)] == [
        "no branch of the oracle was measured"
    ]


def measured(scratch: Path, folder: Path, *numbers: int) -> None:
    """A run that takes the branches of the generator, and those of these numbers."""
    tree = imported(folder)
    tracer = Tracer(scratch, "gw0", folder)
    with tracer:
        list(tree.Counter().count([0, 1]))
        for number in numbers:
            tree.sign(number)
    tracer.save()


def test_a_missing_branch_is_told_by_its_text(folder: Path, scratch: Path) -> None:
    """Function, source and goal are said, and no reason where none is known."""
    measured(scratch, folder, 1)
    reach = reach_of(branches_taken(scratch, folder), (), folder)
    (only,) = reach.missing
    assert (only.function, only.source) == ("sign", "if number < 0:")
    assert (only.line, only.to, only.goal) == (2, 3, 'return "minus"')
    assert only.why == ""
    assert reach.per_cent == pytest.approx(100 * 5 / 6)
    below, bare = shortfalls(reach)
    assert "83.3 %" in below
    assert bare.startswith("1 of the oracle's branches")


def test_a_reason_outlives_line_numbers(folder: Path, scratch: Path) -> None:
    """A reason fits by function and text wherever the function moves."""
    (folder / FILE).write_text("\n\n\n" + SOURCE)
    measured(scratch, folder, 1)
    reach = reach_of(branches_taken(scratch, folder), (NEGATIVE,), folder)
    assert [item.why for item in reach.missing] == [NEGATIVE.why]
    assert reach.stale == ()
    assert not [text for text in shortfalls(reach) if "nobody" in text]


def test_a_reason_may_name_where_the_branch_goes(folder: Path, scratch: Path) -> None:
    """With a goal a reason excuses that branch of its line alone."""
    measured(scratch, folder)
    goal = Reason(FILE, "sign", "if number < 0:", "no", goal='return "minus"')
    reach = reach_of(branches_taken(scratch, folder), (goal,), folder)
    assert [(item.goal, item.why) for item in reach.missing] == [
        ('return "minus"', "no"),
        ('return "plus"', ""),
    ]


def test_a_branch_out_of_a_function_goes_to_its_end(
    folder: Path, scratch: Path
) -> None:
    """Where a loop of a method ends its function, the branch is told so."""
    tracer = Tracer(scratch, "gw0", folder)
    tree = imported(folder)
    with tracer:
        next(tree.Counter().count([1]))
    tracer.save()
    reach = reach_of(branches_taken(scratch, folder), (), folder)
    ends = [item for item in reach.missing if item.goal == END]
    assert [(item.function, item.to) for item in ends] == [("Counter.count", None)]


@pytest.mark.parametrize(
    "stale",
    [
        NEGATIVE,
        Reason(FILE, "sign", "if number <= 0:", "the text is another"),
        Reason("gone.py", "sign", "if number < 0:", "the file is gone"),
    ],
)
def test_a_stale_reason_is_reported(folder: Path, scratch: Path, stale: Reason) -> None:
    """A reason for a branch that was reached, or is gone, is a shortfall."""
    measured(scratch, folder, 1, -1)
    reach = reach_of(branches_taken(scratch, folder), (stale,), folder)
    assert reach.per_cent == 100
    assert reach.stale == (stale,)
    (told,) = shortfalls(reach)
    assert told.startswith("a stale reason")


def test_the_footers_numbers_add_up(folder: Path, scratch: Path) -> None:
    """Files, branches, taken and missing of the JSON form agree with each other."""
    measured(scratch, folder, 1)
    form = to_json(reach_of(branches_taken(scratch, folder), (NEGATIVE,), folder))
    assert (form["branches"], form["taken"]) == (6, 5)
    assert form["files"] == [{"file": FILE, "branches": 6, "taken": 5}]
    assert [line["why"] for line in form["missing"]] == [NEGATIVE.why]


def test_every_reason_says_why() -> None:
    """No two reasons speak of the same branch, and each has its sentence."""
    keys = [(item.file, item.function, item.source, item.goal) for item in REASONS]
    assert len(set(keys)) == len(keys)
    assert all(item.why.strip() for item in REASONS)
