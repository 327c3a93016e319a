"""Second opinions: ``openssl verify`` asked about the findings of a run.

It is asked where an ``openssl`` with the very library of the target is there; where
none is, a finding says nothing of it, which readers are told as *not asked*.
"""

from collections.abc import Iterator
from typing import Final

from harness.campaign.conclusion import Conclusion
from harness.campaign.plan import Plan
from harness.campaign.recording import Line
from harness.case import Case
from harness.outcome import Answer
from harness.target.openssl import Program, find_openssl, second_opinion
from harness.wire import from_json, to_json

MOST: Final = 100
"""Findings that are asked about: each is a process or two."""
MOST_ROWS: Final = 4
"""Rows of one finding that are asked about."""


def with_opinions(plan: Plan, conclusion: Conclusion) -> tuple[Line, ...]:
    """The findings, each with its field ``openssl`` where it could be asked."""
    programs = dict(_programs(plan, conclusion))
    found = []
    for number, line in enumerate(conclusion.findings):
        program = programs.get(line["target"])
        asked = program is not None and number < MOST and line["case"] is not None
        found.append(_asked(line, program) if asked and program else line)
    return tuple(found)


def _programs(plan: Plan, conclusion: Conclusion) -> Iterator[tuple[str, Program]]:
    with_findings = {line["target"] for line in conclusion.findings}
    for about in conclusion.targets:
        if about["target"] not in with_findings:
            continue
        target = next(item for item in plan.targets if item.id == about["target"])
        program = find_openssl(target, about["identity"]["openssl"], plan.openssl)
        if program is not None:
            yield target.id, program


def _asked(line: Line, program: Program) -> Line:
    case: Case = from_json(line["case"], Case)
    answers: tuple[Answer, ...] = from_json(line["answers"], tuple[Answer, ...])
    opinion = second_opinion(program, case, answers[:MOST_ROWS])
    return line if opinion is None else {**line, "openssl": to_json(opinion)}
