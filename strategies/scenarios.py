"""Strategies for whole scenarios: every departure there is, a few at a time."""

from typing import Final

from hypothesis.strategies import SearchStrategy

from harness.case import Role
from harness.pki.spec import Scenario
from strategies.certs import CERTIFICATES
from strategies.chains import CHAINS
from strategies.crls import CRLS
from strategies.departures import (
    Change,
    Departure,
    Stage,
    Theme,
    departing,
    departure,
)
from strategies.edits import edited
from strategies.issuer_names import CRL_ISSUER_NAMES, ISSUER_NAMES
from strategies.names import NAMES
from strategies.pairs import CRL_PAIRS, PAIRS
from strategies.policies import POLICIES
from strategies.resources import RESOURCES


def _at_level(level: int) -> Change:
    return lambda draft, _place: draft.asking(security_level=level)


_LEVEL: Final = departure(
    "security level",
    Stage.SETTING,
    {"1": _at_level(1), "0": _at_level(0), "3": _at_level(3)},
    "keys",
    more=1,
)

DEPARTURES: Final[tuple[Departure, ...]] = (
    *CERTIFICATES,
    *NAMES,
    *POLICIES,
    *RESOURCES,
    _LEVEL,
    *ISSUER_NAMES,
    *PAIRS,
    *CRLS,
    *CRL_ISSUER_NAMES,
    *CRL_PAIRS,
    *CHAINS,
)
"""Every departure; those that add no certificate and no CRL come first, since a
drawn scenario shrinks towards them."""


def scenarios(
    *,
    theme: Theme | None = None,
    role: Role | None = None,
    focus: int | None = None,
) -> SearchStrategy[Scenario]:
    """Generate scenarios: the plain valid chain with up to four departures.

    ``theme`` is what about three in four of them are about: "paths", "proxies",
    "strict" (what X509_STRICT looks at), "names", "constraints" on them, "crls",
    "deltas" (CRLs that raw bits have looked at), "policies" (what other raw bits have,
    and number resources) or "keys"; without one, all kinds come alike. Under "bytes"
    every scenario has its encodings edited. ``role`` fixes who verifies; a server has
    no reference name. ``focus`` counts through the variants of the theme's departures:
    every second departure is one of the few in focus. Every scenario can be issued.
    Shrinks to a root and its leaf, both plain, and no CRL.

    Raises ``InvalidArgument``, with the value, for another theme or role.
    """
    every = departing(DEPARTURES, theme=theme, role=role, focus=focus)
    return edited(every, role=role) if theme == "bytes" else every
