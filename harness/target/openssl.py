"""A second opinion: ``openssl verify`` of the very library that a target has.

The program of ``--openssl``, one beside the target's interpreter, or the one on the
path, each started as the target is; it is asked only where the library it has loaded
says of itself what the target's does.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from harness.case import Case
from harness.flags import Flags
from harness.openssl_verify import (
    CRLS,
    PEER,
    TRUSTED,
    NoCommandError,
    OpensslAnswer,
    OpensslAsked,
    agrees,
    command,
    read_answer,
)
from harness.outcome import Answer
from harness.target.process import environment
from harness.target.protocol import pem
from harness.target.target import Target

PATIENCE: Final = 20
"""Seconds that the program may take for one question."""

_LIBRARY: Final = re.compile(r"\(Library: (.*)\)\s*$")


@dataclass(frozen=True, slots=True)
class Program:
    """An ``openssl`` whose library is a target's."""

    argv: tuple[str, ...]
    target: Target
    version: str


def find_openssl(target: Target, library: str, told: str | None) -> Program | None:
    """The program that has the ``library`` (as ``ssl.OPENSSL_VERSION`` names it), or
    None where there is none here. ``told`` is looked at alone, where it is given."""
    for argv in _candidates(target, told):
        done = _run(target, [*argv, "version"])
        if done is None or done.returncode:
            continue
        said = done.stdout.strip()
        loaded = _LIBRARY.search(said)
        if (loaded[1] if loaded else said) == library:
            return Program(tuple(argv), target, library)
    return None


def _candidates(target: Target, told: str | None) -> Iterator[Sequence[str]]:
    if told is not None:
        yield [told]
        return
    *loader, interpreter = target.argv
    beside = Path(interpreter).with_name("openssl")
    if beside.is_file():
        yield [*loader, str(beside)]
    found = shutil.which("openssl")
    if found is not None:
        yield [found]


def second_opinion(
    program: Program, case: Case, answers: Sequence[Answer]
) -> OpensslAsked | None:
    """What the program says of the case under each answer's flags, and whether that is
    what ``ssl`` answered; None where it cannot be asked any of it."""
    said = []
    with tempfile.TemporaryDirectory() as folder:
        _write(case, Path(folder))
        for answer in answers:
            text = _ask(program, case, answer.requested, folder)
            if text is not None:
                agreeing = agrees(text, answer.outcome)
                said.append(OpensslAnswer(answer.requested, text, agreeing))
    return OpensslAsked(program.version, tuple(said)) if said else None


def _write(case: Case, folder: Path) -> None:
    texts = {
        PEER: [pem("CERTIFICATE", der) for der in case.peer],
        TRUSTED: [pem(item.label.value, item.der) for item in case.trusted],
        CRLS: [pem("X509 CRL", der) for der in case.crls],
    }
    for name, parts in texts.items():
        (folder / name).write_text("".join(parts), encoding="ascii")


def _ask(program: Program, case: Case, flags: Flags, folder: str) -> str | None:
    try:
        first, *words = command(case, flags)
    except NoCommandError:
        return None
    assert first == "openssl"
    done = _run(program.target, [*program.argv, *words], folder)
    if done is None:
        return "no answer"
    return read_answer(done.returncode, done.stdout + done.stderr)


def _run(
    target: Target, argv: Sequence[str], folder: str | None = None
) -> "subprocess.CompletedProcess[str] | None":
    """The finished program; None if it cannot be started, or does not end."""
    try:
        return subprocess.run(
            argv,
            cwd=folder,
            env=environment(target, os.environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            encoding="utf-8",
            errors="backslashreplace",
            timeout=PATIENCE,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
