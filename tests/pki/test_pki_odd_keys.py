"""Keys that are seldom seen: what is read back of them, and what they cannot be of."""

import pytest

from harness.pki import odd_keys
from harness.pki.keys import KeyPoolError
from harness.pki.read_key import public_key


def test_a_negative_modulus_is_the_same_number() -> None:
    """Without the octet of its sign the number is negative, and has all its bits."""
    facts = public_key(odd_keys.negative("rsa2048-0")).facts
    assert facts is not None
    assert (facts.algorithm, facts.bits, facts.negative) == ("RSA", 2048, True)


def test_a_key_for_pss_says_so() -> None:
    """Its type is not that of a plain RSA key."""
    facts = public_key(odd_keys.for_pss("rsa2048-0")).facts
    assert facts is not None
    assert (facts.algorithm, facts.negative) == ("RSA-PSS", False)


def test_a_curve_written_out_is_known() -> None:
    """Its strength is the named curve's, and that it is written out is told."""
    facts = public_key(odd_keys.explicit("p256-0")).facts
    assert facts is not None
    assert (facts.bits, facts.explicit_parameters) == (256, True)


@pytest.mark.parametrize(
    "made",
    [
        odd_keys.spki(odd_keys.UNKNOWN, b""),
        odd_keys.spki(odd_keys.ED448, b"short"),
        odd_keys.spki(odd_keys.RSA, b"\x30\x03"),
    ],
)
def test_what_is_no_key(made: bytes) -> None:
    """The structure is read; the key in it is none."""
    assert public_key(made).facts is None


@pytest.mark.parametrize(
    ("made", "name"),
    [
        (odd_keys.negative, "p256-0"),
        (odd_keys.for_pss, "ed25519-0"),
        (odd_keys.explicit, "p384-0"),
        (odd_keys.explicit, "rsa2048-0"),
    ],
)
def test_a_key_of_another_type_is_named(made: object, name: str) -> None:
    """A pool's key that cannot be written so is shown in the error."""
    assert callable(made)
    with pytest.raises(KeyPoolError, match=name):
        made(name)
