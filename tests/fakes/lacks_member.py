"""``VerifyFlags`` has no ``VERIFY_X509_PARTIAL_CHAIN``."""

import enum
import ssl

from tests.fakes.lying import stand_in

MISSING = "VERIFY_X509_PARTIAL_CHAIN"

members = {
    name: member.value
    for name, member in ssl.VerifyFlags.__members__.items()
    if name != MISSING
}
stand_in(globals(), VerifyFlags=enum.IntFlag("VerifyFlags", members))
del globals()[MISSING]
