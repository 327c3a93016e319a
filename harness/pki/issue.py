"""From a scenario to a case: every certificate and CRL in use becomes signed DER.

The same scenario, seed and ``now`` give the same bytes. Signing is most of the cost,
so signed items are kept, by all that their bytes depend on.
"""

import hashlib
from calendar import isleap
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from types import MappingProxyType

from harness.case import Case, PemLabel, TrustedItem
from harness.pki import der, keys
from harness.pki.edit import edited
from harness.pki.encode_extension import of_certificate, of_crl, of_revoked, purposes
from harness.pki.encode_name import name
from harness.pki.sign import algorithm, sign
from harness.pki.spec import (
    CertificateSpec,
    CrlSpec,
    Scenario,
    SpecError,
    TrustSpec,
)

_REFUSALS = (SpecError, der.DerError, keys.KeyPoolError)


@dataclass(frozen=True, slots=True)
class Issued:
    """A case, and every certificate and CRL of its scenario by label, as DER."""

    case: Case
    certificates: Mapping[str, bytes]
    crls: Mapping[str, bytes]


def serial_number(spec: CertificateSpec, *, seed: int) -> int:
    """The certificate's serial number; where its spec names none, a positive one of
    8 octets drawn from the seed and the label."""
    if spec.serial is not None:
        return spec.serial
    drawn = hashlib.sha256(f"{seed}:{spec.label}".encode()).digest()[:8]
    return int.from_bytes(bytes((drawn[0] & 0x3F | 0x40,)) + drawn[1:], "big")


def _signed(spec: CertificateSpec | CrlSpec, parts: tuple[bytes, ...]) -> bytes:
    """Body, algorithm and signature; ``parts`` stand around the inner algorithm.

    A signature is made for the outer algorithm, which is the one OpenSSL verifies
    with: where inner and outer differ, nothing else is wrong.
    """
    key = spec.signed_by or spec.issuer.key
    inner = algorithm(key, spec.digest)
    outer_digest = spec.outer_digest or spec.digest
    outer = algorithm(key, outer_digest)
    if spec.outer_digest not in (None, spec.digest) and inner == outer:
        raise SpecError(f"outer digest {spec.outer_digest!r}: {key!r} has no digest")
    before, after = parts
    body = der.sequence(before, inner, after)
    return der.sequence(body, outer, der.bit_string(_signature(spec, body)))


def _signature(spec: CertificateSpec | CrlSpec, body: bytes) -> bytes:
    key = spec.signed_by or spec.issuer.key
    signature = sign(body, key, spec.outer_digest or spec.digest)
    if spec.corrupt:
        signature = signature[:-1] + bytes((signature[-1] ^ 1,))
    return signature


def _leap_day(seconds: int) -> int:
    """The last beginning of a 29 February up to then."""
    then = datetime.fromtimestamp(seconds, UTC)
    year = then.year if (then.month, then.day) >= (2, 29) else then.year - 1
    while not isleap(year):
        year -= 1
    return int(datetime(year, 2, 29, tzinfo=UTC).timestamp())


@lru_cache(maxsize=4096)
def _certificate(spec: CertificateSpec, serial: int, now: int) -> bytes:
    """RFC 5280, 4.1."""
    version = b""
    if spec.version != 1:
        version = der.explicit(0, der.integer(spec.version - 1))
    before = version + der.integer(serial)
    begins = now + spec.not_before
    if spec.from_leap_day:
        begins = _leap_day(begins)
    validity = der.sequence(der.time(begins), der.time(now + spec.not_after))
    after = name(spec.issuer.name) + validity + name(spec.subject.name)
    after += spec.public_key or keys.spki(spec.subject.key)
    if extensions := of_certificate(spec):
        after += der.explicit(3, extensions)
    return _signed(spec, (before, after))


@lru_cache(maxsize=4096)
def _crl(spec: CrlSpec, serials: tuple[int, ...], now: int) -> bytes:
    """RFC 5280, 5.1. Entries were revoked at thisUpdate."""
    before = b"" if spec.version == 1 else der.integer(spec.version - 1)
    this_update = der.time(now + spec.this_update)
    after = name(spec.issuer.name) + this_update
    if spec.next_update is not None:
        after += der.time(now + spec.next_update)
    if spec.revoked:
        after += der.sequence(
            *(
                der.sequence(der.integer(serial), this_update, of_revoked(entry))
                for serial, entry in zip(serials, spec.revoked, strict=True)
            )
        )
    if extensions := of_crl(spec):
        after += der.explicit(0, extensions)
    return _signed(spec, (before, after))


class _Issuance:
    """One scenario being issued: its labels, and what was signed so far."""

    def __init__(self, scenario: Scenario, *, seed: int, now: int) -> None:
        self._seed = seed
        self._now = now
        self._certificates = {item.label: item for item in scenario.certificates}
        self._crls = {item.label: item for item in scenario.crls}
        self._scenario = scenario
        for kind, found, all_of in (
            ("certificates", self._certificates, scenario.certificates),
            ("CRLs", self._crls, scenario.crls),
        ):
            if len(found) != len(all_of):
                labels = ", ".join(item.label for item in all_of)
                raise SpecError(f"two {kind} share a label: {labels}")

    def certificate(self, label: str) -> bytes:
        spec = self._scenario.certificate(label)
        return self._edited(spec, self._whole_certificate(spec))

    def crl(self, label: str) -> bytes:
        spec = self._crls.get(label)
        if spec is None:
            known = ", ".join(self._crls)
            raise SpecError(f"no CRL is labelled {label!r}; there are: {known}")
        return self._edited(spec, self._whole_crl(spec))

    def _edited(self, spec: CertificateSpec | CrlSpec, encoding: bytes) -> bytes:
        edits = [edit for edit in self._scenario.edits if edit.item == spec.label]
        if not edits:
            return encoding
        return edited(
            encoding,
            edits,
            others=self._whole,
            sign=lambda body: _signature(spec, body),
        )

    def _whole(self, label: str) -> bytes:
        """The item of that label before any edit; nothing where there is none."""
        if label in self._certificates:
            return self._whole_certificate(self._certificates[label])
        if label in self._crls:
            return self._whole_crl(self._crls[label])
        return b""

    def _whole_certificate(self, spec: CertificateSpec) -> bytes:
        serial = serial_number(spec, seed=self._seed)
        try:
            return _certificate(spec, serial, self._now)
        except _REFUSALS as error:
            raise SpecError(f"certificate {spec.label!r}: {error}") from error

    def _whole_crl(self, spec: CrlSpec) -> bytes:
        try:
            serials = tuple(self._serial(entry.certificate) for entry in spec.revoked)
            return _crl(spec, serials, self._now)
        except _REFUSALS as error:
            raise SpecError(f"CRL {spec.label!r}: {error}") from error

    def _serial(self, certificate: str | int) -> int:
        if isinstance(certificate, int):
            return certificate
        return serial_number(self._scenario.certificate(certificate), seed=self._seed)

    def trusted(self, spec: TrustSpec) -> TrustedItem:
        encoded = self.certificate(spec.certificate)
        if spec.trust is None and spec.reject is None:
            return TrustedItem(encoded, spec.label)
        try:
            trust = b"" if spec.trust is None else purposes(spec.trust)
            reject = b""
            if spec.reject is not None:
                reject = der.retag(0, purposes(spec.reject))
        except _REFUSALS as error:
            raise SpecError(f"trusted {spec.certificate!r}: {error}") from error
        settings = der.sequence(trust, reject)
        return TrustedItem(encoded + settings, PemLabel.TRUSTED_CERTIFICATE)

    def case(self) -> Case:
        scenario = self._scenario
        peer = tuple(map(self.certificate, scenario.peer))
        key = None
        if peer:
            leaf = scenario.certificate(scenario.peer[0])
            key = None if leaf.public_key else keys.pkcs8(leaf.subject.key)
        return Case(
            peer=peer,
            trusted=tuple(map(self.trusted, scenario.trusted)),
            crls=tuple(map(self.crl, scenario.loaded)),
            name=scenario.name,
            role=scenario.role,
            security_level=scenario.security_level,
            source=scenario.source,
            key=key,
        )


def issue(scenario: Scenario, *, seed: int, now: int) -> Case:
    """The scenario's case, at ``now`` (whole seconds since the epoch).

    Signs what is sent, trusted or loaded. Raises ``SpecError``, with label and value,
    for a scenario that cannot be issued.
    """
    return _Issuance(scenario, seed=seed, now=now).case()


def issue_all(scenario: Scenario, *, seed: int, now: int) -> Issued:
    """The scenario's case, and all its certificates and CRLs by label, used or not.

    Raises ``SpecError`` as ``issue`` does.
    """
    issuance = _Issuance(scenario, seed=seed, now=now)
    certificates = {
        item.label: issuance.certificate(item.label) for item in scenario.certificates
    }
    crls = {item.label: issuance.crl(item.label) for item in scenario.crls}
    return Issued(
        issuance.case(), MappingProxyType(certificates), MappingProxyType(crls)
    )
