"""Strategies of certificates and CRLs, every field of them, and what bits mean."""

from collections.abc import Mapping

from hypothesis import strategies as st

from harness.facts import NameKind
from harness.pki.identifiers import PURPOSES
from harness.pki.spec import (
    AttributeSpec,
    AuthorityKeyIdSpec,
    BasicConstraintsSpec,
    CertificateSpec,
    CrlSpec,
    Entity,
    ExtendedKeyUsageSpec,
    GeneralNameSpec,
    IssuingPointSpec,
    KeyId,
    KeyUsageSpec,
    NameConstraintsSpec,
    NameSpec,
    PointSpec,
    ProxySpec,
    Reason,
    RevokedSpec,
    StringType,
    SubjectKeyIdSpec,
    SubtreeSpec,
)
from tests.pki.plain import MID, ROOT

USAGE: Mapping[str, int] = {
    "digitalSignature": 0x80,
    "nonRepudiation": 0x40,
    "keyEncipherment": 0x20,
    "dataEncipherment": 0x10,
    "keyAgreement": 0x08,
    "keyCertSign": 0x04,
    "cRLSign": 0x02,
    "encipherOnly": 0x01,
    "decipherOnly": 0x8000,
}
"""``KU_*`` of OpenSSL's ``x509v3.h``."""

REASONS: Mapping[str, int] = {
    "unused": 0,
    "keyCompromise": 0x40,
    "cACompromise": 0x20,
    "affiliationChanged": 0x10,
    "superseded": 0x08,
    "cessationOfOperation": 0x04,
    "certificateHold": 0x02,
    "privilegeWithdrawn": 0x01,
    "aACompromise": 0x8000,
}
"""Bits of ``CRLDP_ALL_REASONS``; OpenSSL drops the unused one."""

ASCII = st.text(st.characters(codec="ascii", exclude_categories=["C"]), max_size=12)
WIDE = st.text(
    st.characters(max_codepoint=0xFFFF, exclude_categories=["C"]), max_size=8
)
SMALL = st.none() | st.integers(0, 300)
OIDS = st.sampled_from(["1.2.3", "2.5.29.37.0", "1.3.6.1.4.1.99999.70000"])

attributes = st.builds(
    AttributeSpec,
    value=ASCII,
    type=st.sampled_from(["CN", "O", "OU", "C", "E", "2.5.4.5"]),
    string=st.sampled_from([StringType.UTF8, StringType.PRINTABLE, StringType.TELETEX]),
) | st.builds(AttributeSpec, WIDE, string=st.just(StringType.BMP))
names = st.builds(
    NameSpec,
    st.lists(st.lists(attributes, min_size=1, max_size=2).map(tuple), max_size=3).map(
        tuple
    ),
)
general_names = st.one_of(
    st.builds(GeneralNameSpec.dns, ASCII),
    st.builds(GeneralNameSpec.uri, ASCII),
    st.builds(GeneralNameSpec, st.just(NameKind.EMAIL), ASCII),
    st.builds(GeneralNameSpec.dir, names),
    st.builds(GeneralNameSpec, st.just(NameKind.IP), st.ip_addresses().map(str)),
    st.builds(GeneralNameSpec, st.just(NameKind.REGISTERED_ID), OIDS),
    st.builds(GeneralNameSpec, st.just(NameKind.DNS), raw=st.binary(max_size=9)),
)
name_lists = st.lists(general_names, max_size=3).map(tuple)
reasons = st.none() | st.frozensets(st.sampled_from(sorted(REASONS)))
points = st.one_of(
    st.builds(PointSpec, full=name_lists, reasons=reasons, crl_issuer=name_lists),
    st.builds(PointSpec, relative=attributes, reasons=reasons, crl_issuer=name_lists),
)
authority_key_ids = st.one_of(
    st.builds(
        AuthorityKeyIdSpec,
        key_id=st.sampled_from([KeyId.OWN, KeyId.OTHER, KeyId.ABSENT]),
        key=st.none() | st.sampled_from(["p256-9", "rsa2048-1"]),
        issuer=st.none() | names,
        serial=st.none() | st.integers(-9, 1 << 70),
        critical=st.booleans(),
    ),
    st.just(AuthorityKeyIdSpec(KeyId.EMPTY)),
)
subtrees = st.lists(
    st.builds(SubtreeSpec, general_names, st.integers(0, 9), SMALL), max_size=3
).map(tuple)
entities = st.builds(Entity, names, st.sampled_from(["p256-3", "ed25519-1", "p384-0"]))

certificates = st.builds(
    CertificateSpec,
    label=st.just("any"),
    subject=entities,
    issuer=entities,
    serial=st.integers(-(1 << 70), 1 << 160),
    version=st.integers(1, 4),
    not_before=st.integers(-(10**10), 10**10),
    not_after=st.integers(-(10**10), 10**11),
    basic_constraints=st.none()
    | st.builds(
        BasicConstraintsSpec,
        ca=st.booleans(),
        path_length=st.none() | st.integers(-2, 300),
        critical=st.booleans(),
    ),
    key_usage=st.none()
    | st.builds(
        KeyUsageSpec, st.frozensets(st.sampled_from(sorted(USAGE))), st.booleans()
    ),
    extended_key_usage=st.none()
    | st.builds(
        ExtendedKeyUsageSpec,
        st.lists(st.sampled_from(sorted(PURPOSES)) | OIDS, max_size=3).map(tuple),
        st.booleans(),
    ),
    subject_key_id=st.builds(SubjectKeyIdSpec, st.sampled_from(KeyId), st.booleans()),
    authority_key_id=authority_key_ids,
    subject_alt_name=st.none() | name_lists,
    san_critical=st.booleans(),
    name_constraints=st.none()
    | st.builds(NameConstraintsSpec, subtrees, subtrees, st.booleans()),
    distribution_points=st.lists(points, max_size=3).map(tuple),
    proxy=st.none() | st.builds(ProxySpec, SMALL, OIDS, st.booleans()),
    digest=st.sampled_from(["sha1", "sha224", "sha256", "sha384", "sha512"]),
)

crls = st.builds(
    CrlSpec,
    label=st.just("any"),
    issuer=st.sampled_from([ROOT, MID]),
    this_update=st.integers(-(10**10), 10**10),
    next_update=st.none() | st.integers(-(10**10), 10**10),
    revoked=st.lists(
        st.builds(
            RevokedSpec,
            st.integers(-300, 1 << 80),
            st.none() | st.sampled_from(Reason),
            st.none() | names,
        ),
        max_size=4,
    ).map(tuple),
    number=st.none() | st.integers(-1, 1 << 80),
    number_critical=st.booleans(),
    base_number=SMALL,
    issuing_point=st.none()
    | st.builds(
        IssuingPointSpec,
        full=name_lists,
        only_user=st.booleans(),
        only_ca=st.booleans(),
        only_attribute=st.booleans(),
        indirect=st.booleans(),
        reasons=reasons,
        critical=st.booleans(),
    )
    | st.builds(IssuingPointSpec, relative=attributes),
    authority_key_id=authority_key_ids,
    version=st.integers(1, 3),
)
