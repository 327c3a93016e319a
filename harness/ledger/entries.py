"""The ledger: where reality is known to diverge from the documents.

An entry is a sentence or law, in what way it is broken, and the rule of the releases
book that predicts it. It excuses a divergence only where that rule predicts exactly
this outcome, so the releases it holds for follow from the rule.
"""

from dataclasses import dataclass
from typing import Final

from harness.finding import How, Severity
from harness.verdict import Prediction, WillAccept, WillCrash, WillReject


@dataclass(frozen=True, slots=True)
class Entry:
    """One known divergence, in one way, by one rule of the releases book.

    ``sentences`` are the sentences or laws it breaks; the entry holds for their parts
    too. ``rule`` is empty for the surface, which the releases book does not predict.
    """

    id: str
    sentences: tuple[str, ...]
    how: How
    rule: str
    severity: Severity
    what: str
    """What happens, and what it means for who relies on the sentence."""
    thread: str = ""
    """Where it was reported upstream; empty where no thread is known."""
    needs_path: bool = False
    """Only a target that tells the verified path can show it (Python 3.10+)."""


ENTRIES: Final = (
    Entry(
        "proxy-leaves-holder-unchecked",
        ("CRL_CHECK_LEAF",),
        How.WRONGLY_ACCEPTED,
        "crl.proxy-skipped",
        Severity.FAIL_OPEN,
        "Below a proxy certificate, depth 0 is the proxy, and CRL checking passes over"
        " proxies: no CRL is asked for, and a revoked holder's proxy is accepted.",
        "https://github.com/openssl/openssl/issues/32364",
    ),
    Entry(
        "partial-anchor-wants-a-crl-of-its-own",
        ("X509_PARTIAL_CHAIN", "CRL_CHECK_CHAIN"),
        How.WRONGLY_REJECTED,
        "crl.anchor-as-its-own-issuer",
        Severity.FAIL_CLOSED,
        "An anchor that is not self-signed is checked too, and tried as the issuer of"
        " its own CRL: no genuine set of CRLs passes. Python 3.13's default flags with"
        " CRL_CHECK_CHAIN refuse every chain whose intermediate is in the store.",
        "https://github.com/openssl/openssl/issues/5081",
    ),
    Entry(
        "delta-taken-for-complete",
        ("USE_DELTAS", "CRL_CHECK_LEAF", "CRL_CHECK_CHAIN"),
        How.WRONGLY_ACCEPTED,
        "crl.delta-taken-for-full",
        Severity.FAIL_OPEN,
        "A delta CRL is used as if it were complete: alone it is proper enough, and"
        " beside an older complete CRL it hides what that one revokes.",
    ),
    Entry(
        "malformed-anchor-not-verified",
        ("CHECK_SS_SIGNATURE",),
        How.WRONGLY_ACCEPTED,
        "signature.malformed-not-verified",
        Severity.FAIL_OPEN,
        "The signature of a self-signed certificate is not looked at where one of its"
        " extensions is malformed: such a one is not taken for its own issuer. Only a"
        " certificate that stands in the store itself gets that far.",
    ),
    Entry(
        "namesake-signs-crl",
        ("CRL_CHECK_LEAF", "CRL_CHECK_CHAIN"),
        How.WRONGLY_ACCEPTED,
        "crl.issuer-elsewhere-on-path",
        Severity.FAIL_OPEN,
        "A CRL by a later certificate of the path with the issuer's name, but another"
        " key, counts: after a key rollover the old key's CRL is enough. RFC 5280"
        " allows that; the manual has CRLs by different keys off by default.",
    ),
    Entry(
        "forged-crl-shadows-good",
        ("CRL_CHECK_LEAF", "CRL_CHECK_CHAIN"),
        How.WRONGLY_REJECTED,
        "crl.signature",
        Severity.FAIL_CLOSED,
        "The newest CRL of a name is chosen before its signature is looked at: a"
        " forged one that is loaded beside a good one refuses everybody.",
    ),
    Entry(
        "pinned-leaf-keeps-peers-path",
        ("law:path/anchored",),
        How.LAW_BROKEN,
        "path.pinned-leaf",
        Severity.WRONG_REASON,
        "An end entity in the store is the last resort, found after the peer's issuers"
        " were put on the path: the verified path ends at a certificate nobody trusts.",
        needs_path=True,
    ),
    Entry(
        "trusted-first-cannot-be-cleared",
        ("law:X509_TRUSTED_FIRST/cleared",),
        How.LAW_BROKEN,
        "path.store-before-peer",
        Severity.WRONG_REASON,
        "Python's page has the flag as one that is on by default, and the setter reads"
        " back a cleared bit; OpenSSL's built-in parameters set it again, so the store"
        " is searched first all the same.",
        "https://github.com/openssl/openssl/issues/29150",
        needs_path=True,
    ),
    Entry(
        "trusted-anchor-may-be-expired",
        ("VERIFY_DEFAULT/validity",),
        How.WRONGLY_ACCEPTED,
        "time.anchor-not-looked-at",
        Severity.FAIL_OPEN,
        "An anchor that trust settings make one (TRUSTED CERTIFICATE), not being"
        " self-signed, is not looked at again: its validity period is not checked.",
    ),
    Entry(
        "partial-anchor-inherits-resources",
        ("law:X509_PARTIAL_CHAIN/adds",),
        How.LAW_BROKEN,
        "resources.anchor-inherits",
        Severity.FAIL_CLOSED,
        "With the flag, an intermediate that inherits its number resources (RFC 3779)"
        " is an anchor, which may not; without it, its issuer has them: the flag takes"
        " away what it should only add to.",
    ),
    Entry(
        "partial-chain-looks-at-trusted-anchor",
        ("law:X509_PARTIAL_CHAIN/adds",),
        How.LAW_BROKEN,
        "time.partial-anchor-looked-at",
        Severity.FAIL_CLOSED,
        "With the flag, the validity period of an anchor by trust settings is checked,"
        " which it is not without: the flag takes away what it should only add to.",
    ),
    Entry(
        "proxy-limit-counts-unused-length",
        ("ALLOW_PROXY_CERTS",),
        How.WRONGLY_REJECTED,
        "proxy.path-length-exceeded",
        Severity.FAIL_CLOSED,
        "A proxy of a proxy must state a lower pCPathLenConstraint than its issuer's;"
        " RFC 3820, 4.1, only counts the proxies that are there.",
    ),
    Entry(
        "strict-skips-single-certificate",
        ("X509_STRICT",),
        How.WRONGLY_ACCEPTED,
        "strict.skipped-for-one-certificate",
        Severity.FAIL_OPEN,
        "A path of one certificate is spared the checks of X509_STRICT.",
    ),
    Entry(
        "numberless-delta-ends-the-process",
        ("law:process", "USE_DELTAS"),
        How.CRASHED,
        "crl.numberless-delta",
        Severity.BROKEN,
        "Under USE_DELTAS, a delta CRL without a cRLNumber ends the process when it is"
        " held against its base.",
        "https://openssl-library.org/news/vulnerabilities/#CVE-2026-28388",
    ),
    Entry(
        "empty-name-hides-what-is-loaded",
        ("VERIFY_DEFAULT", "CRL_CHECK_LEAF", "CRL_CHECK_CHAIN", "X509_PARTIAL_CHAIN"),
        How.WRONGLY_REJECTED,
        "path.lookup-upset",
        Severity.FAIL_CLOSED,
        "A certificate with an empty subject in the store upsets the order in which"
        " the store is searched: another anchor or CRL is not found.",
        "https://github.com/openssl/openssl/pull/21155",
    ),
    Entry(
        "cadata-loads-no-crl",
        ("load_verify_locations/cadata-crl",),
        How.SURFACE,
        "",
        Severity.FAIL_CLOSED,
        "CRLs given as cadata are dropped without a word; only files are read.",
        "https://github.com/python/cpython/issues/149679",
    ),
)
"""Every known divergence that the OpenSSL 3.0 line shows."""


def ledger_entry(
    sentences: tuple[str, ...], how: How, predicted: Prediction | None
) -> tuple[Entry, str] | None:
    """The entry that excuses breaking one of these sentences so, and that sentence."""
    rules = rules_of(predicted)
    for entry in ENTRIES:
        if entry.how is how and entry.rule in rules:
            for sentence in sentences:
                if any(_is_part(sentence, whole) for whole in entry.sentences):
                    return entry, sentence
    return None


def covered(entry_id: str, sentences: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the sentences that the entry holds for."""
    entry = next(item for item in ENTRIES if item.id == entry_id)
    return tuple(
        sentence
        for sentence in sentences
        if any(_is_part(sentence, whole) for whole in entry.sentences)
    )


def _is_part(sentence: str, of: str) -> bool:
    return sentence == of or sentence.startswith(of + "/")


def rules_of(predicted: Prediction | None) -> tuple[str, ...]:
    """The rules by which an outcome is predicted; an empty one for no prediction."""
    match predicted:
        case None:
            return ("",)
        case WillAccept(_, rules):
            return rules
        case WillReject(_, _, rules):
            return (predicted.shown.rule, *rules)
        case WillCrash(rule):
            return (rule,)
        case _:
            return ()
