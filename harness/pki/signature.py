"""Whether a signature verifies under a key, as ``ASN1_item_verify_ex`` finds."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.dsa import DSAPublicKey
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15

from harness.facts import Signature
from harness.pki import algorithms
from harness.pki.algorithms import Algorithm
from harness.pki.read_key import Key, public_key

_HASHES: Final[Mapping[str, hashes.HashAlgorithm]] = {
    "md5": hashes.MD5(),  # noqa: S303  # weak signatures are read on purpose
    "sha1": hashes.SHA1(),  # noqa: S303  # weak signatures are read on purpose
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
    "sha3_224": hashes.SHA3_224(),
    "sha3_256": hashes.SHA3_256(),
    "sha3_384": hashes.SHA3_384(),
    "sha3_512": hashes.SHA3_512(),
}


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed item: the signed octets, the outer algorithm, and the signature."""

    message: bytes
    algorithm: Algorithm
    signature: bytes
    unused: int = 0
    """Unused bits of the signature's BIT STRING."""
    mismatched: bool = False
    """A certificate whose inner algorithm is another: ``X509_verify`` refuses it."""


def _verify(signed: Signed, key: Key) -> None:
    """Raises ``InvalidSignature``; ``UnsupportedAlgorithm`` where it cannot tell."""
    message, octets, public = signed.message, signed.signature, key.public
    if isinstance(public, Ed25519PublicKey | Ed448PublicKey):
        return public.verify(octets, message)
    if public is None:
        raise UnsupportedAlgorithm("a key that could not be loaded")
    if signed.algorithm.oid == algorithms.PSS:
        pss = algorithms.pss_parameters(signed.algorithm)
        if pss is None or key.restricted:
            raise UnsupportedAlgorithm("RSASSA-PSS parameters")
        if isinstance(public, DSAPublicKey | EllipticCurvePublicKey):
            raise InvalidSignature
        padding = PSS(MGF1(_HASHES[pss.mask_digest]), pss.salt_length)
        return public.verify(octets, message, padding, _HASHES[pss.digest])
    digest = _HASHES.get(algorithms.facts(signed.algorithm).digest or "")
    if digest is None:
        raise UnsupportedAlgorithm(f"the digest of {signed.algorithm.oid}")
    match public:
        case EllipticCurvePublicKey():
            return public.verify(octets, message, ECDSA(digest))
        case DSAPublicKey():
            return public.verify(octets, message, digest)
        case _:
            return public.verify(octets, message, PKCS1v15(), digest)


@lru_cache(maxsize=16384)
def check(signed: Signed, subject_key: bytes) -> Signature:
    """The signature under the key of this SubjectPublicKeyInfo.

    Raises what ``public_key`` raises.
    """
    key = public_key(subject_key)
    expected = algorithms.facts(signed.algorithm).key_algorithm
    if key.facts is None or signed.mismatched or signed.unused or expected is None:
        return Signature.BAD
    found = key.facts.algorithm
    if found != expected and not (found == "RSA" and expected == "RSA-PSS"):
        return Signature.BAD
    try:
        _verify(signed, key)
    except InvalidSignature:
        return Signature.BAD
    except (UnsupportedAlgorithm, ValueError, TypeError, OverflowError):
        return Signature.UNKNOWN
    return Signature.GOOD
