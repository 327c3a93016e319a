"""Small PKIs to read the documents book against: the witnesses' plain chain and the
flag sets, and what the book says of a scenario.
"""

from typing import Final

from harness.flags import Flags
from harness.oracle.documents.points import Documents
from harness.pki.issue import issue
from harness.pki.read import read
from harness.pki.spec import Scenario
from harness.verdict import Promise

NOW: Final = 1_800_000_000

CRL_LEAF: Final = Flags.of("CRL_CHECK_LEAF")
CRL_CHAIN: Final = Flags.of("CRL_CHECK_CHAIN")
STRICT: Final = Flags.of("X509_STRICT")
PROXIES: Final = Flags.of("ALLOW_PROXY_CERTS")
FIRST: Final = Flags.of("X509_TRUSTED_FIRST")
PARTIAL: Final = Flags.of("X509_PARTIAL_CHAIN")
NONE: Final = Flags()


def documents(scenario: Scenario, edition: str = "3.0") -> Documents:
    """The book opened at the scenario's facts."""
    return Documents(read(issue(scenario, seed=0, now=NOW)), NOW, edition)


def promised(scenario: Scenario, flags: Flags = NONE, edition: str = "3.0") -> Promise:
    """What the book promises of the scenario under these flags."""
    return documents(scenario, edition).promise(flags)
