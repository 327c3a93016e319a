"""How a ``capath`` names its CRLs: by the hash of the issuer's name."""

from typing import Final

from harness.case import Case
from harness.facts import Facts
from harness.outcome import Where

_NO_HASH: Final = "ffffffff"
"""The file name of a CRL whose issuer could not be read."""


def crl_hashes(case: Case, facts: Facts) -> tuple[str, ...]:
    """``X509_NAME_hash`` of each CRL's issuer, eight hex digits, in case order."""
    unread = {item.index for item in facts.unreadable if item.where is Where.CRL}
    named = iter(facts.crls)
    return tuple(
        _NO_HASH if index in unread else next(named).issuer.hash
        for index in range(len(case.crls))
    )
