"""Cases, outcomes and flags in the words of a page."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from harness.flags import Flags
from harness.ledger.plain import chain
from harness.oracle.releases.release import Version
from harness.pages.markup import CELL_BREAK, code, plain
from harness.pages.pinned import Pinned
from harness.pages.releases import RELEASES, in_words
from harness.pki.spec import Scenario
from harness.verdict import said
from reports.scenarios import tell

_LONG: Final = re.compile("[0-9a-f]{48,}")
"""Bytes that tell a reader nothing."""
_PLAIN: Final = tuple(tell(chain()).split("; "))


def in_case(scenario: Scenario) -> str:
    """What departs from the plain chain: leaf, intermediate, trusted root, CRLs."""
    parts = tell(scenario).split("; ")
    said_of = [part for part in parts if part not in _PLAIN]
    said_of += [
        f"no {part.removesuffix(' (fresh)')}"
        for part in _PLAIN
        if part.startswith("CRL")
        and not any(item.startswith(part[:12]) for item in parts)
    ]
    told = _LONG.sub(lambda match: f"{match[0][:16]}…", "; ".join(said_of))
    return plain(told) or "the plain chain"


def plain_id(case: str) -> str:
    """The name of a case without its role: both roles are asked the same."""
    return case.removesuffix("-client").removesuffix("-server")


def flags_in_words(flags: Flags) -> str:
    """A flag set as code; the empty one in words."""
    return code(str(flags)) if flags else "no flag"


def outcomes(case: Pinned, flags: Flags) -> dict[Version, str]:
    """What each measured release does with it, codes named as it names them."""
    return {
        version: said(case.predict(release, flags), release=str(version))
        for version, release in RELEASES.items()
    }


def by_release(told: Mapping[Version, str]) -> str:
    """Texts by release as one cell: each text once, with the releases it is true of."""
    texts = list(dict.fromkeys(told.values()))
    if len(texts) == 1 and len(told) == len(RELEASES):
        return texts[0]
    return CELL_BREAK.join(
        f"{text}: {in_words([key for key in told if told[key] == text])}"
        for text in texts
    )


def needed(sets: Iterable[Flags]) -> str:
    """Flag sets, any of which will do."""
    said_of = [code(str(flags)) if flags else "none" for flags in sets]
    return " or ".join(said_of)
