"""Changes in words: by cause, what users meet first; every outside name escaped."""

from dataclasses import replace
from typing import Any

import pytest

from harness.diff.groups import Source
from harness.diff.recording import change_lines, footer, side_form
from harness.flags import X509_STRICT
from harness.ledger.plain import chain, intermediate
from harness.pki.issue import issue
from harness.pki.spec import BasicConstraintsSpec
from reports.bisect import table
from reports.diff import blocks, flags_said, markdown, text
from tests.answers import NOW
from tests.diff.playing import comparing, side

HOSTILE = "<b>*x*</b>|\x1b[31m\n# y"


@pytest.fixture(scope="module")
def lines() -> list[dict[str, Any]]:
    """A comparison of two releases by one case, from a hostile place, of a target with
    a hostile name."""
    one = side("3.5.9", (3, 13, 0))
    two = side("4.0.3", (3, 13, 0))
    two = replace(two, identity=replace(two.identity, id=HOSTILE))
    compared = comparing(one, two)
    spec = BasicConstraintsSpec(ca=True, critical=False)
    case = issue(chain(intermediate(basic_constraints=spec)), seed=1, now=NOW)
    compared.compare(case, (X509_STRICT,), Source(HOSTILE))
    body = list(change_lines(compared.groups, one, two))
    end = footer(compared.groups, compared.tally, body)
    header = {"kind": "header", "one": side_form(one), "two": side_form(two)}
    return [header, *body, {"kind": "footer", **end}]


def test_a_change_is_told_with_its_cause(lines: list[dict[str, Any]]) -> None:
    """Heading, cause in a sentence, outcomes, flags, and the exit status."""
    said = text(lines)
    for part in (
        "under the default flags of either:",
        "  strict-critical-basic-constraints",
        "OpenSSL 3.5.9 does this, OpenSSL 4.0.3 does not.",
        "1. loosened: rejected 89 CA_BCONS_NOT_CRITICAL -> accepted",
        "flags: default-3.13",
        "exit 1: something loosened",
    ):
        assert part in said


def test_text_is_printable(lines: list[dict[str, Any]]) -> None:
    """No control character comes through, and no line is broken by one."""
    said = text(lines)
    assert all(line.isprintable() for line in said.splitlines())
    assert "\\x1b[31m\\n# y" in said


def test_markdown_escapes_names(lines: list[dict[str, Any]]) -> None:
    """What could be markup is escaped, and rows keep their number of cells."""
    said = markdown(lines)
    assert "<b>" not in said
    assert not any(line.startswith("# y") for line in said.splitlines())
    (row,) = [line for line in said.splitlines() if line.startswith("| 1 |")]
    assert row.replace("\\|", "").count("|") == 7


def test_minor_changes_are_brief(lines: list[dict[str, Any]]) -> None:
    """Another code beside a loosened decision of the same cause takes one line; alone
    it is told in full."""
    header, change, end = lines
    minor = {**change, "number": 2, "change": "code changed"}
    (block,) = blocks([header, change, minor, end])
    assert block.minor == (minor,)
    assert f"    2. code changed in {change['rows']} rows, e.g." in text(
        [header, change, minor, end]
    )
    (alone,) = blocks([header, minor, end])
    assert alone.minor == ()


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ([0, 0], "none"),
        ([0x8000, 0x8000], "default-3.12"),
        ([0x8802C, 0x8802C], "default-3.13+CRL_CHECK_CHAIN"),
        ([0x24, 0x24], "CRL_CHECK_LEAF|X509_STRICT"),
        ([0x8000, 0x88020], "each side's defaults"),
        ([0x8004, 0x88024], "each side's defaults with CRL_CHECK_LEAF added"),
        ([0x800C, 0x8802C], "each side's defaults with CRL_CHECK_CHAIN added"),
    ],
)
def test_flags_are_said_by_their_presets(
    lines: list[dict[str, Any]], flags: list[int], said: str
) -> None:
    """A preset where they contain one; each side's own where the two differ."""
    assert flags_said({**lines[1], "flags": flags}, lines[0]) == said


def test_a_table_of_releases() -> None:
    """Neighbours that do the same are one row; each line of releases in a word."""

    def row(target: str, openssl: str, affected: bool | None) -> dict[str, Any]:
        said = "accepted" if affected else "rejected"
        return {
            "target": target,
            "python": target,
            "openssl": openssl,
            "said": said,
            "affected": affected,
        }

    def run(affected: bool | None, first: str, last: str) -> dict[str, Any]:
        return {"affected": affected, "first": first, "last": last}

    form = {
        "number": 1,
        "title": "loosened: x",
        "flags": [0x20],
        "added": None,
        "by": "OpenSSL",
        "role": "client",
        "rows": [
            row("a", "3.0.20", False),
            row("b", "3.0.22", True),
            row("c", "3.0.22", True),
        ],
        "lines": {
            "3.0": [run(False, "3.0.20", "3.0.20"), run(True, "3.0.22", "3.0.22")],
            "3.5": [run(True, "3.5.0", "3.5.9")],
            "3.6": [run(None, "3.6.5", "3.6.5")],
        },
    }
    said = table(form)
    assert "   under flags X509_STRICT, client" in said
    assert "   3.0.22   b, c    b and 1 more  yes       accepted" in said
    assert "   OpenSSL 3.0: not 3.0.20; first 3.0.22" in said
    assert "   OpenSSL 3.5: all that were asked (3.5.0 to 3.5.9)" in said
    assert "   OpenSSL 3.6: not told (3.6.5)" in said
