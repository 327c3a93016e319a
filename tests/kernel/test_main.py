"""The command line of the measurements."""

from pathlib import Path

import pytest

from harness.kernel.__main__ import main
from harness.kernel.faults import FAULTS


def test_the_faults_can_be_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """Each has a line with its name and what goes wrong."""
    assert main(["list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(FAULTS)
    assert lines[0].startswith(FAULTS[0].name)
    assert lines[0].endswith(FAULTS[0].what)


def test_what_cannot_be_measured_is_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder that is no source tree is named on standard error."""
    assert main(["reach", str(tmp_path)]) == 2
    assert f"kernel: {tmp_path}: no source tree" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        main(["faults", str(tmp_path), "--part", "half"])
