"""Departures in name constraints, and in the names of the leaf that they are about."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from harness.facts import NameKind
from harness.pki.spec import (
    AttributeSpec,
    Entity,
    GeneralNameSpec,
    NameConstraintsSpec,
    NameSpec,
    StringType,
    SubtreeSpec,
)
from strategies.departures import Change, Departure, Stage, departure
from strategies.draft import NAME, Draft
from strategies.hosts import NOT_TEXT

Names = tuple[GeneralNameSpec, ...]


def constrained(
    permitted: Names = (),
    excluded: Names = (),
    *,
    names: Names | None = None,
    subject: NameSpec | None = None,
    critical: bool = True,
    **bounds: Any,
) -> Change:
    """Constrain names in the certificate at the place, or in the leaf's issuer.

    The leaf gets these subjectAltNames, and this subject instead of its own; with a
    ``subject`` alone it has no subjectAltName. ``bounds`` are the subtrees'.
    """
    trees = [
        tuple(SubtreeSpec(base, **bounds) for base in bases)
        for bases in (permitted, excluded)
    ]
    constraints = NameConstraintsSpec(trees[0], trees[1], critical)

    def change(draft: Draft, place: int) -> Draft:
        leaf = draft.at(0)
        if subject is not None:
            changed = Entity(subject, leaf.subject.key)
            draft = draft.changed(leaf.label, subject=changed, subject_alt_name=None)
        if names is not None:
            draft = draft.changed(leaf.label, subject_alt_name=names)
        return draft.changed(draft.authority(place), name_constraints=constraints)

    return change


_dns = GeneralNameSpec.dns
_dir = GeneralNameSpec.dir


def _kind(kind: NameKind, value: str) -> GeneralNameSpec:
    return GeneralNameSpec(kind, value)


def _raw(kind: NameKind, value: bytes) -> GeneralNameSpec:
    return GeneralNameSpec(kind, raw=value)


def _either(name: GeneralNameSpec, bases: Mapping[str, GeneralNameSpec]) -> Any:
    """Each base permitted, then excluded, for a leaf of that name."""
    return {
        f"{word}: {said}": constrained(
            *((base,), ()) if word == "permitted" else ((), (base,)), names=(name,)
        )
        for said, base in bases.items()
        for word in ("permitted", "excluded")
    }


_OTHER: Final = _dns("other.example")
_EMAIL: Final = _kind(NameKind.EMAIL, "user@leaf.example")
_IP: Final = _kind(NameKind.IP, "192.0.2.1")
_URI: Final = GeneralNameSpec.uri("https://leaf.example/")
_DIR: Final = _dir(NameSpec.cn(NAME))
_REGISTERED: Final = _kind(NameKind.REGISTERED_ID, "1.3.6.1.4.1.55555.4")
_OTHER_NAME: Final = _kind(NameKind.OTHER, "1.3.6.1.4.1.55555.2:text")
_MAILBOX: Final = _kind(NameKind.OTHER, "1.3.6.1.5.5.7.8.9:us\u00e9r@leaf.example")
"""An SmtpUTF8Mailbox (RFC 8398)."""

_DNS: Final = departure(
    "name constraints",
    Stage.CERTIFICATE,
    {
        "dNSName permitted, outside": constrained((_OTHER,)),
        "dNSName permitted, inside": constrained((_dns("example"),)),
        "dNSName excluded, inside": constrained((), (_dns(NAME),)),
        "dNSName excluded, outside": constrained((), (_OTHER,)),
        "dNSName permitted, not critical": constrained((_OTHER,), critical=False),
        "dNSName permitted, the end of a label": constrained((_dns("eaf.example"),)),
        "dNSName permitted, with a dot first": constrained((_dns(".example"),)),
        "dNSName permitted, longer": constrained((_dns("a.leaf.example"),)),
        "dNSName permitted, in capitals": constrained((_dns("EXAMPLE"),)),
        "every dNSName permitted": constrained((_dns(""),)),
        "every dNSName excluded": constrained((), (_dns(""),)),
        "two dNSNames permitted": constrained((_dns(NAME), _OTHER)),
        "two dNSNames permitted, the second": constrained((_OTHER, _dns(NAME))),
        "dNSName permitted, another excluded": constrained((_dns(NAME),), (_OTHER,)),
        "directoryName permitted, outside": constrained((_dir(NameSpec.cn("Nobody")),)),
        "directoryName permitted, inside": constrained((_DIR,)),
        "directoryName excluded, inside": constrained((), (_DIR,)),
        "all directoryNames excluded": constrained((), (_dir(NameSpec()),)),
        "minimum 1": constrained((_dns("example"),), minimum=1),
        "minimum 1, excluded": constrained((), (_OTHER,), minimum=1),
        "maximum 9": constrained((_dns("example"),), maximum=9),
        "nothing": constrained(),
        "dNSName permitted, an empty subject": constrained(
            (_dns("example"),), names=(_dns(NAME),), subject=NameSpec()
        ),
    },
    "constraints",
)


def _commoner(common: str) -> Change:
    return constrained((_OTHER,), subject=NameSpec.cn(common))


_COMMON_NAMES: Final = departure(
    "name constraints on a commonName",
    Stage.CERTIFICATE,
    {
        "outside": _commoner(NAME),
        "inside": constrained((_dns("example"),), subject=NameSpec.cn(NAME)),
        "excluded": constrained((), (_dns("example"),), subject=NameSpec.cn(NAME)),
        "no host name": _commoner("Some Name"),
        "of one label": _commoner("leaf"),
        "with a hyphen": _commoner("a-leaf.example"),
        "with an underscore": _commoner("a_leaf.example"),
        "with a hyphen first": _commoner("-leaf.example"),
        "with a hyphen before a dot": _commoner("leaf-.example"),
        "with a hyphen after a dot": _commoner("leaf.-example"),
        "with an empty label": _commoner("leaf..example"),
        "with a dot last": _commoner("leaf.example."),
        "with a zero octet": _commoner("leaf\0.example"),
        "with zero octets last": _commoner("leaf.example\0\0"),
        "no text": constrained((_OTHER,), subject=NameSpec(((NOT_TEXT,),))),
        "beside another attribute": constrained(
            (_OTHER,),
            subject=NameSpec(((AttributeSpec("Tests", "O"),), (AttributeSpec(NAME),))),
        ),
        "beside an address": constrained(
            (_OTHER,), subject=NameSpec.cn(NAME), names=(_IP,)
        ),
        "beside a dNSName": constrained(
            (_dns("example"),),
            subject=NameSpec.cn("other.invalid"),
            names=(_dns(NAME),),
        ),
    },
    "constraints",
)

_ADDRESS: Final = NameSpec(
    (
        (AttributeSpec("Tests", "O"),),
        (AttributeSpec("user@leaf.example", "E", StringType.IA5),),
    )
)
"""A subject with an e-mail address."""


def _addressed(*bases: str, string: StringType = StringType.IA5) -> Change:
    """E-mail constraints for an address in the subject."""
    rdns = tuple(
        tuple(
            replace(item, string=string) if item.type == "E" else item for item in rdn
        )
        for rdn in _ADDRESS.rdns
    )
    permitted = tuple(_kind(NameKind.EMAIL, base) for base in bases)
    return constrained(permitted, subject=NameSpec(rdns))


_EMAILS: Final = departure(
    "name constraints on e-mail",
    Stage.CERTIFICATE,
    _either(
        _EMAIL,
        {
            "host": _kind(NameKind.EMAIL, NAME),
            "another host": _kind(NameKind.EMAIL, "other.example"),
            "domain": _kind(NameKind.EMAIL, ".example"),
            "another domain": _kind(NameKind.EMAIL, ".invalid"),
            "mailbox": _kind(NameKind.EMAIL, "user@leaf.example"),
            "mailbox of another host": _kind(NameKind.EMAIL, "user@other.example"),
            "another mailbox": _kind(NameKind.EMAIL, "root@leaf.example"),
            "longer mailbox": _kind(NameKind.EMAIL, "others@leaf.example"),
            "mailbox in another case": _kind(NameKind.EMAIL, "User@leaf.example"),
            "host in another case": _kind(NameKind.EMAIL, "user@LEAF.example"),
            "at sign first": _kind(NameKind.EMAIL, "@leaf.example"),
            "zero octet": _kind(NameKind.EMAIL, "us\0r@leaf.example"),
        },
    )
    | {
        "no address": constrained(
            (_kind(NameKind.EMAIL, NAME),), names=(_kind(NameKind.EMAIL, "user"),)
        ),
        "in the subject, inside": _addressed(NAME),
        "in the subject, outside": _addressed("other.example"),
        "in the subject, no IA5String": _addressed(NAME, string=StringType.UTF8),
        "an SmtpUTF8Mailbox": constrained(
            (_kind(NameKind.EMAIL, NAME),), names=(_MAILBOX,)
        ),
        "an SmtpUTF8Mailbox, excluded": constrained(
            (), (_kind(NameKind.EMAIL, "other.example"),), names=(_MAILBOX,)
        ),
    },
    "constraints",
)


def _located(uri: str, base: str = NAME) -> Change:
    return constrained((GeneralNameSpec.uri(base),), names=(GeneralNameSpec.uri(uri),))


_URIS: Final = departure(
    "name constraints on a URI",
    Stage.CERTIFICATE,
    _either(
        _URI,
        {
            "host": GeneralNameSpec.uri(NAME),
            "another host": GeneralNameSpec.uri("other.example"),
            "domain": GeneralNameSpec.uri(".example"),
            "another domain": GeneralNameSpec.uri(".invalid"),
        },
    )
    | {
        "a user": _located("https://user@leaf.example/"),
        "two at signs": _located("https://user@other.example@leaf.example/"),
        "an at sign in the path": _located("https://leaf.example/user@other.example"),
        "a query": _located("https://leaf.example?a:b"),
        "a port that is none": _located("https://leaf.example:https/"),
        "a port too high": _located("https://leaf.example:65536/"),
        "a scheme that is none": _located("1https://leaf.example/"),
        "no scheme before the colon": _located("://leaf.example/"),
        "an IPv6 literal": _located("https://[2001:db8::1]:8443/", "[2001:db8::1]"),
        "an IPv6 literal without end": _located("https://[2001:db8::1/"),
        "no scheme": _located(NAME),
        "no authority": _located("mailto:user@leaf.example"),
        "a port": _located("https://leaf.example:8443/"),
        "no path": _located("https://leaf.example"),
        "no host": _located("https:///path"),
        "no host, a port": _located("https://:8443/"),
        "no host, excluded": constrained(
            (), (GeneralNameSpec.uri(NAME),), names=(GeneralNameSpec.uri("https://"),)
        ),
    },
    "constraints",
)

_MANY: Final = 1025
"""More names times as many subtrees than ``NAME_CHECK_MAX`` allows."""
_HALF: Final = tuple(_dns(f"{number}.example") for number in range(_MANY))

_REST: Final = departure(
    "name constraints of other kinds",
    Stage.CERTIFICATE,
    _either(
        _IP,
        {
            "address inside": _kind(NameKind.IP, "192.0.2.0/24"),
            "address outside": _kind(NameKind.IP, "10.0.0.0/8"),
            "address inside by a bit": _kind(NameKind.IP, "192.0.2.0/31"),
            "address outside by a bit": _kind(NameKind.IP, "192.0.2.128/25"),
            "address outside by some bits": _kind(NameKind.IP, "192.0.2.16/28"),
            "address inside, more octets than the mask": _raw(
                NameKind.IP, b"\xc0\x00\x02\x07\xff\xff\xff\x00"
            ),
            "address of IPv6": _kind(NameKind.IP, "2001:db8::/32"),
            "three octets": _raw(NameKind.IP, b"\x0a\x00\x00"),
        },
    )
    | {
        "address of IPv6, excluded": constrained(
            (),
            (_kind(NameKind.IP, "2001:db8::/32"),),
            names=(_kind(NameKind.IP, "2001:db8::1"),),
        ),
        "address of five octets": constrained(
            (_kind(NameKind.IP, "192.0.2.0/24"),),
            names=(_raw(NameKind.IP, b"\xc0\x00\x02\x01\x00"),),
        ),
        "registeredID": constrained((_REGISTERED,), names=(_REGISTERED,)),
        "registeredID excluded": constrained((), (_REGISTERED,), names=(_REGISTERED,)),
        "otherName": constrained((_OTHER_NAME,), names=(_OTHER_NAME,)),
        "otherName of another type": constrained(
            (_kind(NameKind.OTHER, "1.3.6.1.4.1.55555.5:text"),), names=(_OTHER_NAME,)
        ),
        "more names than are checked": constrained(_HALF, names=_HALF),
    },
    "constraints",
)

CONSTRAINTS: Final[tuple[Departure, ...]] = (
    _DNS,
    _COMMON_NAMES,
    _EMAILS,
    _URIS,
    _REST,
)
"""Every departure in name constraints."""
