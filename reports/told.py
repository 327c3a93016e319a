"""Findings by cause, in words for who has never seen one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from harness.campaign.recording import Line
from harness.finding import How
from harness.flags import Flags
from harness.pki.spec import Scenario
from harness.wire import from_json
from reports.drawing import Drawing, draw
from reports.findings import provenance
from reports.grouping import Group, groups
from reports.history import Past
from reports.printable import LONG, clipped, link, title
from reports.recorded import Recorded
from reports.scenarios import tell
from reports.standing import check_of

_MOST_LINES: Final = 200

SEVERITIES_IN_WORDS: Final = {
    "fail-open": "accepts what must be refused",
    "broken": "crashes, hangs or babbles",
    "fail-closed": "refuses what must be accepted",
    "wrong-reason": "the right answer for a wrong reason, or a law broken",
    "unexplained": "not what this release is known to do",
    "none": "no severity",
}

_HEADLINES: Final = {
    How.WRONGLY_ACCEPTED: "Accepted, though the documentation says refuse",
    How.WRONGLY_REJECTED: "Refused, though the documentation says accept",
    How.WRONG_REASON: "Refused, but for another reason than the documentation names",
    How.LAW_BROKEN: "A relation that always holds does not",
    How.SURFACE: "The module is not as it is documented",
    How.CRASHED: "The process ended",
}
_BY_SEVERITY: Final = {
    "fail-open": _HEADLINES[How.WRONGLY_ACCEPTED],
    "fail-closed": _HEADLINES[How.WRONGLY_REJECTED],
    "wrong-reason": _HEADLINES[How.WRONG_REASON],
}
_BROKEN: Final = {
    "crash": "The interpreter crashed",
    "hang": "The interpreter hung",
    "garbage": "The interpreter answered garbage",
    "insane": "The interpreter fails the plainest cases",
}


@dataclass(frozen=True, slots=True)
class Script:
    """The script of a finding's folder, which reads the files beside it."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """One cause, told by its simplest case."""

    anchor: str
    """Where a page has it, e.g. ``finding-3``."""
    signature: str
    severity: str
    headline: str
    as_if: str
    """``as if CRL_CHECK_LEAF were off``, where that explains it; else empty."""
    check: str
    """The sentence or law; see ``reports.standing``."""
    promise: str
    address: str
    shown: dict[str, int]
    """At how many stations it was seen, by target."""
    flags: tuple[str, ...]
    asked: str
    """How: flight or handshake, and which role was under test."""
    case: str
    """The case in words; empty where there is none."""
    expected: str
    observed: str
    rule: str
    """Of the releases book; empty where none predicts it."""
    provenance: str
    since: str
    """The date of the first run that has it; empty without a history."""
    first_affected: str
    """The first release that bisecting found to do so; empty where nobody asked."""
    openssl: str
    """What ``openssl verify`` says; empty where it was not asked."""
    drawing: Drawing | None
    script: Script | None


def tell_findings(
    run: Recorded, past: Past, scripts: Mapping[str, Script]
) -> tuple[Told, ...]:
    """Every cause, the worst first; ``scripts`` by signature."""
    return tuple(
        _told(run, past, number, group, scripts.get(group.signature))
        for number, group in enumerate(groups([run]), 1)
    )


def _told(
    run: Recorded, past: Past, number: int, group: Group, script: Script | None
) -> Told:
    line = group.lines[0]
    finding = line["finding"]
    check = check_of(finding)
    promise, address = _promise(run, check)
    shown: dict[str, int] = {}
    for one in group.lines:
        target = title(one["target"])
        shown[target] = shown.get(target, 0) + one.get("seen", 1)
    return Told(
        f"finding-{number}",
        clipped(group.signature, LONG),
        group.severity,
        clipped(_headline(line), LONG),
        _as_if(line),
        title(check),
        promise,
        address,
        shown,
        tuple(clipped(str(Flags(bits)), LONG) for bits in line["flags"]),
        ", ".join(_asked(line)),
        clipped(_case(line), 4 * LONG),
        clipped(finding.get("expected", ""), LONG),
        clipped(_observed(finding), LONG),
        title(finding.get("rule", "")),
        clipped(provenance(line), LONG),
        past.first_seen(group.signature, run),
        title(line.get("first_affected") or ""),
        _openssl(line),
        draw(line),
        None if script is None else _safe(script),
    )


def _safe(script: Script) -> Script:
    """The script with printable lines of bounded number and length."""
    lines = script.text.splitlines()[:_MOST_LINES]
    text = "\n".join(clipped(line, 4 * LONG) for line in lines)
    return Script(clipped(script.path, LONG), text)


def _promise(run: Recorded, check: str) -> tuple[str, str]:
    glossary = run.header["glossary"]
    if check in glossary["sentences"]:
        told = glossary["sentences"][check]
        return clipped(told["text"], LONG), link(told["address"])
    return clipped(glossary["laws"].get(check, ""), LONG), ""


def _headline(line: Line) -> str:
    finding = line["finding"]
    match finding["is"]:
        case "Breaks":
            return _BROKEN.get(finding["breakage"], str(finding["breakage"]))
        case "Drifts":
            verb = "has" if finding["has"] else "lacks"
            return (
                f"The build {verb} {finding['behaviour']}, unlike OpenSSL"
                f" {finding['release']}"
            )
        case "Diverges":
            return _HEADLINES[How(finding["how"])]
    if finding["sentence"] and line["severity"] in _BY_SEVERITY:
        return _BY_SEVERITY[line["severity"]]
    if finding["what"] == "stale":
        return "A known divergence is no longer there"
    what = {"outcome": "answer"}.get(finding["what"], finding["what"])
    return f"Not the {what} that this release is known to give"


def _as_if(line: Line) -> str:
    finding = line["finding"]
    bits = finding.get("bits", 0)
    if not bits or finding["is"] != "Unexplained":
        return ""
    on = all(bits & flags == bits for flags in line["flags"])
    return f"as if {Flags(bits)} were {'off' if on else 'on'}"


def _asked(line: Line) -> Iterator[str]:
    if line["way"] == "handshake":
        yield f"full handshake, TLS {line['tls']}"
    else:
        yield "a TLS 1.2 first flight"
    if line["role"]:
        yield f"the {line['role']} under test"
    if line["check"] != "plain":
        yield f"{line['check']} compared"


def _case(line: Line) -> str:
    if line["scenario"] is None:
        return ""
    scenario: Scenario = from_json(line["scenario"], Scenario)
    return tell(scenario)


def _observed(finding: dict[str, Any]) -> str:
    if finding["is"] == "Breaks":
        lines = str(finding["detail"]).strip().splitlines()
        return f"{finding['breakage']}{': ' + lines[-1] if lines else ''}"
    return str(finding.get("observed", ""))


def _openssl(line: Line) -> str:
    """The answers of the command line, and whether each is what ``ssl`` said."""
    asked = line.get("openssl")
    if not asked:
        return ""
    answers = [
        f"{one['said']} ({'as' if one['agrees'] else 'unlike'} ssl)"
        for one in asked["answers"]
    ]
    return clipped(f"{asked['version']}: {', '.join(answers)}", LONG)
