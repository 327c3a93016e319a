"""What known faults shrink to: nothing larger than the case that is pinned for each.

Targets are played. ``python -m tests.shrinking.survey`` searches for every fault.
"""

from dataclasses import replace

import pytest

from harness.flags import Flags
from harness.ledger.entries import ENTRIES, Entry
from harness.ledger.plain import chain, revoking
from harness.pki.spec import RevokedSpec
from harness.pki.spec_edits import EditKind, EditSpec
from strategies.draft import plain
from strategies.simpler import size
from tests.shrinking.played import (
    inflated,
    pinned_sizes,
    showing,
    simplified,
    without_entry,
)
from tests.shrinking.survey import of_entry, of_liar

CASES = 1500

OFTEN = (
    "proxy-leaves-holder-unchecked",
    "partial-anchor-wants-a-crl-of-its-own",
    "trusted-first-cannot-be-cleared",
)
"""Entries that random cases show within a second."""

SHOWN = [entry for entry in ENTRIES if entry.rule]
"""Entries that a case shows."""


def test_size_counts_what_is_there_and_what_departs() -> None:
    """Certificates, CRLs, entries, fields, edits and bits, each one."""
    small = plain(()).scenario
    assert size(small) == 2
    assert size(small, (Flags(0x24), Flags(0x8))) == 5
    odd = replace(small.certificates[0], san_critical=True, not_after=60)
    assert size(replace(small, certificates=(odd, *small.certificates[1:]))) == 4
    edit = EditSpec("leaf", "tbsCertificate", EditKind.TWICE)
    assert size(replace(small, edits=(edit,), security_level=0)) == 4
    crl = revoking("leaf")
    listed = chain(crls=(replace(crl, revoked=(RevokedSpec(1), RevokedSpec(2))),))
    assert size(listed) == size(chain()) + 1


@pytest.mark.parametrize("entry", SHOWN, ids=lambda entry: entry.id)
def test_an_entry_beside_noise_shrinks_to_its_witness(entry: Entry) -> None:
    """What a witness does not need is taken back, whatever it is."""
    shown = showing(entry)
    assert shown is not None
    looking, witnesses = shown
    with without_entry(entry):
        least = min(pinned_sizes(looking, witnesses).values())
        witness = witnesses[0]
        noisy = tuple(flags | Flags(0x40) for flags in witness.flags)
        left = simplified(looking, inflated(witness.scenario), noisy)
    assert left is not None
    assert left <= least


@pytest.mark.parametrize(
    "entry",
    [entry for entry in ENTRIES if entry.id in OFTEN],
    ids=lambda entry: entry.id,
)
def test_an_entry_that_random_cases_show_shrinks_to_its_witness(entry: Entry) -> None:
    """The divergence is found with the ledger blind to it, and shrinks as far."""
    found = of_entry(entry, 1, CASES)
    assert found is not None
    assert found.size <= found.pinned, found


@pytest.mark.parametrize("number", [0, 1])
def test_a_lie_shrinks_to_a_pinned_case(number: int) -> None:
    """A target that always or never sets a flag is told by a case no larger than a
    pinned one."""
    found = of_liar(number, 1, CASES)
    assert found is not None
    assert found.size <= found.pinned, found
