"""Rows of what OpenSSL 4.0.3 was measured to do where it differs from 3.6, and one of
4.0.2 (through pyOpenSSL)."""

from dataclasses import replace

import pytest

from harness.case import Source
from harness.flags import CRL_CHECK_LEAF, Flags
from harness.oracle.releases.behaviours import release_of
from harness.oracle.releases.judge import Judge
from harness.oracle.releases.release import version
from harness.outcome import Where
from harness.pki.issue import issue
from harness.pki.read import read
from harness.pki.spec import (
    AuthorityKeyIdSpec,
    CrlSpec,
    Entity,
    IssuingPointSpec,
    KeyId,
    RawExtension,
    Reason,
    RevokedSpec,
    Scenario,
    ca,
)
from harness.probes.paths import PROBES
from harness.verdict import WillAccept, WillNotDecode, WillReject
from tests.oracle.releases.rows import (
    INT,
    NO_AKI,
    NOW,
    OTHER,
    PLAIN,
    ROOT,
    STRICT,
    Row,
    chain,
    leaf,
    middle,
    told,
    top,
)

IN_4_0_3 = release_of(version("4.0.3"))
IN_3_6_5 = release_of(version("3.6.5"))

EMPTY = AuthorityKeyIdSpec(KeyId.ABSENT)
BY_NAME = AuthorityKeyIdSpec(KeyId.OWN, issuer=ROOT.name)
BY_SERIAL = AuthorityKeyIdSpec(KeyId.OWN, serial=7)
BY_BOTH = AuthorityKeyIdSpec(KeyId.ABSENT, issuer=ROOT.name, serial=7)
BARE = RawExtension("2.5.29.35", b"\x30\x00")

WRONG_ROOT = ca(
    "root", Entity(ROOT.name, OTHER.key), Entity(ROOT.name, OTHER.key), serial=7
)

ROWS = [
    (Row("no AKI", "85@0", chain(leaf(authority_key_id=NO_AKI)), STRICT), "85@0"),
    (
        Row("AKI by name and serial", "ok", chain(middle(serial=7), leaf()), STRICT),
        "ok",
    ),
    (
        Row(
            "AKI by name and serial alone",
            "ok",
            chain(middle(serial=7), leaf(authority_key_id=BY_BOTH)),
            STRICT,
        ),
        "85@0",
    ),
    (
        Row(
            "empty AKI",
            "102@0",
            chain(leaf(authority_key_id=NO_AKI, extra=(BARE,))),
            STRICT,
        ),
        "85@0",
    ),
    (
        Row("AKI by name", "103@0", chain(leaf(authority_key_id=BY_NAME)), STRICT),
        "ok",
    ),
    (
        Row(
            "AKI by serial",
            "103@0",
            chain(middle(serial=7), leaf(authority_key_id=BY_SERIAL)),
            STRICT,
        ),
        "ok",
    ),
    (
        Row(
            "the anchor's AKI by serial",
            "103@2",
            chain(top(serial=7, authority_key_id=BY_SERIAL)),
            STRICT,
        ),
        "ok",
    ),
    (
        Row("wrong root, its serial", "7@1", chain(WRONG_ROOT, middle(serial=7))),
        "20@1",
    ),
    (Row("wrong root", "20@1", chain(WRONG_ROOT, middle(serial=8))), "20@1"),
    (Row("both time bits", "ok", chain(), Flags(0x200002)), "9@2"),
    (Row("1970", "9@2", chain(), Flags(0x2)), "9@2"),
]
"""Each row of 4.0.3, and what is said of it in 3.6.5."""


@pytest.mark.parametrize(
    ("row", "before"), ROWS, ids=lambda item: getattr(item, "name", "")
)
def test_measured_rows(row: Row, before: str) -> None:
    """The book says what 4.0.3 did, and of 3.6.5 what that did."""
    assert told(row, IN_4_0_3)[0] == row.said
    assert told(row, IN_3_6_5)[0] == before


def test_a_negative_number_spoils_a_key() -> None:
    """A key with a negative number is no key since 4.0; its holder issues nothing."""
    scenario = next(
        item.scenario
        for item in PROBES
        if item.behaviour == "rsa-number-may-be-negative"
    )
    row = Row("negative", "20@0", scenario)
    assert told(row, IN_4_0_3)[0] == "20@0"
    assert told(row, IN_3_6_5)[0] == "ok"


def test_a_rollover_certificate_is_self_signed_up_to_4_0_2() -> None:
    """Up to 4.0.2 a self-issued intermediate ends the path as if self-signed."""
    scenario = next(
        item.scenario
        for item in PROBES
        if item.behaviour == "self-signed-by-any-key-id"
    )
    row = Row("self-issued", "19@1", scenario)
    assert told(row, release_of(version("4.0.2")))[0] == "19@1"
    assert told(row, IN_4_0_3)[0] == "ok"


def listing(*extra: RawExtension, **changes: object) -> CrlSpec:
    """A CRL of the intermediate with one entry, which has these extensions."""
    entry = RevokedSpec(1, extra=extra)
    return CrlSpec("crl", INT, revoked=(replace(entry, **changes),))  # type: ignore[arg-type]


def crl(*extra: RawExtension) -> CrlSpec:
    """A CRL of the intermediate with these extensions."""
    return CrlSpec("crl", INT, extra=extra)


NO_REASON = RawExtension("2.5.29.21", b"\x05\x00")
NO_ISSUER = RawExtension("2.5.29.29", b"\x05\x00")
NO_DATE = RawExtension("2.5.29.24", b"\x18\x0d200101000000Z")
DATE = RawExtension("2.5.29.24", b"\x18\x0fYYYYMMDDhhmmssZ")

REFUSED = {
    "distribution point": crl(RawExtension("2.5.29.28", b"\x05\x00")),
    "two numbers": crl(RawExtension("2.5.29.20", b"\x02\x01\x01", duplicate=True)),
    "delta indicator": crl(RawExtension("2.5.29.27", b"\x05\x00")),
    "entry's issuer": listing(certificate_issuer=ROOT.name),
    "entry's date": listing(NO_DATE),
    "the second of two dates": listing(DATE, replace(NO_DATE, duplicate=True)),
}
TAKEN = {
    "key identifier": crl(RawExtension("2.5.29.35", b"\x05\x00")),
    "entry's reason": listing(NO_REASON),
    "entry's date, after its reason": listing(NO_REASON, NO_DATE),
    "entry's date, after its issuer": listing(NO_ISSUER, NO_DATE),
    "date of no digits": listing(DATE),
}


def loading(item: CrlSpec, source: Source = Source.CAFILE) -> Scenario:
    """The plain chain with that CRL loaded."""
    return replace(chain(crls=(item,)), source=source)


@pytest.mark.parametrize("item", REFUSED.values(), ids=REFUSED)
def test_what_is_no_crl_is_not_loaded(item: CrlSpec) -> None:
    """A file with such a CRL is refused; in a folder only the CRL is passed over."""
    facts = read(issue(loading(item), seed=1, now=NOW))
    assert Judge(facts, NOW, IN_4_0_3).predict(PLAIN) == WillNotDecode(Where.CRL)
    assert isinstance(Judge(facts, NOW, IN_3_6_5).predict(CRL_CHECK_LEAF), WillAccept)
    hashed = Judge(replace(facts, source=Source.CAPATH), NOW, IN_4_0_3)
    assert isinstance(hashed.predict(PLAIN), WillAccept)
    said = hashed.predict(CRL_CHECK_LEAF)
    assert isinstance(said, WillReject)
    assert said.shown.code == 3


@pytest.mark.parametrize("item", TAKEN.values(), ids=TAKEN)
def test_what_is_a_crl_all_the_same(item: CrlSpec) -> None:
    """Other things that do not decode do not keep a CRL from being loaded."""
    facts = read(issue(loading(item), seed=1, now=NOW))
    assert isinstance(Judge(facts, NOW, IN_4_0_3).predict(PLAIN), WillAccept)


def test_an_indirect_crl_may_name_issuers() -> None:
    """An entry may have a certificateIssuer in an indirect CRL."""
    item = replace(
        listing(certificate_issuer=ROOT.name, reason=Reason.HOLD),
        issuing_point=IssuingPointSpec(indirect=True),
    )
    facts = read(issue(loading(item), seed=1, now=NOW))
    assert isinstance(Judge(facts, NOW, IN_4_0_3).predict(PLAIN), WillAccept)
