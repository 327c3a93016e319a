"""Departures in how CRLs are loaded: in which order, and by which parameter."""

from collections.abc import Callable
from typing import Final

from harness.case import PemLabel, Source
from harness.pki.spec import TrustSpec
from harness.pki.spec_edits import EditKind, EditSpec
from strategies.covering import covering
from strategies.departures import Change, Departure, Stage, departure
from strategies.draft import Draft


def _reloaded(order: Callable[[tuple[str, ...]], tuple[str, ...]]) -> Change:
    """Load the CRLs in another order, the certificate's own among them."""

    def change(draft: Draft, place: int) -> Draft:
        draft, _crl = covering(draft, place)
        return draft.asking(loaded=order(draft.scenario.loaded))

    return change


_LOADED: Final = departure(
    "loaded",
    Stage.SETTING,
    {
        "backwards": _reloaded(lambda labels: labels[::-1]),
        "twice": _reloaded(lambda labels: labels * 2),
        "the first only": _reloaded(lambda labels: labels[:1]),
        "the last only": _reloaded(lambda labels: labels[-1:]),
    },
    "crls",
)


def _from(source: Source) -> Change:
    def change(draft: Draft, place: int) -> Draft:
        return covering(draft, place)[0].asking(source=source)

    return change


def _cut_short(source: Source) -> Change:
    """A CRL that cannot be decoded, where nothing decodes it."""

    def change(draft: Draft, place: int) -> Draft:
        draft, crl = covering(draft, place)
        short = EditSpec(crl.label, "", EditKind.SHORTENED, signed=False)
        return draft.asking(source=source, edits=(short,))

    return change


_BOTH: Final = ("serverAuth", "clientAuth")


def _cadata_without(*, settings: bool) -> Change:
    """A text that holds no plain certificate: only trust settings, or only CRLs."""

    def change(draft: Draft, place: int) -> Draft:
        items = tuple(
            TrustSpec(item.certificate, PemLabel.TRUSTED_CERTIFICATE, _BOTH)
            for item in draft.scenario.trusted
        )
        draft = draft.asking(trusted=items if settings else ())
        return _from(Source.CADATA)(draft, place)

    return change


_SOURCE: Final = departure(
    "source",
    Stage.SETTING,
    {
        "capath": _from(Source.CAPATH),
        "cadata": _from(Source.CADATA),
        "cadata, trust settings only": _cadata_without(settings=True),
        "cadata, nothing trusted": _cadata_without(settings=False),
        "capath, a CRL cut short": _cut_short(Source.CAPATH),
        "cadata, a CRL cut short": _cut_short(Source.CADATA),
    },
    "crls",
)

LOADING: Final[tuple[Departure, ...]] = (_LOADED, _SOURCE)
"""Every departure in loading."""
