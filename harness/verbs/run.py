"""``verifyflags run``: explore the targets, and say what was found."""

import json
import os
import secrets
import sys
import time
from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TextIO

from harness.campaign.launch import launch
from harness.campaign.plan import SHRINKING, Plan
from harness.campaign.recording import FINDINGS
from harness.campaign.tracing import is_installed
from harness.verbs.choosing import (
    UsageError,
    chosen_targets,
    file_overlays,
    new_folder,
)
from harness.verbs.remembering import chosen_history, remembered
from harness.verbs.saying import say
from reports.folder import write_folders
from reports.markdown import render
from reports.recorded import read_run
from reports.summary import summary

SECONDS: Final = 150.0
"""Wall time of a run that is told neither time nor number of cases."""

COVERING: Final = 280.0
"""The same where branches of the oracle are measured: rare ones take their time."""

PLAIN_SECONDS: Final = 15.0
"""How often progress is said where there is no terminal."""


def run(arguments: Namespace) -> int:
    """Run a campaign; the exit status. Raises ``UsageError``."""
    if arguments.oracle_coverage and not is_installed():
        raise UsageError(
            "--oracle-coverage needs the library coverage: "
            "pip install 'verifyflags[coverage]'"
        )
    targets = chosen_targets(arguments.target, arguments.targets_file)
    seed = arguments.seed if arguments.seed is not None else secrets.randbelow(2**32)
    seconds = arguments.seconds
    if seconds is None and arguments.examples is None:
        seconds = COVERING if arguments.oracle_coverage else SECONDS
    overlays = file_overlays(arguments.overlays)
    out = new_folder(arguments.out)
    history = chosen_history(arguments.history, out)
    started = time.time()
    plan = Plan(
        str(out),
        targets,
        seed,
        int(started),
        started,
        seconds,
        arguments.examples,
        arguments.workers or os.cpu_count() or 1,
        arguments.first,
        shrinking=SHRINKING if arguments.shrinking is None else arguments.shrinking,
        random_only=arguments.random_only,
        themes=tuple(dict.fromkeys(arguments.theme)),
        oracle_coverage=arguments.oracle_coverage,
        targets_file=arguments.targets_file and str(arguments.targets_file),
        overlays=overlays,
        overlays_file=arguments.overlays and str(arguments.overlays),
        openssl=arguments.openssl,
    )
    said = Progress(sys.stderr, started)
    said.begin(plan)
    conclusion = launch(plan, said.tell)
    said.end()
    recorded = read_run(out)
    remembered(history, recorded)
    (out / "summary.md").write_text(render(recorded), encoding="utf-8")
    if arguments.json:
        for line in (recorded.header, *recorded.findings, *recorded.faults):
            say(json.dumps(line))
        say(json.dumps(recorded.footer))
    else:
        say(summary(recorded).rstrip("\n"))
        say(f"written to {out / FINDINGS} and {out / 'summary.md'}")
    for folder in write_folders(recorded, out):
        if not arguments.json:
            say(f"written to {folder}")
    return int(conclusion.status)


@dataclass(slots=True)
class Progress:
    """Progress on standard error: one line kept up to date on a terminal, a plain line
    now and then elsewhere."""

    stream: TextIO
    started: float
    clock: Callable[[], float] = time.time
    _said: float = 0.0
    _width: int = 0
    _live: bool = field(init=False)

    def __post_init__(self) -> None:
        # A line redrawn in place is decoration, which NO_COLOR asks to go without.
        self._live = self.stream.isatty() and not os.environ.get("NO_COLOR")
        self._said = self.started

    def begin(self, plan: Plan) -> None:
        """Say what is run, and how to run it again."""
        budget = f"{plan.examples or 0:,} cases for each target"
        if plan.seconds is not None:
            budget = f"{plan.seconds:g} s"
        names = ", ".join(target.id for target in plan.targets)
        self.stream.write(
            f"asking {names} for {budget}, seed {plan.seed}, {plan.workers} workers\n"
        )
        self.stream.flush()

    def tell(self, counts: dict[str, int], found: str = "findings") -> None:
        """Say how far the run is, and what it calls what it finds."""
        now = self.clock()
        if not self._live and now - self._said < PLAIN_SECONDS:
            return
        self._said = now
        text = (
            f"{now - self.started:.0f} s: {counts.get('cases', 0):,} cases, "
            f"{counts.get('verdicts', 0):,} verdicts, "
            f"{counts.get(found, 0):,} {found}"
        )
        if self._live:
            self.stream.write("\r" + text.ljust(self._width))
            self._width = len(text)
        else:
            self.stream.write(text + "\n")
        self.stream.flush()

    def end(self) -> None:
        """Leave the line that was kept up to date."""
        if self._live and self._width:
            self.stream.write("\r" + " " * self._width + "\r")
            self.stream.flush()
