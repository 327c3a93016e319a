"""The releases book's answer: which path is built, every objection in order.

Source: ``X509_verify_cert``, ``verify_chain`` (x509_vfy.c), ``ssl_verify_cert_chain``
(ssl_cert.c): end entity key, path, extensions, levels, identity, revocation, Suite B,
signatures and dates, name constraints, number resources, policies. The first objection
is the one shown.
"""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Final

from harness.case import Role, Source
from harness.facts import Facts, Unreadable
from harness.flags import Flags
from harness.oracle.releases import (
    extensions,
    policies,
    revocation,
    signing,
    suite_b,
)
from harness.oracle.releases.building import ENDINGS, Built, build
from harness.oracle.releases.cached import Cached, cache
from harness.oracle.releases.clock import Clock
from harness.oracle.releases.constraints import check_names
from harness.oracle.releases.crl_choice import EXTENDED
from harness.oracle.releases.identity import check_identity
from harness.oracle.releases.levels import check_levels, key_is_enough
from harness.oracle.releases.loading import is_refused, is_upset, nothing_loaded, stored
from harness.oracle.releases.release import Release
from harness.oracle.releases.resources import check_resources
from harness.oracle.releases.stage import (
    CLIENT_AUTH,
    SERVER_AUTH,
    CrashError,
    Events,
    Setting,
    UnmodelledError,
)
from harness.outcome import Where
from harness.verdict import (
    Objection,
    Prediction,
    Unmodelled,
    WillAccept,
    WillCrash,
    WillNotDecode,
    WillReject,
)

TIME_BITS: Final = 0x200002
PARTIAL_CHAIN: Final = 0x80000
IRRELEVANT: Final = 0x8000
"""TRUSTED_FIRST: the built-in parameters carry it, so asking changes nothing."""

UNKNOWN: Final = -1
"""The code of an event that stands for an ``UnmodelledError``."""

CRASH: Final = -2
"""The code of an event that stands for a ``CrashError``."""

LEAVES_AN_ERROR: Final = "accept.leaves-an-error"
"""A malformed certificate, a key that does not decode or one whose parameters its
issuer's key cannot give, or a policy number too large leaves an error in OpenSSL's
queue even where the path is accepted; ``SSL_get_error`` takes it for a failure where
the handshake wants to read."""

INTERNAL: Final = frozenset(
    {
        "constraint.common-name-not-text",
        "key.end-entity-undecodable",
        "policy.tree-too-large",
        "resources.family-of-odd-length",
    }
)
"""Rules of errors that are no objections: OpenSSL ends, and tells no callback. So does
an undecodable key while the path is built."""

OLD_CODES: Final = {24: 77, 76: 78, 77: 76, 79: 24, 94: 79}
"""What 3.0 renumbered, by 3.0's numbers (``x509_vfy.h``)."""

Stage = tuple[Objection | str, ...]


class Judge:
    """The releases book about one case at one time, under any flag set.

    ``now`` is in whole seconds since the epoch. Stages are computed once for the bits
    they look at, so that a sweep costs little more than its different answers.
    """

    def __init__(
        self, facts: Facts, now: int, release: Release, *, trusted_first: bool = True
    ) -> None:
        self._trusted_first = trusted_first
        self._facts = facts
        self._now = now
        self._release = release
        self._at_an_instant = now in boundaries(facts)
        self._purpose = SERVER_AUTH if facts.role is Role.CLIENT else CLIENT_AUTH
        self._peer = tuple(cache(item, release) for item in facts.peer)
        self._store, self._crls = stored(facts, release)
        self._upset = is_upset(facts, release)
        self._malformed = any(
            item.invalid
            or item.facts.key is None
            or item.facts.key.inherits
            or policies.has_a_number_too_large(item.facts)
            for item in (*self._peer, *self._store)
        )
        self._refuses_a_crl = facts.source is Source.CAFILE and any(
            is_refused(crl, release) for crl in facts.crls
        )
        self._stages: dict[Hashable, Stage] = {}
        self._built: dict[Hashable, Built] = {}
        self._predicted: dict[int, Prediction] = {}

    def predict(self, flags: Flags) -> Prediction:
        """What this release does with the case under these flags."""
        bits = flags.bits & ~IRRELEVANT
        if bits not in self._predicted:
            self._predicted[bits] = self._predict(Flags(bits))
        return self._predicted[bits]

    def _predict(self, flags: Flags) -> Prediction:
        unloaded = nothing_loaded(self._facts)
        for item in self._facts.unreadable:
            refused = self._refuses_a_crl or unloaded is not None
            if item.where is Where.PEER and refused:
                break
            if self._passes_over(item):
                continue
            if item.undecodable:
                return WillNotDecode(item.where)
            return Unmodelled(f"{item.where} {item.index} could not be read")
        if self._refuses_a_crl:
            return WillNotDecode(Where.CRL)
        if unloaded is not None:
            return WillNotDecode(unloaded)
        if not self._peer:
            return Unmodelled("no certificate presented")
        return self._verify(self._peer[0], self._setting(flags))

    def _passes_over(self, item: Unreadable) -> bool:
        """Whether the item is never decoded: a CRL in a ``capath``, where it stands
        under a name that nobody looks up, or in ``cadata``."""
        return item.where is Where.CRL and self._facts.source is not Source.CAFILE

    def _setting(self, flags: Flags) -> Setting:
        inclusive = (
            self._at_an_instant and "expires-at-the-instant" not in self._release
        )
        return Setting(
            self._facts,
            flags,
            Clock.under(flags, self._now, self._release, inclusive=inclusive),
            self._release,
            self._purpose,
            self._peer,
            self._crls,
            self._path_of,
            set(self._peer),
        )

    def _verify(self, leaf: Cached, setting: Setting) -> Prediction:
        """``X509_verify_cert`` from this end entity (or CRL issuer)."""
        built = self._build(leaf, setting)
        setting.unread.difference_update(built.looked_at)
        level = self._facts.security_level
        weak = not key_is_enough(leaf, level, self._release)
        path = (leaf.fingerprint,) if weak else built.fingerprints
        objections: list[Objection] = []
        firm: int | None = None
        notes: list[str] = []
        for event in chain(
            [Objection("level.end-entity-key-too-small", 66, 0)] if weak else [],
            built.notes,
            [] if built.objection is None else [built.objection],
            *self._later_stages(leaf, built, setting),
        ):
            if isinstance(event, str):
                if not objections:
                    notes.append(event)
            elif event.code >= 0:
                objections.append(event)
                if firm is None and self._goes_on_otherwise(event, built, setting):
                    firm = len(objections)
                if event.rule in INTERNAL or (event.code, event) == (
                    1,
                    built.objection,
                ):
                    break  # nothing lets an internal error pass
            elif objections:
                firm = len(objections) if firm is None else firm
                break
            elif event.code == CRASH:
                return WillCrash(event.rule)
            else:
                return Unmodelled(event.rule)
        if self._malformed:
            notes.insert(0, LEAVES_AN_ERROR)
        if self._upset:
            notes.insert(0, "path.lookup-upset")
        rules = tuple(dict.fromkeys(notes))
        if objections:
            return WillReject(path, self._numbered(objections), rules, firm)
        return WillAccept(path, rules)

    def _goes_on_otherwise(
        self, objection: Objection, built: Built, setting: Setting
    ) -> bool:
        """Whether OpenSSL, if this one is let pass, goes on in ways not modelled here,
        since no verification without a callback comes there.

        How the building of a path ends is decided by an error that was met before. In
        1.1.1 a CA that is none for sure fails X509_STRICT by its purpose too.
        """
        if objection.code == 66:
            return built.objection is not None
        if objection.code == 79:
            strict = bool(setting.flags.bits & extensions.STRICT)
            return strict and "old-code-numbers" in self._release
        return objection.rule in ENDINGS

    def _numbered(self, objections: list[Objection]) -> tuple[Objection, ...]:
        """The objections under the numbers that the release gives its errors."""
        if "old-code-numbers" not in self._release:
            return tuple(objections)
        return tuple(
            replace(objection, code=OLD_CODES.get(objection.code, objection.code))
            for objection in objections
        )

    def _later_stages(
        self, leaf: Cached, built: Built, setting: Setting
    ) -> Iterator[Stage]:
        flags = setting.flags
        path = (setting.for_crl_issuer, built.untrusted, built.fingerprints)
        unread = frozenset(setting.unread) if flags.bits & EXTENDED else None
        yield self._stage(
            ("extensions", path, extensions.mask(flags)),
            lambda: extensions.check_extensions(built, setting),
        )
        yield self._stage(
            ("levels", path),
            lambda: check_levels(built, self._facts.security_level, self._release),
        )
        yield self._stage(
            ("identity", leaf.fingerprint),
            lambda: check_identity(leaf.facts, self._facts.name, self._release),
        )
        if leaf.facts.key is None and "end-entity-key-needed" in self._release:
            # X509_get_pubkey_parameters fails: nothing lets this pass.
            yield (Objection("key.end-entity-undecodable", 1, 0),)
            return
        yield self._stage(
            ("revocation", path, revocation.mask(flags), unread),
            lambda: revocation.check_revocation(built, setting),
        )
        yield self._stage(
            ("suite-b", path, suite_b.mask(flags)),
            lambda: suite_b.check_suite_b(built, flags),
        )
        yield self._stage(
            ("signatures", path, signing.mask(flags)),
            lambda: signing.check_signatures(built, setting),
        )
        yield self._stage(("names", path), lambda: check_names(built, self._release))
        yield self._stage(
            ("resources", path), lambda: check_resources(built, self._release)
        )
        if asked := policies.mask(flags):
            yield self._stage(
                ("policies", path, asked),
                lambda: policies.check_policies(built, setting),
            )

    def _build(self, leaf: Cached, setting: Setting) -> Built:
        bits = setting.flags.bits & (PARTIAL_CHAIN | TIME_BITS)
        key = (leaf.fingerprint, bits)
        if key not in self._built:
            self._built[key] = build(
                leaf,
                self._peer,
                self._store,
                purpose=self._purpose,
                partial=bool(bits & PARTIAL_CHAIN),
                clock=setting.clock,
                release=self._release,
                trusted_first=self._trusted_first,
            )
        return self._built[key]

    def _stage(self, key: Hashable, events: Callable[[], Events]) -> Stage:
        if key not in self._stages:
            found: list[Objection | str] = []
            try:
                found.extend(events())
            except CrashError as error:
                found.append(Objection(str(error), CRASH, 0))
            except UnmodelledError as error:
                found.append(Objection(str(error), UNKNOWN, 0))
            self._stages[key] = tuple(found)
        return self._stages[key]

    def _path_of(self, issuer: Cached, setting: Setting) -> str | None:
        """``check_crl_path``: the anchor of a CRL issuer's own path, if accepted.

        Raises ``UnmodelledError`` where the book makes no statement about that path.
        """
        answer = self._verify(issuer, replace(setting, for_crl_issuer=True))
        if isinstance(answer, Unmodelled):
            raise UnmodelledError(answer.why)
        if isinstance(answer, WillCrash):
            raise CrashError(answer.rule)
        return answer.path[-1] if isinstance(answer, WillAccept) else None


def boundaries(facts: Facts) -> frozenset[int]:
    """Every instant at which a validity period of the case begins or ends."""
    times: set[int] = set()
    for certificate in (*facts.peer, *(item.certificate for item in facts.trusted)):
        times |= {certificate.not_before, certificate.not_after}
    for crl in facts.crls:
        times.add(crl.this_update)
        if crl.next_update is not None:
            times.add(crl.next_update)
    return frozenset(times)
