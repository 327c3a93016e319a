"""Rows that replaying random cases on libcrypto taught the book."""

from dataclasses import replace
from typing import Final

import pytest

from harness.facts import Facts
from harness.flags import CRL_CHECK_CHAIN, CRL_CHECK_LEAF, Flags
from harness.oracle.releases.judge import Judge
from harness.pki.issue import issue
from harness.pki.read import read
from harness.pki.spec import (
    CertificateSpec,
    CrlSpec,
    Entity,
    GeneralNameSpec,
    KeyUsageSpec,
    PointSpec,
    RawExtension,
    ca,
    end_entity,
)
from harness.verdict import Unmodelled, WillReject
from tests.oracle.releases.rows import (
    INT,
    LEAF,
    NOW,
    OTHER,
    PARTIAL,
    RELEASE,
    ROOT,
    Row,
    chain,
    leaf,
    told,
)

EXTENDED: Final = Flags.of("EXTENDED_CRL_SUPPORT")
POLICY: Final = Flags.of("EXPLICIT_POLICY", "POLICY_CHECK")
RESOURCES: Final = (RawExtension("1.3.6.1.5.5.7.1.7", b"\x30\x00"),)
URI: Final = GeneralNameSpec.uri("http://crl.example/1")

TWIN: Final = Entity(ROOT.name, "p256-9")
TWIN_CERT: Final = ca("twin", TWIN, TWIN)
BARRED: Final = Entity(INT.name, "p256-9")
BARRED_CERT: Final = ca(
    "twin", BARRED, ROOT, key_usage=KeyUsageSpec(frozenset({"keyCertSign"}))
)
BOTH: Final = KeyUsageSpec(frozenset({"digitalSignature", "cRLSign"}))
SELF_CRL: Final = CrlSpec("self-crl", LEAF)


def pointed(*points: PointSpec) -> CertificateSpec:
    """A self-signed leaf that may sign CRLs, with these distribution points."""
    return end_entity("self", LEAF, LEAF, key_usage=BOTH, distribution_points=points)


def anchored(name: str, said: str, *points: PointSpec) -> Row:
    """That leaf as its own anchor, and its CRL."""
    scenario = chain(pointed(*points), peer="self", trusted="self", crls=(SELF_CRL,))
    return Row(name, said, scenario, CRL_CHECK_LEAF | PARTIAL)


def strange(issuer: Entity) -> CrlSpec:
    """A CRL of the root's name by another key."""
    return CrlSpec("strange", issuer)


ROWS: Final = (
    Row(
        "reject CRL issuer never compared",
        "54@0",
        chain(
            leaf(ROOT),
            TWIN_CERT,
            peer="leaf twin",
            crls=(strange(Entity(ROOT.name, "p256-8")),),
        ),
        CRL_CHECK_LEAF | EXTENDED,
    ),
    Row(
        "reject CRL issuer never compared nor allowed",
        "54@0",
        chain(
            leaf(ROOT),
            replace(TWIN_CERT, key_usage=KeyUsageSpec(frozenset({"keyCertSign"}))),
            peer="leaf twin",
            crls=(strange(TWIN),),
        ),
        CRL_CHECK_LEAF | EXTENDED,
    ),
    Row(
        "reject CRL issuer compared not allowed",
        "35@0",
        chain(BARRED_CERT, peer="leaf twin int", crls=(CrlSpec("strange", BARRED),)),
        CRL_CHECK_LEAF | EXTENDED,
    ),
    Row(
        "reject CRL issuer behind the one taken not allowed",
        "54@0",
        chain(BARRED_CERT, peer="leaf int twin", crls=(CrlSpec("strange", BARRED),)),
        CRL_CHECK_LEAF | EXTENDED,
    ),
    Row(
        "reject CRL issuer vouched for by itself",
        "54@0",
        chain(
            ca("twin", Entity(INT.name, "p256-9"), INT),
            peer="leaf int twin",
            crls=(CrlSpec("strange", Entity(INT.name, "p256-9")),),
        ),
        CRL_CHECK_CHAIN | EXTENDED,
    ),
    Row(
        "reject CRL issuer under another anchor",
        "54@0",
        chain(
            ca("twin", BARRED, OTHER),
            peer="leaf twin int",
            trusted="root other",
            crls=(CrlSpec("strange", BARRED),),
        ),
        CRL_CHECK_LEAF | EXTENDED,
    ),
    Row(
        "accept CRL issuer under the same anchor",
        "ok",
        chain(
            ca("twin", BARRED, ROOT),
            peer="leaf int twin",
            trusted="root other",
            crls=(CrlSpec("strange", BARRED),),
        ),
        CRL_CHECK_LEAF | EXTENDED,
    ),
    anchored("accept anchor with a point", "ok", PointSpec((URI,))),
    anchored("reject anchor whose point says nothing", "3@0", PointSpec()),
    anchored(
        "accept anchor whose second point says nothing",
        "ok",
        PointSpec((URI,)),
        PointSpec(),
    ),
    anchored(
        "reject anchor whose first point says nothing",
        "3@0",
        PointSpec(),
        PointSpec((URI,)),
    ),
    Row(
        "reject resources without issuer",
        "20@0",
        chain(leaf(extra=RESOURCES), peer="leaf", trusted="other"),
    ),
    Row("reject policies without issuer", "20@0", chain(peer="leaf"), POLICY),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_replayed_row(row: Row) -> None:
    """What replaying once showed otherwise is foretold now."""
    assert told(row) == (row.said, row.path)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (Row("nobody", "", chain(peer="")), "no certificate presented"),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_unmodelled_is_said(row: Row, why: str) -> None:
    """Where the book makes no statement, it says why."""
    facts = read(issue(row.scenario, seed=1, now=NOW))
    assert Judge(facts, NOW, RELEASE).predict(row.flags) == Unmodelled(why)


def keyless(facts: Facts) -> Facts:
    """The facts with an end entity's key that OpenSSL cannot decode, at level 0."""
    return replace(
        facts,
        peer=(replace(facts.peer[0], key=None), *facts.peer[1:]),
        security_level=0,
    )


@pytest.mark.parametrize(
    ("trusted", "said", "length"),
    [("int", (1, 0), 1), ("root", (1, 0), 3), ("other", (20, 1), 2)],
)
def test_undecodable_key(trusted: str, said: tuple[int, int], length: int) -> None:
    """An end entity without a usable key is an internal error as soon as the store
    has an issuer of it, else it is refused by its extensions or for want of one."""
    case = issue(chain(trusted=trusted), seed=1, now=NOW)
    answer = Judge(keyless(read(case)), NOW, RELEASE).predict(Flags(0))
    assert isinstance(answer, WillReject)
    assert (answer.shown.code, answer.shown.depth) == said
    assert len(answer.path) == length
