"""Names and general names as OpenSSL reads and compares them."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from harness.facts import Attribute, GeneralName, Name, NameKind
from harness.pki import der
from harness.pki.ber import Cursor, RefusedError, UncertainError, bits, dotted

_NUMERIC, _VISIBLE, _UNIVERSAL = 0x12, 0x1A, 0x1C

_CODECS: Final[Mapping[int, str]] = {
    der.UTF8_STRING: "utf-8",
    _NUMERIC: "latin-1",
    der.PRINTABLE_STRING: "latin-1",
    der.TELETEX_STRING: "latin-1",
    der.IA5_STRING: "latin-1",
    _VISIBLE: "latin-1",
    _UNIVERSAL: "utf-32-be",
    der.BMP_STRING: "utf-16-be",
}
"""How ``ASN1_STRING_to_UTF8`` reads each string type (``tag2nbyte``)."""

_LONG_UTF8: Final = re.compile(
    rb"(?:[\x00-\x7f]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}"
    rb"|[\xf0-\xf7][\x80-\xbf]{3}|[\xf8-\xfb][\x80-\xbf]{4}|[\xfc\xfd][\x80-\xbf]{5})*"
)
"""UTF-8 as it was before it had a limit; what is longer than it need be, too."""

_FOLDED: Final = frozenset(_CODECS) - {_NUMERIC}
"""``ASN1_MASK_CANON``: the types that a comparison looks through."""

_VALUES: Final = frozenset(
    {3, 7, 8, 9, 11, 12, 13, 14, 15, 16, 18, 19, 20, 22, 28, 29, 30}
)
"""``B_ASN1_PRINTABLE``: the universal types an attribute's value may have."""

_DIRECTORY_STRINGS: Final = frozenset({12, 19, 20, 28, 30})
"""``B_ASN1_DIRECTORYSTRING``."""

_MAX_NAME: Final = 1 << 20
"""``X509_NAME_MAX``."""

_SPACES: Final = re.compile(rb"[ \t\n\v\f\r]+")

_KINDS: Final[Mapping[int, NameKind]] = {
    0xA0: NameKind.OTHER,
    0x81: NameKind.EMAIL,
    0x82: NameKind.DNS,
    0xA3: NameKind.X400,
    0xA4: NameKind.DIRECTORY,
    0xA5: NameKind.EDI_PARTY,
    0x86: NameKind.URI,
    0x87: NameKind.IP,
    0x88: NameKind.REGISTERED_ID,
}
"""GeneralName's choices by identifier octet."""


def _text(tag: int, content: bytes) -> str | None:
    """``ASN1_STRING_to_UTF8``, or None where it fails.

    Raises ``UncertainError`` for what is no character of Unicode: 3.0 refuses it, and
    1.1.1 does not (``UTF8_getc``).
    """
    codec = _CODECS.get(tag)
    if codec is None:
        return None
    try:
        text = content.decode(codec)
    except UnicodeDecodeError:
        if _is_beyond_unicode(tag, content):
            raise UncertainError(f"{content[:40]!r} is not of Unicode") from None
        return None
    if tag == der.BMP_STRING and len(text) * 2 != len(content):
        raise UncertainError(f"surrogates: {content[:40]!r}")
    return text


def _is_beyond_unicode(tag: int, content: bytes) -> bool:
    """Whether the octets are characters that there are not: surrogates, or numbers
    above U+10FFFF."""
    if tag == der.UTF8_STRING:
        return _LONG_UTF8.fullmatch(content) is not None
    return len(content) % {_UNIVERSAL: 4, der.BMP_STRING: 2}.get(tag, 1) == 0


def _value(entry: Cursor) -> tuple[int, bytes, bytes]:
    """Universal tag, content octets and whole encoding of an attribute's value."""
    octet = entry.data[entry.at] if entry.more() else 0
    tag = octet & 0x1F
    if octet & 0xC0 or (tag not in _VALUES and tag != 0x1F):
        raise RefusedError(f"no attribute value has tag {octet:#04x}")
    raw = entry.anything()
    inner = Cursor(raw)
    content = inner.list_of(tag)
    return tag, raw[content.at : content.end], raw


def _canonical_value(
    tag: int, content: bytes, raw: bytes, text: str | None
) -> bytes | None:
    """``asn1_string_canon``, encoded; None where the string is none of its type."""
    if tag in _FOLDED:
        if text is None:
            return None
        folded = _SPACES.sub(b" ", text.encode()).strip(b" ").lower()
        return der.tlv(der.UTF8_STRING, folded)
    if tag == 0x10:
        return raw
    if tag == der.BIT_STRING:
        octets, unused = bits(content)
        return der.bit_string(octets, unused)
    return der.tlv(tag, content)


def _attribute(entry: Cursor) -> tuple[Attribute, bytes | None]:
    """One attribute (``X509_NAME_ENTRY``), and its canonical encoding if it has one."""
    kind = entry.content(der.OBJECT_IDENTIFIER)
    oid = dotted(kind)
    if not entry.more():
        raise RefusedError(f"attribute {oid} has no value")
    tag, content, raw = _value(entry)
    entry.finish()
    text = _text(tag, content)
    value = _canonical_value(tag, content, raw, text)
    canonical = None
    if value is not None:
        canonical = der.sequence(der.tlv(der.OBJECT_IDENTIFIER, kind), value)
    return Attribute(oid, tag, content, text), canonical


def _attributes(rdn: Cursor) -> list[tuple[Attribute, bytes | None]]:
    found = []
    while rdn.more():
        found.append(_attribute(rdn.structure()))
    return found


@lru_cache(maxsize=4096)
def name(encoding: bytes) -> Name:
    """A Name, with OpenSSL's canonical form (``x509_name_canon``).

    An RDN of no attribute leaves no trace, as in OpenSSL. Raises ``RefusedError``
    and ``UncertainError``.
    """
    if len(encoding) > _MAX_NAME:
        raise UncertainError(f"a name of {len(encoding)} octets")
    outer = Cursor(encoding)
    listed = outer.list_of()
    canonical: list[bytes] = []
    rdns: list[tuple[Attribute, ...]] = []
    while listed.more():
        found = _attributes(listed.list_of(der.SET))
        for attribute, form in found:
            if form is None:
                value = attribute.value[:40]
                raise RefusedError(f"{value!r} is no string of type {attribute.tag}")
        if found:
            canonical.append(der.set_of(form for _, form in found if form is not None))
            rdns.append(tuple(attribute for attribute, _ in found))
    return Name(b"".join(canonical), tuple(rdns))


def relative_name(fragment: Cursor, issuer: Name) -> Name | None:
    """The issuer's name with the attributes of a fragment appended, or None where
    the fragment decodes and makes no name.

    Each becomes an RDN of its own: ``DIST_POINT_set_dpname`` asks for one RDN, and
    ``X509_NAME_add_entry`` gives an appended entry the next set number regardless.
    """
    canonical = issuer.canonical
    rdns = list(issuer.rdns)
    for attribute, form in _attributes(fragment):
        if form is None:
            return None
        canonical += der.set_of((form,))
        rdns.append((attribute,))
    return Name(canonical, tuple(rdns))


def _directory_string(holder: Cursor) -> None:
    octet = holder.data[holder.at] if holder.more() else 0
    if octet & 0xC0 or octet & 0x1F not in _DIRECTORY_STRINGS | {0x1F}:
        raise RefusedError(f"no directory string has tag {octet:#04x}")
    holder.anything()
    holder.finish()


def _other_name(inside: Cursor) -> str:
    type_id = inside.oid()
    value = inside.structure(0xA0)
    value.anything()
    value.finish()
    inside.finish()
    return type_id


def _check_edi_party(inside: Cursor) -> None:
    if inside.next_is(0xA0):
        _directory_string(inside.structure(0xA0))
    _directory_string(inside.structure(0xA1))
    inside.finish()


def general_name(names: Cursor) -> GeneralName:
    """The next GeneralName (RFC 5280, 4.2.1.6)."""
    octet = names.data[names.at] if names.more() else 0
    expected = next((tag for tag in _KINDS if tag | 0x20 == octet | 0x20), None)
    if expected is None:
        names.raw()
        raise RefusedError(f"no general name has tag {octet:#04x}")
    kind = _KINDS[expected]
    match kind:
        case NameKind.EMAIL | NameKind.DNS | NameKind.URI | NameKind.IP:
            return GeneralName(kind, names.string(expected))
        case NameKind.REGISTERED_ID:
            start = names.at
            names.oid(expected)
            return GeneralName(kind, Cursor(names.data, start).content(expected))
        case _:
            inside = names.structure(expected)
            content = inside.data[inside.at : inside.end]
    match kind:
        case NameKind.DIRECTORY:
            encoding = inside.raw()
            inside.finish()
            return GeneralName(kind, content, name=name(encoding))
        case NameKind.OTHER:
            return GeneralName(kind, content, type_id=_other_name(inside))
        case NameKind.EDI_PARTY:
            _check_edi_party(inside)
    return GeneralName(kind, content)


def general_names(names: Cursor) -> tuple[GeneralName, ...]:
    """All of a SEQUENCE OF GeneralName."""
    found = []
    while names.more():
        found.append(general_name(names))
    return tuple(found)
