"""Every fault of our own that the harness has to feel."""

from typing import Final

from harness.kernel.fault import Fault
from harness.kernel.faults.constraints import CONSTRAINTS
from harness.kernel.faults.crl_checks import CRL_CHECKS
from harness.kernel.faults.crl_choice import CRL_CHOICE
from harness.kernel.faults.crl_points import CRL_POINTS
from harness.kernel.faults.extensions import EXTENSIONS
from harness.kernel.faults.flags import FLAGS
from harness.kernel.faults.hosts import HOSTS
from harness.kernel.faults.levels import LEVELS
from harness.kernel.faults.names import NAMES
from harness.kernel.faults.order import ORDER
from harness.kernel.faults.paths import PATHS
from harness.kernel.faults.policies import POLICIES
from harness.kernel.faults.proxies import PROXIES
from harness.kernel.faults.resources import RESOURCES
from harness.kernel.faults.times import TIMES

FAULTS: Final[tuple[Fault, ...]] = (
    *FLAGS,
    *PATHS,
    *EXTENSIONS,
    *NAMES,
    *PROXIES,
    *CRL_CHOICE,
    *CRL_CHECKS,
    *LEVELS,
    *CONSTRAINTS,
    *HOSTS,
    *TIMES,
    *RESOURCES,
    *POLICIES,
    *CRL_POINTS,
    *ORDER,
)
