"""The Suite B profile (RFC 6460), where its raw bits ask for it.

Source: ``X509_chain_check_suiteb`` and ``check_suite_b`` (x509_cmp.c). The bits of
``verify_flags`` reach nothing else in libssl: its own Suite B mode is a bit of the
certificate settings (``SSL_CERT_FLAG_SUITEB_*``), which Python never sets.
"""

from typing import Final

from harness.facts import Certificate, Crl, KeyFacts
from harness.flags import Flags
from harness.oracle.releases.building import Built
from harness.oracle.releases.stage import Events, UnmodelledError
from harness.verdict import Objection

LEVEL_128_ONLY: Final = 0x10000
LEVEL_192: Final = 0x20000
SUITE_B_BITS: Final = LEVEL_128_ONLY | LEVEL_192

_VERSION: Final = 56
_ALGORITHM: Final = 57
_CURVE: Final = 58
_SIGNATURE: Final = 59
_NOT_ALLOWED: Final = 60
_MIXED: Final = 61

_RULES: Final = {
    _VERSION: "suite-b.version",
    _ALGORITHM: "suite-b.algorithm",
    _CURVE: "suite-b.curve",
    _SIGNATURE: "suite-b.signature-algorithm",
    _NOT_ALLOWED: "suite-b.level-not-allowed",
    _MIXED: "suite-b.p-384-signed-with-p-256",
}

_P256: Final = "1.2.840.10045.3.1.7"
_P384: Final = "1.3.132.0.34"
_WITH: Final = {_P256: "1.2.840.10045.4.3.2", _P384: "1.2.840.10045.4.3.3"}
"""The signature algorithm that goes with each curve: ECDSA with SHA-256 or SHA-384."""
_LEVELS: Final = {_P256: LEVEL_128_ONLY, _P384: LEVEL_192}


def mask(flags: Flags) -> int:
    """The bits that this stage looks at."""
    return flags.bits & SUITE_B_BITS


class _Check:
    """``check_suite_b``, and the levels that are still allowed."""

    def __init__(self, allowed: int) -> None:
        self.allowed = allowed

    def key(self, key: KeyFacts | None, signed_with: str | None) -> int:
        """The objection to a key, and to the algorithm it signed with; 0 for none."""
        if key is None or key.algorithm != "EC":
            return _ALGORITHM
        if key.explicit_parameters and key.curve is None:
            raise UnmodelledError("explicit EC parameters spelt in another way")
        if key.curve not in _WITH:
            return _CURVE
        if signed_with is not None and signed_with != _WITH[key.curve]:
            return _SIGNATURE
        if not self.allowed & _LEVELS[key.curve]:
            return _NOT_ALLOWED
        if key.curve == _P384:
            # Above P-384 there may be no P-256.
            self.allowed &= ~LEVEL_128_ONLY
        return 0

    def path(self, path: list[Certificate]) -> tuple[int, int]:
        """The first objection to a path and its depth, from the end entity up."""
        if path[0].version != 3:
            return _VERSION, 0
        if code := self.key(path[0].key, None):
            return code, 0
        for depth, certificate in enumerate(path[1:], start=1):
            if certificate.version != 3:
                return _VERSION, depth
            signed_with = path[depth - 1].outer_algorithm.oid
            if code := self.key(certificate.key, signed_with):
                return code, depth
        last = path[-1]
        return self.key(last.key, last.outer_algorithm.oid), len(path)


def check_crl(crl: Crl, issuer: KeyFacts, depth: int, flags: Flags) -> Events:
    """``X509_CRL_check_suiteb``: the key of a CRL's issuer, and what the CRL says it
    is signed with."""
    if allowed := mask(flags):
        code = _Check(allowed).key(issuer, crl.inner_algorithm.oid)
        if code:
            yield Objection(_RULES[code], code, depth)


def check_suite_b(built: Built, flags: Flags) -> Events:
    """``X509_chain_check_suiteb``: one objection at most."""
    allowed = mask(flags)
    if not allowed:
        return
    check = _Check(allowed)
    code, depth = check.path([certificate.facts for certificate in built.path])
    if code == 0:
        return
    if code in (_SIGNATURE, _NOT_ALLOWED) and depth > 0:
        # It is the certificate below that was signed so.
        depth -= 1
    if code == _NOT_ALLOWED and check.allowed != allowed:
        code = _MIXED
    yield Objection(_RULES[code], code, depth)
