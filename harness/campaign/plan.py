"""The plan of a campaign: whom to ask, from which seed, for how long, and where to.

The plan is one JSON file that every process of the run reads. The number of shards is
fixed, so a seed gives the same cases whatever the number of workers.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from harness.ledger.overlays import Overlay
from harness.target.target import Target
from harness.wire import from_json, to_json

SHARDS: Final = 30
"""Shards of a run. Each comes by all themes."""

ROUND: Final = 9
"""Cases that one round draws, the simplest one among them. From ten on Hypothesis
begins with almost simple ones, and then repeats parts of earlier cases more than it
draws new ones: short rounds draw more different ones."""

SHRINKING: Final = 20.0
"""Seconds that a find may be shrunk for, where nobody says otherwise."""

HANGING: Final = 40.0
"""Seconds that hangs of one target may take of the others' time."""

SCRATCH: Final = ".run"
"""Folder under the output directory where the processes of a run meet."""


class CampaignError(Exception):
    """A campaign that cannot be run as planned."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What one run does. Exactly one of ``seconds`` and ``examples`` is not None."""

    out: str
    targets: tuple[Target, ...]
    seed: int
    now: int
    """The instant that dates in scenarios are relative to, seconds since the epoch."""
    started: float
    """When the run began, seconds since the epoch."""
    seconds: float | None = None
    """Wall time of the whole run."""
    examples: int | None = None
    """Random cases for each target."""
    workers: int = 1
    first: bool = False
    """Stop at the first finding that fails the run."""
    shards: int = SHARDS
    patience: float = 20.0
    """Seconds after which a target that has not answered for a flag set hangs."""
    hanging: float = HANGING
    """Seconds that a target may hang in all, in one process of the run."""
    shrinking: float = SHRINKING
    """Seconds that a find may be shrunk for."""
    random_only: bool = False
    """Ask no witness or surface question, and follow no probe but where an overlay
    names the drift: what do random cases find alone?"""
    themes: tuple[str, ...] = ()
    """What random cases are about (``strategies.THEMES``); of all themes and of none
    where nothing is said."""
    oracle_coverage: bool = False
    """Measure which branches of the oracle random cases take, while judging them."""
    targets_file: str | None = None
    """The file that names targets, for the command that runs the plan again."""
    overlays: tuple[Overlay, ...] = ()
    """Overlays besides those of the source."""
    overlays_file: str | None = None
    """The file they are from, for the command that runs the plan again."""
    openssl: str | None = None
    """The ``openssl`` to ask about findings; where None, the one that is found."""

    @property
    def scratch(self) -> Path:
        """Where the processes of the run leave marks and records for each other."""
        return Path(self.out) / SCRATCH


@dataclass(frozen=True, slots=True)
class Shard:
    """A slice of the random cases, for every target: it goes in rounds."""

    index: int

    @property
    def name(self) -> str:
        """How progress and records name it."""
        return f"random-{self.index}"

    def seed(self, seed: int, number: int) -> int:
        """The seed of round ``number``: the same for every run length."""
        text = f"{seed}/{self.index}/{number}".encode()
        return int.from_bytes(hashlib.sha256(text).digest()[:8], "big")


def shards(plan: Plan) -> tuple[Shard, ...]:
    """Every shard."""
    return tuple(map(Shard, range(plan.shards)))


def cases_of(plan: Plan, shard: Shard) -> int | None:
    """How many random cases the shard draws; None where time is the budget."""
    if plan.examples is None:
        return None
    return plan.examples // plan.shards + (shard.index < plan.examples % plan.shards)


def deadline(plan: Plan, now: float, left: int) -> float | None:
    """When a shard that starts now must end, ``left`` being the shards not yet begun,
    this one included; None where cases are the budget.

    Workers share the time that remains; those at work take part of it, so that the
    last shard ends with the run.
    """
    if plan.seconds is None:
        return None
    remaining = plan.started + plan.seconds - now
    share = remaining * plan.workers / max(left + plan.workers - 1, plan.workers)
    return now + max(0.0, share)


def write_plan(plan: Plan) -> Path:
    """Write the plan into its scratch folder, and say where it is."""
    plan.scratch.mkdir(parents=True, exist_ok=True)
    path = plan.scratch / "plan.json"
    path.write_text(json.dumps(to_json(plan)), encoding="utf-8")
    return path


def read_plan(path: Path) -> Plan:
    """The plan in a file that ``write_plan`` wrote."""
    plan: Plan = from_json(json.loads(path.read_text(encoding="utf-8")), Plan)
    return plan
