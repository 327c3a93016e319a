"""``SSLContext`` begins with ``VERIFY_X509_STRICT`` set."""

import ssl
from typing import Any

from tests.fakes.lying import stand_in


class SSLContext(ssl.SSLContext):
    """The real one, with another beginning."""

    def __new__(cls, *arguments: Any, **named: Any) -> Any:
        """A context with one flag too many."""
        self = super().__new__(cls, *arguments, **named)
        self.verify_flags |= ssl.VerifyFlags.VERIFY_X509_STRICT
        return self


stand_in(globals(), SSLContext=SSLContext)
