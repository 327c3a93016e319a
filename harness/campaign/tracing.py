"""Branches of the oracle that a run takes: measured while random cases are judged, and
at no other time.

The home of ``coverage``, which only this measurement needs: a run that is not asked
for it never imports it.
"""

import importlib.util
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

import harness.oracle

if TYPE_CHECKING:
    from coverage import Coverage

ORACLE: Final = Path(harness.oracle.__file__).parent
"""The folder that is measured."""

FILES: Final = "branches-"
"""How the names of measurements begin in the scratch folder."""

_NEVER: Final = [r"assert_never\("]
"""Lines that only a broken type would reach; they are no branches."""


def is_installed() -> bool:
    """Whether branches can be measured here."""
    return importlib.util.find_spec("coverage") is not None


def _coverage(folder: Path, data_file: Path) -> "Coverage":
    from coverage import Coverage  # noqa: PLC0415  # an extra, and no need of others

    made = Coverage(
        data_file=str(data_file), config_file=False, branch=True, source=[str(folder)]
    )
    # sys.monitoring starts anew at each start, and another measurement may hold it.
    made.set_option("run:core", "ctrace")
    made.set_option("run:disable_warnings", ["no-data-collected", "no-ctracer"])
    made.set_option("report:exclude_also", _NEVER)
    return made


@dataclass(slots=True)
class Tracer:
    """One process's measurement; branches count that are taken inside ``with``."""

    scratch: Path
    name: str
    folder: Path = ORACLE
    _coverage: Any = field(init=False)

    def __post_init__(self) -> None:
        self._coverage = _coverage(self.folder, self.scratch / f"{FILES}{self.name}")

    def __enter__(self) -> None:
        self._coverage.start()

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._coverage.stop()

    def save(self) -> None:
        """Leave what was measured in the scratch folder."""
        self._coverage.save()


@dataclass(frozen=True, slots=True)
class Branches:
    """The branches of one file. A branch goes from a line to a line; to a negative
    one where it leaves the function that begins there."""

    file: str
    """Relative to the folder that is measured."""
    count: int
    missing: tuple[tuple[int, int], ...]


def branches_taken(scratch: Path, folder: Path = ORACLE) -> tuple[Branches, ...]:
    """What all processes of a run took together, file by file; nothing where none of
    them judged a case."""
    union = _coverage(folder, scratch / "union")
    union.combine(sorted(map(str, scratch.glob(f"{FILES}*"))))
    if not union.get_data().has_arcs():
        return ()
    report = scratch / "union.json"
    union.json_report(outfile=str(report))
    told = json.loads(report.read_text(encoding="utf-8"))["files"]
    return tuple(_read(told, folder))


def _read(told: dict[str, Any], folder: Path) -> Iterator[Branches]:
    for path, about in sorted(told.items()):
        count = about["summary"]["num_branches"]
        if count:
            file = Path(path).resolve().relative_to(folder.resolve()).as_posix()
            yield Branches(file, count, _pairs(about["missing_branches"]))


def _pairs(listed: Iterable[Iterable[int]]) -> tuple[tuple[int, int], ...]:
    return tuple((start, end) for start, end in listed)
