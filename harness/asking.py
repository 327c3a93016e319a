"""From a case and its facts to the question a session is asked."""

from typing import Final

from harness.case import Case, TlsVersion
from harness.facts import Facts
from harness.flags import Flags
from harness.outcome import Way, Where
from harness.target.target import Question

_NO_HASH: Final = "ffffffff"
"""The file name of a CRL whose issuer could not be read."""


def ask_about(
    case: Case,
    facts: Facts,
    flags: tuple[Flags, ...],
    *,
    way: Way = Way.FLIGHT,
    tls: TlsVersion = TlsVersion.TLS_1_2,
    fresh: bool = False,
    required: bool = True,
) -> Question:
    """The question about a case, with the hashes that ``capath`` needs."""
    unread = {item.index for item in facts.unreadable if item.where is Where.CRL}
    named = iter(facts.crls)
    hashes = tuple(
        _NO_HASH if index in unread else next(named).issuer.hash
        for index in range(len(case.crls))
    )
    return Question(case, flags, way, tls, hashes, fresh, required)
