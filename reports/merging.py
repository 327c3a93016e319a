"""Several runs told as one: shards of other machines, seeds or targets."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import harness
from harness.campaign.conclusion import STATIONS, Status, gaps, size
from harness.campaign.recording import FINDINGS, VERSION, Line, Recorder
from harness.campaign.tally import Tally
from reports.recorded import Recorded, worst_first

_WHO: Final = ("implementation", "python", "openssl", "platform", "engine", "module")
"""What has to be the same for one target in two runs."""


class MergeError(ValueError):
    """Runs that cannot be told as one; the message has the target and both sides."""


def merge(runs: Sequence[Recorded]) -> Recorded:
    """One run made of several, each target once, each signature once for a target.

    Raises ``MergeError`` where a target's name stands for two builds.
    """
    if len(runs) == 1:
        return runs[0]
    targets = _targets(runs)
    tallies = _tallies(runs)
    findings = _smallest(_placed(run, line) for run in runs for line in run.findings)
    faults = _smallest(_placed(run, line) for run in runs for line in run.faults)
    header = _header(runs, targets)
    missing = [
        reason
        for target in header["requested"]
        for reason in gaps(target["id"], targets, tallies.get(target["id"], {}))
    ]
    reasons = [*dict.fromkeys((*_others(runs), *missing))]
    footer = {
        "kind": "footer",
        "lines": 1 + len(findings) + len(faults),
        "status": int(_status(runs, findings, reasons)),
        "reasons": reasons,
        "elapsed_s": round(sum(run.footer["elapsed_s"] for run in runs), 3),
        "tallies": {
            target: {name: tally.to_json() for name, tally in sums.items()}
            for target, sums in tallies.items()
        },
        "oracle_coverage": None,
    }
    return Recorded(header, tuple(sorted(findings, key=worst_first)), faults, footer)


def write(run: Recorded, folder: Path) -> None:
    """Record a run in a folder that has none. Raises ``OSError``."""
    with Recorder(folder / FINDINGS, run.header) as recorder:
        for line in (*run.findings, *run.faults):
            recorder.write(line)
        recorder.close({**run.footer, "lines": 1 + len(run.findings) + len(run.faults)})


def _targets(runs: Sequence[Recorded]) -> tuple[Line, ...]:
    known: dict[str, Line] = {}
    for run in runs:
        for line in run.header["targets"]:
            first = known.setdefault(line["target"], line)
            for key in _WHO:
                one, other = first["identity"].get(key), line["identity"].get(key)
                if one != other:
                    raise MergeError(
                        f"{line['target']}: its {key} is {one!r} in one run and "
                        f"{other!r} in another: give each build a name of its own"
                    )
            if line.get("insane_because"):
                known[line["target"]] = line
    return tuple(known.values())


def _tallies(runs: Sequence[Recorded]) -> dict[str, dict[str, Tally]]:
    sums: dict[str, dict[str, Tally]] = {}
    for run in runs:
        for target in run.targets:
            mine = sums.setdefault(
                target, {name: Tally() for name in STATIONS.values()}
            )
            for name, form in run.footer["tallies"].get(target, {}).items():
                mine.setdefault(name, Tally()).merge(Tally.from_json(form))
    return sums


def _placed(run: Recorded, line: Line) -> Line:
    """The line with what its own header says, which the merged one cannot."""
    return {"seed": run.header["seed"], "now": run.header["now"], **line}


def _smallest(lines: Iterable[Line]) -> tuple[Line, ...]:
    best: dict[tuple[str, str], Line] = {}
    for line in lines:
        key = (line["target"], line["signature"])
        known = best.get(key)
        if known is None:
            best[key] = line
            continue
        best[key] = {
            **(line if size(line) < size(known) else known),
            "seen": known.get("seen", 1) + line.get("seen", 1),
            "elapsed_s": min(known["elapsed_s"], line["elapsed_s"]),
        }
    return tuple(best.values())


def _header(runs: Sequence[Recorded], targets: tuple[Line, ...]) -> Line:
    first = runs[0].header
    requested: dict[str, Any] = {}
    glossary: dict[str, dict[str, Any]] = {}
    for run in runs:
        for item in run.header["requested"]:
            requested.setdefault(item["id"], item)
        for name, told in run.header["glossary"].items():
            glossary.setdefault(name, {}).update(told)
    parts = [part for run in runs for part in run.header.get("parts", [_part(run)])]
    return {
        "kind": "header",
        "version": VERSION,
        "tool": f"verifyflags {harness.__version__}",
        "seed": first["seed"],
        "now": min(run.header["now"] for run in runs),
        "started": min(part["started"] for part in parts),
        "seconds": None,
        "examples": None,
        "workers": sum(run.header["workers"] for run in runs),
        "shards": sum(run.header["shards"] for run in runs),
        "first": any(run.header["first"] for run in runs),
        "repeat": "; ".join(dict.fromkeys(part["repeat"] for part in parts)),
        "requested": list(requested.values()),
        "targets": list(targets),
        "glossary": glossary,
        "parts": parts,
    }


def _part(run: Recorded) -> Line:
    part = {key: run.header[key] for key in ("seed", "now", "started", "repeat")}
    return {
        **part,
        "status": run.footer["status"],
        "elapsed_s": run.footer["elapsed_s"],
        "targets": list(run.targets),
    }


def _others(runs: Sequence[Recorded]) -> Iterator[str]:
    """Reasons of the runs but what each of them alone did not ask or decide, which
    another may have."""
    for run in runs:
        tallies = _tallies([run])
        lines = run.header["targets"]
        own = {
            reason
            for target in run.targets
            for reason in gaps(target, lines, tallies.get(target, {}))
        }
        yield from (reason for reason in run.footer["reasons"] if reason not in own)


def _status(
    runs: Sequence[Recorded], findings: Sequence[Line], reasons: Sequence[str]
) -> Status:
    statuses = {run.footer["status"] for run in runs}
    if Status.UNUSABLE in statuses:
        return Status.UNUSABLE
    if findings or Status.FINDING in statuses:
        return Status.FINDING
    return Status.INCONCLUSIVE if reasons else Status.CLEAN
