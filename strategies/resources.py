"""Departures in Internet number resources (RFC 3779)."""

from collections.abc import Callable
from typing import Any, Final

from harness.pki.spec import RawExtension
from harness.pki.spec_policies import (
    INHERIT,
    IPV4,
    IPV6,
    AddressBlocksSpec,
    AddressFamilySpec,
    AutonomousSystemsSpec,
)
from strategies.departures import Change, Departure, Stage, departure, edit, extend
from strategies.draft import Draft

_BLOCKS: Final = "1.3.6.1.5.5.7.1.7"
_TRUNCATED: Final = b"\x30\x10\x01"

_WIDE: Final = ("10.0.0.0/8", "192.0.2.0/24")
_NARROW: Final = ("10.1.0.0/16",)
_RANGE: Final = ("10.1.0.1-10.1.0.6",)
_OUTSIDE: Final = ("198.51.100.0/24",)


def _v4(*ranges: str) -> AddressFamilySpec:
    return AddressFamilySpec(IPV4, ranges)


def _blocks(*families: AddressFamilySpec, critical: bool = True) -> AddressBlocksSpec:
    return AddressBlocksSpec(families, critical)


def _v6(*ranges: str) -> AddressFamilySpec:
    return AddressFamilySpec(IPV6, ranges)


def _held(field: str, above: Any, leaf: Any, at_place: Any = None) -> Change:
    """Resources of every certificate of the path but the leaf, of the leaf, and, where
    given, of the one at the place."""

    def change(draft: Draft, place: int) -> Draft:
        for label in draft.path:
            draft = draft.changed(label, **{field: above})
        draft = draft.changed(draft.path[0], **{field: leaf})
        if at_place is not None:
            draft = draft.changed(draft.label(place), **{field: at_place})
        return draft

    return change


def _addresses(
    *leaf: AddressFamilySpec,
    above: tuple[AddressFamilySpec, ...] = (_v4(*_WIDE),),
    at_place: tuple[AddressFamilySpec, ...] | None = None,
) -> Change:
    given = None if at_place is None else _blocks(*at_place)
    return _held("addresses", _blocks(*above), _blocks(*leaf), given)


def _addresses_but_at_place(draft: Draft, place: int) -> Draft:
    draft = _addresses(_v4(*_NARROW))(draft, place)
    return draft.changed(draft.authority(place), addresses=None)


_NESTED: Final = departure(
    "IP address blocks",
    Stage.CERTIFICATE,
    {
        "within the issuer's": _addresses(_v4(*_NARROW)),
        "a range within the issuer's": _addresses(_v4(*_RANGE)),
        "outside the issuer's": _addresses(_v4(*_OUTSIDE)),
        "outside in part": _addresses(_v4(*_NARROW, *_OUTSIDE)),
        "inherited by the leaf": _addresses(_v4(*INHERIT)),
        "inherited at the place": _addresses(_v4(*_NARROW), at_place=(_v4(*INHERIT),)),
        "narrow at the place": _addresses(_v4(*_NARROW), at_place=(_v4(*_RANGE),)),
        "inherited by the leaf, narrow at the place": _addresses(
            _v4(*INHERIT), at_place=(_v4(*_NARROW),)
        ),
        "absent at the place": _addresses_but_at_place,
        "in the leaf alone": edit(addresses=_blocks(_v4(*_NARROW))),
        "inherited by the leaf alone": edit(addresses=_blocks(_v4(*INHERIT))),
        "two families": _addresses(
            _v4(*_NARROW),
            _v6("2001:db8:1::/48"),
            above=(_v4(*_WIDE), _v6("2001:db8::/32")),
        ),
        "a family the issuer lacks": _addresses(_v4(*_NARROW), _v6("2001:db8:1::/48")),
        "an inherited family that the issuer lacks": _addresses(
            _v4(*_NARROW), _v6(*INHERIT)
        ),
        "a SAFI the issuer lacks": _addresses(
            AddressFamilySpec(IPV4 + b"\x01", _NARROW)
        ),
        "not critical": edit(addresses=_blocks(_v4(*_NARROW), critical=False)),
    },
    "policies",
)


def _odd(*families: AddressFamilySpec) -> Change:
    """These families in the certificate at the place; plain ones in the others."""
    return _addresses(_v4(*_NARROW), at_place=families)


def _same(*families: AddressFamilySpec) -> Change:
    """The same families everywhere."""
    return _addresses(*families, above=families)


_CANONICAL: Final = departure(
    "form of IP address blocks",
    Stage.CERTIFICATE,
    {
        "out of order": _odd(_v4(*reversed(_WIDE))),
        "twice": _odd(_v4(*_NARROW, *_NARROW)),
        "adjacent": _odd(_v4("10.0.0.0/9", "10.128.0.0/9")),
        "overlapping": _odd(_v4("10.0.0.0/8", "10.1.0.0/16")),
        "a range that is a prefix": _odd(_v4("10.0.0.0-10.255.255.255")),
        "a range that is a prefix, then another": _odd(
            _v4("10.0.0.0-10.255.255.255", "192.0.2.0/24")
        ),
        "an inverted range": _odd(_v4("10.9.0.0-10.1.0.0")),
        "no range": _odd(_v4()),
        "no family": _odd(),
        "families out of order": _odd(_v6("2001:db8::/32"), _v4(*_WIDE)),
        "a family twice": _odd(_v4(*_WIDE), _v4(*_WIDE)),
        "an address too long": _same(_v4("2001:db8::/32")),
        "a short address twice too long": _odd(_v4("2001:db8::/64", "2001:db9::/64")),
        "a family of one octet": _odd(AddressFamilySpec(b"\x01", _WIDE)),
        "a family of one octet, inherited": _same(AddressFamilySpec(b"\x01")),
        "a family of no octet, inherited": edit(
            addresses=_blocks(AddressFamilySpec(b""))
        ),
        "a family of four octets, inherited": _odd(
            AddressFamilySpec(b"\x00\x01\x01\x01")
        ),
        "two families, one of four octets": _odd(
            _v4(*_WIDE), AddressFamilySpec(b"\x00\x02\x01\x01")
        ),
        "an unknown family": _same(AddressFamilySpec(b"\x00\x19", _NARROW)),
        "all addresses": _addresses(_v4("0.0.0.0/0"), above=(_v4("0.0.0.0/0"),)),
        "all of an unknown family": _same(
            AddressFamilySpec(b"\x00\x19", ("0.0.0.0/0",))
        ),
        "undecodable": extend(RawExtension(_BLOCKS, _TRUNCATED)),
    },
    "policies",
)

Numbers = tuple[str, ...] | None


def _systems(numbers: Numbers = None, domains: Numbers = None) -> AutonomousSystemsSpec:
    return AutonomousSystemsSpec(numbers, domains)


def _numbered(
    above: AutonomousSystemsSpec,
    leaf: AutonomousSystemsSpec,
    at_place: AutonomousSystemsSpec | None = None,
) -> Change:
    return _held("autonomous_systems", above, leaf, at_place)


_AS: Final = _systems(("64496-64511",))
_BOTH: Final = _systems(("64496-64511",), ("1-9",))


def _without(make: Callable[[], Change]) -> Change:
    def change(draft: Draft, place: int) -> Draft:
        draft = make()(draft, place)
        return draft.changed(draft.authority(place), autonomous_systems=None)

    return change


_NUMBERS: Final = departure(
    "autonomous systems",
    Stage.CERTIFICATE,
    {
        "within the issuer's": _numbered(_AS, _systems(("64500",))),
        "outside the issuer's": _numbered(_AS, _systems(("64600",))),
        "inherited by the leaf": _numbered(_AS, _systems(INHERIT)),
        "inherited at the place": _numbered(
            _AS, _systems(("64500",)), _systems(INHERIT)
        ),
        "narrow at the place": _numbered(
            _AS, _systems(("64500",)), _systems(("64500-64501",))
        ),
        "inherited by the leaf, narrow at the place": _numbered(
            _AS, _systems(INHERIT), _systems(("64500-64501",))
        ),
        "absent at the place": _without(lambda: _numbered(_AS, _systems(("64500",)))),
        "in the leaf alone": edit(autonomous_systems=_systems(("64500",))),
        "inherited by the leaf alone": edit(autonomous_systems=_systems(INHERIT)),
        "domains in the leaf alone": edit(autonomous_systems=_systems(None, ("5",))),
        "domains only, numbers above": _numbered(_AS, _systems(None, ("5",))),
        "domains only": _numbered(_BOTH, _systems(None, ("5",))),
        "both": _numbered(_BOTH, _systems(("64500",), ("5",))),
        "both, domains outside": _numbered(_BOTH, _systems(("64500",), ("55",))),
        "domains inherited at the place": _numbered(
            _BOTH, _systems(("64500",), ("5",)), _systems(("64496-64511",), INHERIT)
        ),
        "out of order": _numbered(_AS, _AS, _systems(("64501", "64500"))),
        "adjacent": _numbered(_AS, _AS, _systems(("64500", "64501"))),
        "an inverted range": _numbered(_AS, _AS, _systems(("64501-64500",))),
        "an empty list": _numbered(_AS, _systems(("64500",)), _systems(())),
        "neither": _numbered(_AS, _systems(("64500",)), _systems()),
        "negative": _numbered(_AS, _systems(("-5",))),
        "undecodable": extend(RawExtension("1.3.6.1.5.5.7.1.8", b"\x05\x00")),
    },
    "policies",
)

RESOURCES: Final[tuple[Departure, ...]] = (_NESTED, _NUMBERS, _CANONICAL)
"""Every departure in number resources."""
