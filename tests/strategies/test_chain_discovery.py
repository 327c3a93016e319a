"""Shapes of chains, proxies and settings that drawn scenarios reach."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import pytest

from harness.case import PemLabel, Role, TlsVersion
from harness.pki.spec import CertificateSpec, KeyId, Scenario
from strategies.draft import main_path

Draws = Mapping[str, Sequence[Scenario]]
Predicate = Callable[[Scenario], object]


def sent_roots(scenario: Scenario) -> bool:
    """A self-signed certificate is sent after the leaf."""
    sent = [scenario.certificate(label) for label in scenario.peer[1:]]
    return any(item.issuer == item.subject for item in sent)


def twice(values: Sequence[object]) -> bool:
    """A value is there twice."""
    return len(set(values)) < len(values)


def is_rollover(scenario: Scenario) -> bool:
    """A self-issued certificate that another key signed."""
    return any(
        item.subject.name == item.issuer.name and item.subject.key != item.issuer.key
        for item in scenario.certificates
    )


def is_loop(scenario: Scenario) -> bool:
    """Two entities issued each other."""
    edges = {(item.subject, item.issuer) for item in scenario.certificates}
    return any(one != two and (two, one) in edges for one, two in edges)


def trusted(scenario: Scenario) -> tuple[CertificateSpec, ...]:
    """The certificates of the store."""
    return tuple(scenario.certificate(item.certificate) for item in scenario.trusted)


def aux(scenario: Scenario) -> tuple[tuple[str, ...], ...]:
    """Trust and reject settings that are there."""
    return tuple(
        setting
        for item in scenario.trusted
        for setting in (item.trust, item.reject)
        if setting is not None
    )


def proxies(scenario: Scenario) -> tuple[CertificateSpec, ...]:
    """The proxies."""
    return tuple(item for item in scenario.certificates if item.proxy)


def holders(scenario: Scenario) -> tuple[CertificateSpec, ...]:
    """The certificates of proxies' issuers."""
    issuers = {item.issuer for item in proxies(scenario)}
    return tuple(item for item in scenario.certificates if item.subject in issuers)


def keyed(family: str) -> Predicate:
    """A key of that family."""
    return lambda s: any(c.subject.key.startswith(family) for c in s.certificates)


SHAPES: Final[dict[str, Predicate]] = {
    "no intermediate": lambda s: len(main_path(s)) == 2,
    "two intermediates": lambda s: len(main_path(s)) == 4,
    "five intermediates": lambda s: len(main_path(s)) == 7,
    "root sent": sent_roots,
    "two issuers for one subject": lambda s: any(
        one.subject == two.subject and one.issuer != two.issuer
        for one in s.certificates
        for two in s.certificates
    ),
    "same name, other key": lambda s: twice(
        [
            name
            for name, _key in {(c.subject.name, c.subject.key) for c in s.certificates}
        ]
    ),
    "rollover": is_rollover,
    "loop": is_loop,
    "self-signed leaf": lambda s: (
        len(main_path(s)) == 1 and main_path(s)[0].label == "leaf"
    ),
    "pinned leaf": lambda s: s.peer[0] in [item.certificate for item in s.trusted],
    "nothing trusted": lambda s: not s.trusted,
    "several trusted": lambda s: len(s.trusted) > 2,
    "intermediate trusted": lambda s: any(c.issuer != c.subject for c in trusted(s)),
    "expired in store": lambda s: any(c.not_after < 0 for c in trusted(s)),
    "sent twice": lambda s: twice(s.peer),
    "trusted twice": lambda s: twice(s.trusted),
    "unrelated": lambda s: "unrelated-root" in s.peer,
    "leaf alone": lambda s: len(s.peer) == 1 and len(main_path(s)) == 1,
    "no key ids": lambda s: any(
        c.subject_key_id.key_id is c.authority_key_id.key_id is KeyId.ABSENT
        for c in s.certificates
    ),
    "trusted for servers": lambda s: ("serverAuth",) in aux(s),
    "rejected": lambda s: any(item.reject for item in s.trusted),
    "trusted for nothing": lambda s: () in aux(s),
    "TRUSTED CERTIFICATE without settings": lambda s: any(
        item.label is PemLabel.TRUSTED_CERTIFICATE and item.trust is None
        for item in s.trusted
    ),
    "proxy": proxies,
    "proxy of a proxy": lambda s: any(item.proxy for item in holders(s)),
    "three proxies": lambda s: len(proxies(s)) > 2,
    "proxy of a CA": lambda s: any(
        item.basic_constraints and item.basic_constraints.ca for item in holders(s)
    ),
    "proxy's issuer without digitalSignature": lambda s: any(
        item.key_usage and "digitalSignature" not in item.key_usage.bits
        for item in holders(s)
    ),
    "proxy's wrong subject": lambda s: any(
        item.subject.name.rdns[:-1] != item.issuer.name.rdns for item in proxies(s)
    ),
    "pcPathLen 0": lambda s: any(
        c.proxy and c.proxy.path_length == 0 for c in proxies(s)
    ),
    "pcPathLen 1": lambda s: any(
        c.proxy and c.proxy.path_length == 1 for c in proxies(s)
    ),
    "weak key": lambda s: any(c.subject.key == "rsa1024-0" for c in s.certificates),
    "one key, two names": lambda s: (
        len({c.subject for c in s.certificates})
        > len({c.subject.key for c in s.certificates})
    ),
} | {f"a {family} key": keyed(family) for family in ("p384", "ed25519", "rsa2048")}


ASKED: Final[dict[str, Predicate]] = {
    "server": lambda s: s.role is Role.SERVER,
    "TLS 1.2": lambda s: s.tls is TlsVersion.TLS_1_2,
    "no name": lambda s: s.name is None,
    "level 0": lambda s: s.security_level == 0,
    "level 1": lambda s: s.security_level == 1,
    "level 3": lambda s: s.security_level == 3,
    "proxy and CRLs": lambda s: proxies(s) and s.crls,
}

WANTED: Final = [
    pytest.param(strategy, predicate, id=title)
    for strategy, predicates in (("chains", SHAPES), ("scenarios", ASKED))
    for title, predicate in predicates.items()
]


@pytest.mark.parametrize(("strategy", "predicate"), WANTED)
def test_chains_reach(strategy: str, predicate: Predicate, drawn: Draws) -> None:
    """Each shape and setting is drawn, and so is its absence."""
    held = [bool(predicate(scenario)) for scenario in drawn[strategy]]
    assert any(held)
    assert not all(held)
