"""Octets of no meaning where answers are expected, under some flag sets."""

import contextlib
import os

from tests.fakes.lying import breaking, stand_in


def spill() -> None:
    """Write to every descriptor but the standard ones: one of them is the answers'."""
    for descriptor in range(3, 32):
        with contextlib.suppress(OSError):
            os.write(descriptor, b"\x00garbage\n")


stand_in(globals(), SSLContext=breaking(spill))
