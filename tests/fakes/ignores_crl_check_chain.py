"""``VERIFY_CRL_CHECK_CHAIN`` checks the leaf alone."""

from tests.fakes.lying import asking_for, stand_in

stand_in(globals(), SSLContext=asking_for(lambda flags: flags & ~8))
