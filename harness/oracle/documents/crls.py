"""What the loaded CRLs say of one certificate: fine, listed, uncovered, or in doubt.

A CRL counts where it is *proper*: valid at the time, signed by the certificate's issuer
itself, complete, its scope unlimited. It does not count where it is clearly none of
these; whatever lies between is in doubt, and then nothing is promised. RFC 5280,
sections 5 and 6.3, gives the words their meaning.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from harness.case import Source
from harness.facts import (
    AuthorityKeyId,
    Certificate,
    Crl,
    Facts,
    IssuingPoint,
    Malformed,
    Revoked,
    Signature,
)
from harness.oracle.documents.paths import Graph
from harness.oracle.documents.remarks import (
    CRL,
    EXTENDED_CRL,
    IGNORE_CRITICAL,
    MARGIN,
    NO_CHECK_TIME,
    USE_DELTAS,
)
from harness.oracle.documents.strict import CRL_SIGN, allows, is_ca

MODE: Final = NO_CHECK_TIME | EXTENDED_CRL | USE_DELTAS | IGNORE_CRITICAL
"""The bits that change which CRLs count."""

_ISSUING_POINT: Final = "2.5.29.28"
_DELTA: Final = "2.5.29.27"
_AUTHORITY_KEY_ID: Final = "2.5.29.35"
_NUMBER: Final = "2.5.29.20"
_FAMILIAR: Final = frozenset({_ISSUING_POINT, _DELTA, _AUTHORITY_KEY_ID, _NUMBER})
_STANDARD: Final = "2.5.29."
_USUAL: Final = frozenset({"2.5.29.27", "2.5.29.28", "2.5.29.29", "2.5.29.35"})
"""deltaCRLIndicator, IDP, certificateIssuer, AKI: critical or judged elsewhere."""
_REMOVE_FROM_CRL: Final = 8
_SOUND_DIGESTS: Final = frozenset({"sha256", "sha384", "sha512"})


class Standing(StrEnum):
    """What the CRLs say of a certificate."""

    FINE = "fine"
    """A proper CRL is there, none lists it, and no other CRL raises a doubt."""
    LISTED = "listed"
    UNCOVERED = "uncovered"
    """No CRL of the issuer's name is proper, nor might be."""
    DOUBT = "doubt"


@dataclass(frozen=True, slots=True)
class Status:
    """A certificate's standing, the codes that may tell of it, further sentences."""

    standing: Standing
    codes: frozenset[int]
    sentences: tuple[str, ...] = ()


class _Use(StrEnum):
    PROPER = "proper"
    IMPROPER = "improper"
    FORGED = "forged"
    """Improper, and signed by nobody of that name: anybody's junk."""
    DOUBT = "doubt"


@dataclass(frozen=True, slots=True)
class _Reading:
    crl: Crl
    use: _Use
    codes: frozenset[int] = CRL
    sentences: tuple[str, ...] = ()
    harmless: bool = False
    """Improper in a way that takes nothing from a proper CRL beside it."""


_DOUBTFUL: Final = Status(Standing.DOUBT, CRL)


@dataclass(frozen=True, slots=True)
class Inquiry:
    """The status of which certificate is asked for, of which issuer, and when."""

    graph: Graph
    certificate: Certificate
    issuer: Certificate
    now: int
    """Seconds since the epoch."""
    mode: int
    """Those of the ``MODE`` bits that are set."""


def status(inquiry: Inquiry) -> Status:
    """What the loaded CRLs say of the certificate."""
    facts = inquiry.graph.facts
    certificate = inquiry.certificate
    readings = [
        _read(inquiry, crl)
        for crl in facts.crls
        if crl.issuer.canonical == certificate.issuer.canonical
    ]
    points = certificate.distribution_points
    if isinstance(points, Malformed) or any(
        point.reasons is not None or point.crl_issuer for point in points or ()
    ):
        return _DOUBTFUL
    if any(reading.use is _Use.DOUBT for reading in readings):
        return _DOUBTFUL
    proper = [item.crl for item in readings if item.use is _Use.PROPER]
    others = [item for item in readings if item.use is not _Use.PROPER]
    sentences = tuple(dict.fromkeys(name for item in others for name in item.sentences))
    codes = frozenset({3}).union(*(item.codes for item in others))
    if not proper:
        return Status(Standing.UNCOVERED, codes, sentences)
    if facts.source is Source.CADATA:
        # The page speaks of certificates only where it describes cadata.
        return Status(Standing.DOUBT, codes | {23})
    entries = [_entries(crl, certificate) for crl in proper]
    if any(entries):
        return _listed(proper, entries, codes, sentences)
    if any(_entries(item.crl, certificate) for item in others if not _forged(item)):
        return _DOUBTFUL
    if all(item.harmless for item in others) and all(
        _is_clean(crl, inquiry.issuer) for crl in proper
    ):
        return Status(Standing.FINE, codes, sentences)
    return _DOUBTFUL


def uncovered_by_name(facts: Facts, certificate: Certificate) -> bool:
    """No loaded CRL even bears the name of the certificate's issuer."""
    return (
        not any(
            crl.issuer.canonical == certificate.issuer.canonical for crl in facts.crls
        )
        and not certificate.distribution_points
    )


def _forged(reading: _Reading) -> bool:
    return reading.use is _Use.FORGED


def _entries(crl: Crl, certificate: Certificate) -> list[Revoked]:
    return [entry for entry in crl.entries if entry.serial == certificate.serial]


def _listed(
    proper: Sequence[Crl],
    entries: Sequence[Sequence[Revoked]],
    codes: frozenset[int],
    sentences: tuple[str, ...],
) -> Status:
    """Listed where every proper CRL lists it, or the one newest of them does."""
    newest = max(crl.this_update for crl in proper)
    decisive = [
        found
        for crl, found in zip(proper, entries, strict=True)
        if crl.this_update == newest
    ]
    if not all(decisive):
        return Status(Standing.DOUBT, codes | {23})
    for entry in (entry for found in decisive for entry in found):
        if entry.reason == _REMOVE_FROM_CRL:
            return Status(Standing.DOUBT, codes | {23})
    return Status(Standing.LISTED, codes | {23}, sentences)


def _read(inquiry: Inquiry, crl: Crl) -> _Reading:
    """Whether one CRL of the issuer's name counts."""
    graph, mode, now = inquiry.graph, inquiry.mode, inquiry.now
    certificate, issuer = inquiry.certificate, inquiry.issuer
    own = graph.facts.verifies(crl, issuer)
    doubt = _Reading(crl, _Use.DOUBT)
    if own is Signature.UNKNOWN or _is_malformed(crl) or not crl.algorithms_equal:
        return doubt
    listed = frozenset({23}) if _entries(crl, certificate) else frozenset()
    improper: list[tuple[frozenset[int], tuple[str, ...], bool]] = []
    if own is Signature.BAD:
        forged = not _signed_by_namesake(graph, crl)
        if not forged and mode & EXTENDED_CRL:
            return doubt
        sentences = () if forged else ("EXTENDED_CRL_SUPPORT",)
        improper.append((frozenset({8, 33, 54}), sentences, forged))
    if not mode & NO_CHECK_TIME:
        late = crl.next_update
        if (late is not None and abs(late - now) <= MARGIN) or (
            abs(crl.this_update - now) <= MARGIN
        ):
            return doubt
        if late is not None and late < now:
            improper.append((frozenset({12}), (), True))
        if crl.this_update > now:
            improper.append((frozenset({11}), (), True))
    if crl.base_number is not None:
        if mode & USE_DELTAS:
            return doubt
        improper.append((frozenset({12, 44}), ("USE_DELTAS",), True))
    scope = _scope(crl, certificate, mode)
    if scope is None:
        return doubt
    improper.extend(scope)
    if _has_unhandled(crl):
        if mode & IGNORE_CRITICAL:
            return doubt
        improper.append((frozenset({36}), ("IGNORE_CRITICAL",), False))
    elif _has_unusual(crl):
        return doubt
    if not allows(issuer.key_usage, CRL_SIGN):
        improper.append((frozenset({35}), (), False))
    if not improper:
        if crl.next_update is None or crl.version != 2:
            return doubt
        if not _names_key(crl, issuer):
            return doubt
        return _Reading(crl, _Use.PROPER)
    forged = own is Signature.BAD and improper[0][2]
    return _Reading(
        crl,
        _Use.FORGED if forged else _Use.IMPROPER,
        listed.union(*(codes for codes, _, _ in improper)),
        tuple(name for _, names, _ in improper for name in names),
        all(harmless for _, _, harmless in improper),
    )


def _signed_by_namesake(graph: Graph, crl: Crl) -> bool:
    """Whether another certificate of the issuer's name may have signed the CRL."""
    return any(
        graph.facts.verifies(crl, other) is not Signature.BAD
        for other in graph.named(crl.issuer.canonical)
    )


def _is_malformed(crl: Crl) -> bool:
    return any(
        isinstance(value, Malformed)
        for value in (
            crl.authority_key_id,
            crl.issuing_point,
            crl.number,
            crl.base_number,
            *(entry.certificate_issuer for entry in crl.entries),
            *(entry.reason for entry in crl.entries),
        )
    )


def _scope(
    crl: Crl, certificate: Certificate, mode: int
) -> list[tuple[frozenset[int], tuple[str, ...], bool]] | None:
    """Why the CRL's scope leaves the certificate out; None where that is in doubt."""
    point = crl.issuing_point
    if any(entry.certificate_issuer is not None for entry in crl.entries):
        return None
    if point is None:
        return []
    assert isinstance(point, IssuingPoint)  # _is_malformed was asked before
    if point.indirect:
        if mode & EXTENDED_CRL:
            return None
        return [(frozenset({44}), ("EXTENDED_CRL_SUPPORT",), False)]
    if point.reasons is not None or point.point is not None:
        return None
    only = (point.only_user, point.only_ca, point.only_attribute)
    if only.count(True) != 1:
        return None
    if point.only_attribute or (
        point.only_user if is_ca(certificate) else point.only_ca
    ):
        return [(frozenset({44}), (), False)]
    return None


def _has_unhandled(crl: Crl) -> bool:
    """A critical extension, of the CRL or an entry, outside every known arc."""
    extensions = [*crl.extensions]
    for entry in crl.entries:
        extensions.extend(entry.extensions)
    return any(
        item.critical and not item.oid.startswith(_STANDARD) for item in extensions
    )


def _has_unusual(crl: Crl) -> bool:
    """A critical extension that RFC 5280 knows, and does not make critical in CRLs."""
    extensions = [*crl.extensions]
    for entry in crl.entries:
        extensions.extend(entry.extensions)
    return any(item.critical and item.oid not in _USUAL for item in extensions)


def _names_key(crl: Crl, issuer: Certificate) -> bool:
    """The CRL's authorityKeyIdentifier, if any, is the issuer's key identifier."""
    authority = crl.authority_key_id
    if authority is None:
        return True
    assert isinstance(authority, AuthorityKeyId)  # _is_malformed was asked before
    if authority.issuer is not None or authority.serial is not None:
        return False
    return authority.key_id is not None and authority.key_id == issuer.subject_key_id


def _is_clean(crl: Crl, issuer: Certificate) -> bool:
    """Nothing about a proper CRL is unusual."""
    oids = [item.oid for item in crl.extensions]
    algorithm = crl.outer_algorithm
    digest = (algorithm.digest or "").lower().replace("-", "")
    return (
        len(set(oids)) == len(oids)
        and _FAMILIAR.issuperset(oids)
        and not any(item.critical for item in crl.extensions)
        and not any(item.critical for entry in crl.entries for item in entry.extensions)
        and (digest in _SOUND_DIGESTS or algorithm.key_algorithm == "ED25519")
        and issuer.key_usage is not None
        and allows(issuer.key_usage, CRL_SIGN)
    )
