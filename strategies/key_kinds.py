"""Departures in whose keys there are: of which kind and strength, and which signature
algorithms they are used with."""

from dataclasses import replace
from typing import Final

from harness.pki.spec import Entity
from strategies.covering import state
from strategies.departures import Change, Departure, Stage, departure, edit
from strategies.draft import Draft


def _keyed(*keys: str) -> Change:
    """Give the entity at the place another key; no two entities get the same, as far
    as there are keys."""

    def change(draft: Draft, place: int) -> Draft:
        subject = draft.at(place).subject
        return draft.became(subject, Entity(subject.name, keys[place % len(keys)]))

    return change


def _key_of_issuer(draft: Draft, place: int) -> Draft:
    item = draft.at(place)
    return draft.became(item.subject, Entity(item.subject.name, item.issuer.key))


def _signing_by(key: str, digest: str) -> Change:
    """Give the issuer of the certificate at the place that key, and have everything
    that it issues signed with that digest."""

    def change(draft: Draft, place: int) -> Draft:
        issuer = draft.at(place).issuer
        signer = Entity(issuer.name, key)
        draft = draft.became(issuer, signer)
        return draft.asking(
            certificates=tuple(
                replace(item, digest=digest) if item.issuer == signer else item
                for item in draft.scenario.certificates
            )
        )

    return change


def _all_signing_by(key: str, digest: str, *, root: bool) -> Change:
    """Give that key to everyone on the path, or to all but the root."""

    def change(draft: Draft, _place: int) -> Draft:
        for label in draft.path if root else draft.path[:-1]:
            subject = draft.scenario.certificate(label).subject
            draft = draft.became(subject, Entity(subject.name, key))
        for label in draft.path:
            if draft.scenario.certificate(label).issuer.key == key:
                draft = draft.changed(label, digest=digest)
        return draft

    return change


def _crl_signing_by(key: str, digest: str) -> Change:
    """Give the issuer of the certificate at the place that key, and have its CRL signed
    with that digest."""

    def change(draft: Draft, place: int) -> Draft:
        issuer = draft.at(place).issuer
        draft = draft.became(issuer, Entity(issuer.name, key))
        return state(digest=digest)(draft, place)

    return change


def _at_level(level: int, change: Change) -> Change:
    return lambda draft, place: change(draft, place).asking(security_level=level)


KEYS: Final[tuple[Departure, ...]] = (
    departure(
        "key",
        Stage.SHAPE,
        {
            "rsa2048": _keyed("rsa2048-0", "rsa2048-1", "rsa2048-2", "rsa2048-3"),
            "p384": _keyed("p384-0", "p384-1"),
            "ed25519": _keyed("ed25519-0", "ed25519-1", "ed25519-2", "ed25519-3"),
            "weak": _keyed("rsa1024-0"),
            "weak, level 1": _at_level(1, _keyed("rsa1024-0")),
            "its issuer's": _key_of_issuer,
        },
        "keys",
        more=1,
    ),
    departure(
        "unusual key",
        Stage.SHAPE,
        {
            "p521": _keyed("p521-0"),
            "ed448": _keyed("ed448-0", "ed448-1"),
            "rsa2047": _keyed("rsa2047-0"),
            "of explicit parameters": _keyed("explicit-0"),
            "undecodable": _keyed("broken-0"),
            "DSA without parameters": _keyed("dsa-0"),
            "RSASSA-PSS": _keyed("pss-0"),
            "of parameters spelt in another way": _keyed("respelt-0"),
        },
        "keys",
    ),
    departure(
        "signing key",
        Stage.SHAPE,
        {
            "RSA, with PSS": _signing_by("rsa2048-3", "pss-sha256"),
            "RSA, with PSS and SHA-1": _signing_by("rsa2048-3", "pss-sha1"),
            "RSA, with PSS and SHA-1, level 1": _at_level(
                1, _signing_by("rsa2048-3", "pss-sha1")
            ),
            "RSASSA-PSS": _signing_by("pss-0", "pss-sha256"),
            "RSA, with MD5, level 0": _at_level(0, _signing_by("rsa2048-3", "md5")),
            "RSA, with SHA-1, level 0": _at_level(0, _signing_by("rsa2048-3", "sha1")),
            "EC, with SHA-1, level 0": _at_level(0, _signing_by("p256-13", "sha1")),
            "RSA, with RIPEMD-160, level 1": _at_level(
                1, _signing_by("rsa2048-3", "ripemd160")
            ),
            "DSA without parameters": _signing_by("dsa-0", "dsa-sha256"),
            "DSA without parameters, all the path": _all_signing_by(
                "dsa-0", "dsa-sha256", root=True
            ),
            "DSA without parameters, all but the root": _all_signing_by(
                "dsa-0", "dsa-sha256", root=False
            ),
        },
        "keys",
    ),
    departure(
        "unknown signature algorithm",
        Stage.CERTIFICATE,
        {
            "inside and outside": edit(digest="unknown"),
            "outside only": edit(outer_digest="unknown"),
            "inside only": edit(digest="unknown", outer_digest="sha256"),
        },
        "strict",
        "keys",
    ),
    departure(
        "CRL's signing key",
        Stage.CRL,
        {
            "RSA, with RIPEMD-160": _crl_signing_by("rsa2048-3", "ripemd160"),
            "RSA, with PSS": _crl_signing_by("rsa2048-3", "pss-sha256"),
            "RSA, with MD5": _crl_signing_by("rsa2048-3", "md5"),
            "undecodable": _crl_signing_by("broken-0", "sha256"),
            "DSA without parameters": _crl_signing_by("dsa-0", "dsa-sha256"),
            "of explicit parameters": _crl_signing_by("explicit-0", "sha256"),
        },
        "keys",
        "deltas",
        under=("CRL_CHECK_CHAIN|EXTENDED_CRL_SUPPORT",),
    ),
    departure(
        "CRL's digest",
        Stage.CRL,
        {
            "SHA-384": state(digest="sha384"),
            "SHA-384, of P-384": _crl_signing_by("p384-1", "sha384"),
            "SHA-256, of P-384": _crl_signing_by("p384-1", "sha256"),
        },
        "keys",
        "policies",
        under=(
            "CRL_CHECK_CHAIN|SUITEB_128_LOS",
            "CRL_CHECK_LEAF|SUITEB_128_LOS_ONLY",
            "CRL_CHECK_LEAF|SUITEB_192_LOS",
        ),
    ),
)
"""Every departure in keys and what they sign with."""
