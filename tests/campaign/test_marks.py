"""Marks: one claim each, progress of all processes together, one stop for all."""

from pathlib import Path

from harness.campaign.marks import Marks, progress


def test_a_signature_is_claimed_once(tmp_path: Path) -> None:
    """Whoever comes second does not shrink it too, in whatever process."""
    one, other = Marks(tmp_path, "one"), Marks(tmp_path, "other")
    assert one.claim("broken: crash")
    assert not other.claim("broken: crash")
    assert other.claim("broken: hang")


def test_shards_that_began_are_counted(tmp_path: Path) -> None:
    """Each shard counts once, whoever began it."""
    one, other = Marks(tmp_path, "one"), Marks(tmp_path, "other")
    assert [one.begin("a-0"), other.begin("a-1"), one.begin("a-2")] == [1, 2, 3]


def test_stop_is_for_all(tmp_path: Path) -> None:
    """One process's stop is seen by every other."""
    one, other = Marks(tmp_path, "one"), Marks(tmp_path, "other")
    assert not other.stopped()
    one.stop()
    assert other.stopped()


def test_progress_adds_up(tmp_path: Path) -> None:
    """Counts of all processes are summed, the latest of each."""
    one, other = Marks(tmp_path, "one"), Marks(tmp_path, "other")
    one.beat({"cases": 1}, at_once=True)
    one.beat({"cases": 2}, at_once=True)
    one.beat({"cases": 100})
    other.beat({"cases": 5, "verdicts": 7}, at_once=True)
    assert progress(tmp_path) == {"cases": 7, "verdicts": 7}
