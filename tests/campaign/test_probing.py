"""Probing: a build that differs from its release's table is told, and followed."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from harness.books import Books, Reading
from harness.campaign import probing
from harness.campaign.probing import Probed, weigh
from harness.finding import Drifts
from harness.flags import CRL_CHECK_LEAF, DEFAULT, X509_STRICT, Flags
from harness.ledger.overlays import Overlay
from harness.oracle.releases.behaviours import BEHAVIOURS, release_of
from harness.oracle.releases.release import MEASURED, Release, Version
from harness.outcome import (
    Accepted,
    Answer,
    Outcome,
    Rejected,
)
from harness.pki.issue import issue
from harness.pki.read import read
from harness.probes.all import PROBES
from harness.probes.controls import CONTROLS, unreliable
from harness.verdict import Prediction, Unmodelled

NOW = 1_800_000_000
BUILD = "OpenSSL of a test"
PROBED = sorted({item.behaviour for item in PROBES})


def done(predicted: Prediction) -> Outcome:
    """What a build does that is predicted so."""
    assert not isinstance(predicted, Unmodelled)
    return predicted.outcome


def answers_of(real: Release) -> list[probing.Asked]:
    """How a build with these behaviours answers the probes."""
    asked = []
    for item in PROBES:
        facts = read(issue(item.scenario, seed=1, now=NOW))
        reading = Reading.open(facts, Books(real, "3.0", (3, 13, 0)))
        answers = [
            Answer(flags, flags, done(reading.prediction(flags, NOW)), NOW, NOW)
            for flags in item.flags
        ]
        asked.append(probing.Asked(item, facts, answers))
    return asked


def weighed(
    table: Release,
    asked: Sequence[probing.Asked],
    doubtful: Flags = DEFAULT,
    overlays: Sequence[Overlay] = (),
) -> Probed:
    """What probing makes of these answers."""
    books = Books(table, "3.0", (3, 13, 0))
    return weigh(books, asked, doubtful, BUILD, overlays)


def drifting(probed: Probed) -> list[str]:
    """The behaviours that were found to drift."""
    findings = [seen.finding for seen, _ in probed.drifts]
    return [item.behaviour for item in findings if isinstance(item, Drifts)]


@pytest.mark.parametrize("version", MEASURED, ids=str)
def test_every_switch_is_told(version: Version) -> None:
    """In every measured release, each switch turned over is found, alone, and the
    books follow; a build that is as its table says drifts in nothing."""
    table = release_of(version)
    asked = answers_of(table)
    assert weighed(table, asked).drifts == ()
    details = {item.name: item.within for item in BEHAVIOURS}
    for name in PROBED:
        if details[name] and details[name] not in table:
            continue  # a detail of what the release has not
        turned = table.turned(name)
        probed = weighed(turned, asked)
        assert drifting(probed) == [name]
        assert probed.books.release.behaviours == table.behaviours


def test_every_behaviour_but_the_instant_has_a_probe() -> None:
    """Only what an exact instant shows has no probe."""
    unprobed = {item.name for item in BEHAVIOURS} - {*PROBED}
    assert unprobed == {"expires-at-the-instant"}


def test_an_overlay_names_build_and_switch() -> None:
    """A drift that an overlay names is no finding, and is followed all the same."""
    real = release_of(MEASURED[-1])
    name = PROBED[0]
    known = Overlay(BUILD, name, "a fix carried back")
    asked = answers_of(real)
    probed = weighed(real.turned(name), asked, overlays=(known,))
    assert probed.drifts == ()
    assert probed.overlaid == (known,)
    assert probed.books.release.behaviours == real.behaviours


def test_a_fault_is_not_followed() -> None:
    """Answers that fit neither side turn nothing over."""
    table = release_of(MEASURED[-1])
    asked = [
        replace(
            item,
            answers=[replace(a, outcome=Rejected(1, "", ())) for a in item.answers],
        )
        for item in answers_of(table)
    ]
    probed = weighed(table, asked)
    assert probed.drifts == ()
    assert [*probed.untold] == [*dict.fromkeys(item.behaviour for item in PROBES)]


def test_a_doubtful_flag_tells_nothing() -> None:
    """Under a flag whose control failed, a probe cannot turn anything over."""
    table = release_of(MEASURED[-1])
    name = "strict-critical-basic-constraints"
    asked = answers_of(table.turned(name))
    assert name in drifting(weighed(table, asked))
    assert name not in drifting(weighed(table, asked, X509_STRICT))
    assert name in drifting(weighed(table, asked, CRL_CHECK_LEAF))


def test_controls_hold_in_every_release() -> None:
    """Every measured release passes every control; a build that accepts everything
    fails those of every flag that refuses."""
    for version in MEASURED:
        books = Books(release_of(version), "3.0", (3, 13, 0))
        for control in CONTROLS:
            facts = read(issue(control.scenario, seed=1, now=NOW))
            reading = Reading.open(facts, books)
            answers = [
                Answer(each, each, done(reading.prediction(each, NOW)), NOW, NOW)
                for each in control.flags
            ]
            assert control.holds(answers), (control.flag, version)
    accepting = unreliable(
        lambda _, flags: [Answer(each, each, Accepted(()), NOW, NOW) for each in flags]
    )
    assert all(control.flag in accepting for control in CONTROLS)
