"""A session: a worker that is asked, lost and started again, behind plain questions.

A worker that crashes, hangs or answers garbage is killed. The flag set that did it is
found, answered as ``Broken``, and the rest of its sweep is asked of a new worker.
"""

import json
import math
import mmap
import os
import shutil
import struct
import subprocess
import tempfile
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from harness.case import Case
from harness.flags import DEFAULT, Flags, lattice
from harness.flight import FlightError
from harness.outcome import Accepted, Answer, Breakage, Rejected, Unsupported
from harness.surface import Surface
from harness.target import protocol
from harness.target.process import EndedError, Process, command, environment
from harness.target.recovery import BreakError, recover, unasked
from harness.target.target import (
    LIBCRYPTO,
    PYOPENSSL,
    SSL,
    Identity,
    Question,
    Target,
)
from harness.wire import WireError, from_json

WORKER: Final = Path(__file__).with_name("worker.py")
ENGINE_WORKERS: Final = {
    SSL: WORKER,
    LIBCRYPTO: WORKER.with_name("libcrypto_worker.py"),
    PYOPENSSL: WORKER.with_name("pyopenssl_worker.py"),
}
"""The worker of each engine."""
SURFACE_WORKER: Final = Path(__file__).with_name("surface_worker.py")

SETTER_VALUES: Final = (
    *(flags.bits for flags in lattice()),
    0x8,  # CRL_CHECK_ALL without CRL_CHECK: no name in Python
    0x100,  # a policy bit: OpenSSL adds X509_V_FLAG_POLICY_CHECK
    1 << 63,
    -1,
    1 << 64,
    None,
)
"""What a surface's setter rows assign."""

_SHARED_MEMORY: Final = "/dev/shm"  # noqa: S108 - a folder that never meets a disk
Own = tuple[bytes, bytes]
"""A certificate and its PKCS#8 key, DER, for a server under test to present."""


class TargetError(Exception):
    """A target that cannot start, or a failure of our own code on it."""


@dataclass(slots=True)
class _Sent:
    """A question that waits for its answer, and its line if a worker can be asked."""

    question: Question
    seq: int
    line: bytes | None
    why_not: str = ""


class Session:
    """One target, started and asked.

    ``own`` is what a server under test presents, and ``strong``, if given, from
    security level 4 on: OpenSSL finds no suite for a P-256 key there, and P-521 costs a
    third more time at every level. ``deadline`` is how many seconds a worker may take
    for one flag set, ``hanging`` how many may be waited in vain for in all, before the
    target is given up. Raises ``TargetError`` where the target cannot start.
    """

    def __init__(
        self,
        target: Target,
        *,
        own: Own,
        strong: Own | None = None,
        deadline: float = 20.0,
        hanging: float = math.inf,
    ) -> None:
        self.target = target
        self.deadline = deadline
        self.hanging = hanging
        self.hung = 0.0
        """Seconds that were waited in vain."""
        self._own = [protocol.own_pem(own)]
        if strong is not None:
            self._own.append(protocol.own_pem(strong))
        self._seq = 0
        self._sent: deque[_Sent] = deque()
        self._process: Process | None = None
        self._scratch = ""
        self._progress: mmap.mmap | None = None
        self.identity = self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    # Questions

    def ask(self, question: Question) -> tuple[Answer, ...]:
        """One answer per flag set, in order."""
        assert not self._sent, "questions sent before wait for their answers"
        self.send(question)
        return self.receive()

    @property
    def given_up(self) -> bool:
        """Whether it has hung for longer than it may: nothing more is asked of it."""
        return self.hung > self.hanging

    def send(self, question: Question) -> None:
        """Ask without waiting; ``receive`` answers in the order of sending."""
        if self.given_up:
            raise TargetError(
                f"{self.target.id}: given up: {self.hung:g} s were waited for answers "
                "that did not come, while others wait"
            )
        sent = _Sent(question, self._next(), None, protocol.not_asked(question))
        if not sent.why_not:
            try:
                sent.line = protocol.sweep(question, sent.seq, self.target.engine)
            except FlightError as error:
                sent.why_not = str(error)
            except ValueError as error:
                raise TargetError(f"{self.target.id}: {question}: {error}") from error
        self._sent.append(sent)
        if sent.line is not None:
            self._alive().send(sent.line)

    def receive(self) -> tuple[Answer, ...]:
        """The answers to the oldest question that was sent.

        Raises ``TargetError`` where our own code failed on it, or where the target
        broke and cannot start again.
        """
        sent = self._sent.popleft()
        if sent.line is None:
            why = Unsupported(sent.why_not)
            return tuple(unasked(flags, why) for flags in sent.question.flags)
        question = sent.question
        try:
            return self._rows(sent)
        except BreakError as broke:
            answers = recover(
                question.flags, broke, lambda flags: self._ask_part(question, flags)
            )
        for waiting in self._sent:
            if waiting.line is not None:
                self._alive().send(waiting.line)
        return answers

    def surface(self, trusted: bytes, crl: bytes) -> Surface:
        """What the target's module shows; ``trusted`` and ``crl`` are DER to load."""
        request = {
            "own": self._own[0],
            "trusted": protocol.pem("CERTIFICATE", trusted),
            "crl": protocol.pem("X509 CRL", crl),
            "values": SETTER_VALUES,
        }
        scratch = _new_scratch()
        argv = command(self.target, str(SURFACE_WORKER), scratch)
        try:
            done = subprocess.run(
                argv,
                input=json.dumps(request) + "\n",
                env=environment(self.target, os.environ),
                capture_output=True,
                check=True,
                encoding="utf-8",
                timeout=self.deadline,
            )
            surface: Surface = from_json(json.loads(done.stdout), Surface)
        except (subprocess.SubprocessError, ValueError, WireError) as error:
            tail = str(getattr(error, "stderr", None) or "").strip()
            raise TargetError(f"{self.target.id}: surface: {error}: {tail}") from error
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
        return surface

    def check_sane(self, good: Case, untrusted: Case) -> Identity:
        """Ask a case that must be accepted and one that must be rejected, in the roles
        of both. The identity says from now on whether that held."""
        because = []
        for role in sorted({good.role, untrusted.role}):
            for case, wanted in ((good, Accepted), (untrusted, Rejected)):
                asked = replace(case, role=role)
                question = Question(asked, (DEFAULT,), self.identity.ways[0])
                (answer,) = self.ask(question)
                if not isinstance(answer.outcome, wanted):
                    because.append(f"{role} {wanted.__name__}: {answer.outcome}")
        self.identity = replace(
            self.identity, sane=not because, insane_because="; ".join(because)
        )
        return self.identity

    def floor(self, case: Case, flags: Flags, iterations: int = 200) -> float:
        """CPU seconds of one bare flight, asked in a tight loop in the worker."""
        seq = self._next()
        line = protocol.bench(case, flags, iterations, seq, self.target.engine)
        return float(self._command(line, seq)["seconds"])

    def cpu_seconds(self) -> float:
        """CPU seconds that the present worker has used."""
        seq = self._next()
        line = protocol.line({"cmd": "cpu", "seq": seq})
        return float(self._command(line, seq)["seconds"])

    def restart(self) -> None:
        """Ask what comes next of a new worker. Raises ``TargetError`` where it cannot
        start."""
        assert not self._sent, "questions sent before wait for their answers"
        self._stop()
        self._start()

    def close(self) -> None:
        """End the worker and remove its files; questions without answer are dropped."""
        self._sent.clear()
        self._stop()

    # The worker

    def _alive(self) -> Process:
        if self._process is None:
            self._start()
        assert self._process is not None
        return self._process

    def _start(self) -> Identity:
        self._scratch = _new_scratch()
        name = Path(self._scratch, "progress")
        name.write_bytes(bytes(8))
        with name.open("r+b") as stream:
            self._progress = mmap.mmap(stream.fileno(), 8)
        script = ENGINE_WORKERS[self.target.engine]
        argv = command(self.target, str(script), self._scratch)
        seq = self._next()
        try:
            self._process = Process(
                argv, environment(self.target, os.environ), self.target.memory
            )
            start = {"cmd": "start", "seq": seq, "own": self._own}
            self._process.send(protocol.line(start))
            said = self._reply(seq)
            return Identity(
                id=self.target.id,
                module=self.target.module,
                implementation=said["implementation"],
                python=tuple(said["python"]),
                openssl=said["openssl"],
                openssl_number=said["openssl_number"],
                platform=said["platform"],
                shows_code=said["shows_code"],
                shows_path=said["shows_path"],
                shows_depth=said.get("shows_depth", False),
                shows_objections=said.get("shows_objections", False),
                engine=self.target.engine,
            )
        except (OSError, KeyError, protocol.InternalError, BreakError) as error:
            _, tail = self._stop()
            why = f"{self.target.id}: {' '.join(argv)}: cannot start: {error}"
            if "unknown option: -i" in why.lower():
                why = f"{self.target.id}: too old a Python, it lacks -I: {why}"
            raise TargetError(f"{why}: {tail}" if tail else why) from error

    def _stop(self, *, kill: bool = False) -> tuple[int | None, str]:
        """End the worker; its exit status and the end of its standard error."""
        process, self._process = self._process, None
        status, tail = None, ""
        if process is not None:
            status = process.end(0.0) if kill else process.end()
            tail = process.tail
        if self._progress is not None:
            self._progress.close()
            self._progress = None
        shutil.rmtree(self._scratch, ignore_errors=True)
        return status, tail

    def _next(self) -> int:
        self._seq += 1
        return self._seq

    def _command(self, line: bytes, seq: int) -> dict[str, Any]:
        assert not self._sent, "questions sent before wait for their answers"
        self._alive().send(line)
        try:
            return self._reply(seq)
        except (protocol.InternalError, BreakError) as error:
            self._stop(kill=True)
            raise TargetError(f"{self.target.id}: {line[:80]!r}: {error}") from error

    def _reached(self) -> tuple[int, int]:
        """The question and the row that the worker is at."""
        assert self._progress is not None
        seq, row = struct.unpack(">II", self._progress[:8])
        return seq, row

    def _reply(self, seq: int) -> dict[str, Any]:
        """The answer with that ``seq``. The worker is gone where this raises
        ``BreakError``."""
        process = self._alive()
        reached: tuple[int, int] | None = None
        try:
            while (line := process.receive(self.deadline)) is None:
                if reached == (reached := self._reached()):
                    why = f"no answer for {self.deadline:g} s"
                    raise self._broken(Breakage.HANG, why, seq)
            return protocol.reply(line, seq)
        except EndedError:
            raise self._broken(Breakage.CRASH, "it ended", seq) from None
        except protocol.ProtocolError as error:
            raise self._broken(Breakage.GARBAGE, str(error), seq) from error

    def _broken(self, breakage: Breakage, why: str, seq: int) -> BreakError:
        """The break, after the worker that had it was ended."""
        if breakage is Breakage.HANG:
            self.hung += self.deadline
        at, row = self._reached()
        status, tail = self._stop(kill=breakage is not Breakage.CRASH)
        detail = f"{why} (exit status {status})" + (f": {tail}" if tail else "")
        return BreakError(breakage, detail, row if at == seq else 0)

    def _rows(self, sent: _Sent) -> tuple[Answer, ...]:
        try:
            return protocol.answers(sent.question.flags, self._reply(sent.seq))
        except protocol.ProtocolError as error:
            raise self._broken(Breakage.GARBAGE, str(error), sent.seq) from error
        except protocol.InternalError as error:
            raise TargetError(f"{self.target.id}: {sent.question}: {error}") from error

    def _ask_part(self, question: Question, flags: Sequence[Flags]) -> Sequence[Answer]:
        """Ask a part of a sweep now, ahead of all that was sent."""
        part = replace(question, flags=tuple(flags))
        seq = self._next()
        line = protocol.sweep(part, seq, self.target.engine)
        self._alive().send(line)
        return self._rows(_Sent(part, seq, line))


def _new_scratch() -> str:
    """A private folder, in memory where there is one; the caller removes it."""
    memory = _SHARED_MEMORY if os.access(_SHARED_MEMORY, os.W_OK) else None
    return tempfile.mkdtemp(prefix="verifyflags-", dir=memory)
