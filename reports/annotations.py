"""The report as workflow annotations: commands that a GitHub runner reads."""

from collections.abc import Iterator
from typing import Final

from reports.opening import opening
from reports.report import Report

MOST: Final = 10
"""How many of a kind a runner shows of one step."""


def render(report: Report) -> str:
    """A line for each annotation, ending in a newline."""
    return "".join(f"{line}\n" for line in _lines(report))


def _lines(report: Report) -> Iterator[str]:
    shown = report.findings[:MOST]
    for told in shown:
        targets = ", ".join(told.shown)
        text = (
            f"{targets}: {told.check}: {told.headline}. Expected {told.expected}; "
            f"observed {told.observed}. Flags {' and '.join(told.flags) or 'none'}."
        )
        more = len(report.findings) - len(shown)
        if told is shown[-1] and more:
            text += f" And {more} more findings, in the report."
        yield command("error", f"{told.severity}: {told.check}", text)
    _, _, unseen = opening(report)
    if report.reasons:
        text = " ".join([*unseen.sentences, *report.reasons[:MOST]])
        yield command("warning", "What was not looked at", text)
    if report.known:
        text = ", ".join(f"{entry.id} ({entry.severity})" for entry in report.known)
        title = f"{len(report.known)} known divergences"
        yield command("notice", title, f"{text}.")


def command(kind: str, title: str, text: str) -> str:
    """One workflow command: its title and text escaped, each in its own way.

    Source: ``escapeData`` and ``escapeProperty`` of ``actions/toolkit``.
    """
    return f"::{kind} title={_property(title)}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
