"""Departures with twins: certificates that say the same at other times."""

from dataclasses import replace
from typing import Final

from harness.pki.spec import DAY, YEAR, CertificateSpec, TrustSpec
from strategies.departures import Change, Departure, Stage, departure
from strategies.draft import Draft, with_intermediates


def placed(
    draft: Draft,
    item: CertificateSpec,
    *,
    sent: int | None = None,
    store: int | None = None,
) -> Draft:
    """The draft with a certificate more: sent at, or stored at, an index."""
    draft = draft.added(item)
    if sent is not None:
        peer = list(draft.scenario.peer)
        peer.insert(sent, item.label)
        draft = draft.asking(peer=tuple(peer))
    if store is not None:
        trusted = list(draft.scenario.trusted)
        trusted.insert(store, TrustSpec(item.label))
        draft = draft.asking(trusted=tuple(trusted))
    return draft


LAST: Final = 99
"""An index past the end of every list."""


def _twin(
    place: int,
    *,
    not_before: int = -3 * YEAR,
    not_after: int = -DAY,
    sent: int | None = None,
    store: int | None = None,
) -> Change:
    """Add a certificate that says the same as the one at the place at other times."""

    def change(draft: Draft, _place: int) -> Draft:
        draft = with_intermediates(draft, max(0, place))
        real = draft.at(place)
        twin = replace(
            real,
            label=draft.free(f"{real.label}-twin"),
            not_before=not_before,
            not_after=not_after,
        )
        return placed(draft, twin, sent=sent, store=store)

    return change


def _outdated(
    place: int, *, future_first: bool, real_last: bool = False, store: bool = False
) -> Change:
    """No certificate of the issuer at the place is valid: the real one is over, one is
    of the future, and one ended between; in this order, or backwards."""

    def change(draft: Draft, _place: int) -> Draft:
        draft = with_intermediates(draft, max(0, place))
        real = draft.at(place)
        dates = {"future": (DAY, 5 * YEAR), "between": (-3 * YEAR, -DAY)}
        order = ("future", "between") if future_first else ("between", "future")
        draft = draft.changed(real.label, not_before=-3 * YEAR, not_after=-YEAR)
        for at, name in enumerate(order):
            begins, ends = dates[name]
            label = draft.free(f"{real.label}-{name}")
            twin = replace(real, label=label, not_before=begins, not_after=ends)
            index = at if real_last else LAST
            if not store and real_last:
                index += 1
            here = {"store": index} if store else {"sent": index}
            draft = placed(draft, twin, **here)
        return draft

    return change


def _leaf_stored_twice(*, last: bool) -> Change:
    """The leaf is in the store, beside one that says the same; nothing else is."""

    def change(draft: Draft, place: int) -> Draft:
        draft = draft.asking(trusted=(TrustSpec(draft.path[0]),))
        return _twin(0, not_after=20 * YEAR, store=0 if last else LAST)(draft, place)

    return change


TWINS: Final[tuple[Departure, ...]] = (
    departure(
        "twin",
        Stage.SHAPE,
        {
            "expired intermediate stored": _twin(1, store=LAST),
            "expired intermediate stored first": _twin(1, store=0),
            "future intermediate stored": _twin(
                1, not_before=YEAR, not_after=5 * YEAR, store=0
            ),
            "expired intermediate sent first": _twin(1, sent=1),
            "expired intermediate sent last": _twin(1, sent=LAST),
            "older intermediate sent first": _twin(1, not_after=2 * YEAR, sent=1),
            "expired root stored first": _twin(-1, store=0),
            "expired root stored last": _twin(-1, store=LAST),
            "younger root stored": _twin(-1, not_after=20 * YEAR, store=LAST),
            "expired root sent": _twin(-1, sent=LAST),
            "all intermediates outdated": _outdated(1, future_first=False),
            "all intermediates outdated, the future first": _outdated(
                1, future_first=True, real_last=True
            ),
            "all intermediates outdated, the real one last": _outdated(
                1, future_first=False, real_last=True
            ),
            "all roots outdated": _outdated(-1, future_first=False, store=True),
            "all roots outdated, the future first": _outdated(
                -1, future_first=True, real_last=True, store=True
            ),
            "leaf stored": _twin(0, not_after=20 * YEAR, store=0),
            "leaf stored, then itself": _leaf_stored_twice(last=True),
            "leaf stored after itself": _leaf_stored_twice(last=False),
        },
        "paths",
        under=("X509_PARTIAL_CHAIN",),
    ),
)
"""Every departure with twins."""
