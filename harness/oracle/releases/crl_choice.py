"""Which CRL is chosen for a certificate: scores, and what they are made of.

Source: ``get_crl_delta``, ``get_crl_sk``, ``get_crl_score``, ``crl_akid_check``,
``crl_crldp_check``, ``idp_check_dp``, ``check_delta_base`` (x509_vfy.c).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from harness.facts import Crl, DistributionPoint, PointName
from harness.oracle.releases.cached import (
    ALL_REASONS,
    Cached,
    CachedCrl,
)
from harness.oracle.releases.matching import (
    akid_matches,
    directory_names,
    same_general_name,
)
from harness.oracle.releases.release import Release
from harness.oracle.releases.stage import CrashError, Setting

NOCRITICAL: Final = 0x100
SCOPE: Final = 0x80
TIME: Final = 0x40
ISSUER_NAME: Final = 0x20
ISSUER_CERT: Final = 0x18
SAME_PATH: Final = 0x08
AKID: Final = 0x04
TIME_DELTA: Final = 0x02

AUTHORITY_KEY_ID: Final = "2.5.29.35"
ISSUING_POINT: Final = "2.5.29.28"

EXTENDED: Final = 0x1000
USE_DELTAS: Final = 0x2000


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """The CRL chosen, its delta, its issuer, its score and the reasons covered."""

    crl: CachedCrl
    delta: CachedCrl | None
    issuer: Cached
    score: int
    reasons: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class _Scored:
    score: int
    issuer: Cached
    reasons: int


def choose(
    crls: Sequence[CachedCrl],
    path: Sequence[Cached],
    depth: int,
    setting: Setting,
    *,
    reasons: int,
    delta_time: bool,
) -> Choice | None:
    """``get_crl_sk``: the highest score wins, then the newer thisUpdate, then order.

    ``reasons`` are those already covered; ``delta_time`` says that the score before
    carried ``CRL_SCORE_TIME_DELTA``.
    """
    best: CachedCrl | None = None
    won: _Scored | None = None
    notes: list[str] = []
    for crl in crls:
        scored = _score(crl, path, depth, setting, reasons, delta_time=delta_time)
        if scored is None:
            continue
        if best is not None and won is not None:
            if scored.score < won.score:
                continue
            if scored.score == won.score:
                if crl.facts.this_update <= best.facts.this_update:
                    notes.append("crl.older-passed-over")
                    continue
                notes.append("crl.newer-taken")
        best, won = crl, scored
    if best is None or won is None:
        return None
    score = won.score
    delta = None
    if setting.flags.bits & USE_DELTAS and (path[depth].freshest or best.freshest):
        delta = next(
            (crl for crl in crls if _is_delta_of(crl, best, setting.release)), None
        )
        if delta is not None and _in_time(delta, setting, delta_time=delta_time):
            score |= TIME_DELTA
    if best.base_number is not None:
        notes.append("crl.delta-taken-for-full")
    if score & ISSUER_CERT != ISSUER_CERT:
        notes.append("crl.issuer-elsewhere-on-path")
    if depth + 1 == len(path) and not path[depth].self_issued:
        notes.append("crl.anchor-as-its-own-issuer")
    return Choice(best, delta, won.issuer, score, won.reasons, tuple(notes))


def _in_time(crl: CachedCrl, setting: Setting, *, delta_time: bool) -> bool:
    """``check_crl_time`` without a callback."""
    if setting.clock.not_begun(crl.facts.this_update):
        return False
    return delta_time or not setting.clock.over(crl.facts.next_update)


def _score(
    crl: CachedCrl,
    path: Sequence[Cached],
    depth: int,
    setting: Setting,
    covered: int,
    *,
    delta_time: bool,
) -> _Scored | None:
    """``get_crl_score``; None where it would be 0.

    CRLs are looked up by the certificate's issuer, so the CRL issuer's name is right.
    """
    point = crl.point
    extended = bool(setting.flags.bits & EXTENDED)
    some_reasons = point is not None and point.reasons is not None
    indirect = point is not None and point.indirect
    if crl.point_invalid or (
        crl.point_says_nothing and "empty-issuing-point-ignored" not in setting.release
    ):
        return None
    if not extended:
        if indirect or some_reasons:
            return None
    elif some_reasons and not crl.reasons & ~covered:
        return None
    if crl.base_number is not None and (
        "delta-crl-taken-for-full" not in setting.release
        or (extended and not some_reasons)
    ):
        return None
    score = ISSUER_NAME
    if not crl.critical:
        score |= NOCRITICAL
    if _in_time(crl, setting, delta_time=delta_time):
        score |= TIME
    issuer, more = _issuer(crl, path, depth, setting)
    if issuer is None:
        return None
    score |= more
    reasons = covered
    in_scope = _covers(path[depth], crl)
    if in_scope is not None:
        if not in_scope & ~covered:
            return None
        reasons |= in_scope
        score |= SCOPE
    return _Scored(score, issuer, reasons)


def _issuer(
    crl: CachedCrl,
    path: Sequence[Cached],
    depth: int,
    setting: Setting,
) -> tuple[Cached | None, int]:
    """``crl_akid_check``: the next certificate, a later one, or one off the path."""
    at = min(depth + 1, len(path) - 1)
    if akid_matches(path[at].facts, path[at].key_id, crl.authority):
        return path[at], AKID | ISSUER_CERT
    for later in path[at + 1 :]:
        if _may_issue(later, crl):
            return later, AKID | SAME_PATH
    if setting.flags.bits & EXTENDED:
        for other in setting.peer:
            if _may_issue(other, crl, unread=other in setting.unread):
                return other, AKID
    return None, 0


def _may_issue(certificate: Cached, crl: CachedCrl, *, unread: bool = False) -> bool:
    key_id = None if unread else certificate.key_id
    return certificate.subject == crl.issuer and akid_matches(
        certificate.facts, key_id, crl.authority
    )


def _covers(certificate: Cached, crl: CachedCrl) -> int | None:
    """``crl_crldp_check``: the reasons covered; None where it is out of scope."""
    point = crl.point
    if point is not None:
        if point.only_attribute:
            return None
        if point.only_user if certificate.ca else point.only_ca:
            return None
    for candidate in certificate.points:
        if not _names_crl_issuer(candidate, crl):
            continue
        if point is None or _same_point(candidate.point, point.point):
            limit = ALL_REASONS if candidate.reasons is None else candidate.reasons
            return crl.reasons & limit
    if point is None or point.point is None:
        return crl.reasons
    return None


def _names_crl_issuer(point: DistributionPoint, crl: CachedCrl) -> bool:
    """``crldp_check_crlissuer``."""
    return not point.crl_issuer or crl.issuer in directory_names(point.crl_issuer)


def _same_point(one: PointName | None, other: PointName | None) -> bool:
    """``idp_check_dp``: absent names match anything; any common name is enough."""
    if one is None or other is None:
        return True
    if one.full is None and other.full is None:
        if one.relative is None or other.relative is None:
            return False
        return one.relative.canonical == other.relative.canonical
    if one.full is None or other.full is None:
        full, relative = one.full, other.relative
        if full is None:
            full, relative = other.full, one.relative
        if relative is None:
            return False
        return relative.canonical in directory_names(full)
    for first in one.full:
        for second in other.full:
            if same_general_name(first, second):
                return True
    return False


def _is_delta_of(delta: CachedCrl, complete: CachedCrl, release: Release) -> bool:
    """``check_delta_base``, for CRLs of one issuer. Raises ``CrashError`` where it ends
    the process."""
    if delta.base_number is None or complete.number is None:
        return False
    one, other = delta.facts, complete.facts
    for oid, first, second in (
        (AUTHORITY_KEY_ID, one.raw_authority_key_id, other.raw_authority_key_id),
        (ISSUING_POINT, one.raw_issuing_point, other.raw_issuing_point),
    ):
        if first != second or _is_twice(oid, one) or _is_twice(oid, other):
            return False  # crl_extension_match
    if delta.base_number > complete.number:
        return False
    if delta.number is None:
        if "numberless-delta-crashes" in release:
            raise CrashError("crl.numberless-delta")
        return False
    return delta.number > complete.number


def _is_twice(oid: str, crl: Crl) -> bool:
    return sum(extension.oid == oid for extension in crl.extensions) > 1
