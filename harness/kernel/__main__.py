"""``python -m harness.kernel``: how much of OpenSSL's verification a campaign reaches,
and which faults planted there it feels. Linux, gcc, gcov, make and perl are needed.
"""

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from harness.kernel.campaign import TARGET, VERIFIER, Budget, campaign, targets_file
from harness.kernel.faults import FAULTS
from harness.kernel.reach import forget, instrument, measured, told
from harness.kernel.sensitivity import Asking, Felt, feel, line_of, summary
from harness.kernel.tree import KernelError, Tree, built, check_loaded

REACH_SECONDS: Final = 300.0
FAULT_SECONDS: Final = 60.0
SEED: Final = 1
PARTS: Final = ("run", "random")


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, and print; 2 where that is not possible."""
    arguments = _parser().parse_args(argv)
    if arguments.verb == "list":
        for fault in FAULTS:
            _say(f"{fault.name:<40} {fault.area:<12} {fault.what}")
        return 0
    try:
        with _folders(arguments) as (out, folder):
            tree = built(arguments.source, folder)
            check_loaded(tree, arguments.python)
            if arguments.verb == "reach":
                _reach(arguments, tree, out)
            else:
                _faults(arguments, tree, out)
    except KernelError as error:
        sys.stderr.write(f"kernel: {error}\n")
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="python -m harness.kernel", description=__doc__)
    verbs = top.add_subparsers(dest="verb", required=True)
    reach = verbs.add_parser("reach", help="lines and branches that a campaign takes")
    faults = verbs.add_parser("faults", help="planted faults that a campaign finds")
    verbs.add_parser("list", help="the faults that can be planted")
    for verb, seconds in ((reach, REACH_SECONDS), (faults, FAULT_SECONDS)):
        verb.add_argument("source", type=Path, help="an OpenSSL source tree")
        verb.add_argument("--seconds", type=float, default=seconds, metavar="S")
        verb.add_argument("--workers", type=int, default=os.cpu_count() or 1)
        verb.add_argument(
            "--build",
            type=Path,
            metavar="DIR",
            help="keep the built copy, to use again",
        )
        verb.add_argument("--out", type=Path, metavar="DIR", help="keep the records")
        verb.add_argument(
            "--python", default=sys.executable, help="what loads the libraries"
        )
    reach.add_argument("--seed", type=int, default=SEED)
    reach.add_argument("--random-only", action="store_true", help="as `run` has it")
    faults.add_argument("--seed", type=int, action="append", default=[])
    faults.add_argument("--fault", action="append", default=[], metavar="NAME")
    faults.add_argument("--area", action="append", default=[], metavar="AREA")
    faults.add_argument("--part", action="append", default=[], choices=PARTS)
    return top


@contextmanager
def _folders(arguments: argparse.Namespace) -> Iterator[tuple[Path, Path]]:
    """Where records go and where the build goes; removed unless they were named."""
    with tempfile.TemporaryDirectory(prefix="verifyflags-kernel-") as scratch:
        out = arguments.out or Path(scratch) / "out"
        out.mkdir(parents=True, exist_ok=True)
        yield out.resolve(), arguments.build or Path(scratch) / "build"


def _reach(arguments: argparse.Namespace, tree: Tree, out: Path) -> None:
    instrument(tree)
    asked = (TARGET, VERIFIER)
    targets = targets_file(tree, arguments.python, out / "targets.toml", asked)
    forget(tree)
    budget = Budget(arguments.seconds, arguments.seed, arguments.workers)
    # `openssl verify`, asked of findings, takes ways that no TLS verification does.
    options = ["--openssl", os.devnull]
    options += ["--random-only"] if arguments.random_only else []
    began = time.monotonic()
    recorded = campaign(targets, budget, out / "run", "--shrinking", "0", *options)
    counts = sum((recorded.sums(name, "", "counts") for name in asked), Counter())
    for line in told(measured(tree)):
        _say(line)
    _say(
        f"{counts['cases']:,} cases, {counts['verdicts']:,} verdicts, "
        f"{len(recorded.findings)} findings in {time.monotonic() - began:.0f} s, "
        f"{arguments.workers} workers; {_load()}"
    )


def _faults(arguments: argparse.Namespace, tree: Tree, out: Path) -> None:
    chosen = [
        fault
        for fault in FAULTS
        if fault.name in arguments.fault
        or fault.area in arguments.area
        or not (arguments.fault or arguments.area)
    ]
    if unknown := set(arguments.fault) - {fault.name for fault in chosen}:
        raise KernelError(f"no such fault: {', '.join(sorted(unknown))}")
    seeds = tuple(arguments.seed or [SEED])
    asking = Asking(
        tree,
        targets_file(tree, arguments.python, out / "targets.toml"),
        out,
        Budget(arguments.seconds, seeds[0], arguments.workers),
        seeds,
        tuple(arguments.part or PARTS),
    )

    def tell(felt: Felt) -> None:
        _say(line_of(felt))

    came = feel(asking, chosen, tell)
    for line in (*summary(came), _load()):
        _say(line)


def _load() -> str:
    return "load of the machine: " + " ".join(f"{one:.1f}" for one in os.getloadavg())


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
