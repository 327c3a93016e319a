"""What pinned cases show of a flag: sides decided, divergences, changed outcomes."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from harness.finding import Ledgered
from harness.flags import DOCUMENTED, RAW, Flags
from harness.oracle.releases.release import Version
from harness.pages.giving import NEVER_A_SWITCH
from harness.pages.pinned import PINNED, Pinned, play
from harness.pages.releases import VERSIONS
from harness.pages.telling import outcomes, plain_id


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """A case whose outcome a flag changes, in some measured release."""

    name: str
    case: Pinned
    bits: Flags
    flags: Flags
    """The smallest set with the flag that shows it."""


def deciders(sentence: str, side: str) -> list[str]:
    """The cases that decide a side of a sentence in some measured release."""
    found = dict.fromkeys(
        plain_id(case.id)
        for case in PINNED
        if not case.behaviour
        and any((sentence, side) in play(case, version).decided for version in VERSIONS)
    )
    return list(found)


def witnesses_of(entry: str) -> list[str]:
    """The witnesses that are there to show a ledger entry."""
    return list(dict.fromkeys(plain_id(case.id) for case in _showing(entry)))


def met(entry: str) -> tuple[Version, ...]:
    """The measured releases in which a witness of the entry diverges by its rule."""
    return tuple(
        version
        for version in VERSIONS
        if any(
            isinstance(finding, Ledgered) and finding.entry == entry
            for case in _showing(entry)
            for finding in play(case, version).findings
        )
    )


_OF_CRLS: Final = frozenset({"CRL_CHECK_LEAF", "CRL_CHECK_ALL", "CRL_CHECK_CHAIN"})
"""Flags of one another's bits: rows with both bits are CHAIN's, and no other's."""


@cache
def changes(name: str) -> tuple[Change, ...]:
    """The pinned cases whose outcome this flag changes, each name once."""
    bits = Flags({**DOCUMENTED, **RAW}.get(name, 0))
    if name == "CRL_CHECK_CHAIN":  # it is asked beside LEAF, which it contains
        bits = Flags(RAW["CRL_CHECK_ALL"])
    found: dict[str, Change] = {}
    for case in PINNED:
        key = plain_id(case.id)
        if bits and key not in found and name not in NEVER_A_SWITCH:
            for change in _changes(key, case, bits, name):
                found[key] = change
    return tuple(found.values())


def _changes(key: str, case: Pinned, bits: Flags, name: str) -> Iterator[Change]:
    chain = Flags(DOCUMENTED["CRL_CHECK_CHAIN"])
    rows = [flags.effective for flags in case.flags]
    if not any(bits in flags for one in PINNED for flags in one.flags):
        rows = [flags | bits for flags in rows]  # no pinned case asks with the flag
    for flags in sorted(rows, key=_size):
        if bits not in flags:
            continue
        if name in _OF_CRLS and (chain in flags) is not (name == "CRL_CHECK_CHAIN"):
            continue
        if outcomes(case, flags) != outcomes(case, flags.without(bits)):
            yield Change(key, case, bits, flags)
            return


def _size(flags: Flags) -> tuple[int, int]:
    return flags.bits.bit_count(), flags.bits


def _showing(entry: str) -> list[Pinned]:
    return [case for case in PINNED if case.entry == entry]
