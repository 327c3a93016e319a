"""A finding's folder: all that its reader needs, made from the recording alone.

``findings.jsonl`` in it is a recording of this one cause, so that ``replay`` and
``report`` read the folder as they read a run.
"""

import hashlib
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from harness.campaign import canaries
from harness.campaign.recording import FINDINGS, Line, Recorder
from harness.capath import crl_hashes
from harness.case import Case, Role, Source
from harness.corpus import pem
from harness.corpus.limbo import dump_suite
from harness.corpus.sidefile import side_path
from harness.corpus.suite import Expected, SuiteCase, SuiteError
from harness.facts import Facts
from harness.flight import FlightError, client_flight, server_flight
from harness.openssl_verify import CRLS, PEER, TRUSTED, NoCommandError, command
from harness.outcome import Way
from harness.pem import write_pem
from harness.pki.read import read
from reports import findings, reproducer, surface, upstream
from reports.dates import hold
from reports.forms import Found, check_finding
from reports.grouping import Group, groups
from reports.misbehaviour import ACCEPTED, Misbehaviour, NotAskable, misbehaviour
from reports.printable import printable
from reports.recorded import Recorded

FOLDER: Final = "findings"
"""Where in a run's folder the folders of its findings are."""
REPORT: Final = "report.md"
COMMANDS: Final = "verify.sh"
SUITE: Final = "limbo.json"

_OURS: Final = (
    *(FINDINGS, REPORT, COMMANDS, SUITE, side_path(Path(SUITE)).name),
    *(PEER, TRUSTED, CRLS, surface.BOTH),
    *(reproducer.SCRIPT, reproducer.KEY, reproducer.FLIGHT, reproducer.OWN),
)
"""Every file that a folder may have of us; what else lies there is left."""

_MODULE: Final = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*", re.ASCII)
_LONGEST: Final = 60
_DATED: Final = 2  # words of a version before its date
_STRONG_LEVEL: Final = 4  # a P-256 key has no suite there


def write_folders(run: Recorded, out: Path) -> tuple[Path, ...]:
    """Write one folder for each cause of a run under ``out``/findings, the worst
    first; what was there of an earlier time is written anew. Raises ``OSError``."""
    return tuple(
        write_folder(run.header, group, out / FOLDER / folder_name(group))
        for group in groups([run])
    )


def folder_name(group: Group) -> str:
    """A name for the cause: severity, what is wrong, and eight digits that tell it from
    others; the same in every run."""
    what = findings.what(group.lines[0]).removeprefix(group.severity)
    words = f"{group.severity} {what}"
    slug = re.sub(r"[^a-z0-9]+", "-", words.lower())[:_LONGEST].strip("-")
    digest = hashlib.sha256(group.signature.encode("utf-8", "backslashreplace"))
    return f"{slug}-{digest.hexdigest()[:8]}"


def write_folder(header: Line, group: Group, folder: Path) -> Path:
    """Write the folder of one cause, with the simplest of its cases."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in _OURS:
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(folder / reproducer.CAPATH, ignore_errors=True)
    line = group.lines[0]
    found = check_finding(line, header)
    claim = misbehaviour(found)
    files: list[tuple[str, str]] = []
    why = claim.why if isinstance(claim, NotAskable) else ""
    if found.case is not None:
        facts = read(found.case)
        files += _write_case(found.case, facts, folder)
        if isinstance(claim, Misbehaviour):
            script, why = _script(header, line, found, claim, facts)
            if script is not None:
                files += _write_script(script, header, folder)
        files += _write_commands(found, folder)
        files += _write_suite(found, group, folder)
    else:
        text = surface.script(found.finding, module_of(header, found.target))
        if text is not None:
            (folder / reproducer.SCRIPT).write_text(text, encoding="utf-8")
            why = ""
        if surface.needs_files(found.finding):
            good = canaries.good(header["seed"], header["now"])
            pems = [write_pem(pem.CERTIFICATE, good.trusted[0].der)]
            pems += [write_pem(pem.CRL, good.crls[0])]
            (folder / surface.BOTH).write_text("".join(pems), encoding="ascii")
    with Recorder(folder / FINDINGS, _without_kind(header)) as recorder:
        for each in group.lines:
            recorder.write(each)
        recorder.close({"status": 1, "reasons": [], "elapsed_s": 0.0, "tallies": {}})
    told = upstream.Told(header, group, found, claim, files, why)
    (folder / REPORT).write_text(upstream.render(told), encoding="utf-8")
    return folder


def _without_kind(header: Line) -> dict[str, Any]:
    return {key: value for key, value in header.items() if key != "kind"}


def module_of(header: Line, target: str) -> str:
    """The module that the target was asked through: ``ssl``, or a drop-in. What is no
    module's name is not taken for one."""
    for requested in header["requested"]:
        name = requested.get("module", "ssl")
        if requested["id"] == target and isinstance(name, str):
            return name if _MODULE.fullmatch(name) else "ssl"
    return "ssl"


def _write_case(case: Case, facts: Facts, folder: Path) -> Iterator[tuple[str, str]]:
    """The case's bytes as PEM, in order."""
    if case.peer:
        text = "".join(write_pem(pem.CERTIFICATE, der) for der in case.peer)
        (folder / PEER).write_text(text, encoding="ascii")
        yield PEER, "what the peer sends, the end entity first"
    if case.trusted:
        text = "".join(write_pem(item.label, item.der) for item in case.trusted)
        (folder / TRUSTED).write_text(text, encoding="ascii")
        yield TRUSTED, "what is trusted, in the order in which it is loaded"
    if case.crls:
        text = "".join(write_pem(pem.CRL, der) for der in case.crls)
        (folder / CRLS).write_text(text, encoding="ascii")
        yield CRLS, "the CRLs, in the order in which they are loaded"
    if case.crls and case.source is Source.CAPATH:
        yield _write_capath(case, facts, folder)


def _write_capath(case: Case, facts: Facts, folder: Path) -> tuple[str, str]:
    (folder / reproducer.CAPATH).mkdir()
    seen: dict[str, int] = {}
    for digest, der in zip(crl_hashes(case, facts), case.crls, strict=True):
        number = seen[digest] = seen.get(digest, -1) + 1
        name = f"{digest}.r{number}"
        text = write_pem(pem.CRL, der)
        (folder / reproducer.CAPATH / name).write_text(text, encoding="ascii")
    return reproducer.CAPATH, "the CRLs, by the hashes of their issuers' names"


def _identity(header: Line, target: str) -> Line:
    """Who the target said it is; nothing where it never started."""
    for about in header["targets"]:
        if about["target"] == target:
            identity: Line = about["identity"]
            return identity
    return {}


def _has_levels(header: Line, target: str) -> bool:
    """Whether the target is OpenSSL itself, which says its number and then its date:
    a drop-in may offer the interface alone."""
    words = str(_identity(header, target).get("openssl", "")).split()
    genuine = len(words) > _DATED and words[0] == "OpenSSL" and words[2].isdigit()
    return genuine or module_of(header, target) == "ssl"


def _script(
    header: Line, line: Line, found: Found, claim: Misbehaviour, facts: Facts
) -> tuple[reproducer.Script | None, str]:
    """The script, or why there is none."""
    case = found.case
    assert case is not None
    if not case.peer:
        return None, "nothing is sent"
    if _identity(header, found.target).get("engine") == "pyopenssl":
        return None, "it was asked through pyOpenSSL, and a script asks ssl"
    asked = [answer.before for answer in found.answers]
    shaking = found.way is Way.HANDSHAKE and found.tls.value == "1.2"
    script = reproducer.Script(
        title=_title(header, line),
        case=case,
        claim=claim,
        handshake=_shakes_hands(found, claim, facts),
        dates=hold(facts, asked[0] if asked else header["now"]),
        module=module_of(header, found.target),
        levels=_has_levels(header, found.target),
        tls=found.tls if shaking else None,
    )
    if found.way is Way.HANDSHAKE and not script.handshake:
        return None, "no peer can own its certificates in a handshake"
    return script, ""


def _shakes_hands(found: Found, claim: Misbehaviour, facts: Facts) -> bool:
    """A process that ends, or verifies nothing, is asked by the fewer lines."""
    assert found.case is not None
    short = claim.ends or not claim.required
    return not short and reproducer.can_shake_hands(found.case, facts)


def _title(header: Line, line: Line) -> str:
    """One line of a docstring: nothing in it can end it."""
    openssl = _identity(header, line["target"]).get("openssl")
    said = printable(f"{findings.what(line)}; seen with {openssl or line['target']}.")
    return said.replace("\\", "/").replace('"', "'")


def _write_script(
    script: reproducer.Script, header: Line, folder: Path
) -> Iterator[tuple[str, str]]:
    case = script.case
    if script.handshake:
        assert case.key is not None
        text = write_pem(pem.PRIVATE_KEY, case.key)
        (folder / reproducer.KEY).write_text(text, encoding="ascii")
        yield reproducer.KEY, "the end entity's key, a public test key"
    else:
        make = client_flight if case.role is Role.CLIENT else server_flight
        try:
            flight = make(case.peer)
        except FlightError:
            return
        (folder / reproducer.FLIGHT).write_bytes(flight)
        said = "client" if case.role is Role.SERVER else "server"
        what = f"`{PEER}` as a {said} sends it: a TLS 1.2 hello, then a Certificate"
        yield reproducer.FLIGHT, what
        if case.role is Role.SERVER:
            strong = case.security_level >= _STRONG_LEVEL
            scenario = canaries.STRONG if strong else canaries.GOOD
            own, key = canaries.own(scenario, header["seed"], header["now"])
            text = write_pem(pem.CERTIFICATE, own)
            text += write_pem(pem.PRIVATE_KEY, key)
            (folder / reproducer.OWN).write_text(text, encoding="ascii")
            yield reproducer.OWN, "what the server under test presents, with its key"
    path = folder / reproducer.SCRIPT
    path.write_text(reproducer.text(script), encoding="utf-8")
    yield reproducer.SCRIPT, "asks the Python that runs it exactly this"


def _write_commands(found: Found, folder: Path) -> Iterator[tuple[str, str]]:
    """``verify.sh``, where any of the flag sets has a command."""
    assert found.case is not None
    lines = ["#!/bin/sh", 'cd "$(dirname "$0")" || exit 2']
    asked = 0
    for flags in dict.fromkeys(found.flags):
        try:
            words = command(found.case, flags)
        except NoCommandError as error:
            lines.append(f"# {flags}: no equivalent: {printable(str(error))}")
        else:
            lines += [f"# {flags}", printable(shlex.join(words))]
            asked += 1
    if asked:
        (folder / COMMANDS).write_text("\n".join(lines) + "\n", encoding="utf-8")
        yield COMMANDS, "the equivalent `openssl verify`"


def _write_suite(found: Found, group: Group, folder: Path) -> Iterator[tuple[str, str]]:
    """The case as an x509-limbo suite of one, where that format has it."""
    assert found.case is not None
    item = SuiteCase(
        id=f"verifyflags::{folder_name(group)}",
        case=found.case,
        flag_sets=tuple(dict.fromkeys(found.flags)),
        expected=_expected(found),
        description=printable(findings.case(group.lines[0])),
    )
    try:
        dump_suite(folder / SUITE, [item])
    except SuiteError:
        return
    yield SUITE, "the case for x509-limbo, with its flags in the file beside it"


def _expected(found: Found) -> Expected:
    """What the documents, or else the release, have come of it."""
    claim = misbehaviour(found)
    expected = claim.expected if isinstance(claim, Misbehaviour) else ""
    return Expected.SUCCESS if expected.startswith(ACCEPTED) else Expected.FAILURE
