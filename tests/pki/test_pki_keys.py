"""The key pool."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_der_private_key

from harness.pki import curves, der, keys, read_key
from harness.pki.ber import Cursor, RefusedError, UncertainError


def test_the_pool_names_exactly_the_keys_that_are_there() -> None:
    """POOL and the file of keys name the same keys, each once."""
    stored = json.loads(Path(keys.__file__).with_name("pool.json").read_text())["keys"]
    assert sorted(keys.POOL) == sorted(stored)


@pytest.mark.parametrize("name", keys.POOL)
def test_a_key_is_what_its_name_says(name: str) -> None:
    """A key's type and size are those of its name, and PKCS#8 gives it back."""
    key = keys.private_key(name)
    match key:
        case RSAPrivateKey():
            found = f"rsa{key.key_size}"
        case EllipticCurvePrivateKey():
            found = f"p{key.key_size}"
        case Ed25519PrivateKey():
            found = "ed25519"
        case Ed448PrivateKey():
            found = "ed448"
    assert name.rpartition("-")[0] == found
    again = load_der_private_key(keys.pkcs8(name), password=None)
    assert type(again) is type(key)


def test_every_key_is_another() -> None:
    """No two keys of the pool are equal."""
    assert len({keys.spki(name) for name in keys.POOL}) == len(keys.POOL)


def test_a_key_identifier_is_of_the_key_bits_alone() -> None:
    """RFC 5280, 4.2.1.2, method 1: SHA-1 of the BIT STRING without tag and length."""
    inside = Cursor(keys.spki("p256-0")).structure()
    inside.raw()
    octets, _ = inside.bit_string()
    assert keys.key_id("p256-0") == hashlib.sha1(octets).digest()  # noqa: S324  # RFC


def public(name: str) -> read_key.Key:
    """The public key of that name, as it is read."""
    return read_key.public_key(keys.spki(name))


def test_an_explicit_key_spells_its_curve_out() -> None:
    """It is the pool's key, and verifies, but its curve has no name."""
    plain, odd = public("p256-15"), public("explicit-0")
    assert plain.facts is not None
    assert odd.facts is not None
    assert odd.facts.explicit_parameters
    assert odd.facts.security_bits == plain.facts.security_bits
    assert odd.public == plain.public


def test_a_key_for_pss_alone_is_the_same_key() -> None:
    """Type and numbers, without parameters that limit it."""
    odd = public("pss-0")
    assert odd.facts is not None
    assert odd.facts.algorithm == "RSA-PSS"
    assert odd.public == public("rsa2048-3").public
    assert not odd.restricted


def test_a_broken_key_is_no_key() -> None:
    """Its point is on no curve."""
    assert public("broken-0").facts is None


def spelt(parameters: bytes) -> read_key.Key:
    """The pool's explicit key under other parameters."""
    inside = Cursor(keys.spki("explicit-0")).structure()
    inside.raw()
    algorithm = der.sequence(der.oid("1.2.840.10045.2.1"), parameters)
    return read_key.public_key(der.sequence(algorithm, inside.raw()))


def test_of_parameters_of_ones_own_nothing_is_said() -> None:
    """A base point of one's own under the known order: whether that is a group is not
    for us to say."""
    other = replace(curves.P256, base=(1, 1))
    with pytest.raises(UncertainError, match="unknown curve"):
        spelt(curves.explicit(other))


def test_a_compressed_base_point_is_the_known_curve() -> None:
    """Its key is not loaded, since its curve is not written as the named one's."""
    found = spelt(curves.explicit(curves.P256, compressed=True))
    assert found.facts is not None
    assert found.facts.explicit_parameters
    assert found.public is None


@pytest.mark.parametrize("place", range(6))
def test_octets_after_an_element_make_no_parameters(place: int) -> None:
    """OpenSSL's templates end with their last element; nothing else may follow it."""
    inside = Cursor(curves.explicit(curves.P256)).structure()
    elements = []
    while inside.more():
        elements.append(inside.raw())
    elements.insert(place + 1, b"\x05\x00")
    with pytest.raises(RefusedError):
        curves.written(der.sequence(*elements))


def test_a_seed_may_stand_in_a_curve() -> None:
    """``openssl ecparam`` writes one; it changes nothing of what is read."""
    inside = Cursor(curves.explicit(curves.P256)).structure()
    elements = [inside.raw() for _ in range(6)]
    curve = Cursor(elements[2]).structure()
    elements[2] = der.sequence(curve.raw(), curve.raw(), der.bit_string(b"seed"))
    read = curves.written(der.sequence(*elements))
    assert read.is_of(curves.P256)
    assert not curves.is_doubtful(read)


def test_an_unknown_key_is_named_in_the_error() -> None:
    """The message shows the name asked for, and the names there are."""
    with pytest.raises(keys.KeyPoolError, match=r"'p256-99' is no key.*ed25519-3"):
        keys.spki("p256-99")
