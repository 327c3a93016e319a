"""x509-limbo suites: what is read of a testcase, what is asked, what is refused."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.case import Case, PemLabel, Role, Source, TrustedItem
from harness.corpus.limbo import load_suite
from harness.corpus.sidefile import side_path
from harness.corpus.suite import Expected, SuiteError
from harness.flags import CRL_CHECK_CHAIN, PRESETS, Flags
from harness.pem import write_pem
from harness.pki import keys
from harness.pki.issue import issue
from harness.pki.spec import (
    DAY,
    YEAR,
    CrlSpec,
    Entity,
    NameSpec,
    Scenario,
    TrustSpec,
    ca,
    end_entity,
)

NOW = 1_800_000_000  # 2027-01-15T08:00:00Z
POOL = sorted(keys.POOL)[:3]
ROOT = Entity(NameSpec.cn("Root"), POOL[0])
INTER = Entity(NameSpec.cn("Inter"), POOL[1])
LEAF = Entity(NameSpec.cn("Leaf"), POOL[2])
CHAIN = Scenario(
    certificates=(
        ca("root", ROOT, ROOT),
        ca("inter", INTER, ROOT),
        end_entity("leaf", LEAF, INTER, not_after=YEAR),
    ),
    crls=(CrlSpec("crl", INTER, this_update=-DAY, next_update=DAY),),
    peer=("leaf", "inter"),
    trusted=(TrustSpec("root"),),
    loaded=("crl",),
)
CASE = issue(CHAIN, seed=1, now=NOW)


def plain_testcase(**changes: object) -> dict[str, Any]:
    """A plain testcase with every field of the schema, these ones changed."""
    return {
        "id": "ns::plain",
        "conflicts_with": [],
        "features": ["has-crl"],
        "importance": "undetermined",
        "description": "root -> inter -> leaf",
        "validation_kind": "SERVER",
        "trusted_certs": [write_pem("CERTIFICATE", CASE.trusted[0].der)],
        "untrusted_intermediates": [write_pem("CERTIFICATE", CASE.peer[1])],
        "peer_certificate": write_pem("CERTIFICATE", CASE.peer[0]),
        "peer_certificate_key": None,
        "validation_time": None,
        "signature_algorithms": [],
        "key_usage": [],
        "extended_key_usage": [],
        "expected_result": "SUCCESS",
        "expected_peer_name": {"kind": "DNS", "value": "leaf.example"},
        "expected_peer_names": [],
        "max_chain_depth": None,
        "crls": [write_pem("X509 CRL", CASE.crls[0])],
    } | changes


def written(folder: Path, *testcases: dict[str, Any], side: object = None) -> Path:
    """A suite file of these testcases, with this side file if there is one."""
    path = folder / "suite.json"
    path.write_text(json.dumps({"version": 1, "testcases": list(testcases)}))
    if side is not None:
        side_path(path).write_text(json.dumps(side))
    return path


def aside(**cases: object) -> dict[str, object]:
    """A side file's JSON for these cases, by the part of the id after ``ns::``."""
    return {"version": 1, "cases": {f"ns::{key}": form for key, form in cases.items()}}


def test_every_field_of_a_testcase_finds_its_place(tmp_path: Path) -> None:
    """Bytes, order, name, role, expectation and texts are those of the testcase."""
    key = write_pem("PRIVATE KEY", keys.pkcs8(POOL[2]))
    path = written(tmp_path, plain_testcase(peer_certificate_key=key))
    suite = load_suite(path, now=NOW)
    assert suite.path == path
    (case,) = suite.cases
    assert case.case == Case(
        peer=CASE.peer,
        trusted=CASE.trusted,
        crls=CASE.crls,
        name="leaf.example",
        role=Role.CLIENT,
        key=keys.pkcs8(POOL[2]),
    )
    assert (case.id, case.expected) == ("ns::plain", Expected.SUCCESS)
    assert (case.unsupported, case.notes) == (None, ())
    assert case.description == "root -> inter -> leaf"
    assert case.features == ("has-crl",)


def test_fields_that_the_schema_lets_be_absent_may_be(tmp_path: Path) -> None:
    """Older suites lack newer fields; what is absent asks for nothing."""
    form = plain_testcase()
    for field in ("crls", "max_chain_depth", "importance", "validation_time"):
        del form[field]
    (case,) = load_suite(written(tmp_path, form), now=NOW).cases
    assert case.case.crls == ()
    assert case.unsupported is None


def test_flag_sets_without_a_side_file_are_zero_and_the_presets(
    tmp_path: Path,
) -> None:
    """A case with CRLs is asked with CRL_CHECK_CHAIN too; one without is not."""
    path = written(tmp_path, plain_testcase(), plain_testcase(id="ns::bare", crls=[]))
    with_crls, without = load_suite(path, now=NOW).cases
    plain = (Flags(0), *map(Flags, PRESETS.values()))
    assert without.flag_sets == plain
    assert with_crls.flag_sets == (*plain, *(one | CRL_CHECK_CHAIN for one in plain))


def test_the_side_file_says_flags_level_and_source(tmp_path: Path) -> None:
    """Flag sets are texts or numbers, in order, each once; other cases keep theirs."""
    side = aside(
        plain={
            "verify_flags": ["CRL_CHECK_LEAF", 32800, "default-3.13", 4, "0x8"],
            "security_level": 0,
            "source": "capath",
        },
        bare={"security_level": 3},
    )
    path = written(
        tmp_path, plain_testcase(), plain_testcase(id="ns::bare", crls=[]), side=side
    )
    assert side_path(path).name == "suite.verifyflags.json"
    plain, bare = load_suite(path, now=NOW).cases
    assert [flags.bits for flags in plain.flag_sets] == [4, 32800, 0x88020, 8]
    assert (plain.case.security_level, plain.case.source) == (0, Source.CAPATH)
    assert (bare.case.security_level, bare.case.source) == (3, Source.CAFILE)
    assert len(bare.flag_sets) == 3


def test_client_validation_is_asked_of_a_server_without_a_name(
    tmp_path: Path,
) -> None:
    """No server checks a name: where that may be why a testcase fails, its answer is
    to another question, and a note says so."""
    client: dict[str, object] = {
        "validation_kind": "CLIENT",
        "expected_peer_name": None,
        "expected_peer_names": [{"kind": "RFC822", "value": "a@leaf.example"}],
        "extended_key_usage": ["clientAuth"],
    }
    path = written(
        tmp_path,
        plain_testcase(**client),
        plain_testcase(**client, id="ns::fails", expected_result="FAILURE"),
    )
    good, bad = load_suite(path, now=NOW).cases
    for case in (good, bad):
        assert (case.case.role, case.case.name) == (Role.SERVER, None)
        assert case.unsupported is None
        assert "RFC822 a@leaf.example is not asked" in case.notes[0]
    assert good.expected is Expected.SUCCESS
    assert bad.expected is None


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ({"kind": "IP", "value": "192.0.2.1"}, "192.0.2.1"),
        ({"kind": "IP", "value": "2001:db8::1"}, "2001:db8::1"),
        ({"kind": "DNS", "value": "*.leaf.example"}, "*.leaf.example"),
        ({"kind": "DNS", "value": "192.0.2.1"}, None),
        ({"kind": "IP", "value": "leaf.example"}, None),
        ({"kind": "IP", "value": "fe80::1%eth0"}, None),
        ({"kind": "RFC822", "value": "a@leaf.example"}, None),
        ({"kind": "DNS", "value": ".leaf.example"}, None),
        ({"kind": "DNS", "value": ""}, None),
        ({"kind": "DNS", "value": "leaf..example"}, None),
        ({"kind": "DNS", "value": "x" * 64 + ".example"}, None),
        (None, None),
    ],
)
def test_only_names_that_ssl_would_check_as_meant_are_asked(
    tmp_path: Path, name: object, asked: str | None
) -> None:
    """A name of another kind, or one ssl refuses, is left out with a note."""
    path = written(tmp_path, plain_testcase(expected_peer_name=name))
    (case,) = load_suite(path, now=NOW).cases
    assert case.case.name == asked
    assert bool(case.notes) == (name is not None and asked is None)
    assert case.expected is Expected.SUCCESS


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"max_chain_depth": 2}, None),
        ({"max_chain_depth": 1}, "max_chain_depth 1: ssl has no setting"),
        ({"key_usage": ["digitalSignature"]}, None),
        ({"key_usage": ["keyAgreement"]}, "key_usage keyAgreement: ssl has no"),
        ({"key_usage": ["unheardOf"]}, "key_usage unheardOf: ssl has no"),
        ({"signature_algorithms": ["ED25519"]}, "signature_algorithms ED25519: ssl"),
        ({"extended_key_usage": ["serverAuth"]}, None),
        ({"extended_key_usage": ["clientAuth"]}, "extended_key_usage clientAuth: ssl"),
        ({"newer_field": []}, None),
        ({"newer_field": [1]}, "newer_field: a field this reader does not know"),
    ],
)
def test_parameters_ssl_lacks_are_unsupported_where_they_matter(
    tmp_path: Path, changes: dict[str, object], said: str | None
) -> None:
    """A limit that takes no path away is asked; one that could explain an expected
    failure is not; and with an expected success only other purposes are not."""
    failing = plain_testcase(**changes, expected_result="FAILURE")
    (case,) = load_suite(written(tmp_path, failing), now=NOW).cases
    assert case.case.peer == CASE.peer
    if said is None:
        assert case.unsupported is None
    else:
        assert case.unsupported is not None
        assert case.unsupported.startswith(said)
    (passing,) = load_suite(written(tmp_path, plain_testcase(**changes)), now=NOW).cases
    always = said is not None and said.startswith(("extended", "newer"))
    assert (passing.unsupported is not None) == always


@pytest.mark.parametrize(
    ("moment", "now", "said"),
    [
        ("2027-01-15T08:00:00+00:00", NOW, None),
        ("2027-01-15T09:00:00Z", NOW, None),
        ("2027-01-15T20:00:00", NOW, None),
        ("2027-01-17T08:00:00+00:00", NOW, "CRL 1 is valid now but not then"),
        ("2027-01-13T08:00:00+00:00", NOW - 2 * DAY, None),
        ("2027-01-15T08:00:00Z", NOW + 2 * YEAR, "1 is expired (since 2028-01-15)"),
        (
            "2027-01-15T08:00:00Z",
            NOW - 2 * YEAR,
            "1 is not yet valid (from 2026-01-15)",
        ),
        ("2027-01-16T08:00:00+00:00", NOW, None),
        ("2027-01-16T08:00:00.999+00:00", NOW + 0.5, None),
        ("2027-01-16T08:00:01+00:00", NOW, "CRL 1 is valid now but not then"),
        ("2027-01-15T08:00:00+00:00", NOW + DAY + 0.5, None),
        ("2027-01-15T08:00:00Z", NOW + DAY + 1, "CRL 1 is expired (since 2027-01-16)"),
    ],
)
def test_a_validation_time_is_asked_while_nothing_begins_or_ends_in_between(
    tmp_path: Path, moment: str, now: float, said: str | None
) -> None:
    """Every certificate and CRL must be valid, early or late at both times alike."""
    path = written(tmp_path, plain_testcase(validation_time=moment))
    (case,) = load_suite(path, now=now).cases
    if said is None:
        assert case.unsupported is None
    else:
        assert case.unsupported is not None
        assert case.unsupported.endswith(said)


def test_a_trusted_certificate_keeps_its_label(tmp_path: Path) -> None:
    """A TRUSTED CERTIFICATE block stays one, trust settings and all."""
    scenario = replace(CHAIN, trusted=(TrustSpec("root", trust=("serverAuth",)),))
    case = issue(scenario, seed=1, now=NOW)
    (item,) = case.trusted
    text = write_pem(item.label, item.der)
    (read,) = load_suite(written(tmp_path, plain_testcase(trusted_certs=[text]))).cases
    assert read.case.trusted == (TrustedItem(item.der, PemLabel.TRUSTED_CERTIFICATE),)


def refused(path: Path) -> SuiteError:
    """The error that reading this suite raises."""
    with pytest.raises(SuiteError) as caught:
        load_suite(path, now=NOW)
    return caught.value


PEM = write_pem("CERTIFICATE", b"\x30\x00")


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"peer_certificate": None}, "peer_certificate", "is not a text"),
        ({"peer_certificate": "x"}, "peer_certificate", "no PEM block"),
        ({"peer_certificate": PEM + PEM}, "peer_certificate", "holds 2 PEM blocks"),
        ({"crls": [PEM]}, "crls[0]", "'CERTIFICATE' is none of X509 CRL"),
        ({"trusted_certs": PEM}, "trusted_certs", "is not a list"),
        ({"trusted_certs": [PEM, 7]}, "trusted_certs[1]", "7: is not a text"),
        ({"peer_certificate_key": PEM}, "peer_certificate_key", "no private key"),
        ({"expected_result": "MAYBE"}, "expected_result", "none of SUCCESS, FAILURE"),
        ({"validation_kind": "PEER"}, "validation_kind", "'PEER': is none of"),
        ({"validation_time": "noon"}, "validation_time", "'noon': is not a date"),
        ({"max_chain_depth": -1}, "max_chain_depth", "-1: is not a whole number"),
        ({"max_chain_depth": True}, "max_chain_depth", "True: is not a whole number"),
        ({"expected_peer_name": "a"}, "expected_peer_name", "is not an object"),
        ({"expected_peer_name": {"kind": "URI"}}, "kind", "'URI': is none of DNS"),
        ({"expected_peer_name": {"kind": "DNS"}}, "value", "the field is missing"),
        ({"key_usage": "x"}, "key_usage", "is not a list"),
    ],
)
def test_a_wrong_field_is_refused_by_file_case_field_and_value(
    tmp_path: Path, changes: dict[str, object], field: str, said: str
) -> None:
    """The message starts with the file and the case and names field and fault."""
    path = written(tmp_path, plain_testcase(id="ns::good"), plain_testcase(**changes))
    error = refused(path)
    assert (error.path, error.case_id, error.field) == (path, "ns::plain", field)
    assert str(error).startswith(f"{path}: ns::plain: {field}: ")
    assert said in str(error)
    assert len(str(error)) < 400


@pytest.mark.parametrize(
    "field", ["id", "validation_kind", "trusted_certs", "peer_certificate"]
)
def test_a_missing_field_is_refused(tmp_path: Path, field: str) -> None:
    """Without these there is no question."""
    form = plain_testcase()
    del form[field]
    assert str(refused(written(tmp_path, form))).endswith(
        f"{field}: the field is missing"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "is not a JSON object"),
        ('{"testcases": []}', "version: None: this reads version 1"),
        ('{"version": 2, "testcases": []}', "version: 2: this reads version 1"),
        ('{"version": true, "testcases": []}', "version: True: this reads"),
        ('{"version": 1}', "testcases: the field is missing"),
        ('{"version": 1, "testcases": {}}', "testcases: {}: is not a list"),
        ('{"version": 1, "testcases": [7]}', "testcases[0]: 7: is not an object"),
        ('{"version": 1, "testcases": [{"id": ""}]}', "id: '': is empty"),
    ],
)
def test_a_file_that_is_no_suite_is_refused(
    tmp_path: Path, text: str, said: str
) -> None:
    """The message names the file."""
    path = tmp_path / "suite.json"
    path.write_text(text)
    assert str(refused(path)).startswith(f"{path}: ")
    assert said in str(refused(path))


def test_files_that_cannot_be_read_and_ids_said_twice_are_refused(
    tmp_path: Path,
) -> None:
    """A missing file and a duplicate id are errors of the suite."""
    assert str(refused(tmp_path / "no.json")).endswith("No such file or directory")
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe\x00")
    assert "is not JSON" in str(refused(tmp_path / "bytes.json"))
    twice = written(tmp_path, plain_testcase(), plain_testcase())
    assert "id: 'ns::plain': is the id of two testcases" in str(refused(twice))


@pytest.mark.parametrize(
    ("side", "said"),
    [
        ([], "is not a JSON object"),
        ({"version": 3, "cases": {}}, "version: 3: this reads version 1"),
        ({"version": 1}, "cases: the field is missing"),
        ({"version": 1, "cases": []}, "cases: []: is not an object"),
        (aside(other={}), "ns::other: the suite has no such case"),
        (aside(plain=7), "ns::plain: 7: is not an object"),
        (aside(plain={"flags": []}), "ns::plain: flags: is none of verify_flags"),
        (aside(plain={"verify_flags": []}), "verify_flags: []: is not a list of at"),
        (aside(plain={"verify_flags": 4}), "verify_flags: 4: is not a list"),
        (aside(plain={"verify_flags": ["LEAF"]}), "[0]: 'LEAF': flags 'LEAF': 'LEAF'"),
        (aside(plain={"verify_flags": [4, -1]}), "verify_flags[1]: -1: flags -1"),
        (aside(plain={"verify_flags": [True]}), "[0]: True: is neither a text nor"),
        (aside(plain={"security_level": 6}), "security_level: 6: is not a whole"),
        (aside(plain={"source": "here"}), "source: 'here': is none of cafile"),
    ],
)
def test_a_wrong_side_file_is_refused(tmp_path: Path, side: object, said: str) -> None:
    """Its errors name the side file, the case, the field and the value."""
    path = written(tmp_path, plain_testcase(), side=side)
    error = refused(path)
    assert error.path == side_path(path)
    assert said in str(error)
