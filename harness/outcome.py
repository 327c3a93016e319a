"""What a target did with one case under one flag set: a closed union.

A crash or a hang is never a rejection, and what a target cannot show is said.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, assert_never

from harness.codes import code_name
from harness.flags import Flags

BY_A_PATH: Final = " by a path of "
"""Comes before a path's length where an outcome or a prediction is put in words."""

Path = tuple[str, ...]
"""A certification path as SHA-256 hex digests of the DER, end entity first."""


class Where(StrEnum):
    """Which input an undecodable item belongs to."""

    TRUST = "trust"
    CRL = "crl"
    PEER = "peer"


class Breakage(StrEnum):
    """How a target broke."""

    CRASH = "crash"
    HANG = "hang"
    GARBAGE = "garbage"


@dataclass(frozen=True, slots=True)
class Accepted:
    """The certification path was accepted; ``path`` where the target can tell it."""

    path: Path | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """Verification failed. ``code`` is the ``X509_V_ERR_*`` number, where told."""

    code: int | None = None
    message: str = ""
    path: Path | None = None
    depth: int | None = None
    """The error depth, 0 being the end entity, where told: ``ssl`` does not."""


@dataclass(frozen=True, slots=True)
class Undecodable:
    """A load failure, or an error before verification began."""

    where: Where
    message: str = ""


@dataclass(frozen=True, slots=True)
class Unsupported:
    """The target cannot be asked this, or cannot show the answer."""

    what: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The target crashed, hung or answered garbage; ``detail`` shows the evidence."""

    breakage: Breakage
    detail: str = ""


Outcome = Accepted | Rejected | Undecodable | Unsupported | Broken


@dataclass(frozen=True, slots=True)
class Objections:
    """What a verification objects to if a verify callback lets every objection pass.

    Those to the path of a CRL's issuer are not among them: that path is a verification
    of its own, in which the callback lets nothing pass.
    """

    noted: tuple[tuple[int, int], ...]
    """Code and error depth of each, in order; the first ``MOST_NOTED`` alone."""
    path: Path | None = None
    """The path as it was at the first."""
    passed: bool = True
    """Whether the verification went on to its end; an internal error, of which no
    callback is told, ends it before."""


MOST_NOTED: Final = 1000
"""How many objections a worker notes, and passes over those after them."""


class Way(StrEnum):
    """How a case is put to a target."""

    FLIGHT = "flight"
    """Bytes of a TLS 1.2 first flight, written to an ``SSLObject``; no private key."""
    HANDSHAKE = "handshake"
    """Two ``SSLObject`` in one process, to the end."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One row of a sweep: the outcome under one flag set, and when it was had."""

    requested: Flags
    effective: Flags | None
    """``verify_flags`` as read back; None if the target never got that far."""
    outcome: Outcome
    before: int
    """Whole seconds since the epoch, read before the question."""
    after: int
    """Whole seconds since the epoch, read after the answer."""
    objections: Objections | None = None
    """Every objection, had by a verification more, where the question asks for them
    and the engine can tell."""


def seen(outcome: Outcome, *, telling: str | None = None, release: str = "") -> str:
    """An outcome in words, ``telling`` the length of its ``path`` or its error
    ``depth`` besides; codes are named as that release names them."""
    match outcome:
        case Accepted(certificates):
            told = f"{BY_A_PATH}{len(certificates or ())}" if telling == "path" else ""
            return "accepted" + told
        case Rejected(code, _, certificates, error_depth):
            told = f"{BY_A_PATH}{len(certificates or ())}" if telling == "path" else ""
            place = error_depth if telling == "depth" else None
            return f"rejected {code_name(code, release, depth=place)}{told}"
        case Undecodable(where):
            return f"undecodable ({where.value})"
        case Unsupported(what):
            return f"unsupported: {what}"
        case Broken(breakage):
            return breakage.value
        case _:
            assert_never(outcome)
