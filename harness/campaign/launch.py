"""Starting a campaign: pytest in a process of its own, xdist for its workers, and one
``findings.jsonl`` made of what they recorded.
"""

import contextlib
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import harness
from harness.campaign import entry
from harness.campaign.conclusion import Conclusion, conclude
from harness.campaign.glossary import glossary
from harness.campaign.marks import progress
from harness.campaign.opinions import with_opinions
from harness.campaign.plan import SHRINKING, Plan, write_plan
from harness.campaign.plugin import OPTION
from harness.campaign.reach import reach_of
from harness.campaign.reach import to_json as reach_to_json
from harness.campaign.recording import (
    FINDINGS,
    Line,
    Recorder,
    RecordingError,
    read_lines,
    read_recording,
)
from harness.campaign.tracing import branches_taken
from harness.wire import to_json

GRACE_SECONDS: Final = 180
"""How long after its time a run may still shrink, close and write."""

_PYTEST_ENDED: Final = (0, 1)
"""pytest's statuses of a session that went to its end."""


def launch(plan: Plan, tell: Callable[[dict[str, int]], None]) -> Conclusion:
    """Run the plan, telling the counts about once a second; write ``findings.jsonl``.

    The scratch folder is removed; pytest's own output stays as ``pytest.log`` where
    something went wrong in it.
    """
    log = plan.scratch / "pytest.log"
    troubles = list(_run(plan, log, tell))
    lines = gathered(plan.scratch, troubles)
    reach = None
    if plan.oracle_coverage:
        reach = reach_of(branches_taken(plan.scratch))
    conclusion = conclude(plan, lines, troubles, reach)
    conclusion = replace(conclusion, findings=with_opinions(plan, conclusion))
    _write(plan, conclusion)
    if troubles or conclusion.faults:
        shutil.copy(log, Path(plan.out) / "pytest.log")
    shutil.rmtree(plan.scratch)
    return conclusion


def command(plan: Plan) -> str:
    """The command that runs the plan again."""
    words = ["verifyflags", "run", "--seed", str(plan.seed)]
    if plan.examples is not None:
        words += ["--examples", str(plan.examples)]
    elif plan.seconds is not None:
        words += ["--seconds", f"{plan.seconds:g}"]
    if plan.first:
        words += ["--first"]
    if plan.random_only:
        words += ["--random-only"]
    for theme in plan.themes:
        words += ["--theme", theme]
    if plan.shrinking != SHRINKING:
        words += ["--shrinking", f"{plan.shrinking:g}"]
    if plan.oracle_coverage:
        words += ["--oracle-coverage"]
    if plan.overlays_file is not None:
        words += ["--overlays", plan.overlays_file]
    if plan.openssl is not None:
        words += ["--openssl", plan.openssl]
    if plan.targets_file is not None:
        words += ["--targets-file", plan.targets_file]
    for target in plan.targets:
        words += ["--target", target.id]
    return shlex.join(words)


def _run(
    plan: Plan, log: Path, tell: Callable[[dict[str, int]], None]
) -> Iterator[str]:
    """Run pytest to its end; what went wrong with it."""
    path = write_plan(plan)
    settings = plan.scratch / "pytest.ini"
    settings.write_text("[pytest]\n", encoding="utf-8")
    argv = [
        *(sys.executable, "-m", "pytest", entry.__file__),
        *("-c", str(settings), "--rootdir", str(plan.scratch)),
        *("-p", "xdist", "-p", "harness.campaign.plugin", "-p", "no:cacheprovider"),
        *("-q", "--import-mode=importlib", "-n", str(plan.workers)),
        *("--dist=load", "--maxschedchunk=1", f"{OPTION}={path}"),
    ]
    with log.open("wb") as output:
        process = subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=_environment(plan),
        )
        try:
            yield from _wait(plan, process, tell)
        except KeyboardInterrupt:
            yield "interrupted"
            _end(process)
    if process.returncode not in _PYTEST_ENDED:
        yield f"pytest ended with {process.returncode}; see pytest.log"


def _wait(
    plan: Plan,
    process: "subprocess.Popen[bytes]",
    tell: Callable[[dict[str, int]], None],
) -> Iterator[str]:
    while True:
        try:
            process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            tell(progress(plan.scratch))
        else:
            return
        if plan.seconds is None:
            continue
        if time.time() > plan.started + plan.seconds + GRACE_SECONDS:
            yield f"the run was still busy {GRACE_SECONDS} s after its time"
            _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _environment(plan: Plan) -> dict[str, str]:
    """Ours, where pytest loads no plugin but those that are named, and finds us."""
    here = str(Path(harness.__file__).parent.parent)
    paths = [here, *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    return {
        **os.environ,
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTEST_ADDOPTS": "",
        "HYPOTHESIS_STORAGE_DIRECTORY": str(plan.scratch / "hypothesis"),
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
    }


def gathered(folder: Path, troubles: list[str]) -> list[Line]:
    """The lines of every process's record; of one cut short those before the cut,
    which is added to ``troubles``."""
    lines: list[Line] = []
    for path in sorted(folder.glob("*.jsonl")):
        try:
            lines += read_recording(path)
        except RecordingError as error:
            troubles.append(f"a record is not whole: {error}")
            with contextlib.suppress(RecordingError):
                lines.extend(read_lines(path))
    return lines


def _write(plan: Plan, conclusion: Conclusion) -> None:
    path = Path(plan.out) / FINDINGS
    with Recorder(path, _header(plan, conclusion)) as recorder:
        for line in (*conclusion.findings, *conclusion.faults):
            recorder.write(line)
        recorder.close(
            {
                "status": int(conclusion.status),
                "reasons": list(conclusion.reasons),
                "elapsed_s": round(time.time() - plan.started, 3),
                "tallies": {
                    target: {name: tally.to_json() for name, tally in sums.items()}
                    for target, sums in conclusion.tallies.items()
                },
                "oracle_coverage": conclusion.reach and reach_to_json(conclusion.reach),
            }
        )


def _header(plan: Plan, conclusion: Conclusion) -> dict[str, Any]:
    return {
        "seed": plan.seed,
        "now": plan.now,
        "started": plan.started,
        "seconds": plan.seconds,
        "examples": plan.examples,
        "workers": plan.workers,
        "shards": plan.shards,
        "first": plan.first,
        "repeat": command(plan),
        "requested": [to_json(target) for target in plan.targets],
        "targets": [
            {key: value for key, value in line.items() if key != "kind"}
            for line in conclusion.targets
        ],
        "glossary": glossary(conclusion.targets, conclusion.tallies),
    }
