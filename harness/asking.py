"""From a case and its facts to the question a session is asked."""

from harness.capath import crl_hashes
from harness.case import Case, TlsVersion
from harness.facts import Facts
from harness.flags import Flags
from harness.outcome import Way
from harness.target.target import Question


def ask_about(
    case: Case,
    facts: Facts,
    flags: tuple[Flags, ...],
    *,
    way: Way = Way.FLIGHT,
    tls: TlsVersion = TlsVersion.TLS_1_2,
    fresh: bool = False,
    required: bool = True,
    objections: bool = False,
) -> Question:
    """The question about a case, with the hashes that ``capath`` needs."""
    hashes = crl_hashes(case, facts)
    return Question(case, flags, way, tls, hashes, fresh, required, objections)
