"""What a run comes to: one set of findings, sums, and the exit status with reasons."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import product
from typing import Any, Final

from harness.campaign.plan import Plan
from harness.campaign.reach import Reach, shortfalls
from harness.campaign.recording import Line, of_kind
from harness.campaign.tally import Tally
from harness.case import Role
from harness.finding import SEVERITIES

STATIONS: Final = {
    "witnesses": "witnesses",
    "surfacequestions": "surface",
    "shard": "random",
}
"""Where tallies are summed, by station."""


ONLY_RANDOM: Final = "--random-only asks no witness, no probe and no surface question"


class Status(IntEnum):
    """Exit statuses of the command line."""

    CLEAN = 0
    FINDING = 1
    UNUSABLE = 2
    INCONCLUSIVE = 3


@dataclass(frozen=True, slots=True)
class Conclusion:
    """The whole of a run, from the records of its processes."""

    status: Status
    reasons: tuple[str, ...]
    """Why the run is not a clean one, findings apart."""
    targets: tuple[Line, ...]
    findings: tuple[Line, ...]
    faults: tuple[Line, ...]
    tallies: dict[str, dict[str, Tally]] = field(default_factory=dict)
    """By target, then by ``witnesses``, ``surface``, ``random``."""
    reach: Reach | None = None
    """What random cases reach of the oracle, where the plan has that measured."""


def conclude(
    plan: Plan,
    lines: Sequence[Line],
    troubles: Sequence[str] = (),
    reach: Reach | None = None,
) -> Conclusion:
    """Conclude from every process's lines; ``troubles`` are what went wrong outside
    them (a record cut short, a process that died).

    Too little reached of the oracle makes a run inconclusive: it says what random
    cases have not looked at, and nothing of a target.
    """
    targets = _one_each(of_kind(lines, "target"))
    tallies = _sums(plan, of_kind(lines, "tally"))
    findings = _smallest(of_kind(lines, "finding"))
    faults = _smallest(of_kind(lines, "fault"))
    lost = tuple(
        dict.fromkeys(
            f"{line['target']} cannot be asked: {line['because']}"
            for line in of_kind(lines, "unstartable")
        )
    )
    insane = tuple(
        f"{line['target']} is not sane: {line['insane_because']}"
        for line in targets
        if line["insane_because"]
    )
    missing = (
        *((ONLY_RANDOM,) if plan.random_only else ()),
        *troubles,
        *(line["says"] for line in of_kind(lines, "trouble")),
        *(f"fault of the harness: {line['says']}" for line in faults),
        *(
            reason
            for target in plan.targets
            for reason in gaps(target.id, targets, tallies[target.id])
        ),
        *(() if reach is None else shortfalls(reach)),
    )
    status = Status.CLEAN
    if lost:
        status = Status.UNUSABLE
    elif insane or findings:
        status = Status.FINDING
    elif missing:
        status = Status.INCONCLUSIVE
    reasons = (*lost, *insane, *missing)
    return Conclusion(status, reasons, targets, findings, faults, tallies, reach)


def _one_each(lines: Iterable[Line]) -> tuple[Line, ...]:
    by_target: dict[str, Line] = {}
    for line in lines:
        known = by_target.setdefault(line["target"], line)
        if line["insane_because"] and not known["insane_because"]:
            by_target[line["target"]] = line
    return tuple(by_target[target] for target in sorted(by_target))


def _sums(plan: Plan, lines: Iterable[Line]) -> dict[str, dict[str, Tally]]:
    sums = {
        target.id: {name: Tally() for name in STATIONS.values()}
        for target in plan.targets
    }
    for line in lines:
        tally = sums[line["target"]][STATIONS[line["station"]]]
        tally.merge(Tally.from_json(line["counts"]))
    return sums


def _smallest(lines: Iterable[Line]) -> tuple[Line, ...]:
    """One line for each target and signature: the smallest case; how often it was
    seen and when first. The worst severity first, then as seen."""
    best: dict[tuple[str, str], Line] = {}
    for line in lines:
        key = (line["target"], line["signature"])
        known = best.get(key)
        if known is None:
            best[key] = {**line, "seen": 1}
            continue
        chosen = line if size(line) < size(known) else known
        best[key] = {
            **chosen,
            "seen": known["seen"] + 1,
            "elapsed_s": min(line["elapsed_s"], known["elapsed_s"]),
        }
    return tuple(sorted(best.values(), key=_order))


def size(line: Line) -> tuple[int, ...]:
    """How large the case of a finding is: certificates, CRLs, flag sets, text. One
    without a scenario comes last."""
    scenario: dict[str, Any] | None = line.get("scenario")
    if scenario is None:
        return (1,)
    certificates = {*scenario["peer"]}
    certificates |= {item["certificate"] for item in scenario["trusted"]}
    return (
        0,
        len(certificates),
        len(scenario["loaded"]),
        len(line["flags"]),
        sum(bits.bit_count() for bits in line["flags"]),
        len(str(scenario)),
    )


def _order(line: Line) -> tuple[int, str, str]:
    severity = line.get("severity", "none")
    place = SEVERITIES.index(severity) if severity in SEVERITIES else -1
    return (place, line["target"], line["signature"])


def gaps(
    target: str, lines: Sequence[Line], tallies: Mapping[str, Tally]
) -> Iterator[str]:
    """What was to be asked or decided for a target and was not."""
    whole = Tally()
    for tally in tallies.values():
        whole.merge(tally)
    line = next((line for line in lines if line["target"] == target), None)
    if line is None:
        yield f"{target} was never asked"
        return
    for way, role in product(line["ways"], Role):
        asked = f"{way}|"
        if not any(
            key.startswith(asked) and key.endswith(f"|{role}") for key in whole.asked
        ):
            yield f"{target}: no {way} was asked with the {role} under test"
    if "random" not in tallies or not tallies["random"].counts["cases"]:
        yield f"{target}: no random case was asked"
    for expected in line["expected"]:
        if not whole.decided[expected]:
            sentence, side, role = expected.split("|")
            yield f"{target}: {sentence} is undecided ({side}, {role})"
