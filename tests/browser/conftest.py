"""What tests in a browser share: Debian's Chromium, and a page opened in it."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from reports.html import render
from reports.recorded import read_run
from reports.report import Report, report
from tests.recordings import about
from tests.reports.runs import SIDES, TALLY, default_findings, write_run
from tests.reports.test_hostile import NASTY, hostile

FLAGS: Final = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"),
    *("--no-first-run", "--disable-background-networking", "--disable-sync"),
    "--disable-component-update",
)

PHONE: Final = (390, 844)
DESK: Final = (1280, 900)


@dataclass(slots=True)
class Opened:
    """A page, and what the browser said of it."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    """Console messages and errors."""
    requests: list[str] = field(default_factory=list)


Open = Callable[..., AbstractContextManager[Opened]]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium as Debian has it, or the browser of its kind that is named; without one
    nothing here can be said to work."""
    name = os.environ.get("VERIFYFLAGS_CHROMIUM", "chromium")
    program = shutil.which(name)
    if program is None:
        pytest.fail(f"there is no {name} on PATH: apt-get install chromium")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A report of eight targets, one with findings and one that was never asked."""
    names = ["here", *(f"python-3.{minor}-openssl-3.5.9" for minor in range(6))]
    run = write_run(
        tmp_path_factory.mktemp("run"),
        requested=[{"id": name} for name in (*names, "gone")],
        targets=[
            about(name, expected=list(SIDES), behaviours=["felt-one", "unfelt"])
            for name in names
        ],
        tallies=dict.fromkeys(names, TALLY),
        findings=default_findings(),
    )
    return report(read_run(run))


@pytest.fixture(scope="session")
def hostile_report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A report in which all text is markup, script and control characters."""
    return hostile(tmp_path_factory.mktemp("hostile"), NASTY)


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Open:
    """Opens a report at a size, with any other setting of a browser's context."""

    @contextmanager
    def open_it(
        shown: Report, size: tuple[int, int] = DESK, **settings: Any
    ) -> Iterator[Opened]:
        path = tmp_path / "report.html"
        path.write_text(render(shown), encoding="utf-8")
        width, height = size
        with browser.new_context(
            viewport={"width": width, "height": height}, **settings
        ) as context:
            page = context.new_page()
            found = Opened(page)
            page.on("console", lambda one: found.complaints.append(one.text))
            page.on("pageerror", lambda one: found.complaints.append(str(one)))
            page.on("request", lambda one: found.requests.append(one.url))
            page.goto(path.as_uri())
            yield found

    return open_it
