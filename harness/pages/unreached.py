"""Errors that no rule of the releases book gives, and why.

Source: where ``crypto/x509`` and ``ssl`` of 1.1.1w, 3.0.22, 3.5.7, 3.6.3 and 4.0.2 set
each number, and what CPython's ``_ssl.c`` calls.
"""

from typing import Final

_SUCCESS: Final = "no error"
_UNUSED: Final = "no release sets it"
_APPLICATION: Final = "for applications to set in a callback, which `ssl` has none of"
_FAULTS: Final = "a fault of the process, not of a certificate"
_INTERNAL: Final = (
    "tells issuers apart while the path is built, and is never reported: a certificate"
    " that does not fit is no candidate"
)
_DANE: Final = "DANE: `ssl` has no way to turn it on"
_KEYS: Final = "raw public keys: `ssl` has no way to turn them on"
_OCSP: Final = "OCSP: `ssl` has no way to ask for a stapled response"
_TIMES: Final = (
    "a time that OpenSSL takes when it decodes and cannot compare; such bytes are"
    " not read by this project"
)
_CRITICAL_IDS: Final = (
    "a critical key identifier counts as unhandled (34) before it is marked critical,"
    " and with IGNORE_CRITICAL it is accepted (measured on 3.0.19, 3.5.9 and 4.0.3)"
)

UNREACHED: Final = {
    "OK": _SUCCESS,
    "UNABLE_TO_DECRYPT_CERT_SIGNATURE": _UNUSED,
    "UNABLE_TO_DECRYPT_CRL_SIGNATURE": _UNUSED,
    "CERT_UNTRUSTED": _UNUSED,
    "UNSUPPORTED_EXTENSION_FEATURE": _UNUSED,
    "PATH_LOOP": _UNUSED,
    "UNSUPPORTED_CONSTRAINT_SYNTAX": _UNUSED,
    "CRL_VERIFY_FAILED": _UNUSED,
    "OCSP_NOT_YET_VALID": _OCSP,
    "INVALID_CALL": _FAULTS,
    "STORE_LOOKUP": _FAULTS,
    "APPLICATION_VERIFICATION": _APPLICATION,
    "EMAIL_MISMATCH": "`ssl` sets host names and IP addresses, never mail addresses",
    "SUBJECT_ISSUER_MISMATCH": _INTERNAL,
    "AKID_SKID_MISMATCH": _INTERNAL,
    "AKID_ISSUER_SERIAL_MISMATCH": _INTERNAL,
    "NO_ISSUER_PUBLIC_KEY": _INTERNAL,
    "UNSUPPORTED_SIGNATURE_ALGORITHM": _INTERNAL,
    "SIGNATURE_ALGORITHM_MISMATCH": _INTERNAL,
    "UNABLE_TO_GET_CRL_ISSUER": (
        "a CRL without an issuer on the path is not chosen (3) in the first place"
    ),
    "DANE_NO_MATCH": _DANE,
    "RPK_UNTRUSTED": _KEYS,
    "NO_VALID_SCTS": "certificate transparency: `ssl` has no way to turn it on",
    "OCSP_VERIFY_NEEDED": _OCSP,
    "OCSP_CERT_UNKNOWN": _OCSP,
    "OCSP_RESP_INVALID": _OCSP,
    "OCSP_SIGNATURE_FAILURE": _OCSP,
    "OCSP_HAS_EXPIRED": _OCSP,
    "OCSP_NO_RESPONSE": _OCSP,
    "AUTHORITY_KEY_IDENTIFIER_CRITICAL": _CRITICAL_IDS,
    "SUBJECT_KEY_IDENTIFIER_CRITICAL": _CRITICAL_IDS,
}
"""By name: why ``ssl`` never shows it."""

UNMODELLED: Final = {
    "ERROR_IN_CERT_NOT_BEFORE_FIELD": _TIMES,
    "ERROR_IN_CERT_NOT_AFTER_FIELD": _TIMES,
    "ERROR_IN_CRL_LAST_UPDATE_FIELD": _TIMES,
    "ERROR_IN_CRL_NEXT_UPDATE_FIELD": _TIMES,
}
"""By name: what brings it through ``ssl``, where the releases book says nothing."""
