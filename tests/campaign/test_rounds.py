"""Rounds: several signatures in one run, a budget for shrinking, the same cases."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from hypothesis import strategies as st

from harness.campaign.rounds import Find, Round, Shrinking, first_find
from harness.flags import CRL_CHECK_LEAF, DEFAULT, X509_STRICT, Flags
from harness.pki.spec import Scenario

SCENARIOS = st.builds(
    lambda labels: Scenario((), peer=tuple(labels)),
    st.lists(st.sampled_from("abcdef"), max_size=8),
)
SWEEPS = st.just((DEFAULT, CRL_CHECK_LEAF, X509_STRICT))


@dataclass(frozen=True)
class Sight:
    """A sighting that is nothing but its name, and where it was seen."""

    name: str
    sets: int = 3

    @property
    def signature(self) -> str:
        """Its name."""
        return self.name

    @property
    def rank(self) -> str:
        """By name."""
        return self.name


@dataclass
class Asker:
    """A target with one bug for each letter of ``bugs``, shown by two of them."""

    bugs: str
    asked: list[Scenario] = field(default_factory=list)
    again_asked: int = 0
    forgets: bool = False

    def everything(
        self, scenario: Scenario, sweep: tuple[Flags, ...], number: int
    ) -> Sequence[Sight]:
        """The bugs a scenario shows."""
        assert number == len(self.asked)
        self.asked.append(scenario)
        return [Sight(bug, len(sweep)) for bug in self._shown(scenario)]

    def again(self, scenario: Scenario, sighting: Sight) -> Sight | None:
        """The same bug, unless this target forgets it."""
        self.again_asked += 1
        if self.forgets or sighting.name not in self._shown(scenario):
            return None
        return sighting

    def narrower(self, scenario: Scenario, sighting: Sight) -> Sight:
        """The bug by one flag set."""
        assert sighting.name in self._shown(scenario)
        return Sight(sighting.name, 1)

    def _shown(self, scenario: Scenario) -> list[str]:
        return [bug for bug in self.bugs if scenario.peer.count(bug) > 1]


def never() -> bool:
    """Time is never over."""
    return False


def a_round(
    asker: Asker,
    known: Sequence[str] = (),
    *,
    seed: int = 1,
    limit: int = 200,
    over: Callable[[], bool] = never,
    shrink_calls: int = 300,
    claimed: bool = True,
) -> tuple[Find[Sight] | None, int]:
    """What a round of 200 examples finds, and how many cases it asks."""
    step = Round(st.tuples(SCENARIOS, SWEEPS), seed, 200, limit)
    shrinking = Shrinking(asker, lambda _: claimed, shrink_calls)
    return first_find(shrinking, step, frozenset(known), over)


def test_every_bug_comes_out_of_one_run() -> None:
    """Round after round finds one signature more, and ends when none is left."""
    known: list[str] = []
    for number in range(10):
        find, asked = a_round(Asker("bcf"), known, seed=number)
        if find is None:
            break
        known.append(find.sighting.signature)
    assert sorted(known) == ["b", "c", "f"]
    assert asked > 100


def test_a_find_is_shrunk_and_narrowed() -> None:
    """The smallest case that shows the bug is kept, with as few flag sets as do."""
    find, _ = a_round(Asker("e"))
    assert find is not None
    assert find.scenario.peer == ("e", "e")
    assert find.sighting.sets == 1
    assert find.shrunk
    assert find.stable


def test_shrinking_keeps_to_its_signature() -> None:
    """Another bug that is easier to reach does not take over while one is shrunk."""
    asker = Asker("af")
    find, _ = a_round(asker, known=["a"])
    assert find is not None
    assert find.scenario.peer == ("f", "f")


def test_a_spent_budget_keeps_the_best_case() -> None:
    """Shrinking that may ask twice only keeps a case that shows the bug, unshrunk."""
    asker = Asker("e")
    find, _ = a_round(asker, seed=3, shrink_calls=2)
    assert find is not None
    assert find.calls == 2
    assert not find.shrunk
    assert find.scenario.peer.count("e") > 1


def test_the_worst_signature_comes_first() -> None:
    """Of two new signatures in one case the one that sorts first is the find."""
    find, _ = a_round(Asker("abcdef"), seed=5)
    assert find is not None
    first = find.first.signature
    shown = Asker("abcdef")
    at_first = next(case for case in _cases(5) if shown._shown(case))
    assert first == min(shown._shown(at_first))


def test_an_unstable_find_is_kept_as_such() -> None:
    """A bug that is not there when asked again is a find, not dropped, not shrunk."""
    asker = Asker("b", forgets=True)
    find, _ = a_round(asker)
    assert find is not None
    assert not find.stable
    assert asker.again_asked == 1


def test_what_others_shrink_is_not_shrunk_again() -> None:
    """A signature that another shard claimed ends the round as it is."""
    asker = Asker("b")
    find, _ = a_round(asker, claimed=False)
    assert find is not None
    assert find.calls == 0
    assert asker.again_asked == 1


def test_the_same_seed_asks_the_same_cases() -> None:
    """Cases depend on the seed alone; another one asks others."""
    assert _cases(3) == _cases(3)
    assert _cases(3) != _cases(4)


def test_a_shorter_round_begins_with_the_same_cases() -> None:
    """A limit cuts a round short, and changes nothing before the cut."""
    asker = Asker("")
    _, asked = a_round(asker, seed=3, limit=40)
    assert asked == 40
    assert asker.asked == _cases(3)[:40]


def test_time_ends_a_round_at_once() -> None:
    """Once time is over no further case is asked."""
    asker = Asker("")
    _, asked = a_round(asker, over=lambda: len(asker.asked) >= 7)
    assert asked == 7


def test_a_later_round_leaves_the_simplest_case_out() -> None:
    """Every round of Hypothesis begins with it; it is asked once."""
    questions = st.tuples(SCENARIOS, SWEEPS)
    first, later = (Round(questions, 3, 9, 9, before) for before in (0, 20))
    every = first.drawn()
    assert every[0].scenario.peer == ()
    assert [item.scenario for item in later.drawn()] == [
        item.scenario for item in every[1:]
    ]
    assert [item.number for item in later.drawn()] == list(range(20, 28))


def test_nothing_is_asked_again_before_what_is_shrunk() -> None:
    """Shrinking asks the case that showed the bug, and smaller ones."""
    asker = Asker("e")
    find, asked = a_round(asker)
    assert find is not None
    assert len(asker.asked) == asked


def _cases(seed: int) -> list[Scenario]:
    asker = Asker("")
    a_round(asker, seed=seed)
    return asker.asked
