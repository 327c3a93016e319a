"""``verifyflags report`` and ``verifyflags merge``: tell recorded runs."""

from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from harness.campaign.recording import FINDINGS, RecordingError
from harness.verbs.choosing import UsageError, new_folder
from harness.verbs.remembering import chosen_history, remembered
from harness.verbs.saying import complain, say
from reports import annotations, brief, document, html, junit
from reports.folder import FOLDER, folder_name, write_folders
from reports.grouping import groups
from reports.merging import MergeError, merge, write
from reports.recorded import Recorded, read_runs
from reports.report import Report
from reports.report import report as compose
from reports.reproducer import SCRIPT
from reports.told import Script

FORMATS: Final[dict[str, tuple[str, Callable[[Report], str]]]] = {
    "html": ("report.html", html.render),
    "markdown": ("report.md", brief.render),
    "junit": ("junit.xml", junit.render),
    "json": ("report.json", document.render),
    "annotations": ("annotations.txt", annotations.render),
    "issue": ("issue.md", brief.issue),
}
"""By name of the format: the file it is written to, and what renders it."""

FOLDERS: Final = "folders"
"""The format that is a folder for each finding, as ``run`` writes them."""


def report(arguments: Namespace) -> int:
    """Render one run, or several as one; 0, whatever the runs came to.

    Raises ``UsageError`` where a run or the history cannot be read.
    """
    formats = _formats(arguments.format)
    if arguments.out is None and len(formats) > 1:
        raise UsageError(f"{len(formats)} formats need a folder: --out DIR")
    if arguments.out is None and FOLDERS in formats:
        raise UsageError(f"--format {FOLDERS}: needs a folder: --out DIR")
    history = chosen_history(arguments.history, arguments.folders[0])
    runs = _read(arguments.folders)
    run = _merged(runs)
    scripts = dict(_scripts(arguments.folders, runs))
    told = compose(run, remembered(history, run), scripts)
    if arguments.out is None:
        _, render = FORMATS[formats[0]]
        say(render(told).rstrip("\n"))
        return 0
    try:
        arguments.out.mkdir(parents=True, exist_ok=True)
        for name in formats:
            if name == FOLDERS:
                for folder in write_folders(run, arguments.out):
                    complain(f"written to {folder}")
                continue
            file, render = FORMATS[name]
            (arguments.out / file).write_text(render(told), encoding="utf-8")
            complain(f"written to {arguments.out / file}")
    except OSError as error:
        raise UsageError(f"{arguments.out}: {error}") from error
    return 0


def merge_runs(arguments: Namespace) -> int:
    """Record several runs as one, in a new folder; the merged run's exit status.

    Raises ``UsageError``.
    """
    run = _merged(_read(arguments.folders))
    out = new_folder(arguments.out)
    write(run, out)
    say(f"written to {out / FINDINGS}")
    for folder in write_folders(run, out):
        say(f"written to {folder}")
    return int(run.footer["status"])


def _formats(words: Sequence[str]) -> list[str]:
    names = [name for word in words for name in word.split(",")]
    for name in names:
        if name not in (*FORMATS, FOLDERS):
            known = ", ".join((*FORMATS, FOLDERS))
            raise UsageError(f"--format {name!r}: is none of {known}")
    return list(dict.fromkeys(names))


def _read(folders: Sequence[Path]) -> tuple[Recorded, ...]:
    for folder in folders:
        if not folder.is_dir():
            raise UsageError(f"{folder}: is not a directory")
    try:
        return read_runs(folders)
    except (RecordingError, OSError) as error:
        raise UsageError(str(error)) from error


def _merged(runs: Sequence[Recorded]) -> Recorded:
    try:
        return merge(runs)
    except MergeError as error:
        raise UsageError(str(error)) from error


def _scripts(
    folders: Sequence[Path], runs: Sequence[Recorded]
) -> Iterator[tuple[str, Script]]:
    """The scripts in the folders of findings, by signature, where there are any."""
    for folder, run in zip(folders, runs, strict=True):
        for group in groups([run]):
            path = folder / FOLDER / folder_name(group) / SCRIPT
            if path.is_file():
                text = path.read_text("utf-8", errors="replace")
                yield group.signature, Script(str(path), text)
