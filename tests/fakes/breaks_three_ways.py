"""A crash under one flag set, no end under another, garbage under a third."""

import signal
import ssl

from tests.fakes.crashes import crash
from tests.fakes.garbage import spill
from tests.fakes.lying import context_of, stand_in

BREAKS = {0x60: crash, 0x4C: signal.pause, 0x4000: spill}
"""Flag sets of a few witnesses each: STRICT and CHAIN with proxies, CHECK_SS."""


class SSLObject(ssl.SSLObject):
    """The real one, but under those flag sets."""

    def do_handshake(self) -> None:
        """Break, or shake hands."""
        break_now = BREAKS.get(int(self.context.verify_flags))
        if break_now is not None:
            break_now()
        super().do_handshake()


stand_in(globals(), SSLContext=context_of(SSLObject))
