"""Departures in what a CRL covers: issuing distribution points, reasons, deltas and
indirect CRLs, with the certificate's cRLDistributionPoints where both must agree."""

from dataclasses import replace
from typing import Final

from harness.pki.spec import (
    DAY,
    HOUR,
    AttributeSpec,
    CrlSpec,
    Entity,
    GeneralNameSpec,
    IssuingPointSpec,
    KeyUsageSpec,
    NameSpec,
    PointSpec,
    Reason,
    RevokedSpec,
    TrustSpec,
    ca,
)
from strategies.covering import another, covering, rewrite, state
from strategies.departures import Change, Departure, Stage, departure
from strategies.draft import Draft

POINT: Final = (GeneralNameSpec.uri("http://crl.example/1"),)
"""The full name of a distribution point."""
OTHER_POINT: Final = (GeneralNameSpec.uri("http://crl.example/2"),)
DIRECTORY_POINT: Final = (GeneralNameSpec.dir(NameSpec.cn("Point 1")),)
FRAGMENT: Final = AttributeSpec("Point 1")
"""A name relative to the CRL issuer."""

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
        "indirect": state(issuing_point=IssuingPointSpec(indirect=True)),
    },
    "crls",
)


def _pointed(*points: PointSpec, issuing: IssuingPointSpec | None = None) -> Change:
    """Give the certificate distribution points, and its CRL an issuing one."""

    def change(draft: Draft, place: int) -> Draft:
        draft = draft.changed(draft.label(place), distribution_points=points)
        draft, _crl = covering(draft, place)
        return state(issuing_point=issuing)(draft, place) if issuing else draft

    return change


def _pointed_by_issuer(draft: Draft, place: int) -> Draft:
    """A relative name in the certificate, that name in full in the CRL."""
    issuer = draft.at(place).issuer.name
    full = (GeneralNameSpec.dir(NameSpec((*issuer.rdns, (FRAGMENT,)))),)
    point = PointSpec(relative=FRAGMENT)
    return _pointed(point, issuing=IssuingPointSpec(full))(draft, place)


_FULL: Final = IssuingPointSpec(POINT)

_POINTS: Final = departure(
    "distribution point",
    Stage.CRL,
    {
        "the same": _pointed(PointSpec(POINT), issuing=_FULL),
        "in the certificate only": _pointed(PointSpec(POINT)),
        "in the CRL only": _pointed(issuing=_FULL),
        "another": _pointed(PointSpec(OTHER_POINT), issuing=_FULL),
        "the second": _pointed(PointSpec(OTHER_POINT), PointSpec(POINT), issuing=_FULL),
        "one of two names": _pointed(PointSpec(OTHER_POINT + POINT), issuing=_FULL),
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
        "relative here, full there": _pointed_by_issuer,
        "relative in the CRL only": _pointed(
            issuing=IssuingPointSpec(relative=FRAGMENT)
        ),
        "the same, for CAs": _pointed(
            PointSpec(POINT), issuing=IssuingPointSpec(POINT, only_ca=True)
        ),
    },
    "crls",
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
        "none": _pointed(PointSpec(POINT, reasons=frozenset())),
    },
    "crls",
)


def _by_reasons(draft: Draft, place: int) -> Draft:
    """Two CRLs that share all reasons between them; the second one revokes."""
    draft = state(issuing_point=IssuingPointSpec(reasons=SOME))(draft, place)
    rest = IssuingPointSpec(reasons=OTHERS)
    return another(issuing_point=rest, revokes=True)(draft, place)


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
    },
    "crls",
)


def _removed_by_delta(draft: Draft, place: int) -> Draft:
    """A hold that a newer delta CRL lifts."""
    label = draft.label(place)
    draft = state(revoked=(RevokedSpec(label, Reason.HOLD),))(draft, place)
    draft = another(number=2, base_number=1, this_update=-HOUR)(draft, place)
    crls = draft.scenario.crls
    lifted = (RevokedSpec(label, Reason.REMOVE),)
    return draft.asking(crls=(*crls[:-1], replace(crls[-1], revoked=lifted)))


def _base_revokes(draft: Draft, place: int) -> Draft:
    revoked = (RevokedSpec(draft.label(place)),)
    draft = state(revoked=revoked)(draft, place)
    return another(number=2, base_number=1, this_update=-HOUR)(draft, place)


_DELTA: Final = departure(
    "delta CRL",
    Stage.CRL,
    {
        "alone": state(base_number=1, number=2),
        "newer": another(base_number=1, number=2, this_update=-HOUR),
        "newer, revoking": another(
            base_number=1, number=2, this_update=-HOUR, revokes=True
        ),
        "newer, the base revoking": _base_revokes,
        "newer, lifting a hold": _removed_by_delta,
        "of a later base, revoking": another(
            base_number=5, number=6, this_update=-HOUR, revokes=True
        ),
        "older, revoking": another(
            base_number=1, number=2, this_update=-9 * DAY, revokes=True
        ),
    },
    "crls",
)

CRL_AUTHORITY: Final = Entity(NameSpec.cn("CRL Issuer"), "p256-14")
"""An authority for CRLs alone."""


def _indirect(*, revokes: bool, pointed: bool = True, sent: bool = True) -> Change:
    """Replace the covering CRL by one of another CRL issuer, whom the root certified.

    ``pointed`` names it in the certificate's cRLDistributionPoints; it is ``sent``, or
    else trusted.
    """

    def change(draft: Draft, place: int) -> Draft:
        item = draft.at(place)
        usage = KeyUsageSpec(frozenset({"cRLSign", "keyCertSign"}))
        label = draft.free("crl-issuer")
        root = draft.at(-1).subject
        draft = draft.added(ca(label, CRL_AUTHORITY, root, key_usage=usage))
        if sent:
            draft = draft.asking(peer=(*draft.scenario.peer, label))
        else:
            draft = draft.asking(trusted=(*draft.scenario.trusted, TrustSpec(label)))
        if pointed:
            name = (GeneralNameSpec.dir(CRL_AUTHORITY.name),)
            points = (PointSpec(crl_issuer=name),)
            draft = draft.changed(item.label, distribution_points=points)
        own = RevokedSpec(item.label, certificate_issuer=item.issuer.name)
        return rewrite(
            draft,
            place,
            lambda crl: CrlSpec(
                crl.label,
                CRL_AUTHORITY,
                revoked=(own,) if revokes else (),
                issuing_point=IssuingPointSpec(indirect=True),
            ),
        )

    return change


def _issuer_of_itself(draft: Draft, place: int) -> Draft:
    """CRLIssuer names the certificate's own issuer."""
    name = (GeneralNameSpec.dir(draft.at(place).issuer.name),)
    point = PointSpec(POINT, crl_issuer=name)
    return _pointed(point, issuing=_FULL)(draft, place)


_INDIRECT: Final = departure(
    "indirect CRL",
    Stage.CRL,
    {
        "clean": _indirect(revokes=False),
        "revoking": _indirect(revokes=True),
        "its issuer trusted": _indirect(revokes=False, sent=False),
        "not named by the certificate": _indirect(revokes=False, pointed=False),
        "cRLIssuer is the issuer": _issuer_of_itself,
    },
    "crls",
)

SCOPES: Final[tuple[Departure, ...]] = (
    _ONLY,
    _POINTS,
    _REASONS,
    _PARTITION,
    _DELTA,
    _INDIRECT,
)
