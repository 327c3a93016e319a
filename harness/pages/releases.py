"""The releases a page speaks of, and words for some of them."""

from collections.abc import Collection
from typing import Final

from harness.oracle.releases.behaviours import release_of
from harness.oracle.releases.release import MEASURED, Release, Span, Version

VERSIONS: Final = tuple(sorted(MEASURED))
"""Every measured release, oldest first."""

RELEASES: Final = {version: release_of(version) for version in VERSIONS}
"""What the book has of each."""

EVERY: Final = "every release"


def in_words(versions: Collection[Version]) -> str:
    """Measured releases as ranges, ``1.1.1w to 3.5.9``: from one to another means that
    each measured one between them is meant too."""
    runs: list[list[Version]] = []
    for at, version in enumerate(VERSIONS):
        if version not in versions:
            continue
        if runs and runs[-1][-1] == VERSIONS[at - 1]:
            runs[-1].append(version)
        else:
            runs.append([version])
    if len(runs) == 1 and len(runs[0]) == len(VERSIONS):
        return EVERY
    return ", ".join(_run(run) for run in runs) or "none"


def _run(run: list[Version]) -> str:
    return str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}"


def spans_in_words(spans: Collection[Span]) -> str:
    """The releases of a behaviour, as its spans have them."""
    return ", ".join(map(_span, spans)) or "none"


def _span(span: Span) -> str:
    first, last = span.first, span.last
    if not first and not last:
        return EVERY
    if not last:
        return f"from {first}"
    end = f"the end of {last}" if last.count(".") == 1 else last
    if not first:
        return f"up to {end}"
    if first == last and last.count(".") == 1:
        return f"all of {last}"
    return first if first == last else f"{first} to {end}"


def alike() -> dict[frozenset[str], Release]:
    """A release for each set of behaviours: releases with one set do the same."""
    return {release.behaviours: release for release in RELEASES.values()}
