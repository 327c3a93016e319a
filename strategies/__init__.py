"""Hypothesis strategies for certification paths, CRLs and flag sets.

``scenarios`` draws whole scenarios; ``chains``, ``certificates``, ``names`` and
``crls`` draw scenarios that depart from the plain chain in that one respect; ``flags``
and ``sweeps`` draw flag sets; ``questions`` draws scenarios, each with a sweep that has
the flags it is about. No strategy knows an oracle or a target.

What is drawn is a ``Scenario``, a value that says what is asked for, shrinks to a plain
root and leaf, and is the same for the same seed. Two functions lead on from there:
``harness.pki.material.material`` signs it, as DER, as PEM and as files for both ends of
a connection; ``harness.expecting.expect`` says what a verifier must do with it.
``docs/hostile_chains.py`` tests a TLS client with all three. These names stay; the
modules behind them may move.
"""

from harness.pki.spec import Scenario
from strategies.certs import certificates
from strategies.chains import chains
from strategies.crls import crls
from strategies.departures import THEMES, Theme
from strategies.flags import flags, sweeps
from strategies.names import names
from strategies.questions import agenda, questions
from strategies.scenarios import scenarios

__all__ = [
    "THEMES",
    "Scenario",
    "Theme",
    "agenda",
    "certificates",
    "chains",
    "crls",
    "flags",
    "names",
    "questions",
    "scenarios",
    "sweeps",
]
