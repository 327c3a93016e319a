"""No end where a length is told in more octets than it needs."""

import signal

from tests.fakes.lying import breaking_on, stand_in

# Three octets each: no key or signature has them by chance.
MARKS = tuple(
    bytes((tag, octets, 0))
    for tag in (0x02, 0x03, 0x04, 0x06, 0x30, 0x31)
    for octets in (0x82, 0x83, 0x84)
)

stand_in(globals(), SSLContext=breaking_on(signal.pause, *MARKS))
