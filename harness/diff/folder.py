"""The folder of a comparison: its lines, its page, and its cases as a suite.

With the suite every change can be asked again, of any target: by ``check``, or by
``diff --suite``.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from harness.campaign.recording import Line, Recorder, of_kind
from harness.case import Case
from harness.corpus.limbo import dump_suite
from harness.corpus.suite import Expected, SuiteCase
from harness.diff.recording import FILE
from harness.flags import Flags
from harness.outcome import Accepted, Outcome
from harness.wire import from_json

PAGE: Final = "diff.md"
SUITE: Final = "changes.json"


def write_folder(folder: Path, lines: Sequence[Line], page: str) -> None:
    """Write all of it into an empty folder. Raises ``OSError``."""
    header, *body, end = lines
    with Recorder(folder / FILE, _without_kind(header)) as recorder:
        for line in body:
            recorder.write(line)
        recorder.close(_without_kind(end))
    (folder / PAGE).write_text(page, encoding="utf-8")
    dump_suite(folder / SUITE, list(_cases(lines)))


def _cases(lines: Sequence[Line]) -> Iterator[SuiteCase]:
    """A case for each change that the format can hold; one of an exact instant is over
    before it could be asked again. Expected is what the first target did."""
    for line in of_kind(lines, "change"):
        case: Case = from_json(line["case"], Case)
        before: Outcome = from_json(line["outcomes"][0], Outcome)
        accepted = isinstance(before, Accepted)
        item = SuiteCase(
            f"verifyflags::change-{line['number']}",
            case,
            tuple(dict.fromkeys(Flags(bits) for bits in line["flags"])),
            Expected.SUCCESS if accepted else Expected.FAILURE,
            description=f"{line['change']}: {' -> '.join(line['said'])}",
        )
        if case.peer and not line["at_instant"]:
            yield item


def _without_kind(line: Line) -> dict[str, Any]:
    return {key: value for key, value in line.items() if key != "kind"}
