"""``verifyflags bisect``: which of the releases here show a finding or a change."""

import json
import time
from argparse import Namespace
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from harness.campaign import canaries
from harness.campaign.recording import FINDINGS, Line, RecordingError, read_recording
from harness.diff.bisecting import Shown, Sought, form_of, show, sought_in
from harness.diff.recording import FILE
from harness.surface import Surface
from harness.target.discover import here
from harness.target.session import Session, TargetError
from harness.target.target import Target
from harness.verbs.choosing import UsageError, all_targets, chosen_targets, is_found_too
from harness.verbs.opening import IMPATIENCE, opened
from harness.verbs.saying import complain, say
from harness.wire import WireError
from reports.affected import keep
from reports.bisect import table
from reports.printable import printable


def bisect(arguments: Namespace) -> int:
    """Ask every target, and print the tables; 2 where a target that was named cannot
    start, 3 where nothing could be asked. Raises ``UsageError``."""
    lines = _lines(arguments.folder)
    wanted = _wanted(lines, arguments)
    found: dict[int, list[Shown]] = {item.number: [] for item in wanted}
    unusable = []
    for target in _targets(arguments):
        try:
            for item, shown in _asked(target, wanted, lines[0]):
                found[item.number].append(shown)
        except TargetError as error:
            unusable.append(f"{target.id} cannot be asked: {error}".splitlines()[0])
    forms = {}
    for item in wanted:
        rows = sorted(found[item.number], key=lambda it: _order(item, it))
        form = forms[item.number] = form_of(item, rows)
        say(json.dumps(form) if arguments.json else table(form))
    if arguments.record:
        _keep(arguments.folder, forms)
    named = bool(arguments.target)
    for text in unusable:
        complain(printable(text))
    if named and unusable:
        return 2
    asked = any(it.affected is not None for rows in found.values() for it in rows)
    return 0 if asked else 3


def _keep(folder: Path, forms: Mapping[int, Mapping[str, Any]]) -> None:
    """Record the first affected release with each finding."""
    try:
        keep(folder, forms)
    except (RecordingError, OSError) as error:
        raise UsageError(f"--record: {error}") from error


def _order(item: Sought, shown: Shown) -> tuple[object, ...]:
    """By OpenSSL; by Python first where its default flags are what is asked under."""
    identity = shown.identity
    if item.added is not None:
        return (identity.python, identity.openssl_number, identity.id)
    return (identity.openssl_number, identity.python, identity.id)


def _lines(place: Path) -> tuple[Line, ...]:
    """The lines of a recording: of a file, or of a folder of ``run`` or ``diff``."""
    path = place
    if place.is_dir():
        there = [place / name for name in (FINDINGS, FILE) if (place / name).is_file()]
        if not there:
            raise UsageError(f"{place}: neither {FINDINGS} nor {FILE} is in it")
        path = there[0]
    try:
        lines = read_recording(path)
    except RecordingError as error:
        raise UsageError(str(error)) from error
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error
    if not all(type(lines[0].get(name)) is int for name in ("seed", "now")):
        raise UsageError(f"{path}: of neither `run` nor `diff --out`")
    return lines


def _wanted(lines: tuple[Line, ...], arguments: Namespace) -> list[Sought]:
    """What is to be looked for: all of it, or by number."""
    try:
        every = list(sought_in(lines))
    except WireError as error:
        raise UsageError(f"{arguments.folder}: {error}") from error
    numbers: list[int] = arguments.numbers
    for number in numbers:
        if not 0 < number <= len(every):
            raise UsageError(
                f"{number}: there is no such number in {arguments.folder}, which "
                f"holds {len(every)}"
            )
    chosen = [every[number - 1] for number in numbers] or every
    wanted = []
    for item in chosen:
        if isinstance(item, Sought):
            wanted.append(item)
        else:
            number, title, why = item
            complain(printable(f"{number}. {title}: cannot be asked: {why}"))
    return wanted


def _targets(arguments: Namespace) -> tuple[Target, ...]:
    """Those that were named, or all that can be named here, each interpreter once."""
    if arguments.target:
        return chosen_targets(arguments.target, arguments.targets_file)
    every = all_targets(arguments.targets_file)
    return tuple(
        target
        for target in every
        if not (target == here() and is_found_too(target, every))
    )


def _asked(
    target: Target, wanted: list[Sought], header: Line
) -> Iterator[tuple[Sought, Shown]]:
    if not wanted:
        return
    seed = header["seed"]
    with opened(target, seed, patience=IMPATIENCE) as (session, now):
        surface = None
        if any(item.added is not None for item in wanted):
            surface = _surface(session, seed, now)
        for item in wanted:
            yield (
                item,
                show(
                    item,
                    session,
                    surface,
                    seed=seed,
                    then=header["now"],
                    now=int(time.time()),
                ),
            )


def _surface(session: Session, seed: int, now: int) -> Surface | None:
    if not session.identity.through_ssl:
        return None
    good = canaries.good(seed, now)
    return session.surface(good.trusted[0].der, good.crls[0])
