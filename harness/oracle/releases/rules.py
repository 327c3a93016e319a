"""Every rule by which a release objects: its place in the order, its code, its words.

Source: ``X509_verify_cert``, ``verify_chain``, ``internal_verify`` (x509_vfy.c). What a
rule wants of the flags, and which releases have it, is not said here but asked of the
rules themselves, on pinned cases (``harness/pages``).
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final


class Stage(Enum):
    """The stages of a verification, in order; the first objection is the one shown."""

    END_ENTITY_KEY = "end entity key"
    PATH = "path building"
    EXTENSIONS = "extensions"
    LEVELS = "security level"
    IDENTITY = "identity"
    PARAMETERS = "key parameters"
    REVOCATION = "revocation"
    SUITE_B = "Suite B"
    SIGNATURES = "signatures and dates"
    NAMES = "name constraints"
    RESOURCES = "RFC 3779"
    POLICY = "policy"


@dataclass(frozen=True, slots=True)
class Rule:
    """One reason to object."""

    name: str
    """As ``Objection.rule`` has it."""
    code: str
    """``X509_V_ERR_*`` without the prefix: its number differs between releases."""
    what: str
    """What it objects to."""
    stages: tuple[Stage, ...]


def _rules(*stages: Stage, **codes: dict[str, str]) -> tuple[Rule, ...]:
    """Rules of these stages: by code, by name, what they object to."""
    return tuple(
        Rule(name, code, what, stages)
        for code, named in codes.items()
        for name, what in named.items()
    )


_BUILDING: Final = (
    *_rules(
        Stage.END_ENTITY_KEY,
        EE_KEY_TOO_SMALL={
            "level.end-entity-key-too-small": (
                "the end entity's key is weaker than the security level"
            )
        },
    ),
    *_rules(
        Stage.PATH,
        Stage.EXTENSIONS,
        UNSPECIFIED={"key.undecodable": "a public key that cannot be decoded"},
    ),
    *_rules(
        Stage.PATH,
        CERT_REJECTED={
            "trust.rejected": "trust settings of the store reject the anchor"
        },
        CERT_CHAIN_TOO_LONG={"path.too-long": "more than 100 issuers"},
        DEPTH_ZERO_SELF_SIGNED_CERT={
            "path.self-signed-leaf": "a self-signed end entity that is not trusted"
        },
        SELF_SIGNED_CERT_IN_CHAIN={
            "path.self-signed-in-path": "the path ends in an untrusted self-signed one"
        },
        UNABLE_TO_GET_ISSUER_CERT={
            "path.no-issuer": "a store certificate is no anchor and has no issuer"
        },
        UNABLE_TO_GET_ISSUER_CERT_LOCALLY={
            "path.no-issuer-locally": "no issuer, neither in the store nor sent"
        },
    ),
)

_EXTENSIONS: Final = _rules(
    Stage.EXTENSIONS,
    UNHANDLED_CRITICAL_EXTENSION={
        "extension.unhandled-critical": "a critical extension OpenSSL does not handle"
    },
    PROXY_CERTIFICATES_NOT_ALLOWED={"proxy.not-allowed": "a proxy certificate"},
    INVALID_CA={
        "ca.invalid": "an issuer that is no CA",
        "strict.doubtful-ca-as-leaf": "an end entity that may be a CA or not",
        "strict.doubtful-ca-as-anchor": "an anchor that is a CA by a workaround only",
    },
    INVALID_NON_CA={"proxy.issuer-is-ca": "a CA as the issuer of a proxy"},
    EC_KEY_EXPLICIT_PARAMS={
        "key.explicit-parameters": "a curve given by parameters, not by its name"
    },
    INVALID_EXTENSION={
        "strict.path-length-as-extension": "pathLenConstraint of 0 in no CA certificate"
    },
    PATHLEN_INVALID_FOR_NON_CA={
        "strict.path-length-without-ca": "pathLenConstraint in no CA certificate"
    },
    PATHLEN_WITHOUT_KU_KEY_CERT_SIGN={
        "strict.path-length-without-cert-sign": (
            "pathLenConstraint, but keyUsage does not allow keyCertSign"
        )
    },
    CA_BCONS_NOT_CRITICAL={
        "strict.basic-constraints-not-critical": (
            "basicConstraints of a CA is not critical"
        )
    },
    CA_CERT_MISSING_KEY_USAGE={
        "strict.ca-without-key-usage": "a CA certificate without keyUsage"
    },
    KU_KEY_CERT_SIGN_INVALID_FOR_NON_CA={
        "strict.cert-sign-without-ca": "keyCertSign in no CA certificate"
    },
    ISSUER_NAME_EMPTY={"strict.issuer-empty": "an empty issuer name"},
    SUBJECT_NAME_EMPTY={
        "strict.subject-empty": (
            "an empty subject of a CA, of a cRLSign key, or without subjectAltName"
        )
    },
    EMPTY_SUBJECT_SAN_NOT_CRITICAL={
        "strict.alternative-name-not-critical": (
            "an empty subject, and subjectAltName is not critical"
        )
    },
    EMPTY_SUBJECT_ALT_NAME={
        "strict.alternative-name-empty": "a subjectAltName extension with no name in it"
    },
    SIGNATURE_ALGORITHM_INCONSISTENCY={
        "strict.algorithms-differ": "the certificate's two AlgorithmIdentifiers differ"
    },
    MISSING_AUTHORITY_KEY_IDENTIFIER={
        "strict.no-authority-key-id": (
            "no authorityKeyIdentifier below the top; or, up to 3.6, none by key"
        )
    },
    EMPTY_AUTHORITY_KEY_IDENTIFIER={
        "strict.authority-key-id-empty": "an authorityKeyIdentifier with nothing in it"
    },
    AKID_ISSUER_SERIAL_NOT_PAIRED={
        "strict.authority-issuer-without-serial": (
            "an authorityKeyIdentifier with an issuer or a serial number alone"
        )
    },
    MISSING_SUBJECT_KEY_IDENTIFIER={
        "strict.no-subject-key-id": "a CA without subjectKeyIdentifier"
    },
    EXTENSIONS_REQUIRE_VERSION_3={
        "strict.extensions-need-version-3": "extensions in a v1 or v2 certificate"
    },
    INVALID_PURPOSE={
        "purpose.unsuitable": "key usages or types that do not allow TLS in this role"
    },
    PATH_LENGTH_EXCEEDED={
        "path-length.exceeded": "more CAs below it than pathLenConstraint allows"
    },
    PROXY_PATH_LENGTH_EXCEEDED={
        "proxy.path-length-exceeded": "more proxies below it than its limit allows"
    },
)

_CHECKS: Final = (
    *_rules(
        Stage.LEVELS,
        CA_KEY_TOO_SMALL={
            "level.ca-key-too-small": "an issuer's key is weaker than the level"
        },
        CA_MD_TOO_WEAK={
            "level.digest-too-weak": "a signature digest is weaker than the level"
        },
    ),
    *_rules(
        Stage.IDENTITY,
        HOSTNAME_MISMATCH={"name.host-mismatch": "another host name"},
        IP_ADDRESS_MISMATCH={"name.address-mismatch": "another IP address"},
    ),
    *_rules(
        Stage.PARAMETERS,
        UNSPECIFIED={
            "key.end-entity-undecodable": "an end entity's key that cannot be decoded"
        },
    ),
    *_rules(
        Stage.REVOCATION,
        UNABLE_TO_GET_CRL={
            "crl.missing": "no CRL of the issuer that could be used, for every reason"
        },
        KEYUSAGE_NO_CRL_SIGN={
            "crl.issuer-cannot-sign": "the CRL issuer's keyUsage lacks cRLSign"
        },
        DIFFERENT_CRL_SCOPE={
            "crl.out-of-scope": "the CRL is for other certificates than this one"
        },
        CRL_PATH_VALIDATION_ERROR={
            "crl.issuer-path": "the CRL issuer's own path does not end as this one"
        },
        CRL_NOT_YET_VALID={"crl.not-yet-valid": "the CRL's thisUpdate is ahead"},
        CRL_HAS_EXPIRED={"crl.expired": "the CRL's nextUpdate has passed"},
        UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY={
            "crl.issuer-key-undecodable": "the CRL issuer's key cannot be decoded"
        },
        CRL_SIGNATURE_FAILURE={"crl.signature": "the CRL's signature is wrong"},
        UNHANDLED_CRITICAL_CRL_EXTENSION={
            "crl.unhandled-critical": (
                "a critical extension of the CRL or of an entry is not handled"
            )
        },
        CERT_REVOKED={"crl.revoked": "the CRL lists the certificate"},
        OCSP_VERIFY_FAILED={
            "ocsp.no-response": "no OCSP response is stapled, as `ssl` asks for none",
            "ocsp.no-issuer": "the last of the path has no issuer to ask about it",
        },
    ),
    *_rules(
        Stage.REVOCATION,
        Stage.SUITE_B,
        SUITE_B_INVALID_ALGORITHM={
            "suite-b.algorithm": "a key that is not on an elliptic curve"
        },
        SUITE_B_INVALID_CURVE={
            "suite-b.curve": "a curve that is neither P-256 nor P-384"
        },
        SUITE_B_INVALID_SIGNATURE_ALGORITHM={
            "suite-b.signature-algorithm": "a digest other than the one of the curve"
        },
        SUITE_B_LOS_NOT_ALLOWED={
            "suite-b.level-not-allowed": "a curve that the bits do not allow"
        },
    ),
    *_rules(
        Stage.SUITE_B,
        SUITE_B_INVALID_VERSION={"suite-b.version": "a certificate that is not of v3"},
        SUITE_B_CANNOT_SIGN_P_384_WITH_P_256={
            "suite-b.p-384-signed-with-p-256": "a P-384 key signed by a P-256 one"
        },
    ),
    *_rules(
        Stage.SIGNATURES,
        UNABLE_TO_VERIFY_LEAF_SIGNATURE={
            "signature.leaf-unverifiable": "a lone anchor that is not self-signed"
        },
        KEYUSAGE_NO_DIGITAL_SIGNATURE={
            "proxy.issuer-cannot-sign": "keyUsage of a proxy's issuer cannot sign"
        },
        KEYUSAGE_NO_CERTSIGN={
            "signature.issuer-cannot-sign": "the issuer's keyUsage lacks keyCertSign"
        },
        CERT_SIGNATURE_FAILURE={
            "signature.parameters-missing": "the issuer's key has no parameters to use",
            "signature.wrong": "the signature is wrong",
        },
        CERT_NOT_YET_VALID={"time.not-yet-valid": "notBefore is ahead"},
        CERT_HAS_EXPIRED={"time.expired": "notAfter has passed"},
    ),
    *_rules(
        Stage.NAMES,
        PROXY_SUBJECT_NAME_VIOLATION={
            "proxy.subject-name": "a proxy not named after its issuer"
        },
        UNSPECIFIED={
            "constraint.too-many-names": "names times constraints over 2^20",
            "constraint.common-name-not-text": "a commonName that is not text",
        },
        PERMITTED_VIOLATION={
            "constraint.not-permitted": "a name that is not permitted"
        },
        EXCLUDED_VIOLATION={"constraint.excluded": "a name that is excluded"},
        SUBTREE_MINMAX={
            "constraint.minimum-or-maximum": "a constraint with minimum or maximum"
        },
        UNSUPPORTED_CONSTRAINT_TYPE={
            "constraint.unsupported-type": "a constraint on a kind of name not handled"
        },
        UNSUPPORTED_NAME_SYNTAX={
            "constraint.unsupported-name": "a constrained name that cannot be read"
        },
    ),
)

_LAST: Final = (
    *_rules(
        Stage.RESOURCES,
        INVALID_EXTENSION={
            "resources.not-canonical": "addresses or AS numbers not in canonical form"
        },
        UNNESTED_RESOURCE={
            "resources.not-the-issuers": "resources that the issuer does not hold",
            "resources.anchor-inherits": "an anchor that inherits its resources",
        },
        UNSPECIFIED={
            "resources.family-of-odd-length": "an address family of a wrong length"
        },
    ),
    *_rules(
        Stage.POLICY,
        INVALID_POLICY_EXTENSION={
            "policy.invalid-extension": "a malformed extension about policies"
        },
        OUT_OF_MEM={"policy.tree-too-large": "a policy tree of more than 1000 nodes"},
        NO_EXPLICIT_POLICY={
            "policy.none-acceptable": "no policy is left, and one is required"
        },
    ),
)

RULES: Final = {
    rule.name: rule for rule in (*_BUILDING, *_EXTENSIONS, *_CHECKS, *_LAST)
}
"""Every rule by its name, in the order in which OpenSSL comes to them."""
