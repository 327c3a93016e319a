"""Verification times: the very second of a boundary, and the flags that set the clock.

Source: ``ossl_x509_check_cert_time``, ``check_crl_time`` (x509_vfy.c).
"""

from dataclasses import replace
from typing import Final

import pytest

from harness.flags import CRL_CHECK_LEAF, Flags
from harness.oracle.releases.clock import Clock
from harness.oracle.releases.judge import boundaries
from harness.pki.issue import issue
from harness.pki.read import read
from harness.pki.spec import DAY, HOUR, YEAR, CrlSpec, Scenario
from tests.oracle.releases.rows import (
    INT,
    NOW,
    RELEASE,
    Row,
    chain,
    leaf,
    middle,
    told,
    top,
)

NO_CHECK_TIME: Final = Flags.of("NO_CHECK_TIME")
USE_CHECK_TIME: Final = Flags.of("USE_CHECK_TIME")

BRIEF: Final = chain(leaf(not_before=-HOUR, not_after=HOUR))
BRIEF_INT: Final = chain(middle(not_before=-HOUR, not_after=HOUR))
BRIEF_ROOT: Final = chain(top(not_before=-HOUR, not_after=HOUR))


def listed(**changes: object) -> Scenario:
    """The plain chain with the intermediate's CRL, changed."""
    return chain(crls=(replace(CrlSpec("int-crl", INT), **changes),))  # type: ignore[arg-type]


BRIEF_CRL: Final = listed(this_update=-HOUR, next_update=HOUR)

ROWS: Final = (
    Row("accept second before notAfter", "ok", BRIEF, at=HOUR - 1),
    Row("reject very second of notAfter", "10@0", BRIEF, at=HOUR),
    Row("reject second after notAfter", "10@0", BRIEF, at=HOUR + 1),
    Row("reject second before notBefore", "9@0", BRIEF, at=-HOUR - 1),
    Row("accept very second of notBefore", "ok", BRIEF, at=-HOUR),
    Row("reject very second of notAfter intermediate", "10@1", BRIEF_INT, at=HOUR),
    Row("reject very second of notAfter root", "10@2", BRIEF_ROOT, at=HOUR),
    Row(
        "accept second before nextUpdate", "ok", BRIEF_CRL, CRL_CHECK_LEAF, at=HOUR - 1
    ),
    Row("reject very second of nextUpdate", "12@0", BRIEF_CRL, CRL_CHECK_LEAF, at=HOUR),
    Row("accept very second of thisUpdate", "ok", BRIEF_CRL, CRL_CHECK_LEAF, at=-HOUR),
    Row(
        "reject second before thisUpdate",
        "11@0",
        BRIEF_CRL,
        CRL_CHECK_LEAF,
        at=-HOUR - 1,
    ),
    Row(
        "accept CRL without nextUpdate",
        "ok",
        listed(this_update=-1000 * DAY, next_update=None),
        CRL_CHECK_LEAF,
    ),
    Row(
        "accept expired leaf time unchecked",
        "ok",
        chain(leaf(not_after=-DAY)),
        NO_CHECK_TIME,
    ),
    Row(
        "accept expired CRL time unchecked",
        "ok",
        listed(next_update=-HOUR),
        NO_CHECK_TIME | CRL_CHECK_LEAF,
    ),
    Row("reject check time of 1970", "9@2", chain(), USE_CHECK_TIME),
    Row("reject check time beats unchecked", "9@2", chain(), Flags(0x200002)),
    Row("reject not yet valid root", "9@2", chain(top(not_before=YEAR))),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_time_row(row: Row) -> None:
    """What OpenSSL makes of a date is foretold."""
    assert told(row) == (row.said, row.path)


@pytest.mark.parametrize("row", ROWS[1:2] + ROWS[8:9], ids=lambda row: row.name)
def test_instant_turns_with_its_behaviour(row: Row) -> None:
    """Without *expires-at-the-instant* the last second itself is valid."""
    turned = RELEASE.turned("expires-at-the-instant")
    assert told(row, turned) == ("ok", None)
    later = replace(row, at=row.at + 1)
    assert told(later, turned) == (row.said, None)


def test_boundaries_are_all_instants_of_a_case() -> None:
    """Every begin and end of certificates and CRLs of a case is among them."""
    facts = read(issue(BRIEF_CRL, seed=1, now=NOW))
    assert boundaries(facts) == {
        NOW - YEAR,
        NOW + 10 * YEAR,
        NOW - HOUR,
        NOW + HOUR,
    }


@pytest.mark.parametrize(
    ("bits", "now"),
    [(0, NOW), (0x2, 0), (0x200000, None), (0x200002, 0), (0x88020, NOW)],
)
def test_clock_of_flags(bits: int, now: int | None) -> None:
    """USE_CHECK_TIME means 1970, and beats NO_CHECK_TIME."""
    assert Clock.under(Flags(bits), NOW, RELEASE).now == now


def test_clock_compares() -> None:
    """A start equal to now has begun; an end equal to now is over, or not."""
    clock, lenient = Clock(NOW), Clock(NOW, inclusive=True)
    assert not clock.not_begun(NOW)
    assert clock.not_begun(NOW + 1)
    assert clock.over(NOW)
    assert not clock.over(NOW + 1)
    assert not lenient.over(NOW)
    assert lenient.over(NOW - 1)
    assert not clock.over(None)
    assert not Clock(None).over(0)
    assert not Clock(None).not_begun(2 * NOW)
