"""A second opinion of ``openssl verify``: of the same library, or of none."""

import sys
from dataclasses import replace
from pathlib import Path

from harness.flags import CRL_CHECK_LEAF, DEFAULT
from harness.ledger.plain import ROOT_CRL, chain, revoking
from harness.outcome import Accepted, Answer, Rejected
from harness.pki.issue import issue
from harness.target.discover import here
from harness.target.openssl import find_openssl, second_opinion

LIBRARY = "OpenSSL 3.0.99 1 Jan 2030"
FAKE = f"""#!{sys.executable}
import sys
if sys.argv[1:] == ["version"]:
    print("OpenSSL 1.2.3 (Library: {LIBRARY})")
elif "-crl_check" in sys.argv:
    assert "BEGIN X509 CRL" in open(sys.argv[sys.argv.index("-CRLfile") + 1]).read()
    assert open("peer.pem").read().count("BEGIN CERTIFICATE") == 2
    assert open("trusted.pem").read().count("BEGIN CERTIFICATE") == 1
    print("error 23 at 0 depth lookup: certificate revoked")
    sys.exit(2)
else:
    print("peer.pem: OK")
"""
CASE = issue(chain(crls=(ROOT_CRL, revoking("leaf"))), seed=1, now=1_800_000_000)


def program(folder: Path) -> str:
    """An ``openssl`` of our own, that says what it is given in which files."""
    path = folder / "openssl"
    path.write_text(FAKE)
    path.chmod(0o700)
    return str(path)


def test_it_is_asked_with_the_same_library_alone(tmp_path: Path) -> None:
    """The library that is loaded counts, and not what the program was built with."""
    told = program(tmp_path)
    found = find_openssl(here(), LIBRARY, told)
    assert found is not None
    assert found.argv == (told,)
    assert find_openssl(here(), "OpenSSL 1.2.3", told) is None
    assert find_openssl(here(), LIBRARY, str(tmp_path / "no")) is None


def test_one_beside_the_interpreter_is_found(tmp_path: Path) -> None:
    """Started as the target is."""
    program(tmp_path)
    target = replace(here(), argv=(str(tmp_path / "python"),))
    found = find_openssl(target, LIBRARY, None)
    assert found is not None
    assert found.argv == (str(tmp_path / "openssl"),)


def test_each_row_is_asked_and_compared(tmp_path: Path) -> None:
    """The case's files, the flags' options; a row that has no command is left out."""
    found = find_openssl(here(), LIBRARY, program(tmp_path))
    assert found is not None
    lone = replace(CRL_CHECK_LEAF, bits=8)
    answers = [
        Answer(DEFAULT, DEFAULT, Accepted(), 0, 0),
        Answer(CRL_CHECK_LEAF, CRL_CHECK_LEAF, Accepted(), 0, 0),
        Answer(lone, lone, Rejected(3), 0, 0),
    ]
    asked = second_opinion(found, CASE, answers)
    assert asked is not None
    assert asked.version == LIBRARY
    assert [(item.flags, item.said, item.agrees) for item in asked.answers] == [
        (DEFAULT, "accepted", True),
        (CRL_CHECK_LEAF, "rejected 23", False),
    ]
    assert second_opinion(found, CASE, answers[2:]) is None
