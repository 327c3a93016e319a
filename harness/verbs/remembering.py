"""Which history a verb adds its run to, and what that knows."""

from pathlib import Path

from harness.verbs.choosing import OUT, UsageError
from reports.history import NAME, NO_PAST, HistoryError, Past, check_history, remember
from reports.recorded import Recorded


def chosen_history(named: Path | None, folder: Path) -> Path | None:
    """The history that is named, or else the one beside runs of the default folder;
    None for other runs. Raises ``UsageError`` if it is there and cannot be used, so
    that nothing is asked first."""
    root = folder.resolve().parent
    path = named or (root / NAME if root.name == OUT else None)
    if path is not None:
        try:
            check_history(path)
        except HistoryError as error:
            raise UsageError(str(error)) from error
    return path


def remembered(path: Path | None, run: Recorded) -> Past:
    """What the history knows, the run added. Raises ``UsageError``."""
    if path is None:
        return NO_PAST
    try:
        return remember(path, run)
    except HistoryError as error:
        raise UsageError(str(error)) from error
