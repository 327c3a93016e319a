"""The reader against another one: ``cryptography``'s, on NIST PKITS and on our own.

Each fact is compared wherever both readers can read.
"""

import hashlib
import warnings
from collections.abc import Iterable, Iterator
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

import cryptography_vectors
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from harness import facts
from harness.case import Case, TrustedItem
from harness.facts import GeneralName, Name, NameKind, Signature
from harness.pki import der
from harness.pki.identifiers import CRL_REASONS
from harness.pki.read import read
from tests.pki.plain import issued, read_crl, read_peer
from tests.pki.specs import REASONS, USAGE

PKITS = Path(cryptography_vectors.__file__).parent / "x509" / "PKITS_data"
OURS = issued()
INHERITED = {
    "DSAParametersInheritedCACert.crt",
    "ValidDSAParameterInheritanceTest5EE.crt",
}
"""DSA keys without parameters, which ``cryptography`` does not read."""

USAGES = {
    "digital_signature": "digitalSignature",
    "content_commitment": "nonRepudiation",
    "key_encipherment": "keyEncipherment",
    "data_encipherment": "dataEncipherment",
    "key_agreement": "keyAgreement",
    "key_cert_sign": "keyCertSign",
    "crl_sign": "cRLSign",
}

KINDS: dict[type, NameKind] = {
    x509.DNSName: NameKind.DNS,
    x509.RFC822Name: NameKind.EMAIL,
    x509.UniformResourceIdentifier: NameKind.URI,
}


def same_name(mine: Name, theirs: x509.Name) -> bool:
    """Types and texts of every RDN."""
    wanted = [
        sorted((item.oid.dotted_string, str(item.value)) for item in rdn)
        for rdn in theirs.rdns
    ]
    return wanted == [
        sorted((item.oid, item.text or "") for item in rdn) for rdn in mine.rdns
    ]


def same_general_name(mine: GeneralName, theirs: x509.GeneralName) -> bool:
    """Kind and value."""
    match theirs:
        case x509.DirectoryName():
            return mine.name is not None and same_name(mine.name, theirs.value)
        case x509.IPAddress():
            value = theirs.value
            if isinstance(value, IPv4Network | IPv6Network):
                packed = value.network_address.packed + value.netmask.packed
            else:
                packed = value.packed
            return (mine.kind, mine.value) == (NameKind.IP, packed)
        case x509.RegisteredID():
            return mine.value == der.oid(theirs.value.dotted_string)[2:]
        case x509.OtherName():
            return mine.type_id == theirs.type_id.dotted_string
        case _:
            wanted = (KINDS[type(theirs)], theirs.value.encode())
            return (mine.kind, mine.value) == wanted


def same_general_names(
    mine: tuple[GeneralName, ...] | None, theirs: Iterable[x509.GeneralName] | None
) -> bool:
    """All, in order."""
    pairs = list(zip(mine or (), theirs or (), strict=True))
    return all(same_general_name(*pair) for pair in pairs)


def reasons(theirs: frozenset[x509.ReasonFlags] | None) -> int | None:
    """OpenSSL's mask."""
    if theirs is None:
        return None
    return sum(REASONS[reason.value] for reason in theirs)


def check_authority(mine: object, theirs: x509.AuthorityKeyIdentifier) -> None:
    """AuthorityKeyIdentifier."""
    assert isinstance(mine, facts.AuthorityKeyId)
    assert mine.key_id == theirs.key_identifier
    assert mine.serial == theirs.authority_cert_serial_number
    assert same_general_names(mine.issuer, theirs.authority_cert_issuer)


def check_points(mine: object, theirs: x509.CRLDistributionPoints) -> None:
    """CRLDistributionPoints."""
    assert isinstance(mine, tuple)
    for point, wanted in zip(mine, theirs, strict=True):
        full = None if point.point is None else point.point.full
        assert same_general_names(full, wanted.full_name)
        is_relative = point.point is not None and point.point.relative is not None
        assert is_relative == (wanted.relative_name is not None)
        assert point.reasons == reasons(wanted.reasons)
        assert same_general_names(point.crl_issuer, wanted.crl_issuer)


def check_constraints(mine: object, theirs: x509.NameConstraints) -> None:
    """NameConstraints."""
    assert isinstance(mine, facts.NameConstraints)
    permitted = tuple(tree.base for tree in mine.permitted)
    excluded = tuple(tree.base for tree in mine.excluded)
    assert same_general_names(permitted, theirs.permitted_subtrees)
    assert same_general_names(excluded, theirs.excluded_subtrees)


def check_extension(mine: facts.Certificate, theirs: object) -> None:
    """One extension of a certificate, of those that facts hold."""
    match theirs:
        case x509.BasicConstraints():
            wanted = facts.BasicConstraints(theirs.ca, theirs.path_length)
            assert mine.basic_constraints == wanted
        case x509.KeyUsage():
            mask = sum(USAGE[USAGES[name]] for name in USAGES if getattr(theirs, name))
            assert isinstance(mine.key_usage, int)
            assert mine.key_usage & ~0x8001 == mask
        case x509.ExtendedKeyUsage():
            dotted = tuple(purpose.dotted_string for purpose in theirs)
            assert mine.extended_key_usage == dotted
        case x509.SubjectKeyIdentifier():
            assert mine.subject_key_id == theirs.digest
        case x509.AuthorityKeyIdentifier():
            check_authority(mine.authority_key_id, theirs)
        case x509.SubjectAlternativeName():
            assert isinstance(mine.subject_alt_name, tuple)
            assert same_general_names(mine.subject_alt_name, theirs)
        case x509.NameConstraints():
            check_constraints(mine.name_constraints, theirs)
        case x509.CRLDistributionPoints():
            check_points(mine.distribution_points, theirs)


def seconds(moment: datetime) -> int:
    """A date of theirs, in ours."""
    return int(moment.timestamp())


def check_certificate(encoding: bytes, theirs: x509.Certificate) -> None:
    """Every fact of a certificate, by the other reader."""
    (mine,) = read_peer(encoding).peer
    assert (mine.version, mine.serial) == (
        theirs.version.value + 1,
        theirs.serial_number,
    )
    assert same_name(mine.subject, theirs.subject)
    assert same_name(mine.issuer, theirs.issuer)
    assert mine.not_before == seconds(theirs.not_valid_before_utc)
    assert mine.not_after == seconds(theirs.not_valid_after_utc)
    assert mine.outer_algorithm.oid == theirs.signature_algorithm_oid.dotted_string
    listed = [(item.oid, item.critical) for item in mine.extensions]
    assert listed == [
        (item.oid.dotted_string, item.critical) for item in theirs.extensions
    ]
    for item in theirs.extensions:
        check_extension(mine, item.value)
    present = {item.oid.dotted_string for item in theirs.extensions}
    assert (mine.key_usage is None) == ("2.5.29.15" not in present)
    key = theirs.public_key()
    assert mine.key is not None
    assert mine.key.bits == getattr(key, "key_size", mine.key.bits)
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert mine.key.fingerprint == hashlib.sha256(spki).hexdigest()


def check_entry(mine: facts.Revoked, theirs: x509.RevokedCertificate) -> None:
    """One CRL entry."""
    assert mine.serial == theirs.serial_number
    for item in theirs.extensions:
        match item.value:
            case x509.CRLReason(reason=reason):
                assert mine.reason == CRL_REASONS[reason.value]
            case x509.CertificateIssuer() as issuer:
                assert isinstance(mine.certificate_issuer, tuple)
                assert same_general_names(mine.certificate_issuer, issuer)
    assert len(mine.extensions) == len(theirs.extensions)


def check_crl_extension(mine: facts.Crl, theirs: object) -> None:
    """One extension of a CRL."""
    match theirs:
        case x509.CRLNumber():
            assert mine.number == theirs.crl_number
        case x509.DeltaCRLIndicator():
            assert mine.base_number == theirs.crl_number
        case x509.AuthorityKeyIdentifier():
            check_authority(mine.authority_key_id, theirs)
        case x509.IssuingDistributionPoint():
            point = mine.issuing_point
            assert isinstance(point, facts.IssuingPoint)
            full = None if point.point is None else point.point.full
            assert same_general_names(full, theirs.full_name)
            assert point.only_user == theirs.only_contains_user_certs
            assert point.only_ca == theirs.only_contains_ca_certs
            assert point.only_attribute == theirs.only_contains_attribute_certs
            assert point.indirect == theirs.indirect_crl
            assert point.reasons == reasons(theirs.only_some_reasons)


def check_crl(encoding: bytes, theirs: x509.CertificateRevocationList) -> None:
    """Every fact of a CRL, by the other reader."""
    (mine,) = read_crl(encoding).crls
    assert same_name(mine.issuer, theirs.issuer)
    assert mine.this_update == seconds(theirs.last_update_utc)
    assert mine.next_update == (
        theirs.next_update_utc and seconds(theirs.next_update_utc)
    )
    assert mine.outer_algorithm.oid == theirs.signature_algorithm_oid.dotted_string
    for entry, wanted in zip(mine.entries, theirs, strict=True):
        check_entry(entry, wanted)
    for item in theirs.extensions:
        check_crl_extension(mine, item.value)
    listed = [(item.oid, item.critical) for item in mine.extensions]
    assert listed == [
        (item.oid.dotted_string, item.critical) for item in theirs.extensions
    ]


def certificates() -> Iterator[tuple[str, bytes]]:
    """NIST's certificates and ours, by name."""
    for path in sorted(PKITS.glob("certs/*.crt")):
        yield path.name, path.read_bytes()
    yield from OURS.certificates.items()


def test_certificates_are_read_as_the_other_reader_reads_them() -> None:
    """Every field of every certificate, but for two that only we can read."""
    unread = set()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PKITS has negative serial numbers
        for name, encoding in certificates():
            try:
                theirs = x509.load_der_x509_certificate(encoding)
            except ValueError:
                unread.add(name)
                continue
            check_certificate(encoding, theirs)
    assert unread == INHERITED


@pytest.mark.parametrize("name", sorted(INHERITED))
def test_inherited_parameters_are_told(name: str) -> None:
    """A DSA key whose parameters are its issuer's has no strength of its own."""
    (found,) = read_peer((PKITS / "certs" / name).read_bytes()).peer
    assert found.key is not None
    assert found.key.inherits
    assert found.key.security_bits == -1
    assert found.subject.attributes


def test_crls_are_read_as_the_other_reader_reads_them() -> None:
    """Every field of every CRL of NIST's and ours."""
    encodings = [path.read_bytes() for path in sorted(PKITS.glob("crls/*.crl"))]
    assert len(encodings) > 150
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PKITS has negative serial numbers
        for encoding in (*encodings, *OURS.crls.values()):
            check_crl(encoding, x509.load_der_x509_crl(encoding))


def test_every_signature_of_a_pkits_path_is_found_good() -> None:
    """The trust anchor signs itself, a CA and its CRL; the CA signs what it may."""
    certificates, crls = PKITS / "certs", PKITS / "crls"
    leaf, mid, root = (
        (certificates / f"{name}.crt").read_bytes()
        for name in (
            "ValidCertificatePathTest1EE",
            "GoodCACert",
            "TrustAnchorRootCertificate",
        )
    )
    names = ("GoodCACRL", "TrustAnchorRootCRL")
    lists = tuple((crls / f"{name}.crl").read_bytes() for name in names)
    found = read(Case((leaf, mid), (TrustedItem(root),), lists))
    signers = (found.peer[1], found.trusted[0].certificate)
    for item, signer in zip(found.peer, signers, strict=True):
        assert found.verifies(item, signer) is Signature.GOOD
    for crl, signer in zip(found.crls, signers, strict=True):
        assert found.verifies(crl, signer) is Signature.GOOD
    assert found.verifies(signers[1], signers[1]) is Signature.GOOD
