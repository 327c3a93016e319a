"""``VERIFY_CRL_CHECK_LEAF`` alone does nothing."""

from tests.fakes.lying import asking_for, stand_in

stand_in(
    globals(), SSLContext=asking_for(lambda flags: flags if flags & 8 else flags & ~4)
)
