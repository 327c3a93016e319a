"""A scenario as an outline in text: who signed whom, what is sent, trusted and loaded.

    Root                 root, trusted
    `- Int               int, sent 2nd
       `- Leaf           leaf, sent 1st; not valid any more

Names are subjects, labels stand after them; departures from a plain certificate follow.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from harness.pki.spec import CertificateSpec, Scenario
from reports.printable import printable
from reports.scenarios import crl_in_words, departures, name_in_words, setting

_INDENT: Final = "   "
_BRANCH: Final = "`- "
_TEENS: Final = range(11, 14)
_NAMES: Final = 28
"""Columns that names and branches take."""


def draw(scenario: Scenario) -> tuple[str, ...]:
    """The lines of the drawing, each printable."""
    return tuple(printable(line) for line in _lines(scenario))


def _lines(scenario: Scenario) -> Iterator[str]:
    anchors = [item.certificate for item in scenario.trusted]
    used = [
        item
        for item in scenario.certificates
        if item.label in scenario.peer or item.label in anchors
    ]
    below = {item.label: _issued(item, scenario.certificates) for item in used}
    above = {label for labels in below.values() for label in labels}
    drawn: set[str] = set()
    tops = [item for item in used if item.label not in above]
    for item in (*tops, *used):  # a loop of issuers has no top
        yield from _tree(item, scenario, 0, drawn)
    if scenario.loaded:
        yield "CRLs, in the order in which they are loaded:"
    for label in scenario.loaded:
        for crl in scenario.crls:
            if crl.label == label:
                yield f"{_INDENT}{crl_in_words(crl)}"
    yield from setting(scenario)


def _issued(issuer: CertificateSpec, all_of: Sequence[CertificateSpec]) -> list[str]:
    return [
        item.label
        for item in all_of
        if item.issuer == issuer.subject and item.label != issuer.label
    ]


def _tree(
    item: CertificateSpec, scenario: Scenario, depth: int, drawn: set[str]
) -> Iterator[str]:
    if item.label in drawn:
        return
    drawn.add(item.label)
    branch = _INDENT * (depth - 1) + _BRANCH if depth else ""
    named = f"{branch}{name_in_words(item.subject.name)}"
    yield f"{named.ljust(_NAMES)} {', '.join(_place(item, scenario))}"
    anchors = [trust.certificate for trust in scenario.trusted]
    for label in _issued(item, scenario.certificates):
        if label in scenario.peer or label in anchors:
            yield from _tree(scenario.certificate(label), scenario, depth + 1, drawn)


def _place(item: CertificateSpec, scenario: Scenario) -> Iterator[str]:
    """The label, where it is sent and trusted, and what departs."""
    yield item.label
    for place, label in enumerate(scenario.peer, 1):
        if label == item.label:
            yield f"sent {_ordinal(place)}"
    for trust in scenario.trusted:
        if trust.certificate == item.label:
            yield "trusted"
    yield from departures(item)


def _ordinal(number: int) -> str:
    suffixes = {1: "st", 2: "nd", 3: "rd"}
    suffix = "th" if number % 100 in _TEENS else suffixes.get(number % 10, "th")
    return f"{number}{suffix}"
