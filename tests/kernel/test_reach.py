"""Reach: what counts, and which branches have a reason."""

from harness.kernel.gcov import Function, Line
from harness.kernel.left_out import LEFT_OUT
from harness.kernel.reach import reached, told
from harness.kernel.unreached import ANYWHERE, REASONS, Reason

FILE = "crypto/x509/x509_vfy.c"


def function(name: str, *branches: int, text: str = "if (x == NULL)") -> Function:
    """A function of one line."""
    return Function(FILE, name, (Line(10, 1, branches, text),))


def test_what_is_left_out_does_not_count() -> None:
    """A function that no TLS verification enters changes no number."""
    reach = reached([function("build_chain", 1, 0), function("dane_match", 0, 0)], ())
    assert [item.name for item in reach.functions] == ["build_chain"]
    assert reach.per_cent() == 50.0


def test_a_reason_excuses_its_branches_only() -> None:
    """Of one line, some branches may be explained and others not."""
    memory = Reason("build_chain", "== NULL", (0,), "memory runs out")
    reach = reached([function("build_chain", 0, 5, 0, 0)], [memory])
    assert [(item.places, item.why) for item in reach.missing] == [
        ((0,), "memory runs out"),
        ((2, 3), ""),
    ]
    assert not reach.stale


def test_a_reason_may_hold_anywhere_and_from_the_end() -> None:
    """The last branch of a line, in whatever function and however long it is."""
    last = Reason(ANYWHERE, "== NULL", (-1,), "no callback")
    short, long = function("check_trust", 1, 0), function("check_id", 1, 1, 1, 0)
    reach = reached([short, long], [last])
    assert [item.places for item in reach.missing] == [(1,), (3,)]
    assert all(item.why for item in reach.missing)


def test_a_reason_that_excuses_nothing_is_stale() -> None:
    """What was taken needs no reason, nor does what is not there."""
    taken = Reason("build_chain", "== NULL", (1,), "never")
    gone = Reason("gone", "== NULL", (0,), "never")
    beyond = Reason("build_chain", "== NULL", (7,), "never")
    reach = reached([function("build_chain", 0, 5)], [taken, gone, beyond])
    assert reach.stale == (taken, gone, beyond)
    assert [item.why for item in reach.missing] == [""]


def test_what_is_printed() -> None:
    """Each branch stands with place, text and reason; the last line has the sums."""
    memory = Reason("build_chain", "== NULL", (0,), "memory runs out")
    lines = list(told(reached([function("build_chain", 0, 5, 0, 3)], [memory])))
    assert lines[0] == f"{FILE}: 50.0 % of branches"
    assert f"  {FILE}:10 #0 of 4  if (x == NULL)  [memory runs out]" in lines
    assert f"  build_chain  {FILE}:10 #2 of 4  if (x == NULL)" in lines
    assert lines[-2].startswith("2 of 4 branches, 50.0 %; 1 more cannot be taken")
    assert lines[-1].startswith("of the 3 that can be taken 66.7 %")


def test_the_tables_are_whole() -> None:
    """A function that is left out has no reason, and every entry says why."""
    assert all(LEFT_OUT.values())
    for reason in REASONS:
        assert reason.function not in LEFT_OUT, reason
        assert reason.why, reason
        assert reason.places, reason
    assert len(set(REASONS)) == len(REASONS)
