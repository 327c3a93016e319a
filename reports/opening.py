"""What a report says first: three questions of a newcomer, each with its answer."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from harness.finding import SEVERITIES
from reports.report import Answer, Report
from reports.told import SEVERITIES_IN_WORDS, Told

DOES_IT = "Does it do what it says?"
WHAT_IS = "What is broken, since when, and how bad?"
WHAT_NOT = "What was not looked at?"


NAMED: Final = 4
"""How many targets are named before they are only counted."""


@dataclass(frozen=True, slots=True)
class Said:
    """A question, the sentences that answer it, and how the answer is to be taken."""

    question: str
    sentences: tuple[str, ...]
    tone: str
    """``finding``, ``known``, ``untried`` or ``kept``, as the states of the matrix."""


def opening(report: Report) -> tuple[Said, ...]:
    """The three answers."""
    return (_does_it(report), _what_is(report), _what_not(report))


def _does_it(report: Report) -> Said:
    answers = Counter(subject.answer for subject in report.subjects)
    said = []
    if answers[Answer.BREAKS]:
        said.append(
            f"No: {_of(Answer.BREAKS, report)} {_do(answers[Answer.BREAKS])} not, in "
            "ways that were not known before."
        )
    if answers[Answer.KNOWN]:
        start = "Not everywhere: " if not said else ""
        said.append(
            f"{start}{_of(Answer.KNOWN, report)} "
            f"{'diverges' if answers[Answer.KNOWN] == 1 else 'diverge'} from the "
            "documentation in known ways only."
        )
    if answers[Answer.KEEPS]:
        start = "Yes: " if not said else ""
        said.append(
            f"{start}{_of(Answer.KEEPS, report)} kept every promise that was "
            "put to the test."
        )
    if answers[Answer.OPEN]:
        said.append(f"Not decided for {_of(Answer.OPEN, report)}.")
    if answers[Answer.UNASKED]:
        said.append(f"{_of(Answer.UNASKED, report)} could not be asked.")
    tone = "untried"
    for answer, of_it in (
        (Answer.BREAKS, "finding"),
        (Answer.KNOWN, "known"),
        (Answer.KEEPS, "kept"),
    ):
        if answers[answer]:
            tone = of_it
            break
    return Said(DOES_IT, tuple(_upper(text) for text in said), tone)


def _what_is(report: Report) -> Said:
    said = [*_found(report), *_known(report)]
    tone = "kept"
    if report.findings:
        tone = "finding"
    elif report.known:
        tone = "known"
    return Said(WHAT_IS, tuple(said) or ("Nothing that was asked.",), tone)


def _found(report: Report) -> Iterator[str]:
    if not report.findings:
        return
    counted = Counter(told.severity for told in report.findings)
    parts = [
        f"{counted[word]} {word} ({SEVERITIES_IN_WORDS[word]})"
        for word in SEVERITIES
        if counted[word]
    ]
    count = len(report.findings)
    yield f"{count:,} new finding{'s' if count > 1 else ''}: {'; '.join(parts)}."
    worst = report.findings[0]
    as_if = f", {worst.as_if}" if worst.as_if else ""
    yield f"The worst: {worst.headline}{as_if}{_by(worst)}."
    since = [told.since for told in report.findings if told.since]
    if since and min(since) == max(since):
        yield f"Since {min(since)}, the first run that has it."
    elif since:
        yield f"The first since {min(since)}, the newest since {max(since)}."
    else:
        yield "Without a history, all that is known is that this run has them."


def _by(told: Told) -> str:
    """Against what, and on which targets, if they are few."""
    names = ", ".join(told.shown)
    where = f" on {names}" if len(told.shown) <= NAMED else ""
    return f" ({told.check}{where})"


def _known(report: Report) -> Iterator[str]:
    if not report.known:
        return
    count = len(report.known)
    bad = [entry for entry in report.known if entry.severity == "fail-open"]
    always = [entry for entry in bad if entry.releases == "every release"]
    said = f"{count} known divergence{'s' if count > 1 else ''}"
    if bad:
        said += f", {len(bad)} of them fail-open ({SEVERITIES_IN_WORDS['fail-open']})"
    if always:
        said += f"; {len(always)} of those in every release that was measured"
    yield f"{said}."


def _what_not(report: Report) -> Said:
    said = [
        f"{subject.id} was never asked."
        for subject in report.subjects
        if subject.answer is Answer.UNASKED
    ]
    undecided = {(target, check) for target, check, _ in report.unseen.undecided}
    if undecided:
        checks = len({check for _, check in undecided})
        targets = len({target for target, _ in undecided})
        said.append(
            f"{checks} promise{'s' if checks > 1 else ''} never exercised, on "
            f"{targets} target{'s' if targets > 1 else ''}."
        )
    else:
        said.append("Every promise that applies was exercised on every target asked.")
    verdicts = sum(subject.verdicts for subject in report.subjects)
    if report.unseen.skipped:
        said.append(
            f"{report.unseen.skipped:,} rows could not be asked or judged, beside "
            f"{verdicts:,} that were."
        )
    names = {name for names in report.unseen.unfelt.values() for name in names}
    if names:
        said.append(
            f"{len(names)} known difference{'s' if len(names) > 1 else ''} between "
            "releases that nothing depended on."
        )
    gaps = undecided or any(one.answer is Answer.UNASKED for one in report.subjects)
    return Said(WHAT_NOT, tuple(said), "untried" if gaps else "kept")


def _of(answer: Answer, report: Report) -> str:
    """The targets with that answer: by name where they are few."""
    names = [one.id for one in report.subjects if one.answer is answer]
    whole = len(report.subjects)
    if whole == 1:
        return "this target"
    if len(names) == whole:
        return f"all {whole} targets"
    said = f"{len(names)} of {whole} targets"
    return f"{said} ({', '.join(names)})" if len(names) <= NAMED else said


def _do(count: int) -> str:
    return "does" if count == 1 else "do"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
