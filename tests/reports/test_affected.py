"""The first affected release, from a bisecting's table into recording and report."""

from pathlib import Path
from typing import Any

import pytest

from harness.campaign.recording import FINDINGS, Recorder
from harness.finding import Diverges, How
from harness.flags import CRL_CHECK_LEAF
from harness.ledger.plain import chain
from reports.affected import NOWHERE, first_affected, keep
from reports.folder import write_folders
from reports.recorded import read_run
from tests.recordings import footer_line, found_line, header_line

OPEN = Diverges("CRL_CHECK_LEAF", How.WRONGLY_ACCEPTED, "r", "rejected", "accepted")


def table(**lines: list[bool | None]) -> dict[str, Any]:
    """A table: of each line whether its stretches are affected."""
    return {
        "by": "OpenSSL",
        "lines": {
            line: [
                {"affected": state, "first": f"{line}.{place}", "last": ""}
                for place, state in enumerate(states)
            ]
            for line, states in lines.items()
        },
    }


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (table(a=[False, True]), "OpenSSL a.1"),
        (
            table(a=[True, False], b=[False, True]),
            "OpenSSL a.0 or earlier, OpenSSL b.1",
        ),
        (table(a=[False]), NOWHERE),
        (table(a=[None]), None),
        (table(), None),
    ],
)
def test_the_first_of_each_line_is_told(form: dict[str, Any], said: str | None) -> None:
    """The oldest that was asked may have an older one before it."""
    assert first_affected(form) == said


def test_it_is_kept_with_the_finding_and_told(tmp_path: Path) -> None:
    """In the recording of the run, and by its folders; a folder alone takes it too.
    What else lies in a folder is left."""
    with Recorder(tmp_path / FINDINGS, header_line()) as recorder:
        recorder.write(found_line(OPEN, chain(), CRL_CHECK_LEAF))
        recorder.close(footer_line())
    (folder,) = write_folders(read_run(tmp_path), tmp_path)
    assert "*not asked*" in (folder / "report.md").read_text("utf-8")
    (folder / "notes.txt").write_text("mine")
    keep(tmp_path, {1: table(a=[False, True])})
    assert read_run(tmp_path).findings[0]["first_affected"] == "OpenSSL a.1"
    said = "First affected release, by bisecting: OpenSSL a.1."
    assert said in (folder / "report.md").read_text("utf-8")
    keep(folder, {1: table(a=[False, False, True])})
    assert "OpenSSL a.2." in (folder / "report.md").read_text("utf-8")
    assert (folder / "notes.txt").read_text() == "mine"
    assert read_run(tmp_path).findings[0]["first_affected"] == "OpenSSL a.1"
