"""PKITS: every test of the package found, its path and CRLs as NIST signed them."""

import email
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib import resources
from pathlib import Path

import pytest

from harness.case import Role
from harness.corpus import pkits
from harness.corpus.pkits import FLAG_SETS, PkitsError, load_pkits
from harness.corpus.suite import Expected, Suite, SuiteCase
from harness.flags import CRL_CHECK_CHAIN, PRESETS, X509_STRICT, Flags

NOW = 1_800_000_000  # 2027-01-15
FOLDER = Path(str(resources.files("cryptography_vectors"))) / "x509" / "PKITS_data"


@cache
def suite() -> Suite:
    """PKITS as it stands in the package."""
    return load_pkits(now=NOW)


@cache
def file_names() -> dict[bytes, str]:
    """The name, without its ending, of each file by its octets."""
    return {
        path.read_bytes(): path.stem
        for folder in ("crls", "certs")
        for path in sorted((FOLDER / folder).iterdir(), reverse=True)
    }


def case_of(test: str, role: Role = Role.CLIENT) -> SuiteCase:
    """The case of an end entity and a role."""
    (case,) = (item for item in suite().cases if item.id == f"pkits::{test}::{role}")
    return case


def sent(test: str) -> list[str]:
    """File names of what the peer sends in a test, in order."""
    return [file_names()[der] for der in case_of(test).case.peer]


def loaded(test: str) -> list[str]:
    """File names of a test's CRLs, in order."""
    return [file_names()[der] for der in case_of(test).case.crls]


def test_every_end_entity_is_asked_in_both_roles() -> None:
    """223 end entities, two roles, all flag sets, no name, no key, the one anchor."""
    cases = suite().cases
    assert len(cases) == 2 * 223 == len({case.id for case in cases})
    assert Counter(case.case.role for case in cases) == {
        Role.CLIENT: 223,
        Role.SERVER: 223,
    }
    anchor = (FOLDER / "certs" / "TrustAnchorRootCertificate.crt").read_bytes()
    for case in cases:
        assert [item.der for item in case.case.trusted] == [anchor]
        assert case.case.name is None
        assert case.case.key is None
        assert case.case.security_level == 0
        assert case.case.crls
        assert case.flag_sets == FLAG_SETS
        assert case.unsupported is None
    wanted = {0, 4, 0xC, *PRESETS.values(), (CRL_CHECK_CHAIN | X509_STRICT).bits}
    assert {flags.bits for flags in FLAG_SETS} == wanted


def test_the_file_name_says_what_is_expected_and_policies_stand_apart() -> None:
    """Valid and Invalid are the answers; those about policies are to another
    question, since no documented flag turns policies on."""
    assert case_of("ValidCertificatePathTest1EE").expected is Expected.SUCCESS
    assert case_of("InvalidEESignatureTest3EE").expected is Expected.FAILURE
    for test in (
        "InvalidrequireExplicitPolicyTest3EE",
        "ValidPolicyMappingTest1EE",
        "UserNoticeQualifierTest15EE",
        "AllCertificatesanyPolicyTest11EE",
    ):
        case = case_of(test, Role.SERVER)
        assert case.expected is None
        assert case.features == ("has-cert-policies",)
        assert "no VERIFY_ flag turns on" in case.notes[0]
    by_expectation = Counter(case.expected for case in suite().cases)
    assert by_expectation == {
        Expected.SUCCESS: 138,
        Expected.FAILURE: 184,
        None: 124,
    }
    for case in suite().cases:
        named = re.match(r"pkits::(Valid|Invalid)", case.id)
        assert named is not None or case.expected is None


@pytest.mark.parametrize(
    ("test", "path", "crls"),
    [
        (
            "ValidCertificatePathTest1EE",
            ["ValidCertificatePathTest1EE", "GoodCACert"],
            ["GoodCACRL", "TrustAnchorRootCRL"],
        ),
        (
            "ValidBasicSelfIssuedNewWithOldTest3EE",
            [
                "ValidBasicSelfIssuedNewWithOldTest3EE",
                "BasicSelfIssuedOldKeyNewWithOldCACert",
                "BasicSelfIssuedOldKeyCACert",
            ],
            [
                "BasicSelfIssuedOldKeyCACRL",
                "BasicSelfIssuedOldKeySelfIssuedCertCRL",
                "TrustAnchorRootCRL",
            ],
        ),
        (
            "ValidUnknownNotCriticalCertificateExtensionTest1EE",
            ["ValidUnknownNotCriticalCertificateExtensionTest1EE"],
            ["TrustAnchorRootCRL"],
        ),
        (  # no authority has the issuer's name: the one whose key it names
            "InvalidNameChainingTest1EE",
            ["InvalidNameChainingTest1EE", "GoodCACert"],
            ["GoodCACRL", "TrustAnchorRootCRL"],
        ),
        (  # a signer of CRLs alone comes after the path
            "ValidSeparateCertificateandCRLKeysTest19EE",
            [
                "ValidSeparateCertificateandCRLKeysTest19EE",
                "SeparateCertificateandCRLKeysCertificateSigningCACert",
                "SeparateCertificateandCRLKeysCRLSigningCert",
            ],
            ["SeparateCertificateandCRLKeysCRL", "TrustAnchorRootCRL"],
        ),
        (
            "ValiddeltaCRLTest2EE",
            ["ValiddeltaCRLTest2EE", "deltaCRLCA1Cert"],
            ["TrustAnchorRootCRL", "deltaCRLCA1CRL", "deltaCRLCA1deltaCRL"],
        ),
    ],
)
def test_known_paths_and_crls(test: str, path: list[str], crls: list[str]) -> None:
    """The leaf first, issuers upwards, CRL signers last; CRLs by file name."""
    assert sent(test) == path
    assert loaded(test) == crls


def elements(der: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Tag, content and whole octets of each DER element in turn."""
    at = 0
    while at < len(der):
        start, length = at + 2, der[at + 1]
        if length >= 0x80:
            start += length & 0x7F
            length = int.from_bytes(der[at + 2 : start], "big")
        yield der[at], der[start : start + length], der[at : start + length]
        at = start + length


def signed_message(path: Path) -> tuple[set[bytes], set[bytes]]:
    """Certificates and CRLs of the SignedData of an S/MIME message (RFC 5652, 5.1)."""
    for part in email.message_from_bytes(path.read_bytes()).walk():
        if "pkcs7" in part.get_content_type():
            payload = part.get_payload(decode=True)
            assert isinstance(payload, bytes)
            ((_, content_info, _),) = elements(payload)
            _, (_, explicit, _) = elements(content_info)
            ((_, signed_data, _),) = elements(explicit)
            fields = {tag: content for tag, content, _ in elements(signed_data)}
            certificates, crls = (
                {whole for _, _, whole in elements(fields.get(tag, b""))}
                for tag in (0xA0, 0xA1)
            )
            return certificates, crls
    raise AssertionError(path)


ODD = {
    # its crlIssuer names an authority that PKITS has not
    "InvalidIDPwithindirectCRLTest26EE": {"indirectCRLCA1Cert", "indirectCRLCA1CRL"},
}


def test_paths_and_crls_are_those_of_nists_signed_messages() -> None:
    """Each test's S/MIME message carries the certificates and CRLs it needs: the
    same sets are found from the certificates alone, but for one oddity."""
    names = file_names()
    compared = 0
    odd: dict[str, set[str]] = {}
    for message in sorted((FOLDER / "smime").iterdir()):
        certificates, crls = signed_message(message)
        meant = {names.get(der, "?") for der in certificates | crls}
        (test,) = (name for name in meant if name.endswith("EE"))
        difference = meant ^ {*sent(test), *loaded(test)}
        if difference:
            odd[test] = difference
        compared += 1
    assert compared == 224
    assert odd == ODD


def test_loading_is_deterministic() -> None:
    """Two loads give the same cases in the same order."""
    first = hashlib.sha256(repr(suite().cases).encode()).digest()
    assert hashlib.sha256(repr(load_pkits(now=NOW).cases).encode()).digest() == first


@pytest.mark.parametrize("now", [1_262_000_000, 1_930_000_000])
def test_without_a_valid_anchor_no_case_is_supported(now: int) -> None:
    """Before 2010 and from the end of 2030 on, every case says why it is not asked."""
    reasons = {case.unsupported for case in load_pkits(now=now).cases}
    assert reasons == {
        "the trust anchor of PKITS is valid from 2010-01-01 to 2030-12-31 only"
    }


def test_without_the_package_the_error_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The package is optional: only reading PKITS needs it."""
    monkeypatch.setattr(pkits, "_PACKAGE", "no_such_package_of_vectors")
    with pytest.raises(PkitsError, match="install the dependency group 'tests'"):
        load_pkits()


def test_a_folder_that_is_not_pkits_is_refused(tmp_path: Path) -> None:
    """Missing folders, no files, no anchor and unreadable files are named."""
    with pytest.raises(PkitsError, match=r"certs: .*No such file"):
        load_pkits(tmp_path)
    (tmp_path / "certs").mkdir()
    with pytest.raises(PkitsError, match=r"certs holds no \.crt file"):
        load_pkits(tmp_path)
    (tmp_path / "certs" / "AnyTest1EE.crt").write_bytes(b"\x30\x00")
    (tmp_path / "crls").mkdir()
    (tmp_path / "crls" / "Any.crl").write_bytes(b"\x30\x01\x00")
    with pytest.raises(PkitsError, match=r"holds no TrustAnchorRootCertificate\.crt"):
        load_pkits(tmp_path)
    (tmp_path / "certs" / "TrustAnchorRootCertificate.crt").write_bytes(b"\x30\x00")
    with pytest.raises(PkitsError, match=r"Any\.crl: "):
        load_pkits(tmp_path)
    good = FOLDER / "crls" / "GoodCACRL.crl"
    (tmp_path / "crls" / "Any.crl").write_bytes(good.read_bytes())
    with pytest.raises(PkitsError, match=r"AnyTest1EE\.crt: "):
        load_pkits(tmp_path)


def test_flag_sets_are_those_of_pkits_and_the_presets() -> None:
    """No flag set is asked twice, and none enables what has no documented flag."""
    assert len(set(FLAG_SETS)) == len(FLAG_SETS)
    assert all(not flags & Flags(0x1F80) for flags in FLAG_SETS)
