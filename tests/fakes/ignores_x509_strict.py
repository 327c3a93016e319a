"""``VERIFY_X509_STRICT`` does nothing."""

from tests.fakes.lying import asking_for, stand_in

stand_in(globals(), SSLContext=asking_for(lambda flags: flags & ~0x20))
