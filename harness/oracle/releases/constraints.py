"""Names against name constraints, and a proxy's subject against its issuer.

Source: ``check_name_constraints`` (x509_vfy.c); ``NAME_CONSTRAINTS_check``,
``NAME_CONSTRAINTS_check_CN``, ``nc_match`` and its kin (v3_ncons.c).
"""

import string

from harness.facts import (
    Attribute,
    Certificate,
    GeneralName,
    Malformed,
    NameConstraints,
    NameKind,
    Subtree,
)
from harness.oracle.releases.building import Built
from harness.oracle.releases.identity import COMMON_NAME, IA5_STRING
from harness.oracle.releases.release import Release
from harness.oracle.releases.stage import Events, UnmodelledError
from harness.oracle.releases.uri import uri_host
from harness.verdict import Objection

OK = 0
UNSPECIFIED = 1
OUT_OF_MEMORY = 17
"""Also said of a commonName that is no text (``cn2dnsid``)."""
PERMITTED = 47
EXCLUDED = 48
MINMAX = 49
CONSTRAINT_TYPE = 51
NAME_SYNTAX = 53

EMAIL_ADDRESS = "1.2.840.113549.1.9.1"
SMTP_UTF8_MAILBOX = "1.3.6.1.5.5.7.8.9"
NAME_CHECK_MAX = 1 << 20

_RULES = {
    UNSPECIFIED: "constraint.too-many-names",
    PERMITTED: "constraint.not-permitted",
    EXCLUDED: "constraint.excluded",
    MINMAX: "constraint.minimum-or-maximum",
    CONSTRAINT_TYPE: "constraint.unsupported-type",
    NAME_SYNTAX: "constraint.unsupported-name",
}
_HOST = frozenset((string.ascii_letters + string.digits + "_").encode())


def check_names(built: Built, release: Release) -> Events:
    """``check_name_constraints``, from the anchor down to the end entity."""
    path = built.path
    for depth in range(len(path) - 1, -1, -1):
        certificate = path[depth]
        if depth != 0 and certificate.self_issued:
            continue
        if certificate.proxy and not _proxy_subject_fits(certificate.facts):
            yield Objection("proxy.subject-name", 72, depth)
        for above in range(len(path) - 1, depth, -1):
            constraints = path[above].facts.name_constraints
            if constraints is None or isinstance(constraints, Malformed):
                continue
            error = check(certificate.facts, constraints, release)
            if error == OK and depth == 0 and not _has_dns(certificate.facts):
                error = check_common_names(certificate.facts, constraints, release)
            if error == OUT_OF_MEMORY:
                # An internal error, which nothing lets pass.
                yield Objection("constraint.common-name-not-text", UNSPECIFIED, depth)
                return
            if error != OK:
                yield Objection(_RULES[error], error, depth)


def _proxy_subject_fits(facts: Certificate) -> bool:
    """RFC 3820, 3.4: the issuer's name and one more single-valued commonName.

    The flattened attributes are counted, as ``X509_NAME_entry_count`` does.
    """
    subject, issuer = facts.subject, facts.issuer
    count = len(subject.attributes)
    if count < 2 or count != len(issuer.attributes) + 1:
        return False
    if len(subject.rdns[-1]) > 1:
        return False
    if subject.rdns[-1][0].oid != COMMON_NAME:
        return False
    return _canonical_without_last(facts) == issuer.canonical


def _canonical_without_last(facts: Certificate) -> bytes:
    """The canonical form of all RDNs but the last: canon is RDN after RDN."""
    canonical = facts.subject.canonical
    at = 0
    last = 0
    while at < len(canonical):
        last = at
        length = canonical[at + 1]
        header = 2
        if length & 0x80:
            octets = length & 0x7F
            header += octets
            length = int.from_bytes(canonical[at + 2 : at + 2 + octets], "big")
        at += header + length
    return canonical[:last]


def _has_dns(facts: Certificate) -> bool:
    names = facts.subject_alt_name
    if names is None or isinstance(names, Malformed):
        return False
    return any(name.kind is NameKind.DNS for name in names)


def check(facts: Certificate, constraints: NameConstraints, release: Release) -> int:
    """``NAME_CONSTRAINTS_check``: subject, its e-mail addresses, alternative names."""
    names = facts.subject_alt_name
    if names is None or isinstance(names, Malformed):
        names = ()
    attributes = facts.subject.attributes
    count = len(attributes) + len(names)
    trees = len(constraints.permitted) + len(constraints.excluded)
    if count > 0 and trees > NAME_CHECK_MAX // count:
        return UNSPECIFIED
    if attributes:
        subject = GeneralName(NameKind.DIRECTORY, b"", facts.subject)
        error = match(subject, constraints, release)
        if error != OK:
            return error
        error = _check_subject_addresses(attributes, constraints, release)
        if error != OK:
            return error
    for name in names:
        error = match(name, constraints, release)
        if error != OK:
            return error
    return OK


def _check_subject_addresses(
    attributes: tuple[Attribute, ...], constraints: NameConstraints, release: Release
) -> int:
    for attribute in attributes:
        if attribute.oid != EMAIL_ADDRESS:
            continue
        if attribute.tag != IA5_STRING:
            return NAME_SYNTAX
        address = GeneralName(NameKind.EMAIL, attribute.value)
        error = match(address, constraints, release)
        if error != OK:
            return error
    return OK


def check_common_names(
    facts: Certificate, constraints: NameConstraints, release: Release
) -> int:
    """``NAME_CONSTRAINTS_check_CN``: commonNames that look like host names."""
    for attribute in facts.subject.attributes:
        if attribute.oid != COMMON_NAME:
            continue
        if attribute.text is None:
            return OUT_OF_MEMORY
        text = attribute.text.encode().rstrip(b"\0")
        if 0 in text:
            return NAME_SYNTAX
        if not _looks_like_host(text):
            continue
        error = match(GeneralName(NameKind.DNS, text), constraints, release)
        if error != OK:
            return error
    return OK


def _looks_like_host(text: bytes) -> bool:
    """``cn2dnsid``: two labels or more of host name characters."""
    is_host = False
    for at, octet in enumerate(text):
        if octet in _HOST:
            continue
        if 0 < at < len(text) - 1:
            if octet == ord("-"):
                continue
            after, before = text[at + 1], text[at - 1]
            if octet == ord(".") and after not in b".-" and before != ord("-"):
                is_host = True
                continue
        return False
    return is_host


def match(name: GeneralName, constraints: NameConstraints, release: Release) -> int:
    """``nc_match``: permitted subtrees of its kind, then excluded ones."""
    state = 0
    for tree in constraints.permitted:
        if not _same_kind(name, tree.base, release):
            continue
        if not _plain_bounds(tree, release):
            return MINMAX
        if state == 2:
            continue
        state = 1
        error = _match_one(name, tree.base, release)
        if error == OK:
            state = 2
        elif error != PERMITTED:
            return error
    if state == 1:
        return PERMITTED
    for tree in constraints.excluded:
        if not _same_kind(name, tree.base, release):
            continue
        if not _plain_bounds(tree, release):
            return MINMAX
        error = _match_one(name, tree.base, release)
        if error == OK:
            return EXCLUDED
        if error != PERMITTED:
            return error
    return OK


def _plain_bounds(tree: Subtree, release: Release) -> bool:
    if tree.minimum is not None and (
        tree.minimum != 0 or "constraint-minimum-may-be-zero" not in release
    ):
        return False
    return tree.maximum is None


def _effective(name: GeneralName, release: Release) -> NameKind:
    if (
        name.kind is NameKind.OTHER
        and name.type_id == SMTP_UTF8_MAILBOX
        and "mailbox-is-an-address" in release
    ):
        return NameKind.EMAIL
    return name.kind


def _same_kind(name: GeneralName, base: GeneralName, release: Release) -> bool:
    kind = _effective(name, release)
    if kind is not base.kind:
        return False
    if kind is not NameKind.OTHER or "other-names-by-type" not in release:
        return True
    return name.type_id == base.type_id


def _match_one(name: GeneralName, base: GeneralName, release: Release) -> int:
    match name.kind:
        case NameKind.OTHER:
            if _effective(name, release) is NameKind.EMAIL:
                raise UnmodelledError("an internationalised mail address")
            return CONSTRAINT_TYPE
        case NameKind.DIRECTORY:
            return _directory(name, base)
        case NameKind.DNS:
            return _dns(name.value, base.value)
        case NameKind.EMAIL:
            return _email(name.value, base.value)
        case NameKind.URI:
            return _uri(name.value, base.value, release)
        case NameKind.IP:
            return _ip(name.value, base.value)
        case _:
            return CONSTRAINT_TYPE


def _directory(name: GeneralName, base: GeneralName) -> int:
    assert name.name is not None  # a directoryName that was read has one
    assert base.name is not None
    inside = name.name.canonical.startswith(base.name.canonical)
    return OK if inside else PERMITTED


def _dns(name: bytes, base: bytes) -> int:
    if not base:
        return OK
    if len(name) < len(base):
        return PERMITTED
    at = len(name) - len(base)
    if at > 0 and not base.startswith(b".") and name[at - 1] != ord("."):
        return PERMITTED
    return OK if name[at:].lower() == base.lower() else PERMITTED


def _email(name: bytes, base: bytes) -> int:
    at = name.rfind(b"@")
    base_at = base.rfind(b"@")
    if at < 0:
        return NAME_SYNTAX
    if base_at < 0 and base.startswith(b"."):
        fits = len(name) > len(base) and name.lower().endswith(base.lower())
        return OK if fits else PERMITTED
    host = base
    if base_at >= 0:
        if base_at > 0:
            if base_at != at:
                return PERMITTED
            if 0 in base[:base_at] or 0 in name[:at]:
                return NAME_SYNTAX
            if base[:base_at] != name[:at]:
                return PERMITTED
        host = base[base_at + 1 :]
    return OK if host.lower() == name[at + 1 :].lower() else PERMITTED


def _uri(name: bytes, base: bytes, release: Release) -> int:
    """``nc_uri``: the host of a URI against a host, or a domain with a leading dot."""
    host = uri_host(name, release)
    if host is None:
        return NAME_SYNTAX
    if base.startswith(b"."):
        fits = len(host) > len(base) and host.lower().endswith(base.lower())
        return OK if fits else PERMITTED
    return OK if host.lower() == base.lower() else PERMITTED


def _ip(name: bytes, base: bytes) -> int:
    if len(name) not in (4, 16) or len(base) not in (8, 32):
        return NAME_SYNTAX
    if len(name) * 2 != len(base):
        return PERMITTED
    address, mask = base[: len(name)], base[len(name) :]
    for octet, wanted, bits in zip(name, address, mask, strict=True):
        if octet & bits != wanted & bits:
            return PERMITTED
    return OK
