"""Extensions as OpenSSL decodes them (``X509V3_get_d2i`` and the types' templates).

What follows a well-formed value inside the extension's octets is ignored, as it is by
``ASN1_item_d2i``. An extension that is there twice cannot be used.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, TypeVar

from harness.facts import (
    AuthorityKeyId,
    BasicConstraints,
    DistributionPoint,
    Extension,
    IssuingPoint,
    Malformed,
    Name,
    NameConstraints,
    PointName,
    ProxyInfo,
    Subtree,
    Uncertain,
)
from harness.facts import GeneralName as General
from harness.pki import der
from harness.pki.ber import Cursor, RefusedError, UncertainError, mask
from harness.pki.read_name import general_name, general_names, relative_name

T = TypeVar("T")

_LONG: Final = 1 << 63
"""One more than OpenSSL's largest ``long``; ``ASN1_INTEGER_get`` has -1 beyond."""

_ALL_REASONS: Final = 0x807F
"""``CRLDP_ALL_REASONS``: the reason bits that OpenSSL keeps."""


@lru_cache(maxsize=8192)
def _decoded(decode: Callable[..., T], value: bytes, *context: Name) -> T | Malformed:
    try:
        return decode(Cursor(value), *context)
    except RefusedError as error:
        return Malformed(str(error))


@dataclass(frozen=True, slots=True)
class Extensions:
    """The extensions of one certificate, CRL or CRL entry, in order."""

    listed: tuple[Extension, ...] = ()
    values: Mapping[str, tuple[bytes, ...]] = field(default_factory=dict)
    """The octets of every extension of a type, by its OID."""

    def first(self, oid: str) -> bytes | None:
        """The octets of the first extension of that type, or None."""
        found = self.values.get(oid)
        return None if found is None else found[0]

    def get(
        self, oid: str, decode: Callable[..., T], *context: Name
    ) -> T | Malformed | None:
        """The one extension of that type, decoded; Malformed if it cannot be used.

        ``decode`` is given the octets and the context. Raises ``UncertainError`` where
        OpenSSL may decode it and we cannot.
        """
        found = self.values.get(oid)
        if found is None:
            return None
        if len(found) > 1:
            return Malformed("duplicate")
        # lru_cache's types know nothing of T.
        decoded: T | Malformed = _decoded(decode, found[0], *context)
        return decoded

    def each(self, oid: str, decode: Callable[..., T]) -> tuple[T | Malformed, ...]:
        """Every extension of that type, decoded as ``get`` decodes one."""
        return tuple(_decoded(decode, value) for value in self.values.get(oid, ()))

    def attempt(
        self, oid: str, decode: Callable[..., T]
    ) -> T | Malformed | Uncertain | None:
        """As ``get``, for a type that OpenSSL decodes only where it is asked about."""
        try:
            return self.get(oid, decode)
        except UncertainError as error:
            return Uncertain(str(error))


@lru_cache(maxsize=8192)
def _entry(encoding: bytes) -> tuple[Extension, bytes]:
    """``X509_EXTENSION``."""
    entry = Cursor(encoding).structure()
    oid = entry.oid()
    critical = entry.next_is(der.BOOLEAN) and entry.boolean()
    value = entry.string()
    entry.finish()
    return Extension(oid, critical), value


def extensions(listed: Cursor) -> Extensions:
    """All of a SEQUENCE OF Extension."""
    found: list[Extension] = []
    values: dict[str, tuple[bytes, ...]] = {}
    while listed.more():
        extension, value = _entry(listed.raw())
        found.append(extension)
        values[extension.oid] = (*values.get(extension.oid, ()), value)
    return Extensions(tuple(found), values)


def _long(value: int) -> int | None:
    """A number as ``ASN1_INTEGER_get`` has it, None for the -1 that means no limit."""
    return None if value == -1 or not -_LONG <= value < _LONG else value


def basic_constraints(at: Cursor) -> BasicConstraints:
    """``BASIC_CONSTRAINTS``. A path length is kept though no ``long`` holds it, or
    though it is negative."""
    inside = at.structure()
    ca = inside.next_is(der.BOOLEAN) and inside.boolean()
    length = inside.integer() if inside.more() else None
    inside.finish()
    return BasicConstraints(ca, length)


def bit_mask(at: Cursor) -> int:
    """A BIT STRING of named bits."""
    return mask(at.bit_string()[0])


def first_octet(at: Cursor) -> int:
    """A BIT STRING of named bits of which only the first octet is looked at."""
    return mask(at.bit_string()[0][:1])


def purposes(at: Cursor) -> tuple[str, ...]:
    """``EXTENDED_KEY_USAGE``, which may be empty."""
    inside = at.list_of()
    found = []
    while inside.more():
        found.append(inside.oid())
    return tuple(found)


def key_id(at: Cursor) -> bytes:
    """An OCTET STRING."""
    return at.string()


def integer(at: Cursor) -> int:
    """An INTEGER."""
    return at.integer()


def enumerated(at: Cursor) -> int:
    """An ENUMERATED."""
    return at.integer(der.ENUMERATED)


def generalized_time(at: Cursor) -> bytes:
    """A GeneralizedTime of no less than its 15 octets; the digits may be anything."""
    text = at.string(der.GENERALIZED_TIME)
    if len(text) < len("YYYYMMDDHHMMSSZ"):
        raise RefusedError(f"a time of {len(text)} octets")
    return text


def names(at: Cursor) -> tuple[General, ...]:
    """``GENERAL_NAMES``, which may be empty."""
    return general_names(at.list_of())


def authority_key_id(at: Cursor) -> AuthorityKeyId:
    """``AUTHORITY_KEYID``."""
    inside = at.structure()
    key = inside.string(0x80) if inside.next_is(0x80) else None
    issuer = general_names(inside.list_of(0xA1)) if inside.next_is(0xA1) else None
    serial = inside.integer(0x82) if inside.next_is(0x82) else None
    inside.finish()
    return AuthorityKeyId(key, issuer, serial)


def _subtrees(inside: Cursor, tag: int) -> tuple[Subtree, ...]:
    if not inside.next_is(tag):
        return ()
    listed = inside.list_of(tag)
    found = []
    while listed.more():
        tree = listed.structure()
        base = general_name(tree)
        minimum = tree.integer(0x80) if tree.next_is(0x80) else None
        maximum = tree.integer(0x81) if tree.next_is(0x81) else None
        tree.finish()
        found.append(Subtree(base, minimum, maximum))
    return tuple(found)


def name_constraints(at: Cursor) -> NameConstraints:
    """``NAME_CONSTRAINTS``."""
    inside = at.structure()
    found = NameConstraints(_subtrees(inside, 0xA0), _subtrees(inside, 0xA1))
    inside.finish()
    return found


@dataclass(frozen=True, slots=True)
class _Point:
    """A DistributionPointName whose relative name waits for its issuer."""

    full: tuple[General, ...] | None = None
    fragment: Cursor | None = None


def _point(holder: Cursor) -> _Point | None:
    if not holder.next_is(0xA0):
        return None
    choice = holder.structure(0xA0)
    if choice.next_is(0xA0):
        found = _Point(full=general_names(choice.list_of(0xA0)))
    else:
        found = _Point(fragment=choice.list_of(0xA1))
    choice.finish()
    return found


def _point_name(point: _Point | None, issuer: Name) -> PointName | None:
    if point is None:
        return None
    if point.fragment is None:
        return PointName(full=point.full)
    return PointName(relative=relative_name(point.fragment, issuer))


def _reasons(holder: Cursor, tag: int) -> int | None:
    if not holder.next_is(tag):
        return None
    return mask(holder.bit_string(tag)[0]) & _ALL_REASONS


def _issuer_of(crl_issuer: Iterable[General], issuer: Name) -> Name:
    """The name a relative one is relative to (``setup_dp``): the first directoryName
    of cRLIssuer, else the certificate's issuer."""
    return next((item.name for item in crl_issuer if item.name is not None), issuer)


def distribution_points(at: Cursor, issuer: Name) -> tuple[DistributionPoint, ...]:
    """``CRL_DIST_POINTS`` of a certificate of this issuer.

    Raises ``UncertainError`` for a relative name that makes none: OpenSSL then reads
    the certificate's extensions anew each time it needs one of them, and never ends.
    """
    listed = at.list_of()
    found = []
    while listed.more():
        entry = listed.structure()
        point = _point(entry)
        reasons = _reasons(entry, 0x81)
        crl_issuer: tuple[General, ...] = ()
        if entry.next_is(0xA2):
            crl_issuer = general_names(entry.list_of(0xA2))
        entry.finish()
        name = _point_name(point, _issuer_of(crl_issuer, issuer))
        if name is not None and name == PointName():
            raise UncertainError("a distribution point whose relative name makes none")
        found.append(DistributionPoint(name, reasons, crl_issuer))
    return tuple(found)


def issuing_point(at: Cursor, issuer: Name) -> IssuingPoint:
    """``ISSUING_DIST_POINT`` of a CRL of this issuer."""
    inside = at.structure()

    def flag(tag: int) -> bool:
        return inside.next_is(tag) and inside.boolean(tag)

    point = _point(inside)
    only_user, only_ca = flag(0x81), flag(0x82)
    octets = inside.bit_string(0x83)[0] if inside.next_is(0x83) else None
    indirect, only_attribute = flag(0x84), flag(0x85)
    inside.finish()
    return IssuingPoint(
        point=_point_name(point, issuer),
        only_user=only_user,
        only_ca=only_ca,
        only_attribute=only_attribute,
        indirect=indirect,
        reasons=None if octets is None else mask(octets) & _ALL_REASONS,
        names_no_reason=octets == b"",
    )


def proxy_info(at: Cursor) -> ProxyInfo:
    """``PROXY_CERT_INFO_EXTENSION``."""
    inside = at.structure()
    length = inside.integer() if inside.next_is(der.INTEGER) else None
    policy = inside.structure()
    language = policy.oid()
    if policy.next_is(der.OCTET_STRING):
        policy.string()
    policy.finish()
    inside.finish()
    return ProxyInfo(None if length is None else _long(length), language)
