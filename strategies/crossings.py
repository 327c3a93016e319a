"""Departures in which a name, a key or both have several certificates: cross-signing,
namesakes, key rollover, twins and loops. In each, order decides what OpenSSL builds."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final, Literal

from harness.pki.spec import (
    DAY,
    YEAR,
    BasicConstraintsSpec,
    Entity,
    NameSpec,
    TrustSpec,
    ca,
    end_entity,
)
from strategies.departures import Change, Departure, Stage, departure
from strategies.draft import Draft, with_intermediates, without_key_ids
from strategies.twins import LAST, TWINS, placed

OTHER_ROOT: Final = Entity(NameSpec.cn("Other Root CA"), "p256-10")
"""A second authority, which signs what the first one signed."""


def _crossed(
    *,
    root: bool,
    sent: int | None = None,
    store: int | None = None,
    trust: str = "both",
    root_sent: bool = False,
    expired: bool = False,
) -> Change:
    """Certify the leaf's issuing intermediate, or the root, by another root too.

    ``trust`` says whose root is trusted: "first", "other" or "both".
    """

    def change(draft: Draft, _place: int) -> Draft:
        if not root:
            draft = with_intermediates(draft)
        twice = draft.at(-1 if root else 1).subject
        other = ca(draft.free("other-root"), OTHER_ROOT, OTHER_ROOT)
        crossed = ca(draft.free("cross-signed"), twice, OTHER_ROOT)
        if expired:
            other = replace(other, not_before=-3 * YEAR, not_after=-YEAR)
        if root_sent:
            draft = draft.asking(peer=(*draft.scenario.peer, draft.path[-1]))
        roots = {
            "first": draft.scenario.trusted,
            "other": (TrustSpec(other.label),),
            "both": (*draft.scenario.trusted, TrustSpec(other.label)),
        }
        draft = draft.added(other).asking(trusted=roots[trust])
        return placed(draft, crossed, sent=sent, store=store)

    return change


def _namesake(
    *,
    root: bool,
    ids: bool = True,
    sent: int | None = None,
    store: int | None = None,
    only: bool = False,
    expire: Literal["none", "real", "both"] = "none",
) -> Change:
    """Add a certificate of the root's, or the leaf's issuer's, name and another key.

    Without ``ids`` neither it nor the main path has key identifiers; ``only`` leaves
    the real one out; ``expire`` makes the real one expired, or both at one time.
    """

    def change(draft: Draft, _place: int) -> Draft:
        if not root:
            draft = with_intermediates(draft)
        real = draft.at(-1 if root else 1)
        other = Entity(real.subject.name, "p256-13" if root else "p256-11")
        label = draft.free("namesake")
        issuer = other if root else real.issuer
        if only and root:
            draft = draft.asking(trusted=())
        elif only:
            peer = tuple(name for name in draft.scenario.peer if name != real.label)
            draft = draft.asking(peer=peer)
        draft = placed(draft, ca(label, other, issuer), sent=sent, store=store)
        if not ids:
            draft = without_key_ids(draft, *draft.path, label)
        gone = {"not_before": -3 * YEAR, "not_after": -DAY}
        for item in {"none": (), "real": (real.label,), "both": (real.label, label)}[
            expire
        ]:
            draft = draft.changed(item, **gone)
        return draft

    return change


def _rollover(
    *,
    new_with_old: bool,
    trust: Iterable[str],
    sent: bool = True,
    ids: bool = True,
) -> Change:
    """Give the root a new key. ``new_with_old`` certifies it with the old one, for
    chains under the new key; otherwise the old one with it, for chains under the old.

    ``trust`` orders "old", "new" (self-signed) and "link" (self-issued) in the store.
    """

    def change(draft: Draft, _place: int) -> Draft:
        old = draft.at(-1).subject
        new = Entity(old.name, "p256-12")
        labels = {"old": draft.path[-1], "new": draft.free("new-root")}
        if new_with_old:
            labels["link"] = draft.free("new-with-old")
            link = ca(labels["link"], new, old)
            if len(draft.path) > 1:
                draft = draft.changed(draft.path[-2], issuer=new)
        else:
            labels["link"] = draft.free("old-with-new")
            link = ca(labels["link"], old, new)
        draft = draft.added(link, ca(labels["new"], new, new))
        if not ids:
            draft = without_key_ids(draft, *draft.path, labels["new"], labels["link"])
        peer = draft.scenario.peer
        return draft.asking(
            peer=(*peer, labels["link"]) if sent else peer,
            trusted=tuple(TrustSpec(labels[name]) for name in trust),
        )

    return change


def _loop(*, store: bool = False, leaves: bool = False, twice: bool = False) -> Change:
    """Let two intermediates issue each other. ``store`` trusts one of them as well;
    with ``leaves`` the root has issued one of them too, which is sent last; with
    ``twice`` the first is sent twice."""

    def change(draft: Draft, _place: int) -> Draft:
        one = Entity(NameSpec.cn("Loop CA 1"), "p256-10")
        two = Entity(NameSpec.cn("Loop CA 2"), "p256-11")
        root = draft.at(-1).subject
        leaf = draft.path[0]
        first = ca(draft.free("loop-1"), one, two)
        second = ca(draft.free("loop-2"), two, one)
        peer: tuple[str, ...] = (leaf, first.label, second.label)
        peer = (*peer, first.label) if twice else peer
        trusted = draft.scenario.trusted
        draft = draft.changed(leaf, issuer=one).added(first, second)
        if leaves:
            way_out = ca(draft.free("loop-exit"), two, root)
            draft, peer = draft.added(way_out), (*peer, way_out.label)
        if store:
            trusted = (TrustSpec(second.label), *trusted)
        return draft.asking(peer=peer, trusted=trusted)

    return change


def _self_issued(*, ids: bool, length: int | None = None) -> Change:
    """Name the leaf's issuing intermediate as its own issuer is named, which may have
    a pathLenConstraint."""

    def change(draft: Draft, _place: int) -> Draft:
        draft = with_intermediates(draft)
        item = draft.at(1)
        draft = draft.became(item.subject, Entity(item.issuer.name, item.subject.key))
        if length is not None:
            constraints = BasicConstraintsSpec(ca=True, path_length=length)
            draft = draft.changed(draft.label(2), basic_constraints=constraints)
        return draft if ids else without_key_ids(draft, *draft.path)

    return change


def _issued_by_leaf(draft: Draft, _place: int) -> Draft:
    """Put a leaf under the leaf, which is no CA."""
    subject = Entity(NameSpec.cn("below.example"), "p256-15")
    below = end_entity(draft.free("below"), subject, draft.at(0).subject)
    peer = (below.label, *draft.scenario.peer)
    return draft.added(below).asking(peer=peer)


CROSSINGS: Final[tuple[Departure, ...]] = (
    departure(
        "cross-signed intermediate",
        Stage.SHAPE,
        {
            "sent last": _crossed(root=False, sent=LAST),
            "sent first": _crossed(root=False, sent=1),
            "sent first, its root unknown": _crossed(root=False, sent=1, trust="first"),
            "sent last, only its root": _crossed(root=False, sent=LAST, trust="other"),
            "stored": _crossed(root=False, store=LAST, trust="first"),
            "stored first": _crossed(root=False, store=0, trust="first"),
            "stored with its root": _crossed(root=False, store=0),
            "sent last, its root expired": _crossed(
                root=False, sent=LAST, expired=True
            ),
        },
        "paths",
        under=("X509_PARTIAL_CHAIN",),
    ),
    departure(
        "cross-signed root",
        Stage.SHAPE,
        {
            "sent": _crossed(root=True, sent=LAST),
            "sent, only the other root": _crossed(root=True, sent=LAST, trust="other"),
            "sent, only the first root": _crossed(root=True, sent=LAST, trust="first"),
            "both sent": _crossed(root=True, sent=LAST, root_sent=True),
            "both sent, only the other root": _crossed(
                root=True, sent=1, root_sent=True, trust="other"
            ),
            "stored first": _crossed(root=True, store=0),
            "stored last": _crossed(root=True, store=LAST),
            "sent, the other root expired": _crossed(
                root=True, sent=LAST, expired=True
            ),
        },
        "paths",
        under=("X509_PARTIAL_CHAIN",),
    ),
    departure(
        "namesake root",
        Stage.SHAPE,
        {
            "trusted first": _namesake(root=True, store=0),
            "trusted last": _namesake(root=True, store=LAST),
            "trusted first, no ids": _namesake(root=True, store=0, ids=False),
            "trusted last, no ids": _namesake(root=True, store=LAST, ids=False),
            "trusted only": _namesake(root=True, store=0, only=True),
            "trusted only, no ids": _namesake(root=True, store=0, only=True, ids=False),
            "trusted last, no ids, the real one expired": _namesake(
                root=True, store=LAST, ids=False, expire="real"
            ),
            "trusted first, no ids, both expired": _namesake(
                root=True, store=0, ids=False, expire="both"
            ),
            "trusted last, no ids, both expired": _namesake(
                root=True, store=LAST, ids=False, expire="both"
            ),
            "sent, no ids": _namesake(root=True, sent=LAST, ids=False),
        },
        "paths",
        under=("X509_PARTIAL_CHAIN",),
    ),
    departure(
        "namesake intermediate",
        Stage.SHAPE,
        {
            "sent first": _namesake(root=False, sent=1),
            "sent last": _namesake(root=False, sent=LAST),
            "sent first, no ids": _namesake(root=False, sent=1, ids=False),
            "sent last, no ids": _namesake(root=False, sent=LAST, ids=False),
            "sent only": _namesake(root=False, sent=1, only=True),
            "sent only, no ids": _namesake(root=False, sent=1, only=True, ids=False),
            "stored": _namesake(root=False, store=0),
            "stored, no ids": _namesake(root=False, store=0, ids=False),
        },
        "paths",
        under=("X509_PARTIAL_CHAIN",),
    ),
    departure(
        "key rollover",
        Stage.SHAPE,
        {
            "new with old, old trusted": _rollover(new_with_old=True, trust=["old"]),
            "new with old, no ids": _rollover(
                new_with_old=True, trust=["old"], ids=False
            ),
            "new with old, all trusted": _rollover(
                new_with_old=True, trust=["link", "old", "new"]
            ),
            "new with old, only it trusted": _rollover(
                new_with_old=True, trust=["link"], sent=False
            ),
            "new with old, only it trusted, no ids": _rollover(
                new_with_old=True, trust=["link"], sent=False, ids=False
            ),
            "new with old not sent": _rollover(
                new_with_old=True, trust=["old"], sent=False
            ),
            "old with new, new trusted": _rollover(new_with_old=False, trust=["new"]),
            "old with new, no ids": _rollover(
                new_with_old=False, trust=["new"], ids=False
            ),
            "old with new, both trusted": _rollover(
                new_with_old=False, trust=["new", "old"]
            ),
            "old with new, only it trusted": _rollover(
                new_with_old=False, trust=["link"], sent=False
            ),
        },
        "paths",
        under=("X509_PARTIAL_CHAIN",),
    ),
    *TWINS,
    departure(
        "issuing",
        Stage.SHAPE,
        {
            "in a loop": _loop(),
            "in a loop, sent twice": _loop(twice=True),
            "in a loop, one trusted": _loop(store=True),
            "in a loop with a way out": _loop(leaves=True),
            "in a loop with a way out, one trusted": _loop(leaves=True, store=True),
            "by the leaf": _issued_by_leaf,
        },
        "paths",
    ),
    departure(
        "self-issued intermediate",
        Stage.SHAPE,
        {
            "with ids": _self_issued(ids=True),
            "no ids": _self_issued(ids=False),
            "under a path length of 0": _self_issued(ids=True, length=0),
        },
        "paths",
    ),
)
