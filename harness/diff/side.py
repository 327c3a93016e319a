"""A side: one of the two targets that are compared, as it was met, with its books.

A side of a baseline is one that was met before, and cannot be asked any more.
"""

from dataclasses import dataclass, field
from typing import Final

from harness.books import Books
from harness.campaign import canaries
from harness.campaign.probing import probe
from harness.case import Role
from harness.flags import Flags
from harness.oracle.releases.release import Release
from harness.surface import Surface
from harness.target.session import Session, TargetError
from harness.target.target import Identity

CONSTRUCTORS: Final = {
    Role.CLIENT: "create_default_context(SERVER_AUTH)",
    Role.SERVER: "create_default_context(CLIENT_AUTH)",
}
"""What makes the default context of each role, by the words of the call."""


@dataclass(frozen=True, slots=True)
class Side:
    """One target as it was met."""

    identity: Identity
    behaviours: frozenset[str]
    """What its OpenSSL does, as the probes have it."""
    release: str
    """The OpenSSL release that it is taken for."""
    edition: str
    surface: Surface | None
    """None where the target shows no module ``ssl``."""
    notes: tuple[str, ...] = ()
    """What is odd about it: not sane, no surface, probes that told nothing."""
    drifts: tuple[str, ...] = field(default=())
    """Behaviours in which it differs from the table of its release."""

    @property
    def books(self) -> Books:
        """What the target is judged by."""
        return Books(
            Release(self.release, self.behaviours),
            self.edition,
            self.identity.python,
            self.identity.through_ssl,
            self.identity.speaks_tls,
        )

    def default(self, role: Role) -> Flags | None:
        """The flags of the default context of that role, where it shows them."""
        if self.surface is None:
            return None
        made = self.surface.constructors.get(CONSTRUCTORS[role])
        return None if made is None else Flags(made.verify_flags)


def meet(session: Session, *, seed: int, now: int) -> Side:
    """Ask a target who it is: sanity, probes, surface. Raises ``TargetError``."""
    good = canaries.good(seed, now)
    identity = session.check_sane(good, canaries.untrusted(seed, now))
    notes = [] if identity.sane else [f"not sane: {identity.insane_because}"]
    table = Books.of(identity)
    probed = probe(session, table, seed=seed, now=now)
    surface = None
    if identity.through_ssl:
        try:
            surface = session.surface(good.trusted[0].der, good.crls[0])
        except TargetError as error:
            notes.append(f"no surface: {error}")
    else:
        notes.append(f"no surface: the engine {identity.engine} has no module ssl")
    books = probed.books
    return Side(
        identity,
        books.release.behaviours,
        books.release.name,
        books.edition,
        surface,
        tuple(notes),
        tuple(sorted(books.release.behaviours ^ table.release.behaviours)),
    )
