"""The sessions of one process: one for each target, alive for the whole run, and
checked with the canaries when it starts and when it ends.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from harness.books import Books
from harness.campaign import canaries
from harness.campaign.plan import Plan
from harness.campaign.probing import Probed, probe
from harness.campaign.recording import Line
from harness.campaign.sighting import Seen
from harness.campaign.tally import SURFACE
from harness.ledger.overlays import OVERLAYS
from harness.oracle.documents.sentence import HOLDS
from harness.probes.probe import Probe
from harness.target.session import Session, TargetError
from harness.wire import to_json


@dataclass(slots=True)
class Opened:
    """A started target and the books it is judged by."""

    session: Session
    books: Books
    """As the probes have them."""
    drifts: tuple[tuple[Seen, Probe], ...] = ()


@dataclass(slots=True)
class Sessions:
    """Opens a target's session when it is first needed; one that cannot start is
    remembered, and says so again."""

    plan: Plan
    write: Callable[[Line], None]
    """Keeps a record about a target."""
    _opened: dict[str, Opened | TargetError] = field(default_factory=dict)

    def of(self, target: str) -> Opened:
        """The target's session. Raises ``TargetError`` if it cannot start."""
        if target not in self._opened:
            self._opened[target] = self._open(target)
        opened = self._opened[target]
        if isinstance(opened, TargetError):
            raise opened
        return opened

    def close(self) -> Iterator[tuple[str, str]]:
        """Close every session; the targets no longer sane at the end, and why."""
        for target, opened in self._opened.items():
            if isinstance(opened, TargetError):
                continue
            because = ""
            try:
                if not opened.session.given_up:
                    because = self._insane(opened.session)
            except TargetError as error:
                because = str(error)
            finally:
                opened.session.close()
            if because:
                yield target, because

    def _insane(self, session: Session) -> str:
        seed, now = self.plan.seed, self.plan.now
        session.check_sane(canaries.good(seed, now), canaries.untrusted(seed, now))
        identity = session.identity
        return "" if identity.sane else identity.insane_because or "not sane"

    def _open(self, target: str) -> Opened | TargetError:
        chosen = next(item for item in self.plan.targets if item.id == target)
        own, strong = (
            canaries.own(scenario, self.plan.seed, self.plan.now)
            for scenario in (canaries.GOOD, canaries.STRONG)
        )
        try:
            session = Session(
                chosen,
                own=own,
                strong=strong,
                deadline=self.plan.patience,
                hanging=self.plan.hanging,
            )
            because = self._insane(session)
            probed = self._probed(session)
            books = probed.books
        except TargetError as error:
            self.write({"kind": "unstartable", "target": target, "because": str(error)})
            return error
        self.write(
            {
                "kind": "target",
                "target": target,
                "identity": to_json(session.identity),
                "ways": [way.value for way in session.identity.ways],
                "release": books.release.name,
                "assumed": books.release.assumed,
                "insane_because": because,
                "expected": list(expected(books)),
                "behaviours": list(books.behaviours),
                "overlaid": [item.behaviour for item in probed.overlaid],
                "untold": list(probed.untold),
            }
        )
        return Opened(session, books, probed.drifts)

    def _probed(self, session: Session) -> Probed:
        books = Books.of(session.identity)
        overlays = (*OVERLAYS, *self.plan.overlays)
        if self.plan.random_only:
            # What a probe found would be followed, and random cases see none of it:
            # what overlays name is all that is.
            build = session.identity.openssl
            overlays = tuple(item for item in overlays if item.build == build)
            if not overlays:
                return Probed(books)
        probed = probe(
            session, books, seed=self.plan.seed, now=self.plan.now, overlays=overlays
        )
        if not self.plan.random_only:
            return probed
        known = [item.behaviour for item in probed.overlaid]
        release = books.release.turned(*known)
        return Probed(replace(books, release=release), overlaid=probed.overlaid)


def expected(books: Books) -> Iterator[str]:
    """What has to be decided for the target, by what its engine can be asked:
    ``SENTENCE|SIDE|ROLE``; a sentence about the surface has no role."""
    for sentence in books.decidable:
        for side in sentence.sides:
            if side == HOLDS:
                yield f"{sentence.id}|{side}|{SURFACE}"
            else:
                for role in sentence.roles:
                    yield f"{sentence.id}|{side}|{role}"
