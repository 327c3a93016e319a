"""Scenarios in words: the path, the departures, the CRLs, and no more."""

from dataclasses import replace

from harness.case import Role
from harness.pki.spec import (
    HOUR,
    BasicConstraintsSpec,
    CrlSpec,
    Entity,
    NameSpec,
    Reason,
    RevokedSpec,
    Scenario,
    TrustSpec,
    ca,
    end_entity,
)
from reports.scenarios import tell

ROOT = Entity(NameSpec.cn("Root"), "p256-0")
INT = Entity(NameSpec.cn("Int"), "p256-1")
LEAF = Entity(NameSpec.cn("leaf.example"), "p256-2")

PLAIN = Scenario(
    certificates=(
        ca("root", ROOT, ROOT),
        ca("int", INT, ROOT),
        end_entity("leaf", LEAF, INT),
    ),
    peer=("leaf", "int"),
    trusted=(TrustSpec("root"),),
)


def test_a_plain_chain_is_its_path() -> None:
    """What is plain is not said."""
    assert tell(PLAIN) == "[root] -> int -> leaf"


def test_crls_say_whom_they_revoke() -> None:
    """A CRL's issuer, state and entries are said."""
    crls = (
        CrlSpec("one", INT, revoked=(RevokedSpec("leaf", Reason.KEY_COMPROMISE),)),
        CrlSpec("two", ROOT, next_update=-HOUR),
        CrlSpec("unused", ROOT),
    )
    scenario = replace(PLAIN, crls=crls, loaded=("one", "two"))
    assert tell(scenario) == (
        "[root] -> int -> leaf; CRL of Int (fresh) revokes leaf (reason keyCompromise);"
        " CRL of Root (expired)"
    )


def test_departures_are_said() -> None:
    """Fields that differ from a plain certificate are named with their values."""
    int_ = ca(
        "int",
        INT,
        ROOT,
        basic_constraints=BasicConstraintsSpec(ca=False, path_length=0),
    )
    certificates = (PLAIN.certificates[0], int_, PLAIN.certificates[2])
    scenario = replace(PLAIN, certificates=certificates, role=Role.SERVER)
    told = tell(scenario)
    assert "int: basic_constraints (no CA, path_length 0, critical)" in told
    assert told.endswith("a server verifies")
    assert "leaf:" not in told


def test_empty_names_and_other_keys_are_said() -> None:
    """A certificate without a name, and one of an unusual key, are not plain."""
    nameless = Entity(NameSpec(), "rsa1024-0")
    certificates = (
        PLAIN.certificates[0],
        ca("int", nameless, ROOT),
        end_entity("leaf", LEAF, nameless),
    )
    told = tell(replace(PLAIN, certificates=certificates))
    assert "int: subject empty, key rsa1024-0" in told
    assert "leaf: issuer empty" in told


def test_what_is_missing_or_extra_is_said() -> None:
    """An intermediate that is not sent, and an anchor off the path, are seen."""
    other = ca("other", Entity(NameSpec.cn("Other"), "p256-3"), ROOT)
    scenario = replace(
        PLAIN,
        certificates=(*PLAIN.certificates, other),
        peer=("leaf",),
        trusted=(TrustSpec("other"),),
    )
    assert tell(scenario) == "root -> int -> leaf; sent leaf; also trusted other"


def test_a_loop_of_issuers_ends() -> None:
    """Two certificates that issue each other make a finite text."""
    loop = (ca("a", ROOT, INT), ca("b", INT, ROOT))
    scenario = Scenario(certificates=loop, peer=("a",))
    assert tell(scenario).startswith("b -> a")


def test_hostile_names_cannot_leave_their_line() -> None:
    """Control characters of a name are escaped."""
    scenario = replace(PLAIN, name="x\n\x1b[2J\u202ey")
    told = tell(scenario)
    assert told.isprintable()
    assert "\\n\\x1b[2J\\u202ey" in told
