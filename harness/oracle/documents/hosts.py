"""The reference name against the names of the peer's certificate.

Plain is one exact dNSName or iPAddress; clearly absent is a name that no reading of
RFC 9525, wildcards included, finds in the certificate. All between is left open.
"""

import ipaddress
from typing import Final

from harness.facts import Certificate, GeneralName, Malformed, NameKind
from harness.oracle.documents.remarks import Remark

_COMMON_NAME: Final = "2.5.4.3"
_MISMATCH: Final = frozenset({62, 63, 64})


def host_remarks(certificate: Certificate, name: str) -> tuple[Remark, ...]:
    """What is not plain about the certificate's names for this reference name."""
    names = certificate.subject_alt_name or ()
    if isinstance(names, Malformed):
        return (Remark("the alternative names are malformed"),)
    address = _address(name)
    if address is not None:
        return _address_remarks(names, address)
    if not name.strip("0123456789+-. "):
        return (Remark("a reference name that may be an address", _MISMATCH),)
    wanted = name.lower().rstrip(".")
    found = [item.value for item in names if item.kind is NameKind.DNS]
    if not _is_plain(wanted) or name.endswith("."):
        return (Remark("the reference name is unusual", _MISMATCH),)
    if wanted.encode() in [value.lower() for value in found]:
        return ()
    texts = [value.decode("latin-1").lower() for value in found]
    if not found:
        texts = [
            attribute.text or ""
            for attribute in certificate.subject.attributes
            if attribute.oid == _COMMON_NAME
        ]
    if any(_could_match(text.lower(), wanted) for text in texts):
        return (Remark("the reference name matches in an unusual way", _MISMATCH),)
    return (
        Remark(
            "the reference name is absent",
            _MISMATCH,
            ("VERIFY_DEFAULT/host-name",),
        ),
    )


def _address(name: str) -> bytes | None:
    try:
        return ipaddress.ip_address(name).packed
    except ValueError:
        return None


def _address_remarks(
    names: tuple[GeneralName, ...], address: bytes
) -> tuple[Remark, ...]:
    found = [item.value for item in names if item.kind is NameKind.IP]
    if address in found:
        return ()
    if any(item.kind is NameKind.DNS for item in names) and not found:
        return (Remark("an address against dNSNames", _MISMATCH),)
    return (
        Remark(
            "the reference address is absent", _MISMATCH, ("VERIFY_DEFAULT/host-name",)
        ),
    )


def _is_plain(wanted: str) -> bool:
    labels = wanted.split(".")
    return all(
        label
        and all(sign.isascii() and (sign.isalnum() or sign == "-") for sign in label)
        for label in labels
    )


def _could_match(text: str, wanted: str) -> bool:
    """Whether any reading finds a match: wildcards, trailing dots, odd octets."""
    plain = text.strip().rstrip(".")
    return "*" in plain or plain == wanted or not _is_plain(plain)
