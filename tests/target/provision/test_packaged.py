"""Packages as targets: pyOpenSSL and drop-ins, under the Python that takes them."""

import pytest

from harness.target.provision.cache import Cache
from harness.target.target import PYOPENSSL, SSL
from tests.target.provision.conftest import Add
from tests.target.provision.fakes import Machine


@pytest.fixture(autouse=True)
def packages(machine: Machine) -> None:
    """What the registry has."""
    machine.wheels |= {
        "rtls": ("rtls/__init__.py",),
        "cryptography==42.0.6": ("cryptography/__init__.py",),
        "pyOpenSSL==24.1.0": ("OpenSSL/__init__.py",),
    }


def test_a_drop_in(added: Add, cache: Cache, machine: Machine) -> None:
    """The module is put on the path, with what it requires, and asked as ``ssl`` is."""
    machine.openssl = lambda _line: "Rustls 0.23.45"
    record = added("drop-in:rtls").results["drop-in:rtls"].record
    assert record is not None
    assert record.made.startswith("rtls under ")
    (target,) = cache.targets()
    site = cache.of("drop-in:rtls") / "site"
    assert (target.path, target.module, target.engine) == ((str(site),), "rtls", SSL)
    assert (site / "rtls" / "__init__.py").exists()
    assert machine.count("pip download", "--python-version 3.11", "rtls") == 1
    assert not machine.count("pip download", "--no-deps")


def test_pyopenssl(added: Add, cache: Cache, machine: Machine) -> None:
    """The engine is named; another OpenSSL than was wanted is no target."""
    machine.openssl = lambda _line: "OpenSSL 3.2.1 30 Jan 2024"
    record = added("pyopenssl:3.2.1").results["pyopenssl:3.2.1"].record
    assert record is not None
    assert {item.version for item in record.downloads} == {"42.0.6", "24.1.0"}
    (target,) = cache.targets()
    assert (target.module, target.engine) == ("ssl", PYOPENSSL)
    machine.openssl = lambda _line: "OpenSSL 3.2.2 4 Jun 2024"
    why = added("pyopenssl:3.2.1", again=True).results["pyopenssl:3.2.1"].why
    assert "has OpenSSL 3.2.2" in why
    assert cache.record("pyopenssl:3.2.1") == record


def test_no_python_takes_it(added: Add, machine: Machine) -> None:
    """Each interpreter's reason is told."""
    del machine.wheels["pyOpenSSL==24.1.0"]
    why = added("pyopenssl:3.2.1").results["pyopenssl:3.2.1"].why
    assert why.startswith("no Python here takes it (")
    assert "is not there any more" in why
