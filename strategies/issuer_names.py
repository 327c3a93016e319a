"""Departures in how an issuer is pointed at: an authorityKeyIdentifier's issuer and a
CRL entry's certificateIssuer of every kind of GeneralName, several, and behind others.

OpenSSL takes the first directoryName of an authorityKeyIdentifier, and any of a
certificateIssuer (``X509_check_akid``, ``crl_revoked_issuer_match``).
"""

from typing import Final

from harness.facts import NameKind
from harness.pki import der, keys
from harness.pki.encode_name import general_name, general_names
from harness.pki.spec import (
    GeneralNameSpec,
    IssuingPointSpec,
    NameSpec,
    RawExtension,
    RevokedSpec,
)
from strategies.covering import covering, state
from strategies.departures import Change, Departure, Stage, departure
from strategies.draft import Draft

Names = tuple[GeneralNameSpec | None, ...]
"""General names; None stands for the right issuer's directoryName."""

AUTHORITY_KEY: Final = "2.5.29.35"
CERTIFICATE_ISSUER: Final = "2.5.29.29"
_SERIAL: Final = 4660
"""The serial number of what is pointed at."""

_NOBODY: Final = GeneralNameSpec.dir(NameSpec.cn("Nobody"))
_URI: Final = GeneralNameSpec.uri("http://ca.example/")
_KINDS: Final = (
    GeneralNameSpec.dns("ca.example"),
    GeneralNameSpec(NameKind.EMAIL, "ca@ca.example"),
    GeneralNameSpec(NameKind.IP, "192.0.2.9"),
    GeneralNameSpec(NameKind.REGISTERED_ID, "1.3.6.1.4.1.55555.4"),
    GeneralNameSpec(NameKind.OTHER, "1.3.6.1.4.1.55555.2:text"),
)
"""A name of each kind that is neither a directoryName nor a URI."""


def _written(names: Names, right: NameSpec) -> tuple[GeneralNameSpec, ...]:
    return tuple(name or GeneralNameSpec.dir(right) for name in names)


def _pointing(draft: Draft, place: int, names: Names) -> tuple[Draft, RawExtension]:
    """The right key identifier and serial number of the issuer of the certificate at
    the place, with these names for who issued that."""
    at = draft.path.index(draft.label(place))
    above = draft.path[min(at + 1, len(draft.path) - 1)]
    draft = draft.changed(above, serial=_SERIAL)
    item = draft.scenario.certificate(above)
    said = map(general_name, _written(names, item.issuer.name))
    value = der.sequence(
        der.implicit(0, keys.key_id(item.subject.key)),
        der.explicit(1, *said),
        der.implicit(2, der.integer_content(_SERIAL)),
    )
    return draft, RawExtension(AUTHORITY_KEY, value)


def _certificate(*names: GeneralNameSpec | None) -> Change:
    def change(draft: Draft, place: int) -> Draft:
        draft, pointer = _pointing(draft, place, names)
        item = draft.at(place)
        return draft.changed(item.label, extra=(*item.extra, pointer))

    return change


def _crl(*names: GeneralNameSpec | None) -> Change:
    def change(draft: Draft, place: int) -> Draft:
        draft, pointer = _pointing(draft, place, names)
        draft, crl = covering(draft, place)
        return state(extra=(*crl.extra, pointer))(draft, place)

    return change


def _entry(*names: GeneralNameSpec | None, indirect: bool = True) -> Change:
    """The certificate listed for a certificateIssuer of these names."""

    def change(draft: Draft, place: int) -> Draft:
        item = draft.at(place)
        value = general_names(_written(names, item.issuer.name))
        extra = (RawExtension(CERTIFICATE_ISSUER, value, critical=True),)
        point = IssuingPointSpec(indirect=True) if indirect else None
        listed = (RevokedSpec(item.label, extra=extra),)
        return state(issuing_point=point, revoked=listed)(draft, place)

    return change


def _entries(*entries: tuple[int, bool | None]) -> Change:
    """Entries of the certificate's serial number and so much more, for its own issuer
    (True), for another (False), or without saying for whom."""

    def change(draft: Draft, place: int) -> Draft:
        draft = draft.changed(draft.label(place), serial=_SERIAL)
        own = draft.at(place).issuer.name
        names = {True: own, False: NameSpec.cn("Nobody"), None: None}
        listed = tuple(
            RevokedSpec(_SERIAL + more, certificate_issuer=names[whose])
            for more, whose in entries
        )
        point = IssuingPointSpec(indirect=True)
        return state(issuing_point=point, revoked=listed)(draft, place)

    return change


ISSUER_NAMES: Final[tuple[Departure, ...]] = (
    departure(
        "authorityKeyIdentifier's issuer",
        Stage.CERTIFICATE,
        {
            "right": _certificate(None),
            "wrong, the serial number right": _certificate(_NOBODY),
            "behind a URI": _certificate(_URI, None),
            "wrong, behind a URI": _certificate(_URI, _NOBODY),
            "a URI alone": _certificate(_URI),
            "then another": _certificate(None, _NOBODY),
            "another, then the right one": _certificate(_NOBODY, None),
            "behind all other kinds": _certificate(*_KINDS, None),
        },
        "strict",
        "paths",
    ),
)
"""Departures in certificates."""

CRL_ISSUER_NAMES: Final[tuple[Departure, ...]] = (
    departure(
        "CRL's authorityKeyIdentifier's issuer",
        Stage.CRL,
        {
            "right": _crl(None),
            "wrong, the serial number right": _crl(_NOBODY),
            "behind a URI": _crl(_URI, None),
            "then another": _crl(None, _NOBODY),
            "another, then the right one": _crl(_NOBODY, None),
        },
        "crls",
    ),
    departure(
        "certificateIssuer of an entry",
        Stage.CRL,
        {
            "the right one": _entry(None),
            "the right one, the CRL not indirect": _entry(None, indirect=False),
            "a URI alone": _entry(_URI),
            "behind a URI": _entry(_URI, None),
            "behind another": _entry(_NOBODY, None),
            "behind all other kinds": _entry(*_KINDS, None),
            "another, then the right one": _entries((0, False), (0, True)),
            "the right one, then another": _entries((0, True), (0, False)),
            "another, carried on": _entries((-1, False), (0, None)),
            "the right one, carried on": _entries((-1, True), (0, None)),
            "another, then the next serial number": _entries((0, False), (1, True)),
            "the next serial number's, and before": _entries((-1, True), (1, None)),
        },
        "crls",
        "deltas",
        under=("CRL_CHECK_CHAIN|EXTENDED_CRL_SUPPORT",),
    ),
)
"""Departures in CRLs."""
