"""A finding of a recorded run in words, one line for what and one for the case."""

from typing import Any, Final

from harness.campaign.recording import Line
from harness.flags import Flags
from harness.pki.spec import Scenario
from harness.wire import from_json
from reports.grouping import Group
from reports.printable import printable
from reports.scenarios import tell

SEVERE: Final = {
    "broken": "crash or hang",
    "wrong-reason": "wrong reason",
    "none": "no finding",
}
"""What a severity is called, where it is not by its recorded word."""


def severity(word: str) -> str:
    """A recorded severity in the words that people are told."""
    return SEVERE.get(word, word)


def heading(line: Line) -> str:
    """Severity, target and what is wrong."""
    worst = severity(line["severity"])
    return printable(f"{worst}: {line['target']}: {what(line)}")


def group_heading(group: Group) -> str:
    """Severity, every target that shows it, and what is wrong."""
    targets = ", ".join(group.targets)
    said = f"{severity(group.severity)}: {targets}: {what(group.lines[0])}"
    return printable(said)


def group_provenance(group: Group) -> str:
    """Where its simplest case is from, and how many cases of one cause there are."""
    said = provenance(group.lines[0])
    others = len(group.lines) - 1
    return f"{said}; and {others} more of this cause" if others else said


def what(line: Line) -> str:
    """What is wrong: the sentence or behaviour, and in what way."""
    return _what(line["finding"])


def case(line: Line) -> str:
    """The case, how it was asked, what was expected and what was seen."""
    parts = []
    if line.get("scenario") is not None:
        scenario: Scenario = from_json(line["scenario"], Scenario)
        parts.append(tell(scenario))
    if line["flags"]:
        sets = " and ".join(str(Flags(bits)) for bits in line["flags"])
        parts.append(f"flags {sets}")
    if line["way"] == "handshake":
        parts.append(f"handshake TLS {line['tls']}")
    if line.get("check", "plain") != "plain":
        parts.append(f"{line['check']} compared")
    finding = line["finding"]
    if finding.get("expected"):
        parts.append(f"expected {finding['expected']}; observed {finding['observed']}")
    return printable("; ".join(parts))


def provenance(line: Line) -> str:
    """Where it is from, how often and how soon it was seen, whether it is shrunk."""
    parts = [str(line.get("source", line["station"]))]
    if line.get("source") == "random":
        parts.append(f"{line['station']} round {line['round']}")
        parts.append("shrunk" if line["shrunk"] else "not shrunk to its end")
    parts.append(f"first after {line['elapsed_s']} s")
    if line.get("seen", 1) > 1:
        parts.append(f"seen at {line['seen']} stations")
    return printable(", ".join(parts))


def _what(finding: dict[str, Any]) -> str:
    match finding["is"]:
        case "Diverges":
            return f"{finding['sentence']}: {finding['how']}{_bits(finding)}"
        case "Unexplained":
            rule = f" by rule {finding['rule']}" if finding["rule"] else ""
            what = finding["what"]
            return f"unexplained {what}{rule}{_bits(finding)}"
        case "Breaks":
            detail = finding["detail"].strip().splitlines()
            return f"{finding['breakage']}{': ' + detail[-1] if detail else ''}"
        case "Drifts":
            has, table = (
                ("has it", "has not") if finding["has"] else ("lacks it", "has")
            )
            behaviour, release = finding["behaviour"], finding["release"]
            return f"drift:{behaviour}: the build {has}, OpenSSL {release} {table}"
    return str(finding["is"])


def _bits(finding: dict[str, Any]) -> str:
    return f" [{Flags(finding['bits'])}]" if finding["bits"] else ""
