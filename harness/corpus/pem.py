"""PEM text read: each block with its label, its octets and where it stands.

Reading is lenient about what surrounds blocks, as ``PEM_read_bio`` is: other text may
stand before, between and after them, lines may end in any way and be indented. It is
strict inside a block, since a damaged block that was passed over would be a question
nobody asked. Labels are those of RFC 7468 and of OpenSSL's ``pem.h``.
"""

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from harness.case import PemLabel, TrustedItem
from harness.corpus.element import ElementError, first_element, pkcs8

CERTIFICATE: Final = "CERTIFICATE"
CRL: Final = "X509 CRL"
PRIVATE_KEY: Final = "PRIVATE KEY"

PLAIN_CERTIFICATE_LABELS: Final = frozenset({CERTIFICATE, "X509 CERTIFICATE"})
"""``PEM_STRING_X509`` and ``PEM_STRING_X509_OLD``: a certificate and no more."""
CERTIFICATE_LABELS: Final = PLAIN_CERTIFICATE_LABELS | {PemLabel.TRUSTED_CERTIFICATE}
KEY_LABELS: Final = frozenset(
    {
        PRIVATE_KEY,
        "EC PRIVATE KEY",
        "RSA PRIVATE KEY",
        "DSA PRIVATE KEY",
        "ENCRYPTED PRIVATE KEY",
    }
)

_BOUNDARY: Final = re.compile(r"-----(BEGIN|END) ([^-].*?)-----\s*\Z")


class PemError(ValueError):
    """PEM text that cannot be read; the message shows the place and the line."""


@dataclass(frozen=True, slots=True)
class PemItem:
    """One block: its label, its octets, its number from 0, its BEGIN line from 1."""

    label: str
    der: bytes
    index: int = 0
    line: int = 1
    place: str = ""
    """What the text was called when it was read, e.g. a file's path."""

    def __str__(self) -> str:
        """Where the block stands, for messages."""
        return f"{self.place}: line {self.line}: {self.label} (block {self.index + 1})"


def read_pem(text: str, place: str = "PEM text") -> tuple[PemItem, ...]:
    """Every block of the text, in order, whatever its label.

    Raises ``PemError`` naming ``place`` and the line for a block that does not end,
    ends under another label, is encrypted or is not base64, and for no block at all.
    """
    items: list[PemItem] = []
    label, begin = "", 0
    body: list[str] = []
    for number, raw in enumerate(text.removeprefix("\N{BOM}").splitlines(), start=1):
        line = raw.strip()
        found = _BOUNDARY.match(line)
        if found is None:
            if begin:
                body.append(line)
            continue
        kind, said = found.groups()
        if kind == "BEGIN":
            if begin:
                raise PemError(
                    f"{place}: line {number}: BEGIN {said} inside the block"
                    f" {label} of line {begin}"
                )
            label, begin, body = said, number, []
            continue
        if not begin:
            raise PemError(f"{place}: line {number}: END {said} without its BEGIN")
        if said != label:
            raise PemError(
                f"{place}: line {number}: END {said} ends the block {label}"
                f" of line {begin}"
            )
        where = f"{place}: line {begin}: {label}"
        items.append(PemItem(label, _octets(body, where), len(items), begin, place))
        begin = 0
    if begin:
        raise PemError(f"{place}: line {begin}: {label} has no END line")
    if not items:
        raise PemError(f"{place}: no PEM block in {len(text)} characters")
    return tuple(items)


def load_pem(path: Path) -> tuple[PemItem, ...]:
    """Every block of a file. Raises ``PemError`` also if the file cannot be read."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PemError(f"{path}: {error.strerror or error}") from error
    if data[:1] == b"\x30" and b"-----BEGIN " not in data:
        raise PemError(f"{path}: this is DER, not PEM: no PEM block in it")
    return read_pem(data.decode("utf-8", errors="replace"), str(path))


def certificates(items: Iterable[PemItem]) -> tuple[bytes, ...]:
    """The DER of every certificate, as a peer would send it: without trust settings.

    Raises ``PemError`` for a ``TRUSTED CERTIFICATE`` whose certificate has no end.
    """
    return tuple(_without_trust(i) for i in items if i.label in CERTIFICATE_LABELS)


def trusted_items(items: Iterable[PemItem]) -> tuple[TrustedItem, ...]:
    """Every certificate as a trusted item; only ``TRUSTED CERTIFICATE`` keeps more."""
    return tuple(
        TrustedItem(
            item.der,
            PemLabel.CERTIFICATE
            if item.label in PLAIN_CERTIFICATE_LABELS
            else PemLabel.TRUSTED_CERTIFICATE,
        )
        for item in items
        if item.label in CERTIFICATE_LABELS
    )


def crls(items: Iterable[PemItem]) -> tuple[bytes, ...]:
    """The DER of every CRL."""
    return tuple(item.der for item in items if item.label == CRL)


def private_key(items: Iterable[PemItem]) -> bytes | None:
    """The first private key as PKCS#8 DER, or None if no key can be had that way.

    SEC 1 and PKCS#1 keys are wrapped; DSA and encrypted keys give None.
    """
    for item in items:
        if item.label == PRIVATE_KEY:
            return item.der
        if item.label in KEY_LABELS:
            return pkcs8(item.label, item.der)
    return None


def _without_trust(item: PemItem) -> bytes:
    if item.label in PLAIN_CERTIFICATE_LABELS:
        return item.der
    try:
        return first_element(item.der)
    except ElementError as error:
        raise PemError(f"{item}: {error}") from error


def _octets(body: list[str], where: str) -> bytes:
    """What the lines between BEGIN and END encode."""
    if any(":" in line for line in body):
        header = next(line for line in body if ":" in line)
        raise PemError(f"{where}: has the header {header!r}: encrypted or not PEM")
    text = "".join(body)
    try:
        der = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise PemError(f"{where}: not base64: {error}") from error
    if not der:
        raise PemError(f"{where}: empty")
    return der
