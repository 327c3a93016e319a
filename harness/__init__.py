"""verifyflags: does this Python verify certificates as its documentation says?"""

__version__ = "0.1.0"
