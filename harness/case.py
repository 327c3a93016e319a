"""A case: the bytes that are asked about, and nothing that says where they are from.

Every list keeps its order, since order changes OpenSSL's answer.
"""

import ipaddress
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """Which end of the TLS connection verifies, that is, which end is under test."""

    CLIENT = "client"
    """A client verifies a server's certificate (purpose ``sslserver``)."""
    SERVER = "server"
    """A server verifies a client's certificate (purpose ``sslclient``)."""


class Source(StrEnum):
    """By which parameter of ``SSLContext.load_verify_locations`` CRLs are loaded."""

    CAFILE = "cafile"
    """Trusted certificates, then CRLs, in one PEM file, in case order."""
    CAPATH = "capath"
    """Trusted certificates by cafile; CRLs in a directory, as ``HASH.rN``."""
    CADATA = "cadata"
    """Trusted certificates, then CRLs, as one PEM text."""


class PemLabel(StrEnum):
    """The PEM label of a trusted item."""

    CERTIFICATE = "CERTIFICATE"
    TRUSTED_CERTIFICATE = "TRUSTED CERTIFICATE"
    """``X509_AUX``: the certificate followed by its trust settings."""


class TlsVersion(StrEnum):
    """The protocol version of a full handshake."""

    TLS_1_2 = "1.2"
    TLS_1_3 = "1.3"


@dataclass(frozen=True, slots=True)
class TrustedItem:
    """One item of the trust store: DER under its PEM label."""

    der: bytes
    label: PemLabel = PemLabel.CERTIFICATE


@dataclass(frozen=True, slots=True)
class Case:
    """What the peer presents, what is trusted, which CRLs are loaded, who asks."""

    peer: tuple[bytes, ...]
    """DER certificates of the Certificate message, the end entity first."""
    trusted: tuple[TrustedItem, ...]
    crls: tuple[bytes, ...] = ()
    """DER CRLs in load order."""
    name: str | None = None
    """Reference name (``server_hostname``); None leaves ``check_hostname`` off."""
    role: Role = Role.CLIENT
    security_level: int = 2
    """OpenSSL's ``@SECLEVEL``, 0 to 5; always set."""
    source: Source = Source.CAFILE
    key: bytes | None = None
    """PKCS#8 DER of the end entity's private key, for full handshakes; else None."""


def is_address(name: str) -> bool:
    """Whether a reference name is an IP address, and not a host name."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
