"""The reference name against the end entity: host names and IP addresses.

Source: ``check_id`` (x509_vfy.c); ``do_x509_check``, ``equal_wildcard``,
``valid_star``, ``wildcard_match`` (v3_utl.c). Python sets
``X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS``, and leaves the fallback to commonName on.
"""

import string

from harness.facts import Certificate, Malformed, NameKind
from harness.oracle.releases.address import as_address
from harness.oracle.releases.release import Release
from harness.oracle.releases.stage import Events
from harness.verdict import Objection

COMMON_NAME = "2.5.4.3"
IA5_STRING = 22

_ALPHANUMERIC = frozenset((string.ascii_letters + string.digits).encode())
_LABEL = _ALPHANUMERIC | {ord("-")}


def check_identity(leaf: Certificate, name: str | None, release: Release) -> Events:
    """``check_id``: 62 for a host name, 64 for an IP address."""
    if name is None:
        return
    address = as_address(name, release)
    if address is None:
        if not has_host(leaf, name.encode()):
            yield Objection("name.host-mismatch", 62, 0)
    elif not has_address(leaf, address):
        yield Objection("name.address-mismatch", 64, 0)


def has_address(leaf: Certificate, address: bytes) -> bool:
    """``X509_check_ip``: an equal iPAddress; commonName never counts."""
    names = leaf.subject_alt_name
    if names is None or isinstance(names, Malformed):
        return False
    return any(name.kind is NameKind.IP and name.value == address for name in names)


def has_host(leaf: Certificate, host: bytes) -> bool:
    """``X509_check_host``: a dNSName, or a commonName where there is no dNSName."""
    names = leaf.subject_alt_name
    dns_present = False
    if names is not None and not isinstance(names, Malformed):
        for name in names:
            if name.kind is NameKind.DNS:
                dns_present = True
                if name.value and matches(name.value, host):
                    return True
    if dns_present:
        return False
    for attribute in leaf.subject.attributes:
        if attribute.oid != COMMON_NAME:
            continue
        if not attribute.value:
            continue
        if attribute.text is None:
            return False  # a decoding error ends the search without a match
        if matches(attribute.text.encode(), host):
            return True
    return False


def matches(pattern: bytes, host: bytes) -> bool:
    """``equal_wildcard``: a pattern of the certificate against the reference name."""
    subdomains = len(host) > 1 and host.startswith(b".")
    star = None if subdomains else valid_star(pattern)
    if star is None:
        if subdomains and len(pattern) > len(host):
            prefix = pattern[: len(pattern) - len(host)]
            if 0 not in prefix:
                pattern = pattern[len(prefix) :]
        return 0 not in pattern and pattern.lower() == host.lower()
    # The star is a whole first label, so that an xn-- label may stand for it too.
    suffix = pattern[star + 1 :]
    end = len(host) - len(suffix)
    if end < 1 or host[end:].lower() != suffix.lower():
        return False
    return host[:end] == b"*" or all(octet in _LABEL for octet in host[:end])


def valid_star(pattern: bytes) -> int | None:
    """``valid_star``: where the one legal wildcard stands, if there is one.

    It is the whole first label, and at least two dots follow.
    """
    star = None
    dots = 0
    start, hyphen, idna = True, False, False
    for at, octet in enumerate(pattern):
        if octet == ord("*"):
            at_end = at + 1 == len(pattern) or pattern[at + 1] == ord(".")
            if star is not None or idna or dots or not start or not at_end:
                return None
            star = at
            start = False
        elif octet in _ALPHANUMERIC:
            if start and pattern[at : at + 4].lower() == b"xn--":
                idna = True
            start = hyphen = False
        elif octet == ord("."):
            if start or hyphen:
                return None
            start, hyphen, idna = True, False, False
            dots += 1
        elif octet == ord("-"):
            if start:
                return None
            hyphen = True
        else:
            return None
    return None if start or hyphen or dots < 2 else star
