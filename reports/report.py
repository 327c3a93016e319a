"""The report: what every format but the plain summary tells, made once for all.

Made from a recorded run and, where there is one, its history. Every text in it is
printable and of bounded length; a format only has to escape its own markup.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from harness.campaign.recording import Line
from harness.finding import SEVERITIES
from reports.changes import Changes, changes
from reports.history import NO_PAST, Past
from reports.interactions import Interactions, interactions
from reports.printable import LONG, clipped, link, title
from reports.recorded import Recorded
from reports.standing import Matrix, State, matrix
from reports.told import Script, Told, tell_findings
from reports.unseen import Unseen, unseen


class Answer(StrEnum):
    """Whether a target does what its documentation says, in one word."""

    BREAKS = "no"
    KNOWN = "not everywhere"
    OPEN = "not decided"
    KEEPS = "yes"
    UNASKED = "never asked"


@dataclass(frozen=True, slots=True)
class Subject:
    """A target of the run, and how it stands."""

    id: str
    python: str
    """Implementation and version; empty where it was never asked."""
    openssl: str
    platform: str
    engine: str
    module: str
    release: str
    """Of OpenSSL, that it was judged by."""
    answer: Answer
    findings: int
    """Distinct causes."""
    worst: str
    """The worst severity among findings; empty without one."""
    known: int
    """Distinct ledger entries met."""
    known_open: int
    """Those of them that are fail-open."""
    states: dict[State, int]
    """Checks by state."""
    cases: int
    verdicts: int
    why: str = ""
    """Why it was never asked, where it was not."""


@dataclass(frozen=True, slots=True)
class Divergence:
    """A ledger entry that was met."""

    id: str
    severity: str
    what: str
    how: str
    thread: str
    releases: str
    """The measured releases that show it; empty where it is not for them to say."""
    checks: tuple[str, ...]
    rows: dict[str, int]
    """By target."""
    since: str = ""
    """When the history first has it, as a date."""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that is told of a run, or of several merged ones."""

    tool: str
    started: float
    """Seconds since the epoch."""
    elapsed_s: float
    seed: str
    repeat: str
    status: int
    reasons: tuple[str, ...]
    subjects: tuple[Subject, ...]
    matrix: Matrix
    findings: tuple[Told, ...]
    """By cause, the worst first."""
    known: tuple[Divergence, ...]
    """The worst first."""
    interactions: Interactions
    unseen: Unseen
    changes: Changes


def report(
    run: Recorded,
    past: Past = NO_PAST,
    scripts: Mapping[str, Script] = MappingProxyType({}),
) -> Report:
    """The report of a run; ``scripts`` are those of findings' folders, by signature."""
    header, footer = run.header, run.footer
    standing = matrix(run)
    findings = tell_findings(run, past, scripts)
    known = tuple(sorted(_known(run, past), key=_by_severity))
    return Report(
        title(header["tool"]),
        header["started"],
        footer["elapsed_s"],
        ", ".join(str(part["seed"]) for part in header.get("parts", [header])),
        clipped(header["repeat"], 4 * LONG),
        footer["status"],
        tuple(clipped(reason, LONG) for reason in footer["reasons"]),
        tuple(
            _subject(run, target, standing, findings, known) for target in run.targets
        ),
        standing,
        findings,
        known,
        interactions(run),
        unseen(run, standing),
        changes(run, past),
    )


def _by_severity(one: Divergence) -> tuple[int, str]:
    return (SEVERITIES.index(one.severity), one.id)


def _subject(
    run: Recorded,
    target: str,
    standing: Matrix,
    findings: tuple[Told, ...],
    known: tuple[Divergence, ...],
) -> Subject:
    about = run.about(target)
    name = title(target)
    mine = [told for told in findings if name in told.shown]
    met = [entry for entry in known if name in entry.rows]
    states = standing.counts(name)
    counts = run.sums(target, "", "counts")
    python = ""
    identity: Line = {}
    if about is not None:
        identity = about["identity"]
        version = ".".join(map(str, identity["python"]))
        python = clipped(f"{identity['implementation']} {version}", 60)
    return Subject(
        name,
        python,
        clipped(identity.get("openssl", ""), 80),
        clipped(identity.get("platform", ""), 60),
        clipped(identity.get("engine", ""), 60),
        clipped(identity.get("module", "ssl"), 60),
        clipped(about["release"], 40) if about else "",
        _answer(about, mine, met, states),
        len(mine),
        mine[0].severity if mine else "",
        len(met),
        sum(entry.severity == "fail-open" for entry in met),
        states,
        counts["cases"],
        counts["verdicts"],
        "" if about else clipped(_why(run, target), LONG),
    )


def _answer(
    about: Line | None,
    findings: list[Told],
    known: list[Divergence],
    states: dict[State, int],
) -> Answer:
    if findings:
        return Answer.BREAKS
    if about is None:
        return Answer.UNASKED
    if about.get("insane_because"):
        return Answer.BREAKS
    if known:
        return Answer.KNOWN
    return Answer.OPEN if states[State.UNTRIED] else Answer.KEEPS


def _why(run: Recorded, target: str) -> str:
    beginning = f"{target} cannot be asked: "
    for reason in run.footer["reasons"]:
        if reason.startswith(beginning):
            return str(reason).removeprefix(beginning).removeprefix(f"{target}: ")
    return "nothing is recorded of it"


def _known(run: Recorded, past: Past) -> Iterator[Divergence]:
    rows: dict[str, dict[str, int]] = {}
    checks: dict[str, Counter[str]] = {}
    for target in run.targets:
        for entry, count in run.sums(target, "", "entries").items():
            rows.setdefault(entry, {})[title(target)] = count
        for key, count in run.sums(target, "", "known").items():
            check, _, entry = key.partition("|")
            checks.setdefault(entry, Counter())[check] += count
    for name, by_target in rows.items():
        told = run.header["glossary"]["entries"].get(name, {})
        yield Divergence(
            title(name),
            told.get("severity", "none"),
            clipped(told.get("what", ""), 2 * LONG),
            title(told.get("how", "")),
            link(told.get("thread", "")),
            clipped(told.get("releases", ""), LONG),
            tuple(map(title, checks.get(name, ()))),
            by_target,
            past.first_met(name, run),
        )
