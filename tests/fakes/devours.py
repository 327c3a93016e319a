"""All the memory there is under some flag sets."""

from tests.fakes.lying import breaking, stand_in

stand_in(globals(), SSLContext=breaking(lambda: bytearray(1 << 40)))
