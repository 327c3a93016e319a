"""The specification of edits: what is done to the bytes of a signed item.

An edit names its element by a *place*, the names of RFC 5280 from the outside in with
dots between, such as ``tbsCertificate.serialNumber``; an extension stands under its
name, what has no name under its number. ``harness.pki.edit`` carries edits out.
"""

from dataclasses import dataclass
from enum import StrEnum


class EditKind(StrEnum):
    """What is done to one element; the value says it in words, the plainest first."""

    LEFT_OUT = "left out"
    TWICE = "there twice"
    EMPTIED = "emptied"
    NULLED = "a NULL in its place"
    NULL_AFTER = "a NULL after it"
    SHORTENED = "cut short"
    LENGTHENED = "octets added to its content"
    FLIPPED = "a bit turned"
    ODD_VALUE = "an odd value in its place"
    PADDED = "made non-minimal"
    SWAPPED = "swapped with the next"
    BACKWARDS = "its elements backwards"
    RETAGGED = "of another type"
    FORM = "of the other form"
    LONG_TAG = "its tag in long form"
    LONG_LENGTH = "its length in too many octets"
    WRONG_LENGTH = "its length wrong"
    INDEFINITE = "of indefinite length"
    IN_PIECES = "in pieces"
    NESTED = "nested deeply"
    FOLLOWED = "octets after it"
    REPEATED = "repeated many times"
    GRAFTED = "taken from another item"


@dataclass(frozen=True, slots=True)
class EditSpec:
    """One edit of a certificate or CRL, given by its label.

    ``number`` chooses among the ways of the kind, the plainest being 0. An edit whose
    place the item does not have does nothing.
    """

    item: str
    place: str
    """Empty for the item as a whole."""
    kind: EditKind
    number: int = 0
    other: str = ""
    """The label of the item that a ``GRAFTED`` element is taken from."""
    signed: bool = True
    """Edited before signing, so that the signature is good; what stands outside of
    the signed octets can only be edited after."""
