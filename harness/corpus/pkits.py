"""NIST PKITS, read from where the package ``cryptography_vectors`` is installed.

The Public Key Interoperability Test Suite (version 1.0.1, certificates of 2011) comes
as files without a table: an end entity's file name says what RFC 5280's answer is,
and its certification path and CRLs are found here from what the certificates say.
https://csrc.nist.gov/projects/pki-testing
"""

import hashlib
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from harness.case import Case, Role, TrustedItem
from harness.corpus.suite import Expected, Suite, SuiteCase
from harness.facts import (
    AuthorityKeyId,
    Certificate,
    Crl,
    Facts,
    Name,
    NameKind,
    Signature,
)
from harness.flags import (
    CRL_CHECK_CHAIN,
    CRL_CHECK_LEAF,
    DEFAULT,
    PRESETS,
    X509_STRICT,
    Flags,
)
from harness.outcome import Where
from harness.pki.read import read

FLAG_SETS: Final = (
    DEFAULT,
    CRL_CHECK_LEAF,
    CRL_CHECK_CHAIN,
    CRL_CHECK_CHAIN | X509_STRICT,
    *(Flags(bits) for bits in PRESETS.values()),
)
"""What each case is asked under; PKITS's own answer is to CRL_CHECK_CHAIN."""

SECURITY_LEVEL: Final = 0
"""PKITS tests paths, not key strength: its DSA keys have 1024 bits, signed by SHA-1."""

POLICIES: Final = "has-cert-policies"
"""x509-limbo's feature for a case whose answer is about certificate policies."""

_PACKAGE: Final = "cryptography_vectors"
_ANCHOR: Final = "TrustAnchorRootCertificate.crt"
_END_ENTITY: Final = re.compile(r"(.+EE)\.crt")
_POLICY: Final = re.compile(r"polic|mapping|usernotice|cpspointer", re.IGNORECASE)
"""The tests of sections 4.8 to 4.12, by the words in their names."""
_POLICY_NOTE: Final = (
    "PKITS's answer is to certificate policies, which no VERIFY_ flag turns on"
)


class PkitsError(RuntimeError):
    """PKITS cannot be read; the message says what to do."""


@dataclass(frozen=True, slots=True)
class _Shelf:
    """Everything PKITS holds, by fingerprint, each kind in the order of file names."""

    der: Mapping[str, bytes]
    facts: Facts
    anchor: Certificate
    end_entities: Mapping[str, Certificate]
    """By file name without its ending."""
    authorities: tuple[Certificate, ...]
    """Every certificate that is no end entity's, the trust anchor among them."""


def load_pkits(folder: Path | None = None, *, now: float | None = None) -> Suite:
    """A case for every end entity and role: ``pkits::ValidTwoCRLsTest7EE::client``.

    ``folder`` is a ``PKITS_data`` folder in place of the package's; ``now`` (seconds
    since the epoch; the clock's if None) decides whether the trust anchor is valid,
    without which no case can be asked. Raises ``PkitsError`` if there is no PKITS.
    """
    place = _package_folder() if folder is None else folder
    shelf = _shelf(place)
    moment = time.time() if now is None else now
    unsupported = _anchor_invalid(shelf.anchor, moment)
    cases = [
        case
        for name, certificate in shelf.end_entities.items()
        for case in _suite_cases(shelf, name, certificate, unsupported)
    ]
    return Suite(Path(str(place)), tuple(cases))


def _package_folder() -> Traversable:
    try:
        package = resources.files(_PACKAGE)
    except ModuleNotFoundError as error:
        raise PkitsError(
            f"PKITS is read from the package {_PACKAGE}, which is not installed:"
            " install the dependency group 'tests'"
        ) from error
    return package / "x509" / "PKITS_data"


def _files(place: Traversable, folder: str, ending: str) -> dict[str, bytes]:
    try:
        found = sorted((place / folder).iterdir(), key=lambda item: item.name)
        files = {
            item.name: item.read_bytes() for item in found if item.name.endswith(ending)
        }
    except OSError as error:
        raise PkitsError(f"PKITS in {place}: {folder}: {error}") from error
    if not files:
        raise PkitsError(f"PKITS in {place}: {folder} holds no {ending} file")
    return files


def _shelf(place: Traversable) -> _Shelf:
    certificates = _files(place, "certs", ".crt")
    crls = _files(place, "crls", ".crl")
    if _ANCHOR not in certificates:
        raise PkitsError(f"PKITS in {place}: certs holds no {_ANCHOR}")
    # Two files hold the same CRL, so octets are told apart, not files.
    peer = tuple(dict.fromkeys(certificates.values()))
    lists = tuple(dict.fromkeys(crls.values()))
    facts = read(Case(peer=peer, trusted=(), crls=lists))
    for item in facts.unreadable:
        der = (lists if item.where is Where.CRL else peer)[item.index]
        name = next(n for n, octets in (certificates | crls).items() if octets == der)
        raise PkitsError(f"PKITS in {place}: {name}: {item.why}")
    by_fingerprint = {item.fingerprint: item for item in facts.peer}
    named = {
        name: by_fingerprint[_fingerprint(der)] for name, der in certificates.items()
    }
    return _Shelf(
        der={
            _fingerprint(der): der for der in (*certificates.values(), *crls.values())
        },
        facts=facts,
        anchor=named[_ANCHOR],
        end_entities={
            match[1]: certificate
            for name, certificate in named.items()
            if (match := _END_ENTITY.fullmatch(name))
        },
        authorities=tuple(
            certificate
            for name, certificate in named.items()
            if not _END_ENTITY.fullmatch(name)
        ),
    )


def _fingerprint(der: bytes) -> str:
    return hashlib.sha256(der).hexdigest()


def _anchor_invalid(anchor: Certificate, now: float) -> str | None:
    if anchor.not_before <= now <= anchor.not_after:
        return None
    begin, end = (
        datetime.fromtimestamp(edge, UTC).date()
        for edge in (anchor.not_before, anchor.not_after)
    )
    return f"the trust anchor of PKITS is valid from {begin} to {end} only"


def _suite_cases(
    shelf: _Shelf, name: str, end_entity: Certificate, unsupported: str | None
) -> Iterator[SuiteCase]:
    path = _path(shelf, end_entity)
    crls = _crls(shelf, path)
    sent = _unique((*path, *_crl_issuers(shelf, path, crls)))
    policies = _POLICY.search(name) is not None
    expected = None
    if not policies:
        valid = name.startswith("Valid")
        expected = Expected.SUCCESS if valid else Expected.FAILURE
    for role in Role:
        yield SuiteCase(
            id=f"pkits::{name}::{role}",
            case=Case(
                peer=tuple(
                    shelf.der[item.fingerprint] for item in sent if item != shelf.anchor
                ),
                trusted=(TrustedItem(shelf.der[shelf.anchor.fingerprint]),),
                crls=tuple(shelf.der[crl.fingerprint] for crl in crls),
                role=role,
                security_level=SECURITY_LEVEL,
            ),
            flag_sets=FLAG_SETS,
            expected=expected,
            unsupported=unsupported,
            description=f"NIST PKITS {name.removesuffix('EE')}",
            features=(POLICIES,) if policies else (),
            notes=(_POLICY_NOTE,) if policies else (),
        )


def _path(shelf: _Shelf, end_entity: Certificate) -> tuple[Certificate, ...]:
    """The end entity, then issuers upwards, to the anchor or as far as it goes."""
    path = [end_entity]
    for certificate in path:  # grows as it is walked, by certificates not yet in it
        if certificate != shelf.anchor:
            path.extend(
                issuer for issuer in _issuers(shelf, certificate) if issuer not in path
            )
    return tuple(path)


def _issuers(shelf: _Shelf, certificate: Certificate) -> list[Certificate]:
    """Who signed it; else, since many tests are wrong on purpose, who is named as its
    issuer; else whose key it names."""
    named = _subjects(shelf, {certificate.issuer.canonical})
    signers = [
        issuer
        for issuer in named
        if issuer != certificate
        and shelf.facts.verifies(certificate, issuer) is Signature.GOOD
    ]
    return signers or named or _owners(shelf, certificate.authority_key_id)


def _subjects(shelf: _Shelf, names: Iterable[bytes]) -> list[Certificate]:
    wanted = frozenset(names)
    return [item for item in shelf.authorities if item.subject.canonical in wanted]


def _owners(shelf: _Shelf, authority: object) -> list[Certificate]:
    """The authorities whose key an authority key identifier names."""
    if not isinstance(authority, AuthorityKeyId) or authority.key_id is None:
        return []
    return [
        item for item in shelf.authorities if item.subject_key_id == authority.key_id
    ]


def _crls(shelf: _Shelf, path: tuple[Certificate, ...]) -> tuple[Crl, ...]:
    """The CRLs of every issuer in the path and of the CRL issuers that distribution
    points name, and those that name an issuer's key though not its name."""
    names = {certificate.issuer.canonical for certificate in path}
    names |= {name.canonical for item in path for name in _crl_issuer_names(item)}
    keys = {
        item.subject_key_id
        for item in path[1:]
        if isinstance(item.subject_key_id, bytes)
    }
    return tuple(
        crl
        for crl in shelf.facts.crls
        if crl.issuer.canonical in names
        or (
            isinstance(crl.authority_key_id, AuthorityKeyId)
            and crl.authority_key_id.key_id in keys
        )
    )


def _crl_issuer_names(certificate: Certificate) -> Iterator[Name]:
    points = certificate.distribution_points
    if isinstance(points, tuple):
        for point in points:
            for general in point.crl_issuer:
                if general.kind is NameKind.DIRECTORY and general.name is not None:
                    yield general.name


def _crl_issuers(
    shelf: _Shelf, path: tuple[Certificate, ...], crls: tuple[Crl, ...]
) -> list[Certificate]:
    """Who signed these CRLs, where nobody in the path did, and their issuers."""
    found: list[Certificate] = []
    for crl in crls:
        signers = [
            item
            for item in _subjects(shelf, {crl.issuer.canonical})
            if shelf.facts.verifies(crl, item) is Signature.GOOD
        ]
        if not any(item in path for item in signers):
            for signer in signers:
                found.extend(_path(shelf, signer))
    return found


def _unique(items: Iterable[Certificate]) -> tuple[Certificate, ...]:
    return tuple({item.fingerprint: item for item in items}.values())
