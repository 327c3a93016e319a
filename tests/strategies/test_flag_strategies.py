"""What the flag strategies reach, and what they shrink to."""

from collections.abc import Iterable
from typing import Final

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis.strategies import SearchStrategy

from harness.flags import (
    CRL_CHECK_ALL,
    CRL_CHECK_CHAIN,
    CRL_CHECK_LEAF,
    DOCUMENTED,
    PRESETS,
    X509_TRUSTED_FIRST,
    Flags,
    lattice,
)
from strategies import Theme, flags, sweeps
from strategies.flags import POLICY_BITS, RAW_BITS

SEARCH: Final = settings(derandomize=True, database=None, deadline=None)
ONE_BIT: Final = [Flags(bits) for bits in DOCUMENTED.values()]


def drawn(strategy: SearchStrategy[Flags], count: int) -> set[Flags]:
    """What a strategy draws in so many examples."""
    values: set[Flags] = set()

    @settings(
        SEARCH,
        max_examples=count,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(value: Flags) -> None:
        values.add(value)

    collect()
    return values


def swept(
    *, raw: bool = True, theme: Theme | None = None, count: int = 600
) -> list[tuple[Flags, ...]]:
    """The sweeps drawn in so many examples."""
    values: list[tuple[Flags, ...]] = []

    @settings(SEARCH, max_examples=count, phases=[Phase.generate])
    @given(sweeps(raw=raw, theme=theme))
    def collect(value: tuple[Flags, ...]) -> None:
        values.append(value)

    collect()
    return values


SWEEPS: Final = swept()


def union(sets: Iterable[Flags]) -> int:
    """Every bit of these sets."""
    bits = 0
    for one in sets:
        bits |= one.bits
    return bits


def test_flags_reach_the_whole_documented_lattice() -> None:
    """Without raw bits every union of documented flags is drawn, and nothing else."""
    assert drawn(flags(raw=False), 400) == set(lattice())


def test_flags_reach_crl_check_chain_alone() -> None:
    """CRL_CHECK_CHAIN, which iterating ``ssl.VerifyFlags`` omits, is drawn alone."""
    assert find(flags(), lambda value: value == CRL_CHECK_CHAIN, settings=SEARCH)


@pytest.mark.parametrize("bit", RAW_BITS, ids=str)
def test_flags_reach_each_raw_bit(bit: Flags) -> None:
    """Each raw bit is drawn, bit 8 without bit 4 too, and by itself."""

    def has_it(value: Flags) -> bool:
        return bit in value and CRL_CHECK_LEAF not in value

    assert find(flags(), has_it, settings=settings(SEARCH, max_examples=1000)) == bit


def test_flags_draw_no_other_bit() -> None:
    """Only documented flags and the raw bits of the list are drawn."""
    known = union(ONE_BIT) | union(RAW_BITS)
    assert union(drawn(flags(), 600)) == known


def test_flags_shrink_to_no_flags() -> None:
    """The simplest flag set is empty."""
    assert find(flags(), lambda _value: True, settings=SEARCH) == Flags(0)


def test_sweeps_are_distinct() -> None:
    """No sweep asks the same flag set twice."""
    assert all(len(set(sweep)) == len(sweep) for sweep in SWEEPS)


def test_sweeps_hold_both_presets_and_their_chain_twins() -> None:
    """Every sweep asks each preset as it is and with CRL_CHECK_CHAIN."""
    presets = {Flags(bits) for bits in PRESETS.values()}
    wanted = presets | {preset | CRL_CHECK_CHAIN for preset in presets}
    assert all(wanted <= set(sweep) for sweep in SWEEPS)


def test_sweeps_hold_leaf_and_chain_twins() -> None:
    """Every sweep has two sets that differ in LEAF against CHAIN alone."""
    for sweep in SWEEPS:
        twins = {one | CRL_CHECK_CHAIN for one in sweep if one & 0xC == CRL_CHECK_LEAF}
        assert twins & set(sweep)


def test_sweeps_ask_with_and_without_trusted_first() -> None:
    """Every sweep has sets with TRUSTED_FIRST and without it."""
    for sweep in SWEEPS:
        assert {X509_TRUSTED_FIRST in one for one in sweep} == {True, False}


@pytest.mark.parametrize("name", DOCUMENTED)
def test_sweeps_toggle_each_documented_flag(name: str) -> None:
    """Of sweeps that are no bare core, most have a pair that this flag tells apart."""
    bit = Flags(DOCUMENTED[name])
    longer = [sweep for sweep in SWEEPS if len(sweep) > 8]
    told = [s for s in longer if {one | bit for one in s if not one & bit} & set(s)]
    assert len(told) > 0.8 * len(longer)


def test_sweeps_sometimes_ask_everything() -> None:
    """The whole lattice is asked now and then, with bit 8 alone and without it."""
    sizes = [len(sweep) for sweep in SWEEPS]
    assert 0 < sizes.count(48) + sizes.count(64) < len(sizes) / 8
    assert {48, 64} <= set(sizes)
    assert all(size <= 27 or size in (48, 64) for size in sizes)


def test_sweeps_hold_raw_bits_beside_their_twin() -> None:
    """Where a raw bit is asked, so is a set that differs in it alone."""
    mask = union(RAW_BITS)
    documented = union(ONE_BIT)
    raw = [sweep for sweep in SWEEPS if union(sweep) & mask & ~documented]
    assert len(SWEEPS) / 20 < len(raw) < len(SWEEPS) / 2
    for sweep in raw:
        sets = set(sweep)
        assert any(one.without(bit) in sets for one in sweep for bit in RAW_BITS)


def test_a_theme_asks_about_policies() -> None:
    """Under the theme most sweeps have a bit about policies or Suite B, each of them
    and some together; elsewhere few have one."""
    bits = union(POLICY_BITS)
    themed = swept(theme="policies")
    about = [sweep for sweep in themed if union(sweep) & bits]
    assert len(about) > len(themed) / 2
    assert union(Flags(union(sweep)) for sweep in about) & bits == bits
    assert any(one & 0x700 == Flags(0x700) for sweep in about for one in sweep)
    few = [sweep for sweep in SWEEPS if union(sweep) & bits]
    assert 0 < len(few) < len(SWEEPS) / 6


def test_sweeps_without_raw_bits() -> None:
    """With raw bits off, none is asked, nor bit 8 without LEAF."""
    for sweep in swept(raw=False, count=300):
        assert union(sweep) <= union(ONE_BIT)
        assert all(one & 0xC != CRL_CHECK_ALL for one in sweep)


def test_sweeps_shrink_to_the_core() -> None:
    """The simplest sweep is six sets, all without raw bits."""
    simplest = find(sweeps(), lambda _sweep: True, settings=SEARCH)
    assert len(simplest) == 6
    assert set(simplest) <= set(lattice())
