"""Strategies for names: subjects and issuers, subjectAltName, name constraints, and
the reference name that is asked for."""

from typing import Any, Final

from hypothesis.strategies import SearchStrategy

from harness.case import Role
from harness.facts import NameKind
from harness.pki.spec import (
    AttributeSpec,
    Entity,
    GeneralNameSpec,
    NameSpec,
    Scenario,
    StringType,
)
from strategies.constraints import CONSTRAINTS
from strategies.departures import (
    Change,
    Departure,
    Stage,
    Theme,
    departing,
    departure,
    edit,
    revise,
)
from strategies.draft import NAME, Draft
from strategies.hosts import HOSTS


def _respelled(text: str, string: StringType = StringType.UTF8) -> Change:
    """Spell the issuer's commonName in the certificate at the place as ``text``, with
    ``{}`` for what the issuer's subject says, ``{upper}`` for that in capitals."""

    def change(draft: Draft, place: int) -> Draft:
        item = draft.at(place)
        rdns = tuple(
            tuple(_spelt(attribute, text, string) for attribute in rdn)
            for rdn in item.issuer.name.rdns
        )
        return draft.changed(item.label, issuer=Entity(NameSpec(rdns), item.issuer.key))

    return change


def _spelt(attribute: AttributeSpec, text: str, string: StringType) -> AttributeSpec:
    value = attribute.value
    spelt = text.format(value, upper=value.upper(), wide=value.replace(" ", "   "))
    if not spelt.isascii():
        string = StringType.UTF8  # the other types cannot say it
    return AttributeSpec(spelt, attribute.type, string)


def _regrouped(*, issuer: NameSpec, here: NameSpec) -> Change:
    """Name the issuer of the certificate at the place, and name it otherwise there."""

    def change(draft: Draft, place: int) -> Draft:
        old = draft.at(place).issuer
        draft = draft.became(old, Entity(issuer, old.key))
        return draft.changed(draft.label(place), issuer=Entity(here, old.key))

    return change


_TWO: Final = (AttributeSpec("Some CA"), AttributeSpec("Example", "O"))
_SHORT: Final = NameSpec((_TWO[:1],))
_FLAT: Final = NameSpec((_TWO[:1], _TWO[1:]))
_JOINED: Final = NameSpec((_TWO,))

_SPELLING: Final = departure(
    "issuer spelt otherwise",
    Stage.CERTIFICATE,
    {
        "PrintableString": _respelled("{}", StringType.PRINTABLE),
        "capitals": _respelled("{upper}"),
        "more spaces inside": _respelled("{wide}"),
        "spaces around": _respelled("  {} "),
        "IA5String": _respelled("{}", StringType.IA5),
        "TeletexString": _respelled("{}", StringType.TELETEX),
        "BMPString": _respelled("{}", StringType.BMP),
        "capitals, spaces, PrintableString": _respelled(
            " {upper}", StringType.PRINTABLE
        ),
        "another name": _respelled("{} 2"),
        "an RDN more": _regrouped(issuer=_SHORT, here=_FLAT),
        "an RDN less": _regrouped(issuer=_FLAT, here=_SHORT),
        "two RDNs in one": _regrouped(issuer=_FLAT, here=_JOINED),
        "one RDN in two": _regrouped(issuer=_JOINED, here=_FLAT),
    },
    "names",
    "paths",
)


def _renamed(name: NameSpec) -> Change:
    """Name the entity at the place otherwise, as subject and as issuer."""

    def change(draft: Draft, place: int) -> Draft:
        subject = draft.at(place).subject
        return draft.became(subject, Entity(name, subject.key))

    return change


def _subject(name: NameSpec) -> Change:
    """Change the subject field alone."""

    def change(draft: Draft, place: int) -> Draft:
        item = draft.at(place)
        return draft.changed(item.label, subject=Entity(name, item.subject.key))

    return change


def _issuer(name: NameSpec) -> Change:
    """Change the issuer field alone."""

    def change(draft: Draft, place: int) -> Draft:
        item = draft.at(place)
        return draft.changed(item.label, issuer=Entity(name, item.issuer.key))

    return change


def _rdns(*rdns: tuple[AttributeSpec, ...]) -> NameSpec:
    return NameSpec(rdns)


_LONG_NAME: Final = _rdns(
    (AttributeSpec("DE", "C", StringType.PRINTABLE),),
    (AttributeSpec("Example", "O"),),
    (AttributeSpec("Tests", "OU"),),
    (AttributeSpec("Some Name"),),
)

_ENTITY_NAME: Final = departure(
    "entity's name",
    Stage.CERTIFICATE,
    {
        "empty": _renamed(NameSpec()),
        "of four RDNs": _renamed(_LONG_NAME),
        "multi-valued": _renamed(
            _rdns((AttributeSpec("Some Name"), AttributeSpec("Example", "O")))
        ),
        "not ASCII": _renamed(NameSpec.cn("Prüfstelle Ω")),
        "BMPString": _renamed(NameSpec.cn("Some Name", StringType.BMP)),
        "TeletexString": _renamed(NameSpec.cn("Prüfstelle", StringType.TELETEX)),
        "with an e-mail address": _renamed(
            _rdns(
                (AttributeSpec("Some Name"),),
                (AttributeSpec("user@leaf.example", "E", StringType.IA5),),
            )
        ),
        "of an unknown attribute": _renamed(
            _rdns((AttributeSpec("x", "1.3.6.1.4.1.55555.3"),))
        ),
    },
    "names",
    "strict",
    under=("X509_STRICT",),
)

_FIELD: Final = departure(
    "name field",
    Stage.CERTIFICATE,
    {
        "subject empty": _subject(NameSpec()),
        "issuer empty": _issuer(NameSpec()),
        "subject of another": _subject(NameSpec.cn("Nobody")),
        "issuer of another": _issuer(NameSpec.cn("Nobody")),
        # A UTF8String that is none: nobody decodes such a certificate.
        "subject undecodable": _subject(
            _rdns((AttributeSpec("", raw=b"\x0c\x01\xff"),))
        ),
    },
    "names",
    "strict",
    under=("X509_STRICT",),
)


def _alternatives(*names: GeneralNameSpec, **fields: Any) -> Change:
    return edit(subject_alt_name=names, **fields)


def _nameless(*, critical: bool) -> Change:
    """No name but in subjectAltName."""
    return revise(
        lambda item: {
            "subject": Entity(NameSpec(), item.subject.key),
            "subject_alt_name": (_dns(NAME),),
            "san_critical": critical,
        }
    )


_dns = GeneralNameSpec.dns
_EMAIL: Final = GeneralNameSpec(NameKind.EMAIL, "user@leaf.example")
_IP: Final = GeneralNameSpec(NameKind.IP, "192.0.2.1")
_IP6: Final = GeneralNameSpec(NameKind.IP, "2001:db8::1")
_URI: Final = GeneralNameSpec.uri("https://leaf.example/")
_DIR: Final = GeneralNameSpec.dir(NameSpec.cn(NAME))
_OTHER: Final = GeneralNameSpec(NameKind.OTHER, "1.3.6.1.4.1.55555.2:text")
_REGISTERED: Final = GeneralNameSpec(NameKind.REGISTERED_ID, "1.3.6.1.4.1.55555.4")

_ALTERNATIVES: Final = departure(
    "subjectAltName",
    Stage.CERTIFICATE,
    {
        "absent": edit(subject_alt_name=None),
        "critical": edit(san_critical=True),
        "empty": _alternatives(),
        "another": _alternatives(_dns("other.example")),
        "wildcard": _alternatives(_dns("*.leaf.example")),
        "an address": _alternatives(_IP),
        "e-mail": _alternatives(_EMAIL),
        "of all kinds": _alternatives(
            _dns(NAME), _EMAIL, _IP, _IP6, _URI, _DIR, _OTHER, _REGISTERED
        ),
        "empty subject, critical": _nameless(critical=True),
        "empty subject, not critical": _nameless(critical=False),
        "empty name": _alternatives(_dns("")),
    },
    "names",
    "strict",
    under=("X509_STRICT",),
)


NAMES: Final[tuple[Departure, ...]] = (
    _ALTERNATIVES,
    *HOSTS,
    *CONSTRAINTS,
    _ENTITY_NAME,
    _FIELD,
    _SPELLING,
)
"""Every departure in names."""


def names(
    *, theme: Theme | None = None, role: Role | None = None
) -> SearchStrategy[Scenario]:
    """Generate scenarios that depart from the plain chain in names only.

    ``theme`` ("names", "strict" or "paths") prefers some. Shrinks to root and leaf.
    """
    return departing(NAMES, theme=theme, role=role)
