"""Folders of findings for tests, and their scripts run."""

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from harness.finding import Diverges, Finding, How, Unexplained
from harness.flags import CRL_CHECK_LEAF, Flags
from harness.ledger.plain import (
    ROOT_CRL,
    chain,
    revoking,
)
from harness.outcome import Answer
from harness.pki.spec import (
    Scenario,
)
from reports.folder import write_folder
from reports.grouping import Group
from tests.recordings import Line, found_line, header_line

ROOT = Path(__file__).parent.parent.parent
LIAR = "tests.fakes.ignores_crl_check_leaf"
REVOKED = chain(crls=(ROOT_CRL, revoking("leaf")))
ACCEPTED = Unexplained(
    "crl.revoked", "rejected 23 CERT_REVOKED", "accepted", CRL_CHECK_LEAF
)
OPEN = Diverges("CRL_CHECK_LEAF", How.WRONGLY_ACCEPTED, "r", "rejected", "accepted")
HOSTILE = '"""\n<script>*x*</script>`$(id)`\\ \x1b[31m'


def answer(flags: Flags, outcome: Any) -> Answer:
    """An answer that was had just now."""
    now = int(time.time())
    return Answer(flags, flags, outcome, now, now)


def write(
    folder: Path,
    finding: Finding,
    scenario: Scenario | None,
    *flags: Flags,
    header: Line | None = None,
    **changes: Any,
) -> Path:
    """The folder of one finding."""
    line = found_line(finding, scenario, *flags, **changes)
    group = Group(line["signature"], line["severity"], (line,), 1)
    head = {"kind": "header", "version": 2, "tool": "verifyflags 0", **header_line()}
    return write_folder(head | (header or {}), group, folder)


def run(folder: Path, *before: str) -> "subprocess.CompletedProcess[str]":
    """The script, run from elsewhere by this interpreter."""
    return subprocess.run(
        [sys.executable, "-B", *before, str(folder / "reproduce.py")],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env={"PYTHONPATH": str(ROOT)},
        cwd="/",
    )


def source(folder: Path) -> str:
    """The script's text."""
    return (folder / "reproduce.py").read_text("utf-8")
