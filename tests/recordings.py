"""Lines of ``findings.jsonl`` for tests, whole as a run writes them."""

import time
from typing import Any

from harness.campaign.sighting import Check, Mode, Seen, record
from harness.case import TlsVersion
from harness.finding import Finding
from harness.flags import Flags
from harness.outcome import Answer, Way
from harness.pki.issue import issue
from harness.pki.spec import Scenario

Line = dict[str, Any]

SEED = 5
RELEASE = "3.0.19"


def about(target: str, **changes: Any) -> Line:
    """A started target, as a header has it; its identity takes what it has."""
    identity: Line = {
        "implementation": "cpython",
        "python": [3, 11, 7],
        "openssl": "OpenSSL 3.0.19",
        "platform": "linux",
        "engine": "ssl",
        "shows_depth": False,
    }
    identity |= {key: changes.pop(key) for key in tuple(changes) if key in identity}
    return {
        "target": target,
        "identity": identity,
        "ways": ["flight"],
        "release": RELEASE,
        "assumed": False,
        "overlaid": [],
        "untold": [],
        "expected": [],
        "behaviours": [],
        **changes,
    }


def header_line(**changes: Any) -> Line:
    """A header, as ``Recorder`` is given it."""
    return {
        "seed": SEED,
        "now": int(time.time()),
        "started": time.time(),
        "workers": 2,
        "shards": 3,
        "first": False,
        "repeat": "verifyflags run --seed 5",
        "requested": [{"id": "here"}],
        "targets": [about("here")],
        "glossary": {"sentences": {}, "laws": {}, "entries": {}},
        **changes,
    }


def footer_line(**changes: Any) -> Line:
    """A footer, as ``Recorder.close`` is given it."""
    return {"status": 1, "reasons": [], "elapsed_s": 10.0, "tallies": {}, **changes}


def found_line(
    finding: Finding,
    scenario: Scenario | None,
    *flags: Flags,
    answers: tuple[Answer, ...] = (),
    now: int | None = None,
    **changes: Any,
) -> Line:
    """A finding in a scenario, asked by flight unless said otherwise."""
    mode = Mode(
        Check(changes.pop("check", "plain")),
        Way(changes.pop("way", "flight")),
        TlsVersion(changes.pop("tls", "1.2")),
    )
    case = None
    if scenario is not None:
        moment = int(time.time()) if now is None else now
        case = issue(scenario, seed=SEED, now=moment)
    seen = Seen(finding, mode, flags, answers)
    place: Line = {
        "target": "here",
        "station": "here-0",
        "round": 0,
        "seed": SEED,
        "elapsed_s": 1.0,
        "source": "random",
        "shrunk": True,
        **changes,
    }
    return {**record(seen, scenario, case), **place}
