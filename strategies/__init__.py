"""Hypothesis strategies for certification paths, CRLs and flag sets.

``scenarios`` draws whole scenarios; ``chains``, ``certificates``, ``names`` and
``crls`` draw scenarios that depart from the plain chain in that one respect; ``flags``
and ``sweeps`` draw flag sets. No strategy knows an oracle or a target.
"""

from strategies.certs import certificates
from strategies.chains import chains
from strategies.crls import crls
from strategies.departures import THEMES, Theme
from strategies.flags import flags, sweeps
from strategies.names import names
from strategies.scenarios import scenarios

__all__ = [
    "THEMES",
    "Theme",
    "certificates",
    "chains",
    "crls",
    "flags",
    "names",
    "scenarios",
    "sweeps",
]
