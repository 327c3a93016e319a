"""A small suite of plain cases, each with one departure, for the tests of ``check``."""

import json
import time
from pathlib import Path

from harness.case import Case, Role
from harness.corpus.limbo import dump_suite
from harness.corpus.suite import Expected, SuiteCase, default_flag_sets
from harness.ledger.plain import INT, LEAF, OVER, ROOT_CRL, chain, leaf, revoking
from harness.ledger.showing import SHOWING
from harness.pki.issue import issue
from harness.pki.spec import DAY, Scenario, end_entity

SINGLE = next(
    item for item in SHOWING if item.entry == "strict-skips-single-certificate"
)
REVOKED = chain(crls=(ROOT_CRL, revoking("leaf")))
PAST = 10 * DAY
"""How long ago the case that cannot be asked is to be verified."""

CASES: dict[str, tuple[Scenario, Expected]] = {
    "plain": (chain(crls=()), Expected.SUCCESS),
    "plain-server": (chain(crls=(), role=Role.SERVER), Expected.SUCCESS),
    "revoked": (REVOKED, Expected.FAILURE),
    "expired": (chain(leaf(**OVER), crls=()), Expected.FAILURE),
    "other-host": (chain(crls=(), name="other.example"), Expected.FAILURE),
    "mistaken": (
        chain(end_entity("leaf", LEAF, INT, subject_alt_name=None), crls=()),
        Expected.FAILURE,
    ),
    "single": (SINGLE.scenario, Expected.SUCCESS),
    "past": (chain(leaf(**OVER), crls=()), Expected.SUCCESS),
}


def case_of(name: str, now: int) -> Case:
    """The bytes of one of ``CASES``."""
    return issue(CASES[name][0], seed=1, now=now)


def suite_of(path: Path, *names: str, now: int) -> Path:
    """A suite of these cases; the author of ``past`` asks for another time."""
    dump_suite(
        path,
        [
            SuiteCase(
                name,
                case := case_of(name, now),
                default_flag_sets(with_crls=bool(case.crls)),
                CASES[name][1],
            )
            for name in names
        ],
    )
    form = json.loads(path.read_text(encoding="utf-8"))
    for testcase in form["testcases"]:
        if testcase["id"] == "past":
            then = time.gmtime(now - PAST)
            testcase["validation_time"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", then)
    path.write_text(json.dumps(form), encoding="utf-8")
    return path
