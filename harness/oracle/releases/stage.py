"""What every stage of the verification gets and gives.

A stage reads a ``Built`` path and a ``Setting`` and yields objections in OpenSSL's
order, going on as if a callback let each one pass; a plain text is a note: a rule that
let something through or changed its meaning.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from harness.facts import Facts
from harness.flags import Flags
from harness.oracle.releases.cached import Cached, CachedCrl
from harness.oracle.releases.clock import Clock
from harness.oracle.releases.release import Release
from harness.verdict import Objection

Events = Iterator[Objection | str]

SERVER_AUTH = "1.3.6.1.5.5.7.3.1"
CLIENT_AUTH = "1.3.6.1.5.5.7.3.2"


class UnmodelledError(Exception):
    """What decides here is something this book makes no statement about."""


class CrashError(UnmodelledError):
    """The process ends here; the text is the rule."""


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """The circumstances of one verification."""

    facts: Facts
    flags: Flags
    clock: Clock
    release: Release
    purpose: str
    """serverAuth or clientAuth, by the role under test."""
    peer: tuple[Cached, ...]
    crls: Mapping[bytes, Sequence[CachedCrl]]
    """By canonical issuer name, in load order."""
    path_of: Callable[[Cached, "Setting"], str | None]
    """Verifies a CRL issuer off the path (``check_crl_path``): the fingerprint of its
    anchor, None if it is refused."""
    unread: set[Cached]
    """The peer's certificates whose extensions nothing has read yet in this
    verification: OpenSSL takes them to have none (``X509_check_akid``, ``check_crl``
    look at cached fields). Building a path takes from it."""
    for_crl_issuer: bool = False
    """``ctx->parent``: this path is a CRL issuer's, off the certificate's path."""
