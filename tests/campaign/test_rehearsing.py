"""Rehearsals: cases judged without a target, by played targets, the wrong ones too."""

import time
from pathlib import Path

import pytest

from harness.books import Books, Reading
from harness.campaign.rehearsing import LIARS, PYTHON, Rehearsal, honest, played
from harness.campaign.tracing import Tracer, branches_taken
from harness.examine import assess
from harness.facts import Facts
from harness.finding import Conforms, Ledgered
from harness.ledger.plain import INT_CRL, ROOT_CRL, chain, revoking
from harness.oracle.documents.sentence import EDITIONS
from harness.oracle.releases.behaviours import release_for
from harness.oracle.releases.release import MEASURED
from harness.outcome import Accepted, Answer
from harness.pki.issue import issue
from harness.pki.read import read
from harness.verdict import Unmodelled
from strategies.flags import LATTICE

NOW = int(time.time())
BOOKS = Books(release_for(0x30000130), "3.0", PYTHON)


def revoked() -> Facts:
    """A plain chain whose leaf is revoked."""
    crls = (ROOT_CRL, revoking("leaf", INT_CRL))
    return read(issue(chain(crls=crls), seed=1, now=NOW))


def answered(player: object) -> list[Answer]:
    """What a player answers about the revoked leaf, under every flag set."""
    assert callable(player)
    reading = Reading.open(revoked(), BOOKS)
    return [
        Answer(flags, flags, player(reading, flags, NOW), NOW, NOW) for flags in LATTICE
    ]


def test_an_honest_player_conforms() -> None:
    """Who answers as predicted has no finding that the ledger does not know."""
    examination = assess(Reading.open(revoked(), BOOKS), answered(honest))
    assert {type(item) for item in examination.findings} <= {Conforms, Ledgered}


def test_what_is_not_modelled_is_played_too() -> None:
    """Where the book makes no statement the player accepts, and shows no path."""
    assert played(Unmodelled("odd")) == Accepted()


def test_liars_differ() -> None:
    """Those who lie about CRLs, or about everything, do so of a revoked leaf."""
    true = [item.outcome for item in answered(honest)]
    others = [[item.outcome for item in answered(liar)] for liar in LIARS]
    assert sum(other != true for other in others) >= 8


def test_books_are_those_of_measured_releases(tmp_path: Path) -> None:
    """Every measured release is judged: itself, or one with the same behaviours."""
    rehearsal = Rehearsal.begin(Tracer(tmp_path, "gw0"), 0)
    known = {book.release.behaviours for book in rehearsal.books}
    names = {book.release.name for book in rehearsal.books}
    assert names <= {str(version) for version in MEASURED}
    assert not any(book.release.assumed for book in rehearsal.books)
    assert len(known) == len(rehearsal.books)
    played_editions = {rehearsal._of_edition(at).edition for at in range(3)}
    assert played_editions == set(EDITIONS)


def test_a_rehearsed_case_takes_branches_of_both_books(tmp_path: Path) -> None:
    """A revoked leaf takes branches of CRL checking, and none of proxies' limits."""
    tracer = Tracer(tmp_path, "gw0")
    rehearsal = Rehearsal.begin(tracer, 1)
    rehearsal.case(revoked(), LATTICE, NOW)
    tracer.save()
    files = {item.file: item for item in branches_taken(tmp_path)}
    for file in ("documents/crls.py", "releases/revocation.py", "documents/laws.py"):
        assert 0 < len(files[file].missing) < files[file].count
    assert (
        len(files["documents/surface.py"].missing)
        == files["documents/surface.py"].count
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_surfaces_take_branches_of_the_surface(tmp_path: Path, seed: int) -> None:
    """Random surfaces take most branches of what is promised of a surface."""
    tracer = Tracer(tmp_path, "gw0")
    Rehearsal.begin(tracer, 1).surfaces(seed)
    tracer.save()
    files = {item.file: item for item in branches_taken(tmp_path)}
    assert len(files["documents/surface.py"].missing) < 10
    assert len(files["documents/crls.py"].missing) == files["documents/crls.py"].count
