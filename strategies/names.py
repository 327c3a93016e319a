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
    NameConstraintsSpec,
    NameSpec,
    Scenario,
    StringType,
    SubtreeSpec,
)
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

Names = tuple[GeneralNameSpec, ...]


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
)

_FIELD: Final = departure(
    "name field",
    Stage.CERTIFICATE,
    {
        "subject empty": _subject(NameSpec()),
        "issuer empty": _issuer(NameSpec()),
        "subject of another": _subject(NameSpec.cn("Nobody")),
        "issuer of another": _issuer(NameSpec.cn("Nobody")),
    },
    "names",
    "strict",
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
)


def _asked(
    name: str, *, common: str | None = None, sans: Names | None = None
) -> Change:
    """Ask a client for this name; ``common`` and ``sans`` change the leaf's names,
    and a ``common`` without ``sans`` has no subjectAltName."""

    def change(draft: Draft, _place: int) -> Draft:
        leaf = draft.at(0)
        if common is not None:
            subject = Entity(NameSpec.cn(common), leaf.subject.key)
            draft = draft.became(leaf.subject, subject)
        if common is not None or sans is not None:
            draft = draft.changed(leaf.label, subject_alt_name=sans)
        return draft.asking(name=name, role=Role.CLIENT)

    return change


_REFERENCE: Final = departure(
    "reference name",
    Stage.SETTING,
    {
        "the leaf's": _asked(NAME),
        "another": _asked("other.example"),
        "in capitals": _asked("LEAF.example"),
        "by wildcard": _asked("a.wild.example", sans=(_dns("*.wild.example"),)),
        "two labels below a wildcard": _asked(
            "a.b.wild.example", sans=(_dns("*.wild.example"),)
        ),
        "below a wildcard of a top domain": _asked(
            "leaf.example", sans=(_dns("*.example"),)
        ),
        "by partial wildcard": _asked(
            "leaf.wild.example", sans=(_dns("l*.wild.example"),)
        ),
        "by commonName": _asked("common.example", common="common.example"),
        "by commonName beside a dNSName": _asked(
            "common.example", common="common.example", sans=(_dns(NAME),)
        ),
        "by commonName beside an address": _asked(
            "common.example", common="common.example", sans=(_IP,)
        ),
        "by wildcard commonName": _asked("a.wild.example", common="*.wild.example"),
        "an address": _asked("192.0.2.1", sans=(_dns(NAME), _IP)),
        "another address": _asked("192.0.2.2", sans=(_dns(NAME), _IP)),
        "an address by commonName": _asked("192.0.2.1", common="192.0.2.1"),
        "an IPv6 address": _asked("2001:db8::1", sans=(_IP6,)),
    },
    "names",
)


def _tree(base: GeneralNameSpec, *, minimum: int = 0) -> tuple[SubtreeSpec, ...]:
    return (SubtreeSpec(base, minimum),)


def _constrained(
    *,
    permitted: GeneralNameSpec | None = None,
    excluded: GeneralNameSpec | None = None,
    names: Names | None = None,
    common: str | None = None,
    minimum: int = 0,
    critical: bool = True,
) -> Change:
    """Constrain names in the certificate at the place, or in the leaf's issuer; the
    leaf gets these subjectAltNames, and this commonName instead of its own."""
    constraints = NameConstraintsSpec(
        () if permitted is None else _tree(permitted, minimum=minimum),
        () if excluded is None else _tree(excluded, minimum=minimum),
        critical,
    )

    def change(draft: Draft, place: int) -> Draft:
        leaf = draft.at(0)
        if common is not None:
            subject = Entity(NameSpec.cn(common), leaf.subject.key)
            draft = draft.changed(leaf.label, subject=subject, subject_alt_name=None)
        if names is not None:
            draft = draft.changed(leaf.label, subject_alt_name=names)
        return draft.changed(draft.authority(place), name_constraints=constraints)

    return change


def _kind(kind: NameKind, value: str) -> GeneralNameSpec:
    return GeneralNameSpec(kind, value)


_CONSTRAINTS: Final = departure(
    "name constraints",
    Stage.CERTIFICATE,
    {
        "dNSName permitted, outside": _constrained(permitted=_dns("other.example")),
        "dNSName permitted, inside": _constrained(permitted=_dns("example")),
        "dNSName excluded, inside": _constrained(excluded=_dns(NAME)),
        "dNSName excluded, outside": _constrained(excluded=_dns("other.example")),
        "dNSName permitted, not critical": _constrained(
            permitted=_dns("other.example"), critical=False
        ),
        "dNSName permitted, only a commonName": _constrained(
            permitted=_dns("other.example"), common="leaf.example"
        ),
        "directoryName permitted, outside": _constrained(
            permitted=GeneralNameSpec.dir(NameSpec.cn("Nobody"))
        ),
        "directoryName permitted, inside": _constrained(permitted=_DIR),
        "directoryName excluded, inside": _constrained(excluded=_DIR),
        "all directoryNames excluded": _constrained(
            excluded=GeneralNameSpec.dir(NameSpec())
        ),
    },
    "names",
)

_CONSTRAINT_KINDS: Final = departure(
    "name constraints of other kinds",
    Stage.CERTIFICATE,
    {
        "e-mail outside": _constrained(
            permitted=_kind(NameKind.EMAIL, "other.example"), names=(_EMAIL,)
        ),
        "e-mail inside": _constrained(
            permitted=_kind(NameKind.EMAIL, NAME), names=(_EMAIL,)
        ),
        "address outside": _constrained(
            permitted=_kind(NameKind.IP, "10.0.0.0/8"), names=(_IP,)
        ),
        "address inside": _constrained(
            permitted=_kind(NameKind.IP, "192.0.2.0/24"), names=(_IP,)
        ),
        "address excluded": _constrained(
            excluded=_kind(NameKind.IP, "2001:db8::/32"), names=(_IP6,)
        ),
        "URI outside": _constrained(
            permitted=_kind(NameKind.URI, "other.example"), names=(_URI,)
        ),
        "URI inside": _constrained(permitted=_kind(NameKind.URI, NAME), names=(_URI,)),
        "registeredID": _constrained(permitted=_REGISTERED, names=(_REGISTERED,)),
        "minimum 1": _constrained(permitted=_dns("example"), minimum=1),
        "nothing": _constrained(),
    },
    "names",
)

NAMES: Final[tuple[Departure, ...]] = (
    _ALTERNATIVES,
    _REFERENCE,
    _CONSTRAINTS,
    _CONSTRAINT_KINDS,
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
