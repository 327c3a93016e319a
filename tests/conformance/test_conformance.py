"""This Python's ``ssl``, asked by a small campaign; ``verifyflags run`` asks more."""

from harness.campaign.entry import test_station

__all__ = ["test_station"]
