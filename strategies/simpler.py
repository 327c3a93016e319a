"""Simpler scenarios: what is left when one thing is taken back from a scenario.

Hypothesis shrinks the choices behind a scenario, and keeps a departure whole. This
goes on from there with the value itself: it drops what is not needed, item by item
and field by field, so that a finding needs at most a root, an intermediate and a leaf
unless it is about more.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, replace
from typing import Any, Final, TypeVar

from harness.case import Source, TlsVersion
from harness.flags import Flags
from harness.pki.spec import (
    CertificateSpec,
    CrlSpec,
    ProxySpec,
    RevokedSpec,
    Scenario,
    TrustSpec,
    ca,
    end_entity,
)
from harness.pki.spec_edits import EditSpec
from strategies.draft import Draft, settled

_KEPT: Final = frozenset(
    {"label", "subject", "issuer", "proxy", "revoked", "certificate"}
)
"""The fields that say which item it is, and so have no plain value."""

Item = TypeVar("Item", CertificateSpec, CrlSpec, RevokedSpec, TrustSpec)


_PLAIN: Final[Mapping[str, Any]] = {
    "name": None,
    "security_level": 2,
    "source": Source.CAFILE,
    "tls": TlsVersion.TLS_1_3,
}
"""The plain values of a scenario's own fields."""


def _departing(item: Any, plain: Any) -> list[str]:
    """The fields of an item that are not plain."""
    return [
        each.name
        for each in fields(item)
        if each.name not in _KEPT
        and getattr(item, each.name) != getattr(plain, each.name)
    ]


def _resets(item: Item, plain: Item) -> Iterator[Item]:
    """The item with one of its fields plain."""
    for name in _departing(item, plain):
        value: Any = getattr(plain, name)
        yield replace(item, **{name: value})


def _plain(scenario: Scenario, item: CertificateSpec) -> CertificateSpec:
    if item.proxy is not None:
        usage = end_entity(item.label, item.subject, item.issuer).key_usage
        return CertificateSpec(item.label, item.subject, item.issuer, key_usage=usage)
    is_issuer = any(
        other.issuer == item.subject and other.label != item.label
        for other in scenario.certificates
        if other.proxy is None
    )
    kind = ca if is_issuer or item.label not in scenario.peer[:1] else end_entity
    return kind(item.label, item.subject, item.issuer)


def _without(labels: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for at in range(len(labels)):
        yield labels[:at] + labels[at + 1 :]


def _spliced(scenario: Scenario, gone: CertificateSpec) -> Scenario:
    """The scenario without a certificate whose issuer issues what it issued."""
    return replace(
        scenario,
        certificates=tuple(
            replace(item, issuer=gone.issuer) if item.issuer == gone.subject else item
            for item in scenario.certificates
            if item.label != gone.label
        ),
        crls=tuple(
            replace(crl, issuer=gone.issuer) if crl.issuer == gone.subject else crl
            for crl in scenario.crls
        ),
        peer=tuple(label for label in scenario.peer if label != gone.label),
        trusted=tuple(
            item for item in scenario.trusted if item.certificate != gone.label
        ),
    )


def _fewer(scenario: Scenario) -> Iterator[Scenario]:
    """One item less: sent, trusted, loaded, on the path, or in a CRL."""
    for at in range(len(scenario.edits)):
        edits = (*scenario.edits[:at], *scenario.edits[at + 1 :])
        yield replace(scenario, edits=edits)
    listed = {entry.certificate for crl in scenario.crls for entry in crl.revoked}
    for item in scenario.certificates:
        is_first = item.label == scenario.peer[0]
        if not is_first and item.label not in listed and item.issuer != item.subject:
            yield _spliced(scenario, item)
    for loaded in _without(scenario.loaded):
        yield replace(scenario, loaded=loaded)
    for peer in _without(scenario.peer):
        if peer:
            yield replace(scenario, peer=peer)
    for at in range(len(scenario.trusted)):
        yield replace(
            scenario, trusted=scenario.trusted[:at] + scenario.trusted[at + 1 :]
        )
    for at, crl in enumerate(scenario.crls):
        for index in range(len(crl.revoked)):
            left = crl.revoked[:index] + crl.revoked[index + 1 :]
            yield _with_crl(scenario, at, replace(crl, revoked=left))


def _with_crl(scenario: Scenario, at: int, crl: CrlSpec) -> Scenario:
    return replace(scenario, crls=(*scenario.crls[:at], crl, *scenario.crls[at + 1 :]))


def _easier(edit: EditSpec) -> Iterator[EditSpec]:
    """The edit in its plainest way, in one less of its ways, or before signing."""
    if edit.number:
        yield replace(edit, number=0)
        yield replace(edit, number=edit.number - 1)
    if not edit.signed and edit.place.startswith("tbs"):
        yield replace(edit, signed=True)


def _plainer(scenario: Scenario) -> Iterator[Scenario]:
    """One field plain: of the scenario, a trusted item, a certificate or a CRL."""
    for field, value in _PLAIN.items():
        if getattr(scenario, field) != value:
            yield replace(scenario, **{field: value})
    for at, edit in enumerate(scenario.edits):
        for easier in _easier(edit):
            edits = (*scenario.edits[:at], easier, *scenario.edits[at + 1 :])
            yield replace(scenario, edits=edits)
    for at, trusted in enumerate(scenario.trusted):
        if trusted != (bare := TrustSpec(trusted.certificate)):
            items = (*scenario.trusted[:at], bare, *scenario.trusted[at + 1 :])
            yield replace(scenario, trusted=items)
    for at, item in enumerate(scenario.certificates):
        plain = _plain(scenario, item)
        for reset in (replace(plain, proxy=item.proxy), *_resets(item, plain)):
            if reset != item:
                before, after = (
                    scenario.certificates[:at],
                    scenario.certificates[at + 1 :],
                )
                yield replace(scenario, certificates=(*before, reset, *after))
    for at, crl in enumerate(scenario.crls):
        for plainer in _resets(crl, CrlSpec(crl.label, crl.issuer)):
            yield _with_crl(scenario, at, plainer)
        for revoked in _plainer_entries(crl.revoked):
            yield _with_crl(scenario, at, replace(crl, revoked=revoked))


def _plainer_entries(
    entries: tuple[RevokedSpec, ...],
) -> Iterator[tuple[RevokedSpec, ...]]:
    """The entries of a CRL with one field of one of them plain."""
    for at, entry in enumerate(entries):
        for plainer in _resets(entry, RevokedSpec(entry.certificate)):
            yield (*entries[:at], plainer, *entries[at + 1 :])


def simpler(scenario: Scenario) -> Iterator[Scenario]:
    """Every scenario that is simpler by one step, the biggest steps first.

    Each can be issued if the scenario can. The note, which says how the scenario was
    drawn, is kept.
    """
    for candidate in (*_fewer(scenario), *_plainer(scenario)):
        yield settled(Draft(candidate, ()))


def simplest(
    scenario: Scenario, holds: Callable[[Scenario], bool], *, calls: int = 200
) -> Scenario:
    """Take step after step for as long as ``holds``, which is asked at most ``calls``
    times; the scenario itself if no step is allowed."""
    at = 0
    is_smaller = False
    for _call in range(calls):
        candidates = tuple(simpler(scenario))
        if at >= len(candidates):
            if not is_smaller or not candidates:
                break
            at, is_smaller = 0, False
        if holds(candidates[at]):
            scenario, is_smaller = candidates[at], True
        else:
            at += 1
    return scenario


def size(scenario: Scenario, flags: Iterable[Flags] = ()) -> int:
    """How large a case is: what is sent or trusted, loaded and revoked, everything
    about it that is not plain, edits, and the bits of the flag sets that show it.

    A certificate that is sent and trusted counts once for each; who verifies does not
    count.
    """
    certificates = [*scenario.peer, *(item.certificate for item in scenario.trusted)]
    entries = [entry for crl in scenario.crls for entry in crl.revoked]
    departing = [field for field in _PLAIN if getattr(scenario, field) != _PLAIN[field]]
    for item in scenario.certificates:
        departing += _departing(item, _plain(scenario, item))
        if item.proxy is not None:
            departing += ["proxy", *_departing(item.proxy, ProxySpec())]
    for trusted in scenario.trusted:
        departing += _departing(trusted, TrustSpec(trusted.certificate))
    for crl in scenario.crls:
        departing += _departing(crl, CrlSpec(crl.label, crl.issuer))
    for entry in entries:
        departing += _departing(entry, RevokedSpec(entry.certificate))
    bits = sum(item.bits.bit_count() for item in flags)
    counted = (certificates, scenario.loaded, entries, scenario.edits, departing)
    return sum(map(len, counted)) + bits
