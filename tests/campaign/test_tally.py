"""Tallies: rows are counted by what flags they were asked under, and add up."""

import pytest

from harness.campaign.tally import Tally, pairs_of
from harness.finding import How, Ledgered
from harness.flags import Flags


@pytest.mark.parametrize(
    ("flags", "pairs"),
    [
        (Flags(0), {"DEFAULT|DEFAULT"}),
        (Flags(0x4), {"CRL_CHECK_LEAF|CRL_CHECK_LEAF"}),
        (
            Flags(0x2C),
            {
                "CRL_CHECK_CHAIN|CRL_CHECK_CHAIN",
                "CRL_CHECK_CHAIN|X509_STRICT",
                "X509_STRICT|X509_STRICT",
            },
        ),
        (Flags(1 << 40 | 1 << 41), {"UNNAMED|UNNAMED"}),
    ],
    ids=lambda value: str(value) if isinstance(value, Flags) else "",
)
def test_a_row_counts_for_each_pair(flags: Flags, pairs: set[str]) -> None:
    """A flag set counts once for each two of its flags, and for each alone."""
    assert set(pairs_of(flags)) == pairs
    assert len(pairs_of(flags)) == len(pairs)


def test_a_known_divergence_is_counted_for_its_sentence() -> None:
    """Rows that an entry excuses are counted by sentence too, and add up."""
    tally, other = Tally(), Tally()
    for one in (tally, other):
        one.count(Ledgered("entry", "SENTENCE/part", How.WRONGLY_ACCEPTED))
    tally.merge(Tally.from_json(other.to_json()))
    assert tally.known == {"SENTENCE/part|entry": 2}
    assert tally.entries == {"entry": 2}
