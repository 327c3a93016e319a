"""What every known fault shrinks to, by random search: a table, for people.

python -m tests.shrinking.survey [SEED...]
"""

import sys
import time
from collections.abc import Sequence

from harness.campaign.rehearsing import LIARS
from harness.ledger.entries import ENTRIES, Entry
from harness.ledger.witnesses import WITNESSES
from strategies import Theme
from tests.shrinking.played import Shrunk, lying, showing, shrunk, without_entry

THEME_OF: dict[str, Theme] = {
    "proxy-leaves-holder-unchecked": "proxies",
    "partial-anchor-wants-a-crl-of-its-own": "paths",
    "delta-taken-for-complete": "deltas",
    "malformed-anchor-not-verified": "keys",
    "namesake-signs-crl": "crls",
    "forged-crl-shadows-good": "crls",
    "pinned-leaf-keeps-peers-path": "paths",
    "trusted-first-cannot-be-cleared": "paths",
    "trusted-anchor-may-be-expired": "paths",
    "partial-anchor-inherits-resources": "policies",
    "partial-chain-looks-at-trusted-anchor": "paths",
    "proxy-limit-counts-unused-length": "proxies",
    "strict-skips-single-certificate": "strict",
    "numberless-delta-ends-the-process": "deltas",
    "empty-name-hides-what-is-loaded": "names",
}
"""Where each entry of the ledger is looked for."""

CASES = 3000


def of_entry(entry: Entry, seed: int, cases: int = CASES) -> Shrunk | None:
    """What the divergence of a ledger entry shrinks to; None where it is not found."""
    shown = showing(entry)
    if shown is None:
        return None
    looking, witnesses = shown
    with without_entry(entry):
        return shrunk(looking, witnesses, THEME_OF.get(entry.id), seed, cases)


def of_liar(number: int, seed: int, cases: int = CASES) -> Shrunk | None:
    """What the faults of a played liar shrink to."""
    return shrunk(lying(LIARS[number]), WITNESSES, None, seed, cases)


def _tell(name: str, found: Shrunk | None, began: float) -> None:
    took = f"{time.process_time() - began:5.1f} s"
    if found is None:
        sys.stdout.write(f"{name:40} not found {took}\n")
        return
    verdict = "ok" if found.size <= found.pinned else "LARGER"
    sys.stdout.write(
        f"{name:40} {found.size:3} of {found.pinned:3} {verdict:6} {took} "
        f"{found.cases:5} cases {found.calls:4} calls  {found.signature[:90]}\n"
    )
    sys.stdout.flush()


def main(seeds: Sequence[str]) -> None:
    """Print the table for these seeds."""
    for seed in map(int, seeds or ("1",)):
        for entry in ENTRIES:
            began = time.process_time()
            _tell(entry.id, of_entry(entry, seed), began)
        for number in range(len(LIARS)):
            began = time.process_time()
            _tell(f"liar {number}", of_liar(number, seed), began)


if __name__ == "__main__":
    main(sys.argv[1:])
