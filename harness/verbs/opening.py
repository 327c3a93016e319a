"""Opening a target for a verb that is not a campaign."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from harness.campaign import canaries
from harness.target.session import Session
from harness.target.target import Target

PATIENCE: Final = 20.0
"""Seconds a target may take for one flag set where few cases are asked."""

IMPATIENCE: Final = 10.0
"""The same where many are: each may hang, under each of its flag sets."""


@contextmanager
def opened(
    target: Target, seed: int, *, patience: float = PATIENCE
) -> Iterator[tuple[Session, int]]:
    """A session with the target, and the instant its own certificates are dated
    relative to. Raises ``TargetError`` if it cannot start."""
    now = int(time.time())
    own = canaries.own(canaries.GOOD, seed, now)
    strong = canaries.own(canaries.STRONG, seed, now)
    with Session(target, own=own, strong=strong, deadline=patience) as session:
        yield session, now
