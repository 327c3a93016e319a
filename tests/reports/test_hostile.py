"""Text from outside is harmless in every format, whatever is in it."""

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.pki.spec import Entity, NameSpec, Scenario, TrustSpec, ca, end_entity
from harness.verbs.report import FORMATS
from reports.recorded import read_run
from reports.report import Report, report
from tests.recordings import about
from tests.reports.pages import parsed
from tests.reports.runs import GLOSSARY, OPEN, SIDES, finding_line, write_run

SCRIPT = "<script>alert(1)</script>"
NASTY = (
    f"{SCRIPT}'\"><img src=x onerror=alert(1)>\x00\x1b[31m\r\n::error::x%0A\u202e"
    "\u2066\ufeff\ufffe\ud800]]>--><!-- {{ 7*7 }} | `#` &amp; \U000e0001"
)
LONG = "n" * 65_536


def scenario(text: str) -> Scenario:
    """A scenario in which every name and label is the text."""
    text = text.encode("utf-8", "replace").decode()
    root = Entity(NameSpec.cn(text), "p256-0")
    leaf = Entity(NameSpec.cn("leaf.example"), "p256-1")
    return Scenario(
        certificates=(
            ca("root" + text, root, root),
            end_entity("leaf" + text, leaf, root),
        ),
        peer=("leaf" + text,),
        trusted=(TrustSpec("root" + text),),
        name="leaf.example",
    )


def hostile(folder: Path, text: str) -> Report:
    """The report of a run in which everything that can be text is this text."""
    finding = replace(
        OPEN, rule=text, expected=text, observed=text, sentence="CRL_CHECK_LEAF/revoked"
    )
    line = finding_line(
        finding, "fail-open", target=text, station=text, scenario=scenario(text)
    )
    line["signature"] = text
    fault = {"kind": "fault", "target": text, "signature": text, "says": text}
    glossary: dict[str, Any] = {
        **GLOSSARY,
        "sentences": {
            name: {**told, "text": text, "address": "javascript:alert(1)"}
            for name, told in GLOSSARY["sentences"].items()
        },
        "entries": {
            text: {
                **GLOSSARY["entries"]["delta-for-complete"],
                "what": text,
                "thread": "javascript:alert(1)",
            }
        },
    }
    run = write_run(
        folder,
        findings=[line],
        reasons=[text],
        requested=[{"id": text}],
        repeat=text,
        glossary=glossary,
        targets=[
            about(
                text,
                openssl=text,
                implementation=text,
                platform=text,
                expected=list(SIDES),
                behaviours=[text],
            )
        ],
    )
    path = run / "findings.jsonl"
    lines = path.read_text().splitlines()
    footer = json.loads(lines.pop())
    tally = footer["tallies"].pop("here")
    tally["random"]["skips"] = {text: 4}
    tally["random"]["entries"] = {text: 2}
    tally["random"]["known"] = {f"USE_DELTAS|{text}": 2}
    footer["tallies"][text] = tally
    footer["lines"] += 1
    path.write_text("\n".join([*lines, json.dumps(fault), json.dumps(footer)]) + "\n")
    return report(read_run(run))


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    "text", [NASTY, LONG, LONG + NASTY], ids=["odd", "long", "both"]
)
def test_no_format_lets_text_out_of_its_place(
    tmp_path: Path, name: str, text: str
) -> None:
    """No control, bidirectional or lone surrogate character, no markup, and no more
    than a bounded length of it is in what is written."""
    shown = FORMATS[name][1](hostile(tmp_path, text))
    shown.encode("utf-8")
    assert all(one.isprintable() or one in "\n\t" for one in shown)
    assert "n" * 2_000 not in shown
    assert "javascript:" not in shown
    plain = FORMATS[name][1](hostile(tmp_path / "plain", "word"))
    match name:
        case "html":
            page, expected = parsed(shown), parsed(plain)
            tags = [element.tag for element in page.elements]
            assert len(page.all("script")) == 1
            assert tags.count("img") == 0
            assert set(tags) == {element.tag for element in expected.elements}
        case "junit":
            ET.fromstring(shown)  # noqa: S314  # what we wrote
        case "json":
            json.loads(shown)
        case "annotations":
            assert shown.count("\n") == plain.count("\n")
            assert all(one.startswith("::") for one in shown.splitlines())
        case _:
            # A block of code, which four spaces make, is the one place of no markup.
            lines = [one for one in shown.splitlines() if one[:4] != "    "]
            assert SCRIPT not in "\n".join(lines)
            assert "\n\n    " in shown
            assert shown.count("\n") == plain.count("\n")
