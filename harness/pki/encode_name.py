"""Names and general names of a scenario as DER.

Every function raises ``SpecError``, with the value, for what has no encoding.
"""

import ipaddress
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from harness.facts import NameKind
from harness.pki import der
from harness.pki.identifiers import ATTRIBUTES
from harness.pki.spec import (
    AttributeSpec,
    GeneralNameSpec,
    NameSpec,
    SpecError,
    StringType,
)

_STRINGS: Final[Mapping[StringType, tuple[int, str]]] = {
    StringType.UTF8: (der.UTF8_STRING, "utf-8"),
    StringType.PRINTABLE: (der.PRINTABLE_STRING, "ascii"),
    StringType.IA5: (der.IA5_STRING, "ascii"),
    StringType.TELETEX: (der.TELETEX_STRING, "latin-1"),
    StringType.BMP: (der.BMP_STRING, "utf-16-be"),
}
"""Tag and codec. TeletexString is Latin-1, as everybody but T.61 has it."""

_CHOICES: Final[Mapping[NameKind, int]] = {
    NameKind.OTHER: 0,
    NameKind.EMAIL: 1,
    NameKind.DNS: 2,
    NameKind.X400: 3,
    NameKind.DIRECTORY: 4,
    NameKind.EDI_PARTY: 5,
    NameKind.URI: 6,
    NameKind.IP: 7,
    NameKind.REGISTERED_ID: 8,
}
"""The context tags of GeneralName (RFC 5280, 4.2.1.6)."""

_CONSTRUCTED: Final = frozenset(
    {NameKind.OTHER, NameKind.X400, NameKind.DIRECTORY, NameKind.EDI_PARTY}
)


def oid(dotted: str) -> bytes:
    """An OBJECT IDENTIFIER."""
    try:
        return der.oid(dotted)
    except der.DerError as error:
        raise SpecError(str(error)) from error


@lru_cache(maxsize=4096)
def attribute(spec: AttributeSpec) -> bytes:
    """An AttributeTypeAndValue (RFC 5280, 4.1.2.4)."""
    kind = oid(ATTRIBUTES.get(spec.type, spec.type))
    if spec.raw is not None:
        return der.sequence(kind, spec.raw)
    tag, codec = _STRINGS[spec.string]
    try:
        content = spec.value.encode(codec)
    except UnicodeEncodeError as error:
        raise SpecError(f"{spec.value!r} is no {spec.string}: {error.reason}") from None
    if spec.string is StringType.BMP and any(char > "\uffff" for char in spec.value):
        raise SpecError(f"{spec.value!r} is no {spec.string}: beyond the basic plane")
    return der.sequence(kind, der.tlv(tag, content))


@lru_cache(maxsize=4096)
def name(spec: NameSpec) -> bytes:
    """A Name: a SEQUENCE of relative distinguished names, each a SET OF attributes."""
    return der.sequence(
        *(der.set_of(attribute(item) for item in rdn) for rdn in spec.rdns)
    )


def relative_name(spec: AttributeSpec) -> bytes:
    """A RelativeDistinguishedName of one attribute."""
    return der.set_of((attribute(spec),))


def _address(value: str) -> bytes:
    try:
        if "/" not in value:
            return ipaddress.ip_address(value).packed
        network = ipaddress.ip_network(value)
    except ValueError as error:
        raise SpecError(f"{value!r} is no IP address or network: {error}") from None
    return network.network_address.packed + network.netmask.packed


def _other_name(value: str) -> bytes:
    type_id, separator, text = value.partition(":")
    if not separator:
        raise SpecError(f"otherName {value!r} is not TYPE-ID:TEXT, and has no raw form")
    return oid(type_id) + der.explicit(0, der.tlv(der.UTF8_STRING, text.encode()))


def _content(spec: GeneralNameSpec) -> bytes:
    if spec.raw is not None:
        return spec.raw
    match spec.kind:
        case NameKind.EMAIL | NameKind.DNS | NameKind.URI:
            try:
                return spec.value.encode("ascii")
            except UnicodeEncodeError:
                raise SpecError(
                    f"{spec.kind} {spec.value!r} is not ASCII, and has no raw form"
                ) from None
        case NameKind.DIRECTORY:
            if spec.directory is None:
                raise SpecError(f"directoryName {spec.value!r} has no directory")
            return name(spec.directory)
        case NameKind.IP:
            return _address(spec.value)
        case NameKind.REGISTERED_ID:
            return oid(spec.value)[2:]
        case NameKind.OTHER:
            return _other_name(spec.value)
        case NameKind.X400 | NameKind.EDI_PARTY:
            raise SpecError(f"{spec.kind} {spec.value!r} has no raw form")


@lru_cache(maxsize=4096)
def general_name(spec: GeneralNameSpec) -> bytes:
    """A GeneralName (RFC 5280, 4.2.1.6)."""
    form = 0xA0 if spec.kind in _CONSTRUCTED else 0x80
    return der.tlv(form | _CHOICES[spec.kind], _content(spec))


def general_names(specs: Iterable[GeneralNameSpec]) -> bytes:
    """A GeneralNames, which may be empty though RFC 5280 says it is not."""
    return der.sequence(*(general_name(spec) for spec in specs))
