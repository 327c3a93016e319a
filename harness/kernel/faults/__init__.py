"""Every fault of our own that the harness has to feel."""

from typing import Final

from harness.kernel.fault import Fault
from harness.kernel.faults.crl_checks import CRL_CHECKS
from harness.kernel.faults.crl_choice import CRL_CHOICE
from harness.kernel.faults.extensions import EXTENSIONS
from harness.kernel.faults.flags import FLAGS
from harness.kernel.faults.names import NAMES
from harness.kernel.faults.order import ORDER
from harness.kernel.faults.paths import PATHS
from harness.kernel.faults.proxies import PROXIES

FAULTS: Final[tuple[Fault, ...]] = (
    *FLAGS,
    *PATHS,
    *EXTENSIONS,
    *NAMES,
    *PROXIES,
    *CRL_CHOICE,
    *CRL_CHECKS,
    *ORDER,
)
