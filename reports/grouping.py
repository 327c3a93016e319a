"""Findings by cause: one group for each signature, over targets and files.

A signature is the sentence or behaviour, in what way it is broken, what was expected
and observed, and the rule that predicts it; it holds no case data. Whatever has the
same one is one finding, however often, and on however many targets, it was seen.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from harness.campaign.conclusion import size
from harness.campaign.recording import Line
from harness.finding import SEVERITIES
from reports.recorded import Recorded


@dataclass(frozen=True, slots=True)
class Group:
    """Every line with one signature, the simplest case first."""

    signature: str
    severity: str
    """The worst that any of its lines has."""
    lines: tuple[Line, ...]
    runs: int
    """How many of the runs told together have it."""

    @property
    def targets(self) -> tuple[str, ...]:
        """Who showed it, each once."""
        return tuple(sorted({line["target"] for line in self.lines}))

    @property
    def seen(self) -> int:
        """At how many stations it was seen."""
        return sum(line.get("seen", 1) for line in self.lines)


def groups(runs: Iterable[Recorded]) -> tuple[Group, ...]:
    """Every cause in these runs: the worst severity first, then by signature."""
    by_signature: dict[str, list[tuple[int, Line]]] = {}
    for number, run in enumerate(runs):
        for line in run.findings:
            by_signature.setdefault(line["signature"], []).append((number, line))
    made = [_group(signature, found) for signature, found in by_signature.items()]
    return tuple(sorted(made, key=_order))


def _group(signature: str, found: list[tuple[int, Line]]) -> Group:
    lines = sorted((line for _, line in found), key=size)
    severities = {line["severity"] for line in lines}
    worst = min(severities, key=SEVERITIES.index)
    return Group(signature, worst, tuple(lines), len({number for number, _ in found}))


def _order(group: Group) -> tuple[int, str]:
    return (SEVERITIES.index(group.severity), group.signature)
