"""The pinned cases that a page can point to, read once: witnesses and probes.

Witnesses are asked of every target in every run, so what a page says of a measured
release by one of them was measured there.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from harness.books import Books, Reading
from harness.examine import Examination, assess
from harness.facts import Facts
from harness.flags import Flags
from harness.ledger.witnesses import WITNESSES
from harness.oracle.documents.sentence import edition_of
from harness.oracle.releases.judge import Judge
from harness.oracle.releases.release import Release, Version
from harness.outcome import Answer
from harness.pages.releases import RELEASES
from harness.pki.issue import issue
from harness.pki.read import read
from harness.pki.spec import Scenario
from harness.probes.all import PROBES
from harness.verdict import Prediction

NOW: Final = 1_800_000_000
SEED: Final = 1
PYTHON: Final = (3, 13, 0)
"""A Python whose page has every sentence."""


@dataclass(frozen=True, slots=True, eq=False)
class Pinned:
    """A pinned case, with its bytes read and what releases do with it."""

    id: str
    scenario: Scenario
    flags: tuple[Flags, ...]
    facts: Facts
    entry: str = ""
    """The ledger entry that a witness shows."""
    behaviour: str = ""
    """The behaviour that a probe tells."""
    _judges: dict[frozenset[str], Judge] = field(default_factory=dict)

    def predict(self, release: Release, flags: Flags) -> Prediction:
        """What a release does with it under these flags."""
        if release.behaviours not in self._judges:
            judge = Judge(self.facts, NOW, release)
            self._judges[release.behaviours] = judge
        return self._judges[release.behaviours].predict(flags.effective)


def _pinned() -> Iterator[Pinned]:
    for witness in WITNESSES:
        scenario, flags = witness.scenario, witness.flags
        yield Pinned(
            witness.id, scenario, flags, read_scenario(scenario), entry=witness.entry
        )
    for probe in PROBES:
        scenario, name = probe.scenario, f"probe of {probe.behaviour}"
        yield Pinned(
            name,
            scenario,
            probe.flags,
            read_scenario(scenario),
            behaviour=probe.behaviour,
        )


def read_scenario(scenario: Scenario) -> Facts:
    """What the bytes of the scenario say."""
    return read(issue(scenario, seed=SEED, now=NOW))


PINNED: Final = tuple(_pinned())
"""Every witness, then every probe."""


@cache
def play(case: Pinned, version: Version) -> Examination:
    """A measured release held to what the book says it does with the case."""
    release = RELEASES[version]
    edition = edition_of(version.major << 28)
    reading = Reading.open(case.facts, Books(release, edition, PYTHON))
    answers = [
        Answer(flags, flags.effective, prediction.outcome, NOW, NOW)
        for flags in case.flags
        for prediction in [case.predict(release, flags)]
    ]
    return assess(reading, answers)
