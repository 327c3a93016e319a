"""No end under some flag sets."""

import signal

from tests.fakes.lying import breaking, stand_in

stand_in(globals(), SSLContext=breaking(signal.pause))
