"""The table of rules against the rules: in the source, in pinned and drawn cases."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

import harness.oracle.releases
from harness.codes import LINES, NAMES, code_name, names
from harness.facts import Facts
from harness.flags import Flags
from harness.oracle.releases.judge import Judge
from harness.oracle.releases.release import Release
from harness.oracle.releases.rules import RULES, Stage
from harness.pages.giving import ended_by, needs, raised, refusals
from harness.pages.pinned import NOW, PINNED
from harness.pages.releases import RELEASES, alike
from harness.pages.unreached import UNMODELLED, UNREACHED
from harness.pki.issue import issue
from harness.pki.read import read
from harness.pki.spec import Scenario
from harness.verdict import Objection, WillReject
from strategies.flags import sweeps
from strategies.scenarios import scenarios

STAGES = {
    "extensions": Stage.EXTENSIONS,
    "levels": Stage.LEVELS,
    "identity": Stage.IDENTITY,
    "revocation": Stage.REVOCATION,
    "signatures": Stage.SIGNATURES,
    "names": Stage.NAMES,
    "resources": Stage.RESOURCES,
    "policies": Stage.POLICY,
    "suite-b": Stage.SUITE_B,
}
"""By the name under which ``Judge`` keeps a stage."""


def sources() -> Iterator[ast.AST]:
    """Every node of the releases book but its table of rules."""
    for path in Path(harness.oracle.releases.__file__).parent.glob("*.py"):
        if path.name != "rules.py":
            yield from ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def named_in_source() -> dict[str, set[int]]:
    """Rules that a call names, with the numbers, where those stand there too."""
    found: dict[str, set[int]] = {}
    for node in sources():
        if (
            isinstance(node, ast.Call)
            and ast.unparse(node.func) == "Objection"
            and isinstance(node.args[0], ast.Constant)
            and ast.unparse(node.args[1]) != "UNKNOWN"
        ):
            numbers = found.setdefault(str(node.args[0].value), set())
            if isinstance(node.args[1], ast.Constant):
                numbers.add(int(str(node.args[1].value)))
    return found


def test_every_rule_of_the_source_is_declared() -> None:
    """A rule that objects stands in the table, under the code it objects with."""
    named = named_in_source()
    assert len(named) > 40
    assert sorted(named.keys() - RULES.keys()) == [], "add them to releases/rules.py"
    for rule, numbers in named.items():
        assert {NAMES[number] for number in numbers} <= {RULES[rule].code}, rule


def test_no_rule_is_declared_that_is_none() -> None:
    """What the table names stands in the source, as a call's or a table's text."""
    texts = {
        node.value
        for node in sources()
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert sorted(RULES.keys() - texts) == []


def test_every_name_is_given_by_a_rule_or_has_a_reason() -> None:
    """And by one alone, so that no reason outlives the rule that makes it wrong."""
    given_by_rules = {rule.code for rule in RULES.values()}
    parts = (given_by_rules, set(UNREACHED), set(UNMODELLED))
    assert sorted(name for part in parts for name in part) == sorted(
        {name for line in LINES for name in names(line).values()}
    )


def staged(judge: Judge) -> Iterator[tuple[Stage, Objection]]:
    """Every objection that the judge met, with the stage it met it in."""
    for key, events in judge._stages.items():
        assert isinstance(key, tuple)
        for event in events:
            if isinstance(event, Objection) and event.code >= 0:
                yield STAGES[key[0]], event
    for built in judge._built.values():
        if built.objection is not None:
            yield Stage.PATH, built.objection


def check(facts: Facts, sweep: tuple[Flags, ...], release: Release) -> set[str]:
    """Hold what a release does with a case against the table; the rules met."""
    judge = Judge(facts, NOW, release)
    met: set[str] = set()
    for flags in sweep:
        predicted = judge.predict(flags.effective)
        if isinstance(predicted, WillReject):
            for objection in predicted.objections:
                rule = RULES[objection.rule]
                said = code_name(objection.code, release.name)
                assert said == f"{objection.code} {rule.code}", rule.name
                met.add(rule.name)
    for stage, objection in staged(judge):
        assert stage in RULES[objection.rule].stages, objection
    return met


@pytest.mark.parametrize("release", alike().values(), ids=lambda item: item.name)
def test_pinned_cases_are_refused_as_declared(release: Release) -> None:
    """Each objection has its declared code, in its release's number, and its stage."""
    met: set[str] = set()
    for case in PINNED:
        met |= check(case.facts, case.flags, release)
    assert len(met) > 30
    assert met <= raised()


@cache
def needed(rule: str, release: str) -> tuple[Flags, ...]:
    """The smallest flag sets for that rule in that release, as the page has them."""
    version = next(version for version in RELEASES if str(version) == release)
    return needs(refusals(rule).get(version, ()))


@settings(
    max_examples=150,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(scenario=scenarios(), sweep=sweeps())
def test_drawn_cases_are_refused_as_the_page_says(
    scenario: Scenario, sweep: tuple[Flags, ...]
) -> None:
    """No case is refused in another stage, with another code, without the flags that
    the page names, or in spite of one that ends the objection."""
    facts = read(issue(scenario, seed=1, now=NOW))
    for release in alike().values():
        check(facts, sweep, release)
        judge = Judge(facts, NOW, release)
        for flags in sweep:
            predicted = judge.predict(flags.effective)
            if isinstance(predicted, WillReject):
                wanted = needed(predicted.shown.rule, release.name)
                assert not wanted or any(one in flags.effective for one in wanted)
                for objection in predicted.objections:
                    for name in ended_by(objection.rule):
                        assert Flags.of(name) not in flags, objection
