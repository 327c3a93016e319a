"""All witnesses, in the order they are asked in."""

from typing import Final

from harness.ledger.deciding import DECIDING
from harness.ledger.objecting import OBJECTING
from harness.ledger.showing import SHOWING

WITNESSES: Final = (*DECIDING, *OBJECTING, *SHOWING)
"""Asked first in every run and on every target."""
