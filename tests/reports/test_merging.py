"""Merging: each finding once, counts added, and only runs that fit together."""

from pathlib import Path
from typing import Any

import pytest

from harness.campaign.recording import RecordingError
from reports.merging import MergeError, merge, write
from reports.recorded import Recorded, read_run, read_runs
from tests.recordings import about
from tests.reports.runs import SIDES, TALLY, default_findings, write_run

UNDECIDED = "here: CRL_CHECK_LEAF/revoked is undecided (refuses, client)"


def merged(*folders: Path) -> Recorded:
    """These folders' runs as one."""
    return merge(read_runs(folders))


def test_counts_add_up_and_findings_stay_one(tmp_path: Path) -> None:
    """The same signature on the same target is one finding, seen as often as in all."""
    one, two = write_run(tmp_path / "1", seed=1), write_run(tmp_path / "2", seed=2)
    run = merged(one, two)
    assert run.sums("here", "", "counts")["verdicts"] == 2000
    assert [line["seen"] for line in run.findings] == [4, 2]
    assert [part["seed"] for part in run.header["parts"]] == [1, 2]
    assert run.footer["elapsed_s"] == 20.0
    assert run.footer["status"] == 1


def test_what_is_merged_is_written_and_read_again(tmp_path: Path) -> None:
    """A merged run is a run like any other, and can be merged with a third."""
    one, two = write_run(tmp_path / "1", seed=1), write_run(tmp_path / "2", seed=2)
    run = merged(one, two)
    (tmp_path / "merged").mkdir()
    write(run, tmp_path / "merged")
    again = read_run(tmp_path / "merged")
    assert again == run
    three = write_run(tmp_path / "3", seed=3)
    parts = merged(tmp_path / "merged", three).header["parts"]
    assert [part["seed"] for part in parts] == [1, 2, 3]


def test_what_one_shard_missed_another_may_have_decided(tmp_path: Path) -> None:
    """A reason stays only where no shard asked; what a machine could not, stays."""
    here = [about("here", expected=list(SIDES))]
    missed: dict[str, Any] = {
        "targets": here,
        "requested": [{"id": "here"}],
        "findings": [],
        "status": 3,
        "reasons": [UNDECIDED, "a record is not whole"],
    }
    one = write_run(tmp_path / "1", **missed)
    whole = TALLY["decided"] | {SIDES[1]: 1}
    two = write_run(
        tmp_path / "2",
        targets=here,
        requested=[{"id": "here"}],
        findings=[],
        status=0,
        reasons=[],
        tally={**TALLY, "decided": whole},
    )
    run = merged(one, two)
    assert run.footer["reasons"] == ["a record is not whole"]
    assert run.footer["status"] == 3
    assert UNDECIDED in merge([read_run(one)]).footer["reasons"]


def test_one_name_for_two_builds_is_refused(tmp_path: Path) -> None:
    """A target that is another OpenSSL in another run is named, with both."""
    one = write_run(tmp_path / "1")
    two = write_run(tmp_path / "2", targets=[about("here", openssl="OpenSSL 3.5.9")])
    with pytest.raises(MergeError, match=r"here: .*'OpenSSL 3.0.19'.*'OpenSSL 3.5.9'"):
        merged(one, two)


def test_a_shard_cut_short_is_refused(tmp_path: Path) -> None:
    """Nothing is merged of a file whose footer is missing."""
    one, two = write_run(tmp_path / "1"), write_run(tmp_path / "2")
    path = two / "findings.jsonl"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))
    with pytest.raises(RecordingError, match=r"2/findings\.jsonl: cut short"):
        merged(one, two)


def test_a_finding_keeps_its_own_seed_and_moment(tmp_path: Path) -> None:
    """What its own header said of a finding is not lost in the merged one."""
    lines = default_findings()
    for line in lines:
        del line["seed"]
    one = write_run(tmp_path / "1", findings=[], seed=1)
    two = write_run(tmp_path / "2", findings=lines, seed=2, now=99)
    run = merged(one, two)
    assert {(line["seed"], line["now"]) for line in run.findings} == {(2, 99)}
