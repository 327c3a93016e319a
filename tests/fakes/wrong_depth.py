"""An error is told one certificate too deep, where the verifier alone is asked.

``ssl`` tells no depth, and is asked as it is.
"""

import ctypes
from typing import Any

from tests.fakes.lying import stand_in

TELLS = "X509_STORE_CTX_get_error_depth"


class CDLL(ctypes.CDLL):
    """A library that is loaded after this one, and counts from one."""

    def __getattr__(self, name: str) -> Any:
        """The function of that name, and a liar for the one that tells a depth."""
        function = super().__getattr__(name)
        if name != TELLS:
            return function
        function.restype, function.argtypes = ctypes.c_int, [ctypes.c_void_p]

        def deeper(context: int) -> int:
            return int(function(context)) + 1

        vars(self)[name] = deeper
        return deeper


ctypes.CDLL = CDLL  # type: ignore[misc]
stand_in(globals())
