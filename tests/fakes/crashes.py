"""A segmentation fault under some flag sets."""

import os
import resource
import signal

from tests.fakes.lying import breaking, stand_in


def crash() -> None:
    """Die, without a core file."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.kill(os.getpid(), signal.SIGSEGV)


stand_in(globals(), SSLContext=breaking(crash))
