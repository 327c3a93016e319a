"""A segmentation fault where a structure of indefinite length is received."""

from tests.fakes.crashes import crash
from tests.fakes.lying import breaking_on, stand_in

MARKS = (b"\x30\x80", b"\x31\x80", b"\x24\x80", b"\xa0\x80", b"\xa3\x80")

stand_in(globals(), SSLContext=breaking_on(crash, *MARKS))
