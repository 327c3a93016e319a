"""OpenSSL's verification error numbers and names, release by release.

Source: ``include/openssl/x509_vfy.h`` (``.h.in`` from 3.0 on) of 1.1.1w, 3.0.22, 3.5.7,
3.6.3 and 4.0.2, and what ``X509_verify_cert_error_string`` knows in builds between
them. A number is never given up, but 3.0 moved five of them; later lines only add.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

NAMES: Final = {
    0: "OK",
    1: "UNSPECIFIED",
    2: "UNABLE_TO_GET_ISSUER_CERT",
    3: "UNABLE_TO_GET_CRL",
    4: "UNABLE_TO_DECRYPT_CERT_SIGNATURE",
    5: "UNABLE_TO_DECRYPT_CRL_SIGNATURE",
    6: "UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY",
    7: "CERT_SIGNATURE_FAILURE",
    8: "CRL_SIGNATURE_FAILURE",
    9: "CERT_NOT_YET_VALID",
    10: "CERT_HAS_EXPIRED",
    11: "CRL_NOT_YET_VALID",
    12: "CRL_HAS_EXPIRED",
    13: "ERROR_IN_CERT_NOT_BEFORE_FIELD",
    14: "ERROR_IN_CERT_NOT_AFTER_FIELD",
    15: "ERROR_IN_CRL_LAST_UPDATE_FIELD",
    16: "ERROR_IN_CRL_NEXT_UPDATE_FIELD",
    17: "OUT_OF_MEM",
    18: "DEPTH_ZERO_SELF_SIGNED_CERT",
    19: "SELF_SIGNED_CERT_IN_CHAIN",
    20: "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    21: "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    22: "CERT_CHAIN_TOO_LONG",
    23: "CERT_REVOKED",
    24: "NO_ISSUER_PUBLIC_KEY",
    25: "PATH_LENGTH_EXCEEDED",
    26: "INVALID_PURPOSE",
    27: "CERT_UNTRUSTED",
    28: "CERT_REJECTED",
    29: "SUBJECT_ISSUER_MISMATCH",
    30: "AKID_SKID_MISMATCH",
    31: "AKID_ISSUER_SERIAL_MISMATCH",
    32: "KEYUSAGE_NO_CERTSIGN",
    33: "UNABLE_TO_GET_CRL_ISSUER",
    34: "UNHANDLED_CRITICAL_EXTENSION",
    35: "KEYUSAGE_NO_CRL_SIGN",
    36: "UNHANDLED_CRITICAL_CRL_EXTENSION",
    37: "INVALID_NON_CA",
    38: "PROXY_PATH_LENGTH_EXCEEDED",
    39: "KEYUSAGE_NO_DIGITAL_SIGNATURE",
    40: "PROXY_CERTIFICATES_NOT_ALLOWED",
    41: "INVALID_EXTENSION",
    42: "INVALID_POLICY_EXTENSION",
    43: "NO_EXPLICIT_POLICY",
    44: "DIFFERENT_CRL_SCOPE",
    45: "UNSUPPORTED_EXTENSION_FEATURE",
    46: "UNNESTED_RESOURCE",
    47: "PERMITTED_VIOLATION",
    48: "EXCLUDED_VIOLATION",
    49: "SUBTREE_MINMAX",
    50: "APPLICATION_VERIFICATION",
    51: "UNSUPPORTED_CONSTRAINT_TYPE",
    52: "UNSUPPORTED_CONSTRAINT_SYNTAX",
    53: "UNSUPPORTED_NAME_SYNTAX",
    54: "CRL_PATH_VALIDATION_ERROR",
    55: "PATH_LOOP",
    56: "SUITE_B_INVALID_VERSION",
    57: "SUITE_B_INVALID_ALGORITHM",
    58: "SUITE_B_INVALID_CURVE",
    59: "SUITE_B_INVALID_SIGNATURE_ALGORITHM",
    60: "SUITE_B_LOS_NOT_ALLOWED",
    61: "SUITE_B_CANNOT_SIGN_P_384_WITH_P_256",
    62: "HOSTNAME_MISMATCH",
    63: "EMAIL_MISMATCH",
    64: "IP_ADDRESS_MISMATCH",
    65: "DANE_NO_MATCH",
    66: "EE_KEY_TOO_SMALL",
    67: "CA_KEY_TOO_SMALL",
    68: "CA_MD_TOO_WEAK",
    69: "INVALID_CALL",
    70: "STORE_LOOKUP",
    71: "NO_VALID_SCTS",
    72: "PROXY_SUBJECT_NAME_VIOLATION",
    73: "OCSP_VERIFY_NEEDED",
    74: "OCSP_VERIFY_FAILED",
    75: "OCSP_CERT_UNKNOWN",
    76: "UNSUPPORTED_SIGNATURE_ALGORITHM",
    77: "SIGNATURE_ALGORITHM_MISMATCH",
    78: "SIGNATURE_ALGORITHM_INCONSISTENCY",
    79: "INVALID_CA",
    80: "PATHLEN_INVALID_FOR_NON_CA",
    81: "PATHLEN_WITHOUT_KU_KEY_CERT_SIGN",
    82: "KU_KEY_CERT_SIGN_INVALID_FOR_NON_CA",
    83: "ISSUER_NAME_EMPTY",
    84: "SUBJECT_NAME_EMPTY",
    85: "MISSING_AUTHORITY_KEY_IDENTIFIER",
    86: "MISSING_SUBJECT_KEY_IDENTIFIER",
    87: "EMPTY_SUBJECT_ALT_NAME",
    88: "EMPTY_SUBJECT_SAN_NOT_CRITICAL",
    89: "CA_BCONS_NOT_CRITICAL",
    90: "AUTHORITY_KEY_IDENTIFIER_CRITICAL",
    91: "SUBJECT_KEY_IDENTIFIER_CRITICAL",
    92: "CA_CERT_MISSING_KEY_USAGE",
    93: "EXTENSIONS_REQUIRE_VERSION_3",
    94: "EC_KEY_EXPLICIT_PARAMS",
    95: "RPK_UNTRUSTED",
    96: "OCSP_RESP_INVALID",
    97: "OCSP_SIGNATURE_FAILURE",
    98: "OCSP_NOT_YET_VALID",
    99: "OCSP_HAS_EXPIRED",
    100: "OCSP_NO_RESPONSE",
    101: "CRL_VERIFY_FAILED",
    102: "EMPTY_AUTHORITY_KEY_IDENTIFIER",
    103: "AKID_ISSUER_SERIAL_NOT_PAIRED",
}
"""``X509_V_ERR_*`` without the prefix, by number, as the newest release has them."""

IN_1_1_1: Final = {
    24: "INVALID_CA",
    76: "SIGNATURE_ALGORITHM_MISMATCH",
    77: "NO_ISSUER_PUBLIC_KEY",
    78: "UNSUPPORTED_SIGNATURE_ALGORITHM",
    79: "EC_KEY_EXPLICIT_PARAMS",
}
"""The numbers that meant something else in 1.1.1."""

_LAST: Final = {"1.1.1": 79, "3.0": 94, "3.2": 95, "3.6": 101, "4.0": 103}
"""By the first line that has it: the last number of the header."""

LINES: Final = tuple(_LAST)
"""Lines of releases whose numbers differ from the line before, oldest first."""


def line_of(release: str) -> str:
    """The line of ``LINES`` whose numbers a release (``3.0.19``, ``1.1.1w``) has."""
    number = _number(release)
    return max((line for line in LINES if _number(line) <= number), default=LINES[0])


def names(release: str) -> Mapping[int, str]:
    """The names that this release has, by number."""
    return _names(line_of(release))


def code_name(code: int | None, release: str = "", *, depth: int | None = None) -> str:
    """A number with its name, e.g. ``23 CERT_REVOKED``, for people to read.

    The name is that of the release, or of the newest where none is given. With a depth
    it is ``23@0 CERT_REVOKED``.
    """
    if code is None:
        return "code not shown"
    known = names(release) if release else NAMES
    place = "" if depth is None else f"@{depth}"
    return f"{code}{place} {known.get(code, 'unknown')}"


@cache
def _names(line: str) -> Mapping[int, str]:
    moved = IN_1_1_1 if line == "1.1.1" else {}
    known = {number: name for number, name in NAMES.items() if number <= _LAST[line]}
    return MappingProxyType(known | moved)


def _number(release: str) -> tuple[int, ...]:
    """Major and minor: what the names depend on."""
    return tuple(int(part) for part in release.split(".")[:2])
