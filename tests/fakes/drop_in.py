"""Not OpenSSL, by what it says: a drop-in that takes CRL flags and ignores them."""

from tests.fakes.lying import asking_for, stand_in

stand_in(
    globals(),
    SSLContext=asking_for(lambda flags: flags & ~0xC),
    OPENSSL_VERSION="Something 1.0 - and more",
    OPENSSL_VERSION_NUMBER=0x1010100F,
)
