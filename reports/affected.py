"""The first affected release, as bisecting found it, kept with the finding.

Only recordings are read and written here: who asks the releases is ``verifyflags
bisect``.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from harness.campaign.recording import FINDINGS, Line, read_recording
from reports.folder import FOLDER, REPORT, write_folder, write_folders
from reports.grouping import groups
from reports.recorded import read_run

NOWHERE: Final = "none of those that were asked"


def first_affected(form: Mapping[str, Any]) -> str | None:
    """From a table of ``bisect``: in each line of releases the first that shows it;
    None where no release could be asked.

    The oldest release that was asked may not be the first of all: then it says so.
    """
    runs = form["lines"].values()
    if not any(run["affected"] is not None for line in runs for run in line):
        return None
    return ", ".join(_firsts(form)) or NOWHERE


def _firsts(form: Mapping[str, Any]) -> Iterator[str]:
    for runs in form["lines"].values():
        for place, run in enumerate(runs):
            if run["affected"]:
                earlier = "" if place else " or earlier"
                yield f"{form['by']} {run['first']}{earlier}"
                break


def keep(folder: Path, forms: Mapping[int, Mapping[str, Any]]) -> None:
    """Write what these tables came to, by number of the finding, into the recording of
    a run or of one finding, and make its folders anew.

    Raises ``RecordingError`` or ``OSError``; the recording is replaced as a whole.
    """
    path = folder / FINDINGS
    read_run(folder)  # as strictly as every reader of it
    lines = [dict(line) for line in read_recording(path)]
    findings = [line for line in lines if line["kind"] == "finding"]
    for number, form in forms.items():
        findings[number - 1]["first_affected"] = first_affected(form)
    _replace(path, lines)
    run = read_run(folder)
    if (folder / FOLDER).is_dir():
        write_folders(run, folder)
    elif (folder / REPORT).is_file():
        (group,) = groups([run])
        write_folder(run.header, group, folder)


def _replace(path: Path, lines: list[Line]) -> None:
    new = path.with_suffix(".new")
    text = "".join(json.dumps(line) + "\n" for line in lines)
    new.write_text(text, encoding="utf-8")
    new.replace(path)
