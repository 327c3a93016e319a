"""Clients that are started: their ends, and the lock that they hold."""

import fcntl
import os
import sys
from pathlib import Path

import pytest

from harness.target.provision.clients import Runner
from harness.target.provision.errors import ProvisionError


@pytest.fixture
def lock(tmp_path: Path) -> int:
    """A descriptor as the cache's lock is one."""
    return os.open(tmp_path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)


def test_a_client_is_heard(tmp_path: Path, lock: int) -> None:
    """Its status and both its streams, in its folder, in our environment and more."""
    script = "import os, sys; print(os.getcwd(), os.environ['X']); sys.exit('no')"
    done = Runner(lock)([sys.executable, "-c", script], folder=tmp_path, env={"X": "y"})
    assert (done.status, done.out, done.err) == (1, f"{tmp_path} y\n", "no\n")


def test_a_client_holds_the_lock(tmp_path: Path, lock: int) -> None:
    """Whoever is killed leaves clients that still work: the lock is theirs too."""
    fcntl.flock(lock, fcntl.LOCK_EX)
    script = (
        "import fcntl, os\n"
        f"other = os.open({str(tmp_path / 'lock')!r}, os.O_RDWR)\n"
        f"os.fstat({lock})\n"
        "try:\n fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)\n"
        "except BlockingIOError:\n print('held')\n"
    )
    done = Runner(lock)([sys.executable, "-c", script], folder=tmp_path)
    assert done.out == "held\n", done.err


def test_a_client_that_is_stuck_or_missing(tmp_path: Path, lock: int) -> None:
    """Neither is waited for without end; after a stop nothing more is started."""
    runner = Runner(lock, patience=0.05)
    with pytest.raises(ProvisionError, match=r"no end after 0\.05 s"):
        runner([sys.executable, "-c", "import signal; signal.pause()"], folder=tmp_path)
    with pytest.raises(ProvisionError, match="no/such"):
        runner(["/no/such/program"], folder=tmp_path)
    runner.stop()
    with pytest.raises(ProvisionError, match="interrupted"):
        runner([sys.executable, "-c", ""], folder=tmp_path)
