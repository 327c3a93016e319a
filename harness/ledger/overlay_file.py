"""Overlays from a file, for builds that the source of this project does not know.

TOML, any number of::

    [[overlay]]
    build = "OpenSSL 3.0.19 27 Jan 2026"   # ssl.OPENSSL_VERSION
    switch = "numberless-delta-crashes"    # a behaviour of the releases book
    why = "Our build carries the fix of CVE-2026-28388."
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from harness.ledger.overlays import OVERLAYS, Overlay
from harness.oracle.releases.behaviours import BEHAVIOURS

_KEYS: Final = ("build", "switch", "why")


class OverlayFileError(ValueError):
    """A file of overlays that is none: the file, the place and what is wrong."""


def load_overlays(path: Path) -> tuple[Overlay, ...]:
    """The overlays of a file, in its order. Raises ``OverlayFileError``."""
    try:
        form = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise OverlayFileError(f"{path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise OverlayFileError(f"{path}: not TOML: {error}") from error
    for key in form:
        if key != "overlay":
            raise OverlayFileError(f"{path}: {key}: unknown; there is [[overlay]]")
    entries = form.get("overlay", [])
    if not isinstance(entries, list):
        raise OverlayFileError(f"{path}: overlay: is not an array, as [[overlay]] is")
    known = {(item.build, item.behaviour): "the source" for item in OVERLAYS}
    found = []
    for number, entry in enumerate(entries, 1):
        place = f"overlay {number}"
        item = _overlay(f"{path}: {place}", entry)
        first = known.setdefault((item.build, item.behaviour), place)
        if first != place:
            raise OverlayFileError(
                f"{path}: {place}: {item.behaviour} of {item.build!r} is "
                f"known from {first}"
            )
        found.append(item)
    return tuple(found)


def _overlay(place: str, entry: Any) -> Overlay:
    if not isinstance(entry, Mapping):
        raise OverlayFileError(f"{place}: is not a table")
    for key, value in entry.items():
        if key not in _KEYS:
            known = ", ".join(_KEYS)
            raise OverlayFileError(f"{place}: {key}: unknown key; there are {known}")
        if not isinstance(value, str):
            raise OverlayFileError(f"{place}: {key}: {value!r} is not a text")
    for key in _KEYS:
        if not entry.get(key, "").strip():
            raise OverlayFileError(f"{place}: {key}: missing or empty")
    if entry["switch"] not in {item.name for item in BEHAVIOURS}:
        raise OverlayFileError(
            f"{place}: switch: {entry['switch']!r} is no behaviour of "
            "harness/oracle/releases/behaviours.py"
        )
    return Overlay(entry["build"], entry["switch"], entry["why"])
