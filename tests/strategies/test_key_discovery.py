"""Keys and signatures that drawn scenarios reach, and how deep their paths are."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import pytest

from harness.pki.spec import Scenario
from strategies import chains
from strategies.chains import DEEPEST
from strategies.departures import depart
from strategies.draft import main_path, plain, settled
from strategies.key_kinds import KEYS
from tests.strategies.conftest import Collect

Predicate = Callable[[Scenario], object]


def key(name: str) -> Predicate:
    """An entity has that key."""
    return lambda s: any(item.subject.key == name for item in s.certificates)


def signed_with(digest: str) -> Predicate:
    """A certificate is signed with that digest."""
    return lambda s: any(item.digest == digest for item in s.certificates)


FOUND: Final[Mapping[str, Predicate]] = {
    name: key(name)
    for name in (
        *("p521-0", "ed448-0", "rsa2047-0", "explicit-0", "broken-0", "dsa-0"),
        *("pss-0", "respelt-0"),
    )
} | {
    digest: signed_with(digest)
    for digest in ("pss-sha256", "pss-sha1", "md5", "sha1", "ripemd160", "unknown")
}


@pytest.fixture(scope="module")
def drawn_chains(collected: Collect) -> Sequence[Scenario]:
    """Draws about chains."""
    return collected(chains(), 2400)


@pytest.mark.parametrize("predicate", FOUND.values(), ids=FOUND)
def test_a_kind_of_key_is_found(
    drawn_chains: Sequence[Scenario], predicate: Predicate
) -> None:
    """Some drawn scenario has it."""
    assert any(map(predicate, drawn_chains))


def test_paths_at_the_limit_are_found(drawn_chains: Sequence[Scenario]) -> None:
    """The longest path that OpenSSL builds is drawn, and one longer than that."""
    lengths = {len(main_path(s)) for s in drawn_chains}
    assert {DEEPEST + 2, DEEPEST + 3} <= lengths


def test_all_that_a_signing_key_issues_has_its_digest() -> None:
    """Where the root gets another key to sign with, so does its own certificate."""
    kind = next(kind for kind in KEYS if kind.name == "signing key")
    number = [name for name, _ in kind.variants].index("RSASSA-PSS")
    scenario = settled(depart(plain(("p256",)), [(kind, number, -1)]))
    by_root = [item for item in scenario.certificates if item.issuer.key == "pss-0"]
    assert [item.label for item in by_root] == ["intermediate-1", "root"]
    assert {item.digest for item in by_root} == {"pss-sha256"}
