"""The verified chain misses its last certificate."""

import ssl
from typing import Any

from tests.fakes.lying import context_of, stand_in


class SSLObject(ssl.SSLObject):
    """The real one, with another path."""

    _sslobj: Any

    def get_verified_chain(self) -> list[bytes]:
        """All but the last, where there is another."""
        chain = self._sslobj.get_verified_chain() or ()
        encoded = [certificate.public_bytes(2) for certificate in chain]  # DER
        return encoded[:-1] or encoded


stand_in(globals(), SSLContext=context_of(SSLObject))
