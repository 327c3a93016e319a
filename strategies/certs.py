"""Strategies for what a certificate says: dates, extensions, version, signature."""

from collections.abc import Mapping
from typing import Any, Final

from hypothesis.strategies import SearchStrategy

from harness.case import Role
from harness.pki.spec import (
    EE_USAGE,
    AuthorityKeyIdSpec,
    BasicConstraintsSpec,
    Entity,
    ExtendedKeyUsageSpec,
    KeyId,
    KeyUsageSpec,
    NameSpec,
    RawExtension,
    Scenario,
    SubjectKeyIdSpec,
)
from harness.pki.spec_edits import EditKind, EditSpec
from strategies.dates import DATES
from strategies.departures import (
    Change,
    Departure,
    Stage,
    Theme,
    departing,
    departure,
    edit,
    edit_authority,
    extend,
    revise,
)
from strategies.draft import FORGER, ISSUER, Draft
from strategies.malformed import MALFORMED
from strategies.netscape import NETSCAPE
from strategies.odd_keys import ODD_KEYS

_CONSTRAINTS: Final = departure(
    "basicConstraints",
    Stage.CERTIFICATE,
    {
        "absent": edit(basic_constraints=None),
        "the other way round": revise(
            lambda item: {
                "basic_constraints": BasicConstraintsSpec(
                    not (item.basic_constraints and item.basic_constraints.ca)
                )
            }
        ),
        "not critical": revise(
            lambda item: {
                "basic_constraints": BasicConstraintsSpec(
                    bool(item.basic_constraints and item.basic_constraints.ca),
                    critical=False,
                )
            }
        ),
        "absent, so is keyUsage": edit(basic_constraints=None, key_usage=None),
        "absent, with keyCertSign": edit(
            basic_constraints=None,
            key_usage=KeyUsageSpec(frozenset({"digitalSignature", "keyCertSign"})),
        ),
    },
    "strict",
    under=("X509_STRICT",),
)


def _length(length: int, *, ca: bool = True, usage: bool = True) -> Change:
    fields: dict[str, Any] = {"basic_constraints": BasicConstraintsSpec(ca, length)}
    return edit_authority(**fields if usage else fields | {"key_usage": None})


def _leaf_length(length: int) -> Change:
    return edit(basic_constraints=BasicConstraintsSpec(ca=False, path_length=length))


_LENGTH: Final = departure(
    "pathLenConstraint",
    Stage.CERTIFICATE,
    {
        "0": _length(0),
        "1": _length(1),
        "2": _length(2),
        "negative": _length(-1),
        "0, no keyUsage": _length(0, usage=False),
        "0, not a CA": _leaf_length(0),
        "1, not a CA": _leaf_length(1),
        "0 without keyCertSign": edit(
            basic_constraints=BasicConstraintsSpec(ca=True, path_length=0),
            key_usage=EE_USAGE,
        ),
    },
    "strict",
    under=("X509_STRICT",),
)


def _uses(*bits: str, critical: bool = True) -> Change:
    return edit(key_usage=KeyUsageSpec(frozenset(bits), critical))


_USAGE: Final = departure(
    "keyUsage",
    Stage.CERTIFICATE,
    {
        "absent": edit(key_usage=None),
        "digitalSignature": _uses("digitalSignature"),
        "keyCertSign": _uses("keyCertSign"),
        "cRLSign": _uses("cRLSign"),
        "all three": _uses("digitalSignature", "keyCertSign", "cRLSign"),
        "not critical": revise(
            lambda item: {
                "key_usage": KeyUsageSpec(
                    item.key_usage.bits if item.key_usage else EE_USAGE.bits,
                    critical=False,
                )
            }
        ),
        "empty": _uses(),
        "keyEncipherment": _uses("keyEncipherment"),
        "keyAgreement": _uses("keyAgreement"),
        "nonRepudiation": _uses("nonRepudiation"),
        "decipherOnly too": _uses("keyAgreement", "decipherOnly"),
        "decipherOnly": _uses("decipherOnly"),
    },
    "strict",
    under=("X509_STRICT",),
)


def _for(*purposes: str, critical: bool = False) -> Change:
    return edit(extended_key_usage=ExtendedKeyUsageSpec(purposes, critical))


_PURPOSES: Final = departure(
    "extKeyUsage",
    Stage.CERTIFICATE,
    {
        "absent": edit(extended_key_usage=None),
        "serverAuth": _for("serverAuth"),
        "clientAuth": _for("clientAuth"),
        "any": _for("anyExtendedKeyUsage"),
        "codeSigning": _for("codeSigning"),
        "any and clientAuth": _for("anyExtendedKeyUsage", "clientAuth"),
        "both, critical": _for("serverAuth", "clientAuth", critical=True),
        # Server gated cryptography, which OpenSSL takes for a server's purpose.
        "Netscape SGC": _for("2.16.840.1.113730.4.1"),
        "unknown": _for("1.3.6.1.4.1.55555.1"),
        "OCSPSigning": _for("OCSPSigning"),
        "Microsoft SGC": _for("1.3.6.1.4.1.311.10.3.3"),
        "seldom ones": _for("emailProtection", "timeStamping", "1.3.6.1.5.5.7.3.10"),
    },
    "strict",
)

_SERIAL: Final = 4660
"""A serial number to name in an authorityKeyIdentifier."""


def _identified(
    *, right: bool = True, name: bool = True, serial: bool = True, key: bool = False
) -> Change:
    """Point by issuer and serial number to the issuer's certificate, or to none."""

    def change(draft: Draft, place: int) -> Draft:
        at = draft.path.index(draft.label(place))
        above = draft.path[min(at + 1, len(draft.path) - 1)]
        draft = draft.changed(above, serial=_SERIAL)
        issuer = draft.scenario.certificate(above).issuer.name
        spec = AuthorityKeyIdSpec(
            KeyId.OWN if key else KeyId.ABSENT,
            issuer=issuer if name else None,
            serial=(_SERIAL if right else _SERIAL + 1) if serial else None,
        )
        return draft.changed(draft.label(place), authority_key_id=spec)

    return change


def _authority(
    key_id: KeyId = KeyId.OWN, *, key: str | None = None, critical: bool = False
) -> Change:
    return edit(authority_key_id=AuthorityKeyIdSpec(key_id, key, critical=critical))


_AUTHORITY_KEY: Final = departure(
    "authorityKeyIdentifier",
    Stage.CERTIFICATE,
    {
        "absent": _authority(KeyId.ABSENT),
        "another key's": _authority(key=FORGER),
        "no key's": _authority(KeyId.OTHER),
        "empty": _authority(KeyId.EMPTY),
        "issuer and serial only": _identified(),
        "key, issuer and serial": _identified(key=True),
        "wrong serial": _identified(right=False, key=True),
        "wrong issuer": edit(
            authority_key_id=AuthorityKeyIdSpec(
                issuer=NameSpec.cn("Nobody"), serial=_SERIAL
            )
        ),
        "key and issuer": _identified(serial=False, key=True),
        "key and serial": _identified(name=False, key=True),
        "serial only": _identified(name=False),
        "critical": _authority(critical=True),
    },
    "strict",
    "paths",
    under=("X509_STRICT",),
)

_SUBJECT_KEY: Final = departure(
    "subjectKeyIdentifier",
    Stage.CERTIFICATE,
    {
        "absent": edit(subject_key_id=SubjectKeyIdSpec(KeyId.ABSENT)),
        "no key's": edit(subject_key_id=SubjectKeyIdSpec(KeyId.OTHER)),
        "empty": edit(subject_key_id=SubjectKeyIdSpec(KeyId.EMPTY)),
        "critical": edit(subject_key_id=SubjectKeyIdSpec(critical=True)),
    },
    "strict",
    under=("X509_STRICT",),
)

BARE: Final[Mapping[str, Any]] = {
    "basic_constraints": None,
    "key_usage": None,
    "extended_key_usage": None,
    "subject_key_id": SubjectKeyIdSpec(KeyId.ABSENT),
    "authority_key_id": AuthorityKeyIdSpec(KeyId.ABSENT),
    "subject_alt_name": None,
}
"""The fields of a certificate without extensions."""

_VERSION: Final = departure(
    "version",
    Stage.CERTIFICATE,
    {
        "1": edit(version=1, **BARE),
        "1 with extensions": edit(version=1),
        "2 with extensions": edit(version=2),
        "3 without extensions": edit(**BARE),
    },
    "strict",
    "policies",
    under=("X509_STRICT",),
)

UNKNOWN: Final = "1.3.6.1.4.1.55555.9"
"""An extension that nobody knows."""


def _extended(*, critical: bool) -> Change:
    return extend(RawExtension(UNKNOWN, b"\x05\x00", critical))


_UNKNOWN: Final = departure(
    "unknown extension",
    Stage.CERTIFICATE,
    {
        "critical": _extended(critical=True),
        "not critical": _extended(critical=False),
        # Known to some releases only.
        "id-pkix-ocsp-nocheck, critical": extend(
            RawExtension("1.3.6.1.5.5.7.48.1.5", b"\x05\x00", critical=True)
        ),
    },
    "strict",
    under=("IGNORE_CRITICAL",),
)


def _by_md5(draft: Draft, place: int) -> Draft:
    """MD5, for which the issuer gets an RSA key."""
    issuer = draft.at(place).issuer
    draft = draft.became(issuer, Entity(issuer.name, "rsa2048-3"))
    return draft.changed(draft.label(place), digest="md5")


_SIGNATURE: Final = departure(
    "signature",
    Stage.CERTIFICATE,
    {
        "corrupt": edit(corrupt=True),
        "by another key": edit(signed_by=FORGER),
        "by a key of another type": edit(signed_by="rsa2048-3"),
        "by its own key": revise(lambda item: {"signed_by": item.subject.key}),
    },
    "keys",
    more=1,
    under=(
        "CHECK_SS_SIGNATURE",
        "CHECK_SS_SIGNATURE|X509_PARTIAL_CHAIN",
    ),
)


def _edited(place: str, *, signed: bool) -> Change:
    """A NULL after what is at that place of the encoding."""

    def change(draft: Draft, at: int) -> Draft:
        null = EditSpec(draft.label(at), place, EditKind.NULL_AFTER, signed=signed)
        return draft.asking(edits=(*draft.scenario.edits, null))

    return change


_ALGORITHM: Final = departure(
    "signature algorithm",
    Stage.CERTIFICATE,
    {
        "SHA-1": edit(digest="sha1"),
        "inner and outer differ": edit(outer_digest="sha384"),
        "MD5": _by_md5,
        "SHA-224": edit(digest="sha224"),
        "SHA-512": edit(digest="sha512"),
        "SHA-1 outside only": edit(outer_digest="sha1"),
        "a parameter outside only": _edited(
            "signatureAlgorithm.algorithm", signed=False
        ),
        "a parameter inside only": _edited(
            "tbsCertificate.signature.algorithm", signed=True
        ),
    },
    "strict",
    "keys",
    under=("X509_STRICT",),
)


def _shared_serial(draft: Draft, _place: int) -> Draft:
    """The same serial number for the leaf and its issuer."""
    draft = draft.changed(draft.path[0], serial=_SERIAL)
    return draft.changed(draft.label(ISSUER), serial=_SERIAL)


def _issuers_serial(draft: Draft, place: int) -> Draft:
    """The serial number of the next certificate up, which names the same issuer if it
    is self-issued."""
    draft = draft.changed(draft.label(place + 1), serial=_SERIAL)
    return draft.changed(draft.label(place), serial=_SERIAL)


_SERIALS: Final = departure(
    "serial number",
    Stage.CERTIFICATE,
    {
        "1": edit(serial=1),
        "0": edit(serial=0),
        "negative": edit(serial=-7),
        "of 20 octets": edit(serial=2**158 + 1),
        "of 25 octets": edit(serial=2**198 + 1),
        "of the leaf and its issuer": _shared_serial,
        "of its issuer": _issuers_serial,
    },
    "paths",
)


CERTIFICATES: Final[tuple[Departure, ...]] = (
    DATES,
    _CONSTRAINTS,
    _LENGTH,
    _USAGE,
    _PURPOSES,
    _AUTHORITY_KEY,
    _SUBJECT_KEY,
    _VERSION,
    _UNKNOWN,
    NETSCAPE,
    _SIGNATURE,
    _ALGORITHM,
    _SERIALS,
    *MALFORMED,
    *ODD_KEYS,
)
"""Every departure in what one certificate says, but for names."""


def certificates(
    *, theme: Theme | None = None, role: Role | None = None
) -> SearchStrategy[Scenario]:
    """Generate scenarios whose certificates depart from the plain ones, but not in
    their names.

    ``theme`` ("strict" or "paths") prefers some. Shrinks to root and leaf.
    """
    return departing(CERTIFICATES, theme=theme, role=role)
