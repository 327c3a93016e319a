"""Looking at a case: what is measured of it."""

import pytest

from harness.campaign.looking import flies
from harness.examine import Examination, Row
from harness.finding import Conforms
from harness.flags import DEFAULT
from harness.outcome import (
    Accepted,
    Answer,
    Outcome,
    Rejected,
    Undecodable,
    Unsupported,
    Way,
    Where,
)
from harness.verdict import Silent, Unmodelled, Verdict


@pytest.mark.parametrize(
    ("outcome", "wanted"),
    [
        (Accepted(None), True),
        (Rejected(20), True),
        (Undecodable(Where.CRL), False),
        (Unsupported("no such name"), False),
    ],
    ids=["accepted", "rejected", "a CRL that does not load", "unsupported"],
)
def test_only_what_is_verified_has_a_flight(outcome: Outcome, wanted: bool) -> None:
    """A store that does not load is not measured: the worker could not ask it."""
    answer = Answer(DEFAULT, DEFAULT, outcome, 0, 0)
    row = Row(answer, Verdict(Unmodelled("no"), Silent()), Conforms())
    assert flies(Examination(Way.FLIGHT, (row,))) is wanted
