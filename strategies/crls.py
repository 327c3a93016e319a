"""Strategies for CRLs: who issued them, when, what they revoke, how they are loaded.

A departure here is about the CRL that covers the certificate at its place: the one by
that certificate's issuer, which is added, fresh, where the scenario has none yet.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from hypothesis.strategies import SearchStrategy

from harness.case import Role
from harness.pki.spec import (
    DAY,
    HOUR,
    YEAR,
    AuthorityKeyIdSpec,
    Entity,
    KeyId,
    KeyUsageSpec,
    NameSpec,
    RawExtension,
    Reason,
    RevokedSpec,
    Scenario,
)
from strategies.covering import another, covering, entry, rewrite, state
from strategies.deltas import DELTAS
from strategies.departures import (
    Change,
    Departure,
    Stage,
    Theme,
    departing,
    departure,
)
from strategies.draft import FORGER, Draft
from strategies.loading import LOADING
from strategies.scopes import SCOPES


def _fresh(draft: Draft, place: int) -> Draft:
    return covering(draft, place)[0]


def _missing(draft: Draft, place: int) -> Draft:
    draft, crl = covering(draft, place)
    loaded = tuple(label for label in draft.scenario.loaded if label != crl.label)
    return draft.asking(loaded=loaded)


_PRESENCE: Final = departure(
    "CRL",
    Stage.CRL,
    {"fresh": _fresh, "missing": _missing},
    "crls",
    "proxies",
    more=1,
)

_REVOKED: Final = departure(
    "revoked",
    Stage.CRL,
    {"for no reason": entry()}
    | {str(reason): entry(reason=reason) for reason in Reason},
    "crls",
    "proxies",
    more=1,
)

_LISTED: Final = departure(
    "also listed",
    Stage.CRL,
    {
        "other serial numbers": state(revoked=(RevokedSpec(1), RevokedSpec(2))),
        "before others": entry(then=(RevokedSpec(1), RevokedSpec(2))),
        "twice, then removed": entry(reason=Reason.HOLD, then_itself=(Reason.REMOVE,)),
        "removed, then revoked": entry(
            reason=Reason.REMOVE, then_itself=(Reason.KEY_COMPROMISE,)
        ),
    },
    "crls",
)

_TIMES: Final = departure(
    "CRL validity",
    Stage.CRL,
    {
        "expired a day ago": state(this_update=-8 * DAY, next_update=-DAY),
        "expired hours ago": state(this_update=-8 * DAY, next_update=-2 * HOUR),
        "expired years ago": state(this_update=-5 * YEAR, next_update=-4 * YEAR),
        "valid in a day": state(this_update=DAY),
        "valid in years": state(this_update=2 * YEAR, next_update=3 * YEAR),
        "for a century": state(this_update=-80 * YEAR, next_update=40 * YEAR),
        "valid in half a century": state(this_update=40 * YEAR, next_update=41 * YEAR),
        "expired for a century": state(this_update=-90 * YEAR, next_update=-80 * YEAR),
        "no nextUpdate": state(next_update=None),
        "no nextUpdate, old": state(this_update=-3 * YEAR, next_update=None),
        "no nextUpdate, valid in a day": state(this_update=DAY, next_update=None),
    },
    "crls",
    under=("CRL_CHECK_CHAIN|NO_CHECK_TIME",),
)


def _entries_by(issuer: NameSpec) -> Change:
    """Revoke the certificate at the place in an entry of that certificateIssuer."""
    return entry(certificate_issuer=issuer)


_SIGNATURE: Final = departure(
    "CRL signature",
    Stage.CRL,
    {
        "corrupt": state(corrupt=True),
        "by another key": state(signed_by=FORGER),
        "by another key, no authority key": state(
            signed_by=FORGER, authority_key_id=AuthorityKeyIdSpec(KeyId.ABSENT)
        ),
        "by another key, which it names": state(
            signed_by=FORGER, authority_key_id=AuthorityKeyIdSpec(key=FORGER)
        ),
        "by a key of another type": state(signed_by="rsa2048-3"),
        "inner and outer differ": state(outer_digest="sha384"),
        "SHA-1": state(digest="sha1"),
        "SHA-1 outside only": state(outer_digest="sha1"),
        "of an unknown algorithm": state(digest="unknown"),
    },
    "crls",
)


def _by(entity: Callable[[Draft, int], Entity], **fields: Any) -> Change:
    """The CRL issued by another entity."""

    def change(draft: Draft, place: int) -> Draft:
        issuer = entity(draft, place)
        return rewrite(draft, place, lambda crl: replace(crl, issuer=issuer, **fields))

    return change


def _by_subject(draft: Draft, place: int) -> Entity:
    return draft.at(place).subject


def _by_stranger(draft: Draft, place: int) -> Entity:
    return Entity(NameSpec.cn("Nobody"), draft.at(place).issuer.key)


def _by_namesake(draft: Draft, place: int) -> Entity:
    return Entity(draft.at(place).issuer.name, FORGER)


def _by_issuer_name_own_key(draft: Draft, place: int) -> Entity:
    item = draft.at(place)
    return Entity(item.issuer.name, item.subject.key)


def _by_old_key(draft: Draft, place: int) -> Entity:
    """The root's key under the issuer's name: who signed before a rollover."""
    return Entity(draft.at(place).issuer.name, draft.at(-1).subject.key)


_ISSUER: Final = departure(
    "CRL issuer",
    Stage.CRL,
    {
        "of another name": _by(_by_stranger),
        "of another key": _by(_by_namesake),
        "of another key, no authority key": _by(
            _by_namesake, authority_key_id=AuthorityKeyIdSpec(KeyId.ABSENT)
        ),
        "the certificate itself": _by(_by_subject),
        "the certificate's key": _by(_by_issuer_name_own_key),
        "the root's key": _by(_by_old_key),
    },
    "crls",
)


def _issuer_uses(*bits: str, none: bool = False) -> Change:
    """Change the keyUsage of the issuer of the certificate at the place."""
    usage = None if none else KeyUsageSpec(frozenset(bits))

    def change(draft: Draft, place: int) -> Draft:
        draft, _crl = covering(draft, place)
        at = draft.path.index(draft.label(place))
        above = draft.path[min(at + 1, len(draft.path) - 1)]
        return draft.changed(above, key_usage=usage)

    return change


_ISSUER_USAGE: Final = departure(
    "CRL issuer's keyUsage",
    Stage.CRL,
    {
        "without cRLSign": _issuer_uses("keyCertSign", "digitalSignature"),
        "absent": _issuer_uses(none=True),
        "cRLSign alone": _issuer_uses("cRLSign"),
    },
    "crls",
)


def _authority(
    key_id: KeyId = KeyId.OWN,
    *,
    issuer: NameSpec | None = None,
    serial: int | None = None,
    critical: bool = False,
) -> Change:
    spec = AuthorityKeyIdSpec(key_id, None, issuer, serial, critical)
    return state(authority_key_id=spec)


_AUTHORITY_KEY: Final = departure(
    "CRL's authorityKeyIdentifier",
    Stage.CRL,
    {
        "absent": _authority(KeyId.ABSENT),
        "no key's": _authority(KeyId.OTHER),
        "empty": _authority(KeyId.EMPTY),
        "critical": _authority(critical=True),
        "wrong serial": _authority(serial=1),
        "wrong issuer": _authority(issuer=NameSpec.cn("Nobody"), serial=1),
    },
    "crls",
)


def _two_more(*, oldest_first: bool) -> Change:
    """Three CRLs of one issuer: the newest of them revokes."""
    older = another(this_update=-9 * DAY, first=oldest_first)
    newest = another(this_update=-HOUR, revokes=True, first=not oldest_first)
    return lambda draft, place: newest(older(draft, place), place)


UNKNOWN: Final = RawExtension("1.3.6.1.4.1.55555.8", b"\x05\x00", critical=True)
"""A critical extension that nobody knows."""

_ANOTHER: Final = departure(
    "another CRL",
    Stage.CRL,
    {
        "newer, revoking": another(this_update=-HOUR, revokes=True),
        "older, revoking": another(this_update=-9 * DAY, revokes=True),
        "older, revoking, loaded first": another(
            this_update=-9 * DAY, revokes=True, first=True
        ),
        "as old, revoking": another(revokes=True),
        "as old, revoking, loaded first": another(revokes=True, first=True),
        "as old, nothing else": another(),
        "newer, expired, revoking": another(
            this_update=-2 * HOUR, next_update=-HOUR, revokes=True
        ),
        "newer, forged": another(this_update=-HOUR, signed_by=FORGER),
        "newer, forged, loaded first": another(
            this_update=-HOUR, signed_by=FORGER, first=True
        ),
        "newer, forged by a namesake": another(
            this_update=-HOUR,
            signed_by=FORGER,
            authority_key_id=AuthorityKeyIdSpec(key=FORGER),
        ),
        "expired": another(this_update=-9 * DAY, next_update=-8 * DAY),
        "an older and a newer one, revoking": _two_more(oldest_first=True),
        "a newer one, revoking, and an older": _two_more(oldest_first=False),
        "of a higher number, older, revoking": another(
            this_update=-9 * DAY, number=7, revokes=True
        ),
        "newer, with a critical extension": another(
            this_update=-HOUR, extra=(UNKNOWN,)
        ),
        "as old, with a critical extension": another(extra=(UNKNOWN,)),
    },
    "crls",
)

_EXTENSIONS: Final = departure(
    "CRL extension",
    Stage.CRL,
    {
        "unknown, critical": state(extra=(UNKNOWN,)),
        "unknown, not critical": state(extra=(replace(UNKNOWN, critical=False),)),
        "number critical": state(number_critical=True),
        "number absent": state(number=None),
        "number of 21 octets": state(number=2**166),
        "unknown critical, in the certificate's entry": entry(extra=(UNKNOWN,)),
        "unknown critical, in another's entry": state(
            revoked=(RevokedSpec(1, extra=(UNKNOWN,)),)
        ),
        "certificateIssuer, another's": _entries_by(NameSpec.cn("Nobody")),
        "certificateIssuer in another's entry": state(
            revoked=(RevokedSpec(1, certificate_issuer=NameSpec.cn("Nobody")),)
        ),
        "invalidityDate": entry(
            extra=(RawExtension("2.5.29.24", b"\x18\x0f20200101000000Z"),)
        ),
        "undecodable reason": entry(extra=(RawExtension("2.5.29.21", b"\x05\x00"),)),
        "undecodable reason, then another entry": entry(
            extra=(RawExtension("2.5.29.21", b"\x05\x00"),), then=(RevokedSpec(1),)
        ),
        "undecodable certificateIssuer": entry(
            extra=(RawExtension("2.5.29.29", b"\x05\x00"),)
        ),
        "undecodable invalidityDate": entry(
            extra=(RawExtension("2.5.29.24", b"\x05\x00"),)
        ),
        "undecodable invalidityDate in another's entry": state(
            revoked=(RevokedSpec(1, extra=(RawExtension("2.5.29.24", b"\x05\x00"),)),)
        ),
    },
    "crls",
    "deltas",
    under=("CRL_CHECK_CHAIN|IGNORE_CRITICAL",),
)

_BARE: Final[dict[str, Any]] = {
    "version": 1,
    "number": None,
    "authority_key_id": AuthorityKeyIdSpec(KeyId.ABSENT),
}

_VERSION: Final = departure(
    "CRL version",
    Stage.CRL,
    {"1": state(**_BARE), "1 with extensions": state(version=1)},
    "crls",
)

_MALFORMED: Final = departure(
    "undecodable CRL extension",
    Stage.CRL,
    {
        name: state(extra=(RawExtension(oid, b"\x30\x10\x01"),))
        for name, oid in (
            ("issuingDistributionPoint", "2.5.29.28"),
            ("cRLNumber", "2.5.29.20"),
            ("authorityKeyIdentifier", "2.5.29.35"),
            ("deltaCRLIndicator", "2.5.29.27"),
            ("issuerAltName", "2.5.29.18"),
        )
    },
    "crls",
)


CRLS: Final[tuple[Departure, ...]] = (
    _PRESENCE,
    _REVOKED,
    _LISTED,
    _ANOTHER,
    _TIMES,
    _SIGNATURE,
    _ISSUER,
    _ISSUER_USAGE,
    _AUTHORITY_KEY,
    _EXTENSIONS,
    _VERSION,
    _MALFORMED,
    *SCOPES,
    *DELTAS,
    *LOADING,
)
"""Every departure in CRLs and how they are loaded."""


def crls(
    *, theme: Theme | None = None, role: Role | None = None
) -> SearchStrategy[Scenario]:
    """Generate scenarios that depart from the plain chain in their CRLs only.

    ``theme`` ("crls") has more complete sets of CRLs. Shrinks to root and leaf, and
    no CRL.
    """
    return departing(CRLS, theme=theme, role=role)
