"""``replay``: the findings of a run asked again, of who showed them and of others."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.campaign.recording import FINDINGS, Recorder
from harness.campaign.sighting import Check, Mode, Seen, record
from harness.case import TlsVersion
from harness.cli import main
from harness.finding import Breaks, Diverges, Finding, How, Unexplained
from harness.flags import CRL_CHECK_LEAF, DEFAULT, X509_STRICT, Flags
from harness.ledger.plain import ROOT_CRL, chain, leaf, revoking
from harness.outcome import Way
from harness.pki.issue import issue
from harness.pki.spec import YEAR, RawExtension, Scenario
from harness.pki.spec_edits import EditKind, EditSpec
from harness.target.discover import here
from harness.target.target import LIBCRYPTO, Target
from harness.wire import to_json
from tests.recordings import SEED, about, footer_line, header_line
from tests.verbs.conftest import TargetsFile, Verb

FakeTarget = Callable[[str], Target]

LIAR = "ignores_crl_check_leaf"
REVOKED = chain(crls=(ROOT_CRL, revoking("leaf")))
ACCEPTED = Unexplained(
    "crl.revoked", "rejected 23 CERT_REVOKED", "accepted", CRL_CHECK_LEAF
)
"""What a target that ignores the flag shows of a revoked leaf."""


@pytest.fixture(scope="module")
def run_folder(
    tmp_path_factory: pytest.TempPathFactory,
    fake_target: FakeTarget,
    targets_file: TargetsFile,
) -> Path:
    """A run that stopped at the first finding about a target that lies."""
    out = tmp_path_factory.mktemp("run") / "out"
    liar = str(targets_file(fake_target(LIAR)))
    words = ["--targets-file", liar, "--target", LIAR, "--out", str(out)]
    words += ["--examples", "1", "--seed", str(SEED), "--workers", "1", "--first"]
    assert main(["run", *words]) == 1
    return out


def header(target: Target, now: int) -> dict[str, Any]:
    """A run's header about this target alone."""
    return header_line(now=now, requested=[to_json(target)], targets=[about(target.id)])


def recorded(
    folder: Path,
    target: Target,
    *lines: tuple[Seen, Scenario | None, str],
    now: int | None = None,
) -> Path:
    """A run's folder with these findings about a target, each with its source."""
    moment = int(time.time()) if now is None else now
    with Recorder(folder / FINDINGS, header(target, moment)) as recorder:
        for seen, scenario, source in lines:
            case = None
            if scenario is not None:
                case = issue(scenario, seed=SEED, now=moment)
            more = {"target": target.id, "source": source, "shrunk": True}
            more |= {"station": "here-0", "round": 0, "elapsed_s": 1.0}
            recorder.write(record(seen, scenario, case, **more))
        recorder.close(footer_line())
    return folder


def seen(finding: Finding, *flags: Flags, mode: Mode | None = None) -> Seen:
    """A sighting by a sweep of these flag sets."""
    return Seen(finding, mode or Mode(), flags)


LEAF_ACCEPTED = (seen(ACCEPTED, CRL_CHECK_LEAF), REVOKED, "random")


def test_a_finding_of_a_run_is_still_there(verb: Verb, run_folder: Path) -> None:
    """The targets are started as the run started them, without their file."""
    said = verb("replay", run_folder, "--json")
    assert said.status == 1
    assert said.lines
    for line in said.lines:
        assert list(line) == ["target", "signature", "result", "now"]
        assert (line["target"], line["result"]) == (LIAR, "still there")
        assert line["now"] == ""


def test_a_finding_of_a_run_is_gone_elsewhere(verb: Verb, run_folder: Path) -> None:
    """A target that is named is asked whatever the run found, of whomever."""
    said = verb("replay", run_folder, "--target", "here", "--json")
    assert said.status == 0
    assert {(line["target"], line["result"]) for line in said.lines} == {
        ("here", "gone")
    }


def test_the_text_has_result_and_case(verb: Verb, run_folder: Path) -> None:
    """Two lines a finding: what came of it, and the case in words."""
    first, second, *_ = verb("replay", run_folder).out.splitlines()
    assert first.startswith("still there: ")
    assert LIAR in first
    assert second.startswith("    [root] -> ")
    assert "expected" in second


def test_edited_bytes_are_asked_as_they_are(
    verb: Verb, fake_target: FakeTarget, tmp_path: Path
) -> None:
    """A finding whose bytes were edited is still there, and told with the edit."""
    edit = EditSpec(
        "leaf", "tbsCertificate.serialNumber", EditKind.FLIPPED, signed=False
    )
    scenario = replace(chain(), edits=(edit,))
    finding = Unexplained("signature", "rejected 7", "accepted")
    sighting = replace(seen(finding, DEFAULT), edited="certificate")
    folder = recorded(
        tmp_path, fake_target("signature_unchecked"), (sighting, scenario, "random")
    )
    first, second = verb("replay", folder).out.splitlines()
    assert first.startswith("still there: ")
    assert "in certificate 1 (leaf), after signing, " in second
    assert "tbsCertificate.serialNumber: a bit turned" in second


def test_a_run_cut_short_is_2(verb: Verb, run_folder: Path, tmp_path: Path) -> None:
    """Inside a line or between two; the message says which."""
    whole = (run_folder / FINDINGS).read_text(encoding="utf-8")
    cut = tmp_path / FINDINGS
    cut.write_text(whole[: len(whole) // 2])
    said = verb("replay", tmp_path)
    assert (said.status, said.out) == (2, "")
    assert f"{FINDINGS}, line " in said.err
    assert "not JSON" in said.err

    cut.write_text("".join(whole.splitlines(keepends=True)[:-1]))
    said = verb("replay", tmp_path)
    assert (said.status, said.out) == (2, "")
    assert f"{FINDINGS}: cut short after " in said.err


def test_an_empty_file_is_2_and_a_clean_run_0(
    verb: Verb, fake_target: FakeTarget, tmp_path: Path
) -> None:
    """A run without findings has nothing to ask again."""
    (tmp_path / FINDINGS).touch()
    said = verb("replay", tmp_path)
    assert (said.status, said.out) == (2, "")
    assert f"{FINDINGS}: empty" in said.err

    (tmp_path / FINDINGS).unlink()
    recorded(tmp_path, fake_target(LIAR))
    assert verb("replay", tmp_path).status == 0


MODES: Mapping[str, tuple[str, Mode, Scenario, Finding, tuple[Flags, ...]]] = {
    "plain": (LIAR, Mode(), REVOKED, ACCEPTED, (CRL_CHECK_LEAF,)),
    "handshake": (
        LIAR,
        Mode(Check.PLAIN, Way.HANDSHAKE, TlsVersion.TLS_1_3),
        REVOKED,
        ACCEPTED,
        (CRL_CHECK_LEAF,),
    ),
    "law": (
        "crl_checks_by_default",
        Mode(),
        REVOKED,
        Diverges(
            "law:X509_STRICT/takes-away",
            How.LAW_BROKEN,
            "accept",
            "after rejected 23 under DEFAULT: What STRICT accepts is accepted"
            " without it.",
            "accepted",
            X509_STRICT,
        ),
        (DEFAULT, X509_STRICT),
    ),
    "twin": (
        "crl_checks_by_default",
        Mode(Check.TWIN),
        REVOKED,
        Diverges(
            "law:VERIFY_DEFAULT/crls-unused",
            How.LAW_BROKEN,
            "accept",
            "rejected 3, as without CRLs",
            "rejected 23 CERT_REVOKED",
        ),
        (DEFAULT,),
    ),
}


@pytest.mark.parametrize("name", MODES)
def test_it_is_asked_as_it_was_found(
    name: str, verb: Verb, fake_target: FakeTarget, tmp_path: Path
) -> None:
    """By the same way and check, under the same flag sets; and no sane target
    answers so."""
    fake, mode, scenario, finding, flags = MODES[name]
    line = (seen(finding, *flags, mode=mode), scenario, "random")
    recorded(tmp_path, fake_target(fake), line)
    said = verb("replay", tmp_path, "--json")
    assert [(item["result"], item["now"]) for item in said.lines] == [
        ("still there", "")
    ]
    assert said.status == 1
    said = verb("replay", tmp_path, "--json", "--target", "here")
    assert [item["result"] for item in said.lines] == ["gone"]
    assert said.status == 0


def test_another_finding_in_its_place_is_told(
    verb: Verb, fake_target: FakeTarget, targets_file: TargetsFile, tmp_path: Path
) -> None:
    """It fails like the old one, with what is seen now."""
    recorded(tmp_path, fake_target(LIAR), LEAF_ACCEPTED)
    other = ("--targets-file", targets_file(fake_target("code_changed")))
    words = ("replay", tmp_path, *other, "--target", "code_changed")
    said = verb(*words, "--json")
    assert said.status == 1
    (line,) = said.lines
    assert line["result"] == "changed"
    assert "rejected 10" in line["now"]
    assert verb(*words).out.startswith(f"changed: {line['now']}: ")


def test_an_old_run_is_issued_anew(
    verb: Verb, fake_target: FakeTarget, tmp_path: Path
) -> None:
    """Its own CRLs have expired since, which would hide what was found."""
    now = int(time.time()) - 3 * YEAR
    recorded(tmp_path, fake_target(LIAR), LEAF_ACCEPTED, now=now)
    said = verb("replay", tmp_path, "--json")
    assert [line["result"] for line in said.lines] == ["still there"]


def test_the_surface_is_asked_again(
    verb: Verb, fake_target: FakeTarget, tmp_path: Path
) -> None:
    """A finding about the module has no case."""
    finding = Diverges(
        "verify_flags/default",
        How.SURFACE,
        "",
        "no flag besides",
        "more in: PROTOCOL_TLS 0x8020, PROTOCOL_TLS_CLIENT 0x8020, PROTOCOL_TLS_SERVER"
        " 0x8020, create_default_context(SERVER_AUTH) 0x8020,"
        " create_default_context(CLIENT_AUTH) 0x8020",
    )
    line = (seen(finding), None, "surface verify_flags/default")
    recorded(tmp_path, fake_target("wrong_default"), line)
    again = verb("replay", tmp_path, "--json")
    elsewhere = verb("replay", tmp_path, "--json", "--target", "here")
    assert [item["result"] for item in again.lines] == ["still there"]
    assert [item["result"] for item in elsewhere.lines] == ["gone"]
    assert (again.status, elsewhere.status) == (1, 0)


def test_what_a_target_cannot_show_is_not_gone(
    verb: Verb, fake_target: FakeTarget, tmp_path: Path
) -> None:
    """A certificate message too large to be verified says nothing of the finding."""
    many = tuple(RawExtension("1.2.3.4", bytes(60_000)) for _ in range(2))
    large = chain(leaf(extra=(many[0], replace(many[1], oid="1.2.3.5"))))
    finding = seen(ACCEPTED, CRL_CHECK_LEAF)
    recorded(tmp_path, fake_target(LIAR), (finding, large, "random"))
    said = verb("replay", tmp_path, "--json")
    assert [line["result"] for line in said.lines] == ["not asked"]
    assert said.status == 3


def test_what_an_engine_cannot_show_is_not_gone(
    verb: Verb, tmp_path: Path, targets_file: TargetsFile
) -> None:
    """``ssl`` tells no depth, and the verifier alone has no surface."""
    deep = Unexplained("x", "rejected 23@0", "rejected 23@1", what="depth")
    default = Diverges("verify_flags/default", How.SURFACE, "", "none", "more")
    recorded(
        tmp_path,
        here(),
        (seen(deep, CRL_CHECK_LEAF), chain(), "random"),
        (seen(default), None, "surface verify_flags/default"),
    )
    alone = targets_file(replace(here(), id="alone", engine=LIBCRYPTO))
    words = ("replay", tmp_path, "--json", "--targets-file", alone)
    said = {
        target: [
            (line["result"], line["now"])
            for line in verb(*words, "--target", target).lines
        ]
        for target in ("here", "alone")
    }
    hidden = "the module ssl of a target that is not asked through it"
    assert said["here"] == [("gone", ""), ("not asked", "the target tells no depth")]
    assert said["alone"] == [("not asked", hidden), ("gone", "")]


def test_what_is_about_no_case_is_not_asked(
    verb: Verb, fake_target: FakeTarget, tmp_path: Path
) -> None:
    """A target that was insane and a stale entry: alone they are inconclusive."""
    stale = replace(ACCEPTED, what="stale")
    recorded(
        tmp_path,
        fake_target(LIAR),
        (seen(Breaks("insane", "refuses all")), None, "end"),
        (seen(stale, CRL_CHECK_LEAF), REVOKED, "witness x"),
    )
    said = verb("replay", tmp_path, "--json")
    assert [line["result"] for line in said.lines] == ["not asked", "not asked"]
    assert "run again" in said.lines[0]["now"]
    assert said.status == 3


def test_a_target_that_cannot_start_is_said_aside(
    verb: Verb, unstartable: Target, tmp_path: Path
) -> None:
    """On standard output in words; with JSON on standard error."""
    recorded(tmp_path, unstartable, LEAF_ACCEPTED)
    said = verb("replay", tmp_path)
    assert said.status == 2
    assert said.out.startswith("nowhere cannot be asked: ")
    said = verb("replay", tmp_path, "--json")
    assert (said.status, said.out) == (2, "")
    assert said.err.startswith("nowhere cannot be asked: ")


@pytest.mark.parametrize("field", ["scenario", "finding"])
def test_a_finding_of_another_make_is_2(
    field: str, verb: Verb, fake_target: FakeTarget, tmp_path: Path
) -> None:
    """A line whose values are none of ours is named, by its number and field."""
    recorded(tmp_path, fake_target(LIAR), LEAF_ACCEPTED)
    path = tmp_path / FINDINGS
    lines = [json.loads(text) for text in path.read_text("utf-8").splitlines()]
    lines[1][field] = {"colour": "green"}
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    said = verb("replay", tmp_path)
    assert (said.status, said.out) == (2, "")
    assert f"{FINDINGS}, line 2: Found.{field}" in said.err


def test_a_header_of_another_make_is_2(
    verb: Verb, fake_target: FakeTarget, tmp_path: Path
) -> None:
    """Its targets cannot be started, and the message has what they are instead."""
    with Recorder(
        tmp_path / FINDINGS,
        header(fake_target(LIAR), 0) | {"requested": [{"id": 7}]},
    ):
        pass
    said = verb("replay", tmp_path)
    assert (said.status, said.out) == (2, "")
    assert f"{FINDINGS}, line 1: header.requested[0].id" in said.err
