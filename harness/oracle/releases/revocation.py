"""CRL checks: which certificates, then what is wrong with the chosen CRL, in order.

Source: ``check_revocation``, ``check_cert``, ``check_crl``, ``cert_crl``,
``check_crl_path`` (x509_vfy.c); ``def_crl_lookup`` (x_crl.c).
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Final

from harness.facts import Signature
from harness.flags import Flags
from harness.oracle.releases import suite_b
from harness.oracle.releases.building import Built
from harness.oracle.releases.cached import (
    ALL_REASONS,
    KU_CRL_SIGN,
    REMOVE_FROM_CRL,
    Cached,
    CachedCrl,
)
from harness.oracle.releases.crl_choice import (
    EXTENDED,
    SAME_PATH,
    SCOPE,
    TIME,
    TIME_DELTA,
    USE_DELTAS,
    Choice,
    choose,
)
from harness.oracle.releases.extensions import IGNORE_CRITICAL
from harness.oracle.releases.signing import PARTIAL_CHAIN, parameters_are_known
from harness.oracle.releases.stage import Events, Setting, UnmodelledError
from harness.verdict import Objection

CRL_CHECK: Final = 0x4
CRL_CHECK_ALL: Final = 0x8
OCSP_CHECK: Final = 0x400000
OCSP_CHECK_ALL: Final = 0x800000


def mask(flags: Flags) -> int:
    """The bits that this stage looks at; all of them where CRL paths are verified."""
    revoking = CRL_CHECK | CRL_CHECK_ALL | OCSP_CHECK | OCSP_CHECK_ALL
    if not flags.bits & (CRL_CHECK | CRL_CHECK_ALL):
        return flags.bits & (revoking | PARTIAL_CHAIN)
    if flags.bits & EXTENDED:
        return flags.bits
    looked_at = revoking | PARTIAL_CHAIN | IGNORE_CRITICAL | USE_DELTAS | 0x200002
    return flags.bits & looked_at | suite_b.mask(flags)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which means of revocation the flags ask for, for the end entity or for all."""

    crl: bool
    crl_all: bool
    ocsp: bool
    ocsp_all: bool


def _asked(setting: Setting) -> _Asked:
    bits, release = setting.flags.bits, setting.release
    crl_all = bool(bits & CRL_CHECK_ALL)
    crl = bool(bits & CRL_CHECK) or (crl_all and "crl-check-all-suffices" in release)
    ocsp = bool(bits & OCSP_CHECK) and "ocsp-bits" in release
    return _Asked(crl, crl and crl_all, ocsp, ocsp and bool(bits & OCSP_CHECK_ALL))


def check_revocation(built: Built, setting: Setting) -> Events:
    """``check_revocation``: every certificate that the flags cover."""
    asked = _asked(setting)
    if not asked.crl and setting.flags.bits & CRL_CHECK_ALL:
        yield "crl.all-without-check"
    if setting.for_crl_issuer and not (asked.crl_all or asked.ocsp_all):
        return
    if asked.ocsp:
        yield from _check_responses(built, setting, asked)
    if not asked.crl or asked.ocsp_all:
        return
    first = int(asked.ocsp and asked.crl_all)
    last = len(built.path) - 1 if asked.crl_all else 0
    for depth in range(first, last + 1):
        yield from _check_certificate(built, depth, setting)


def _check_responses(built: Built, setting: Setting, asked: _Asked) -> Events:
    """The OCSP part of ``check_revocation``, where no response was stapled: Python asks
    for none. A CRL may answer instead."""
    last = len(built.path) - 1 if asked.ocsp_all else 0
    for depth in range(last + 1):
        if built.path[depth].self_signed:
            continue
        if depth + 1 == len(built.path):
            if not setting.flags.bits & PARTIAL_CHAIN:
                yield Objection("ocsp.no-issuer", 74, depth)
            return
        if asked.crl_all or (asked.crl and depth == 0):
            yield from _check_certificate(built, depth, setting)
        else:
            yield Objection("ocsp.no-response", 74, depth)


def _check_certificate(built: Built, depth: int, setting: Setting) -> Events:
    """``check_cert``: CRLs until every reason is covered."""
    certificate = built.path[depth]
    if certificate.proxy:
        yield "crl.proxy-skipped"
        return
    if certificate.self_signed and "self-signed-needs-crl" not in setting.release:
        yield "crl.self-signed-skipped"
        return
    named = setting.crls.get(certificate.issuer, ())
    covered = 0
    delta_time = False
    for _ in range(len(named) + 2):
        if covered == ALL_REASONS:
            return
        choice = choose(
            named,
            built.path,
            depth,
            setting,
            reasons=covered,
            delta_time=delta_time,
        )
        if choice is None:
            if depth + 1 == len(built.path) and not certificate.self_issued:
                yield "crl.anchor-as-its-own-issuer"
            if covered:
                yield "crl.reasons-incomplete"
            yield Objection("crl.missing", 3, depth)
            return
        yield from choice.notes
        delta_time = bool(choice.score & TIME_DELTA)
        yield from _check_crl(choice.crl, choice, built, depth, setting)
        removed = False
        if choice.delta is not None:
            yield from _check_crl(choice.delta, choice, built, depth, setting)
            removed = yield from _check_entry(choice.delta, certificate, depth, setting)
        if not removed:
            yield from _check_entry(choice.crl, certificate, depth, setting)
        if choice.reasons == covered:
            yield Objection("crl.missing", 3, depth)
            return
        covered = choice.reasons


def _check_crl(
    crl: CachedCrl,
    choice: Choice,
    built: Built,
    depth: int,
    setting: Setting,
) -> Events:
    """``check_crl``; most checks were done already where the CRL is a delta."""
    issuer = choice.issuer
    if crl.base_number is None:
        if issuer not in setting.unread and not issuer.key_usage & KU_CRL_SIGN:
            yield Objection("crl.issuer-cannot-sign", 35, depth)
        if not choice.score & SCOPE:
            yield Objection("crl.out-of-scope", 44, depth)
        if not choice.score & SAME_PATH:
            # A CRL issuer's own path verifies no further CRL issuer.
            anchor = (
                None if setting.for_crl_issuer else setting.path_of(issuer, setting)
            )
            if anchor != built.path[-1].fingerprint:
                yield Objection("crl.issuer-path", 54, depth)
    if not choice.score & TIME:
        if setting.clock.not_begun(crl.facts.this_update):
            yield Objection("crl.not-yet-valid", 11, depth)
        if crl.facts.next_update is None:
            pass
        elif (
            setting.clock.over(crl.facts.next_update) and not choice.score & TIME_DELTA
        ):
            yield Objection("crl.expired", 12, depth)
    elif crl.facts.next_update is None:
        yield "crl.never-expires"
    if issuer.facts.key is None:
        yield Objection("crl.issuer-key-undecodable", 6, depth)
        return
    yield from suite_b.check_crl(crl.facts, issuer.facts.key, depth, setting.flags)
    if not parameters_are_known(built.path, issuer):
        yield Objection("crl.signature", 8, depth)
        return
    if not crl.facts.algorithms_equal:
        if "crl-algorithms-may-differ" not in setting.release:
            yield Objection("crl.signature", 8, depth)
            return
        yield "crl.algorithms-differ"
    match setting.facts.verifies(crl.facts, issuer.facts):
        case Signature.GOOD:
            pass
        case Signature.BAD:
            yield Objection("crl.signature", 8, depth)
        case Signature.UNKNOWN:
            raise UnmodelledError(
                f"signature of CRL {crl.facts.fingerprint[:12]}"
                f" by {issuer.fingerprint[:12]}"
            )


def _check_entry(
    crl: CachedCrl, certificate: Cached, depth: int, setting: Setting
) -> Generator[Objection | str, None, bool]:
    """``cert_crl``; its value says that the certificate was removed from the CRL."""
    if crl.critical and not setting.flags.bits & IGNORE_CRITICAL:
        yield Objection("crl.unhandled-critical", 36, depth)
    for entry in crl.entries.get(certificate.facts.serial, ()):
        if entry.issuers is not None and certificate.issuer not in entry.issuers:
            continue
        if entry.reason == REMOVE_FROM_CRL:
            yield "crl.removed-from-crl"
            return True
        yield Objection("crl.revoked", 23, depth)
        return False
    return False
