"""Strategies for surfaces: what the ``ssl`` module of some target might show.

A drawn surface departs from the documented one in a few parts, each of which says
something else or is not shown at all.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from harness.flags import CRL_CHECK_CHAIN, CRL_CHECK_LEAF, DOCUMENTED, PRESETS
from harness.surface import Constructor, SetterRow, Surface

Version = tuple[int, int, int]
"""A Python release."""

Change = Callable[[Surface], Surface]

PYTHONS: Final[tuple[Version, ...]] = ((3, 13, 0), (3, 12, 0), (3, 9, 0), (3, 6, 0))
"""A Python release of each surface that the documentation tells apart."""

_FIRST: Final = PRESETS["default-3.12"]
_CERT_REQUIRED: Final = 2


def documented(python: Version) -> Surface:
    """The surface that the documentation describes for that Python release."""
    values = {"VERIFY_DEFAULT": 0}
    values |= {f"VERIFY_{name}": value for name, value in DOCUMENTED.items()}
    usual = PRESETS["default-3.13"] if python >= (3, 13) else _FIRST
    return Surface(
        members=values,
        constants=values,
        int_flag=True,
        constructors={
            "PROTOCOL_TLS": Constructor(_FIRST, 0, False, ("DeprecationWarning",)),
            "PROTOCOL_TLS_CLIENT": Constructor(_FIRST, _CERT_REQUIRED, True),
            "PROTOCOL_TLS_SERVER": Constructor(_FIRST, 0, False),
            "create_default_context(SERVER_AUTH)": Constructor(usual, 2, True),
            "create_default_context(CLIENT_AUTH)": Constructor(usual, 0, False),
        },
        setter=tuple(SetterRow(value, value) for value in values.values()),
        negotiated={"PROTOCOL_TLS": "TLSv1.3", "PROTOCOL_TLS_CLIENT": "TLSv1.3"},
        highest="TLSv1.3",
        crls_loaded={"cafile": 1, "cadata": 1},
    )


def _constant(name: str, value: int | None) -> Change:
    """A constant of another value, or none of that name."""

    def change(surface: Surface) -> Surface:
        constants = {key: it for key, it in surface.constants.items() if key != name}
        if value is not None:
            constants[name] = value
        return replace(surface, constants=constants)

    return change


def _no_member(surface: Surface) -> Surface:
    members = dict(surface.members)
    members.pop("VERIFY_CRL_CHECK_CHAIN", None)
    return replace(surface, members=members)


def _made(call: str, constructor: Constructor | None) -> Change:
    """A context that is made otherwise, or cannot be made."""

    def change(surface: Surface) -> Surface:
        made = {key: it for key, it in surface.constructors.items() if key != call}
        if constructor is not None:
            made[call] = constructor
        return replace(surface, constructors=made)

    return change


def _set(row: SetterRow) -> Change:
    return lambda surface: replace(surface, setter=(*surface.setter, row))


CHANGES: Final[dict[str, Change]] = {
    "no enumeration": lambda surface: replace(surface, int_flag=False),
    "a member missing": _no_member,
    "LEAF missing": _constant("VERIFY_CRL_CHECK_LEAF", None),
    "CHAIN missing": _constant("VERIFY_CRL_CHECK_CHAIN", None),
    "CHAIN without LEAF": _constant("VERIFY_CRL_CHECK_CHAIN", 8),
    "nothing set": lambda surface: replace(surface, setter=()),
    "a bit lost": _set(SetterRow(CRL_CHECK_CHAIN.bits, CRL_CHECK_LEAF.bits)),
    "a value refused": _set(SetterRow(CRL_CHECK_LEAF.bits, None, "ValueError")),
    "an unnamed bit": _set(SetterRow(1 << 40, 1 << 40)),
    "no contexts": lambda surface: replace(surface, constructors={}),
    "no PROTOCOL_TLS": _made("PROTOCOL_TLS", None),
    "PROTOCOL_TLS without a warning": _made(
        "PROTOCOL_TLS", Constructor(_FIRST, 0, False)
    ),
    "no PROTOCOL_TLS_CLIENT": _made("PROTOCOL_TLS_CLIENT", None),
    "a client that checks CRLs": _made(
        "PROTOCOL_TLS_CLIENT", Constructor(_FIRST | 4, _CERT_REQUIRED, False)
    ),
    "a server with no flag": _made("PROTOCOL_TLS_SERVER", Constructor(0, 0, False)),
    "no default context": _made("create_default_context(SERVER_AUTH)", None),
    "a lax default context": _made(
        "create_default_context(SERVER_AUTH)", Constructor(_FIRST, 2, True)
    ),
    "nothing negotiated": lambda surface: replace(surface, negotiated={}),
    "an old protocol": lambda surface: replace(
        surface, negotiated=dict.fromkeys(surface.negotiated, "TLSv1.2")
    ),
    "no CRL loaded": lambda surface: replace(surface, crls_loaded={"cafile": 0}),
}
"""What a surface may show otherwise, by name."""


def _departed(python: Version, names: list[str]) -> tuple[Surface, Version]:
    surface = documented(python)
    for name in names:
        surface = CHANGES[name](surface)
    return surface, python


def surfaces() -> SearchStrategy[tuple[Surface, Version]]:
    """Generate surfaces, each with the Python release it is of.

    Shrinks to the documented one of the newest release.
    """
    return st.builds(
        _departed,
        st.sampled_from(PYTHONS),
        st.lists(st.sampled_from(sorted(CHANGES)), max_size=3),
    )
