"""Strategies for verification flags: one set, or a sweep to ask about one case.

Built on ``harness.flags``, never on iterating ``ssl.VerifyFlags``, which leaves out
``VERIFY_CRL_CHECK_CHAIN`` from Python 3.11 on.
"""

from collections.abc import Iterable
from itertools import combinations
from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from harness.flags import (
    CRL_CHECK_ALL,
    CRL_CHECK_CHAIN,
    CRL_CHECK_LEAF,
    DEFAULT,
    DOCUMENTED,
    PRESETS,
    RAW,
    X509_TRUSTED_FIRST,
    Flags,
    lattice,
)
from strategies.departures import Theme


def distinct(sets: Iterable[Flags]) -> tuple[Flags, ...]:
    """These flag sets, each once, in this order."""
    return tuple(dict.fromkeys(sets))


POLICY_BITS: Final = tuple(
    Flags(RAW[name])
    for name in (
        "POLICY_CHECK",
        "EXPLICIT_POLICY",
        "INHIBIT_ANY",
        "INHIBIT_MAP",
        "NOTIFY_POLICY",
        "SUITEB_128_LOS_ONLY",
        "SUITEB_192_LOS",
    )
)
"""Raw bits about policies and Suite B: rarely asked about, unless that is the theme."""

_POLICY_SETS: Final = (
    *POLICY_BITS,
    Flags.of("SUITEB_128_LOS"),
    Flags.of("INHIBIT_ANY", "INHIBIT_MAP"),
    Flags.of("EXPLICIT_POLICY", "INHIBIT_ANY", "INHIBIT_MAP"),
)

_CRL_SETS: Final = (
    Flags.of("EXTENDED_CRL_SUPPORT"),
    Flags.of("USE_DELTAS"),
    Flags.of("EXTENDED_CRL_SUPPORT", "USE_DELTAS"),
    Flags.of("IGNORE_CRITICAL"),
    Flags.of("NO_CHECK_TIME"),
    # A CRL issuer's path is verified without policies.
    Flags.of("EXTENDED_CRL_SUPPORT", "EXPLICIT_POLICY"),
    Flags.of("OCSP_RESP_CHECK", "OCSP_RESP_CHECK_ALL"),
)
"""Raw bits that change which CRLs count."""

_SELF_SETS: Final = (
    Flags.of("CHECK_SS_SIGNATURE"),
    Flags.of("CHECK_SS_SIGNATURE", "X509_PARTIAL_CHAIN"),
)
"""Bits that have an anchor's own signature checked."""

_OTHER_BITS: Final = tuple(
    Flags(RAW[name])
    for name in (
        "CRL_CHECK_ALL",
        "EXTENDED_CRL_SUPPORT",
        "USE_DELTAS",
        "CHECK_SS_SIGNATURE",
        "IGNORE_CRITICAL",
        "NO_CHECK_TIME",
        "USE_CHECK_TIME",
        "OCSP_RESP_CHECK",
        "OCSP_RESP_CHECK_ALL",
    )
)

RAW_BITS: Final = (*_OTHER_BITS, *POLICY_BITS)
"""The raw bits that are asked about."""

LATTICE: Final = lattice()
"""Every union of documented flags: 48, since CHAIN contains LEAF."""
LATTICE_WITH_ALL: Final = lattice(
    (*(Flags(bits) for bits in DOCUMENTED.values()), CRL_CHECK_ALL)
)
"""The same with bit 8 by itself: 64."""

_PRESETS: Final = tuple(Flags(bits) for bits in PRESETS.values())
CORE: Final = distinct(
    (
        X509_TRUSTED_FIRST,
        X509_TRUSTED_FIRST | CRL_CHECK_LEAF,
        X509_TRUSTED_FIRST | CRL_CHECK_CHAIN,
        DEFAULT,
        *_PRESETS,
        *(preset | CRL_CHECK_CHAIN for preset in _PRESETS),
    )
)
"""What every sweep asks: both presets, with and without CRL_CHECK_CHAIN, its LEAF
twin, and nothing at all."""


def flags(*, raw: bool = True) -> SearchStrategy[Flags]:
    """Generate one flag set: a union of documented flags, sometimes with a raw bit.

    With ``raw`` false, documented flags only. Shrinks to no flags.
    """
    documented = st.sampled_from(LATTICE)
    if not raw:
        return documented
    added = (DEFAULT,) * (4 * len(RAW_BITS)) + RAW_BITS
    return st.tuples(documented, st.sampled_from(added)).map(lambda pair: _or(*pair))


def _or(one: Flags, other: Flags) -> Flags:
    return one | other


def _neighbours(base: Flags) -> tuple[Flags, ...]:
    """The set, and every set that differs from it in one documented flag."""
    without = base.without(CRL_CHECK_CHAIN)
    twins = (without, without | CRL_CHECK_LEAF, without | CRL_CHECK_CHAIN)
    single = (
        base ^ bits
        for bits in DOCUMENTED.values()
        if bits not in (CRL_CHECK_LEAF.bits, CRL_CHECK_CHAIN.bits)
    )
    return (base, *twins, *single)


def _sweep(bases: list[Flags], more: tuple[Flags, ...]) -> tuple[Flags, ...]:
    """The core, each base with its neighbours, and ``more``: a whole lattice, or raw
    bits, each beside the twin that lacks it."""
    sets = [*CORE, *(near for base in bases for near in _neighbours(base))]
    if len(more) < len(LATTICE):
        beside = [X509_TRUSTED_FIRST | CRL_CHECK_CHAIN, X509_TRUSTED_FIRST, *bases]
        sets += [*beside, *(near | bit for bit in more for near in beside)]
    return distinct([*sets, *more])


def sweeps(
    *, raw: bool = True, theme: Theme | None = None
) -> SearchStrategy[tuple[Flags, ...]]:
    """Generate the distinct flag sets to ask about one case, in the order to ask.

    Both presets and CRL_CHECK_CHAIN on top of them are always there, so are a set
    without TRUSTED_FIRST and twins that differ in one documented flag. With ``raw``
    false, documented flags only. Under the theme "policies" most have a bit of
    ``POLICY_BITS``; under "crls" some, and under "deltas" most have bits that change
    which CRLs count; under "keys" some check the anchor's own signature. Shrinks to
    that core of six sets.
    """
    wholes = (LATTICE, LATTICE_WITH_ALL) if raw else (LATTICE,)
    others = tuple((bit,) for bit in _OTHER_BITS) if raw else ()
    policies = tuple((bits,) for bits in _POLICY_SETS) if raw else ()
    nothing: tuple[tuple[Flags, ...], ...] = ((),)
    more = nothing * 40 + others * 4 + policies + wholes * 2
    if theme == "policies":
        more += tuple(combinations(_POLICY_SETS, 2)) * 5
    if theme in ("crls", "deltas") and raw:
        more += tuple(combinations(_CRL_SETS, 2)) * (20 if theme == "deltas" else 4)
    if theme == "keys" and raw:
        more += tuple((bits,) for bits in _SELF_SETS) * 20
    bases = st.lists(st.sampled_from(LATTICE), max_size=2)
    return st.tuples(bases, st.sampled_from(more)).map(lambda pair: _sweep(*pair))
