"""Departures in the reference name that a client asks for, and in what the leaf has to
match it: dNSNames, wildcards, addresses, and commonName where there is no dNSName."""

from collections.abc import Mapping
from typing import Final

from harness.case import Role
from harness.facts import NameKind
from harness.pki.spec import (
    AttributeSpec,
    Entity,
    GeneralNameSpec,
    NameSpec,
    RawExtension,
)
from strategies.departures import Change, Departure, Stage, departure
from strategies.draft import NAME, Draft
from strategies.malformed import OIDS, TRUNCATED

Names = tuple[GeneralNameSpec, ...]

_dns = GeneralNameSpec.dns
_IP: Final = GeneralNameSpec(NameKind.IP, "192.0.2.1")
_IP6: Final = GeneralNameSpec(NameKind.IP, "2001:db8::1")
_IP6_SHORT: Final = GeneralNameSpec(NameKind.IP, "32.1.13.184")
"""An IPv4 address of the first octets of that IPv6 address."""
_URI: Final = GeneralNameSpec.uri("https://leaf.example/")


def asked(
    name: str,
    *,
    common: str | NameSpec | None = None,
    sans: Names | None = None,
) -> Change:
    """Ask a client for this name; ``common`` and ``sans`` change the leaf's names,
    and a ``common`` without ``sans`` has no subjectAltName."""

    def change(draft: Draft, _place: int) -> Draft:
        leaf = draft.at(0)
        if common is not None:
            subject = NameSpec.cn(common) if isinstance(common, str) else common
            draft = draft.became(leaf.subject, Entity(subject, leaf.subject.key))
        if common is not None or sans is not None:
            draft = draft.changed(leaf.label, subject_alt_name=sans)
        return draft.asking(name=name, role=Role.CLIENT)

    return change


def _asked_of_malformed(draft: Draft, place: int) -> Draft:
    """Ask for the leaf's name, of which subjectAltName says nothing readable."""
    junk = RawExtension(OIDS["subjectAltName"], TRUNCATED)
    draft = draft.changed(draft.path[0], extra=(*draft.at(0).extra, junk))
    return asked(NAME)(draft, place)


def _subject(*attributes: AttributeSpec) -> NameSpec:
    return NameSpec(tuple((attribute,) for attribute in attributes))


NOT_TEXT: Final = AttributeSpec("", raw=b"\x03\x03\x00AB")
"""A commonName that is a BIT STRING."""

PATTERNS: Final[Mapping[str, str]] = {
    "a wildcard": "*.wild.example",
    "a wildcard in capitals": "*.WILD.example",
    "two wildcards": "*.*.example",
    "a wildcard in the second label": "a.*.example",
    "a wildcard before a letter": "*a.wild.example",
    "a wildcard after an A-label": "xn--*.wild.example",
    "a wildcard before an A-label": "*.xn--wild.example",
    "a wildcard and an empty label": "*..example",
    "a wildcard and a hyphen first": "*.-wild.example",
    "a wildcard and a hyphen last": "*.wild-.example",
    "a wildcard and a hyphen inside": "*.wild-er.example",
    "a wildcard and an underscore": "*.wild_er.example",
    "a wildcard and a dot last": "*.wild.example.",
    "a wildcard alone": "*",
    "nothing but dots": "..",
    "a name of one label": "leaf",
}
"""What a dNSName may say, by what is in it."""


def _by_pattern(pattern: str) -> Change:
    """Ask for what the pattern seems to stand for, of a leaf that has nothing else."""
    name = pattern.replace("*", "a").replace("..", ".").strip(".")
    return asked(name or NAME, sans=(_dns(pattern),))


IPV6: Final[Mapping[str, str]] = {
    "whole": "2001:db8:0:0:0:0:0:1",
    "a group too many": "2001:db8:0:0:0:0:0:0:1",
    "a group too few": "2001:db8:1",
    "zeros first": "::1",
    "zeros last": "2001:db8::",
    "zeros alone": "::",
    "zeros of no group": "2001:db8:0:0::0:0:0:1",
    "zeros twice": "2001::db8::1",
    "three colons": "2001:::1",
    "three colons alone": ":::",
    "four colons": "::::",
    "a colon first": ":2001:db8::1",
    "a colon last": "2001:db8::1:",
    "one colon first": ":2001:db8:0:0:0:0:0",
    "IPv4 last": "2001:db8::192.0.2.1",
    "IPv4 last, whole": "2001:db8:0:0:0:0:192.0.2.1",
    "IPv4 last, too many groups": "2001:db8:0:0:0:0:0:192.0.2.1",
    "IPv4 first": "192.0.2.1::1",
    "no IPv4 last": "2001:db8::192.0.2",
    "five digits": "2001:db8::00001",
    "no digit": "2001:db8::g",
}
"""Reference names with colons, by what is odd about them."""

HOSTS: Final[tuple[Departure, ...]] = (
    departure(
        "reference name",
        Stage.SETTING,
        {
            "the leaf's": asked(NAME),
            "another": asked("other.example"),
            "in capitals": asked("LEAF.example"),
            "two labels below a wildcard": asked(
                "a.b.wild.example", sans=(_dns("*.wild.example"),)
            ),
            "below a wildcard of a top domain": asked(
                "leaf.example", sans=(_dns("*.example"),)
            ),
            "by partial wildcard": asked(
                "leaf.wild.example", sans=(_dns("l*.wild.example"),)
            ),
            "by wildcard, with an underscore": asked(
                "a_b.wild.example", sans=(_dns("*.wild.example"),)
            ),
            "by wildcard, with a hyphen": asked(
                "a-1.wild.example", sans=(_dns("*.wild.example"),)
            ),
            "by wildcard, an A-label in capitals": asked(
                "XN--A.wild.example", sans=(_dns("*.wild.example"),)
            ),
            "shorter than a wildcard": asked(
                "wild.example", sans=(_dns("*.wild.example"),)
            ),
            "with a dot last": asked(f"{NAME}."),
            "with an underscore": asked("leaf_1.example"),
            "among other names": asked(NAME, sans=(_URI, _IP, _dns("a.b"), _dns(NAME))),
            "not among other names": asked(NAME, sans=(_URI, _IP)),
            "undecodable names": _asked_of_malformed,
        },
        "names",
    ),
    departure(
        "reference name and dNSName",
        Stage.SETTING,
        {name: _by_pattern(pattern) for name, pattern in PATTERNS.items()},
        "names",
    ),
    departure(
        "reference name and commonName",
        Stage.SETTING,
        {
            "equal": asked("common.example", common="common.example"),
            "beside a dNSName": asked(
                "common.example", common="common.example", sans=(_dns(NAME),)
            ),
            "beside an address": asked(
                "common.example", common="common.example", sans=(_IP,)
            ),
            "a wildcard": asked("a.wild.example", common="*.wild.example"),
            "another": asked(NAME, common="common.example"),
            "empty": asked(NAME, common=""),
            "no subject": asked(NAME, common=NameSpec()),
            "after another attribute": asked(
                NAME, common=_subject(AttributeSpec("Tests", "O"), AttributeSpec(NAME))
            ),
            "the second of two": asked(
                NAME, common=_subject(AttributeSpec("a.b"), AttributeSpec(NAME))
            ),
            "after one that is empty": asked(
                NAME, common=_subject(AttributeSpec(""), AttributeSpec(NAME))
            ),
            "after one that is no text": asked(
                NAME, common=_subject(NOT_TEXT, AttributeSpec(NAME))
            ),
        },
        "names",
    ),
    departure(
        "reference address of IPv6",
        Stage.SETTING,
        {name: asked(text, sans=(_IP6,)) for name, text in IPV6.items()},
        "names",
    ),
    departure(
        "reference address",
        Stage.SETTING,
        {
            "the leaf's": asked("192.0.2.1", sans=(_dns(NAME), _IP)),
            "another": asked("192.0.2.2", sans=(_dns(NAME), _IP)),
            "against a dNSName": asked("192.0.2.1", sans=(_dns("192.0.2.1"),)),
            "against commonName": asked("192.0.2.1", common="192.0.2.1"),
            "of IPv4, leniently": asked("192.0.2.01", sans=(_IP,)),
            "of IPv4, too short": asked("192.0.2", sans=(_IP,)),
            "of IPv4, too large": asked("192.0.2.257", sans=(_IP,)),
            "of IPv6": asked("2001:db8::1", sans=(_IP6,)),
            "the first octets of a longer one": asked("32.1.13.184", sans=(_IP6,)),
            "longer than another": asked("2001:db8::1", sans=(_IP6_SHORT,)),
            "of undecodable names": lambda draft, place: _asked_of_malformed(
                draft, place
            ).asking(name="192.0.2.1"),
        },
        "names",
    ),
)
"""Every departure in the reference name."""
