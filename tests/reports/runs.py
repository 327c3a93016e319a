"""Recorded runs for tests of what is told: two targets, findings, a ledger entry."""

from pathlib import Path
from typing import Any

from harness.campaign.recording import FINDINGS, Recorder
from harness.finding import Breaks, Diverges, Finding, How, Unexplained
from harness.flags import CRL_CHECK_LEAF, X509_STRICT, Flags
from harness.pki.spec import (
    CrlSpec,
    Entity,
    NameSpec,
    RevokedSpec,
    Scenario,
    TrustSpec,
    ca,
    end_entity,
)
from harness.verdict import MustReject, Objection, Verdict, WillReject
from harness.wire import to_json
from tests.recordings import about, footer_line, found_line, header_line

ROOT = Entity(NameSpec.cn("Root"), "p256-0")
INT = Entity(NameSpec.cn("Int"), "p256-1")
LEAF = Entity(NameSpec.cn("leaf.example"), "p256-2")
SCENARIO = Scenario(
    certificates=(
        ca("root", ROOT, ROOT),
        ca("int", INT, ROOT),
        end_entity("leaf", LEAF, INT),
    ),
    crls=(CrlSpec("list", INT, revoked=(RevokedSpec("leaf"),)),),
    peer=("leaf", "int"),
    trusted=(TrustSpec("root"),),
    loaded=("list",),
)
OPEN = Unexplained(
    "crl.revoked",
    "rejected 23 CERT_REVOKED",
    "accepted",
    CRL_CHECK_LEAF,
    sentence="CRL_CHECK_LEAF/revoked",
)
LAW = Diverges(
    "law:X509_STRICT/takes-away",
    How.LAW_BROKEN,
    "accept",
    "what STRICT accepts is accepted without it",
    "accepted",
    X509_STRICT,
)
CRASH = Breaks("crash", "Segmentation fault")

GLOSSARY: dict[str, Any] = {
    "sentences": {
        name: {"flag": 4, "text": f"Words of {name}.", "address": "https://docs.test/"}
        for name in ("CRL_CHECK_LEAF", "CRL_CHECK_LEAF/revoked", "USE_DELTAS")
    },
    "laws": {"law:X509_STRICT/takes-away": "What STRICT accepts is accepted without."},
    "entries": {
        "delta-for-complete": {
            "what": "A delta is taken for a complete CRL.",
            "how": "wrongly accepted",
            "severity": "fail-open",
            "sentences": ["USE_DELTAS"],
            "thread": "https://forge.test/1",
            "releases": "3.0.9 to 3.0.20",
        }
    },
}
SIDES = (
    "CRL_CHECK_LEAF|lets pass|client",
    "CRL_CHECK_LEAF/revoked|refuses|client",
    "USE_DELTAS|refuses|client",
)

TALLY: dict[str, dict[str, int]] = {
    "counts": {"cases": 10, "verdicts": 1000, "sweeps": 40},
    "findings": {"conforms": 990, "ledger": 9, "unexplained": 1},
    "skips": {"unsupported: server_hostname 'a': no": 3, "unmodelled: odd": 1},
    "entries": {"delta-for-complete": 9},
    "known": {"USE_DELTAS|delta-for-complete": 9},
    "pairs": {
        "CRL_CHECK_LEAF|CRL_CHECK_LEAF": 500,
        "CRL_CHECK_LEAF|X509_STRICT": 120,
        "X509_STRICT|X509_STRICT": 300,
    },
    "decided": {SIDES[0]: 4, SIDES[2]: 9},
    "felt": {"felt-one": 2},
    "asked": {f"flight|1.2|{role}": 9 for role in ("client", "server")},
}


def finding_line(finding: Finding, severity: str, **changes: Any) -> dict[str, Any]:
    """A finding in the scenario, with the verdict that expects a revocation."""
    scenario = changes.pop("scenario", SCENARIO)
    flags = changes.pop("flags", (CRL_CHECK_LEAF,))
    line = found_line(finding, scenario, *flags, severity=severity, **changes)
    if scenario is not None:
        verdict = Verdict(
            WillReject(("0" * 64,), (Objection("crl.revoked", 23, 0),)),
            MustReject(("CRL_CHECK_LEAF/revoked",), frozenset({23})),
        )
        line["verdict"] = to_json(verdict)
    return line


def default_findings() -> list[dict[str, Any]]:
    """A fail-open finding seen twice, and a broken law."""
    return [
        finding_line(LAW, "wrong-reason", flags=(X509_STRICT, Flags(0))),
        finding_line(OPEN, "fail-open", seen=2),
    ]


def write_run(
    folder: Path,
    *,
    findings: list[dict[str, Any]] | None = None,
    tally: dict[str, dict[str, int]] | None = None,
    tallies: dict[str, dict[str, dict[str, int]]] | None = None,
    reasons: list[str] | None = None,
    status: int = 1,
    **header: Any,
) -> Path:
    """The folder of a run in which ``here`` was asked and ``gone`` could not be.

    ``tally`` is what random cases counted of ``here``, ``tallies`` of each target.
    """
    if tallies is None:
        tallies = {"here": TALLY if tally is None else tally}
    folder.mkdir(parents=True, exist_ok=True)
    lines = header_line(
        **{
            "requested": [{"id": "here"}, {"id": "gone"}],
            "targets": [
                about("here", expected=list(SIDES), behaviours=["felt-one", "unfelt"])
            ],
            "glossary": GLOSSARY,
            **header,
        }
    )
    with Recorder(folder / FINDINGS, lines) as recorder:
        for line in default_findings() if findings is None else findings:
            recorder.write(line)
        recorder.close(
            footer_line(
                status=status,
                reasons=["gone cannot be asked: no file"]
                if reasons is None
                else reasons,
                tallies={target: {"random": one} for target, one in tallies.items()},
            )
        )
    return folder
