"""Recordings: what is written is read, and what is cut short is noticed."""

from pathlib import Path

import pytest

from harness.campaign.recording import (
    Recorder,
    RecordingError,
    of_kind,
    read_lines,
    read_recording,
)


def recorded(path: Path) -> Path:
    """A whole recording of two findings."""
    with Recorder(path, {"seed": 3}) as recorder:
        recorder.write({"kind": "finding", "signature": "one"})
        recorder.write({"kind": "finding", "signature": "zwei \u2028\ud800"})
        recorder.close({"status": 1})
    return path


def test_lines_round_trip(tmp_path: Path) -> None:
    """Header, findings with any text, and footer come back."""
    lines = read_recording(recorded(tmp_path / "findings.jsonl"))
    assert lines[0]["seed"] == 3
    assert [line["signature"] for line in of_kind(lines, "finding")] == [
        "one",
        "zwei \u2028\ud800",
    ]
    assert lines[-1]["status"] == 1


def test_every_cut_is_noticed(tmp_path: Path) -> None:
    """A file cut at any byte before its last is refused."""
    whole = recorded(tmp_path / "whole").read_bytes()
    cut = tmp_path / "cut"
    for length in range(len(whole) - 1):
        cut.write_bytes(whole[:length])
        with pytest.raises(RecordingError):
            read_recording(cut)


def test_a_lost_line_is_noticed(tmp_path: Path) -> None:
    """A footer that counts other lines than there are is refused."""
    lines = recorded(tmp_path / "whole").read_text().splitlines(keepends=True)
    path = tmp_path / "lost"
    path.write_text("".join(lines[:1] + lines[2:]))
    with pytest.raises(RecordingError, match="counts 3 lines, there are 2"):
        read_recording(path)


def test_what_was_written_before_a_crash_is_there(tmp_path: Path) -> None:
    """Lines are on disk before the recorder is closed."""
    path = tmp_path / "open"
    recorder = Recorder(path, {})
    recorder.write({"kind": "finding", "signature": "early"})
    assert [line["kind"] for line in read_lines(path)] == ["header", "finding"]
    recorder.close()


@pytest.mark.parametrize(
    "text",
    ["", "[]\n", '{"kind": "footer"}\n', '{"kind": "header", "version": 99}\n', "\xff"],
)
def test_what_is_no_recording_is_refused(tmp_path: Path, text: str) -> None:
    """The message names the file."""
    path = tmp_path / "other"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(RecordingError, match="other"):
        read_recording(path)


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """A recorder refuses a file that exists."""
    path = recorded(tmp_path / "findings.jsonl")
    with pytest.raises(FileExistsError):
        Recorder(path, {})
