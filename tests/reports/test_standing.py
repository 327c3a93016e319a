"""The matrix: four states, the first that holds, with what it counts."""

from pathlib import Path

from reports.interactions import interactions
from reports.recorded import read_run
from reports.standing import PROCESS, RELEASE, Cell, State, matrix
from reports.unseen import unseen
from tests.recordings import about
from tests.reports.runs import CRASH, SIDES, TALLY, finding_line, write_run


def test_each_state_is_told(tmp_path: Path) -> None:
    """Finding, known divergence and kept, each with its count."""
    shown = matrix(read_run(write_run(tmp_path)))
    assert shown.cell("CRL_CHECK_LEAF", "here") == Cell(State.KEPT, 4)
    revoked = shown.cell("CRL_CHECK_LEAF/revoked", "here")
    assert (revoked.state, revoked.count) == (State.FINDING, 1)
    assert shown.cell("USE_DELTAS", "here") == Cell(
        State.KNOWN, 9, ("delta-for-complete",)
    )
    law = shown.cell("law:X509_STRICT/takes-away", "here")
    assert law.state is State.FINDING
    assert shown.cell(RELEASE, "here") == Cell(State.KEPT, 1000)


def test_a_target_that_was_not_asked_is_never_exercised(tmp_path: Path) -> None:
    """Its whole column says so, and no cell of it counts as kept."""
    shown = matrix(read_run(write_run(tmp_path)))
    assert {shown.cell(check.id, "gone").state for check in shown.checks} == {
        State.UNTRIED
    }
    assert shown.counts("gone")[State.UNTRIED] == len(shown.checks)


def test_a_side_that_nothing_met_leaves_a_sentence_untried(tmp_path: Path) -> None:
    """Deciding one side is not enough, and the missing one is named."""
    sides = [*SIDES, "CRL_CHECK_LEAF|refuses|server"]
    here = about("here", expected=sides)
    run = read_run(write_run(tmp_path, targets=[here]))
    cell = matrix(run).cell("CRL_CHECK_LEAF", "here")
    assert cell == Cell(State.UNTRIED, 0, ("refuses (server)",))
    assert ("here", "CRL_CHECK_LEAF", cell.notes) in unseen(run, matrix(run)).undecided


def test_a_sentence_that_does_not_apply_is_no_gap(tmp_path: Path) -> None:
    """What the target's edition does not promise is neither kept nor missing."""
    run = read_run(write_run(tmp_path, findings=[], targets=[about("here")]))
    assert matrix(run).cell("CRL_CHECK_LEAF", "here").state is State.ABSENT
    assert unseen(run, matrix(run)).undecided == ()


def test_a_crash_is_a_finding_of_the_process(tmp_path: Path) -> None:
    """A finding without a sentence has its row too."""
    crash = finding_line(CRASH, "broken")
    shown = matrix(read_run(write_run(tmp_path, findings=[crash])))
    assert shown.cell(PROCESS, "here").state is State.FINDING


def test_pairs_of_flags_are_counted_and_marked(tmp_path: Path) -> None:
    """Rows by both flags, in one order of names, and findings where both were set."""
    tally = {**TALLY, "pairs": {"CRL_CHECK_LEAF|X509_STRICT": 7, "odd|X509_STRICT": 1}}
    shown = interactions(read_run(write_run(tmp_path, tally=tally)))
    assert shown.asked["CRL_CHECK_LEAF", "X509_STRICT"] == 7
    assert shown.asked["UNNAMED", "UNNAMED"] == 1
    assert len(shown.found["CRL_CHECK_LEAF", "CRL_CHECK_LEAF"]) == 1
    assert shown.flags == ("DEFAULT", "CRL_CHECK_LEAF", "X509_STRICT", "UNNAMED")


def test_skips_are_told_by_cause(tmp_path: Path) -> None:
    """What differs in quoted words alone is one cause, with an example."""
    tally = {
        **TALLY,
        "skips": {"unsupported: name 'a': no": 3, "unsupported: name 'b': no": 4},
    }
    run = read_run(write_run(tmp_path, tally=tally))
    (skip,) = unseen(run, matrix(run)).skips
    assert (skip.rows, skip.targets) == (7, ("here",))
    assert skip.example == "unsupported: name 'a': no"
    assert unseen(run, matrix(run)).unfelt == {"here": ("unfelt",)}
