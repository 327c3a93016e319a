"""The key pool."""

import hashlib
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_der_private_key

from harness.pki import keys
from harness.pki.ber import Cursor


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


def test_an_unknown_key_is_named_in_the_error() -> None:
    """The message shows the name asked for, and the names there are."""
    with pytest.raises(keys.KeyPoolError, match=r"'p256-99' is no key.*ed25519-3"):
        keys.spki("p256-99")
