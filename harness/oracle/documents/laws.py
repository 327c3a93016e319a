"""Laws: relations between two rows of one sweep, or about one accepted path.

They need no model of a certificate. A breach is a divergence of the row with more
bits. Only rows whose flags differ by exactly the bits in question are related; rows
that were neither accepted nor rejected say nothing. A law of two rows holds whatever
the case is; a law of the path asks ``Facts`` for signatures and the store.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from harness.facts import Certificate, Facts, Signature
from harness.finding import How
from harness.flags import Flags
from harness.oracle.documents.paths import algorithms_fit, key_ids_agree, malformed
from harness.oracle.documents.remarks import (
    ALLOW_PROXY,
    CRL_CHECK,
    CRL_CHECK_ALL,
    PARTIAL,
    STRICT,
    TRUSTED_FIRST,
)
from harness.outcome import Accepted, Outcome, Rejected, Where

UNVERIFIED: Final = "law:CERT_NONE/flags-ignored"
ROLES: Final = "law:roles/alike"
OBJECTIONS: Final = "law:objections/first"

LAWS: Final = {
    "law:VERIFY_DEFAULT/crls-unused": (
        "Without a CRL flag the loaded CRLs change nothing."
    ),
    "law:CRL_CHECK_LEAF/takes-away": "What LEAF accepts is accepted without it.",
    "law:CRL_CHECK_CHAIN/takes-away": "What CHAIN accepts LEAF accepts.",
    "law:CRL_CHECK_ALL/ignored": "Without CRL_CHECK the bit changes nothing.",
    "law:X509_STRICT/takes-away": "What STRICT accepts is accepted without it.",
    "law:ALLOW_PROXY_CERTS/adds": (
        "What is accepted without ALLOW_PROXY_CERTS is accepted with it."
    ),
    "law:X509_PARTIAL_CHAIN/adds": (
        "With no CRL flag, what is accepted without PARTIAL_CHAIN is accepted with it."
    ),
    "law:X509_TRUSTED_FIRST/always": (
        "The preference is always on: the flag changes nothing (1.1.1 and 3.x)."
    ),
    "law:X509_TRUSTED_FIRST/prefers": (
        "On an accepted path no peer's issuer stands where the store has a match."
    ),
    "law:X509_TRUSTED_FIRST/cleared": (
        "A flag on by default can be cleared: on an accepted path no issuer of the"
        " store alone stands where the peer sent a match of its own."
    ),
    ROLES: (
        "Where no certificate says what a key is for, a client and a server that"
        " verify answer alike."
    ),
    OBJECTIONS: (
        "A verify callback that lets every objection pass is told of one exactly where"
        " there is a rejection without it, and first of the one that is the reason: by"
        " its code, its depth and the path."
    ),
    UNVERIFIED: ("Under CERT_NONE no certificate is refused, whatever the flags."),
    "law:path/begins": "An accepted path begins with the peer's certificate.",
    "law:path/verifies": (
        "On an accepted path each certificate but the last verifies under the next."
    ),
    "law:path/anchored": "The last certificate of an accepted path is in the store.",
}
"""Every law by its identifier, in our words."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sweep."""

    flags: Flags
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Breach:
    """A law that does not hold between two rows, or of one (then both are it)."""

    law: str
    low: Flags
    high: Flags
    """The row with more bits: the divergence is its."""
    how: How
    expected: str
    observed: str

    @property
    def bits(self) -> Flags:
        """The bits in which the two rows differ; none for a law of one row."""
        return self.low ^ self.high


_TAKES_AWAY: Final = (
    ("law:X509_STRICT/takes-away", STRICT, 0),
    ("law:CRL_CHECK_LEAF/takes-away", CRL_CHECK, CRL_CHECK_ALL),
)
"""Law, bit, and bits that must be clear in both rows."""
_ADDS: Final = (
    ("law:ALLOW_PROXY_CERTS/adds", ALLOW_PROXY, 0),
    ("law:X509_PARTIAL_CHAIN/adds", PARTIAL, CRL_CHECK | CRL_CHECK_ALL),
)
_OCSP_CHECKS: Final = 0xC00000
"""Under these bits (3.6) a CRL can answer for a response: adding a bit may add."""


def breaches(
    facts: Facts, rows: Sequence[Row], edition: str = "3.0"
) -> tuple[Breach, ...]:
    """Every breach of a law in one sweep of one case."""
    decided = {
        row.flags.bits: row
        for row in rows
        if isinstance(row.outcome, Accepted | Rejected)
        and not row.flags.bits & _OCSP_CHECKS
    }
    found: list[Breach] = []
    for row in decided.values():
        found += _between(row, decided, edition, known=not facts.unreadable)
        if isinstance(row.outcome, Accepted) and row.outcome.path is not None:
            found += _of_path(facts, row, row.outcome.path, edition)
    return tuple(found)


def twin_breaches(
    rows: Sequence[Row], without_crls: Sequence[Row]
) -> tuple[Breach, ...]:
    """Breaches of "without a CRL flag the loaded CRLs change nothing".

    ``without_crls`` are the rows of the same case with no CRL loaded.
    """
    twins = {row.flags: row.outcome for row in without_crls}
    found = []
    for row in rows:
        twin = twins.get(row.flags)
        if row.flags.bits & (CRL_CHECK | CRL_CHECK_ALL) or twin is None:
            continue
        if not isinstance(twin, Accepted | Rejected):
            continue
        if not isinstance(row.outcome, Accepted | Rejected):
            continue
        if not _same(row.outcome, twin):
            found.append(
                Breach(
                    "law:VERIFY_DEFAULT/crls-unused",
                    row.flags,
                    row.flags,
                    How.LAW_BROKEN,
                    f"{_worded(twin)}, as without CRLs",
                    _worded(row.outcome),
                )
            )
    return tuple(found)


def _between(
    row: Row, rows: dict[int, Row], edition: str, *, known: bool
) -> Iterator[Breach]:
    """Laws between this row and its twins. The divergences that are known to break
    the one of PARTIAL_CHAIN cannot be told where something could not be read."""
    bits = row.flags.bits
    accepted = isinstance(row.outcome, Accepted)
    for law, bit, clear in _TAKES_AWAY:
        low = rows.get(bits & ~bit) if bits & bit and not bits & clear else None
        if low and accepted and isinstance(low.outcome, Rejected):
            yield _breach(law, low, row)
    for law, bit, clear in _ADDS if known else _ADDS[:1]:
        low = rows.get(bits & ~bit) if bits & bit and not bits & clear else None
        if low and not accepted and isinstance(low.outcome, Accepted):
            yield _breach(law, low, row)
    if bits & CRL_CHECK_ALL:
        low = rows.get(bits & ~CRL_CHECK_ALL)
        if low and bits & CRL_CHECK:
            if accepted and isinstance(low.outcome, Rejected):
                yield _breach("law:CRL_CHECK_CHAIN/takes-away", low, row)
        elif low and edition != "1.1.1" and not _same(low.outcome, row.outcome):
            yield _breach("law:CRL_CHECK_ALL/ignored", low, row)
    if bits & TRUSTED_FIRST and edition != "4.0":
        low = rows.get(bits & ~TRUSTED_FIRST)
        if low and not _same(low.outcome, row.outcome):
            yield _breach("law:X509_TRUSTED_FIRST/always", low, row)


def _breach(law: str, low: Row, high: Row) -> Breach:
    return Breach(
        law,
        low.flags,
        high.flags,
        How.LAW_BROKEN,
        f"after {_worded(low.outcome)} under {low.flags}: {LAWS[law]}",
        _worded(high.outcome),
    )


def _same(one: Outcome, other: Outcome) -> bool:
    """Both accepted by one path, or both rejected for one code, where shown."""
    if isinstance(one, Accepted) and isinstance(other, Accepted):
        return None in (one.path, other.path) or one.path == other.path
    if isinstance(one, Rejected) and isinstance(other, Rejected):
        return None in (one.code, other.code) or one.code == other.code
    return False


def _worded(outcome: Outcome) -> str:
    if isinstance(outcome, Accepted):
        return "accepted"
    assert isinstance(outcome, Rejected)  # no law is about anything else
    return "rejected" if outcome.code is None else f"rejected {outcome.code}"


def _of_path(
    facts: Facts, row: Row, path: tuple[str, ...], edition: str
) -> Iterator[Breach]:
    """Laws about the path of one accepted row."""
    if facts.unreadable and path:
        yield from _of_loose_path(facts, row, path)
    if facts.unreadable or not facts.peer or not path:
        return
    known = {item.certificate.fingerprint: item.certificate for item in facts.trusted}
    store = set(known)
    for certificate in facts.peer:
        known[certificate.fingerprint] = certificate
    if path[0] != facts.peer[0].fingerprint:
        yield _of_one("law:path/begins", row, f"begins with {path[0][:16]}")
    if path[-1] not in store:
        yield _of_one("law:path/anchored", row, f"ends at {path[-1][:16]}, not trusted")
    trusted = [item.certificate for item in facts.trusted]
    own = [item for item in facts.peer if item.fingerprint not in store]
    sent = {item.fingerprint for item in facts.peer}
    for index, (lower, upper) in enumerate(pairwise(path)):
        if lower not in known or upper not in known:
            continue
        certificate, issuer = known[lower], known[upper]
        if facts.verifies(certificate, issuer) is Signature.BAD:
            yield _of_one("law:path/verifies", row, f"{lower[:16]} does not verify")
        if (
            TRUSTED_FIRST not in row.flags
            and lower not in store
            and upper in store - sent
            and any(_could_issue(facts, certificate, item) for item in own)
        ):
            yield _of_one(
                "law:X509_TRUSTED_FIRST/cleared", row, f"{upper[:16]} is the store's"
            )
        if (
            (TRUSTED_FIRST in row.flags or edition != "4.0")
            and upper not in store
            and any(
                _could_issue(facts, certificate, item)
                for item in trusted
                if item.fingerprint not in path[: index + 1]
            )
        ):
            yield _of_one(
                "law:X509_TRUSTED_FIRST/prefers", row, f"{upper[:16]} is a peer's"
            )


def _of_loose_path(facts: Facts, row: Row, path: tuple[str, ...]) -> Iterator[Breach]:
    """What holds of an accepted path where an item could not be read: of certificates
    that are not known for certain, nothing is said."""
    keys: dict[str, str | None] = {
        item.fingerprint: None if item.key is None else item.key.fingerprint
        for item in (*facts.peer, *(trusted.certificate for trusted in facts.trusted))
    }
    store = {item.certificate.fingerprint for item in facts.trusted}
    first = facts.peer[0].fingerprint if facts.peer else None
    lost = False
    for unread in facts.unreadable:
        loose = unread.loosely
        if unread.where is not Where.CRL and loose is None:
            lost = True
        if loose is not None:
            keys[loose.fingerprint] = loose.key
        if loose is not None and unread.where is Where.TRUST:
            store.add(loose.fingerprint)
        if unread.where is Where.PEER and unread.index == 0:
            first = None if loose is None else loose.fingerprint
    if first is not None and path[0] != first and path[0] in keys:
        yield _of_one("law:path/begins", row, f"begins with {path[0][:16]}")
    # A pinned end entity is a known divergence, by a path that nobody predicts here.
    is_pinned = path[0] in store
    if path[-1] in keys and path[-1] not in store and not (lost or is_pinned):
        yield _of_one("law:path/anchored", row, f"ends at {path[-1][:16]}, not trusted")
    for lower, upper in pairwise(path):
        told = facts.signatures.get(f"{lower}:{keys.get(upper)}")
        if lower in keys and told is Signature.BAD:
            yield _of_one("law:path/verifies", row, f"{lower[:16]} does not verify")


def _could_issue(facts: Facts, certificate: Certificate, issuer: Certificate) -> bool:
    """A true match in the store, by each condition of the manual."""
    usage = issuer.key_usage
    return (
        issuer.subject.canonical == certificate.issuer.canonical
        and facts.verifies(certificate, issuer) is Signature.GOOD
        and key_ids_agree(certificate, issuer)
        and algorithms_fit(certificate, issuer)
        and not malformed(issuer)
        and (usage is None or (isinstance(usage, int) and bool(usage & 0x04)))
    )


def _of_one(law: str, row: Row, observed: str) -> Breach:
    return Breach(law, row.flags, row.flags, How.LAW_BROKEN, LAWS[law], observed)
