"""A finding of a recorded run in words, one line for what and one for the case."""

from typing import Any

from harness.campaign.recording import Line
from harness.flags import Flags
from harness.pki.spec import Scenario
from harness.wire import from_json
from reports.printable import printable
from reports.scenarios import tell


def heading(line: Line) -> str:
    """Severity, target and what is wrong."""
    return printable(f"{line['severity']}: {line['target']}: {_what(line['finding'])}")


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
