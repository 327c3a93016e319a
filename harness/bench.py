"""``python -m harness.bench``: what a verdict costs, beside the bare flight.

One process, one target, one run, all numbers side by side: ratios hold on any machine,
times only on this one.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from harness.books import Books
from harness.campaign import canaries
from harness.campaign.looking import Looking
from harness.campaign.measuring import measure, measure_handshakes
from harness.campaign.tally import Clock, Tally
from harness.flags import DEFAULT
from harness.target.session import Session
from harness.verbs.choosing import chosen_targets
from harness.verbs.opening import opened

SEED: Final = 1
EXAMPLES: Final = 100
FLOOR_FLIGHTS: Final = 2000


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, and print."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--target", default=[], action="append", metavar="ID")
    parser.add_argument("--examples", type=int, default=EXAMPLES, metavar="N")
    arguments = parser.parse_args(argv)
    for target in chosen_targets(arguments.target, None):
        with opened(target, SEED) as (session, now):
            for line in measured(session, now, arguments.examples):
                sys.stdout.write(f"{line}\n")
                sys.stdout.flush()
    return 0


def measured(session: Session, now: int, examples: int) -> Iterator[str]:
    """The lines to print, each as soon as it is known."""
    identity = session.identity
    python = ".".join(map(str, identity.python))
    yield f"{identity.id}: {identity.implementation} {python}, {identity.openssl}"
    floor = session.floor(canaries.good(SEED, now), DEFAULT, FLOOR_FLIGHTS)
    yield (
        f"floor: {1 / floor:,.0f} bare flights a second "
        f"({floor * 1e3:.3f} ms each, root and leaf)"
    )
    books = Books.of(identity)
    tally, _ = _timed(
        session, books, now, lambda it: measure(it, examples=examples, full=True)
    )
    yield from _sweeps("full sweeps", tally)
    tally, _ = _timed(
        session, books, now, lambda it: measure(it, examples=3 * examples)
    )
    yield from _sweeps("drawn sweeps", tally)
    yield _pki(tally)
    tally, seconds = _timed(
        session, books, now, lambda it: measure_handshakes(it, examples=examples)
    )
    count = tally.counts["handshake verdicts"]
    spent = tally.harness_cpu["handshakes"] + tally.target_cpu["handshakes"]
    yield (
        f"handshakes: {count / seconds:,.0f} verdicts a second, "
        f"{spent / count / 1e6:.2f} ms of processor time each"
    )


def _timed(
    session: Session, books: Books, now: int, ask: Callable[[Looking], None]
) -> tuple[Tally, float]:
    tally = Tally()
    clock = Clock(tally, session.cpu_seconds)
    looking = Looking(session, books, SEED, now, tally, clock, lambda: None)
    began = time.perf_counter()
    ask(looking)
    return tally, time.perf_counter() - began


def _sweeps(name: str, tally: Tally) -> Iterator[str]:
    rows = sum(tally.counts[f"{sort} verdicts"] for sort in ("full", "flight"))
    ours = tally.harness_cpu["full"] + tally.harness_cpu["flight"]
    theirs = tally.target_cpu["full"] + tally.target_cpu["flight"]
    made = sum(tally.harness_cpu[part] for part in ("drawing", "signing", "reading"))
    bare = tally.counts["bare ns"] / tally.counts["bare flights"]
    sets = rows / tally.counts["cases"]
    yield (
        f"{name}: {rows:,} verdicts under {sets:.0f} flag sets a case, "
        f"{rows / ((ours + theirs + made) / 1e9):,.0f} verdicts a second of processor "
        f"time; bare flights of the same cases {1e9 / bare:,.0f}"
    )
    yield (
        f"  cost ratio {(ours + theirs) / (rows * bare):.2f} "
        f"(worker {theirs / (rows * bare):.2f}, harness {ours / (rows * bare):.2f}); "
        f"with the PKI {(ours + theirs + made) / (rows * bare):.2f}"
    )


def _pki(tally: Tally) -> str:
    cases = tally.counts["cases"]
    parts = [
        f"{part} {tally.harness_cpu[part] / cases / 1e6:.2f}"
        for part in ("drawing", "signing", "reading")
    ]
    return f"a new PKI: {', '.join(parts)} ms"


if __name__ == "__main__":
    sys.exit(main())
