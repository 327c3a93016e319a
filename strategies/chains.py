"""Strategies for chains: how long, what is sent, what is trusted, whose keys."""

from typing import Any, Final

from hypothesis.strategies import SearchStrategy

from harness.case import PemLabel, Role
from harness.pki.spec import (
    BasicConstraintsSpec,
    Entity,
    KeyUsageSpec,
    NameSpec,
    RawExtension,
    Scenario,
    TrustSpec,
    ca,
    end_entity,
)
from strategies.crossings import CROSSINGS
from strategies.departures import (
    Change,
    Departure,
    Stage,
    Theme,
    departing,
    departure,
)
from strategies.draft import Draft, lengthened, with_intermediates
from strategies.key_kinds import KEYS
from strategies.lengths import LENGTHS
from strategies.proxies import PROXIES

STRANGER: Final = Entity(NameSpec.cn("Unrelated CA"), "p256-14")
"""A CA that has nothing to do with the chain."""


def _intermediates(draft: Draft) -> tuple[str, ...]:
    return draft.path[1:-1]


def _root_too(draft: Draft, _place: int) -> Draft:
    return draft.asking(peer=draft.path)


def _leaf_alone(draft: Draft, _place: int) -> Draft:
    draft = with_intermediates(draft)
    return draft.asking(peer=draft.path[:1])


def _issuer_not_sent(draft: Draft, _place: int) -> Draft:
    draft = with_intermediates(draft)
    return draft.asking(peer=(draft.path[0], *draft.path[2:-1]))


def _reversed(draft: Draft, _place: int) -> Draft:
    draft = with_intermediates(draft, 2)
    return draft.asking(peer=(draft.path[0], *reversed(_intermediates(draft))))


def _root_before(draft: Draft, _place: int) -> Draft:
    draft = with_intermediates(draft)
    return draft.asking(peer=(draft.path[0], draft.path[-1], *_intermediates(draft)))


def _issuer_first(draft: Draft, _place: int) -> Draft:
    draft = with_intermediates(draft)
    return draft.asking(peer=(*_intermediates(draft), draft.path[0]))


def _sent_twice(draft: Draft, place: int) -> Draft:
    sent = draft.scenario.peer
    again = sent[min(max(place, 0), len(sent) - 1)]
    return draft.asking(peer=(*sent, again))


def _strangers_sent(*, first: bool) -> Change:
    def change(draft: Draft, _place: int) -> Draft:
        root = ca(draft.free("unrelated-root"), STRANGER, STRANGER)
        subject = Entity(NameSpec.cn("unrelated.example"), "p256-15")
        other = end_entity(draft.free("unrelated-leaf"), subject, STRANGER)
        sent = draft.scenario.peer
        more = (other.label, root.label)
        peer = (sent[0], *more, *sent[1:]) if first else (*sent, *more)
        return draft.added(root, other).asking(peer=peer)

    return change


_SENT: Final = departure(
    "sent",
    Stage.SHAPE,
    {
        "root too": _root_too,
        "leaf alone": _leaf_alone,
        "issuer missing": _issuer_not_sent,
        "reversed": _reversed,
        "root before the intermediates": _root_before,
        "issuer first": _issuer_first,
        "one twice": _sent_twice,
        "unrelated last": _strangers_sent(first=False),
        "unrelated before the rest": _strangers_sent(first=True),
    },
    "paths",
)


def _trusts(*places: int, alone: bool = False) -> Change:
    """Trust the certificates at these places, in this order; with ``alone``, the leaf
    comes by itself. Places 1 and up are intermediates, made where there are none."""

    def change(draft: Draft, _place: int) -> Draft:
        draft = with_intermediates(draft, max(0, *places)) if places else draft
        trusted = tuple(
            TrustSpec(draft.path[min(place, len(draft.path) - 1)]) for place in places
        )
        peer = draft.scenario.peer[:1] if alone else draft.scenario.peer
        return draft.asking(trusted=trusted, peer=peer)

    return change


def _trusts_everything(*, leaf_first: bool) -> Change:
    def change(draft: Draft, _place: int) -> Draft:
        labels = draft.path if leaf_first else tuple(reversed(draft.path))
        return draft.asking(trusted=tuple(map(TrustSpec, labels)))

    return change


def _stranger_trusted(*, first: bool, only: bool = False) -> Change:
    def change(draft: Draft, _place: int) -> Draft:
        root = ca(draft.free("unrelated-root"), STRANGER, STRANGER)
        trusted = () if only else draft.scenario.trusted
        more = (TrustSpec(root.label),)
        both = more + trusted if first else trusted + more
        return draft.added(root).asking(trusted=both)

    return change


def _one_trusted_twice(draft: Draft, _place: int) -> Draft:
    return draft.asking(trusted=draft.scenario.trusted * 2)


_TRUSTED: Final = departure(
    "trusted",
    Stage.SHAPE,
    {
        "nothing": _trusts(),
        "intermediate only": _trusts(1),
        "intermediate and root": _trusts(1, -1),
        "root and intermediate": _trusts(-1, 1),
        "intermediate only, leaf sent alone": _trusts(1, alone=True),
        "second intermediate only": _trusts(2),
        "two intermediates": _trusts(2, 1),
        "everything, leaf first": _trusts_everything(leaf_first=True),
        "everything, root first": _trusts_everything(leaf_first=False),
        "unrelated only": _stranger_trusted(first=True, only=True),
        "unrelated first": _stranger_trusted(first=True),
        "unrelated last": _stranger_trusted(first=False),
        "one twice": _one_trusted_twice,
    },
    "paths",
    under=("X509_PARTIAL_CHAIN",),
)

_PINNED: Final = departure(
    "pinned leaf",
    Stage.SHAPE,
    {
        "sent alone": _trusts(0, alone=True),
        "sent with intermediates": _trusts(0),
        "beside the root": _trusts(0, -1),
        "after the root": _trusts(-1, 0),
        "beside the intermediate": _trusts(0, 1),
    },
    "paths",
    under=(
        "X509_PARTIAL_CHAIN",
        "CHECK_SS_SIGNATURE|X509_PARTIAL_CHAIN",
    ),
)


def _settings(
    place: int,
    *,
    trust: tuple[str, ...] | None = None,
    reject: tuple[str, ...] | None = None,
    root: bool = False,
) -> Change:
    """Trust the certificate at the place under these trust settings; with ``root``,
    the root too."""

    def change(draft: Draft, _place: int) -> Draft:
        draft = with_intermediates(draft, max(0, place))
        item = TrustSpec(
            draft.label(place), PemLabel.TRUSTED_CERTIFICATE, trust, reject
        )
        more = (TrustSpec(draft.path[-1]),) if root else ()
        return draft.asking(trusted=(item, *more))

    return change


_BOTH: Final = ("serverAuth", "clientAuth")

_TRUST_SETTINGS: Final = departure(
    "trust settings",
    Stage.SHAPE,
    {
        "root for both": _settings(-1, trust=_BOTH),
        "root for servers": _settings(-1, trust=("serverAuth",)),
        "root for clients": _settings(-1, trust=("clientAuth",)),
        "root against servers": _settings(-1, reject=("serverAuth",)),
        "root against clients": _settings(-1, reject=("clientAuth",)),
        "root for mail": _settings(-1, trust=("emailProtection",)),
        "root for any": _settings(-1, trust=("anyExtendedKeyUsage",)),
        "root against any": _settings(-1, reject=("anyExtendedKeyUsage",)),
        "root for any, against servers": _settings(
            -1, trust=("anyExtendedKeyUsage",), reject=("serverAuth",)
        ),
        "root for both and against both": _settings(-1, trust=_BOTH, reject=_BOTH),
        "root for nothing": _settings(-1, trust=()),
        "root without settings": _settings(-1),
        "intermediate for both": _settings(1, trust=_BOTH),
        "intermediate against both": _settings(1, reject=_BOTH, root=True),
        "intermediate for mail": _settings(1, trust=("emailProtection",), root=True),
        "leaf for both": _settings(0, trust=_BOTH),
        "leaf against both": _settings(0, reject=_BOTH, root=True),
        "leaf against both, root unknown": _settings(0, reject=_BOTH),
    },
    "paths",
    under=("X509_PARTIAL_CHAIN",),
)


UNREADABLE: Final = RawExtension("2.5.29.31", b"\x05\x00")
"""cRLDistributionPoints that are none: OpenSSL takes the certificate for malformed."""


def _self_signed(*, trusted: bool, sibling: bool = False, **fields: Any) -> Change:
    """Make the leaf sign itself, with these fields; ``sibling`` trusts another of its
    name and key, too or instead."""

    def change(draft: Draft, _place: int) -> Draft:
        leaf = draft.at(0)
        draft = draft.changed(leaf.label, issuer=leaf.subject, **fields)
        store = (TrustSpec(leaf.label),) if trusted else draft.scenario.trusted
        if sibling:
            other = end_entity(draft.free("sibling"), leaf.subject, leaf.subject)
            draft = draft.added(other)
            store = (*store, TrustSpec(other.label)) if trusted else ()
            store = store or (TrustSpec(other.label),)
        return draft.asking(peer=(leaf.label,), trusted=store)

    return change


_CA: Final = BasicConstraintsSpec(ca=True)

_SELF_SIGNED: Final = departure(
    "self-signed leaf",
    Stage.SHAPE,
    {
        "trusted": _self_signed(trusted=True),
        "not trusted": _self_signed(trusted=False),
        "its sibling trusted": _self_signed(trusted=False, sibling=True),
        "its sibling trusted too": _self_signed(trusted=True, sibling=True),
        "trusted, malformed": _self_signed(trusted=True, extra=(UNREADABLE,)),
        "trusted, a CA": _self_signed(
            trusted=True,
            basic_constraints=_CA,
            key_usage=KeyUsageSpec(frozenset({"digitalSignature", "keyCertSign"})),
        ),
        "trusted, a CA without keyCertSign": _self_signed(
            trusted=True,
            basic_constraints=_CA,
            key_usage=KeyUsageSpec(frozenset({"digitalSignature"})),
        ),
    },
    "paths",
    "keys",
    under=(
        "X509_PARTIAL_CHAIN",
        "CHECK_SS_SIGNATURE",
        "CHECK_SS_SIGNATURE|X509_PARTIAL_CHAIN",
    ),
)


def _longer(count: int) -> Change:
    return lambda draft, _place: lengthened(draft, count)


DEEPEST: Final = 100
"""Intermediates of the longest path there is: OpenSSL's limit is 100, which does not
count the anchor."""


def _as_long_as(count: int) -> Change:
    return lambda draft, _place: with_intermediates(draft, count)


_LONG: Final = departure(
    "longer",
    Stage.SHAPE,
    {
        "by three": _longer(3),
        "by two": _longer(2),
        "by sixteen": _longer(16),
    },
    "paths",
)

_DEEP: Final = departure(
    "as long as can be",
    Stage.SHAPE,
    {
        "as far as OpenSSL goes": _as_long_as(DEEPEST),
        "beyond that": _as_long_as(DEEPEST + 1),
    },
    "paths",
)


CHAINS: Final[tuple[Departure, ...]] = (
    *LENGTHS,
    _SENT,
    _TRUSTED,
    _PINNED,
    _TRUST_SETTINGS,
    _SELF_SIGNED,
    _LONG,
    _DEEP,
    *KEYS,
    *CROSSINGS,
    *PROXIES,
)
"""Every departure in which certificates there are, are sent and are trusted."""


def chains(
    *, theme: Theme | None = None, role: Role | None = None
) -> SearchStrategy[Scenario]:
    """Generate scenarios that depart from the plain chain in its shape only.

    ``theme`` ("paths" or "proxies") prefers some shapes. Shrinks to root and leaf.
    """
    return departing(CHAINS, theme=theme, role=role)
