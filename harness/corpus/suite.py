"""A suite: cases from elsewhere, with what their authors expect and what to ask.

The expected column is the author's answer (for x509-limbo and PKITS: RFC 5280's). It
is shown beside what happens and judges nothing: the two books do.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from harness.case import Case
from harness.flags import CRL_CHECK_CHAIN, DEFAULT, PRESETS, Flags

_SHOWN: Final = 80  # characters of a value in a message; a certificate has thousands


class Expected(StrEnum):
    """An author's answer."""

    SUCCESS = "SUCCESS"
    FAILURE = "FAILURE"


class SuiteError(ValueError):
    """A suite or side file that is not in its format: where, which field, what value.

    ``case_id`` and ``field`` are empty where the error lies outside any.
    """

    def __init__(
        self,
        why: str,
        *,
        path: Path,
        case_id: str = "",
        field: str = "",
        value: object = ...,
    ) -> None:
        self.why, self.path = why, path
        self.case_id, self.field, self.value = case_id, field, value
        parts = [str(path), case_id, field]
        if value is not ...:
            shown = repr(value)
            parts.append(shown if len(shown) <= _SHOWN else shown[:_SHOWN] + "…")
        parts.append(why)
        super().__init__(": ".join(part for part in parts if part))


@dataclass(frozen=True, slots=True)
class SuiteCase:
    """One case of a suite, and the flag sets to ask it under."""

    id: str
    case: Case
    flag_sets: tuple[Flags, ...]
    expected: Expected | None = None
    """None where the author's answer is to another question than can be asked."""
    unsupported: str | None = None
    """Why Python's ``ssl`` cannot be asked this; None if it can. The case is here all
    the same: another clock could be enough."""
    description: str = ""
    features: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    """What is asked otherwise than the author meant, and why."""


@dataclass(frozen=True, slots=True)
class Suite:
    """A suite's cases in its order, and where it was read."""

    path: Path
    cases: tuple[SuiteCase, ...]


def default_flag_sets(*, with_crls: bool) -> tuple[Flags, ...]:
    """What a case is asked under if nobody said: 0 and the presets of ``flags``.

    With CRLs, each of them also with CRL_CHECK_CHAIN added, so that it is seen both
    what the CRLs change and that they change nothing unless a flag asks for them.
    """
    plain = (DEFAULT, *(Flags(bits) for bits in PRESETS.values()))
    if not with_crls:
        return plain
    return (*plain, *(flags | CRL_CHECK_CHAIN for flags in plain))
