"""Internet number resources (RFC 3779), as 3.0.19 was measured."""

from dataclasses import replace
from typing import Any, Final

import pytest

from harness.flags import CRL_CHECK_LEAF, DEFAULT, Flags
from harness.oracle.releases.behaviours import release_for
from harness.pki.spec import Scenario, end_entity
from harness.pki.spec_policies import (
    INHERIT,
    IPV4,
    IPV6,
    AddressBlocksSpec,
    AddressFamilySpec,
    AutonomousSystemsSpec,
    PoliciesSpec,
)
from tests.oracle.releases.rows import (
    LEAF,
    PARTIAL,
    Row,
    chain,
    leaf,
    middle,
    told,
    top,
)

WIDE: Final = ("10.0.0.0/8", "192.0.2.0/24")
NARROW: Final = ("10.1.0.0/16",)
OUTSIDE: Final = ("198.51.100.0/24",)

Family = tuple[bytes, tuple[str, ...]]


def blocks(*families: Family | tuple[str, ...]) -> AddressBlocksSpec:
    """Address blocks; a family alone is IPv4."""
    made = []
    for family in families:
        if family and isinstance(family[0], bytes):
            made.append(AddressFamilySpec(*family))
        else:
            made.append(AddressFamilySpec(IPV4, family))
    return AddressBlocksSpec(tuple(made))


def hold(leaf_has: Any, int_has: Any = None, root_has: Any = None) -> Scenario:
    """The plain chain with these address blocks."""
    return chain(
        leaf(addresses=leaf_has), middle(addresses=int_has), top(addresses=root_has)
    )


def numbered(leaf_has: Any, int_has: Any = None, root_has: Any = None) -> Scenario:
    """The plain chain with these autonomous systems."""
    return chain(
        leaf(autonomous_systems=leaf_has),
        middle(autonomous_systems=int_has),
        top(autonomous_systems=root_has),
    )


def odd(*families: Family | tuple[str, ...]) -> Scenario:
    """The plain chain with these blocks in the leaf, and all IPv4 above."""
    everything = blocks(("0.0.0.0/0",))
    return hold(blocks(*families), everything, everything)


def systems(
    *numbers: str, domains: tuple[str, ...] | None = None
) -> AutonomousSystemsSpec:
    """Autonomous systems; no number is an absent field."""
    return AutonomousSystemsSpec(numbers or None, domains)


W: Final = blocks(WIDE)
N: Final = blocks(NARROW)
INH: Final = blocks(INHERIT)
AS: Final = systems("64496-64511")

ROWS: Final = (
    Row("nested", "ok", hold(N, W, W)),
    Row("only above", "ok", hold(None, W, N)),
    Row("absent above the leaf", "46@1", hold(N, None, W)),
    Row("absent from the root", "46@2", hold(N, W, None)),
    Row("wider than the issuer's", "46@1", hold(W, N, W)),
    Row("wider than the root's", "46@2", hold(N, W, blocks(OUTSIDE))),
    Row("not critical", "ok", hold(replace(N, critical=False), W, W)),
    Row("inherited by the leaf", "ok", hold(INH, W, W)),
    Row("inherited through", "ok", hold(N, INH, W)),
    Row("inherited by the leaf, then absent", "ok", hold(INH, None, None)),
    Row("inherited, and too wide above", "46@2", hold(INH, W, N)),
    Row("inherited by the root", "46@3", hold(N, W, INH)),
    Row(
        "inherited by the root, not asked for",
        "ok",
        hold(N, W, blocks(WIDE, (IPV6, INHERIT))),
    ),
    Row(
        "inherited by the anchor alone",
        "46@1",
        chain(
            end_entity("leaf", LEAF, LEAF, addresses=INH), peer="leaf", trusted="leaf"
        ),
    ),
    Row(
        "inherited by a partial anchor",
        "46@2",
        chain(
            leaf(addresses=N),
            middle(addresses=INH),
            top(addresses=W),
            trusted="int root",
        ),
        PARTIAL,
        "leaf int",
    ),
    Row(
        "inherited by it, without the bit",
        "ok",
        chain(
            leaf(addresses=N),
            middle(addresses=INH),
            top(addresses=W),
            trusted="int root",
        ),
        DEFAULT,
        "leaf int root",
    ),
    Row(
        "two families, one foreign",
        "46@1",
        hold(blocks(NARROW, (IPV6, ("2001:db8::/32",))), W, W),
    ),
    Row(
        "a foreign family inherited", "ok", hold(blocks(NARROW, (IPV6, INHERIT)), W, W)
    ),
    Row("another SAFI", "46@1", hold(blocks((IPV4 + b"\x01", NARROW)), W, W)),
    Row("adjacent", "41@0", odd(("10.0.0.0/9", "10.128.0.0/9"))),
    Row("nearly adjacent", "ok", odd(("10.0.0.0/9", "10.128.0.1/32"))),
    Row("out of order", "41@0", odd(WIDE[::-1])),
    Row("overlapping", "41@0", odd(("10.0.0.0/8", "10.1.0.0/16"))),
    Row("a range that is a prefix", "41@0", odd(("10.0.0.0-10.255.255.255",))),
    Row(
        "a range that is a prefix, first",
        "41@0",
        odd(("10.0.0.0-10.255.255.255", "11.1.0.0/16")),
    ),
    Row("a range within an octet", "ok", odd(("10.0.0.1-10.0.0.6",))),
    Row("a range that is half an octet", "41@0", odd(("10.0.0.16-10.0.0.31",))),
    Row("one address as a range", "41@0", odd(("10.0.0.1-10.0.0.1",))),
    Row("inverted", "41@0", odd(("10.9.0.0-10.1.0.0",))),
    Row("inverted, first", "41@0", odd(("10.9.0.0-10.1.0.0", "10.10.0.0/16"))),
    Row("inverted, second", "41@0", odd(("10.0.0.0/16", "10.9.0.0-10.1.0.0"))),
    Row("no range", "41@0", odd(())),
    Row("no family", "ok", odd()),
    Row("families out of order", "41@0", odd((IPV6, INHERIT), NARROW)),
    Row("a family twice", "41@0", odd(NARROW, NARROW)),
    Row("an address too long", "46@1", odd(("2001:db8::/64",))),
    Row("an address too long above", "46@1", hold(N, blocks(("2001:db8::/64",)), W)),
    Row("two addresses too long", "41@0", odd(("2001:db8::/64", "2001:db9::/64"))),
    Row("a range too long", "41@0", odd(("2001:db8::1-2001:db8::9",))),
    Row("an unknown family", "46@1", hold(*[blocks((b"\x00\x19", NARROW))] * 3)),
    Row(
        "all of an unknown family",
        "ok",
        hold(*[blocks((b"\x00\x19", ("0.0.0.0/0",)))] * 3),
    ),
    Row("not canonical above", "41@1", hold(N, blocks(WIDE[::-1]), W)),
    Row(
        "not canonical where the leaf has none", "ok", hold(None, blocks(WIDE[::-1]), W)
    ),
    Row("outside in part", "46@1", hold(blocks((*NARROW, *OUTSIDE)), W, W)),
    Row("before the first", "46@1", hold(blocks(("9.0.0.0/8",)), W, W)),
    Row("numbers nested", "ok", numbered(systems("64500"), AS, AS)),
    Row("numbers outside", "46@1", numbered(systems("64600"), AS, AS)),
    Row("numbers below", "46@1", numbered(systems("64400"), AS, AS)),
    Row("numbers absent above", "46@1", numbered(systems("64500"), None, AS)),
    Row("numbers inherited", "ok", numbered(systems("inherit"), AS, AS)),
    Row("numbers inherited through", "ok", numbered(AS, systems("inherit"), AS)),
    Row("numbers inherited, absent above", "ok", numbered(systems("inherit"))),
    Row(
        "numbers inherited by the root",
        "46@3",
        numbered(systems("64500"), AS, systems("inherit")),
    ),
    Row(
        "domains inherited by the root",
        "46@3",
        numbered(systems("64500"), AS, systems(*["64496-64511"], domains=INHERIT)),
    ),
    Row(
        "domains only, numbers above", "46@1", numbered(systems(domains=("1",)), AS, AS)
    ),
    Row(
        "domains only, numbers above grow",
        "46@2",
        numbered(
            systems(domains=("1",)),
            systems("64496-64511", domains=("1",)),
            systems("64500", domains=("1",)),
        ),
    ),
    Row(
        "numbers only, then none",
        "46@1",
        numbered(systems("64500"), systems(domains=("1",)), AS),
    ),
    Row("neither", "ok", numbered(systems(), AS, AS)),
    Row("neither, in between", "46@1", numbered(systems("64500"), systems(), AS)),
    Row("an empty list", "41@0", numbered(AutonomousSystemsSpec(()), AS, AS)),
    Row("numbers out of order", "41@0", numbered(systems("64501", "64499"), AS, AS)),
    Row("numbers adjacent", "41@0", numbered(systems("64500", "64501"), AS, AS)),
    Row("numbers not adjacent", "ok", numbered(systems("64500", "64502"), AS, AS)),
    Row(
        "an inverted range of numbers", "41@0", numbered(systems("64502-64500"), AS, AS)
    ),
    Row("negative numbers", "ok", numbered(*[systems("-9--1", "1-5")] * 3)),
    Row(
        "numbers not canonical above",
        "41@1",
        numbered(systems("64500"), systems("64500", "64501"), AS),
    ),
    Row(
        "numbers before addresses",
        "41@0",
        chain(
            leaf(addresses=N, autonomous_systems=systems("3", "1")),
            middle(addresses=None),
        ),
    ),
    Row(
        "before policies",
        "46@1",
        chain(leaf(addresses=N, policies=PoliciesSpec.of("1.2.3", "1.2.3"))),
        Flags(0x80),
    ),
    Row("after revocation", "3@0", hold(N), CRL_CHECK_LEAF),
)

LENGTHS: Final = (
    Row("one octet", "1@0", hold(blocks((b"\x01", INHERIT)))),
    Row("one octet, above", "1@0", hold(*[blocks((b"\x01", INHERIT))] * 3)),
    Row("no octet", "1@0", hold(blocks((b"", INHERIT)))),
    Row("four octets", "1@0", hold(blocks((b"\x00\x01\x01\x01", INHERIT)))),
    Row("one octet, ranges", "41@0", hold(blocks((b"\x01", NARROW)))),
    Row(
        "one octet beside another",
        "41@0",
        hold(blocks(NARROW, (b"\x01", INHERIT)), W, W),
    ),
    Row("in the anchor", "1@0", hold(INH, None, blocks((b"\x01", INHERIT)))),
)


@pytest.mark.parametrize("row", [*ROWS, *LENGTHS], ids=lambda row: row.name)
def test_resource_row(row: Row) -> None:
    """Code, depth and path are as measured."""
    assert told(row) == (row.said, row.path)


def test_an_old_release_takes_any_family_length() -> None:
    """1.1.1 looks at the ranges alone."""
    old = release_for(0x1010117F)
    said = {row.name: told(row, old)[0] for row in LENGTHS}
    assert said == {
        "one octet": "ok",
        "one octet, above": "46@3",
        "no octet": "ok",
        "four octets": "ok",
        "one octet, ranges": "46@1",
        "one octet beside another": "ok",
        "in the anchor": "ok",
    }


@pytest.mark.parametrize("name", ["an address too long", "an unknown family"])
def test_an_old_release_covers_what_it_cannot_write(name: str) -> None:
    """1.1.1 takes an address that is too long for one that the issuer has."""
    (row,) = (row for row in ROWS if row.name == name)
    assert told(row, release_for(0x1010117F))[0] == "ok"


@pytest.mark.parametrize(
    "name",
    [
        "a range that is a prefix",
        "a range that is a prefix, first",
        "a range that is half an octet",
        "one address as a range",
    ],
)
def test_an_older_release_takes_any_range(name: str) -> None:
    """Before 1.1.1p a range may be what a prefix can say."""
    (row,) = (row for row in ROWS if row.name == name)
    assert told(row, release_for(0x101010BF))[0] == "ok"
    assert told(row, release_for(0x1010117F))[0] == "41@0"
