"""What X509_STRICT promises to refuse: the list of openssl-verification-options.

1.1.1 has no list, but x509(1) names one workaround: a CA without basicConstraints.

A departure is an oddity without the flag (the workarounds it would disable are not
promised), and an objection with it where the item stands in the edition. The list says
"among others", so whatever else is odd stays open under the flag.
"""

from collections.abc import Iterator
from typing import Final

from harness.facts import (
    AuthorityKeyId,
    BasicConstraints,
    Certificate,
    Malformed,
)
from harness.oracle.documents.remarks import (
    IGNORE_CRITICAL,
    NOT_A_CA,
    STRICT,
    UNTRUSTED,
    Remark,
)
from harness.oracle.documents.sentences import stands

KEY_CERT_SIGN: Final = 0x04
CRL_SIGN: Final = 0x02

BASIC_CONSTRAINTS: Final = "2.5.29.19"
AUTHORITY_KEY_ID: Final = "2.5.29.35"
SUBJECT_KEY_ID: Final = "2.5.29.14"


def is_ca(certificate: Certificate) -> bool:
    """Whether basicConstraints is there, usable, and says CA (RFC 5280, 4.2.1.9)."""
    constraints = certificate.basic_constraints
    return isinstance(constraints, BasicConstraints) and constraints.ca


def critical(certificate: Certificate, oid: str) -> bool:
    """Whether the extension is there and critical."""
    return any(item.oid == oid and item.critical for item in certificate.extensions)


def allows(usage: int | Malformed | None, bit: int) -> bool:
    """Whether a key usage, absent or present, allows that bit."""
    return usage is None or (not isinstance(usage, Malformed) and bool(usage & bit))


def strict_remarks(
    certificate: Certificate,
    *,
    above: bool,
    exempt: bool,
    anchor: bool,
    edition: str,
) -> Iterator[Remark]:
    """The list's departures in one certificate.

    ``above`` the peer's certificate a CA is wanted; ``exempt`` is a self-signed
    certificate, which needs no authorityKeyIdentifier. A trust ``anchor`` that is not
    self-signed is "treated in the same way" as one that is, so there a missing
    identifier is only odd.
    """
    yield from _identifier(certificate.authority_key_id)
    departures = list(_departures(certificate, exempt=exempt))
    if above and certificate.basic_constraints is None:
        departures.append(("basic-constraints", NOT_A_CA))
    for item, codes in departures:
        name = f"X509_STRICT/{item}"
        yield Remark(item, codes)
        if item == "authority-key-id" and anchor:
            continue
        if stands(name, edition):
            # IGNORE_CRITICAL may be read to cover an identifier's criticality.
            off = IGNORE_CRITICAL if item == "key-ids-not-critical" else 0
            yield Remark(item, codes, (name,), on=STRICT, off=off)


def _identifier(identifier: AuthorityKeyId | Malformed | None) -> Iterator[Remark]:
    """What RFC 5280, 4.2.1.1, wants of an authorityKeyIdentifier and no list names."""
    if not isinstance(identifier, AuthorityKeyId):
        return
    if identifier.key_id is None:
        yield Remark("no key identifier of the issuer", frozenset({85, 102}), on=STRICT)
    if (identifier.issuer is None) is not (identifier.serial is None):
        yield Remark("issuer or serial number alone", frozenset({103}), on=STRICT)


def _departures(
    certificate: Certificate, *, exempt: bool
) -> Iterator[tuple[str, frozenset[int]]]:
    constraints = certificate.basic_constraints
    usage = certificate.key_usage
    ca = is_ca(certificate)
    if ca and not critical(certificate, BASIC_CONSTRAINTS):
        yield "ca-constraints-critical", frozenset({89})
    if ca and usage is None:
        yield "ca-key-usage", frozenset({92, 81})
    if isinstance(constraints, BasicConstraints) and (
        # ASN1_INTEGER_get gives a length that no long holds as if there were none.
        constraints.path_length is not None and constraints.path_length < 1 << 63
    ):
        if not ca:
            # 1.1.1 takes such a certificate for no issuer, nor for issued.
            yield "path-length-non-ca", frozenset({80, 41}) | NOT_A_CA | UNTRUSTED
        elif not allows(usage, KEY_CERT_SIGN):
            yield "path-length-key-usage", frozenset({81}) | NOT_A_CA
    if not certificate.issuer.canonical:
        yield "issuer-name", frozenset({83})
    if not certificate.subject.canonical and (
        ca
        or certificate.subject_alt_name is None
        or (isinstance(usage, int) and usage & CRL_SIGN)
    ):
        yield "subject-name", frozenset({84})
    if certificate.subject_alt_name == ():
        yield "alternative-name", frozenset({87})
    if not certificate.algorithms_equal:
        yield "signature-algorithm", frozenset({7, 68, 76, 77, 78})
    if critical(certificate, AUTHORITY_KEY_ID) or critical(certificate, SUBJECT_KEY_ID):
        yield "key-ids-not-critical", frozenset({34, 90, 91})
    if certificate.version != 3:
        return
    if certificate.authority_key_id is None and not exempt:
        yield "authority-key-id", frozenset({85})
    if ca and certificate.subject_key_id is None:
        yield "subject-key-id", frozenset({86})
