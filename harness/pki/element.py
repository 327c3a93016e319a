"""An encoding as a tree of elements that can be changed and written back.

Only what we issued ourselves is parsed here, and it is DER but for the values of
extensions; what is written may be anything.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from harness.pki import der, identifiers
from harness.pki.ber import RefusedError, UncertainError, header

CONSTRUCTED: Final = 0x20
"""The identifier octet's bit that says constructed."""

_EXTENSIONS: Final[Mapping[str, str]] = {
    identifiers.BASIC_CONSTRAINTS: "basicConstraints",
    identifiers.KEY_USAGE: "keyUsage",
    identifiers.EXTENDED_KEY_USAGE: "extKeyUsage",
    identifiers.SUBJECT_KEY_ID: "subjectKeyIdentifier",
    identifiers.AUTHORITY_KEY_ID: "authorityKeyIdentifier",
    identifiers.SUBJECT_ALT_NAME: "subjectAltName",
    identifiers.NAME_CONSTRAINTS: "nameConstraints",
    identifiers.DISTRIBUTION_POINTS: "cRLDistributionPoints",
    identifiers.PROXY_CERT_INFO: "proxyCertInfo",
    identifiers.POLICIES: "certificatePolicies",
    identifiers.CRL_NUMBER: "cRLNumber",
    identifiers.CRL_REASON: "reasonCode",
    identifiers.DELTA_INDICATOR: "deltaCRLIndicator",
    identifiers.ISSUING_POINT: "issuingDistributionPoint",
    identifiers.CERTIFICATE_ISSUER: "certificateIssuer",
    identifiers.INVALIDITY_DATE: "invalidityDate",
}
"""The steps of a place that are extensions, by their types."""

_TIME: Final = "time"
_Fields = Sequence[tuple[str, int | str]]
_CERTIFICATE: Final[_Fields] = (
    ("version", 0xA0),
    ("serialNumber", der.INTEGER),
    ("signature", der.SEQUENCE),
    ("issuer", der.SEQUENCE),
    ("validity", der.SEQUENCE),
    ("subject", der.SEQUENCE),
    ("subjectPublicKeyInfo", der.SEQUENCE),
    ("extensions", 0xA3),
)
"""TBSCertificate (RFC 5280, 4.1) as we issue it: names and identifier octets."""
_CRL: Final[_Fields] = (
    ("version", der.INTEGER),
    ("signature", der.SEQUENCE),
    ("issuer", der.SEQUENCE),
    ("thisUpdate", _TIME),
    ("nextUpdate", _TIME),
    ("revokedCertificates", der.SEQUENCE),
    ("crlExtensions", 0xA0),
)
"""TBSCertList (RFC 5280, 5.1)."""
_ROWS: Final[Mapping[str, Sequence[str]]] = {
    "validity": ("notBefore", "notAfter"),
    "signature": ("algorithm", "parameters"),
    "signatureAlgorithm": ("algorithm", "parameters"),
    "subjectPublicKeyInfo": ("algorithm", "subjectPublicKey"),
}
"""The names of what stands in these, in order."""
_ENTRY: Final = ("userCertificate", "revocationDate", "crlEntryExtensions")


@dataclass(slots=True, eq=False)
class Element:
    """One element: identifier octets, and content octets or the elements in it."""

    identifier: bytes
    content: bytes
    """The content octets; with ``children``, those that stand before them."""
    children: "list[Element] | None" = None
    length: bytes | None = None
    """Length octets in place of those that DER has."""
    after: bytes = b""
    """Octets after the content that its length does not count."""

    @property
    def tag(self) -> int:
        """The first identifier octet."""
        return self.identifier[0]


def length_octets(count: int) -> bytes:
    """The length octets that DER has for so many content octets."""
    if count < 0x80:
        return bytes((count,))
    size = (count.bit_length() + 7) // 8
    return bytes((0x80 | size,)) + count.to_bytes(size, "big")


def inside(element: Element) -> bytes:
    """The content octets as they are written."""
    return element.content + b"".join(map(written, element.children or ()))


def written(element: Element) -> bytes:
    """The octets of the element."""
    content = inside(element)
    length = element.length
    if length is None:
        length = length_octets(len(content))
    return element.identifier + length + content + element.after


def copied(element: Element) -> Element:
    """The same element again, to be changed by itself."""
    children = element.children
    return Element(
        element.identifier,
        element.content,
        None if children is None else list(map(copied, children)),
        element.length,
        element.after,
    )


def parsed(encoding: bytes) -> Element:
    """The tree of one encoding of ours. Raises ``RefusedError`` or ``UncertainError``
    for what is no encoding."""
    (root,) = _elements(encoding, 0, len(encoding))
    return root


def _elements(data: bytes, at: int, end: int) -> list[Element]:
    found: list[Element] = []
    while at < end:
        octet, start, stop = header(data, at, end)
        identifier = data[at : at + 1]
        if octet & CONSTRUCTED:
            children = _elements(data, start, stop)
            found.append(Element(identifier, b"", children))
        else:
            is_value = bool(found) and found[0].tag == der.OBJECT_IDENTIFIER
            found.append(_primitive(identifier, data[start:stop], is_value=is_value))
        at = stop
    return found


def _primitive(identifier: bytes, content: bytes, *, is_value: bool) -> Element:
    """A primitive element; the value of an extension, and a structure in a BIT STRING,
    as RSA keys and ECDSA signatures have, are parsed too."""
    before = 1 if content[:2] == bytes((0, der.SEQUENCE)) else 0
    if (identifier[0] == der.OCTET_STRING and is_value) or (
        identifier[0] == der.BIT_STRING and before
    ):
        try:
            children = _elements(content, before, len(content))
        except (RefusedError, UncertainError):
            children = []
        element = Element(identifier, content[:before], children)
        if len(children) == 1 and inside(element) == content:
            return element
    return Element(identifier, content)


def places(root: Element) -> dict[str, Element]:
    """Every element of a certificate or CRL by its place, outer ones first."""
    return dict(_places((), root))


def _places(path: tuple[str, ...], element: Element) -> Iterator[tuple[str, Element]]:
    yield ".".join(path), element
    children = element.children or []
    for step, child in zip(_steps(path, children), children, strict=True):
        yield from _places((*path, step), child)


def _steps(path: tuple[str, ...], children: Sequence[Element]) -> list[str]:
    """The last steps of the places of an element's children."""
    if not path:
        is_crl = any(
            child.tag in (der.UTC_TIME, der.GENERALIZED_TIME)
            for child in children[0].children or ()
        )
        body = "tbsCertList" if is_crl else "tbsCertificate"
        return [body, "signatureAlgorithm", "signatureValue"]
    name = path[-1]
    if name == "tbsCertificate":
        return _fields(_CERTIFICATE, children)
    if name == "tbsCertList":
        return _fields(_CRL, children)
    numbers = [str(number) for number in range(len(children))]
    if _is_extension(children):
        return ["extnID", *["critical"][: len(children) - 2], "extnValue"]
    if children and all(_is_extension(child.children or ()) for child in children):
        return _by_type(children)
    row = _ROWS.get(name, ())
    if path[-2:-1] == ("revokedCertificates",):
        row = _ENTRY
    return [*row[: len(numbers)], *numbers[len(row) :]]


def _fields(fields: _Fields, children: Sequence[Element]) -> list[str]:
    """The names of a structure's fields, by what is there; a number for others."""
    left = list(fields)
    steps: list[str] = []
    for number, child in enumerate(children):
        is_time = child.tag in (der.UTC_TIME, der.GENERALIZED_TIME)
        while left and left[0][1] != (_TIME if is_time else child.tag):
            left.pop(0)
        steps.append(left.pop(0)[0] if left else str(number))
    return steps


def _is_extension(children: Sequence[Element]) -> bool:
    return (
        len(children) in (2, 3)
        and children[0].tag == der.OBJECT_IDENTIFIER
        and children[-1].tag == der.OCTET_STRING
    )


def _by_type(extensions: Sequence[Element]) -> list[str]:
    """Extensions by name, the second of one name and those without by number."""
    steps: list[str] = []
    for number, extension in enumerate(extensions):
        oid = written((extension.children or [])[0])
        known = [name for dotted, name in _EXTENSIONS.items() if der.oid(dotted) == oid]
        name = known[0] if known else str(number)
        steps.append(str(number) if name in steps else name)
    return steps
