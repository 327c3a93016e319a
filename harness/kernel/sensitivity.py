"""Sensitivity: which planted faults a campaign feels, by what, and after how long."""

import hashlib
import json
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from harness.kernel.campaign import TARGET, Budget, campaign
from harness.kernel.fault import Fault, planted
from harness.kernel.tree import COVERED, KernelError, Tree, recompile
from reports.recorded import Recorded

AIM: Final = 10.0
"""Seconds within which half of the faults should be found."""


@dataclass(frozen=True, slots=True)
class Found:
    """The first finding of one run."""

    by: str
    """``random``, ``witness ID``, ``probe of BEHAVIOUR``, ``canary``…"""
    seconds: float
    signature: str
    cases: int
    """Random cases that the run asked in all."""


@dataclass(frozen=True, slots=True)
class Felt:
    """What became of one fault."""

    fault: Fault
    run: Found | None = None
    """By ``run --first``: the first finding of the pinned part, or else of all."""
    random: tuple[Found | None, ...] = ()
    """By random cases alone, for each seed."""
    trouble: str = ""
    """Why it could not be planted or asked."""

    @property
    def by_random(self) -> bool:
        """Whether random cases found it under every seed."""
        return bool(self.random) and None not in self.random

    @property
    def seconds(self) -> float:
        """The median time of random cases; infinite where a seed found nothing."""
        if not self.by_random:
            return float("inf")
        return statistics.median(found.seconds for found in self.random if found)


@dataclass(frozen=True, slots=True)
class Asking:
    """How faults are asked for."""

    tree: Tree
    targets: Path
    out: Path
    budget: Budget
    seeds: tuple[int, ...]
    parts: tuple[str, ...] = ("run", "random")
    known: frozenset[str] = frozenset()
    """Signatures that the library shows without a fault: they tell of none."""


def feel(
    asking: Asking, faults: Sequence[Fault], tell: Callable[[Felt], None]
) -> list[Felt]:
    """Plant the faults one after the other, and ask. What became of each is told at
    once and kept in ``faults.jsonl``."""
    tree = asking.tree
    if any(tree.objects(file, ".gcno") for file in COVERED):
        recompile(tree, COVERED)  # counters would cost time
    tree.make("libcrypto.so")
    clean = _digest(tree)
    asking = replace(asking, known=known(asking))
    check_silent(asking)
    came = []
    with (asking.out / "faults.jsonl").open("a", encoding="utf-8") as record:
        for fault in faults:
            felt = _feel(asking, fault, clean)
            came.append(felt)
            record.write(json.dumps(_to_json(felt)) + "\n")
            record.flush()
            tell(felt)
    tree.make("libcrypto.so")
    if _digest(tree) != clean:
        raise KernelError("the library without a fault is not what it was")
    return came


def known(asking: Asking) -> frozenset[str]:
    """What the pinned part of a run finds in the library as it is."""
    if "run" not in asking.parts:
        return frozenset()
    recorded = campaign(
        asking.targets, _briefly(asking.budget), asking.out / "clean", *_NO_SHRINKING
    )
    return frozenset(found.signature for found in _all_found(recorded))


def check_silent(asking: Asking) -> None:
    """Raises ``KernelError`` where random cases find something in the library as it is:
    they would find it in place of every fault."""
    for found in _random(asking, "clean"):
        if found is not None:
            raise KernelError(f"found without a fault: {found.signature}")


def _briefly(budget: Budget) -> Budget:
    """The pinned part goes to its end whatever the time."""
    return replace(budget, seconds=1.0)


def _feel(asking: Asking, fault: Fault, clean: str) -> Felt:
    if fault.unseen:
        return Felt(fault)
    tree = asking.tree
    try:
        source = tree.read(fault.file)
        faulty = planted(source, fault)
    except KernelError as error:
        return Felt(fault, trouble=str(error))
    tree.write(fault.file, faulty)
    try:
        tree.make("libcrypto.so")
        if _digest(tree) == clean:
            return Felt(fault, trouble="compiles to the same library")
        return Felt(fault, _run(asking, fault), tuple(_random(asking, fault.name)))
    except KernelError as error:
        return Felt(fault, trouble=str(error))
    finally:
        tree.write(fault.file, source)


def _run(asking: Asking, fault: Fault) -> Found | None:
    if "run" not in asking.parts:
        return None
    out = asking.out / f"{fault.name}-run"
    budget, options = asking.budget, ["--first"]
    if asking.known:  # the first would be one of these
        budget, options = _briefly(asking.budget), []
    recorded = campaign(asking.targets, budget, out, *options, *_NO_SHRINKING)
    found = [
        item for item in _all_found(recorded) if item.signature not in asking.known
    ]
    pinned = [item for item in found if item.by != "random"]
    return min(pinned or found, key=lambda item: item.seconds, default=None)


def _random(asking: Asking, name: str) -> Iterator[Found | None]:
    if "random" not in asking.parts:
        return
    for seed in asking.seeds:
        out = asking.out / f"{name}-random-{seed}"
        recorded = campaign(
            asking.targets,
            replace(asking.budget, seed=seed),
            out,
            *("--first", "--random-only", *_NO_SHRINKING),
        )
        found = [item for item in _all_found(recorded) if item.by == "random"]
        yield min(found, key=lambda item: item.seconds, default=None)


_NO_SHRINKING: Final = ("--shrinking", "0")


def _all_found(recorded: Recorded) -> Iterator[Found]:
    cases = recorded.sums(TARGET, "random", "counts")["cases"]
    about = recorded.about(TARGET)
    if about is not None and about["insane_because"]:
        yield Found("canary", 0.0, about["insane_because"], cases)
    for line in recorded.findings:
        by = line.get("source", "canary")
        yield Found(by, line["elapsed_s"], line["signature"], cases)


def _digest(tree: Tree) -> str:
    return hashlib.sha256(tree.library.read_bytes()).hexdigest()


def _to_json(felt: Felt) -> dict[str, object]:
    return {
        "fault": felt.fault.name,
        "area": felt.fault.area.value,
        "unseen": felt.fault.unseen,
        "trouble": felt.trouble,
        "run": felt.run and asdict(felt.run),
        "random": [found and asdict(found) for found in felt.random],
    }


def line_of(felt: Felt) -> str:
    """One line of the table."""
    name = f"{felt.fault.name:<40}"
    if felt.fault.unseen:
        return f"{name} not asked: {felt.fault.unseen}"
    if felt.trouble:
        return f"{name} trouble: {felt.trouble.splitlines()[0]}"
    run = "run: nothing, or not asked for"
    if felt.run is not None:
        run = f"{felt.run.by} ({felt.run.seconds:.0f} s)"
    each = [_said(found) for found in felt.random]
    return f"{name} {run:<48} {'; '.join(each) or 'not asked for'}"


def _said(found: Found | None) -> str:
    if found is None:
        return "random: NOTHING"
    return f"{found.seconds:.1f} s, {found.cases} cases, {found.signature}"


def summary(came: Sequence[Felt]) -> Iterator[str]:
    """The numbers that stand for all faults."""
    asked = [felt for felt in came if not felt.fault.unseen and not felt.trouble]
    with_run = [felt for felt in asked if felt.run is not None]
    pinned = [felt for felt in with_run if felt.run and felt.run.by != "random"]
    yield (
        f"{len(asked)} faults asked for, {len(came) - len(asked)} not; a run found "
        f"{len(with_run)}, {len(pinned)} of them by what is pinned"
    )
    drawn = [felt for felt in asked if felt.random]
    if not drawn:
        return
    times = sorted(felt.seconds for felt in drawn)
    found = sum(1 for felt in drawn if felt.by_random)
    yield (
        f"random cases alone found {found} of {len(drawn)} under every seed; "
        f"median {statistics.median(times):.1f} s (aim: {AIM:g} s)"
    )
