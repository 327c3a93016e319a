"""Checks whether a Python verifies certificates as its documentation says."""

__version__ = "0.1.0"
