"""Signatures, right and wrong, as OpenSSL finds them; and what keys are worth."""

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from harness.facts import Facts, KeyFacts, Signature
from harness.pki import algorithms, curves, der, keys, signature
from harness.pki.algorithms import Algorithm
from harness.pki.ber import Cursor, RefusedError, UncertainError
from harness.pki.issue import issue, issue_all
from harness.pki.read import read
from harness.pki.read_key import (
    dsa_security_bits,
    ec_security_bits,
    public_key,
    rsa_security_bits,
)
from harness.pki.signature import Signed, check
from harness.pki.spec import (
    AuthorityKeyIdSpec,
    CertificateSpec,
    CrlSpec,
    Entity,
    KeyId,
    NameSpec,
    Scenario,
    SubjectKeyIdSpec,
    TrustSpec,
    ca,
)
from tests.pki.plain import LEAF, NOW, ROOT, SEED

GOOD, BAD, UNKNOWN = Signature.GOOD, Signature.BAD, Signature.UNKNOWN
DIGESTS = ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"]


def facts_with(certificate: CertificateSpec, crl: CrlSpec | None = None) -> Facts:
    """A case of a root, this certificate, and this CRL."""
    crls = () if crl is None else (crl,)
    scenario = Scenario(
        certificates=(certificate, ca("root", certificate.issuer, certificate.issuer)),
        crls=crls,
        peer=(certificate.label,),
        trusted=(TrustSpec("root"),),
        loaded=tuple(item.label for item in crls),
    )
    return read(issue(scenario, seed=SEED, now=NOW))


def found(certificate: CertificateSpec) -> Signature:
    """What is found of the certificate's signature under its issuer's key."""
    facts = facts_with(certificate)
    return facts.verifies(facts.peer[0], facts.trusted[0].certificate)


def spec(**changes: object) -> CertificateSpec:
    """An end entity of the root, with these changes."""
    return replace(CertificateSpec("leaf", LEAF, ROOT), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("key", keys.POOL)
def test_every_key_of_the_pool_signs_and_is_found_good(key: str) -> None:
    """Its own signature is good; with one bit turned, or by another key, bad."""
    issuer = Entity(NameSpec.cn("Any"), key)
    other = "p256-5" if key != "p256-5" else "p256-6"
    assert found(spec(issuer=issuer)) is GOOD
    assert found(spec(issuer=issuer, corrupt=True)) is BAD
    assert found(spec(issuer=issuer, signed_by=other)) is BAD


@pytest.mark.parametrize("digest", DIGESTS)
@pytest.mark.parametrize("key", ["rsa2048-0", "p256-0", "p384-0"])
def test_every_digest_signs(key: str, digest: str) -> None:
    """Also the broken ones; ECDSA with MD5 does not exist."""
    if (key[0], digest) != ("p", "md5"):
        issuer = Entity(NameSpec.cn("Any"), key)
        assert found(spec(issuer=issuer, digest=digest)) is GOOD


def test_two_algorithms_spoil_a_certificate_and_not_a_crl() -> None:
    """``X509_verify`` compares inner and outer algorithm, ``X509_CRL_verify`` of 3.0
    does not; the signature itself is one of the outer algorithm."""
    crl = CrlSpec("crl", ROOT, outer_digest="sha384")
    facts = facts_with(spec(outer_digest="sha384"), crl)
    root = facts.trusted[0].certificate
    assert facts.verifies(facts.peer[0], root) is BAD
    assert facts.verifies(facts.crls[0], root) is GOOD


def test_a_crl_is_tried_under_keys_its_issuer_certified() -> None:
    """The last certificate of a path may vouch for itself, unless the CRL names
    another key."""
    forged = CrlSpec(
        "crl",
        ROOT,
        signed_by=LEAF.key,
        authority_key_id=AuthorityKeyIdSpec(KeyId.ABSENT),
    )
    facts = facts_with(spec(), forged)
    assert facts.verifies(facts.crls[0], facts.peer[0]) is GOOD
    assert facts.verifies(facts.crls[0], facts.trusted[0].certificate) is BAD
    named = replace(forged, authority_key_id=AuthorityKeyIdSpec())
    facts = facts_with(spec(), named)
    assert facts.verifies(facts.crls[0], facts.peer[0]) is UNKNOWN
    bare = spec(subject_key_id=SubjectKeyIdSpec(KeyId.ABSENT))
    facts = facts_with(bare, named)
    assert facts.verifies(facts.crls[0], facts.peer[0]) is GOOD


def test_every_certificate_of_the_issuers_name_is_tried() -> None:
    """Two roots of one name: one key is right, the other is not."""
    twin = replace(ROOT, key="p256-9")
    scenario = Scenario(
        certificates=(spec(), ca("root", ROOT, ROOT), ca("twin", twin, twin)),
        peer=("leaf", "twin"),
        trusted=(TrustSpec("root"),),
    )
    facts = read(issue(scenario, seed=SEED, now=NOW))
    leaf, other = facts.peer
    root = facts.trusted[0].certificate
    verified = [facts.verifies(leaf, root), facts.verifies(leaf, other)]
    assert verified == [GOOD, BAD]
    assert [facts.verifies(other, other), facts.verifies(other, root)] == [GOOD, BAD]


def spki(key: object) -> bytes:
    """The SubjectPublicKeyInfo of a private key."""
    public = key.public_key()  # type: ignore[attr-defined]
    encoding: bytes = public.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return encoding


def pss(salt: int, digest: str = "2.16.840.1.101.3.4.2.1") -> bytes:
    """RSASSA-PSS parameters of one digest (RFC 8017, A.2.3)."""
    named = der.sequence(der.oid(digest))
    mask = der.sequence(der.oid("1.2.840.113549.1.1.8"), named)
    return der.sequence(
        der.explicit(0, named),
        der.explicit(1, mask),
        der.explicit(2, der.integer(salt)),
    )


def test_pss_is_verified_by_its_parameters() -> None:
    """RSASSA-PSS with the salt length and digest it names; no other."""
    key = keys.private_key("rsa2048-0")
    assert isinstance(key, rsa.RSAPrivateKey)
    octets = key.sign(
        b"message", padding.PSS(padding.MGF1(hashes.SHA256()), 20), hashes.SHA256()
    )

    def verified(parameters: bytes | None, subject_key: str = "rsa2048-0") -> Signature:
        signed = Signed(b"message", Algorithm(algorithms.PSS, parameters), octets)
        return check(signed, keys.spki(subject_key))

    assert verified(pss(20)) is GOOD
    assert verified(pss(32)) is BAD
    assert verified(pss(20, "2.16.840.1.101.3.4.2.2")) is BAD
    assert verified(pss(20), "rsa2048-1") is BAD
    assert verified(pss(20), "p256-0") is BAD
    assert verified(None) is UNKNOWN
    facts = algorithms.facts(Algorithm(algorithms.PSS, pss(20)))
    assert (facts.key_algorithm, facts.digest, facts.security_bits) == (
        "RSA-PSS",
        "sha256",
        128,
    )


@pytest.mark.parametrize(
    ("oid", "key_algorithm", "digest", "bits"),
    [
        ("1.2.840.113549.1.1.4", "RSA", "md5", 39),
        ("1.2.840.113549.1.1.5", "RSA", "sha1", 63),
        ("1.2.840.113549.1.1.11", "RSA", "sha256", 128),
        ("1.2.840.10045.4.1", "EC", "sha1", 63),
        ("1.2.840.10045.4.3.1", "EC", "sha224", 112),
        ("1.2.840.10045.4.3.4", "EC", "sha512", 256),
        ("1.2.840.10040.4.3", "DSA", "sha1", 63),
        ("2.16.840.1.101.3.4.3.14", "RSA", "sha3_256", 128),
        ("1.2.840.113549.1.1.2", "RSA", "md2", -1),
        ("1.2.840.10045.4.3", "EC", None, -1),
        ("1.3.101.112", "ED25519", None, 128),
        ("1.3.101.113", "ED448", None, 224),
        ("1.2.3.4", None, None, -1),
    ],
)
def test_an_algorithm_is_what_openssl_lists(
    oid: str, key_algorithm: str | None, digest: str | None, bits: int
) -> None:
    """``OBJ_find_sigid_algs`` and ``x509_sig_info_init``."""
    facts = algorithms.facts(Algorithm(oid))
    expected = (key_algorithm, digest, bits)
    assert (facts.key_algorithm, facts.digest, facts.security_bits) == expected


def test_absent_and_null_parameters_differ() -> None:
    """``X509_ALGOR_cmp``."""
    plain = der.sequence(der.oid("1.2.3"))
    null = der.sequence(der.oid("1.2.3"), der.tlv(der.NULL, b""))
    first, second = (algorithms.algorithm(Cursor(item)) for item in (plain, null))
    assert not algorithms.equal(first, second)
    assert algorithms.equal(first, algorithms.algorithm(Cursor(plain)))


def test_a_signature_is_judged_before_it_is_verified() -> None:
    """Unused bits, a key of another kind, and unknown algorithms make it bad; a
    digest that we have not leaves it open."""
    key = keys.private_key("rsa2048-0")
    assert isinstance(key, rsa.RSAPrivateKey)
    octets = key.sign(b"message", padding.PKCS1v15(), hashes.SHA256())
    good = Signed(b"message", Algorithm("1.2.840.113549.1.1.11"), octets)
    subject_key = keys.spki("rsa2048-0")
    assert check(good, subject_key) is GOOD
    assert check(replace(good, unused=3), subject_key) is BAD
    assert check(replace(good, mismatched=True), subject_key) is BAD
    assert check(good, keys.spki("p256-0")) is BAD
    for oid, verdict in (("1.2.3", BAD), ("1.3.36.3.3.1.2", UNKNOWN)):
        assert check(replace(good, algorithm=Algorithm(oid)), subject_key) is verdict
    assert signature.check(good, restricted_to_pss()) is BAD


def restricted_to_pss() -> bytes:
    """The key ``rsa2048-0`` as one for RSASSA-PSS only."""
    inside = Cursor(keys.spki("rsa2048-0")).structure()
    inside.raw()
    return der.sequence(der.sequence(der.oid(algorithms.PSS)), inside.raw())


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [
        (keys.spki("p256-0"), ("EC", 256, 128)),
        (keys.spki("p384-0"), ("EC", 384, 192)),
        (keys.spki("rsa1024-0"), ("RSA", 1024, 80)),
        (keys.spki("rsa2048-0"), ("RSA", 2048, 112)),
        (keys.spki("ed25519-0"), ("ED25519", 256, 128)),
        (restricted_to_pss(), ("RSA-PSS", 2048, 112)),
        (spki(ec.derive_private_key(5, ec.SECP521R1())), ("EC", 521, 256)),
        (spki(ec.derive_private_key(5, ec.SECP224R1())), ("EC", 224, 112)),
        (spki(Ed448PrivateKey.from_private_bytes(b"k" * 57)), ("ED448", 456, 224)),
        (spki(X25519PrivateKey.from_private_bytes(b"k" * 32)), ("X25519", 253, 128)),
    ],
)
def test_a_key_has_openssls_strength(
    encoding: bytes, expected: tuple[str, int, int]
) -> None:
    """Type, bits and security bits as ``EVP_PKEY_get_security_bits`` counts them."""
    facts = public_key(encoding).facts
    assert facts is not None
    assert (facts.algorithm, facts.bits, facts.security_bits) == expected


@pytest.mark.parametrize(
    ("bits", "expected"),
    [
        (512, 56),
        (768, 72),
        (1000, 80),
        (1024, 80),
        (1536, 96),
        (2048, 112),
        (4096, 152),
    ],
)
def test_rsa_strength_is_openssls(bits: int, expected: int) -> None:
    """As ``openssl`` 3.0 prints for keys of these sizes."""
    assert rsa_security_bits(bits) == expected


def test_odd_sizes_have_a_strength() -> None:
    """Very small and very large keys, and curves below the table."""
    assert [rsa_security_bits(bits) for bits in (7, 8000, 700000)] == [0, 200, 1200]
    assert [rsa_security_bits(bits) for bits in (1382, 6945)] == [88, 184]
    assert [ec_security_bits(bits) for bits in (112, 160, 192, 571)] == [
        56,
        80,
        80,
        256,
    ]
    assert [dsa_security_bits(1024, 160), dsa_security_bits(2048, 100)] == [80, 0]
    assert dsa_security_bits(512, 160) == 0


def ec_key(parameters: bytes, point: bytes) -> bytes:
    """A SubjectPublicKeyInfo of type id-ecPublicKey."""
    named = der.sequence(der.oid("1.2.840.10045.2.1"), parameters)
    return der.sequence(named, der.bit_string(point))


P256 = der.oid("1.2.840.10045.3.1.7")


@pytest.mark.parametrize(
    "encoding",
    [
        ec_key(P256, b"\x04" + b"\x01" * 64),
        ec_key(P256, b"\x04"),
        ec_key(b"", b"\x04" + b"\x01" * 64),
        ec_key(der.tlv(der.NULL, b""), b"\x04"),
        der.sequence(der.sequence(der.oid("1.3.101.112")), der.bit_string(b"short")),
        der.sequence(der.sequence(der.oid("1.2.3.4")), der.bit_string(b"key")),
        der.sequence(
            der.sequence(der.oid("1.2.840.113549.1.1.1"), der.tlv(der.NULL, b"")),
            der.bit_string(b"no key"),
        ),
    ],
)
def test_what_openssl_cannot_decode_is_no_key(encoding: bytes) -> None:
    """The certificate is decoded, its key is not."""
    assert public_key(encoding).facts is None


def explicit_p256(order: int) -> bytes:
    """ECParameters (SEC 1, C.2) of a curve of this order."""
    return der.sequence(
        der.integer(1),
        der.sequence(der.oid("1.2.840.10045.1.1"), der.integer(7)),
        der.sequence(der.octet_string(b"a"), der.octet_string(b"b")),
        der.octet_string(b"\x04"),
        der.integer(order),
    )


def test_explicit_parameters_are_known_by_their_order() -> None:
    """OpenSSL knows the curve; we can say its strength and not verify."""
    compressed = curves.explicit(curves.P256, compressed=True)
    key = public_key(ec_key(compressed, b"\x04"))
    assert isinstance(key.facts, KeyFacts)
    assert key.facts.explicit_parameters
    assert (key.facts.bits, key.facts.security_bits) == (256, 128)
    signed = Signed(b"", Algorithm("1.2.840.10045.4.3.2"), b"")
    assert check(signed, ec_key(compressed, b"\x04")) is UNKNOWN
    for order in (23, ec.SECP256R1().group_order):
        with pytest.raises(UncertainError):
            public_key(ec_key(explicit_p256(order), b"\x04"))


def test_a_structure_that_is_no_key_spoils_the_certificate() -> None:
    """``X509_PUBKEY`` must decode, whatever the key in it."""
    with pytest.raises(RefusedError):
        public_key(der.sequence(der.sequence(der.oid("1.2.3"))))


def test_a_key_that_cannot_be_decoded_verifies_nothing() -> None:
    """Such a signer has no key in the facts, and every signature under it is bad."""
    issued = issue_all(Scenario((ca("root", ROOT, ROOT),)), seed=SEED, now=NOW)
    good = keys.spki(ROOT.key)
    encoding = issued.certificates["root"].replace(good, good[:-64] + b"\x01" * 64)
    facts = read(replace(issued.case, peer=(encoding,)))
    assert facts.peer[0].key is None
    assert facts.signatures == {}
    assert facts.verifies(facts.peer[0], facts.peer[0]) is BAD


@pytest.mark.parametrize("digest", ["pss-sha256", "pss-sha1"])
@pytest.mark.parametrize("key", ["rsa2048-3", "pss-0"])
def test_rsassa_pss_signs(key: str, digest: str) -> None:
    """With a plain RSA key and with one for PSS alone; and always the same bytes."""
    signed = spec(issuer=Entity(NameSpec.cn("Any"), key), digest=digest)
    assert found(signed) is GOOD
    assert found(replace(signed, corrupt=True)) is BAD
    first, second = (facts_with(signed).peer[0].fingerprint for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("digest", "expected"), [("unknown", BAD), ("ripemd160", UNKNOWN)]
)
def test_what_is_only_named_is_not_found_good(digest: str, expected: Signature) -> None:
    """An algorithm nobody knows is bad, one that OpenSSL alone knows is in doubt."""
    issuer = Entity(NameSpec.cn("Any"), "rsa2048-3")
    assert found(spec(issuer=issuer, digest=digest)) is expected
