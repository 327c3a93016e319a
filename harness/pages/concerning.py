"""Which flags a behaviour concerns: those its probes cannot do without."""

from collections.abc import Iterator
from functools import cache

from harness.campaign.instants import ENDING, FLAGS
from harness.flags import Flags
from harness.oracle.releases.release import Release
from harness.pages.pinned import PINNED, Pinned, read_scenario
from harness.pages.releases import alike


@cache
def concerns(behaviour: str) -> tuple[Flags, ...]:
    """The smallest flag sets under which turning it over changes what is predicted of
    a probe, or of a case that is at an instant where no probe tells it."""
    cases = [case for case in PINNED if case.behaviour == behaviour]
    found = sorted(set(_found(behaviour, cases or _ending())))
    return tuple(
        one for one in found if not any(two != one and two in one for two in found)
    )


def _found(behaviour: str, cases: list[Pinned]) -> Iterator[Flags]:
    for release in alike().values():
        turned = release.turned(behaviour)
        for case in cases:
            for flags in case.flags:
                if _tells(case, release, turned, flags):
                    yield _fewest(case, release, turned, flags.effective)


def _tells(case: Pinned, one: Release, two: Release, flags: Flags) -> bool:
    return case.predict(one, flags) != case.predict(two, flags)


def _fewest(case: Pinned, one: Release, two: Release, flags: Flags) -> Flags:
    left = flags
    for at in range(left.bits.bit_length() - 1, -1, -1):
        fewer = left.without(1 << at)
        if _tells(case, one, two, fewer):
            left = fewer
    return left


@cache
def _ending() -> list[Pinned]:
    return [Pinned("", scenario, FLAGS, read_scenario(scenario)) for scenario in ENDING]
