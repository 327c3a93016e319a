"""``openssl verify``: the command line that asks what ``ssl`` is asked, and its answer.

Pure: who runs it is ``harness.target.openssl``. Sources: openssl-verify(1) and
openssl-verification-options(1), ``apps/verify.c``.
"""

import re
from dataclasses import dataclass
from typing import Final

from harness.case import Case, Role, Source, is_address
from harness.flags import Flags
from harness.outcome import Accepted, Outcome, Rejected

PEER: Final = "peer.pem"
TRUSTED: Final = "trusted.pem"
CRLS: Final = "crls.pem"
"""Names of the files that a command reads, in the folder it is started in."""

OPTIONS: Final = {
    0x10: "-ignore_critical",
    0x20: "-x509_strict",
    0x40: "-allow_proxy_certs",
    0x80: "-policy_check",
    0x100: "-explicit_policy",
    0x200: "-inhibit_any",
    0x400: "-inhibit_map",
    0x1000: "-extended_crl",
    0x2000: "-use_deltas",
    0x4000: "-check_ss_sig",
    0x8000: "-trusted_first",
    0x80000: "-partial_chain",
    0x100000: "-no_alt_chains",
    0x200000: "-no_check_time",
}
"""The option that sets each single bit, where one does and no other bit with it."""

_CRL_CHECK: Final = 0x4
_CRL_CHECK_ALL: Final = 0x8
_SUITE_B: Final = {
    0x10000: "-suiteB_128_only",
    0x20000: "-suiteB_192",
    0x30000: "-suiteB_128",
}
_PURPOSES: Final = {Role.CLIENT: "sslserver", Role.SERVER: "sslclient"}
"""By who verifies: a client wants a server's certificate."""
_POLICY_BITS: Final = 0x700
_FAILED: Final = re.compile(r"^error (\d+) at (-?\d+) depth lookup", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class OpensslAnswer:
    """One command's answer, and whether ``ssl`` was seen to say the same."""

    flags: Flags
    said: str
    """``accepted``, ``rejected N``, or what else came of it."""
    agrees: bool


@dataclass(frozen=True, slots=True)
class OpensslAsked:
    """What ``openssl verify`` of this version said of a case."""

    version: str
    answers: tuple[OpensslAnswer, ...]


class NoCommandError(ValueError):
    """A question that ``openssl verify`` cannot be asked; the message says why."""


def command(case: Case, flags: Flags, *, program: str = "openssl") -> list[str]:
    """The command, for a folder that holds the case's PEM files.

    The whole of what the peer sends is untrusted, as in TLS; the default stores are
    left out. Raises ``NoCommandError``.
    """
    if not case.peer:
        raise NoCommandError("nothing is sent")
    if case.source is not Source.CAFILE:
        raise NoCommandError(f"it is about CRLs by {case.source.value}")
    words = [program, "verify", *options(flags)]
    words += ["-purpose", _PURPOSES[case.role]]
    words += ["-auth_level", str(case.security_level)]
    if case.name is not None and case.role is Role.CLIENT:
        words += ["-verify_ip" if is_address(case.name) else "-verify_hostname"]
        words += [case.name]
    words += ["-no-CApath"]
    words += ["-CAfile", TRUSTED] if case.trusted else ["-no-CAfile"]
    if case.crls:
        words += ["-CRLfile", CRLS]
    return [*words, "-untrusted", PEER, PEER]


def options(flags: Flags) -> list[str]:
    """The options that set these flags. Raises ``NoCommandError`` for a bit that none
    sets."""
    bits = flags.effective.bits
    words = []
    if bits & _CRL_CHECK_ALL:
        if not bits & _CRL_CHECK:
            raise NoCommandError("no option sets CRL_CHECK_ALL alone")
        words.append("-crl_check_all")
    elif bits & _CRL_CHECK:
        words.append("-crl_check")
    bits &= ~(_CRL_CHECK | _CRL_CHECK_ALL)
    suite_b = bits & 0x30000
    if suite_b:
        words.append(_SUITE_B[suite_b])
        bits &= ~suite_b
    if bits & _POLICY_BITS:
        bits &= ~0x80  # each of these options brings it
    for bit, word in OPTIONS.items():
        if bits & bit:
            words.append(word)
            bits &= ~bit
    if bits:
        raise NoCommandError(f"no option sets {Flags(bits)}")
    return words


def read_answer(status: int, output: str) -> str:
    """What a command said: ``accepted``, ``rejected N``, or its end in words."""
    failed = _FAILED.search(output)
    if failed is not None:
        return f"rejected {failed[1]}"
    if status == 0:
        return "accepted"
    if status < 0:
        return f"ended by signal {-status}"
    lines = output.strip().splitlines()
    # Before the word stands the number of a thread, another one each time.
    said = lines[-1].partition("error:")[2] or lines[-1] if lines else "no word"
    return f"exit {status}: {said}"


def agrees(said: str, outcome: Outcome) -> bool:
    """Whether a command's answer is what ``ssl`` did; a code that ``ssl`` does not tell
    is not compared."""
    match outcome:
        case Accepted():
            return said == "accepted"
        case Rejected(None):
            return said.startswith("rejected")
        case Rejected(code):
            return said == f"rejected {code}"
        case _:
            return False
