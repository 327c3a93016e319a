"""The files of a run: JSON lines, a header first and a footer last, so that a file that
was cut short is noticed.

Each process of a run writes its own file; when all are done, one ``findings.jsonl`` is
made of them. ``reports`` and ``replay`` read only that.
"""

import json
import threading
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self

import harness

VERSION: Final = 2
"""Version of the format."""

FINDINGS: Final = "findings.jsonl"

Line = dict[str, Any]


class RecordingError(ValueError):
    """A file of records that is cut short or is none; the message shows the place."""


class Recorder:
    """Appends lines to one file: a header when opened, a footer when closed."""

    def __init__(self, path: Path, header: Mapping[str, Any]) -> None:
        self._file: IO[str] | None = path.open("x", encoding="utf-8")
        self._lines = 0
        self._lock = threading.RLock()
        self.write(
            {
                "kind": "header",
                "version": VERSION,
                "tool": f"verifyflags {harness.__version__}",
                **header,
            }
        )

    def write(self, line: Mapping[str, Any]) -> None:
        """Append one line and push it out, so that a crash loses nothing before it.
        Threads may write in turn."""
        text = json.dumps(line, ensure_ascii=True) + "\n"
        with self._lock:
            if self._file is None:
                raise RecordingError("the recording is closed")
            self._file.write(text)
            self._file.flush()
            self._lines += 1

    def close(self, footer: Mapping[str, Any] | None = None) -> None:
        """Write the footer and close; a second time does nothing."""
        with self._lock:
            if self._file is None:
                return
            self.write({"kind": "footer", "lines": self._lines, **(footer or {})})
            self._file.close()
            self._file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()


def read_lines(path: Path) -> Iterator[Line]:
    """The lines of a file as far as they can be read. Raises ``RecordingError`` at one
    that is not JSON, in which a file cut short ends."""
    with path.open(encoding="utf-8", newline="\n") as file:
        for number, text in enumerate(file, 1):
            place = f"{path}, line {number}"
            try:
                line = json.loads(text, parse_constant=_no_number)
            except (ValueError, RecursionError) as error:
                cut = "" if text.endswith("\n") else "cut short, "
                raise RecordingError(
                    f"{place}: {cut}not JSON: {text[:60]!r}"
                ) from error
            if not isinstance(line, dict) or not isinstance(line.get("kind"), str):
                raise RecordingError(f"{place}: not a record: {text[:60]!r}")
            yield line


def _no_number(word: str) -> float:
    raise ValueError(word)


def read_recording(path: Path) -> tuple[Line, ...]:
    """Every line of a whole file, header first and footer last.

    Raises ``RecordingError`` if it is empty, has no header of our version or a second
    one, or has no footer that counts its lines; ``OSError`` if it cannot be opened.
    """
    try:
        lines = tuple(read_lines(path))
    except UnicodeDecodeError as error:
        raise RecordingError(f"{path}: not UTF-8: {error}") from error
    if not lines:
        raise RecordingError(f"{path}: empty")
    if lines[0]["kind"] != "header":
        raise RecordingError(f"{path}, line 1: no header: {lines[0]['kind']!r}")
    if lines[0].get("version") != VERSION:
        raise RecordingError(
            f"{path}, line 1: version {lines[0].get('version')!r} of the format, "
            f"and not {VERSION}"
        )
    for number, (before, line) in enumerate(pairwise(lines), 2):
        place = f"{path}, line {number}"
        if line["kind"] == "header":
            tool = line.get("tool", "another tool")
            raise RecordingError(f"{place}: a second header, of {tool!r}")
        if before["kind"] == "footer":
            raise RecordingError(f"{place}: after the footer")
    if lines[-1]["kind"] != "footer":
        raise RecordingError(f"{path}: cut short after {len(lines)} lines: no footer")
    if lines[-1].get("lines") != len(lines) - 1:
        raise RecordingError(
            f"{path}: the footer counts {lines[-1].get('lines')!r} lines, "
            f"there are {len(lines) - 1}"
        )
    return lines


def of_kind(lines: Iterable[Line], kind: str) -> tuple[Line, ...]:
    """The lines of one kind, in order."""
    return tuple(line for line in lines if line["kind"] == kind)
