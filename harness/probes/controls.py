"""Controls: what each flag does in every release, so that a probe can be believed.

A build that ignores a whole flag would seem to lack each behaviour of it. A probe under
a flag whose control fails tells nothing, and the fault is found for what it is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from harness.flags import (
    ALLOW_PROXY_CERTS,
    CRL_CHECK_CHAIN,
    CRL_CHECK_LEAF,
    DEFAULT,
    X509_PARTIAL_CHAIN,
    X509_STRICT,
    Flags,
)
from harness.ledger.plain import (
    INT_CRL,
    ROOT_CRL,
    chain,
    proxied,
    revoking,
    root,
    trusting,
)
from harness.outcome import Accepted, Answer, Rejected
from harness.pki.spec import Scenario


@dataclass(frozen=True, slots=True)
class Control:
    """A case that ``flag`` decides: under no flag it is refused or accepted as
    ``accepted`` says, and the other way round under the flag."""

    flag: Flags
    scenario: Scenario
    accepted: bool

    @property
    def flags(self) -> tuple[Flags, Flags]:
        """The two flag sets it is asked under."""
        return DEFAULT, self.flag

    def holds(self, answers: Sequence[Answer]) -> bool:
        """Whether the target does what the flag does everywhere."""
        kinds = [type(answer.outcome) for answer in answers]
        wanted = [Accepted, Rejected] if self.accepted else [Rejected, Accepted]
        return kinds == wanted


CONTROLS: Final = (
    Control(CRL_CHECK_LEAF, chain(crls=(ROOT_CRL, revoking("leaf"))), accepted=True),
    Control(
        CRL_CHECK_CHAIN,
        chain(crls=(revoking("int", ROOT_CRL), INT_CRL)),
        accepted=True,
    ),
    Control(X509_STRICT, chain(root(basic_constraints=None)), accepted=True),
    Control(ALLOW_PROXY_CERTS, proxied(), accepted=False),
    Control(X509_PARTIAL_CHAIN, trusting(chain(), "int"), accepted=False),
)
"""One for each flag that changes an outcome."""


def unreliable(ask: Callable[[Scenario, tuple[Flags, ...]], Sequence[Answer]]) -> Flags:
    """The flags that do not do on a target what they do everywhere."""
    bits = DEFAULT
    for control in CONTROLS:
        if not control.holds(ask(control.scenario, control.flags)):
            bits |= control.flag
    return bits
