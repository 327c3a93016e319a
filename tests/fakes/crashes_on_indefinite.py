"""A segmentation fault where a structure of indefinite length is received."""

from tests.fakes.crashes import crash
from tests.fakes.lying import breaking_on, stand_in

# Three octets each: no key or signature has them by chance.
MARKS = (
    *(bytes((0x30, 0x80, first)) for first in (0x02, 0x06, 0x17, 0x30, 0x31, 0xA0)),
    b"\x31\x80\x30",
    b"\x24\x80\x04",
    b"\xa0\x80\x02",
    b"\xa3\x80\x30",
)

stand_in(globals(), SSLContext=breaking_on(crash, *MARKS))
