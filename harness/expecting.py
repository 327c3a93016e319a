"""What must happen to a case: the oracle's answer for tests of other people's code.

The documents book says what is promised, by the manual of an OpenSSL; where an OpenSSL
is known to do otherwise, the ledger's entry is named.
"""

import time
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from harness.books import Books, Reading
from harness.case import Case
from harness.finding import How
from harness.flags import PRESETS, Flags
from harness.ledger.entries import ledger_entry
from harness.oracle.documents.sentence import edition_of
from harness.oracle.releases.behaviours import release_for
from harness.pki.read import read
from harness.verdict import (
    MustAccept,
    MustReject,
    Prediction,
    Silent,
    WillAccept,
    WillReject,
)


class Must(StrEnum):
    """What a verifier must do with a case."""

    ACCEPT = "must accept"
    REJECT = "must reject"
    SILENT = "silent"
    """Nothing is promised: either is right."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What must happen, by which promises, and what that OpenSSL itself will do."""

    must: Must
    because: tuple[str, ...]
    """The sentences that promise it (``docs/flags.md``)."""
    codes: frozenset[int]
    """The ``X509_V_ERR_*`` numbers that may carry a rejection; empty otherwise."""
    will: Prediction
    """What the release does, by the releases book."""
    known: str
    """The known divergence by which the release does not do what it must; else
    empty."""


def expect(
    case: Case,
    flags: Flags | None = None,
    *,
    openssl: int,
    python: tuple[int, int, int] = (3, 13, 0),
    now: int | None = None,
) -> Expectation:
    """What must happen to a case under ``verify_flags``, by default those of Python
    3.13's ``create_default_context``.

    ``openssl`` is an ``ssl.OPENSSL_VERSION_NUMBER``; ``now`` the validation time in
    whole seconds since the epoch, the present if it is not given. A case of bytes that
    cannot be read is promised nothing.
    """
    wanted = Flags(PRESETS["default-3.13"]) if flags is None else flags
    books = Books(release_for(openssl), edition_of(openssl), python)
    reading = Reading.open(read(case), books)
    at = int(time.time()) if now is None else now
    verdict = reading.verdict(wanted.effective, at)
    will, codes = verdict.predicted, frozenset[int]()
    match verdict.promised:
        case MustAccept(sentences):
            must, how = Must.ACCEPT, How.WRONGLY_REJECTED
            differs = isinstance(will, WillReject)
        case MustReject(sentences, codes):
            must, how = Must.REJECT, How.WRONGLY_ACCEPTED
            differs = isinstance(will, WillAccept)
        case Silent():
            return Expectation(Must.SILENT, (), codes, will, "")
        case _:
            assert_never(verdict.promised)
    entry = ledger_entry(sentences, how, will) if differs else None
    known = "" if entry is None else entry[0].id
    return Expectation(must, sentences, codes, will, known)
