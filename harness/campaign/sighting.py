"""A sighting: a finding that fails the run, and the least to be asked to see it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from harness.agreement import examine_again, examine_ways
from harness.case import Case, TlsVersion
from harness.examine import Breach, Examination
from harness.finding import (
    Finding,
    Signature,
    Unexplained,
    fails,
    severity,
    signature_of_edited,
)
from harness.flags import Flags
from harness.outcome import Answer, Way
from harness.pki.spec import Scenario
from harness.verdict import Verdict
from harness.wire import to_json


class Check(StrEnum):
    """What a case is asked for."""

    PLAIN = "plain"
    """One sweep, judged by both books."""
    WAYS = "ways"
    """Flight and handshake must agree."""
    FRESH = "fresh"
    """New contexts for each flag set must answer as one context does."""
    REVERSED = "reversed"
    """The flag sets in reversed order must have the same answers."""
    UNVERIFIED = "unverified"
    """Under CERT_NONE nothing may be refused."""
    PROCESS = "fresh process"
    """A new process must answer as one does that has answered much."""
    ROLES = "roles"
    """Where no purpose plays a part, a client and a server must answer alike."""
    OBJECTIONS = "objections"
    """Every objection is asked for: the first belongs to the plain answer, and all of
    them come as predicted."""
    TWIN = "twin"
    """Without a CRL flag, the same case with no CRL loaded must answer the same."""


@dataclass(frozen=True, slots=True)
class Mode:
    """One way to put a case: a check, and how the connection is made."""

    check: Check = Check.PLAIN
    way: Way = Way.FLIGHT
    tls: TlsVersion = TlsVersion.TLS_1_2


@dataclass(frozen=True, slots=True)
class Seen:
    """A finding in a case, with the flag sets that have to be asked to see it."""

    finding: Finding
    mode: Mode
    flags: tuple[Flags, ...]
    answers: tuple[Answer, ...] = ()
    verdict: Verdict | None = None
    edited: str = ""
    """What of the case had its bytes edited: certificate, CRL or both."""

    @property
    def signature(self) -> Signature:
        """The finding's signature (``harness.finding.signature``); in an edited case,
        what many cases have in common."""
        return signature_of_edited(self.finding, self.edited)

    @property
    def rank(self) -> Signature:
        """Signatures sort: the worst first, then by text."""
        return self.signature


def of_examination(examination: Examination, mode: Mode) -> Iterator[Seen]:
    """The failing findings of one sweep, rows first, then laws between rows."""
    for row in examination.rows:
        if fails(row.finding):
            yield Seen(
                row.finding, mode, (row.answer.requested,), (row.answer,), row.verdict
            )
    yield from of_laws(examination.laws, examination, mode)


def of_laws(
    laws: Sequence[Breach], examination: Examination, mode: Mode
) -> Iterator[Seen]:
    """The failing findings among broken laws."""
    for finding, low, high in laws:
        if fails(finding):
            flags = tuple(dict.fromkeys((low, high)))
            yield Seen(finding, mode, flags, _answers(examination, flags))


def of_findings(
    findings: Sequence[Finding], examination: Examination, mode: Mode
) -> Iterator[Seen]:
    """Failing findings about the sweep as a whole."""
    for finding in findings:
        if fails(finding):
            flags = tuple(row.answer.requested for row in examination.rows)
            yield Seen(finding, mode, flags, _answers(examination, flags))


def of_ways(flight: Examination, handshake: Examination, mode: Mode) -> Iterator[Seen]:
    """Where flight and handshake differ."""
    yield from of_findings(examine_ways(flight, handshake), handshake, mode)


def of_repeats(first: Examination, second: Examination, mode: Mode) -> Iterator[Seen]:
    """Where the same case was answered otherwise the second time. The sweep is kept
    in the first one's order."""
    for finding in examine_again(first, second):
        flags = tuple(row.answer.requested for row in first.rows)
        named = finding
        if isinstance(finding, Unexplained):
            named = replace(finding, rule=mode.check.value)
        yield Seen(named, mode, flags, _answers(second, flags))


def edited_items(scenario: Scenario) -> str:
    """What of a scenario has its bytes edited, in words; empty where nothing has."""
    crls = {item.label for item in scenario.crls}
    kinds = {"CRL" if edit.item in crls else "certificate" for edit in scenario.edits}
    return " and ".join(sorted(kinds, reverse=True))


def _answers(examination: Examination, flags: tuple[Flags, ...]) -> tuple[Answer, ...]:
    return tuple(
        row.answer for row in examination.rows if row.answer.requested in flags
    )


def unstable(seen: Seen) -> Seen:
    """The sighting of an answer that was not had again when asked again."""
    was = seen.signature.text
    finding = Unexplained("asked again", was, "not seen again", what="unstable")
    return replace(seen, finding=finding)


def record(
    seen: Seen, scenario: Scenario | None, case: Case | None, **more: object
) -> dict[str, object]:
    """A line of ``findings.jsonl``: everything needed to ask again and to tell it."""
    return {
        "kind": "finding",
        "way": seen.mode.way.value,
        "tls": seen.mode.tls.value,
        "check": seen.mode.check.value,
        "edited": seen.edited,
        "role": case.role.value if case is not None else None,
        "signature": seen.signature.text,
        "severity": severity(seen.finding).word,
        "finding": to_json(seen.finding, Finding),
        "flags": [flags.bits for flags in seen.flags],
        "answers": to_json(seen.answers, tuple[Answer, ...]),
        "verdict": None if seen.verdict is None else to_json(seen.verdict),
        "scenario": None if scenario is None else to_json(scenario),
        "case": None if case is None else to_json(case),
        **more,
    }
