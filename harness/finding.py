"""The result of comparing a verdict with an outcome: a closed union.

Precedence is broken, unexplained, diverges, ledger, conforms. A *signature* tells
findings apart: rule or law, kind, both outcomes' kind and code, the differing bits;
never case data.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final, assert_never

from harness.flags import DEFAULT, Flags
from harness.outcome import BY_A_PATH


class Severity(IntEnum):
    """How bad a finding is; the larger, the sooner it is shown."""

    NONE = 0
    UNEXPLAINED = 1
    WRONG_REASON = 2
    FAIL_CLOSED = 3
    BROKEN = 4
    FAIL_OPEN = 5

    @property
    def word(self) -> str:
        """As it is recorded and told, e.g. ``fail-open``."""
        return self.name.lower().replace("_", "-")


SEVERITIES: Final = tuple(item.word for item in sorted(Severity, reverse=True))
"""The words of every severity, the worst first: fail-open, broken (a crash or a hang),
fail-closed, wrong-reason, unexplained (a drift too), none."""


class How(StrEnum):
    """In what way an outcome contradicts the documents."""

    WRONGLY_ACCEPTED = "wrongly accepted"
    WRONGLY_REJECTED = "wrongly rejected"
    WRONG_REASON = "wrong reason"
    LAW_BROKEN = "law broken"
    SURFACE = "surface"
    CRASHED = "crashed"


@dataclass(frozen=True, slots=True)
class Conforms:
    """Predicted, and no promise is broken. ``decided`` are the promises kept."""

    decided: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ledgered:
    """A known divergence: predicted by the entry's rule."""

    entry: str
    sentence: str
    how: How


@dataclass(frozen=True, slots=True)
class Diverges:
    """The outcome contradicts a sentence or a law of the documents."""

    sentence: str
    how: How
    rule: str
    """The rule of the releases book that predicts the outcome; empty if none."""
    expected: str
    observed: str
    bits: Flags = DEFAULT
    """For a law, the bits in which its two rows differ; else the sentence's flag."""


@dataclass(frozen=True, slots=True)
class Unexplained:
    """The outcome is not what the releases book predicts.

    ``bits`` are the flags whose turning over would make the prediction fit: the target
    behaves as if they were set where they are clear, or the reverse.
    """

    rule: str
    expected: str
    observed: str
    bits: Flags = DEFAULT
    what: str = "outcome"
    """``outcome``, ``code``, ``path``, ``depth``, ``flags`` (echoed otherwise) or
    ``ways`` (flight and handshake differ), ``unstable`` (asked twice, answered twice),
    ``objections`` (one after the first is another) or ``stale`` (a ledger entry that
    nothing shows any more)."""
    sentence: str = ""
    """The sentence that the outcome breaks besides, if it breaks one."""


@dataclass(frozen=True, slots=True)
class Breaks:
    """The target crashed, hung or answered garbage."""

    breakage: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Drifts:
    """A probe shows a build to differ from the table of its release in one behaviour.

    The rest of a run follows the probe.
    """

    behaviour: str
    release: str
    has: bool
    """Whether the build has the behaviour."""


@dataclass(frozen=True, slots=True)
class NotShown:
    """The target cannot be asked this, or cannot show it: counted, no judgement."""

    what: str


@dataclass(frozen=True, slots=True)
class NotModelled:
    """The releases book is silent, and no promise is broken: counted."""

    why: str


@dataclass(frozen=True, slots=True, order=True)
class Signature:
    """What tells one finding from another. Ordered: the most severe comes first."""

    rank: int
    """The severity, negated."""
    text: str
    """Stable and readable; it names the flag or rule, and no case data."""


Finding = (
    Conforms
    | Ledgered
    | Diverges
    | Unexplained
    | Breaks
    | Drifts
    | NotShown
    | NotModelled
)


def kind_of(finding: Finding) -> str:
    """The kind of a finding in one word, as ``check --json`` says it."""
    match finding:
        case Conforms():
            return "conforms"
        case Ledgered():
            return "ledger"
        case Diverges():
            return "diverges"
        case Unexplained():
            return "unexplained"
        case Breaks():
            return "broken"
        case Drifts():
            return "drift"
        case NotShown():
            return "unsupported"
        case NotModelled():
            return "unmodelled"
        case _:
            assert_never(finding)


def fails(finding: Finding) -> bool:
    """Whether a finding fails the run."""
    return isinstance(finding, Breaks | Unexplained | Diverges | Drifts)


def severity(finding: Finding) -> Severity:
    """How bad a finding is."""
    match finding:
        case Conforms() | Ledgered() | NotShown() | NotModelled():
            return Severity.NONE
        case Breaks():
            return Severity.BROKEN
        case Drifts():
            return Severity.UNEXPLAINED
        case Unexplained():
            if not finding.sentence:
                return Severity.UNEXPLAINED
            if finding.observed.startswith("accepted"):
                return Severity.FAIL_OPEN
            if finding.expected.startswith("accepted"):
                return Severity.FAIL_CLOSED
            return Severity.WRONG_REASON
        case Diverges(_, how):
            return _HOW_BAD[how]
        case _:
            assert_never(finding)


_HOW_BAD: Final = {
    How.WRONGLY_ACCEPTED: Severity.FAIL_OPEN,
    How.WRONGLY_REJECTED: Severity.FAIL_CLOSED,
    How.WRONG_REASON: Severity.WRONG_REASON,
    How.LAW_BROKEN: Severity.WRONG_REASON,
    How.SURFACE: Severity.FAIL_CLOSED,
    How.CRASHED: Severity.BROKEN,
}


def signature(finding: Finding) -> Signature:
    """What tells this finding from others: rule or law, kind, outcomes, bits."""
    match finding:
        case Breaks(breakage):
            text = f"broken: {breakage}"
        case Drifts(behaviour):
            text = f"drift:{behaviour}"
        case Unexplained(rule, expected, observed, bits, what):
            expected, observed = _without_path(expected), _without_path(observed)
            as_if = f" as if {bits} were turned over" if bits else ""
            text = f"unexplained {what}: {rule}: {expected}, but {observed}{as_if}"
        case Diverges(sentence, how, rule, expected, observed):
            by = f" by {rule}" if rule else ""
            text = f"{sentence}: {how.value}: {expected}, but {observed}{by}"
        case Conforms() | Ledgered() | NotShown() | NotModelled():
            text = type(finding).__name__
        case _:
            assert_never(finding)
    return Signature(-int(severity(finding)), text)


def signature_of_edited(finding: Finding, edited: str) -> Signature:
    """The signature of a finding in a case whose bytes were edited, ``edited`` saying
    what was: one broken decoder shows by many codes and rules, and is one finding."""
    plain = signature(finding)
    if not edited or isinstance(finding, Breaks):
        return plain
    text = plain.text
    if isinstance(finding, Unexplained) and finding.what not in ("unstable", "stale"):
        told = " but ".join(map(_first_word, (finding.expected, finding.observed)))
        text = f"unexplained {finding.what}: {told}"
    elif isinstance(finding, Diverges):
        text = f"{finding.sentence}: {finding.how.value}"
    elif isinstance(finding, Unexplained):
        text = f"unexplained {finding.what}: {finding.rule}"
    return Signature(plain.rank, f"{text}, in an edited {edited}")


def _first_word(said: str) -> str:
    return said.partition(" ")[0]


def _without_path(said: str) -> str:
    """What was said, but for the length of a path, which is case data."""
    return said.partition(BY_A_PATH)[0]


def worst(findings: Iterable[Finding]) -> Finding | None:
    """The failing finding whose signature comes first, if any fails."""
    failing = [finding for finding in findings if fails(finding)]
    return min(failing, key=signature, default=None)
