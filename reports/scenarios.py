"""A scenario in words: the path, what departs from a plain valid chain, the CRLs.

Reads like ``root -> int -> leaf; CRL of Int (fresh) revokes leaf; client``: brackets
stand around what is trusted, and only departures are said.
"""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, Final

from harness.case import PemLabel, Role, Source
from harness.pki.spec import (
    AttributeSpec,
    CertificateSpec,
    CrlSpec,
    GeneralNameSpec,
    NameSpec,
    RevokedSpec,
    Scenario,
    ca,
    end_entity,
)
from harness.pki.spec_edits import EditSpec
from reports.printable import printable

_NOT_DEPARTURES: Final = frozenset({"label", "subject", "issuer"})
_SAID_OF_CRLS: Final = _NOT_DEPARTURES | {"this_update", "next_update", "revoked"}


def tell(scenario: Scenario) -> str:
    """The scenario on one line."""
    return printable("; ".join(_parts(scenario)))


def _parts(scenario: Scenario) -> Iterator[str]:
    yield " -> ".join(_path(scenario)) or "nothing sent"
    yield from _sent(scenario)
    for certificate in scenario.certificates:
        if certificate.label in scenario.peer or certificate.label in _anchors(
            scenario
        ):
            departing = tuple(departures(certificate))
            if departing:
                yield f"{certificate.label}: {', '.join(departing)}"
    for label in scenario.loaded:
        for crl in scenario.crls:
            if crl.label == label:
                yield crl_in_words(crl)
    yield from setting(scenario)


def setting(scenario: Scenario) -> Iterator[str]:
    """Trust settings, role, name, level and source, where they are not the plain
    ones."""
    for trust in scenario.trusted:
        if trust.label is not PemLabel.CERTIFICATE or trust.trust or trust.reject:
            yield f"trusted as {_compact(trust)}"
    for edit in scenario.edits:
        yield _edit(scenario, edit)
    if scenario.role is Role.SERVER:
        yield "a server verifies"
    if scenario.name is not None:
        yield f"name {scenario.name}"
    if scenario.security_level != 2:  # the plain one
        yield f"security level {scenario.security_level}"
    if scenario.source is not Source.CAFILE:
        yield f"CRLs by {scenario.source}"


def _anchors(scenario: Scenario) -> list[str]:
    return [trust.certificate for trust in scenario.trusted]


def _path(scenario: Scenario) -> list[str]:
    """Labels from the top down to what is sent first, as issuers have it; what is
    trusted in brackets."""
    if not scenario.peer:
        return []
    trusted = _anchors(scenario)
    step = scenario.certificate(scenario.peer[0])
    path = [step]
    while step.issuer != step.subject:
        above = [
            item
            for item in scenario.certificates
            if item.subject == step.issuer and item not in path
        ]
        if not above:
            break
        known = [
            item
            for item in above
            if item.label in scenario.peer or item.label in trusted
        ]
        step = (known or above)[0]
        path.append(step)
    return [
        f"[{item.label}]" if item.label in trusted else item.label
        for item in reversed(path)
    ]


def _sent(scenario: Scenario) -> Iterator[str]:
    """What is sent and trusted, where the path does not say it."""
    path = [label.strip("[]") for label in reversed(_path(scenario))]
    sent = list(scenario.peer)
    if sent != path[: len(sent)] or len(path) - len(sent) > 1:
        yield f"sent {', '.join(sent) or 'nothing'}"
    others = [label for label in _anchors(scenario) if label not in path]
    if others:
        yield f"also trusted {', '.join(others)}"
    if not scenario.trusted:
        yield "nothing trusted"


def departures(certificate: CertificateSpec) -> Iterator[str]:
    """Fields other than those of a plain CA or end entity, whichever is closer; empty
    names, and keys of other kinds than most."""
    plain_ones = [
        make(certificate.label, certificate.subject, certificate.issuer)
        for make in (ca, end_entity)
    ]
    for field, entity in (
        ("subject", certificate.subject),
        ("issuer", certificate.issuer),
    ):
        if not entity.name.rdns:
            yield f"{field} empty"
    if not certificate.subject.key.startswith("p256"):
        yield f"key {certificate.subject.key}"
    yield from min((_differing(certificate, plain) for plain in plain_ones), key=len)


def _differing(
    value: Any, plain: Any, apart: frozenset[str] = _NOT_DEPARTURES
) -> list[str]:
    return [
        f"{field.name} {_compact(getattr(value, field.name))}"
        for field in fields(value)
        if field.name not in apart
        and getattr(value, field.name) != getattr(plain, field.name)
    ]


def crl_in_words(crl: CrlSpec) -> str:
    """A CRL: whose, how fresh, whom it revokes, and what is odd about it."""
    said = f"CRL of {name_in_words(crl.issuer.name)} ({_state(crl)})"
    if crl.revoked:
        said += f" revokes {', '.join(map(_revoked, crl.revoked))}"
    others = _differing(crl, CrlSpec(crl.label, crl.issuer), _SAID_OF_CRLS)
    return f"{said} with {', '.join(others)}" if others else said


def _state(crl: CrlSpec) -> str:
    if crl.this_update > 0:
        return "of the future"
    if crl.next_update is None:
        return "no nextUpdate"
    return "expired" if crl.next_update <= 0 else "fresh"


def _revoked(entry: RevokedSpec) -> str:
    said = str(entry.certificate)
    others = _differing(
        entry, RevokedSpec(entry.certificate), frozenset({"certificate"})
    )
    return f"{said} ({', '.join(others)})" if others else said


def _edit(scenario: Scenario, edit: EditSpec) -> str:
    labels = [item.label for item in scenario.certificates]
    kind = "certificate" if edit.item in labels else "CRL"
    if edit.item in scenario.peer:
        kind += f" {scenario.peer.index(edit.item) + 1}"
    number = f" ({edit.number})" if edit.number else ""
    source = f" {edit.other}" if edit.other else ""
    when = "before signing" if edit.signed else "after signing"
    place = f"{edit.place}: " if edit.place else ""
    return f"in {kind} ({edit.item}), {when}, {place}{edit.kind.value}{source}{number}"


def name_in_words(name: NameSpec) -> str:
    """A distinguished name, its attributes in order."""
    if not name.rdns:
        return "the empty name"
    return ", ".join(
        "+".join(_attribute(attribute) for attribute in rdn) for rdn in name.rdns
    )


def _attribute(attribute: AttributeSpec) -> str:
    if attribute.type == "CN":
        return attribute.value
    return f"{attribute.type}={attribute.value}"


def _compact(value: Any) -> str:
    match value:
        case NameSpec():
            return name_in_words(value)
        case GeneralNameSpec():
            inner = name_in_words(value.directory) if value.directory else value.value
            return f"{value.kind}:{inner if value.raw is None else value.raw.hex()}"
        case Enum():
            return str(value.value)
        case bytes():
            return value.hex() or "no bytes"
        case frozenset():
            return "{" + ", ".join(sorted(map(_compact, value))) + "}"
        case tuple():
            return "(" + ", ".join(map(_compact, value)) + ")"
        case None:
            return "absent"
    if is_dataclass(value):
        said = [
            _said_field(field.name, getattr(value, field.name))
            for field in fields(value)
        ]
        return f"({', '.join(text for text in said if text)})"
    return str(value)


def _said_field(name: str, value: Any) -> str:
    """A field of a departure; what is absent, off or empty is left out."""
    if name == "ca":
        return "CA" if value else "no CA"
    if value is None or value is False or value == ():
        return ""
    return name if value is True else f"{name} {_compact(value)}"
