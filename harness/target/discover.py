"""Which interpreters can be asked here: what is installed, and what a file names.

Nothing is fetched. Interpreters stand on ``PATH``, in pyenv's folder and in uv's; each
is found once, by its real path, and asked only for its version.
"""

import os
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from harness.target.process import environment
from harness.target.session import Own, Session
from harness.target.target import ENGINES, MEMORY, SSL, Identity, Target

_PROGRAM: Final = re.compile(r"(python|pypy)(\d+(\.\d+)*)?")
# Python 2 understands it too, so that an interpreter too old is named, not lost.
_WHO: Final = """
import sys
name = "pypy" if "__pypy__" in sys.builtin_module_names else "cpython"
name = getattr(getattr(sys, "implementation", None), "name", name)
print("%s-%d.%d.%d" % ((name,) + tuple(sys.version_info[:3])))
"""
_PATIENCE: Final = 10.0
"""Seconds an interpreter may take to say its version."""


class TargetsFileError(ValueError):
    """A targets file that is wrong: the message has its file, the entry and the key."""


def here() -> Target:
    """The interpreter that runs us."""
    return Target("here", (sys.executable,))


def discover() -> tuple[Target, ...]:
    """Every interpreter installed here, by version: also those that are too old or
    lack ``ssl``, which ``identify`` refuses with the reason."""
    named: list[tuple[tuple[int, ...], str, str]] = []
    for program in _programs():
        who = _ask_who(program)
        if who:
            name, _, version = who.rpartition("-")
            numbers = tuple(int(number) for number in version.split("."))
            named.append((numbers, name, program))
    named.sort()
    words = [f"{name}-{'.'.join(map(str, numbers))}" for numbers, name, _ in named]
    shared = {word for word, count in Counter(words).items() if count > 1}
    seen: Counter[str] = Counter()
    found = []
    for word, (_, _, program) in zip(words, named, strict=True):
        seen[word] += 1
        suffix = f"-{seen[word]}" if word in shared else ""
        found.append(Target(word + suffix, (program,)))
    return tuple(found)


def identify(target: Target, own: Own) -> Identity:
    """What a target says it is. Raises ``TargetError`` with the reason where it cannot
    start. ``own`` is as in ``Session``."""
    with Session(target, own=own) as session:
        return session.identity


def load_targets_file(path: Path) -> tuple[Target, ...]:
    """The targets that a TOML file names, in order.

    A ``[[target]]`` has ``id`` and ``argv``, may have ``env``, ``path``, ``module``,
    ``engine`` and ``memory``; see ``Target``. Raises ``TargetsFileError``.
    """
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise TargetsFileError(f"{path}: {error}") from error
    for key in content:
        if key != "target":
            raise TargetsFileError(f"{path}: {key}: unknown key; there is only target")
    entries = content.get("target", [])
    if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        raise TargetsFileError(f"{path}: target: not a list of tables ([[target]])")
    targets: list[Target] = []
    for number, entry in enumerate(entries, 1):
        place = f"{path}: target {number}"
        target = _target(place, entry)
        if any(target.id == other.id for other in targets):
            raise TargetsFileError(f"{place}: id: {target.id!r} is there twice")
        targets.append(target)
    return tuple(targets)


def _programs() -> Iterator[str]:
    """Real paths of what looks like an interpreter, each once."""
    seen = set()
    for folder in _folders():
        try:
            entries = sorted(folder.iterdir())
        except OSError:
            continue
        for entry in entries:
            if not _PROGRAM.fullmatch(entry.name):
                continue
            path = entry.resolve()
            if path in seen or not _is_binary(path):
                continue
            seen.add(path)
            yield str(path)


def _folders() -> Iterator[Path]:
    for entry in os.environ.get("PATH", "").split(os.pathsep):
        if entry:
            yield Path(entry)
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    data = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    uv = Path(os.environ.get("UV_PYTHON_INSTALL_DIR") or data / "uv" / "python")
    for root in (pyenv / "versions", uv):
        if root.is_dir():
            yield from (version / "bin" for version in sorted(root.iterdir()))


def _is_binary(path: Path) -> bool:
    """Whether the file can be run and is no script: what a shim runs is found too."""
    if not (path.is_file() and os.access(path, os.X_OK)):
        return False
    with path.open("rb") as stream:
        return stream.read(2) != b"#!"


def _ask_who(program: str) -> str:
    """Implementation and version, ``cpython-3.13.0``; empty if it does not say."""
    try:
        done = subprocess.run(
            [program, "-E", "-S", "-c", _WHO],
            env=environment(Target("", ()), os.environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
            encoding="utf-8",
            timeout=_PATIENCE,
        )
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return ""
    said = done.stdout.strip()
    return said if re.fullmatch(r"[a-z]+-\d+\.\d+\.\d+", said) else ""


def _target(place: str, entry: Mapping[str, Any]) -> Target:
    for key in entry:
        if key not in _KINDS:
            known = ", ".join(_KINDS)
            raise TargetsFileError(f"{place}: {key}: unknown key; there are {known}")
    for key in ("id", "argv"):
        if not entry.get(key):
            raise TargetsFileError(f"{place}: {key}: missing or empty")
    for key, value in entry.items():
        fits, kind = _KINDS[key]
        if not fits(value):
            raise TargetsFileError(f"{place}: {key}: {value!r} is not {kind}")
    return Target(
        id=entry["id"],
        argv=tuple(entry["argv"]),
        env=dict(entry.get("env", {})),
        path=tuple(entry.get("path", ())),
        module=entry.get("module", "ssl"),
        engine=entry.get("engine", SSL),
        memory=entry.get("memory", MEMORY),
    )


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _is_text_table(value: object) -> bool:
    return isinstance(value, dict) and all(map(_is_text, value.values()))


def _is_size(value: object) -> bool:
    return type(value) is int and value >= 0


_KINDS: Final[Mapping[str, tuple[Callable[[object], bool], str]]] = {
    "id": (_is_text, "a text"),
    "argv": (_is_texts, "a list of texts"),
    "env": (_is_text_table, "a table of texts"),
    "path": (_is_texts, "a list of texts"),
    "module": (_is_text, "a text"),
    "memory": (_is_size, "a number of MiB, or 0 for no limit"),
    "engine": (lambda value: value in ENGINES, f"one of {', '.join(ENGINES)}"),
}
