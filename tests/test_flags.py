"""The flags' text form, arithmetic and lattice."""

import ssl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.flags import (
    CRL_CHECK_ALL,
    CRL_CHECK_CHAIN,
    CRL_CHECK_LEAF,
    DEFAULT,
    DOCUMENTED,
    PRESETS,
    RAW,
    Flags,
    FlagsError,
    lattice,
)

seeded = settings(derandomize=True, database=None, deadline=None)

named_bits = st.sets(st.sampled_from(sorted((DOCUMENTED | RAW).values()))).map(sum)
any_bits = st.integers(0, 2**64 - 1) | named_bits
any_flags = any_bits.map(lambda bits: Flags(bits & (2**64 - 1)))


@seeded
@given(any_flags)
def test_the_text_form_reads_back_as_the_same_flags(flags: Flags) -> None:
    """Every 64-bit value survives being written as text and read again."""
    assert Flags.parse(str(flags)) == flags


@seeded
@given(any_bits, st.sampled_from([str, hex, bin, oct]))
def test_a_number_is_read_as_its_bits(bits: int, written: type[str]) -> None:
    """A number in any of Python's notations is the flag set with those bits."""
    value = bits & (2**64 - 1)
    assert Flags.parse(written(value)).bits == value


@pytest.mark.parametrize(
    ("text", "bits"),
    [
        ("DEFAULT", 0),
        ("VERIFY_DEFAULT", 0),
        ("VERIFY_X509_STRICT", 0x20),
        ("CRL_CHECK_LEAF|X509_STRICT", 0x24),
        (" CRL_CHECK_LEAF | 0x20 ", 0x24),
        ("default-3.12", 0x8000),
        ("default-3.13", 0x88020),
        ("default-3.13+CRL_CHECK_CHAIN", 0x8802C),
        ("default-3.12|VERIFY_CRL_CHECK_LEAF+0x100000000", 0x100008004),
        ("0b1000", 8),
    ],
)
def test_text_forms(text: str, bits: int) -> None:
    """Names, prefixed names, numbers and presets are read, alone and joined."""
    assert Flags.parse(text) == Flags(bits)


@pytest.mark.parametrize(
    ("flags", "text"),
    [
        (Flags(0), "DEFAULT"),
        (Flags(0xC), "CRL_CHECK_CHAIN"),
        (Flags(0x4), "CRL_CHECK_LEAF"),
        (Flags(0x8), "CRL_CHECK_ALL"),
        (Flags(0x88020), "X509_STRICT|X509_TRUSTED_FIRST|X509_PARTIAL_CHAIN"),
        (Flags(0x1_0000_0001), "0x100000001"),
    ],
)
def test_the_text_form_says_the_fewest_names(flags: Flags, text: str) -> None:
    """A flag set is written with Python's names, unnamed bits as one number."""
    assert str(flags) == text


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("CRL_CHECK_LEAF|NO_SUCH", "'NO_SUCH'"),
        ("default-3.99", "'default-3.99'"),
        ("crl_check_leaf", "'crl_check_leaf'"),
        ("X509_STRICT|0x", "'0x'"),
        ("X509_STRICT|08", "'08'"),
        ("X509_STRICT||DEFAULT", "''"),
        ("", "''"),
        ("-1", "'-1'"),
    ],
)
def test_what_cannot_be_read_is_shown_with_its_place(text: str, place: str) -> None:
    """The error shows the whole text and the one part that it could not read."""
    with pytest.raises(FlagsError) as caught:
        Flags.parse(text)
    assert str(caught.value).startswith(f"flags {text!r}: {place}")


@pytest.mark.parametrize("bits", [-1, 2**64, -(2**64)])
def test_no_flags_outside_64_bits(bits: int) -> None:
    """A number that is no 64-bit unsigned long is refused and shown."""
    with pytest.raises(FlagsError, match=f"flags {bits}: outside"):
        Flags(bits)


def test_chain_contains_leaf() -> None:
    """CRL_CHECK_CHAIN is two bits, one of them CRL_CHECK_LEAF's, the other unnamed."""
    assert CRL_CHECK_LEAF in CRL_CHECK_CHAIN
    assert CRL_CHECK_CHAIN not in CRL_CHECK_LEAF
    assert CRL_CHECK_CHAIN.without(CRL_CHECK_LEAF) == CRL_CHECK_ALL
    assert CRL_CHECK_LEAF | CRL_CHECK_ALL == CRL_CHECK_CHAIN


def test_the_constants_have_the_numbers_of_the_ssl_module() -> None:
    """Every documented flag that this Python's ssl names has the same bits there."""
    known = {
        name.removeprefix("VERIFY_"): int(value)
        for name, value in ssl.VerifyFlags.__members__.items()
    }
    assert known.pop("DEFAULT") == DEFAULT.bits
    assert known == {name: DOCUMENTED[name] for name in known}
    assert {"CRL_CHECK_LEAF", "CRL_CHECK_CHAIN", "X509_STRICT"} <= known.keys()


@seeded
@given(any_flags, any_flags)
def test_arithmetic_is_that_of_the_bits(left: Flags, right: Flags) -> None:
    """Union, intersection, difference and containment keep every raw bit."""
    assert (left | right).bits == left.bits | right.bits
    assert (left & right.bits).bits == left.bits & right.bits
    assert (left ^ right).bits == left.bits ^ right.bits
    assert left.without(right) | (left & right) == left
    assert not left.without(right) & right
    assert (right in left) == (left | right == left)
    assert bool(left) == (left.bits != 0)


def test_flags_of_names() -> None:
    """A flag set is named by its flags; an unknown name is refused."""
    assert Flags.of("CRL_CHECK_LEAF", "USE_DELTAS") == Flags(0x2004)
    assert Flags.of() == DEFAULT
    with pytest.raises(FlagsError, match="'NO_SUCH'"):
        Flags.of("NO_SUCH")


def test_the_lattice_holds_every_union_once() -> None:
    """Six documented flags make 48 sets: CHAIN contains LEAF, so three CRL choices."""
    sets = lattice()
    assert len(sets) == len(set(sets)) == 3 * 2**4
    assert list(sets) == sorted(sets)
    assert {Flags(bits) for bits in PRESETS.values()} <= set(sets)
    assert all((left | right) in sets for left in sets for right in sets)


def test_the_lattice_of_chosen_flags() -> None:
    """A lattice can be made of any flags, unnamed bits too; of none it has one set."""
    assert lattice([CRL_CHECK_LEAF, CRL_CHECK_ALL]) == (
        DEFAULT,
        CRL_CHECK_LEAF,
        CRL_CHECK_ALL,
        CRL_CHECK_CHAIN,
    )
    assert lattice([]) == (DEFAULT,)
