"""One sentence of the documentation: its words, its address, where it applies.

A sentence of Python's page names Python releases, one of OpenSSL's manual pages names
*editions* of the manual: ``1.1.1``, ``3.0`` (every 3.x) and ``4.0``.

An identifier begins with the name of the flag or class it speaks of; ``FLAG/part`` is
a part of what ``FLAG`` promises, and what decides the part decides the flag too.
"""

from dataclasses import dataclass
from typing import Final

from harness.case import Role
from harness.flags import DOCUMENTED, RAW, Flags

PYTHON: Final = "https://docs.python.org/3/library/ssl.html#ssl."
OPTIONS: Final = "https://docs.openssl.org/master/man1/openssl-verification-options/#"
PARAMETERS: Final = "https://docs.openssl.org/master/man3/X509_VERIFY_PARAM_set_flags/#"

EDITIONS: Final = ("1.1.1", "3.0", "4.0")
"""Editions of OpenSSL's manual; ``3.0`` speaks for every 3.x."""

REFUSES: Final = "refuses"
LETS_PASS: Final = "lets pass"  # noqa: S105 - no password
HOLDS: Final = "holds"
"""The one side of a sentence about the surface."""

BOTH: Final = (REFUSES, LETS_PASS)


def edition_of(openssl_number: int) -> str:
    """The edition of the manual that belongs to an ``OPENSSL_VERSION_NUMBER``."""
    major = openssl_number >> 28
    if major < 3:
        return "1.1.1"
    return "3.0" if major == 3 else "4.0"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One promise, where it is written, and where it applies."""

    id: str
    flag: Flags | None
    """The flag it is about; None where it is about none (a class, a function)."""
    text: str
    address: str
    since: tuple[int, ...] = (3, 4)
    """The first Python release whose page (or whose flag) has it."""
    editions: tuple[str, ...] = EDITIONS
    """The editions of OpenSSL's manual it stands in."""
    roles: tuple[Role, ...] = (Role.CLIENT, Role.SERVER)
    sides: tuple[str, ...] = BOTH
    """What must be met before the sentence counts as decided."""

    @property
    def parent(self) -> str | None:
        """The sentence this one is a part of."""
        head, slash, _ = self.id.partition("/")
        return head if slash else None


def flag_named(name: str) -> Flags:
    """The flag a sentence's identifier begins with."""
    return Flags({"VERIFY_DEFAULT": 0, **DOCUMENTED, **RAW}[name])
