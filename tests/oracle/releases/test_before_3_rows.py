"""What 1.1.1w was measured to do with the probes of its behaviours, beside 3.0.19."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import cryptography_vectors
import pytest

from harness.case import Case, TrustedItem
from harness.facts import Facts, Signature
from harness.flags import DEFAULT
from harness.oracle.releases.before_3 import BEFORE_3
from harness.oracle.releases.behaviours import release_of
from harness.oracle.releases.judge import Judge
from harness.oracle.releases.release import Release, version
from harness.pki.read import read
from harness.probes.before_3 import PROBES
from harness.probes.probe import Probe
from harness.verdict import WillAccept, WillReject
from tests.oracle.releases.rows import NOW, RELEASE, Row, told

OLD: Final = release_of(version("1.1.1w"))

SAID: Final = {
    "old-code-numbers": ("24@1", "79@1"),
    "strict-profile": ("ok", "85@0"),
    "strict-path-length-everywhere": ("41@0", "80@0"),
    "curve-checked-without-strict": ("ok", "94@1"),
    "malformed-may-be-ca": ("24@0", "26@0"),
    "last-outdated-issuer": ("24@1", "10@1"),
    "undecodable-key-ends-building": ("ok", "1@0"),
    "end-entity-key-needed": ("3@0", "1@0"),
    "own-issuer-alone-verified": ("ok", "7@0"),
    "key-usage-may-be-empty": ("26@0", "20@0"),
    "path-length-needs-ca": ("20@0", "ok"),
    "point-without-a-name": ("ok", "20@0"),
    "ocsp-no-check-may-be-critical": ("34@0", "ok"),
    "digest-strength-by-size": ("ok", "68@0"),
    "dsa-parameters-inherited": ("3@0", "1@0"),
    "rsa-strength-in-steps": ("67@1", "ok"),
    "pss-key-passes-for-rsa": ("7@0", "20@0"),
    "constraint-minimum-may-be-zero": ("49@0", "ok"),
    "other-names-by-type": ("51@0", "ok"),
    "mailbox-is-an-address": ("51@0", "ok"),
}
"""By probe: what 1.1.1w and what 3.0.19 said of it."""


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.behaviour)
def test_both_releases_say_what_was_measured(probe: Probe) -> None:
    """Each probe in both releases, the code and its depth."""
    old, new = SAID[probe.behaviour]
    for release, said in ((OLD, old), (RELEASE, new)):
        row = Row(probe.behaviour, said, probe.scenario, probe.flags[0])
        assert told(row, release) == (said, None)


def test_every_behaviour_was_measured() -> None:
    """No switch without a row."""
    assert {item.name for item in BEFORE_3} == set(SAID)


PKITS: Final = Path(cryptography_vectors.__file__).parent / "x509" / "PKITS_data"


def inherited() -> Facts:
    """PKITS 4.1.5: a DSA key whose parameters are those of the CA above, at level 0."""
    names = (
        "ValidDSAParameterInheritanceTest5EE",
        "DSAParametersInheritedCACert",
        "DSACACert",
        "TrustAnchorRootCertificate",
    )
    *peer, root = ((PKITS / "certs" / f"{name}.crt").read_bytes() for name in names)
    return read(Case(tuple(peer), (TrustedItem(root),), security_level=0))


def shown(facts: Facts, release: Release) -> int:
    """The code the release shows; 0 where it accepts."""
    answer = Judge(facts, NOW, release).predict(DEFAULT)
    assert isinstance(answer, WillAccept | WillReject)
    return answer.shown.code if isinstance(answer, WillReject) else 0


def test_parameters_come_from_the_first_complete_key() -> None:
    """1.1.1 verifies with them; 3.0 finds no key to build a path with."""
    facts = inherited()
    end, middle, _ = facts.peer
    assert facts.verifies(end, middle) is Signature.GOOD
    assert shown(facts, OLD) == 0
    assert shown(facts, RELEASE) == 20
    assert shown(replace(facts, security_level=1), OLD) == 66


def test_a_complete_end_entity_ends_the_search_for_parameters() -> None:
    """Nothing is below it to be given any, so the CA above stays without (7)."""
    facts = inherited()
    end, *above = facts.peer
    complete = replace(end, key=above[-1].key)
    assert shown(replace(facts, peer=(complete, *above)), OLD) == 7


def test_an_undecodable_key_ends_the_search_for_parameters() -> None:
    """``X509_get_pubkey_parameters`` gives up where a certificate has no key."""
    facts = inherited()
    end, *above = facts.peer
    broken = replace(end, key=None)
    assert shown(replace(facts, peer=(broken, *above)), OLD) == 7


def test_objections_keep_their_rule_under_the_old_numbers() -> None:
    """The number alone is another: INVALID_CA is 24 in 1.1.1."""
    (probe,) = [item for item in PROBES if item.behaviour == "old-code-numbers"]
    old, new = (
        told(Row("", "", probe.scenario, probe.flags[0]), release)
        for release in (OLD.turned("old-code-numbers"), RELEASE)
    )
    assert old == new
