"""Starting other programs: package managers, tar, the compiler."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from harness.target.provision.errors import ProvisionError, of_system

_PATIENCE: Final = 900.0
"""Seconds after which a client is taken for stuck."""


@dataclass(frozen=True, slots=True)
class Done:
    """How a program ended, and what it said."""

    status: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """Both streams; complaints first."""
        return self.err + self.out


class Run(Protocol):
    """Runs a program to its end. Raises ``ProvisionError`` where it cannot start."""

    def __call__(
        self,
        argv: Sequence[str],
        *,
        folder: Path,
        env: Mapping[str, str] | None = None,
    ) -> Done:
        """``env`` is laid over ours; ``folder`` is where it works."""


@dataclass(slots=True)
class Runner:
    """Runs programs that hold the cache's lock for as long as they live: where we are
    killed, the next one waits for what we started."""

    lock: int
    patience: float = _PATIENCE
    _alive: set[int] = field(default_factory=set)
    _stopped: bool = False

    def __call__(
        self,
        argv: Sequence[str],
        *,
        folder: Path,
        env: Mapping[str, str] | None = None,
    ) -> Done:
        """Run it in a group of its own, which ends with it."""
        if self._stopped:
            raise ProvisionError("interrupted")
        try:
            process = subprocess.Popen(
                argv,
                cwd=folder,
                env={**os.environ, "LC_ALL": "C.UTF-8", **(env or {})},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                encoding="utf-8",
                errors="replace",
                pass_fds=(self.lock,),
                start_new_session=True,
            )
        except OSError as error:
            raise of_system(error, argv[0]) from error
        self._alive.add(process.pid)
        with process:
            try:
                out, err = process.communicate(timeout=self.patience)
            except subprocess.TimeoutExpired as error:
                _kill(process.pid)
                raise ProvisionError(
                    f"{argv[0]}: no end after {self.patience:g} s, timed out"
                ) from error
            except BaseException:
                _kill(process.pid)
                raise
            finally:
                self._alive.discard(process.pid)
        if self._stopped:
            raise ProvisionError("interrupted")
        return Done(process.returncode, out, err)

    def stop(self) -> None:
        """End whatever runs, and start nothing more."""
        self._stopped = True
        for pid in tuple(self._alive):
            _kill(pid)


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def run_whole(run: Run, argv: Sequence[str], folder: Path, what: str) -> str:
    """Run a program that must succeed; its output. Raises ``ProvisionError``."""
    done = run(argv, folder=folder)
    if done.status:
        tail = "\n".join(done.said.strip().splitlines()[-3:])
        raise ProvisionError(f"{what}: {argv[0]} ended with {done.status}: {tail}")
    return done.out
