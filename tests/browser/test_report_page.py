"""The HTML report in a browser: it renders, filters, fits, and can be read by all."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from reports.document import document
from reports.html import KEYS
from reports.report import Report
from tests.browser.conftest import DESK, PHONE, Open

both_sizes = pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
both_schemes = pytest.mark.parametrize("scheme", ["light", "dark"])

CELLS = """() => [...document.querySelectorAll("#matrix-table td")].map((cell) => ({
  check: cell.parentElement.dataset.id,
  target: document.querySelector(
    `#matrix-table th[data-target="${cell.dataset.target}"]`).textContent.trim(),
  state: cell.dataset.state,
  count: Number(cell.dataset.count),
  text: cell.textContent,
}))"""
SHOWN = """() => [...document.querySelectorAll("#matrix-table tr[data-check]")]
  .filter((row) => row.checkVisibility()).map((row) => row.dataset.id)"""
ARTICLES = """() => [...document.querySelectorAll("article")]
  .filter((one) => one.checkVisibility()).map((one) => one.dataset.severity)"""


@both_sizes
@both_schemes
def test_it_renders_without_complaint_and_fits(
    opened: Open, told: Report, size: tuple[int, int], scheme: str
) -> None:
    """No console message, nothing loaded but itself, no sideways scrolling of the
    page, and no violation that the accessibility checker finds."""
    with opened(told, size, color_scheme=scheme) as found:
        page = found.page
        wide, room = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide <= room == size[0]
        assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") is (
            scheme == "dark"
        )
        assert violations(page) == []
        assert found.complaints == []
        assert found.requests == [page.url]


def violations(page: Page) -> list[str]:
    """What axe-core holds against a page, with every section opened."""
    page.evaluate("document.querySelectorAll('details').forEach((one) => one.open = 1)")
    results = Axe().run(page).response
    assert len(results["passes"]) > 20
    return [
        f"{one['id']}: {node['html'][:200]}"
        for one in results["violations"]
        for node in one["nodes"]
    ]


def test_the_checker_finds_what_is_wrong(opened: Open, told: Report) -> None:
    """A page without contrast and labels is not passed."""
    with opened(told) as found:
        found.page.evaluate(
            """document.querySelector("main").insertAdjacentHTML("beforeend",
            "<input type=text><p class=bad>pale</p>");
            document.querySelector(".bad").style.color = "#ddd";"""
        )
        told_of = {one.partition(":")[0] for one in violations(found.page)}
        assert {"label", "color-contrast"} <= told_of


@both_sizes
def test_the_first_screen_answers(
    opened: Open, told: Report, size: tuple[int, int]
) -> None:
    """The first answer is seen without scrolling, and on a desk all three are."""
    with opened(told, size) as found:
        answers = found.page.locator(".answer")
        assert answers.count() == 3
        seen = 0
        for place in range(3):
            box = answers.nth(place).bounding_box()
            assert box is not None
            seen += box["y"] + box["height"] <= size[1]
        assert seen == 3 if size == DESK else seen >= 1


def test_the_matrix_agrees_with_the_document(opened: Open, told: Report) -> None:
    """Cell by cell, state and count are those of the JSON."""
    with opened(told) as found:
        shown = found.page.evaluate(CELLS)
    expected = document(told)["cells"]
    assert len(shown) == len(expected)
    signs = {state.value: key for state, (key, _) in KEYS.items()}
    for cell, form in zip(shown, expected, strict=True):
        assert cell["check"] == form["check"]
        assert cell["target"] == form["target"]
        assert cell["state"] == signs[form["state"]]
        assert cell["count"] == form["count"]
        assert form["state"] in cell["text"]


def with_state(told: Report, *states: str) -> list[str]:
    """The checks that some target has in one of these states."""
    cells = document(told)["cells"]
    return list(dict.fromkeys(c["check"] for c in cells if c["state"] in states))


def by_click(page: Page) -> None:
    """Every state but findings is turned off with the mouse."""
    form = page.locator("#matrix-filters")
    for label in ("known divergence", "never exercised", "kept", "does not apply"):
        form.get_by_label(label, exact=True).click()


def by_keyboard(page: Page) -> None:
    """The same from the search field on, with Tab and Space."""
    page.get_by_label("Search promises").focus()
    page.keyboard.press("Tab")  # findings
    for _ in range(4):
        page.keyboard.press("Tab")
        page.keyboard.press("Space")


@pytest.mark.parametrize("choose", [by_click, by_keyboard])
def test_states_filter_the_matrix(
    opened: Open, told: Report, choose: Callable[[Page], None]
) -> None:
    """Only rows with a finding are left, the count says so, and reset brings all."""
    with opened(told) as found:
        page = found.page
        everything = page.evaluate(SHOWN)
        choose(page)
        expected = with_state(told, "finding")
        assert page.evaluate(SHOWN) == expected
        counted = page.locator("#matrix-filters output").inner_text()
        assert counted == f"{len(expected)} of {len(everything)} promises shown"
        page.get_by_role("button", name="Show all").press("Enter")
        page.wait_for_function(f"({SHOWN})().length === {len(everything)}")
        assert found.complaints == []


def test_words_and_targets_filter_the_matrix(opened: Open, told: Report) -> None:
    """Typing leaves the rows that have the words, and a target can be left out."""
    with opened(told) as found:
        page = found.page
        page.get_by_label("Search promises").press_sequentially("revoked")
        assert page.evaluate(SHOWN) == ["CRL_CHECK_LEAF/revoked"]
        form = page.locator("#matrix-filters")
        form.get_by_label("gone", exact=True).press("Space")
        heads = page.locator("#matrix-table thead th")
        assert heads.last.is_hidden()
        assert heads.first.is_visible()
        form.get_by_label("finding", exact=True).click()
        assert page.evaluate(SHOWN) == ["CRL_CHECK_LEAF/revoked"]
        form.get_by_label("never exercised", exact=True).click()
        assert page.evaluate(SHOWN) == []


def test_severities_filter_findings(opened: Open, told: Report) -> None:
    """What is not chosen is hidden, and a link to it still shows it."""
    with opened(told) as found:
        page = found.page
        assert page.evaluate(ARTICLES) == ["fail-open", "wrong-reason"]
        page.locator("#finding-filters").get_by_label("fail-open").click()
        assert page.evaluate(ARTICLES) == ["wrong-reason"]
        page.evaluate("location.hash = 'finding-1'")
        page.wait_for_function(f"({ARTICLES})().length === 2")
        page.get_by_label("Search findings").fill("no such words")
        assert page.evaluate(ARTICLES) == []


def test_a_command_is_copied(opened: Open, told: Report) -> None:
    """The button puts the text it stands by on the clipboard, and says so."""
    access = ["clipboard-read", "clipboard-write"]
    with opened(told, permissions=access) as found:
        page = found.page
        button = page.locator("button.copy").last
        wanted = page.locator(f"#{button.get_attribute('data-copies')}").inner_text()
        button.click()
        page.get_by_text("Copied").wait_for()
        assert page.evaluate("navigator.clipboard.readText()") == wanted


def test_the_keyboard_reaches_everything_and_shows_where(
    opened: Open, told: Report
) -> None:
    """Tab begins with the way past the sections, and what has focus has an outline."""
    with opened(told, PHONE) as found:
        page = found.page
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        assert page.locator(".skip").bounding_box()["x"] >= 0  # type: ignore[index]
        reached = set()
        for _ in range(60):
            page.keyboard.press("Tab")
            tag, outline = page.evaluate(
                "[document.activeElement.tagName,"
                " getComputedStyle(document.activeElement).outlineStyle]"
            )
            if tag == "BODY":  # past the last one
                break
            assert outline != "none", tag
            reached.add(tag)
        assert {"A", "INPUT", "SUMMARY", "DIV"} <= reached


def test_without_script_everything_is_there(opened: Open, told: Report) -> None:
    """Nothing waits for a script to be shown, and no dead control is."""
    with opened(told, java_script_enabled=False) as found:
        assert found.page.locator("#matrix-filters").is_hidden()
        assert found.page.locator("button.copy").first.is_hidden()
        assert found.page.locator("#matrix-table").is_visible()
        assert found.page.locator("article").last.is_visible()


def test_it_prints_whole(opened: Open, told: Report) -> None:
    """On paper there are no controls, and nothing stays folded."""
    with opened(told) as found:
        page = found.page
        page.emulate_media(media="print", color_scheme="dark")
        assert page.locator("nav").is_hidden()
        assert page.locator("#matrix-filters").is_hidden()
        assert (
            page.locator(".scroll").first.evaluate(
                "(one) => getComputedStyle(one).overflowX"
            )
            == "visible"
        )
        assert page.pdf().startswith(b"%PDF")
        assert page.evaluate(
            "[...document.querySelectorAll('details')].every(o => o.open)"
        )


@both_sizes
def test_hostile_text_stays_text(
    opened: Open, hostile_report: Report, size: tuple[int, int]
) -> None:
    """Scripts in names do not run, and even such a page fits and is accessible."""
    dialogs: list[str] = []
    with opened(hostile_report, size) as found:
        page = found.page
        page.on("dialog", lambda one: dialogs.append(one.message))
        assert "<script>alert(1)</script>" in page.locator("main").inner_text()
        assert page.locator("img").count() == 0
        assert page.locator("script").count() == 1
        wide, room = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide <= room
        assert violations(page) == []
        assert found.complaints == []
    assert dialogs == []
