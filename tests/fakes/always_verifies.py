"""``CERT_NONE`` does nothing: certificates are required all the same."""

import ssl
from typing import Any

from tests.fakes.lying import stand_in

MODE: Any = ssl.SSLContext.verify_mode


class SSLContext(ssl.SSLContext):
    """The real one, with one mode."""

    @property
    def verify_mode(self) -> ssl.VerifyMode:
        """The mode that is used."""
        return ssl.VerifyMode(MODE.fget(self))

    @verify_mode.setter
    def verify_mode(self, value: int) -> None:
        MODE.fset(self, max(value, ssl.CERT_REQUIRED))


stand_in(globals(), SSLContext=SSLContext)
