"""Certificate policies as OpenSSL decodes them (``CERTIFICATEPOLICIES``,
``POLICY_MAPPINGS``, ``POLICY_CONSTRAINTS``).

Source: v3_cpols.c, v3_pmaps.c and v3_pcons.c; the qualifiers are read only to tell
whether they decode.
"""

from typing import Final

from harness.facts import PolicyConstraints
from harness.pki import der
from harness.pki.ber import Cursor, RefusedError
from harness.pki.identifiers import QUALIFIER_CPS, QUALIFIER_NOTICE

_VISIBLE_STRING: Final = 0x1A
_DISPLAY: Final = (der.IA5_STRING, _VISIBLE_STRING, der.BMP_STRING, der.UTF8_STRING)
"""``B_ASN1_DISPLAYTEXT``: the string types of a DisplayText."""


def _is_text(at: Cursor) -> bool:
    return any(at.next_is(tag) for tag in _DISPLAY)


def _text(at: Cursor) -> None:
    for tag in _DISPLAY:
        if at.next_is(tag):
            if len(at.string(tag)) % 2 and tag == der.BMP_STRING:
                raise RefusedError(f"half a character at {at.at}")
            return
    raise RefusedError(f"no text at {at.at}")


def _notice(at: Cursor) -> None:
    """``USERNOTICE``."""
    inside = at.structure()
    if inside.next_is(der.SEQUENCE):
        reference = inside.structure()
        _text(reference)
        numbers = reference.list_of()
        while numbers.more():
            numbers.integer()
        reference.finish()
    if inside.more() and _is_text(inside):
        _text(inside)
    inside.finish()


def _qualifier(at: Cursor) -> None:
    """``POLICYQUALINFO``: what its type says, or anything."""
    inside = at.structure()
    kind = inside.oid()
    if kind == QUALIFIER_CPS:
        inside.string(der.IA5_STRING)
    elif kind == QUALIFIER_NOTICE:
        _notice(inside)
    else:
        inside.anything()
    inside.finish()


def policies(at: Cursor) -> tuple[str, ...]:
    """The policies of ``CERTIFICATEPOLICIES``, which may be empty."""
    listed = at.list_of()
    found = []
    while listed.more():
        entry = listed.structure()
        found.append(entry.oid())
        if entry.more():
            qualifiers = entry.list_of()
            while qualifiers.more():
                _qualifier(qualifiers)
        entry.finish()
    return tuple(found)


def mappings(at: Cursor) -> tuple[tuple[str, str], ...]:
    """``POLICY_MAPPINGS``, which may be empty."""
    listed = at.list_of()
    found = []
    while listed.more():
        pair = listed.structure()
        found.append((pair.oid(), pair.oid()))
        pair.finish()
    return tuple(found)


def constraints(at: Cursor) -> PolicyConstraints:
    """``POLICY_CONSTRAINTS``, which may have neither field."""
    inside = at.structure()
    explicit = inside.integer(0x80) if inside.next_is(0x80) else None
    mapping = inside.integer(0x81) if inside.next_is(0x81) else None
    inside.finish()
    return PolicyConstraints(explicit, mapping)
