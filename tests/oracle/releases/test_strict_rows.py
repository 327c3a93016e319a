"""What X509_STRICT adds, row by row (``check_extensions``)."""

from dataclasses import replace
from typing import Final

import pytest

from harness.oracle.releases.behaviours import release_for
from harness.pki.spec import (
    AuthorityKeyIdSpec,
    BasicConstraintsSpec,
    CertificateSpec,
    Entity,
    ExtendedKeyUsageSpec,
    GeneralNameSpec,
    KeyId,
    KeyUsageSpec,
    NameSpec,
    RawExtension,
    Scenario,
    ca,
    end_entity,
)
from tests.oracle.releases.rows import (
    INT,
    LEAF,
    NO_AKI,
    NO_SKI,
    PARTIAL,
    RELEASE,
    ROOT,
    STRICT,
    Row,
    chain,
    leaf,
    middle,
    told,
    top,
)

NAMELESS: Final = Entity(NameSpec(), LEAF.key)
NAMELESS_ROOT: Final = Entity(NameSpec(), ROOT.key)
DNS: Final = (GeneralNameSpec.dns("leaf.example"),)
BOTH: Final = KeyUsageSpec(frozenset({"digitalSignature", "keyCertSign"}))
CRL_TOO: Final = KeyUsageSpec(frozenset({"digitalSignature", "cRLSign"}))
SOFT_CA: Final = BasicConstraintsSpec(ca=True, critical=False)
NO_CA_1: Final = BasicConstraintsSpec(ca=False, path_length=1)
EMPTY_NAMES: Final = (RawExtension("2.5.29.17", b"\x30\x00"),)
BARE: Final = {
    "basic_constraints": None,
    "key_usage": None,
    "extended_key_usage": None,
    "subject_alt_name": None,
    "subject_key_id": NO_SKI,
    "authority_key_id": NO_AKI,
}


def bare(certificate: CertificateSpec, **changes: object) -> CertificateSpec:
    """The certificate without any extension."""
    return replace(certificate, **(BARE | changes))  # type: ignore[arg-type]


def nameless(**changes: object) -> CertificateSpec:
    """A leaf whose subject is empty."""
    return end_entity("leaf", NAMELESS, INT, **changes)


def both(
    name: str, said: str, scenario: Scenario, loose: str = "ok"
) -> tuple[Row, Row]:
    """The row under X509_STRICT, and what no flag makes of the same scenario."""
    return (
        Row(
            f"{'accept' if said == 'ok' else 'reject'} {name} strict",
            said,
            scenario,
            STRICT,
        ),
        Row(f"{'accept' if loose == 'ok' else 'reject'} {name}", loose, scenario),
    )


ROWS: Final = (
    *both("plain chain", "ok", chain()),
    *both(
        "leaf with certSign and no basic constraints",
        "79@0",
        chain(leaf(basic_constraints=None, key_usage=BOTH)),
    ),
    *both(
        "leaf alone self-signed of version 1",
        "79@0",
        chain(bare(end_entity("v1", LEAF, LEAF), version=1), peer="v1", trusted="v1"),
    ),
    *both("root of version 1", "79@2", chain(bare(top(), version=1))),
    *both("root without basic constraints", "79@2", chain(top(basic_constraints=None))),
    *both("path length of no CA", "80@0", chain(leaf(basic_constraints=NO_CA_1))),
    *both(
        "path length without key usage",
        "81@1",
        chain(
            middle(
                basic_constraints=BasicConstraintsSpec(ca=True, path_length=1),
                key_usage=None,
            )
        ),
    ),
    *both(
        "path length without certSign",
        "81@0",
        chain(leaf(basic_constraints=BasicConstraintsSpec(ca=True, path_length=1))),
    ),
    *both(
        "intermediate basic constraints not critical",
        "89@1",
        chain(middle(basic_constraints=SOFT_CA)),
    ),
    *both(
        "root basic constraints not critical",
        "89@2",
        chain(top(basic_constraints=SOFT_CA)),
    ),
    *both(
        "leaf basic constraints not critical",
        "ok",
        chain(leaf(basic_constraints=BasicConstraintsSpec(ca=False, critical=False))),
    ),
    *both("intermediate without key usage", "92@1", chain(middle(key_usage=None))),
    *both("root without key usage", "92@2", chain(top(key_usage=None))),
    *both("leaf with certSign", "82@0", chain(leaf(key_usage=BOTH))),
    *both(
        "root without a name",
        "83@1",
        chain(ca("int", INT, NAMELESS_ROOT), ca("root", NAMELESS_ROOT, NAMELESS_ROOT)),
    ),
    *both("leaf without any name", "84@0", chain(nameless(subject_alt_name=None))),
    *both(
        "leaf without a subject with cRLSign",
        "84@0",
        chain(nameless(key_usage=CRL_TOO, san_critical=True)),
    ),
    *both("leaf without a subject name not critical", "88@0", chain(nameless())),
    *both(
        "leaf without a subject name critical", "ok", chain(nameless(san_critical=True))
    ),
    *both("leaf with empty names", "87@0", chain(leaf(extra=EMPTY_NAMES))),
    *both("leaf algorithms differ", "78@0", chain(leaf(outer_digest="sha384")), "7@0"),
    *both("root algorithms differ", "78@2", chain(top(outer_digest="sha384"))),
    *both(
        "authority key identifier critical",
        "34@0",
        chain(leaf(authority_key_id=AuthorityKeyIdSpec(critical=True))),
        "34@0",
    ),
    *both(
        "leaf without authority key identifier",
        "85@0",
        chain(leaf(authority_key_id=NO_AKI)),
    ),
    *both(
        "intermediate without authority key identifier",
        "85@1",
        chain(middle(authority_key_id=NO_AKI)),
    ),
    *both(
        "root without authority key identifier",
        "ok",
        chain(top(authority_key_id=NO_AKI)),
    ),
    *both(
        "authority issuer and serial alone",
        "85@0",
        chain(
            leaf(
                authority_key_id=AuthorityKeyIdSpec(
                    KeyId.ABSENT, issuer=ROOT.name, serial=5
                )
            ),
            middle(serial=5),
        ),
    ),
    *both(
        "authority key identifier empty",
        "85@0",
        chain(leaf(authority_key_id=AuthorityKeyIdSpec(KeyId.EMPTY))),
    ),
    *both(
        "authority issuer without serial",
        "ok",
        chain(leaf(authority_key_id=AuthorityKeyIdSpec(issuer=ROOT.name))),
    ),
    *both(
        "intermediate without subject key identifier",
        "86@1",
        chain(middle(subject_key_id=NO_SKI)),
    ),
    *both(
        "root without subject key identifier", "86@2", chain(top(subject_key_id=NO_SKI))
    ),
    *both(
        "leaf without subject key identifier",
        "ok",
        chain(leaf(subject_key_id=NO_SKI)),
    ),
    *both("leaf of version 1 with extensions", "93@0", chain(leaf(version=1))),
    *both("leaf of version 1 without", "ok", chain(bare(leaf(), version=1))),
    *both(
        "leaf alone in the store bare",
        "ok",
        chain(bare(end_entity("self", LEAF, LEAF)), peer="self", trusted="self"),
    ),
    *both("leaf without purposes", "ok", chain(leaf(extended_key_usage=None))),
    *both(
        "leaf for any purpose",
        "26@0",
        chain(leaf(extended_key_usage=ExtendedKeyUsageSpec(("anyExtendedKeyUsage",)))),
        "26@0",
    ),
    Row(
        "accept partial anchor without authority key identifier strict",
        "ok",
        chain(middle(authority_key_id=NO_AKI), trusted="int"),
        STRICT | PARTIAL,
    ),
    Row(
        "reject partial anchor without subject key identifier strict",
        "86@1",
        chain(middle(subject_key_id=NO_SKI), trusted="int"),
        STRICT | PARTIAL,
    ),
    Row(
        "accept pinned leaf alone bare strict",
        "ok",
        chain(bare(leaf()), peer="leaf", trusted="leaf"),
        STRICT | PARTIAL,
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_strict_row(row: Row) -> None:
    """What X509_STRICT objects to, and what passes without it, is foretold."""
    assert told(row) == (row.said, row.path)


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [
        ("strict-critical-basic-constraints", "89"),
        ("strict-critical-alternative-name", "88"),
    ],
)
def test_check_goes_with_its_behaviour(behaviour: str, code: str) -> None:
    """Without the behaviour the check is not made; 4.0 has neither."""
    rows = [row for row in ROWS if row.said.startswith(code)]
    assert rows
    for row in rows:
        assert told(row, RELEASE.turned(behaviour))[0] == "ok"
        assert told(row, release_for(0x40000020))[0] == "ok"
