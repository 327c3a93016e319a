"""A started interpreter and its three pipes, none of which can block us.

Questions may be written while answers are still coming: whatever is ready moves, in
both directions, so that neither end waits for a full pipe.
"""

import contextlib
import os
import resource
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Final

from harness.target.target import Target

_CHUNK: Final = 1 << 16
_TAIL: Final = 4000
"""How many characters of standard error are kept: its end says what went wrong."""
_LONGEST: Final = 1 << 26
"""Octets without a line end that are no answer of ours."""
_GRACE: Final = 5.0
"""Seconds that an interpreter has to end by itself once its input is closed."""
_REMOVED: Final = ("PYTHON", "SSL_CERT_")


class EndedError(Exception):
    """The process closed its output: it ended, or will now."""


def environment(target: Target, caller: Mapping[str, str]) -> dict[str, str]:
    """The environment a target is started with, by the rules of ``Target``."""
    kept = {
        name: value
        for name, value in caller.items()
        if not name.startswith(_REMOVED) and name != "SSLKEYLOGFILE"
    }
    return kept | {"OPENSSL_CONF": os.devnull} | dict(target.env)


def command(target: Target, script: str, scratch: str) -> list[str]:
    """What starts ``script`` on ``target`` with ``scratch`` as its folder."""
    options = ["--module", target.module, "--engine", target.engine]
    for folder in target.path:
        options += ["--path", folder]
    return [*target.argv, "-I", "-S", "-B", script, *options, "--scratch", scratch]


def _limit(pid: int, memory: int) -> None:
    """Limit a process that was just started, as far as the platform can: before it is
    asked anything. It leaves no core file, however often it crashes."""
    if sys.platform == "linux":
        limits = {resource.RLIMIT_CORE: 0}
        if memory:
            limits[resource.RLIMIT_AS] = memory << 20
        for kind, wanted in limits.items():
            _, most = resource.prlimit(pid, kind)
            is_free = most == resource.RLIM_INFINITY
            limit = wanted if is_free else min(wanted, most)
            resource.prlimit(pid, kind, (limit, limit))


class Process:
    """One started worker, with at most so many MiB of address space; 0 is no limit.

    Raises ``OSError`` where it cannot even be started.
    """

    def __init__(
        self, argv: Sequence[str], env: Mapping[str, str], memory: int = 0
    ) -> None:
        # A session of its own, so that a wrapper script is killed with its interpreter
        # and a keyboard interrupt reaches only us.
        self._child = subprocess.Popen(
            argv,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            bufsize=0,
        )
        _limit(self._child.pid, memory)
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        assert self._child.stderr is not None
        self._input = self._child.stdin.fileno()
        self._output = self._child.stdout.fileno()
        self._error = self._child.stderr.fileno()
        self._selector = selectors.DefaultSelector()
        for descriptor in (self._input, self._output, self._error):
            os.set_blocking(descriptor, False)
        self._selector.register(self._output, selectors.EVENT_READ)
        self._selector.register(self._error, selectors.EVENT_READ)
        self._unsent = bytearray()
        self._received = bytearray()
        self._tail = ""
        self._open = True

    @property
    def pid(self) -> int:
        """The process id."""
        return self._child.pid

    def send(self, line: bytes) -> None:
        """Write now what fits, and the rest while receiving."""
        waiting = bool(self._unsent)
        self._unsent += line
        if not waiting:
            self._write()
            if self._unsent:
                self._selector.register(self._input, selectors.EVENT_WRITE)

    def receive(self, seconds: float) -> bytes | None:
        """The next line, or None if there is none for so long.

        Raises ``EndedError`` at the end of output, after its last whole line.
        """
        until = time.monotonic() + seconds
        while True:
            end = self._received.find(b"\n") + 1
            if not end and len(self._received) > _LONGEST:
                end = len(self._received)
            if end:
                line = bytes(self._received[:end])
                del self._received[:end]
                return line
            if not self._open:
                raise EndedError
            left = until - time.monotonic()
            if left <= 0:
                return None
            self._move(left)

    def _move(self, seconds: float) -> None:
        """Read and write what is ready, waiting at most so long for it."""
        for key, _ in self._selector.select(seconds):
            if key.fd == self._input:
                self._write()
                if not self._unsent:
                    self._selector.unregister(self._input)
                continue
            chunk = os.read(key.fd, _CHUNK)
            if key.fd == self._error:
                self._tail = (self._tail + chunk.decode("utf-8", "replace"))[-_TAIL:]
            self._received += chunk if key.fd == self._output else b""
            if not chunk:
                self._selector.unregister(key.fd)
                self._open = self._open and key.fd != self._output

    def _write(self) -> None:
        try:
            sent = os.write(self._input, self._unsent)
        except BlockingIOError:
            return
        except BrokenPipeError:
            sent = len(self._unsent)  # its output will end too, and say so
        del self._unsent[:sent]

    def end(self, grace: float = _GRACE) -> int:
        """Close its input, let it end, kill it where it does not; its exit status.

        The whole process group is killed, so nothing outlives this call.
        """
        assert self._child.stdin is not None
        if self._unsent:
            self._unsent.clear()
            with contextlib.suppress(KeyError):
                self._selector.unregister(self._input)
        self._child.stdin.close()
        until = time.monotonic() + grace
        with contextlib.suppress(EndedError):
            while time.monotonic() < until:
                if self.receive(until - time.monotonic()) is None:
                    break
        try:
            self._child.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            pass
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._child.pid, signal.SIGKILL)
        status = self._child.wait()
        self._drain()
        self._selector.close()
        for stream in (self._child.stdout, self._child.stderr):
            assert stream is not None
            stream.close()
        return status

    def _drain(self) -> None:
        """Read what is left of standard error, which often says why."""
        with contextlib.suppress(BlockingIOError):
            while chunk := os.read(self._error, _CHUNK):
                self._tail = (self._tail + chunk.decode("utf-8", "replace"))[-_TAIL:]

    @property
    def tail(self) -> str:
        """The end of what it wrote to standard error."""
        return self._tail.strip()
