"""What several verbs share: which targets are meant, and where output goes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from harness.ledger.overlay_file import OverlayFileError, load_overlays
from harness.ledger.overlays import Overlay
from harness.target.discover import (
    TargetsFileError,
    discover,
    here,
    load_targets_file,
)
from harness.target.provision.adding import standing_for
from harness.target.provision.cache import Cache
from harness.target.session import TargetError
from harness.target.target import Target
from harness.verbs.opening import opened
from harness.verbs.saying import complain

ALL: Final = "all"
"""The id that stands for every target that can be asked here."""

OUT: Final = "verifyflags-out"
"""Folder of runs that are not told where to write."""


class UsageError(ValueError):
    """Wrong usage of the command line; the message shows the value and its place."""


def chosen_targets(ids: Sequence[str], targets_file: Path | None) -> tuple[Target, ...]:
    """The targets of ``--target`` by id, in that order and each once; without any,
    those of ``--targets-file``; without that, the interpreter that runs us. ``all``
    stands for every one that can be started, and a name that was provisioned for all
    the targets that came of it.

    Raises ``UsageError`` for an id that nothing has, with those there are, and for a
    file that names none where its targets are meant.
    """
    named = file_targets(targets_file)
    if not ids:
        if targets_file is not None and not named:
            raise UsageError(f"--targets-file {targets_file}: names no target")
        return named or (here(),)
    known = {target.id: target for target in (*_provisioned(), here(), *named)}
    if not {*ids, ALL} - {ALL} <= known.keys():
        known = {target.id: target for target in (*discover(), *known.values())}
    chosen: dict[str, Target] = {}
    for wanted in ids:
        found = tuple(_meant(wanted, known, targets_file))
        if not found:
            there = ", ".join(sorted(known))
            raise UsageError(f"--target {wanted}: no such target; there are: {there}")
        chosen.update({target.id: target for target in found})
    return tuple(chosen.values())


def _meant(
    wanted: str, known: Mapping[str, Target], targets_file: Path | None
) -> Iterator[Target]:
    """The targets that an id of the command line means; none if nothing has it."""
    if wanted in known:
        yield known[wanted]
    elif wanted == ALL:
        yield from usable(targets_file)
    else:
        for record in standing_for(wanted, Cache.default().records()):
            yield known[record.name]


def usable(targets_file: Path | None) -> Iterator[Target]:
    """Every target that starts, each interpreter once; the others are named on
    standard error."""
    everyone = all_targets(targets_file)
    for target in everyone:
        if target == here() and is_found_too(target, everyone):
            continue
        try:
            with opened(target, 0):
                pass
        except TargetError as error:
            why = str(error).partition("\n")[0]
            complain(f"left out: {why}")
            continue
        yield target


def is_found_too(target: Target, everyone: Iterable[Target]) -> bool:
    """Whether another target is the same interpreter, started the same way."""
    program = Path(target.argv[0]).resolve()
    return any(
        other != target and other.argv == (str(program),) and not other.env
        for other in everyone
    )


def one_target(ids: Sequence[str], targets_file: Path | None) -> Target:
    """What ``chosen_targets`` finds, where one target is meant.

    Raises ``UsageError`` for several.
    """
    found = chosen_targets(ids, targets_file)
    if len(found) > 1:
        there = ", ".join(target.id for target in found)
        name = " ".join(ids) or f"--targets-file {targets_file}"
        raise UsageError(f"{name}: one target is needed; there are {there}")
    return found[0]


def _provisioned() -> tuple[Target, ...]:
    return Cache.default().targets()


def all_targets(targets_file: Path | None) -> tuple[Target, ...]:
    """Every target that can be named here; an id of the file goes before others."""
    everyone: Iterable[Target] = (
        *(*discover(), here(), *_provisioned()),
        *file_targets(targets_file),
    )
    return tuple({target.id: target for target in everyone}.values())


def file_targets(targets_file: Path | None) -> tuple[Target, ...]:
    """The targets of a ``--targets-file``. Raises ``UsageError``."""
    if targets_file is None:
        return ()
    try:
        return load_targets_file(targets_file)
    except TargetsFileError as error:
        raise UsageError(f"--targets-file {error}") from error


def file_overlays(path: Path | None) -> tuple[Overlay, ...]:
    """The overlays of ``--overlays``. Raises ``UsageError``."""
    if path is None:
        return ()
    try:
        return load_overlays(path)
    except OverlayFileError as error:
        raise UsageError(f"--overlays {error}") from error


def new_folder(out: Path | None) -> Path:
    """A folder for a run to write to: ``out``, or the next number under ``OUT``.

    Raises ``UsageError`` where it is no folder, or holds a run already.
    """
    if out is None:
        return _next_numbered(Path(OUT))
    try:
        out.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise UsageError(f"--out {out}: is not a directory") from error
    except OSError as error:
        raise UsageError(f"--out {out}: {error.strerror}") from error
    if any(out.iterdir()):
        raise UsageError(f"--out {out}: is not empty, and nothing is overwritten")
    return out


def _next_numbered(parent: Path) -> Path:
    try:
        parent.mkdir(exist_ok=True)
        taken = [int(item.name) for item in parent.iterdir() if item.name.isdigit()]
        folder = parent / str(max(taken, default=0) + 1)
        folder.mkdir()
    except OSError as error:
        raise UsageError(f"{parent}: cannot write here: {error.strerror}") from error
    return folder
