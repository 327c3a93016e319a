"""What two ``ssl`` modules show of themselves, fact by fact where they differ."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from harness.flags import Flags
from harness.surface import Constructor, SetterRow, Surface

MODES: Final = {0: "CERT_NONE", 1: "CERT_OPTIONAL", 2: "CERT_REQUIRED"}
"""``ssl.VerifyMode`` by value."""

NONE: Final = "none"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that the two show differently."""

    what: str
    one: str
    two: str
    loosens: bool = False
    """Whether the second verifies less by it, whatever the certificates."""


def facts(one: Surface, two: Surface) -> Iterator[Fact]:
    """Every fact in which two surfaces differ."""
    for call in _keys(one.constructors, two.constructors):
        yield from _made(call, one.constructors.get(call), two.constructors.get(call))
    for word, first, second in (
        ("VerifyFlags", one.members, two.members),
        ("constants", one.constants, two.constants),
    ):
        yield from _values(word, _hex(first), _hex(second))
    if one.int_flag is not two.int_flag:
        yield Fact("VerifyFlags is an IntFlag", str(one.int_flag), str(two.int_flag))
    yield from _values("verify_flags =", _setter(one), _setter(two))
    yield from _values("negotiated by", one.negotiated, two.negotiated)
    yield from _values("CRLs loaded by", _text(one.crls_loaded), _text(two.crls_loaded))


def _made(
    call: str, one: Constructor | None, two: Constructor | None
) -> Iterator[Fact]:
    if one is None or two is None:
        first, second = ("none" if it is None else "there" for it in (one, two))
        if first != second:
            yield Fact(call, first, second)
        return
    if one.verify_flags != two.verify_flags:
        flags = (str(Flags(one.verify_flags)), str(Flags(two.verify_flags)))
        yield Fact(f"{call}.verify_flags", *flags)
    if one.verify_mode != two.verify_mode:
        first, second = (_mode(one), _mode(two))
        less = two.verify_mode < one.verify_mode
        yield Fact(f"{call}.verify_mode", first, second, less)
    if one.check_hostname is not two.check_hostname:
        yield Fact(
            f"{call}.check_hostname",
            str(one.check_hostname),
            str(two.check_hostname),
            loosens=one.check_hostname,
        )
    if one.warnings != two.warnings:
        yield Fact(f"{call} warns", _listed(one.warnings), _listed(two.warnings))


def _mode(made: Constructor) -> str:
    return MODES.get(made.verify_mode, str(made.verify_mode))


def _values(
    word: str, one: Mapping[str, str], two: Mapping[str, str]
) -> Iterator[Fact]:
    for key in _keys(one, two):
        first, second = one.get(key, NONE), two.get(key, NONE)
        if first != second:
            yield Fact(f"{word} {key}", first, second)


def _keys(one: Mapping[str, object], two: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*one, *two)))


def _hex(values: Mapping[str, int]) -> dict[str, str]:
    return {name: hex(value) for name, value in values.items()}


def _text(values: Mapping[str, int]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}


def _setter(surface: Surface) -> dict[str, str]:
    return {_assigned(row): _read_back(row) for row in surface.setter}


def _assigned(row: SetterRow) -> str:
    if row.requested is None:
        return "None"
    return hex(row.requested)


def _read_back(row: SetterRow) -> str:
    return row.error or (NONE if row.read_back is None else hex(row.read_back))


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(words) or NONE
