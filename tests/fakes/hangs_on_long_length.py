"""No end where a structure has its length in too many octets, or a type has none."""

import signal

from tests.fakes.lying import breaking_on, stand_in

MARKS = (b"\x30\x82\x00", b"\x30\x83", b"\x30\x84", b"\x02\x81", b"\x06\x00")

stand_in(globals(), SSLContext=breaking_on(signal.pause, *MARKS))
