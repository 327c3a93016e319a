"""x509-limbo suites, written: exact round trips, and the schema's fields."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from harness.case import Case, PemLabel, Role, Source, TrustedItem
from harness.corpus.limbo import dump_suite, load_suite
from harness.corpus.sidefile import side_path
from harness.corpus.suite import Expected, SuiteCase, SuiteError
from harness.flags import CRL_CHECK_CHAIN, DEFAULT, Flags

CASE = Case(
    peer=(b"\x30\x01a", b"\x30\x01b", b"\x30\x01b"),
    trusted=(
        TrustedItem(b"\x30\x01c"),
        TrustedItem(b"\x30\x01d\x30\x00", PemLabel.TRUSTED_CERTIFICATE),
    ),
    crls=(b"\x30\x01e", b"\x30\x01f"),
    name="leaf.example",
    role=Role.CLIENT,
    security_level=1,
    source=Source.CAPATH,
    key=b"\x30\x01g",
)
FULL = SuiteCase(
    id="found::first",
    case=CASE,
    flag_sets=(Flags(0x1000000000000008), CRL_CHECK_CHAIN, DEFAULT),
    expected=Expected.FAILURE,
    description="A **fail-open** finding: naïve",
    features=("has-crl",),
)
BARE = SuiteCase(
    id="found::second",
    case=Case(peer=(b"\x30\x00",), trusted=(), role=Role.SERVER),
    flag_sets=(DEFAULT,),
    expected=Expected.SUCCESS,
)


def test_a_written_suite_reads_back_equal(tmp_path: Path) -> None:
    """Bytes, order, labels, flags, level, source and texts survive, octets that are
    no certificate too."""
    path = tmp_path / "found.json"
    dump_suite(path, [FULL, BARE])
    assert load_suite(path).cases == (FULL, BARE)
    again = tmp_path / "again.json"
    dump_suite(again, load_suite(path).cases)
    assert again.read_bytes() == path.read_bytes()
    assert side_path(again).read_bytes() == side_path(path).read_bytes()


def test_every_field_of_the_schema_is_written(tmp_path: Path) -> None:
    """Readers that demand all fields find them, and nothing of ours."""
    path = tmp_path / "found.json"
    dump_suite(path, [FULL])
    form = json.loads(path.read_text(encoding="utf-8"))
    assert set(form) == {"version", "testcases"}
    (testcase,) = form["testcases"]
    assert list(testcase) == [
        "id",
        "conflicts_with",
        "features",
        "importance",
        "description",
        "validation_kind",
        "trusted_certs",
        "untrusted_intermediates",
        "peer_certificate",
        "peer_certificate_key",
        "validation_time",
        "signature_algorithms",
        "key_usage",
        "extended_key_usage",
        "expected_result",
        "expected_peer_name",
        "expected_peer_names",
        "max_chain_depth",
        "crls",
    ]
    assert testcase["validation_kind"] == "SERVER"
    assert testcase["expected_peer_name"] == {"kind": "DNS", "value": "leaf.example"}
    side = json.loads(side_path(path).read_text(encoding="utf-8"))
    assert side["version"] == 1
    assert side["cases"]["found::first"]["security_level"] == 1


def test_crls_are_said_in_the_features_and_addresses_as_such(tmp_path: Path) -> None:
    """``has-crl`` is added where it is missing; an address is of kind IP."""
    path = tmp_path / "found.json"
    dump_suite(
        path, [replace(FULL, features=(), case=replace(CASE, name="2001:db8::1"))]
    )
    (testcase,) = json.loads(path.read_text(encoding="utf-8"))["testcases"]
    assert testcase["features"] == ["has-crl"]
    assert testcase["expected_peer_name"] == {"kind": "IP", "value": "2001:db8::1"}


def test_a_servers_name_is_kept_where_the_format_has_it(tmp_path: Path) -> None:
    """A server under test checks no name: it stands in expected_peer_names."""
    path = tmp_path / "found.json"
    case = replace(BARE, case=replace(BARE.case, name="leaf.example"))
    dump_suite(path, [case])
    (testcase,) = json.loads(path.read_text(encoding="utf-8"))["testcases"]
    assert testcase["validation_kind"] == "CLIENT"
    assert testcase["expected_peer_name"] is None
    assert testcase["expected_peer_names"] == [{"kind": "DNS", "value": "leaf.example"}]
    (read,) = load_suite(path).cases
    assert read.case == BARE.case
    assert "DNS leaf.example is not asked" in read.notes[0]


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (replace(FULL, id="a b"), "id: 'a b': is no id"),
        (replace(FULL, id=BARE.id), "id: 'found::second': is the id of two cases"),
        (replace(FULL, expected=None), "found::first: expected_result: the format"),
        (
            replace(FULL, case=replace(CASE, peer=())),
            "found::first: peer_certificate: the format needs one",
        ),
    ],
)
def test_what_the_format_cannot_hold_is_refused_before_writing(
    tmp_path: Path, case: SuiteCase, said: str
) -> None:
    """The error names the case and the field, and there is no half-written suite."""
    path = tmp_path / "found.json"
    with pytest.raises(SuiteError) as caught:
        dump_suite(path, [BARE, case])
    assert said in str(caught.value)
    assert not path.exists()
