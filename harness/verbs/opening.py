"""Opening a target for a verb that is not a campaign."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from harness.campaign import canaries
from harness.target.session import Session
from harness.target.target import Target


@contextmanager
def opened(target: Target, seed: int) -> Iterator[tuple[Session, int]]:
    """A session with the target, and the instant its own certificates are dated
    relative to. Raises ``TargetError`` if it cannot start."""
    now = int(time.time())
    own = canaries.own(canaries.GOOD, seed, now)
    strong = canaries.own(canaries.STRONG, seed, now)
    with Session(target, own=own, strong=strong) as session:
        yield session, now
