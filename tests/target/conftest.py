"""Cases of a root, an intermediate and a leaf for the tests of targets."""

import ssl
import time
from dataclasses import replace
from pathlib import Path

import pytest

from harness.case import Case, Role
from harness.pki import keys
from harness.pki.issue import Issued, issue_all
from harness.pki.spec import (
    EE_USAGE,
    HOUR,
    AuthorityKeyIdSpec,
    CertificateSpec,
    CrlSpec,
    Entity,
    ExtendedKeyUsageSpec,
    KeyId,
    NameSpec,
    ProxySpec,
    RevokedSpec,
    Scenario,
    TrustSpec,
    ca,
    end_entity,
)
from harness.target import protocol, worker
from harness.target.discover import discover
from harness.target.target import Target

ROOT = Entity(NameSpec.cn("root"), "p256-0")
INTERMEDIATE = Entity(NameSpec.cn("intermediate"), "p256-1")
LEAF = Entity(NameSpec.cn("leaf"), "p256-2")


@pytest.fixture(scope="session")
def pki() -> Issued:
    """``root``, ``intermediate``, ``leaf`` and what may stand in their place."""
    scenario = Scenario(
        certificates=(
            ca("root", ROOT, ROOT),
            ca("intermediate", INTERMEDIATE, ROOT),
            end_entity("leaf", LEAF, INTERMEDIATE),
            end_entity("rsa", replace(LEAF, key="rsa2048-0"), INTERMEDIATE),
            end_entity(
                "no key id",
                LEAF,
                INTERMEDIATE,
                authority_key_id=AuthorityKeyIdSpec(KeyId.ABSENT),
            ),
            CertificateSpec(
                "proxy",
                Entity(LEAF.name.plus("proxy"), "p256-3"),
                LEAF,
                key_usage=EE_USAGE,
                extended_key_usage=ExtendedKeyUsageSpec(("serverAuth", "clientAuth")),
                proxy=ProxySpec(),
            ),
        ),
        crls=(
            CrlSpec("of root", ROOT),
            CrlSpec("of intermediate", INTERMEDIATE),
            CrlSpec("revoking", INTERMEDIATE, revoked=(RevokedSpec("leaf"),)),
            CrlSpec("above", ROOT, revoked=(RevokedSpec("intermediate"),)),
            CrlSpec("forged", INTERMEDIATE, signed_by="p256-9"),
            CrlSpec("stale", INTERMEDIATE, next_update=-HOUR),
        ),
        peer=("leaf", "intermediate"),
        trusted=(TrustSpec("root"),),
        loaded=("of root", "of intermediate", "revoking", "above", "forged", "stale"),
    )
    return issue_all(scenario, seed=0, now=int(time.time()))


@pytest.fixture(scope="session")
def good(pki: Issued) -> Case:
    """A plain valid case with all CRLs fresh and empty, and the leaf's key."""
    return replace(
        pki.case,
        crls=(pki.crls["of root"], pki.crls["of intermediate"]),
        key=keys.pkcs8(LEAF.key),
    )


@pytest.fixture(scope="session")
def revoked(pki: Issued, good: Case) -> Case:
    """The same, its leaf revoked."""
    return replace(good, crls=(pki.crls["of root"], pki.crls["revoking"]))


@pytest.fixture(scope="session")
def untrusted(good: Case) -> Case:
    """The same, with nothing trusted."""
    return replace(good, trusted=())


@pytest.fixture(params=list(Role), ids=str)
def role(request: pytest.FixtureRequest) -> Role:
    """Either role under test."""
    found: Role = request.param
    return found


@pytest.fixture(scope="session")
def interpreters() -> tuple[Target, ...]:
    """Every interpreter that discovery finds here and that a worker can run on."""
    return tuple(t for t in discover() if not t.id.startswith("cpython-2."))


@pytest.fixture
def asker(
    tmp_path: Path, own: tuple[bytes, bytes], strong: tuple[bytes, bytes]
) -> worker.Asker:
    """The worker's own object on this interpreter's ``ssl``."""
    (tmp_path / "progress").write_bytes(bytes(8))
    made = worker.Asker(ssl, str(tmp_path))
    made.start({"own": [protocol.own_pem(own), protocol.own_pem(strong)]})
    return made
