"""Behaviours that 3.0 ended or began: what tells 1.1.1 from every later release."""

from typing import Final

from harness.oracle.releases.release import Behaviour, Span

STRICT_PROFILE: Final = "strict-profile"

_UNTIL: Final = (Span("", "1.1"),)
_SINCE: Final = (Span("3.0"),)

BEFORE_3: Final = (
    Behaviour(
        "old-code-numbers",
        "Errors 24, 76, 77, 78 and 79 are INVALID_CA, SIGNATURE_ALGORITHM_MISMATCH,"
        " NO_ISSUER_PUBLIC_KEY, UNSUPPORTED_SIGNATURE_ALGORITHM and"
        " EC_KEY_EXPLICIT_PARAMS.",
        "measured on 1.1.1w; x509_vfy.h of 1.1.1w and 3.0.20",
        _UNTIL,
    ),
    Behaviour(
        STRICT_PROFILE,
        "X509_STRICT checks every certificate of a path of two or more against the"
        " profile of RFC 5280 (78, 80 to 93).",
        "measured on 1.1.1w and 3.0.19; check_extensions (x509_vfy.c) of 3.0.20",
        _SINCE,
    ),
    Behaviour(
        "strict-path-length-everywhere",
        "X509_STRICT objects to a path length without CA as an invalid extension (41),"
        " on a path of one certificate too.",
        "measured on 1.1.1w; check_chain_extensions (x509_vfy.c) of 1.1.1w",
        _UNTIL,
    ),
    Behaviour(
        "curve-checked-without-strict",
        "Explicit EC parameters (94) and a key that cannot be decoded are objected to"
        " without X509_STRICT too.",
        "measured on 1.1.1w and 3.0.19; check_extensions (x509_vfy.c) of 3.0.20",
        _SINCE,
    ),
    Behaviour(
        "malformed-may-be-ca",
        "Whether it is a CA is asked of a malformed certificate like of any other.",
        "measured on 1.1.1w; X509_check_ca (v3_purp.c) of 1.1.1w",
        _UNTIL,
    ),
    Behaviour(
        "last-outdated-issuer",
        "Of several issuers of which none is valid now, the last is taken, not the one"
        " with the latest notAfter.",
        "measured on 1.1.1w; find_issuer (x509_vfy.c) and"
        " X509_STORE_CTX_get1_issuer (x509_lu.c) of 1.1.1w",
        _UNTIL,
    ),
    Behaviour(
        "undecodable-key-ends-building",
        "A certificate whose key cannot be decoded ends the building of the path with"
        " an internal error (1) where the store has an issuer of it.",
        "measured on 1.1.1w and 3.0.19; build_chain (x509_vfy.c) of 3.0.20",
        _SINCE,
    ),
    Behaviour(
        "end-entity-key-needed",
        "An end entity whose key cannot be decoded is an internal error (1) before its"
        " revocation is checked, on a path of one certificate too.",
        "measured on 1.1.1w, 3.0.9, 3.0.19, 3.3.1 and 3.5.9; verify_chain (x509_vfy.c),"
        " which ignores what X509_get_pubkey_parameters says in 1.1.1w, not in 3.0.20",
        _SINCE,
    ),
    Behaviour(
        "own-issuer-alone-verified",
        "CHECK_SS_SIGNATURE passes over the signature of a malformed anchor, which is"
        " self-signed by its names but not taken for its own issuer.",
        "measured on 1.1.1w; internal_verify (x509_vfy.c) of 1.1.1w and 3.0.20",
        _UNTIL,
    ),
    Behaviour(
        "key-usage-may-be-empty",
        "keyUsage without a bit forbids every use; it does not make the certificate"
        " malformed.",
        "measured on 1.1.1w; x509v3_cache_extensions (v3_purp.c) of 1.1.1w",
        _UNTIL,
    ),
    Behaviour(
        "path-length-needs-ca",
        "A path length other than 0 without CA makes a certificate malformed.",
        "measured on 1.1.1w; x509v3_cache_extensions (v3_purp.c) of 1.1.1w",
        _UNTIL,
    ),
    Behaviour(
        "point-without-a-name",
        "A distribution point may have neither a name nor a cRLIssuer.",
        "measured on 1.1.1w; setup_dp (v3_purp.c) of 1.1.1w",
        _UNTIL,
    ),
    Behaviour(
        "ocsp-no-check-may-be-critical",
        "id-pkix-ocsp-nocheck counts as handled where it is critical.",
        "measured on 1.1.1w and 3.0.19; X509_supported_extension (v3_purp.c)",
        _SINCE,
    ),
    Behaviour(
        "digest-strength-by-size",
        "A signature is as strong as half its digest, SHA-1 and MD5 included: level 1"
        " takes SHA-1.",
        "measured on 1.1.1w; x509_sig_info_init (x509_set.c) of 1.1.1w",
        _UNTIL,
    ),
    Behaviour(
        "dsa-parameters-inherited",
        "A DSA key without domain parameters decodes, and is given those of the first"
        " complete key above it.",
        "measured on 1.1.1w (PKITS 4.1.5 and 4.1.6); X509_get_pubkey_parameters"
        " (x509_vfy.c) and dsa_pub_decode (dsa_ameth.c) of 1.1.1w",
        _UNTIL,
    ),
    Behaviour(
        "rsa-strength-in-steps",
        "An RSA key is as strong as the next smaller of 1024, 2048, 3072, 7680 and"
        " 15360 bits, not by the formula of NIST SP 800-56B.",
        "measured on 1.1.1w; RSA_security_bits (rsa_crpt.c) of 1.1.1w",
        _UNTIL,
    ),
    Behaviour(
        "pss-key-passes-for-rsa",
        "A key for RSASSA-PSS alone may be the issuer of a PKCS #1 v1.5 signature while"
        " the path is built; the signature is refused later (7).",
        "measured on 1.1.1w; check_sig_alg_match (v3_purp.c) of 1.1.1w",
        _UNTIL,
    ),
    Behaviour(
        "constraint-minimum-may-be-zero",
        "A name constraint may spell out its minimum where that is zero.",
        "measured on 1.1.1w and 3.0.19; nc_match (v3_ncons.c)",
        _SINCE,
    ),
    Behaviour(
        "other-names-by-type",
        "An otherName meets only constraints of its own type-id.",
        "measured on 1.1.1w and 3.0.19; nc_match (v3_ncons.c)",
        _SINCE,
    ),
    Behaviour(
        "mailbox-is-an-address",
        "An SmtpUTF8Mailbox meets constraints on rfc822Name (RFC 8398).",
        "measured on 1.1.1w and 3.0.19; nc_match (v3_ncons.c)",
        _SINCE,
    ),
)
"""Spans end with the line 1.1 or begin with 3.0."""
