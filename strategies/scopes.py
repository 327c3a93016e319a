"""Departures in what a CRL covers: issuing distribution points and reasons, with the
certificate's cRLDistributionPoints where both must agree."""

from typing import Final

from harness.pki.spec import (
    AttributeSpec,
    GeneralNameSpec,
    IssuingPointSpec,
    NameSpec,
    PointSpec,
    RawExtension,
)
from strategies.covering import another, covering, entry, state
from strategies.departures import Change, Departure, Stage, departure
from strategies.draft import Draft

POINT: Final = (GeneralNameSpec.uri("http://crl.example/1"),)
"""The full name of a distribution point."""
OTHER_POINT: Final = (GeneralNameSpec.uri("http://crl.example/2"),)
DIRECTORY_POINT: Final = (GeneralNameSpec.dir(NameSpec.cn("Point 1")),)
FRAGMENT: Final = AttributeSpec("Point 1")
"""A name relative to the CRL issuer."""

UNNAMED: Final = AttributeSpec("", raw=b"\x0c\x01\xff")
"""A fragment that makes no name: a UTF8String that is none."""

_FULL: Final = IssuingPointSpec(POINT)
_dir = GeneralNameSpec.dir

SOME: Final = frozenset({"keyCompromise"})
OTHERS: Final = frozenset(
    {
        "cACompromise",
        "affiliationChanged",
        "superseded",
        "cessationOfOperation",
        "certificateHold",
        "privilegeWithdrawn",
        "aACompromise",
    }
)

_ONLY: Final = departure(
    "CRL scope",
    Stage.CRL,
    {
        "user certificates": state(issuing_point=IssuingPointSpec(only_user=True)),
        "CA certificates": state(issuing_point=IssuingPointSpec(only_ca=True)),
        "attribute certificates": state(
            issuing_point=IssuingPointSpec(only_attribute=True)
        ),
        "user and CA certificates": state(
            issuing_point=IssuingPointSpec(only_user=True, only_ca=True)
        ),
        "empty": state(issuing_point=IssuingPointSpec()),
        "user certificates, not critical": state(
            issuing_point=IssuingPointSpec(only_user=True, critical=False)
        ),
        "CA certificates, not critical": state(
            issuing_point=IssuingPointSpec(only_ca=True, critical=False)
        ),
        "some reasons": state(issuing_point=IssuingPointSpec(reasons=SOME)),
        "all reasons": state(issuing_point=IssuingPointSpec(reasons=SOME | OTHERS)),
        "no reasons": state(issuing_point=IssuingPointSpec(reasons=frozenset())),
        "indirect": state(issuing_point=IssuingPointSpec(indirect=True)),
    },
    "crls",
    under=("CRL_CHECK_CHAIN|EXTENDED_CRL_SUPPORT",),
)


def _pointed(*points: PointSpec, issuing: IssuingPointSpec | None = None) -> Change:
    """Give the certificate distribution points, and its CRL an issuing one."""

    def change(draft: Draft, place: int) -> Draft:
        draft = draft.changed(draft.label(place), distribution_points=points)
        draft, _crl = covering(draft, place)
        return state(issuing_point=issuing)(draft, place) if issuing else draft

    return change


def _pointed_by_issuer(
    *, here: bool, before: tuple[GeneralNameSpec, ...] = ()
) -> Change:
    """A relative name in the certificate, that name in full in the CRL, behind others
    or first; or the other way round."""

    def change(draft: Draft, place: int) -> Draft:
        issuer = draft.at(place).issuer.name
        full = (*before, GeneralNameSpec.dir(NameSpec((*issuer.rdns, (FRAGMENT,)))))
        point = PointSpec(relative=FRAGMENT) if here else PointSpec(full)
        issuing = IssuingPointSpec(full)
        if not here:
            issuing = IssuingPointSpec(relative=FRAGMENT)
        return _pointed(point, issuing=issuing)(draft, place)

    return change


def _of_crl_issuer(
    *, own: bool, named: bool = True, before: tuple[GeneralNameSpec, ...] = ()
) -> Change:
    """A point whose cRLIssuer is the certificate's own issuer, or somebody else, behind
    names of other kinds or alone; with no name of its own unless ``named``."""

    def change(draft: Draft, place: int) -> Draft:
        issuer = draft.at(place).issuer.name if own else NameSpec.cn("Nobody")
        point = PointSpec(POINT if named else (), crl_issuer=(*before, _dir(issuer)))
        return _pointed(point, issuing=_FULL)(draft, place)

    return change


def _relative_to_crl_issuer(
    *, own: bool, before: tuple[GeneralNameSpec, ...] = ()
) -> Change:
    """A point with two cRLIssuers, somebody and the certificate's own issuer, and a
    name relative to the first; ``before`` them stand names of no directory. The CRL has
    it in full, under the first or under its ``own`` issuer."""

    def change(draft: Draft, place: int) -> Draft:
        issuer, nobody = draft.at(place).issuer.name, NameSpec.cn("Nobody")
        issuers = (*before, _dir(nobody), _dir(issuer))
        point = PointSpec(relative=FRAGMENT, crl_issuer=issuers)
        above = issuer if own else nobody
        full = (_dir(NameSpec((*above.rdns, (FRAGMENT,)))),)
        return _pointed(point, issuing=IssuingPointSpec(full))(draft, place)

    return change


def _unreadable_twice(draft: Draft, place: int) -> Draft:
    """Neither the certificate nor an entry of its CRL, the invalidityDate of which does
    not decode, is read by every release."""
    draft = _pointed(PointSpec(relative=UNNAMED))(draft, place)
    junk = RawExtension("2.5.29.24", b"\x05\x00")
    return entry(extra=(junk,))(draft, place)


_POINTS: Final = departure(
    "distribution point",
    Stage.CRL,
    {
        "the same": _pointed(PointSpec(POINT), issuing=_FULL),
        "in the certificate only": _pointed(PointSpec(POINT)),
        "in the CRL only": _pointed(issuing=_FULL),
        "saying nothing": _pointed(PointSpec()),
        "a directoryName before it": _pointed(
            PointSpec(DIRECTORY_POINT + POINT), issuing=_FULL
        ),
        "another": _pointed(PointSpec(OTHER_POINT), issuing=_FULL),
        "the second": _pointed(PointSpec(OTHER_POINT), PointSpec(POINT), issuing=_FULL),
        "one of two names": _pointed(PointSpec(OTHER_POINT + POINT), issuing=_FULL),
        "the second of two names there": _pointed(
            PointSpec(POINT), issuing=IssuingPointSpec(OTHER_POINT + POINT)
        ),
        "the same directoryName": _pointed(
            PointSpec(DIRECTORY_POINT), issuing=IssuingPointSpec(DIRECTORY_POINT)
        ),
        "the same relative name": _pointed(
            PointSpec(relative=FRAGMENT), issuing=IssuingPointSpec(relative=FRAGMENT)
        ),
        "another relative name": _pointed(
            PointSpec(relative=AttributeSpec("Point 2")),
            issuing=IssuingPointSpec(relative=FRAGMENT),
        ),
        "relative here, full there": _pointed_by_issuer(here=True),
        "full here, relative there": _pointed_by_issuer(here=False),
        "relative here, another in full there": _pointed(
            PointSpec(relative=FRAGMENT), issuing=IssuingPointSpec(DIRECTORY_POINT)
        ),
        "relative here, in full behind a URI there": _pointed_by_issuer(
            here=True, before=POINT
        ),
        "relative here, no name there": _pointed(
            PointSpec(relative=FRAGMENT), issuing=IssuingPointSpec(relative=UNNAMED)
        ),
        "full here, no name there": _pointed(
            PointSpec(POINT), issuing=IssuingPointSpec(relative=UNNAMED)
        ),
        "no name here": _pointed(PointSpec(relative=UNNAMED)),
        "no name here, an entry nobody reads there": _unreadable_twice,
        "a URI here, a directoryName there": _pointed(
            PointSpec(POINT), issuing=IssuingPointSpec(DIRECTORY_POINT)
        ),
        "cRLIssuer is the issuer": _of_crl_issuer(own=True),
        "cRLIssuer is another": _of_crl_issuer(own=False),
        "cRLIssuer alone is the issuer": _of_crl_issuer(own=True, named=False),
        "cRLIssuer is the issuer behind a URI": _of_crl_issuer(own=True, before=POINT),
        "cRLIssuer is a URI": _pointed(
            PointSpec(POINT, crl_issuer=POINT), issuing=_FULL
        ),
        "relative to another cRLIssuer": _relative_to_crl_issuer(own=False),
        "relative to another cRLIssuer, behind a URI": _relative_to_crl_issuer(
            own=False, before=POINT
        ),
        "relative to another cRLIssuer, not to the issuer": _relative_to_crl_issuer(
            own=True
        ),
        "relative in the CRL only": _pointed(
            issuing=IssuingPointSpec(relative=FRAGMENT)
        ),
        "the same, for CAs": _pointed(
            PointSpec(POINT), issuing=IssuingPointSpec(POINT, only_ca=True)
        ),
    },
    "crls",
    under=("CRL_CHECK_CHAIN|EXTENDED_CRL_SUPPORT",),
)

_REASONS: Final = departure(
    "distribution point's reasons",
    Stage.CRL,
    {
        "some": _pointed(PointSpec(POINT, reasons=SOME)),
        "some, the CRL's too": _pointed(
            PointSpec(POINT, reasons=SOME),
            issuing=IssuingPointSpec(POINT, reasons=SOME),
        ),
        "some, the CRL's others": _pointed(
            PointSpec(POINT, reasons=SOME),
            issuing=IssuingPointSpec(POINT, reasons=OTHERS),
        ),
        "not said, the CRL's some": _pointed(
            PointSpec(POINT), issuing=IssuingPointSpec(POINT, reasons=SOME)
        ),
        "all, the CRL's some": _pointed(
            PointSpec(POINT, reasons=SOME | OTHERS),
            issuing=IssuingPointSpec(POINT, reasons=SOME),
        ),
        "none": _pointed(PointSpec(POINT, reasons=frozenset())),
        "all": _pointed(PointSpec(POINT, reasons=SOME | OTHERS)),
        "all but one": _pointed(PointSpec(POINT, reasons=OTHERS)),
    },
    "crls",
    "deltas",
    under=("CRL_CHECK_CHAIN|EXTENDED_CRL_SUPPORT",),
)


def _by_reasons(draft: Draft, place: int) -> Draft:
    """Two CRLs that share all reasons between them; the second one revokes."""
    return _divided(OTHERS, revokes=True)(draft, place)


def _divided(rest: frozenset[str], *, revokes: bool = False) -> Change:
    """Two CRLs, one for some reasons, then one for these."""

    def change(draft: Draft, place: int) -> Draft:
        draft = state(issuing_point=IssuingPointSpec(reasons=SOME))(draft, place)
        second = IssuingPointSpec(reasons=rest)
        return another(issuing_point=second, revokes=revokes)(draft, place)

    return change


def _by_holders(*, revokes: bool) -> Change:
    """Two CRLs, one for CAs, then one for users."""

    def change(draft: Draft, place: int) -> Draft:
        draft = state(issuing_point=IssuingPointSpec(only_ca=True))(draft, place)
        users = IssuingPointSpec(only_user=True)
        return another(issuing_point=users, revokes=revokes)(draft, place)

    return change


_PARTITION: Final = departure(
    "CRLs in parts",
    Stage.CRL,
    {
        "by holders": _by_holders(revokes=False),
        "by holders, revoking": _by_holders(revokes=True),
        "by reasons, revoking": _by_reasons,
        "by reasons": _divided(OTHERS),
        "for the same reasons": _divided(SOME),
    },
    "crls",
    "deltas",
    under=("CRL_CHECK_CHAIN|EXTENDED_CRL_SUPPORT",),
)


SCOPES: Final[tuple[Departure, ...]] = (
    _ONLY,
    _POINTS,
    _REASONS,
    _PARTITION,
)
