"""Builds that are known to differ from the table of their release.

Distributions carry fixes back: such a build drifts, and an overlay says that it is
known to, in this one behaviour.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Overlay:
    """One behaviour in which a build differs from its release.

    ``build`` is the text that its library says of itself (``ssl.OPENSSL_VERSION``).
    """

    build: str
    behaviour: str
    why: str


OVERLAYS: Final[tuple[Overlay, ...]] = (
    Overlay(
        "OpenSSL 1.1.1w  11 Sep 2023",
        "numberless-delta-crashes",
        "Debian 11 carries the fix of CVE-2026-28388 since 1.1.1w-0+deb11u6.",
    ),
    Overlay(
        "OpenSSL 3.0.19 27 Jan 2026",
        "numberless-delta-crashes",
        "Debian 12 carried the fix of 3.0.20 back (CVE-2026-28388).",
    ),
)
"""Every known drift."""


def overlay(
    build: str, behaviour: str, overlays: Sequence[Overlay] = OVERLAYS
) -> Overlay | None:
    """The overlay that names this build and this behaviour."""
    for item in overlays:
        if (item.build, item.behaviour) == (build, behaviour):
            return item
    return None
