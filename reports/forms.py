"""What the lines of ``findings.jsonl`` must look like, for the strict reader.

A field that a later version adds is passed over; one that is missing, or of another
type, is refused. Scenarios, cases and findings are read to the last field, since they
are asked again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, TypeVar

from harness.campaign.recording import Line
from harness.case import Case, Role, TlsVersion
from harness.finding import SEVERITIES, Finding
from harness.flags import Flags
from harness.openssl_verify import OpensslAsked
from harness.outcome import Answer, Way
from harness.pki.spec import Scenario
from harness.verdict import Verdict
from harness.wire import WireError, from_json

T = TypeVar("T")

Counts = dict[str, int]

RANDOM: Final = "random"
"""The source of a finding that random cases showed."""

STATUSES: Final = (0, 1, 2, 3)
"""Exit statuses of a run (``harness.campaign.conclusion.Status``)."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a target said it is."""

    implementation: str
    python: tuple[int, ...]
    openssl: str
    platform: str
    engine: str
    shows_depth: bool


@dataclass(frozen=True, slots=True)
class About:
    """A target that was started, in the header."""

    target: str
    ways: tuple[Way, ...]
    release: str
    assumed: bool
    expected: tuple[str, ...]
    behaviours: tuple[str, ...]
    overlaid: tuple[str, ...]
    untold: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SentenceTold:
    """A sentence of the documents, as the glossary has it."""

    flag: Flags | None
    text: str
    address: str


@dataclass(frozen=True, slots=True)
class EntryTold:
    """An entry of the ledger, as the glossary has it."""

    what: str
    how: str
    severity: str
    sentences: tuple[str, ...]
    thread: str
    releases: str


@dataclass(frozen=True, slots=True)
class Glossary:
    """What the identifiers of a recording stand for (``harness.campaign.glossary``)."""

    sentences: dict[str, SentenceTold]
    laws: dict[str, str]
    entries: dict[str, EntryTold]


@dataclass(frozen=True, slots=True)
class Part:
    """A run that was merged into this one."""

    seed: int
    now: int
    started: float
    repeat: str


@dataclass(frozen=True, slots=True)
class Header:
    """The first line."""

    version: int
    tool: str
    seed: int
    now: int
    started: float
    workers: int
    shards: int
    first: bool
    repeat: str
    glossary: Glossary


@dataclass(frozen=True, slots=True)
class Found:
    """A finding: ``harness.campaign.sighting.record`` and its place."""

    target: str
    signature: str
    severity: str
    finding: Finding
    flags: tuple[Flags, ...]
    way: Way
    tls: TlsVersion
    check: str
    role: Role | None
    answers: tuple[Answer, ...]
    scenario: Scenario | None
    case: Case | None
    station: str
    round: int
    elapsed_s: float
    source: str = ""
    shrunk: bool | None = None
    """Of a random case: whether it was shrunk to its end."""
    seen: int = 1
    verdict: Verdict | None = None
    openssl: OpensslAsked | None = None
    """What ``openssl verify`` says of the case; None where it was not asked."""
    first_affected: str | None = None
    """The first release that bisecting found to do so; None where nobody asked."""


@dataclass(frozen=True, slots=True)
class Fault:
    """An error of the harness itself."""

    target: str
    signature: str
    says: str


@dataclass(frozen=True, slots=True)
class CoveredFile:
    """A file of the oracle: its branches, and those that were taken."""

    file: str
    branches: int
    taken: int


@dataclass(frozen=True, slots=True)
class MissingBranch:
    """A branch of the oracle that was not taken."""

    file: str
    line: int
    to: int | None
    function: str
    source: str
    goal: str
    why: str


@dataclass(frozen=True, slots=True)
class StaleReason:
    """A reason for a missing branch that is no longer missing."""

    file: str
    function: str
    source: str


@dataclass(frozen=True, slots=True)
class Covered:
    """What random cases reached of the oracle (``harness.campaign.reach``)."""

    wanted: float
    per_cent: float
    branches: int
    taken: int
    files: tuple[CoveredFile, ...]
    missing: tuple[MissingBranch, ...]
    stale: tuple[StaleReason, ...]


@dataclass(frozen=True, slots=True)
class Footer:
    """The last line."""

    lines: int
    status: int
    reasons: tuple[str, ...]
    elapsed_s: float
    tallies: dict[str, dict[str, dict[str, Counts]]]
    oracle_coverage: Covered | None = None


def check_header(line: Line) -> None:
    """Raises ``WireError`` with the place of what is wrong, as every check here."""
    _read(line, Header)
    for entry in line["glossary"]["entries"].values():
        if entry["severity"] not in SEVERITIES:
            raise WireError(f"Entry.severity: {entry['severity']!r} is no severity")
    if "parts" in line:
        for name, form in _listed(line, "parts"):
            _read(form, Part, name)
    for name, form in _listed(line, "requested"):
        if not isinstance(form.get("id"), str):
            raise WireError(f"{name}.id: missing, or not text")
    for name, form in _listed(line, "targets"):
        _read(form, About, name)
        identity = form.get("identity")
        if not isinstance(identity, dict):
            raise WireError(f"{name}.identity: missing, or not an object")
        _read(identity, Identity, f"{name}.identity")


def check_finding(line: Line, header: Line) -> Found:
    """The finding as values; it is about a target of the header."""
    found = _read(line, Found)
    _check_target("Found", found.target, header)
    if found.severity not in SEVERITIES:
        raise WireError(f"Found.severity: {found.severity!r} is no severity")
    if (found.scenario is None) is not (found.case is None):
        raise WireError("Found.case: a case and its scenario come together")
    if found.source == RANDOM and found.shrunk is None:
        raise WireError("Found.shrunk: missing of a random case")
    return found


def check_fault(line: Line, header: Line) -> None:
    """An error of the harness, met with a target of the header."""
    _check_target("Fault", _read(line, Fault).target, header)


def check_footer(line: Line, header: Line) -> None:
    """The footer, whose sums are of the header's targets."""
    footer = _read(line, Footer)
    if footer.status not in STATUSES:
        raise WireError(f"Footer.status: {footer.status} is no exit status")
    for target, sums in footer.tallies.items():
        _check_target("Footer.tallies", target, header)
        for name, counters in sums.items():
            for counter, counts in counters.items():
                for key, count in counts.items():
                    if count < 0:
                        place = f"Footer.tallies.{target}.{name}.{counter}.{key}"
                        raise WireError(f"{place}: {count} is negative")


def _check_target(place: str, target: str, header: Line) -> None:
    known = [item["id"] for item in header["requested"]]
    if target not in known:
        raise WireError(f"{place}.target: {target!r} is no target of the header")


def _listed(line: Line, name: str) -> list[tuple[str, dict[str, Any]]]:
    items = line.get(name)
    if not isinstance(items, list):
        raise WireError(f"header.{name}: missing, or not an array")
    for place, item in enumerate(items):
        if not isinstance(item, dict):
            raise WireError(f"header.{name}[{place}]: not an object")
    return [(f"header.{name}[{place}]", item) for place, item in enumerate(items)]


def _read(line: Mapping[str, Any], kind: type[T], place: str = "") -> T:
    """The value, from those keys that its type has."""
    names = {item.name for item in fields(kind)}  # type: ignore[arg-type]
    known = {name: value for name, value in line.items() if name in names}
    try:
        value: T = from_json(known, kind)
    except WireError as error:
        if not place:
            raise
        said = str(error).removeprefix(kind.__name__).removeprefix(".")
        raise WireError(f"{place}.{said}") from error
    return value
