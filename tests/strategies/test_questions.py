"""Questions: a scenario, and a sweep that has what its departures are about."""

from typing import Final

from hypothesis import HealthCheck, Phase, find, given, seed, settings

from harness.flags import CRL_CHECK_CHAIN, X509_TRUSTED_FIRST, Flags
from harness.pki.spec import Scenario
from strategies import THEMES, agenda, questions
from strategies.flags import CORE
from strategies.questions import Sweep, hinted
from strategies.scenarios import DEPARTURES

SEARCH: Final = settings(derandomize=True, database=None, deadline=None)
NO_CHECK_TIME: Final = Flags.of("NO_CHECK_TIME")


def drawn() -> list[tuple[Scenario, Sweep]]:
    """A few questions of each subject, as campaigns draw them."""
    found: list[tuple[Scenario, Sweep]] = []
    for number, (theme, focus) in enumerate(agenda(1)):

        @seed(number)
        @settings(
            database=None,
            deadline=None,
            max_examples=9,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(questions(theme=theme, focus=focus))
        def collect(question: tuple[Scenario, Sweep]) -> None:
            found.append(question)

        collect()
    return found


QUESTIONS: Final = drawn()


def share(of: list[tuple[Scenario, Sweep]], bits: Flags) -> float:
    """Of how many of these a flag set has all of the bits."""
    return sum(any(bits in one for one in sweep) for _, sweep in of) / len(of)


def test_a_departure_is_mostly_asked_under_what_it_is_about() -> None:
    """NO_CHECK_TIME is in most sweeps for dates that are over, and in few others."""
    over = [item for item in QUESTIONS if "validity: expired" in item[0].note]
    others = [item for item in QUESTIONS if "valid" not in item[0].note]
    assert share(over, NO_CHECK_TIME) > 0.5
    assert 0 < share(others, NO_CHECK_TIME) < 0.2


def test_hints_are_not_trusted_alone() -> None:
    """Of scenarios with a hint, some are asked without it, and by raw bits or sets
    that nothing in them is about."""
    over = [item for item in QUESTIONS if "validity: expired" in item[0].note]
    assert 0.1 < 1 - share(over, NO_CHECK_TIME) < 0.5
    expected = {near | NO_CHECK_TIME for near in CORE} | set(CORE)
    assert sum(bool(set(sweep) - expected) for _, sweep in over) > len(over) / 8


def test_every_variant_is_met_soon() -> None:
    """Going once through the agenda comes by most variants; another order has the same
    subjects, and themes leave only their own."""
    notes = " ".join(scenario.note for scenario, _ in QUESTIONS)
    named = [
        f"{kind.name}: {variant} at"
        for kind in DEPARTURES
        for variant, _ in kind.variants
    ]
    assert sum(text in notes for text in named) > 0.5 * len(named)
    assert agenda(1) != agenda(2)
    assert set(agenda(1)) == set(agenda(2))
    assert {theme for theme, _ in agenda(1)} == {None, *THEMES}
    assert {theme for theme, _ in agenda(1, ("keys",))} == {"keys"}


def test_hinted_sets_stand_beside_their_twins() -> None:
    """Each hinted set differs from one of the core in the hint's bits alone, and two
    hints are asked together too."""
    other = Flags.of("CHECK_SS_SIGNATURE")
    sets = hinted(((NO_CHECK_TIME,), (other,)), 0)
    for bits in (NO_CHECK_TIME, other, NO_CHECK_TIME | other):
        with_them = [one for one in sets if one & (NO_CHECK_TIME | other) == bits]
        assert with_them
        assert all(one.without(bits) in CORE for one in with_them)
    assert X509_TRUSTED_FIRST | CRL_CHECK_CHAIN | NO_CHECK_TIME in sets


def test_a_hint_of_many_sets_takes_turns() -> None:
    """One sweep has few of them, and none is left out of all."""
    many = next(kind.under for kind in DEPARTURES if kind.name == "policyMappings")
    each = [set(hinted((many,), turn)) for turn in range(60)]
    assert max(map(len, each)) <= 9
    assert {X509_TRUSTED_FIRST | bits for bits in many} <= set().union(*each)


def test_no_question_has_a_flag_set_twice() -> None:
    """Every sweep is distinct, and has the core."""
    for _, sweep in QUESTIONS:
        assert len(set(sweep)) == len(sweep)
        assert set(CORE) <= set(sweep)


def test_questions_shrink_to_the_plain_chain_and_the_core() -> None:
    """The simplest question is a root and its leaf, under six sets."""
    scenario, sweep = find(questions(), lambda _: True, settings=SEARCH)
    assert [item.label for item in scenario.certificates] == ["leaf", "root"]
    assert not scenario.note
    assert sweep == CORE
