"""The pages of docs/: fresh, whole, and with links that lead somewhere."""

import re

import pytest

from harness.codes import LINES, names
from harness.flags import DOCUMENTED
from harness.ledger.entries import ENTRIES
from harness.oracle.documents.laws import LAWS
from harness.oracle.documents.sentences import SENTENCES
from harness.oracle.releases.behaviours import BEHAVIOURS
from harness.oracle.releases.release import Span
from harness.oracle.releases.rules import RULES
from harness.pages import markup
from harness.pages.concerning import concerns
from harness.pages.deciding import changes, deciders, met, witnesses_of
from harness.pages.releases import EVERY, VERSIONS, in_words, spans_in_words
from harness.pages.render import FOLDER, PAGES, text

COMMAND = "nox -s docs (python -m harness.pages)"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_fresh(name: str) -> None:
    """What is committed is what the code says today."""
    written = (FOLDER / name).read_text(encoding="utf-8")
    assert written == text(name), f"docs/{name} is stale; write it anew: {COMMAND}"


@pytest.mark.parametrize("name", PAGES)
def test_links_within_a_page_lead_to_its_headings(name: str) -> None:
    """Every link to a fragment has its heading, and no two headings are alike."""
    page = text(name)
    headings = re.findall(r"^#+ (.*)$", page, re.MULTILINE)
    anchors = [markup.anchor(heading) for heading in headings]
    assert len(set(anchors)) == len(anchors)
    links = set(re.findall(r"\]\(#([^)]*)\)", page))
    assert links
    assert links <= set(anchors)


@pytest.mark.parametrize("name", PAGES)
def test_every_row_of_a_table_has_its_cells(name: str) -> None:
    """A bar within a cell is escaped, so that rows are as wide as their heads."""
    width = 0
    for line in text(name).splitlines():
        if not line.startswith("|"):
            width = 0
            continue
        cells = len(re.findall(r"(?<!\\)\|", line)) - 1
        width = width or cells
        assert cells == width, line


def test_the_flags_page_tells_of_everything() -> None:
    """Each sentence, law, divergence and behaviour stands on it."""
    page = text("flags.md")
    for name in (
        *SENTENCES,
        *LAWS,
        *(entry.id for entry in ENTRIES),
        *(behaviour.name for behaviour in BEHAVIOURS),
    ):
        assert f"`{name}`" in page, name
    for entry in ENTRIES:
        assert entry.what in page
        assert entry.thread in page


def test_the_codes_page_tells_of_everything() -> None:
    """Each number of each line stands on it under its name, and each rule."""
    page = text("codes.md")
    for line in LINES:
        for number, name in names(line).items():
            assert f"| {number} | `{name}` |" in page, (line, number)
    for rule in RULES:
        assert f"`{rule}`" in page


def test_ledger_entries_are_met_where_their_rules_hold() -> None:
    """An entry that certificates show is met in some measured release, by witnesses."""
    for entry in ENTRIES:
        if entry.rule:
            assert witnesses_of(entry.id), entry.id
            assert met(entry.id), entry.id
    assert met("proxy-leaves-holder-unchecked") == VERSIONS
    assert met("no-such-entry") == ()


def test_sides_are_decided_by_the_witnesses_made_for_them() -> None:
    """A witness that shows a side is found by playing it, without its role."""
    assert "leaf-revoked" in deciders("CRL_CHECK_LEAF/revoked", "refuses")
    assert "plain" in deciders("CRL_CHECK_LEAF", "lets pass")
    assert "plain" not in deciders("CRL_CHECK_LEAF", "refuses")


def test_a_behaviour_concerns_the_flags_its_probes_need() -> None:
    """Flags that a probe can do without are not concerned."""
    strict = DOCUMENTED["X509_STRICT"]
    found = concerns("strict-critical-basic-constraints")
    assert [flags.bits for flags in found] == [strict]
    assert [flags.bits for flags in concerns("expires-at-the-instant")] == [0]


def test_what_a_flag_changes_is_asked_with_it_alone() -> None:
    """LEAF's changes are not those of CHAIN, which contains its bit."""
    of_leaf = {change.name for change in changes("CRL_CHECK_LEAF")}
    of_chain = {change.name for change in changes("CRL_CHECK_CHAIN")}
    assert "leaf-revoked" in of_leaf - of_chain
    assert "int-revoked" in of_chain - of_leaf
    assert changes("VERIFY_DEFAULT") == ()


def test_releases_in_words() -> None:
    """Measured neighbours make a range, all of them one word, none another."""
    first, second, *_, last = VERSIONS
    assert in_words(VERSIONS) == EVERY
    assert in_words(()) == "none"
    assert in_words({first}) == str(first)
    assert in_words({second, first}) == f"{first} to {second}"
    assert in_words({first, last}) == f"{first}, {last}"


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (Span(), EVERY),
        (Span("3.0"), "from 3.0"),
        (Span("", "3.5"), "up to the end of 3.5"),
        (Span("", "3.5.7"), "up to 3.5.7"),
        (Span("3.1", "3.5.7"), "3.1 to 3.5.7"),
        (Span("3.6", "3.6"), "all of 3.6"),
        (Span("3.6.0", "3.6.0"), "3.6.0"),
    ],
)
def test_spans_in_words(span: Span, words: str) -> None:
    """Ends that name a line mean its end."""
    assert spans_in_words((span,)) == words
