"""How each promise stands with each target: the matrix of a run.

A row is a *check*: a sentence of the documentation, a law between rows, or one of two
checks without a sentence (the process survives, the release does as it is known to). A
column is a target. A cell's state is the first of these that holds: a finding, a known
divergence, never exercised, kept; or the check does not apply to the target.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from harness.campaign.recording import Line
from reports.printable import LONG, clipped, link, title
from reports.recorded import Recorded

PROCESS: Final = "law:process"
"""The check that nothing sent ends, hangs or confuses the interpreter."""
RELEASE: Final = "release/as-known"
"""The check that every outcome is what the release is known to give."""

_OWN: Final = {
    PROCESS: "Whatever it is sent, the interpreter neither crashes, hangs nor babbles.",
    RELEASE: "Every outcome is the one that this release of OpenSSL is known to give.",
}
_OF_A_PATH: Final = (
    "law:path/",
    "law:X509_TRUSTED_FIRST/cleared",
    "law:X509_TRUSTED_FIRST/prefers",
)
"""Laws about the verified path, which a target must tell."""
_OF_SSL: Final = ("law:CERT_NONE/",)


class State(StrEnum):
    """How a check stands with a target."""

    FINDING = "finding"
    KNOWN = "known divergence"
    UNTRIED = "never exercised"
    KEPT = "kept"
    ABSENT = "does not apply"


@dataclass(frozen=True, slots=True)
class Check:
    """One row of the matrix."""

    id: str
    """As it is told; so are targets here."""
    group: str
    """The flag, class or function it is about; ``laws``; ``process and release``."""
    text: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """How one check stands with one target."""

    state: State
    count: int = 0
    """Of findings, of rows that diverge as known, or of sweeps that kept it."""
    notes: tuple[str, ...] = ()
    """Ledger entries, signatures, or what was not met."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """Checks by targets."""

    checks: tuple[Check, ...]
    targets: tuple[str, ...]
    cells: dict[tuple[str, str], Cell]
    """By the check's and the target's identifiers."""

    def cell(self, check: str, target: str) -> Cell:
        """How the check stands with the target."""
        return self.cells[check, target]

    def counts(self, target: str) -> dict[State, int]:
        """How many checks are in each state with the target."""
        found = dict.fromkeys(State, 0)
        for check in self.checks:
            found[self.cells[check.id, target].state] += 1
        return found


def matrix(run: Recorded) -> Matrix:
    """The matrix of a run."""
    checks = dict(_checks(run))
    cells = {
        (check.id, title(target)): _cell(run, target, name)
        for target in run.targets
        for name, check in checks.items()
    }
    return Matrix(tuple(checks.values()), tuple(map(title, run.targets)), cells)


def check_of(finding: dict[str, Any]) -> str:
    """The check that a recorded finding is about."""
    if finding["is"] == "Breaks":
        return PROCESS
    sentence: str = finding.get("sentence") or RELEASE
    return sentence


def _checks(run: Recorded) -> Iterator[tuple[str, Check]]:
    """Every check by its identifier as it is recorded."""
    glossary = run.header["glossary"]
    for name, told in glossary["sentences"].items():
        group = title(name.partition("/")[0])
        text = clipped(told["text"], LONG)
        yield name, Check(title(name), group, text, link(told["address"]))
    named = dict.fromkeys(glossary["laws"])
    for target in run.targets:
        named |= dict.fromkeys(
            key.partition("|")[0] for key in run.sums(target, "", "known")
        )
    named |= dict.fromkeys(check_of(line["finding"]) for line in run.findings)
    for name in named:
        if name not in (*glossary["sentences"], *_OWN):
            text = clipped(glossary["laws"].get(name, ""), LONG)
            yield name, Check(title(name), "laws", text)
    for name, text in _OWN.items():
        yield name, Check(name, "process and release", text)


def _cell(run: Recorded, target: str, check: str) -> Cell:
    about = run.about(target)
    signatures = [
        clipped(line["signature"], LONG)
        for line in run.findings
        if line["target"] == target and check_of(line["finding"]) == check
    ]
    if signatures:
        return Cell(State.FINDING, len(signatures), tuple(signatures))
    if about is None:
        return Cell(State.UNTRIED, 0, ("the target was never asked",))
    known = {
        key.partition("|")[2]: count
        for key, count in run.sums(target, "", "known").items()
        if key.partition("|")[0] == check
    }
    if known:
        return Cell(State.KNOWN, sum(known.values()), tuple(map(title, known)))
    if check in run.header["glossary"]["sentences"]:
        return _sentence(run, about, check)
    return _law(run, about, check)


def _sentence(run: Recorded, about: Line, sentence: str) -> Cell:
    sides = [key for key in about["expected"] if key.partition("|")[0] == sentence]
    if not sides:
        return Cell(State.ABSENT)
    decided = run.sums(about["target"], "", "decided")
    missing = [key for key in sides if not decided[key]]
    if missing:
        return Cell(State.UNTRIED, 0, tuple(_side(key) for key in missing))
    return Cell(State.KEPT, sum(decided[key] for key in sides))


def _side(key: str) -> str:
    """A side of a sentence in words, without the sentence."""
    _, side, role = key.split("|")
    return f"{side} ({role})"


def _law(run: Recorded, about: Line, law: str) -> Cell:
    """Laws are held against every sweep that can show them."""
    identity = about["identity"]
    if law.startswith(_OF_A_PATH) and not identity.get("shows_path", True):
        return Cell(State.UNTRIED, 0, ("the target tells no verified path",))
    if law.startswith(_OF_SSL) and identity["engine"] != "ssl":
        return Cell(State.UNTRIED, 0, ("the engine has no CERT_NONE",))
    counter = "verdicts" if law == RELEASE else "sweeps"
    count = run.sums(about["target"], "", "counts")[counter]
    if not count:
        return Cell(State.UNTRIED, 0, ("nothing was asked",))
    return Cell(State.KEPT, count)
