"""Everything of ours, imported before anything is drawn.

Hypothesis draws now and then a constant that it found in the modules imported so far;
a late import would change what a seed draws. With everything imported first, a seed
gives the same cases for one version of this code, installed in one way.
"""

import importlib
import pkgutil
from typing import Final

import harness
import reports
import strategies

NOT_OURS_TO_IMPORT: Final = ("__main__", "worker", "surface_worker")
"""What runs when it is imported, or runs on targets only."""

NO_PART_OF_A_RUN: Final = "harness.kernel"
"""What measures runs from outside: its C would be constants to draw."""


def preload() -> None:
    """Import every module of the three packages."""
    for package in (harness, strategies, reports):
        for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            if module.name.startswith(NO_PART_OF_A_RUN):
                continue
            if module.name.rpartition(".")[2] not in NOT_OURS_TO_IMPORT:
                importlib.import_module(module.name)
