"""Departures with path length constraints that bind: of a CA high enough above the leaf
that what stands between counts, or does not (RFC 5280, 4.2.1.9)."""

from typing import Any, Final

from harness.pki.spec import (
    DAY,
    BasicConstraintsSpec,
    Entity,
    ExtendedKeyUsageSpec,
    KeyUsageSpec,
)
from strategies.departures import Change, Departure, Stage, departure
from strategies.draft import Draft, with_intermediates


def limited(
    length: int, *, over: int, self_issued: tuple[int, ...] = (), **fields: Any
) -> Change:
    """Give the CA above so many intermediates a pathLenConstraint.

    ``self_issued`` are places of intermediates to be named as their issuers are;
    ``fields`` change the CA besides.
    """

    def change(draft: Draft, _place: int) -> Draft:
        draft = with_intermediates(draft, over)
        for place in sorted(self_issued, reverse=True):
            item = draft.at(place)
            named = Entity(item.issuer.name, item.subject.key)
            draft = draft.became(item.subject, named)
        constraints = BasicConstraintsSpec(ca=True, path_length=length)
        return draft.changed(
            draft.label(over + 1), basic_constraints=constraints, **fields
        )

    return change


def _between(change: Change) -> Change:
    """The CA is an intermediate too."""
    return lambda draft, place: change(with_intermediates(draft, 2), place)


LENGTHS: Final[tuple[Departure, ...]] = (
    departure(
        "path length constraint",
        Stage.SHAPE,
        {
            "0 over one": limited(0, over=1),
            "1 over one": limited(1, over=1),
            "1 over two": limited(1, over=2),
            "2 over two": limited(2, over=2),
            "0 over a self-issued one": limited(0, over=1, self_issued=(1,)),
            "1 over a self-issued one and another": limited(
                1, over=2, self_issued=(2,)
            ),
            "0 over a self-issued one and another": limited(
                0, over=2, self_issued=(2,)
            ),
            "0 over two self-issued ones": limited(0, over=2, self_issued=(1, 2)),
            "0 over one, below the root": _between(limited(0, over=1)),
            "0 over one, for another purpose": _between(
                limited(
                    0, over=1, extended_key_usage=ExtendedKeyUsageSpec(("codeSigning",))
                )
            ),
            "0 over one, expired": _between(limited(0, over=1, not_after=-DAY)),
            "0 over one, without keyCertSign": _between(
                limited(0, over=1, key_usage=KeyUsageSpec(frozenset({"cRLSign"})))
            ),
        },
        "paths",
        "strict",
    ),
)
"""Path lengths of CAs; proxies have theirs in ``strategies.proxies``."""
