"""A scenario as what a TLS endpoint is given: PEM texts, a private key, files.

For tests of other people's code: what a server presents in a real handshake, and what
the client under test trusts.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from harness.case import Case, Source
from harness.pem import write_pem
from harness.pki.issue import issue
from harness.pki.spec import Scenario


@dataclass(frozen=True, slots=True)
class Files:
    """Paths of PEM files, as ``SSLContext.load_cert_chain`` (``chain``, which holds
    the private key too) and ``load_verify_locations`` (``trust``, which holds the CRLs
    too) take them."""

    chain: str
    trust: str


@dataclass(frozen=True, slots=True)
class Material:
    """What one scenario gives to both ends of a connection."""

    case: Case
    """The same as DER, in order: ``peer``, ``trusted``, ``crls``, ``key``; and the
    reference name, the role that verifies and the security level."""

    @property
    def chain(self) -> str:
        """PEM of what the peer presents, the end entity first."""
        return _pem("CERTIFICATE", self.case.peer)

    @property
    def key(self) -> str:
        """PEM of the end entity's private key, PKCS #8; empty where nobody has it."""
        return "" if self.case.key is None else write_pem("PRIVATE KEY", self.case.key)

    @property
    def trust(self) -> str:
        """PEM of what is trusted, in order, each item under its own label."""
        items = self.case.trusted
        return "".join(write_pem(item.label.value, item.der) for item in items)

    @property
    def crls(self) -> str:
        """PEM of the CRLs, in load order."""
        return _pem("X509 CRL", self.case.crls)

    def write(self, folder: Path | str) -> Files:
        """Write both ends' files into a folder that is there. Raises ``OSError``."""
        chain, trust = Path(folder, "chain.pem"), Path(folder, "trust.pem")
        chain.write_text(self.chain + self.key, encoding="ascii")
        trust.write_text(self.trust + self.crls, encoding="ascii")
        return Files(str(chain), str(trust))


def material(scenario: Scenario, *, seed: int = 0, now: int | None = None) -> Material:
    """What a scenario of ``strategies`` gives to both ends, signed with keys of the
    pool, which protect nothing.

    ``now`` is what its dates are relative to, in whole seconds since the epoch, and
    the present if it is not given; ``seed`` chooses serial numbers. The same scenario,
    seed and ``now`` give the same bytes. CRLs are loaded by ``cafile``. Raises
    ``SpecError`` for a scenario that cannot be issued, which none that is drawn is.
    """
    at = int(time.time()) if now is None else now
    case = issue(scenario, seed=seed, now=at)
    return Material(replace(case, source=Source.CAFILE))


def _pem(label: str, items: Iterable[bytes]) -> str:
    return "".join(write_pem(label, item) for item in items)
