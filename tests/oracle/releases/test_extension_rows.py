"""Extension checks that are always on, row by row (``check_extensions``)."""

from dataclasses import replace
from typing import Final

import pytest

from harness.case import Role
from harness.facts import Facts
from harness.flags import Flags
from harness.oracle.releases.judge import Judge
from harness.pki.issue import issue
from harness.pki.read import read
from harness.pki.spec import (
    AuthorityKeyIdSpec,
    BasicConstraintsSpec,
    Entity,
    ExtendedKeyUsageSpec,
    KeyUsageSpec,
    NameSpec,
    RawExtension,
    SubjectKeyIdSpec,
    TrustSpec,
    ca,
)
from harness.verdict import WillAccept, WillReject
from tests.oracle.releases.rows import (
    INT,
    NOW,
    PARTIAL,
    PLAIN,
    RELEASE,
    Row,
    chain,
    leaf,
    middle,
    told,
    top,
)

UNKNOWN: Final = (RawExtension("1.3.6.1.4.1.55555.1", b"\x05\x00", critical=True),)
IGNORE_CRITICAL: Final = Flags.of("IGNORE_CRITICAL")
NETSCAPE_TYPE: Final = "2.16.840.1.113730.1.1"
SAN: Final = "2.5.29.17"
NO_CA: Final = BasicConstraintsSpec(ca=False)
SUB: Final = Entity(NameSpec.cn("Sub"), "p256-8")
SAME_NAME: Final = Entity(INT.name, "p256-9")


def usage(*bits: str) -> KeyUsageSpec:
    """KeyUsage of these bits."""
    return KeyUsageSpec(frozenset(bits))


def purposes(*names: str) -> ExtendedKeyUsageSpec:
    """ExtKeyUsage of these purposes."""
    return ExtendedKeyUsageSpec(names)


def raw(oid: str, value: bytes) -> tuple[RawExtension, ...]:
    """One extension by its bytes."""
    return (RawExtension(oid, value),)


def deeper(length: int | None, *, self_issued: bool = False) -> Row:
    """Two intermediates, the upper one with a path length."""
    below = SAME_NAME if self_issued else SUB
    name = "accept" if length is None or length > 0 or self_issued else "reject"
    said = "ok" if name == "accept" else "25@2"
    issued = "self-issued" if self_issued else "ordinary"
    scenario = chain(
        leaf(below),
        ca("sub", below, INT),
        middle(basic_constraints=BasicConstraintsSpec(ca=True, path_length=length)),
        peer="leaf sub int",
    )
    return Row(f"{name} {issued} below path length {length}", said, scenario)


CRITICAL_ROWS: Final = (
    Row("reject unknown critical leaf", "34@0", chain(leaf(extra=UNKNOWN))),
    Row("reject unknown critical intermediate", "34@1", chain(middle(extra=UNKNOWN))),
    Row("reject unknown critical root", "34@2", chain(top(extra=UNKNOWN))),
    Row(
        "accept unknown critical ignored",
        "ok",
        chain(leaf(extra=UNKNOWN), middle(extra=UNKNOWN), top(extra=UNKNOWN)),
        IGNORE_CRITICAL,
    ),
    Row(
        "reject critical authority key identifier",
        "34@0",
        chain(leaf(authority_key_id=AuthorityKeyIdSpec(critical=True))),
    ),
    Row(
        "reject critical subject key identifier root",
        "34@2",
        chain(top(subject_key_id=SubjectKeyIdSpec(critical=True))),
    ),
    Row("accept critical alternative name", "ok", chain(leaf(san_critical=True))),
)

CA_ROWS: Final = (
    Row(
        "reject intermediate without basic constraints",
        "79@1",
        chain(middle(basic_constraints=None)),
    ),
    Row(
        "reject intermediate version 1",
        "79@1",
        chain(middle(version=1, basic_constraints=None, key_usage=None)),
    ),
    Row(
        "reject intermediate not CA",
        "79@1",
        chain(middle(basic_constraints=NO_CA)),
    ),
    Row(
        "reject intermediate without certSign",
        "79@1",
        chain(middle(key_usage=usage("cRLSign"))),
    ),
    Row(
        "accept intermediate without key usage",
        "ok",
        chain(middle(key_usage=None)),
    ),
    Row(
        "accept root version 1",
        "ok",
        chain(top(version=1, basic_constraints=None, key_usage=None)),
    ),
    Row(
        "accept root without basic constraints",
        "ok",
        chain(top(basic_constraints=None)),
    ),
    Row(
        "accept root of Netscape type",
        "ok",
        chain(
            top(
                basic_constraints=None,
                key_usage=None,
                extra=raw(NETSCAPE_TYPE, b"\x03\x02\x00\x07"),
            )
        ),
    ),
    Row(
        "reject root of Netscape object signing type",
        "26@2",
        chain(
            top(
                basic_constraints=None,
                key_usage=None,
                extra=raw(NETSCAPE_TYPE, b"\x03\x02\x00\x01"),
            )
        ),
    ),
    Row(
        "reject root without any CA mark",
        "79@2",
        chain(top(basic_constraints=None, key_usage=None)),
    ),
    Row("reject root not CA", "79@2", chain(top(basic_constraints=NO_CA))),
    Row(
        "reject root without certSign",
        "79@2",
        chain(top(key_usage=usage("cRLSign"))),
    ),
    Row(
        "reject partial anchor not CA",
        "79@1",
        chain(middle(basic_constraints=NO_CA), trusted="int"),
        PARTIAL,
    ),
    Row(
        "accept leaf CA",
        "ok",
        chain(
            leaf(
                basic_constraints=BasicConstraintsSpec(ca=True),
                key_usage=usage("digitalSignature", "keyCertSign"),
            )
        ),
    ),
)

PURPOSE_ROWS: Final = (
    Row(
        "reject leaf for other purpose",
        "26@0",
        chain(leaf(extended_key_usage=purposes("clientAuth"))),
    ),
    Row(
        "reject leaf for any purpose",
        "26@0",
        chain(leaf(extended_key_usage=purposes("anyExtendedKeyUsage"))),
    ),
    Row(
        "reject intermediate for other purpose",
        "26@1",
        chain(middle(extended_key_usage=purposes("clientAuth"))),
    ),
    Row(
        "reject intermediate for any purpose",
        "26@1",
        chain(middle(extended_key_usage=purposes("anyExtendedKeyUsage"))),
    ),
    Row(
        "reject root for other purpose",
        "26@2",
        chain(top(extended_key_usage=purposes("emailProtection"))),
    ),
    Row(
        "accept root for other purpose with trust settings",
        "ok",
        chain(
            top(extended_key_usage=purposes("emailProtection")),
            trusted=[TrustSpec("root", trust=("serverAuth",))],
        ),
    ),
    Row("accept leaf for no purpose", "ok", chain(leaf(extended_key_usage=None))),
    Row(
        "accept leaf for server gated crypto",
        "ok",
        chain(leaf(extended_key_usage=purposes("1.3.6.1.4.1.311.10.3.3"))),
    ),
    Row("accept client", "ok", chain(role=Role.SERVER)),
    Row(
        "reject client for other purpose",
        "26@0",
        chain(leaf(extended_key_usage=purposes("serverAuth")), role=Role.SERVER),
    ),
    Row(
        "reject leaf usage certSign",
        "26@0",
        chain(leaf(key_usage=usage("keyCertSign"))),
    ),
    Row("accept leaf no usage", "ok", chain(leaf(key_usage=None))),
    Row(
        "accept leaf usage keyEncipherment",
        "ok",
        chain(leaf(key_usage=usage("keyEncipherment"))),
    ),
    Row(
        "reject client usage keyEncipherment",
        "26@0",
        chain(leaf(key_usage=usage("keyEncipherment")), role=Role.SERVER),
    ),
    Row(
        "accept client usage keyAgreement",
        "ok",
        chain(leaf(key_usage=usage("keyAgreement")), role=Role.SERVER),
    ),
    Row(
        "reject leaf of Netscape client type",
        "26@0",
        chain(leaf(extra=raw(NETSCAPE_TYPE, b"\x03\x02\x07\x80"))),
    ),
)

LENGTH_ROWS: Final = (
    deeper(None),
    deeper(0),
    deeper(1),
    deeper(0, self_issued=True),
    Row(
        "accept leaf below path length 0",
        "ok",
        chain(middle(basic_constraints=BasicConstraintsSpec(ca=True, path_length=0))),
    ),
    Row(
        "reject intermediate below root of path length 0",
        "25@2",
        chain(top(basic_constraints=BasicConstraintsSpec(ca=True, path_length=0))),
    ),
    Row(
        "accept path length of no CA",
        "ok",
        chain(leaf(basic_constraints=BasicConstraintsSpec(ca=False, path_length=1))),
    ),
)

MALFORMED: Final = {
    "alternative name": raw(SAN, b"\x04\x00"),
    "distribution points": raw("2.5.29.31", b"\x04\x00"),
    "distribution point without a name": raw("2.5.29.31", b"\x30\x02\x30\x00"),
    "basic constraints": raw("2.5.29.19", b"\x04\x00"),
    "key usage": raw("2.5.29.15", b"\x04\x00"),
    "empty key usage": raw("2.5.29.15", b"\x03\x01\x00"),
    "proxy information": raw("1.3.6.1.5.5.7.1.14", b"\x04\x00"),
    "twice the alternative name": (
        RawExtension(SAN, b"\x30\x03\x82\x01a"),
        RawExtension(SAN, b"\x30\x03\x82\x01b", duplicate=True),
    ),
}

INVALID_ROWS: Final = (
    *(
        Row(f"reject malformed {what}", "20@0", chain(leaf(extra=extra)), PLAIN, "leaf")
        for what, extra in MALFORMED.items()
    ),
    *(
        Row(f"reject malformed {what} of intermediate", "20@0", chain(middle(extra=e)))
        for what, e in MALFORMED.items()
    ),
    Row(
        "reject negative path length",
        "20@0",
        chain(middle(basic_constraints=BasicConstraintsSpec(ca=True, path_length=-1))),
    ),
    Row(
        "accept malformed policies",
        "ok",
        chain(leaf(extra=raw("2.5.29.32", b"\x04\x00"))),
    ),
    Row(
        "accept malformed trusted leaf partial chain",
        "ok",
        chain(leaf(extra=raw("2.5.29.31", b"\x04\x00")), peer="leaf", trusted="leaf"),
        PARTIAL,
    ),
)

ROWS: Final = (
    *CRITICAL_ROWS,
    *CA_ROWS,
    *PURPOSE_ROWS,
    *LENGTH_ROWS,
    *INVALID_ROWS,
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_extension_row(row: Row) -> None:
    """What OpenSSL makes of a certificate's extensions is foretold."""
    assert told(row) == (row.said, row.path)


def explicit(facts: Facts, *, at: int) -> Facts:
    """The facts with the curve of the peer's key at that place written out."""
    peer = list(facts.peer)
    key = peer[at].key
    assert key is not None
    peer[at] = replace(peer[at], key=replace(key, explicit_parameters=True))
    return replace(facts, peer=tuple(peer))


@pytest.mark.parametrize("at", [0, 1])
def test_explicit_curve_is_refused(at: int) -> None:
    """A curve written out is 94 at its depth (``check_curve``); the pool has no such
    key, so the facts are edited."""
    facts = explicit(read(issue(chain(), seed=1, now=NOW)), at=at)
    answer = Judge(facts, NOW, RELEASE).predict(PLAIN)
    assert isinstance(answer, WillReject)
    assert (answer.shown.code, answer.shown.depth) == (94, at)


def test_explicit_curve_alone_passes() -> None:
    """A path of one certificate is not asked about its curve."""
    alone = explicit(
        read(issue(chain(peer="leaf", trusted="leaf"), seed=1, now=NOW)), at=0
    )
    trusted = replace(alone.trusted[0], certificate=alone.peer[0])
    alone = replace(alone, trusted=(trusted,))
    assert isinstance(Judge(alone, NOW, RELEASE).predict(PARTIAL), WillAccept)
