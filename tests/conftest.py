"""What tests of several folders share: a server's own certificate, fakes, targets."""

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from harness.pki import keys
from harness.pki.issue import issue_all
from harness.pki.spec import Entity, NameSpec, Scenario, TrustSpec, end_entity
from harness.target.target import Target

FakeTarget = Callable[..., Target]

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session", autouse=True)
def empty_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test sees what its user has provisioned."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.getbasetemp() / "no-cache"
        patch.setenv("VERIFYFLAGS_CACHE", str(folder))
        yield


def self_signed(key: str) -> tuple[bytes, bytes]:
    """A certificate of its own key of the pool, and that key, both DER."""
    own = Entity(NameSpec.cn("own"), key)
    scenario = Scenario(
        certificates=(end_entity("own", own, own),),
        peer=("own",),
        trusted=(TrustSpec("own"),),
    )
    issued = issue_all(scenario, seed=0, now=int(time.time()))
    return issued.certificates["own"], keys.pkcs8(key)


@pytest.fixture(scope="session")
def own() -> tuple[bytes, bytes]:
    """What a server under test presents, up to security level 3."""
    return self_signed("p256-1")


@pytest.fixture(scope="session")
def strong() -> tuple[bytes, bytes]:
    """What a server under test presents from security level 4 on."""
    return self_signed("p384-0")


@pytest.fixture(scope="session")
def fake_target() -> FakeTarget:
    """Makes a target whose ``ssl`` lies as the module ``tests/fakes/NAME.py`` says;
    ``env`` is added to its environment."""

    def make(name: str, env: Mapping[str, str] | None = None) -> Target:
        return Target(
            id=name,
            argv=(sys.executable,),
            env=env or {},
            path=(str(ROOT),),
            module=f"tests.fakes.{name}",
        )

    return make
