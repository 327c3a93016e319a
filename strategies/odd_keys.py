"""Departures in the public key that a certificate is about."""

from collections.abc import Callable
from typing import Final

from harness.pki import odd_keys
from harness.pki.spec import Entity
from strategies.departures import Change, Departure, Stage, departure, edit
from strategies.draft import Draft

_RSA: Final = "rsa2048-3"


def _of_rsa(made: Callable[[str], bytes]) -> Change:
    """The certificate's subject gets an RSA key, and it is written in that way."""

    def change(draft: Draft, place: int) -> Draft:
        subject = draft.at(place).subject
        draft = draft.became(subject, Entity(subject.name, _RSA))
        return draft.changed(draft.label(place), public_key=made(_RSA))

    return change


def _explicit_leaf(draft: Draft, _place: int) -> Draft:
    """The leaf's, since nothing says whether such a key verifies a signature."""
    return draft.changed(draft.path[0], public_key=odd_keys.explicit("p256-0"))


ODD_KEYS: Final[tuple[Departure, ...]] = (
    departure(
        "public key",
        Stage.CERTIFICATE,
        {
            "of a negative number": _of_rsa(odd_keys.negative),
            "for PSS alone": _of_rsa(odd_keys.for_pss),
            "explicit parameters": _explicit_leaf,
            "Ed448": edit(public_key=odd_keys.spki(odd_keys.ED448, bytes(57))),
            "Ed448, too short": edit(public_key=odd_keys.spki(odd_keys.ED448, b"")),
            "X25519": edit(public_key=odd_keys.spki(odd_keys.X25519, b"x" * 32)),
            "of an unknown type": edit(public_key=odd_keys.spki(odd_keys.UNKNOWN, b"")),
            "RSA, cut off": edit(public_key=odd_keys.spki(odd_keys.RSA, b"\x30\x03")),
        },
        "keys",
    ),
)
"""Keys that are seldom seen, and keys that are none."""
