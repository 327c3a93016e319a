"""The catalogue: every name is made of something, and no name of a host is in it."""

import re
from pathlib import Path

import pytest

from harness.target.provision import catalogue
from harness.target.provision.catalogue import available, members, recipe_of
from harness.target.provision.errors import ProvisionError
from harness.target.provision.recipes import Libraries, PyOpenSSL, Rebuilt, Suite


def test_every_name_has_a_recipe() -> None:
    """What is listed can be asked for, the members of sets included."""
    for name, what in available():
        assert what
        for member in members(name):
            assert recipe_of(member) is not None


def test_many_releases_can_be_had() -> None:
    """15 of OpenSSL 3 under one Python, 1.1.1 and 4.0 by a rebuilt ``_ssl``, and 44
    inside of pyOpenSSL."""
    made = [recipe_of(name) for name, _ in available() if name not in catalogue.SETS]
    libraries = {item.openssl for item in made if isinstance(item, Libraries)}
    engines = {item.openssl for item in made if isinstance(item, PyOpenSSL)}
    rebuilt = {item.openssl for item in made if isinstance(item, Rebuilt)}
    assert len(libraries) == 15
    assert len(engines) == 44
    assert {"1.1.1k", "1.1.1w", "4.0"} <= rebuilt


def test_one_python_of_a_suite_can_be_named() -> None:
    """And a release of the line that moves."""
    assert recipe_of("debian:sid-3.14") == Suite("sid", "3.14")
    assert recipe_of("debian:bookworm-security") == Suite("bookworm-security")
    assert recipe_of("pypy:sid") == Suite("sid", pypy=True)
    exact = recipe_of("openssl:4.0.3")
    assert isinstance(exact, Rebuilt)
    assert exact.openssl == "4.0.3"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("debian:potato", "debian:potato: no such target; debian: has bullseye, "),
        ("openssl:3.5.99", "openssl: has 3.0.9, "),
        ("pypy:potato", "pypy: has bullseye, "),
        ("pyopenssl:1", "pyopenssl: has 1.1.0g, "),
        ("drop-in:ssl", "drop-in: has utls, "),
        ("python:3.11", "there are debian:, pypy:, openssl:"),
    ],
)
def test_a_name_that_is_none_is_told_those_there_are(name: str, said: str) -> None:
    """The message has the name and what it may have been meant for."""
    with pytest.raises(ProvisionError) as caught:
        recipe_of(name)
    assert said in str(caught.value)
    assert str(caught.value).startswith(f"{name}: no such target")


def test_no_registry_is_named() -> None:
    """Where packages come from is the machine's own configuration's say."""
    folder = Path(catalogue.__file__).parent
    sources = "".join(path.read_text("utf-8") for path in folder.glob("*.py"))
    assert not re.findall(r"[a-z]+://|\w+\.(?:org|com|net|io)\b", sources)
