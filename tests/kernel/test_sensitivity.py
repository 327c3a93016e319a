"""Sensitivity: faults are planted, asked for, and undone again."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.kernel import sensitivity
from harness.kernel.campaign import TARGET, VERIFIER, Budget, targets_file
from harness.kernel.fault import Area, Fault
from harness.kernel.sensitivity import Asking, Felt, Found, feel, line_of, summary
from harness.kernel.tree import COVERED, KernelError, built
from harness.target.discover import load_targets_file
from reports.recorded import Recorded

FAULT = Fault(
    "deeper",
    Area.PATHS,
    COVERED[0],
    "check",
    "depth > 1",
    "depth > 2",
    "one more is let pass",
)
SAME = Fault("same", Area.PATHS, COVERED[0], "check", "depth > 1", "depth > 1", "-")
GONE = Fault("gone", Area.PATHS, COVERED[0], "nowhere", "depth", "x", "-")
UNSEEN = Fault("unseen", Area.PATHS, COVERED[0], "check", "name", "x", "-", "equal")


def recorded(*found: tuple[str, float, str], insane: str = "") -> Recorded:
    """A run that found these: source, seconds, signature."""
    lines = tuple(
        {"source": by, "elapsed_s": seconds, "signature": signature}
        for by, seconds, signature in found
    )
    about = {"target": "kernel", "insane_because": insane}
    tallies = {"kernel": {"random": {"counts": {"cases": 7}}}}
    return Recorded({"targets": [about]}, lines, (), {"tallies": tallies})


@pytest.fixture
def asking(source: Path, tmp_path: Path, commands: list[list[str]]) -> Asking:
    """A built tree, and two seeds to ask it with."""
    assert not commands
    tree = built(source, tmp_path / "build", 1)
    out = tmp_path / "out"
    out.mkdir()
    targets = targets_file(tree, "/python", out / "targets.toml")
    return Asking(tree, targets, out, Budget(60.0, 1, 2), (1, 2))


def test_a_fault_is_planted_while_it_is_asked_for(
    asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library is changed in every run for it, and clean before and after."""
    runs: list[tuple[str, bool, tuple[str, ...]]] = []

    def campaign(_targets: Path, budget: Budget, out: Path, *options: str) -> Recorded:
        faulty = "depth > 2" in asking.tree.library.read_text()
        runs.append((f"{out.name}/{budget.seed}", faulty, options))
        if not faulty:
            return recorded()
        if "--random-only" in options:
            return recorded(("random", 4.0 * budget.seed, "r"))
        return recorded(("random", 2.0, "r"), ("witness w", 3.0, "w"))

    monkeypatch.setattr(sensitivity, "campaign", campaign)
    told: list[Felt] = []
    (felt,) = feel(asking, [FAULT], told.append)
    assert [(name, faulty) for name, faulty, _ in runs] == [
        ("clean/1", False),
        ("clean-random-1/1", False),
        ("clean-random-2/2", False),
        ("deeper-run/1", True),
        ("deeper-random-1/1", True),
        ("deeper-random-2/2", True),
    ]
    assert "--first" in runs[3][2]
    assert felt.run == Found("witness w", 3.0, "w", 7)
    assert felt.seconds == 6.0
    assert told == [felt]
    assert "depth > 2" not in asking.tree.library.read_text()
    kept = json.loads((asking.out / "faults.jsonl").read_text())
    assert kept["fault"] == "deeper"
    assert [item["seconds"] for item in kept["random"]] == [4.0, 8.0]


def test_what_the_clean_library_shows_tells_of_no_fault(
    asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A signature known before is passed over, and no run stops at it."""
    seen: list[tuple[float, tuple[str, ...]]] = []

    def campaign(_targets: Path, budget: Budget, _out: Path, *options: str) -> Recorded:
        seen.append((budget.seconds, options))
        return recorded(("probe of p", 3.0, "known"), insane="")

    monkeypatch.setattr(sensitivity, "campaign", campaign)
    (felt,) = feel(asking, [FAULT], lambda _felt: None)
    assert felt.run is None
    assert not felt.by_random
    assert all(
        "--first" not in options or "--random-only" in options for _, options in seen
    )
    assert "nothing" in line_of(felt)
    assert "NOTHING" in line_of(felt)


def test_a_clean_library_must_be_silent(
    asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What random cases find without a fault they would find with every fault."""

    def campaign(*_arguments: Any) -> Recorded:
        return recorded(("random", 5.0, "a mistake of ours"))

    monkeypatch.setattr(sensitivity, "campaign", campaign)
    with pytest.raises(KernelError, match="found without a fault: a mistake of ours"):
        feel(asking, [FAULT], lambda _felt: None)


def test_what_cannot_be_asked_for_is_told(
    asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault without effect, one without a place and one nobody can see."""

    def campaign(*_arguments: Any) -> Recorded:
        return recorded()

    monkeypatch.setattr(sensitivity, "campaign", campaign)
    came = feel(asking, [SAME, GONE, UNSEEN], lambda _felt: None)
    assert [felt.trouble for felt in came] == [
        "compiles to the same library",
        "nowhere is not defined there",
        "",
    ]
    assert "not asked: equal" in line_of(came[2])
    assert "trouble: nowhere" in line_of(came[1])
    assert next(iter(summary(came))).startswith("0 faults asked for, 3 not")


def test_a_canary_comes_before_any_case(
    asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A library that is not sane is found by the canaries, not by random cases."""

    def campaign(*_arguments: Any) -> Recorded:
        if not (asking.out / "begun").exists():
            (asking.out / "begun").touch()
            return recorded()
        return recorded(insane="accepts")

    monkeypatch.setattr(sensitivity, "campaign", campaign)
    (felt,) = feel(asking, [FAULT], lambda _felt: None)
    assert felt.run == Found("canary", 0.0, "accepts", 7)
    assert felt.random == (None, None)


def test_the_numbers_that_stand_for_all() -> None:
    """A fault that one seed missed counts as missed, and as slower than all."""
    quick = Felt(FAULT, Found("witness", 1, "", 1), (Found("random", 2.0, "r", 1),))
    missed = Felt(FAULT, None, (None,))
    first, second = summary([quick, quick, missed])
    assert "3 faults asked for, 0 not; a run found 2, 2 of them by" in first
    assert "found 2 of 3 under every seed; median 2.0 s" in second


def test_the_targets_file_names_the_libraries(asking: Asking) -> None:
    """The harness reads it, and starts the interpreter with the tree's libraries."""
    (target,) = load_targets_file(asking.targets)
    assert target.engine == "ssl"
    assert target.argv == ("/python",)
    assert target.env == {"LD_LIBRARY_PATH": str(asking.tree.folder)}
    both = targets_file(asking.tree, "/python", asking.targets, (TARGET, VERIFIER))
    through, alone = load_targets_file(both)
    assert through == target
    assert alone == replace(target, id=VERIFIER, engine="libcrypto")
