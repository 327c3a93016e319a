"""``openssl verify``: the same question as a command line, and its answer."""

from dataclasses import replace

import pytest

from harness.case import Role, Source
from harness.flags import Flags
from harness.ledger.plain import ROOT_CRL, chain, revoking
from harness.openssl_verify import (
    NoCommandError,
    agrees,
    command,
    options,
    read_answer,
)
from harness.outcome import Accepted, Rejected, Where
from harness.outcome import Undecodable as NotDecoded
from harness.pki.issue import issue

CASE = issue(chain(crls=(ROOT_CRL, revoking("leaf"))), seed=1, now=1_800_000_000)
PLAIN = (
    "openssl verify -purpose sslserver -auth_level 2 -no-CApath -CAfile trusted.pem "
    "-CRLfile crls.pem -untrusted peer.pem peer.pem"
)


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        ("DEFAULT", ""),
        ("CRL_CHECK_LEAF", "-crl_check"),
        ("CRL_CHECK_CHAIN", "-crl_check_all"),
        ("default-3.13", "-x509_strict -trusted_first -partial_chain"),
        (
            "ALLOW_PROXY_CERTS|EXTENDED_CRL_SUPPORT|USE_DELTAS|CHECK_SS_SIGNATURE",
            "-allow_proxy_certs -extended_crl -use_deltas -check_ss_sig",
        ),
        ("IGNORE_CRITICAL|NO_CHECK_TIME", "-ignore_critical -no_check_time"),
        ("POLICY_CHECK", "-policy_check"),
        ("EXPLICIT_POLICY|INHIBIT_MAP", "-explicit_policy -inhibit_map"),
        ("SUITEB_128_LOS", "-suiteB_128"),
        ("SUITEB_192_LOS", "-suiteB_192"),
    ],
)
def test_each_flag_has_its_option(flags: str, words: str) -> None:
    """And nothing else is asked for besides."""
    assert options(Flags.parse(flags)) == words.split()


@pytest.mark.parametrize("bits", [0x2, 0x8, 0x800, 0x400000, 1 << 40])
def test_a_bit_without_an_option_has_no_command(bits: int) -> None:
    """CRL_CHECK_ALL alone, a check time, an unnamed bit; the message names it."""
    with pytest.raises(NoCommandError, match="no option sets"):
        options(Flags(bits))


def test_the_command_has_role_level_name_and_files() -> None:
    """What a server verifies is a client's; a server compares no name."""
    assert " ".join(command(CASE, Flags(0))) == PLAIN
    served = replace(CASE, role=Role.SERVER, name="leaf.example", security_level=4)
    words = " ".join(command(served, Flags(0)))
    assert "-purpose sslclient -auth_level 4" in words
    assert "leaf.example" not in words
    for name, word in (("a.example", "-verify_hostname"), ("::1", "-verify_ip")):
        words = " ".join(command(replace(CASE, name=name), Flags(0)))
        assert f" {word} {name} " in words
    bare = replace(CASE, trusted=(), crls=())
    words = " ".join(command(bare, Flags(0)))
    assert "-no-CAfile" in words
    assert "-CRLfile" not in words


def test_what_openssl_cannot_be_asked_is_said() -> None:
    """Nothing sent, and CRLs that come by other ways."""
    with pytest.raises(NoCommandError, match="nothing is sent"):
        command(replace(CASE, peer=()), Flags(0))
    with pytest.raises(NoCommandError, match="cadata"):
        command(replace(CASE, source=Source.CADATA), Flags(0))


@pytest.mark.parametrize(
    ("status", "output", "said"),
    [
        (0, "peer.pem: OK\n", "accepted"),
        (2, "CN=x\nerror 23 at 0 depth lookup: certificate revoked\n", "rejected 23"),
        (1, "40C7:error:0580006C:x509:why\n", "exit 1: 0580006C:x509:why"),
        (1, "", "exit 1: no word"),
        (-11, "", "ended by signal 11"),
    ],
)
def test_an_answer_is_read(status: int, output: str, said: str) -> None:
    """The first error is the one that ``ssl`` tells."""
    assert read_answer(status, output) == said


def test_agreement_is_of_code_where_it_is_told() -> None:
    """Accepted, rejected for the same code, rejected by a Python that tells none."""
    assert agrees("accepted", Accepted())
    assert not agrees("accepted", Rejected(23))
    assert agrees("rejected 23", Rejected(23))
    assert not agrees("rejected 3", Rejected(23))
    assert agrees("rejected 3", Rejected(None))
    assert not agrees("rejected 3", NotDecoded(Where.PEER))
