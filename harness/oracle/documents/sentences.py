"""The sentences of the documentation that this book holds a target to.

Each is said in our own words, with its address and the releases it stands in.
"""

from typing import Final

from harness.case import Role
from harness.flags import Flags
from harness.oracle.documents.sentence import (
    BOTH,
    EDITIONS,
    HOLDS,
    LETS_PASS,
    OPTIONS,
    PARAMETERS,
    PYTHON,
    REFUSES,
    Sentence,
    flag_named,
)


def _python(
    name: str,
    text: str,
    *,
    part: str = "",
    since: tuple[int, ...] = (3, 4),
    sides: tuple[str, ...] = BOTH,
) -> Sentence:
    anchor = name if name.startswith("VERIFY_") else f"VERIFY_{name}"
    return Sentence(
        name + part, flag_named(name), text, PYTHON + anchor, since=since, sides=sides
    )


def _manual(
    name: str,
    text: str,
    *,
    part: str = "",
    address: str = PARAMETERS + "verification-flags",
    editions: tuple[str, ...] = EDITIONS,
    since: tuple[int, ...] = (3, 4),
    sides: tuple[str, ...] = BOTH,
    roles: tuple[Role, ...] = (Role.CLIENT, Role.SERVER),
) -> Sentence:
    return Sentence(
        name + part,
        flag_named(name),
        text,
        address,
        since=since,
        editions=editions,
        sides=sides,
        roles=roles,
    )


def _strict(
    part: str, text: str, editions: tuple[str, ...] = ("3.0", "4.0")
) -> Sentence:
    return _manual(
        "X509_STRICT",
        text,
        part=part,
        address=OPTIONS + "verification-options",
        editions=editions,
        sides=(REFUSES,),
    )


def _surface(
    name: str,
    text: str,
    *,
    anchor: str = "",
    since: tuple[int, ...] = (3, 6),
    flag: Flags | None = None,
) -> Sentence:
    address = PYTHON + (anchor or name.partition("/")[0])
    return Sentence(name, flag, text, address, since=since, sides=(HOLDS,))


VALIDATION: Final = OPTIONS + "certification-path-validation"
BUILDING: Final = OPTIONS + "certification-path-building"

_FLAGS: Final = (
    _python(
        "VERIFY_DEFAULT",
        "CRLs are not checked: without a CRL flag they are neither required nor used.",
    ),
    _python(
        "CRL_CHECK_LEAF",
        "Only the peer's certificate is checked; its issuer's valid CRL is required.",
    ),
    _python(
        "CRL_CHECK_LEAF",
        "Without a valid CRL signed by the issuer of the peer's certificate, fails.",
        part="/requires-crl",
        sides=(REFUSES,),
    ),
    _python(
        "CRL_CHECK_LEAF",
        "A peer's certificate that its issuer's valid CRL lists is refused.",
        part="/revoked",
        sides=(REFUSES,),
    ),
    _python(
        "CRL_CHECK_LEAF",
        "Intermediate CA certificates are not checked.",
        part="/only-peer",
        sides=(LETS_PASS,),
    ),
    _python(
        "CRL_CHECK_CHAIN",
        "The CRLs of all certificates in the peer's chain are checked.",
    ),
    _python(
        "CRL_CHECK_CHAIN",
        "Fails if a certificate of the chain has no valid CRL of its issuer.",
        part="/requires-crl",
        sides=(REFUSES,),
    ),
    _python(
        "CRL_CHECK_CHAIN",
        "A certificate of the chain that its issuer's valid CRL lists is refused.",
        part="/revoked",
        sides=(REFUSES,),
    ),
    _python("X509_STRICT", "Workarounds for broken certificates are disabled."),
    _python(
        "ALLOW_PROXY_CERTS",
        "Proxy certificates are verified with the flag, and refused without it.",
        since=(3, 10),
    ),
    _python(
        "X509_TRUSTED_FIRST",
        "Trusted certificates are preferred when the chain is built.",
        since=(3, 4, 4),
    ),
    _python(
        "X509_PARTIAL_CHAIN",
        "A certificate in the trust store is a trust anchor, self-signed or not.",
        since=(3, 10),
    ),
)

_STRICT: Final = (
    Sentence(
        "X509_STRICT/basic-constraints",
        flag_named("X509_STRICT"),
        "A CA without basicConstraints, tolerated as a workaround, is refused.",
        "https://docs.openssl.org/1.1.1/man1/x509/#certificate-extensions",
        editions=("1.1.1",),
        sides=(REFUSES,),
    ),
    _strict(
        "/ca-constraints-critical", "A CA's basicConstraints is critical.", ("3.0",)
    ),
    _strict("/ca-key-usage", "A CA certificate has a keyUsage extension."),
    _strict(
        "/path-length-key-usage", "pathLenConstraint needs keyCertSign to be allowed."
    ),
    _strict("/path-length-non-ca", "pathLenConstraint stands in CA certificates only."),
    _strict("/issuer-name", "The issuer name of a certificate is not empty."),
    _strict(
        "/subject-name",
        "The subject of a CA, a cRLSign key or one without SAN is not empty.",
    ),
    _strict("/alternative-name", "A subjectAltName extension is not empty."),
    _strict(
        "/signature-algorithm", "The two signature algorithms of a certificate agree."
    ),
    _strict(
        "/key-ids-not-critical",
        "Neither authority nor subject key identifier is critical.",
        ("3.0",),
    ),
    _strict(
        "/authority-key-id",
        "A v3 certificate has an authorityKeyIdentifier, unless self-signed.",
    ),
    _strict("/subject-key-id", "A v3 CA certificate has a subjectKeyIdentifier."),
)

_BITS: Final = (
    _manual(
        "CRL_CHECK_ALL",
        "Without CRL_CHECK this bit is ignored.",
        editions=("3.0", "4.0"),
        sides=(LETS_PASS,),
    ),
    _manual(
        "EXTENDED_CRL_SUPPORT",
        "Indirect CRLs and CRLs signed by a different key are off by default.",
        sides=(REFUSES,),
    ),
    _manual("USE_DELTAS", "Without the bit, delta CRLs are ignored.", sides=(REFUSES,)),
    _manual(
        "IGNORE_CRITICAL",
        "An unhandled critical extension is fatal; with the bit it is ignored.",
    ),
    _manual(
        "NO_CHECK_TIME",
        "With the bit, validity periods of certificates and CRLs are not checked.",
    ),
    _manual(
        "CHECK_SS_SIGNATURE",
        "With the bit, the signature of a last, self-signed certificate is checked.",
    ),
)

_ALWAYS: Final = (
    _manual(
        "VERIFY_DEFAULT",
        "A chain must end in a trust anchor.",
        part="/trust-anchor",
        address=BUILDING,
        sides=(REFUSES,),
    ),
    _manual(
        "VERIFY_DEFAULT",
        "Each certificate but the anchor verifies under the next one's key.",
        part="/signature",
        address=VALIDATION,
        sides=(REFUSES,),
    ),
    _manual(
        "VERIFY_DEFAULT",
        "Every certificate, the anchor included, is within its validity period.",
        part="/validity",
        address=VALIDATION,
        sides=(REFUSES,),
    ),
    _manual(
        "VERIFY_DEFAULT",
        "Every certificate above the peer's is a CA certificate.",
        part="/authority",
        address=VALIDATION,
        sides=(REFUSES,),
    ),
    _manual(
        "VERIFY_DEFAULT",
        "A CA's keyUsage, if present, has keyCertSign.",
        part="/key-usage",
        address=OPTIONS + "key-usage",
        sides=(REFUSES,),
    ),
    _manual(
        "VERIFY_DEFAULT",
        "The peer's key usages allow TLS in its role.",
        part="/purpose",
        address=OPTIONS + "extended-key-usage",
        sides=(REFUSES,),
    ),
    _manual(
        "VERIFY_DEFAULT",
        "The reference name is one of the certificate's.",
        part="/host-name",
        address=PYTHON + "SSLContext.check_hostname",
        sides=(REFUSES,),
        roles=(Role.CLIENT,),
    ),
    _manual(
        "VERIFY_DEFAULT",
        "Keys, and signatures below the anchor, meet the security level.",
        part="/security-level",
        address=OPTIONS + "verification-options",
        sides=(REFUSES,),
    ),
)

_SURFACE: Final = (
    _surface("VerifyFlags/members", "It has a member for every VERIFY_* constant."),
    _surface("VerifyFlags/constants", "The module's constants are its members."),
    _surface("VerifyFlags/int-flag", "It is an enum.IntFlag."),
    Sentence(
        "VerifyFlags/values",
        None,
        "Each constant is the X509_V_FLAG_* value of its name.",
        PARAMETERS + "verification-flags",
        sides=(HOLDS,),
    ),
    _surface(
        "CRL_CHECK_CHAIN/contains-leaf",
        "Checking all certificates of the chain includes the peer's.",
        anchor="VERIFY_CRL_CHECK_CHAIN",
        since=(3, 4),
        flag=flag_named("CRL_CHECK_CHAIN"),
    ),
    _surface(
        "verify_flags/reads-back",
        "Documented flags that were set are read back.",
        anchor="SSLContext.verify_flags",
        since=(3, 4),
    ),
    _surface(
        "VERIFY_DEFAULT/no-crl-flag",
        "A new context has no CRL flag.",
        since=(3, 4),
        flag=flag_named("VERIFY_DEFAULT"),
    ),
    _surface(
        "X509_TRUSTED_FIRST/default",
        "The flag is on by default.",
        anchor="VERIFY_X509_TRUSTED_FIRST",
        since=(3, 4, 4),
        flag=flag_named("X509_TRUSTED_FIRST"),
    ),
    _surface(
        "verify_flags/default",
        "Only create_default_context, from 3.13 on, turns on flags besides"
        " X509_TRUSTED_FIRST.",
        anchor="create_default_context",
        since=(3, 4, 4),
    ),
    _surface("PROTOCOL_TLS/highest", "It agrees on the highest version of both ends."),
    _surface("PROTOCOL_TLS/deprecated", "It is deprecated.", since=(3, 10)),
    _surface(
        "PROTOCOL_TLS_CLIENT/highest", "It agrees on the highest version of both ends."
    ),
    _surface(
        "PROTOCOL_TLS_CLIENT/verifies",
        "CERT_REQUIRED and check_hostname are on by default.",
    ),
    _surface(
        "create_default_context/server-auth",
        "Its flags include X509_PARTIAL_CHAIN and X509_STRICT.",
        since=(3, 13),
    ),
    _surface(
        "create_default_context/client-auth",
        "Its flags include X509_PARTIAL_CHAIN and X509_STRICT, for servers too.",
        anchor="create_default_context",
        since=(3, 13),
    ),
    _surface(
        "load_verify_locations/crl",
        "It loads CRLs.",
        anchor="SSLContext.load_verify_locations",
    ),
    _surface(
        "load_verify_locations/cadata-crl",
        "It loads CRLs in PEM or DER; DER is a form that only cadata takes.",
        anchor="SSLContext.load_verify_locations",
    ),
)

SENTENCES: Final = {
    sentence.id: sentence
    for sentence in (*_FLAGS, *_STRICT, *_BITS, *_ALWAYS, *_SURFACE)
}
"""Every sentence by its identifier: of paths, and of the surface."""

SURFACE: Final = tuple(sentence.id for sentence in _SURFACE)
"""The identifiers of the sentences about the surface."""


def stands(identifier: str, edition: str) -> bool:
    """Whether the sentence stands in that edition of OpenSSL's manual."""
    return edition in SENTENCES[identifier].editions
