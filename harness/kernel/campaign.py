"""A campaign against a built tree, started as a user starts one."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import harness
from harness.campaign.recording import RecordingError
from harness.kernel.tree import KernelError, Tree
from harness.target.target import LIBCRYPTO, SSL
from reports.recorded import Recorded, read_run

TARGET: Final = "kernel"
"""The id in every record of the target that is asked through ``ssl``."""
VERIFIER: Final = "kernel-verifier"
"""The id of the same libraries where the verifier alone is asked: for every objection
too, which takes the ways on that a verify callback opens."""
_ENGINES: Final = {TARGET: SSL, VERIFIER: LIBCRYPTO}

_ENDED: Final = (0, 1, 3)
"""Exit statuses of a run that asked its target."""

_TAIL: Final = 2000


@dataclass(frozen=True, slots=True)
class Budget:
    """How long one campaign asks, from which seed, by how many workers."""

    seconds: float
    seed: int
    workers: int


def targets_file(
    tree: Tree, python: str, path: Path, names: Sequence[str] = (TARGET,)
) -> Path:
    """Write the targets file that names a tree's libraries once for each of ``names``,
    as which it is asked through different engines; its path."""
    env = ", ".join(f'{name} = "{value}"' for name, value in tree.env.items())
    entries = [
        f'[[target]]\nid = "{name}"\nargv = ["{python}"]\nenv = {{ {env} }}\n'
        f'engine = "{_ENGINES[name]}"\n'
        for name in names
    ]
    path.write_text("\n".join(entries), encoding="utf-8")
    return path


def campaign(targets: Path, budget: Budget, out: Path, *options: str) -> Recorded:
    """What a run of ``verifyflags run`` recorded. Raises ``KernelError``."""
    argv = [
        *(sys.executable, "-m", "harness", "run", "--targets-file", str(targets)),
        *("--seconds", f"{budget.seconds:g}", "--seed", str(budget.seed)),
        *("--workers", str(budget.workers), "--out", str(out), *options),
    ]
    here = str(Path(harness.__file__).parent.parent)
    paths = [here, *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    done = subprocess.run(argv, env=env, capture_output=True, text=True, check=False)
    if done.returncode not in _ENDED:
        said = (done.stdout + done.stderr)[-_TAIL:]
        raise KernelError(f"the run ended with {done.returncode}:\n{said}")
    try:
        return read_run(out)
    except (OSError, RecordingError) as error:
        raise KernelError(f"the run left no record: {error}") from error
