"""The report as one HTML file: styles, script and drawings inside, no network."""

import base64
import time
from hashlib import sha256
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from harness.finding import SEVERITIES
from reports.changes import Point
from reports.drawing import WIDTH
from reports.opening import opening
from reports.report import Report
from reports.standing import State
from reports.summary import STATUS
from reports.told import SEVERITIES_IN_WORDS

OPEN: Final = 5
"""Findings that are shown whole; the rest opens at a click."""

BAR: Final = 80
"""How high the highest bar of the trend is."""

KEYS: Final = {
    State.FINDING: ("finding", "\N{BALLOT X}"),
    State.KNOWN: ("known", "\N{ALMOST EQUAL TO}"),
    State.UNTRIED: ("untried", "?"),
    State.KEPT: ("kept", "\N{CHECK MARK}"),
    State.ABSENT: ("absent", "\N{EN DASH}"),
}
"""Of each state, its class and the sign that says the same without colour."""


def render(report: Report) -> str:
    """The whole page."""
    style = _file("report.css")
    script = _file("report.js")
    page: str = (
        _environment()
        .get_template("report.html.jinja")
        .render(
            report=report,
            opening=opening(report),
            groups=_groups(report),
            policy=(
                f"default-src 'none'; style-src '{_hash(style)}'; "
                f"script-src '{_hash(script)}'; base-uri 'none'; form-action 'none'"
            ),
            style=Markup(style),  # noqa: S704  # our own file
            script=Markup(script),  # noqa: S704  # our own file
            status=STATUS[report.status],
            KEYS=KEYS,
            SEVERITIES=SEVERITIES,
            IN_WORDS=SEVERITIES_IN_WORDS,
            OPEN=OPEN,
            WIDTH=WIDTH,
            State=State,
            bars=_bars(report),
        )
    )
    return page


def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["moment"] = _moment
    made.filters["heat"] = _heat
    made.filters["short"] = _short
    return made


def _file(name: str) -> str:
    return files("reports").joinpath("templates", name).read_text("utf-8")


def _hash(text: str) -> str:
    """How a Content-Security-Policy names the one script or style it allows."""
    digest = base64.b64encode(sha256(text.encode()).digest()).decode("ascii")
    return f"sha256-{digest}"


def _groups(report: Report) -> dict[str, list[Any]]:
    """Checks by group, in order."""
    found: dict[str, list[Any]] = {}
    for check in report.matrix.checks:
        found.setdefault(check.group, []).append(check)
    return found


def _bars(report: Report) -> list[tuple[Point, int, int]]:
    """The trend as bars: each run with the heights of its findings and of its known
    divergences, in units of which the highest bar has ``BAR``."""
    heights = [
        (sum(one.severities.values()), one.known) for one in report.changes.trend
    ]
    highest = max((found + known for found, known in heights), default=0) or 1
    return [
        (point, round(found * BAR / highest), round(known * BAR / highest))
        for point, (found, known) in zip(report.changes.trend, heights, strict=True)
    ]


def _moment(seconds: float) -> str:
    """A moment in UTC, to the minute."""
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(seconds))


def _heat(count: int) -> int:
    """How warm a cell is: one step for each power of ten, 0 for none."""
    return min(len(str(count)), 6) if count else 0


def _short(count: int) -> str:
    """A count in at most four characters: 999, 1.2k, 35k, 1.2M."""
    for size, sign in ((1_000_000, "M"), (1_000, "k")):
        if count >= size:
            value = count / size
            return f"{value:.1f}{sign}" if value < 10 else f"{value:.0f}{sign}"
    return str(count)
