"""Departures in which an extension's bytes cannot be used: junk, or present twice."""

from collections.abc import Mapping
from typing import Final

from harness.pki.spec import RawExtension
from strategies.departures import Change, Departure, Stage, departure, extend

OIDS: Final[Mapping[str, str]] = {
    "subjectAltName": "2.5.29.17",
    "basicConstraints": "2.5.29.19",
    "keyUsage": "2.5.29.15",
    "subjectKeyIdentifier": "2.5.29.14",
    "authorityKeyIdentifier": "2.5.29.35",
    "cRLDistributionPoints": "2.5.29.31",
    "nameConstraints": "2.5.29.30",
    "extKeyUsage": "2.5.29.37",
    "issuerAltName": "2.5.29.18",
    "certificatePolicies": "2.5.29.32",
}
"""The extensions of RFC 5280, 4.2, whose values OpenSSL decodes when it caches
them (``ossl_x509v3_cache_extensions``), and certificatePolicies, which it does not."""

TRUNCATED: Final = b"\x30\x10\x01"
"""A SEQUENCE that ends too soon."""
EMPTY: Final = b""
WRONG_TYPE: Final = b"\x05\x00"
"""A NULL, which is none of these extensions' types."""

_USUAL: Final[Mapping[str, bytes]] = {
    "subjectAltName": bytes.fromhex("300e820c") + b"leaf.example",
    "basicConstraints": bytes.fromhex("3000"),
    "keyUsage": bytes.fromhex("03020780"),
    "subjectKeyIdentifier": bytes.fromhex("040401020304"),
    "authorityKeyIdentifier": bytes.fromhex("3006800401020304"),
    "cRLDistributionPoints": bytes.fromhex("30133011a00fa00d860b") + b"http://a/b/",
    "nameConstraints": bytes.fromhex("300ba00930078205782e636f6d"),
    "extKeyUsage": bytes.fromhex("300a06082b06010505070301"),
}
"""Well-formed values, for those that are there twice."""


def _junk(name: str, value: bytes) -> Change:
    return extend(RawExtension(OIDS[name], value))


def _twice(name: str) -> Change:
    """Two of them, whether the plain certificate has one or none."""
    oid, value = OIDS[name], _USUAL[name]
    return extend(RawExtension(oid, value), RawExtension(oid, value, duplicate=True))


MALFORMED: Final[tuple[Departure, ...]] = (
    departure(
        "undecodable extension",
        Stage.CERTIFICATE,
        {name: _junk(name, TRUNCATED) for name in OIDS},
        "strict",
        "names",
    ),
    departure(
        "extension of another type",
        Stage.CERTIFICATE,
        {name: _junk(name, WRONG_TYPE) for name in OIDS}
        | {
            f"empty {name}": _junk(name, EMPTY)
            for name in ("basicConstraints", "keyUsage", "subjectAltName")
        }
        | {
            "nothing in extKeyUsage": _junk("extKeyUsage", b"\x30\x00"),
            "trailing bytes": _junk("basicConstraints", b"\x30\x00\x00\x00"),
        },
        "strict",
        under=(
            "X509_STRICT",
            "IGNORE_CRITICAL",
        ),
    ),
    departure(
        "extension twice",
        Stage.CERTIFICATE,
        {name: _twice(name) for name in _USUAL},
        "strict",
    ),
)
