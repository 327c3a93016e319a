"""Departures that put two faults into one certificate, or into one CRL: which of them
is told shows the order of checks, and a check that is gone shows by the other's code.
"""

from collections.abc import Mapping
from itertools import combinations
from typing import Final

from harness.case import Role
from harness.pki.spec import (
    DAY,
    ExtendedKeyUsageSpec,
    GeneralNameSpec,
    IssuingPointSpec,
    KeyUsageSpec,
    NameConstraintsSpec,
    NameSpec,
    RawExtension,
    SubtreeSpec,
)
from strategies.covering import covering, entry, state
from strategies.departures import Change, Departure, Stage, departure, edit, revise
from strategies.draft import Draft

_UNKNOWN: Final = RawExtension("1.3.6.1.4.1.55555.9", b"\x05\x00", critical=True)


def _both(one: Change, other: Change) -> Change:
    return lambda draft, place: other(one(draft, place), place)


def _pairs(faults: Mapping[str, Change]) -> dict[str, Change]:
    return {
        f"{one}, {other}": _both(faults[one], faults[other])
        for one, other in combinations(faults, 2)
    }


def _confined(draft: Draft, place: int) -> Draft:
    """Its issuer's name constraints do not permit the certificate's subject."""
    at = draft.path.index(draft.label(place))
    above = draft.path[min(at + 1, len(draft.path) - 1)]
    base = GeneralNameSpec.dir(NameSpec.cn("Nobody"))
    constraints = NameConstraintsSpec((SubtreeSpec(base),))
    return draft.changed(above, name_constraints=constraints)


def _of_another_host(draft: Draft, _place: int) -> Draft:
    """Nobody there has the name that is asked for."""
    return draft.asking(name="other.example", role=Role.CLIENT)


def _uncertain_usage(draft: Draft, place: int) -> Draft:
    """The CRL's issuer may not sign CRLs."""
    draft, _crl = covering(draft, place)
    at = draft.path.index(draft.label(place))
    above = draft.path[min(at + 1, len(draft.path) - 1)]
    usage = KeyUsageSpec(frozenset({"keyCertSign", "digitalSignature"}))
    return draft.changed(above, key_usage=usage)


def _unknown(draft: Draft, place: int) -> Draft:
    draft, crl = covering(draft, place)
    return state(extra=(*crl.extra, _UNKNOWN))(draft, place)


PAIRS: Final[tuple[Departure, ...]] = (
    departure(
        "two faults",
        Stage.CERTIFICATE,
        _pairs(
            {
                "corrupt": edit(corrupt=True),
                "expired": edit(not_after=-DAY),
                "signed with SHA-1": edit(digest="sha1"),
                "unknown critical extension": revise(
                    lambda item: {"extra": (*item.extra, _UNKNOWN)}
                ),
                "of another purpose": edit(
                    extended_key_usage=ExtendedKeyUsageSpec(("codeSigning",))
                ),
                "no basicConstraints": edit(basic_constraints=None),
                "outside of name constraints": _confined,
                "of another host": _of_another_host,
            }
        ),
        "paths",
        "strict",
        under=("NO_CHECK_TIME", "IGNORE_CRITICAL", "NO_CHECK_TIME|IGNORE_CRITICAL"),
    ),
)
"""Pairs in certificates."""

CRL_PAIRS: Final[tuple[Departure, ...]] = (
    departure(
        "CRL with two faults",
        Stage.CRL,
        _pairs(
            {
                "corrupt": state(corrupt=True),
                "expired": state(this_update=-8 * DAY, next_update=-DAY),
                "of another scope": state(
                    issuing_point=IssuingPointSpec(only_attribute=True)
                ),
                "unknown critical extension": _unknown,
                "issuer without cRLSign": _uncertain_usage,
                "revoking": entry(),
            }
        ),
        "crls",
        under=(
            "CRL_CHECK_CHAIN|NO_CHECK_TIME",
            "CRL_CHECK_CHAIN|IGNORE_CRITICAL",
            "CRL_CHECK_CHAIN|EXTENDED_CRL_SUPPORT",
        ),
    ),
)
"""Pairs in CRLs."""
