"""``VERIFY_ALLOW_PROXY_CERTS`` is on whatever is set."""

from tests.fakes.lying import asking_for, stand_in

stand_in(globals(), SSLContext=asking_for(lambda flags: flags | 0x40))
