"""PEM text: what is read, what is refused and where, and what is written."""

from pathlib import Path

import pytest

from harness.case import PemLabel, TrustedItem
from harness.corpus.pem import (
    PemError,
    PemItem,
    certificates,
    crls,
    load_pem,
    private_key,
    read_pem,
    trusted_items,
)
from harness.pem import write_pem
from harness.pki import der

BODY = der.sequence(der.octet_string(bytes(range(100))))
TRUST = der.sequence(der.sequence())


def test_a_written_block_reads_back_with_its_label_and_octets() -> None:
    """Writing then reading gives the same label and octets, lines within 64."""
    text = write_pem("X509 CRL", BODY)
    assert read_pem(text) == (PemItem("X509 CRL", BODY, 0, 1, "PEM text"),)
    assert max(len(line) for line in text.splitlines()) == 64
    assert text.endswith("-----END X509 CRL-----\n")


def test_text_around_blocks_is_passed_over_and_lines_are_counted() -> None:
    """Comments, indentation and CRLF are no part of a block; its line is told."""
    block = write_pem("CERTIFICATE", BODY)
    indented = "".join(f"   {line}\n" for line in block.splitlines())
    assert read_pem("\N{BOM}" + block)[0].line == 1
    text = "subject=CN = a\n" + block + " 1 s:CN = b\n\n" + indented
    items = read_pem(text.replace("\n", "\r\n"), "chain.pem")
    assert [item.der for item in items] == [BODY, BODY]
    assert [(item.index, item.line) for item in items] == [(0, 2), (1, 9)]
    assert str(items[1]) == "chain.pem: line 9: CERTIFICATE (block 2)"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no block here", "place: no PEM block in 13 characters"),
        ("\n-----BEGIN CERTIFICATE-----\nMAA=\n", "line 2: CERTIFICATE has no END"),
        ("-----END CERTIFICATE-----", "line 1: END CERTIFICATE without its BEGIN"),
        (
            "-----BEGIN CERTIFICATE-----\nMAA=\n-----END X509 CRL-----",
            "line 3: END X509 CRL ends the block CERTIFICATE of line 1",
        ),
        (
            "-----BEGIN CERTIFICATE-----\n-----BEGIN X509 CRL-----\nMAA=",
            "line 2: BEGIN X509 CRL inside the block CERTIFICATE of line 1",
        ),
        (
            "-----BEGIN CERTIFICATE-----\nM*A=\n-----END CERTIFICATE-----",
            "line 1: CERTIFICATE: not base64",
        ),
        (
            "-----BEGIN A KEY-----\nDEK-Info: AES\nMAA=\n-----END A KEY-----",
            "line 1: A KEY: has the header 'DEK-Info: AES'",
        ),
        (
            "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----",
            "line 1: CERTIFICATE: empty",
        ),
        (
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nMAA=",
            "line 1: RSA PRIVATE KEY has no END line",
        ),
    ],
)
def test_a_damaged_block_is_refused_with_its_place(text: str, said: str) -> None:
    """What cannot be read is an error that names the place and the line."""
    with pytest.raises(PemError, match="place") as caught:
        read_pem(text, "place")
    assert said in str(caught.value)


def test_files_are_read_and_their_faults_named(tmp_path: Path) -> None:
    """A PEM file reads; a missing file and a DER file are errors with the path."""
    good = tmp_path / "good.pem"
    good.write_text("caf\xe9\n" + write_pem("CERTIFICATE", BODY), encoding="latin-1")
    assert [item.line for item in load_pem(good)] == [2]
    with pytest.raises(PemError, match=r"absent\.pem: No such file"):
        load_pem(tmp_path / "absent.pem")
    raw = tmp_path / "raw.der"
    raw.write_bytes(BODY)
    with pytest.raises(PemError, match=r"raw\.der: this is DER"):
        load_pem(raw)


def test_labels_decide_what_an_item_is() -> None:
    """Both certificate labels are plain; TRUSTED CERTIFICATE keeps its settings as a
    trusted item and loses them as a peer's; CRLs and other blocks stay apart."""
    items = read_pem(
        write_pem("X509 CERTIFICATE", BODY)
        + write_pem("TRUSTED CERTIFICATE", BODY + TRUST)
        + write_pem("X509 CRL", b"\x30\x00")
        + write_pem("DH PARAMETERS", b"\x30\x00")
    )
    assert certificates(items) == (BODY, BODY)
    assert trusted_items(items) == (
        TrustedItem(BODY),
        TrustedItem(BODY + TRUST, PemLabel.TRUSTED_CERTIFICATE),
    )
    assert crls(items) == (b"\x30\x00",)


@pytest.mark.parametrize("octets", [b"\x30", b"\x30\x05\x00", b"\x30\x80\x00\x00"])
def test_a_trusted_certificate_without_an_end_is_refused_as_a_peer(
    octets: bytes,
) -> None:
    """Where the certificate ends must be known to leave the trust settings out."""
    items = read_pem(write_pem("TRUSTED CERTIFICATE", octets), "ca.pem")
    with pytest.raises(PemError, match=r"ca\.pem: line 1: TRUSTED CERTIFICATE"):
        certificates(items)


def test_sec1_and_pkcs1_keys_become_pkcs8() -> None:
    """EC and RSA keys are wrapped with their algorithm; others give no key."""
    curve = bytes.fromhex("06082a8648ce3d030107")
    sec1 = der.sequence(
        der.integer(1), der.octet_string(bytes(32)), der.explicit(0, curve)
    )
    ec_algorithm = der.sequence(bytes.fromhex("06072a8648ce3d0201"), curve)
    rsa_algorithm = der.sequence(
        bytes.fromhex("06092a864886f70d010101"), der.tlv(der.NULL, b"")
    )
    wanted = {
        ("EC PRIVATE KEY", sec1): ec_algorithm,
        ("RSA PRIVATE KEY", BODY): rsa_algorithm,
    }
    for (label, octets), algorithm in wanted.items():
        whole = der.sequence(der.integer(0), algorithm, der.octet_string(octets))
        items = read_pem(write_pem("EC PARAMETERS", curve) + write_pem(label, octets))
        assert private_key(items) == whole
    for label in ("DSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY"):
        assert private_key(read_pem(write_pem(label, BODY))) is None
    assert private_key(read_pem(write_pem("PRIVATE KEY", BODY))) == BODY
    assert private_key(read_pem(write_pem("CERTIFICATE", BODY))) is None


def test_a_written_line_has_64_characters() -> None:
    """All but the last (RFC 7468, section 2)."""
    first, *lines, last, end = write_pem("CERTIFICATE", BODY).splitlines()
    assert (first, end) == ("-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----")
    assert {len(line) for line in lines} == {64}
    assert 0 < len(last) <= 64
