"""Object identifiers and bit numbers that the format gives names to.

RFC 5280 (A.1, A.2) and RFC 3820 unless said otherwise; the same names are used by
those who write DER and those who read it.
"""

from collections.abc import Mapping
from typing import Final

BASIC_CONSTRAINTS: Final = "2.5.29.19"
KEY_USAGE: Final = "2.5.29.15"
EXTENDED_KEY_USAGE: Final = "2.5.29.37"
SUBJECT_KEY_ID: Final = "2.5.29.14"
AUTHORITY_KEY_ID: Final = "2.5.29.35"
SUBJECT_ALT_NAME: Final = "2.5.29.17"
NAME_CONSTRAINTS: Final = "2.5.29.30"
DISTRIBUTION_POINTS: Final = "2.5.29.31"
PROXY_CERT_INFO: Final = "1.3.6.1.5.5.7.1.14"
NETSCAPE_CERT_TYPE: Final = "2.16.840.1.113730.1.1"
POLICIES: Final = "2.5.29.32"
POLICY_MAPPINGS: Final = "2.5.29.33"
POLICY_CONSTRAINTS: Final = "2.5.29.36"
INHIBIT_ANY_POLICY: Final = "2.5.29.54"
ADDRESS_BLOCKS: Final = "1.3.6.1.5.5.7.1.7"
"""RFC 3779, 2.2.1."""
AUTONOMOUS_SYSTEMS: Final = "1.3.6.1.5.5.7.1.8"
"""RFC 3779, 3.2.1."""

CRL_NUMBER: Final = "2.5.29.20"
CRL_REASON: Final = "2.5.29.21"
DELTA_INDICATOR: Final = "2.5.29.27"
ISSUING_POINT: Final = "2.5.29.28"
CERTIFICATE_ISSUER: Final = "2.5.29.29"
INVALIDITY_DATE: Final = "2.5.29.24"

ATTRIBUTES: Final[Mapping[str, str]] = {
    "CN": "2.5.4.3",
    "C": "2.5.4.6",
    "O": "2.5.4.10",
    "OU": "2.5.4.11",
    "E": "1.2.840.113549.1.9.1",
}
"""Attribute types by the short names a name may use."""

ANY_POLICY: Final = "2.5.29.32.0"
QUALIFIER_CPS: Final = "1.3.6.1.5.5.7.2.1"
QUALIFIER_NOTICE: Final = "1.3.6.1.5.5.7.2.2"

PURPOSES: Final[Mapping[str, str]] = {
    "anyExtendedKeyUsage": "2.5.29.37.0",
    "serverAuth": "1.3.6.1.5.5.7.3.1",
    "clientAuth": "1.3.6.1.5.5.7.3.2",
    "codeSigning": "1.3.6.1.5.5.7.3.3",
    "emailProtection": "1.3.6.1.5.5.7.3.4",
    "timeStamping": "1.3.6.1.5.5.7.3.8",
    "OCSPSigning": "1.3.6.1.5.5.7.3.9",
}
"""Key purposes (RFC 5280, 4.2.1.12)."""

KEY_USAGE_BITS: Final[Mapping[str, int]] = {
    "digitalSignature": 0,
    "nonRepudiation": 1,
    "contentCommitment": 1,
    "keyEncipherment": 2,
    "dataEncipherment": 3,
    "keyAgreement": 4,
    "keyCertSign": 5,
    "cRLSign": 6,
    "encipherOnly": 7,
    "decipherOnly": 8,
}
"""Bit numbers of KeyUsage (RFC 5280, 4.2.1.3)."""

REASON_FLAGS: Final[Mapping[str, int]] = {
    "unused": 0,
    "keyCompromise": 1,
    "cACompromise": 2,
    "affiliationChanged": 3,
    "superseded": 4,
    "cessationOfOperation": 5,
    "certificateHold": 6,
    "privilegeWithdrawn": 7,
    "aACompromise": 8,
}
"""Bit numbers of ReasonFlags (RFC 5280, 4.2.1.13)."""

CRL_REASONS: Final[Mapping[str, int]] = {
    "unspecified": 0,
    "keyCompromise": 1,
    "cACompromise": 2,
    "affiliationChanged": 3,
    "superseded": 4,
    "cessationOfOperation": 5,
    "certificateHold": 6,
    "removeFromCRL": 8,
    "privilegeWithdrawn": 9,
    "aACompromise": 10,
}
"""Values of CRLReason (RFC 5280, 5.3.1)."""
