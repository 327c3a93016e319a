"""Signatures and dates, from the anchor down to the end entity.

Source: ``internal_verify`` (x509_vfy.c), ``ossl_x509_signing_allowed`` (v3_purp.c).
"""

from collections.abc import Sequence

from harness.facts import Signature
from harness.flags import Flags
from harness.oracle.releases.building import Built
from harness.oracle.releases.cached import (
    KU_DIGITAL_SIGNATURE,
    KU_KEY_CERT_SIGN,
    Cached,
    likely_issued,
)
from harness.oracle.releases.stage import Events, Setting, UnmodelledError
from harness.verdict import Objection

CHECK_SELF_SIGNATURE = 0x4000
PARTIAL_CHAIN = 0x80000


def mask(flags: Flags) -> int:
    """The bits that this stage looks at; the clock's two among them."""
    return flags.bits & (CHECK_SELF_SIGNATURE | PARTIAL_CHAIN | 0x200002)


def check_signatures(built: Built, setting: Setting) -> Events:
    """``internal_verify``. Raises ``UnmodelledError`` where one decides."""
    path = built.path
    top = len(path) - 1
    issuer = path[top]
    depth = top
    own = True
    skipped = False
    if not likely_issued(issuer, issuer, setting.release):
        if setting.flags.bits & PARTIAL_CHAIN:
            yield "time.partial-anchor-looked-at"
        elif top == 0:
            yield Objection("signature.leaf-unverifiable", 21, 0)
        else:
            depth = top - 1
            own = False
            yield "time.anchor-not-looked-at"
        # It can count as self-signed all the same, if it is malformed.
        skipped = own and "own-issuer-alone-verified" in setting.release
        if skipped and issuer.self_signed and setting.flags.bits & CHECK_SELF_SIGNATURE:
            yield "signature.malformed-not-verified"
    while depth >= 0:
        subject = path[depth]
        self_checked = (
            bool(setting.flags.bits & CHECK_SELF_SIGNATURE)
            and issuer.self_signed
            and not skipped
        )
        if not own or self_checked:
            issuer_depth = depth if own else depth + 1
            allowed = 0 if own and not issuer.ca else _signing_error(issuer, subject)
            if allowed == 39:
                yield Objection("proxy.issuer-cannot-sign", 39, issuer_depth)
            elif allowed == 32:
                yield Objection("signature.issuer-cannot-sign", 32, issuer_depth)
            # A key that cannot be decoded makes no issuer: its type fits no signature.
            if not parameters_are_known(path, issuer):
                yield Objection("signature.parameters-missing", 7, depth)
            elif not _verifies(setting, subject, issuer):
                yield Objection("signature.wrong", 7, depth)
        if setting.clock.not_begun(subject.facts.not_before):
            yield Objection("time.not-yet-valid", 9, depth)
        if setting.clock.over(subject.facts.not_after):
            yield Objection("time.expired", 10, depth)
        issuer = subject
        own = False
        depth -= 1


def _signing_error(issuer: Cached, subject: Cached) -> int:
    """``ossl_x509_signing_allowed``."""
    if subject.proxy:
        return 0 if issuer.key_usage & KU_DIGITAL_SIGNATURE else 39
    return 0 if issuer.key_usage & KU_KEY_CERT_SIGN else 32


def parameters_are_known(path: Sequence[Cached], signer: Cached) -> bool:
    """Whether a DSA key without parameters was given some.

    ``X509_get_pubkey_parameters`` hands those of the first complete key of the path
    to the keys below it, which are thus all incomplete.
    """
    if signer.facts.key is None or not signer.facts.key.inherits:
        return True
    met = False
    for certificate in path:
        key = certificate.facts.key
        if key is None or not key.inherits:
            return met and key is not None and key.algorithm == "DSA"
        met = met or certificate is signer
    return False


def _verifies(setting: Setting, subject: Cached, issuer: Cached) -> bool:
    match setting.facts.verifies(subject.facts, issuer.facts):
        case Signature.GOOD:
            return True
        case Signature.BAD:
            return False
        case Signature.UNKNOWN:
            raise UnmodelledError(
                f"signature of {subject.fingerprint[:12]} by {issuer.fingerprint[:12]}"
            )
