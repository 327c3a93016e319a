"""A scenario with something of everything, and ways to read one item of it."""

from dataclasses import replace
from typing import Final

from harness.case import Case, TrustedItem
from harness.facts import Certificate, Crl, Facts, NameKind
from harness.pki.issue import Issued, issue_all
from harness.pki.read import read
from harness.pki.spec import (
    AttributeSpec,
    AuthorityKeyIdSpec,
    BasicConstraintsSpec,
    CertificateSpec,
    CrlSpec,
    Entity,
    GeneralNameSpec,
    IssuingPointSpec,
    NameConstraintsSpec,
    NameSpec,
    PointSpec,
    ProxySpec,
    RawExtension,
    Reason,
    RevokedSpec,
    Scenario,
    StringType,
    SubtreeSpec,
    TrustSpec,
    ca,
    end_entity,
)

NOW: Final = 1_800_000_000
SEED: Final = 7

ROOT: Final = Entity(NameSpec.cn("Root"), "p256-0")
MID: Final = Entity(NameSpec.cn("Intermediate"), "rsa1024-0")
LEAF: Final = Entity(
    NameSpec(
        (
            (AttributeSpec("Some  Body"), AttributeSpec("Ünit", "OU", StringType.BMP)),
            (AttributeSpec("a@b.example", "E", StringType.IA5),),
        )
    ),
    "p256-2",
)

SCENARIO: Final = Scenario(
    certificates=(
        end_entity(
            "leaf",
            LEAF,
            MID,
            subject_alt_name=(
                GeneralNameSpec.dns("leaf.example"),
                GeneralNameSpec(NameKind.IP, "192.0.2.1"),
                GeneralNameSpec(NameKind.OTHER, "1.2.3:text"),
                GeneralNameSpec(NameKind.REGISTERED_ID, "1.2.3.4"),
                GeneralNameSpec.dir(NameSpec.cn("Directory")),
            ),
            distribution_points=(
                PointSpec((GeneralNameSpec.uri("http://crl.example/1"),)),
                PointSpec(
                    relative=AttributeSpec("point"), reasons=frozenset({"aACompromise"})
                ),
                PointSpec(crl_issuer=(GeneralNameSpec.dir(NameSpec.cn("Other")),)),
            ),
        ),
        ca(
            "mid",
            MID,
            ROOT,
            basic_constraints=BasicConstraintsSpec(ca=True, path_length=3),
            authority_key_id=AuthorityKeyIdSpec(issuer=NameSpec.cn("Root"), serial=300),
            name_constraints=NameConstraintsSpec(
                permitted=(SubtreeSpec(GeneralNameSpec.dns("example"), 1, 9),),
                excluded=(SubtreeSpec(GeneralNameSpec(NameKind.IP, "10.0.0.0/8")),),
            ),
            extra=(RawExtension("2.16.840.1.113730.1.1", bytes.fromhex("030205a0")),),
        ),
        ca("root", ROOT, ROOT, not_after=60 * 365 * 86400),
        CertificateSpec(
            "proxy",
            Entity(LEAF.name.plus("proxy"), "ed25519-0"),
            LEAF,
            proxy=ProxySpec(path_length=2),
        ),
    ),
    crls=(
        CrlSpec("root-crl", ROOT),
        CrlSpec(
            "mid-crl",
            MID,
            revoked=(
                RevokedSpec("leaf", Reason.HOLD, NameSpec.cn("Intermediate")),
                RevokedSpec(5),
            ),
            issuing_point=IssuingPointSpec(
                relative=AttributeSpec("point"),
                only_user=True,
                reasons=frozenset({"keyCompromise"}),
            ),
            base_number=3,
        ),
    ),
    peer=("leaf", "mid"),
    trusted=(TrustSpec("root", trust=("serverAuth",), reject=("1.2.3",)),),
    loaded=("root-crl", "mid-crl"),
)


def issued() -> Issued:
    """The scenario's certificates and CRLs."""
    return issue_all(SCENARIO, seed=SEED, now=NOW)


def facts_of(certificate: CertificateSpec) -> Certificate:
    """The facts of one certificate alone."""
    scenario = Scenario((certificate,))
    encoding = issue_all(scenario, seed=SEED, now=NOW).certificates[certificate.label]
    (found,) = read_peer(encoding).peer
    return found


def crl_facts_of(crl: CrlSpec) -> Crl:
    """The facts of one CRL of the scenario's issuers."""
    scenario = replace(SCENARIO, crls=(crl,), loaded=(crl.label,))
    (found,) = read(issue_all(scenario, seed=SEED, now=NOW).case).crls
    return found


def read_peer(*encodings: bytes) -> Facts:
    """The facts of a case that presents these certificates."""
    return read(Case(peer=encodings, trusted=()))


def read_crl(encoding: bytes, *trusted: bytes) -> Facts:
    """The facts of a case that loads this CRL."""
    items = tuple(TrustedItem(item) for item in trusted)
    return read(Case(peer=(), trusted=items, crls=(encoding,)))
