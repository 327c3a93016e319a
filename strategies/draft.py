"""A draft: a scenario on its way from the plain valid chain, and its main path.

Pure values and functions; nothing is drawn here. The plain chain is root, then the
intermediates, then the leaf; the root is trusted, the rest is sent, no CRL is loaded.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final, TypeVar

from harness.pki.spec import (
    AuthorityKeyIdSpec,
    CertificateSpec,
    CrlSpec,
    Entity,
    KeyId,
    NameSpec,
    Scenario,
    SubjectKeyIdSpec,
    TrustSpec,
    ca,
    end_entity,
)

LEAF: Final = 0
"""The place of the certificate that the peer sends first."""
ISSUER: Final = 1
"""The place of the leaf's issuer, which is the root if there is no intermediate."""
SECOND: Final = 2
"""The place of the issuer's issuer, or else of the root."""
ROOT: Final = -1
"""The place of the last certificate of the main path."""

NAME: Final = "leaf.example"
"""The leaf's commonName and dNSName."""

FORGER: Final = "p256-9"
"""The key that signs what others should have signed."""


_OF_RSA: Final = {
    "md5": "sha1",
    "pss-sha1": "sha1",
    "pss-sha256": "sha384",
    "ripemd160": "unknown",
}
"""Digests that only an RSA key signs with, and what another signs with instead."""

Signed = TypeVar("Signed", CertificateSpec, CrlSpec)


@dataclass(frozen=True, slots=True)
class Draft:
    """A scenario and its main path, the labels from the leaf to the last issuer."""

    scenario: Scenario
    path: tuple[str, ...]

    def label(self, place: int) -> str:
        """The label at a place; beyond the path's end, the last one's."""
        return self.path[min(place, len(self.path) - 1)]

    def authority(self, place: int) -> str:
        """The label at a place, or of its issuer where the place is the leaf."""
        return self.label(place or ISSUER)

    def at(self, place: int) -> CertificateSpec:
        """The certificate at a place."""
        return self.scenario.certificate(self.label(place))

    def asking(self, **fields: Any) -> "Draft":
        """This draft with fields of its scenario changed."""
        return replace(self, scenario=replace(self.scenario, **fields))

    def changed(self, label: str, **fields: Any) -> "Draft":
        """This draft with fields of the labelled certificate changed."""
        return self.asking(
            certificates=tuple(
                replace(item, **fields) if item.label == label else item
                for item in self.scenario.certificates
            )
        )

    def added(self, *certificates: CertificateSpec) -> "Draft":
        """This draft with more certificates, neither sent nor trusted yet."""
        return self.asking(certificates=self.scenario.certificates + certificates)

    def free(self, label: str) -> str:
        """The label, numbered if a certificate or CRL already has it."""
        taken = {item.label for item in self.scenario.certificates}
        taken |= {item.label for item in self.scenario.crls}
        if label not in taken:
            return label
        number = 2
        while f"{label}-{number}" in taken:
            number += 1
        return f"{label}-{number}"

    def became(self, old: Entity, new: Entity) -> "Draft":
        """This draft with one entity, as subject and as issuer, made another."""
        return self.asking(
            certificates=tuple(
                replace(
                    item,
                    subject=new if item.subject == old else item.subject,
                    issuer=new if item.issuer == old else item.issuer,
                )
                for item in self.scenario.certificates
            ),
            crls=tuple(
                replace(item, issuer=new) if item.issuer == old else item
                for item in self.scenario.crls
            ),
        )

    def walked(self) -> "Draft":
        """This draft with its main path found anew."""
        return Draft(
            self.scenario, tuple(item.label for item in main_path(self.scenario))
        )


def main_path(scenario: Scenario) -> tuple[CertificateSpec, ...]:
    """The certificates from what the peer sends first to the last issuer there is.

    Of several certificates for one issuer the first of the scenario is followed.
    """
    above = {item.subject: item for item in reversed(scenario.certificates)}
    path = [scenario.certificate(scenario.peer[0])]
    while path[-1].issuer != path[-1].subject:
        following = above.get(path[-1].issuer)
        if following is None or following in path:
            break
        path.append(following)
    return tuple(path)


def authority_named(number: int) -> NameSpec:
    """The name of an intermediate, counted from the leaf's issuer."""
    return NameSpec.cn(f"Intermediate CA {number}")


def _key(family: str, number: int) -> str:
    """A pool key of a family, by number; p256-2 to p256-6 are the intermediates'."""
    pool = {"p256": 5, "rsa2048": 4, "ed25519": 4, "p384": 2, "rsa1024": 1}[family]
    first = 2 if family == "p256" else 0
    return f"{family}-{first + number % pool}"


@lru_cache(maxsize=512)
def plain(families: tuple[str, ...]) -> Draft:
    """The plain chain, with one intermediate for each key family, the leaf's issuer
    first."""
    root = Entity(NameSpec.cn("Root CA"), "p256-0")
    above = [
        Entity(authority_named(number), _key(family, number - 1))
        for number, family in enumerate(families, start=1)
    ]
    issuers = [*above, root]
    labels = [f"intermediate-{number}" for number in range(1, len(families) + 1)]
    leaf = end_entity("leaf", Entity(NameSpec.cn(NAME), "p256-1"), issuers[0])
    made = [leaf]
    made += [ca(label, issuers[at], issuers[at + 1]) for at, label in enumerate(labels)]
    made.append(ca("root", root, root))
    scenario = Scenario(
        certificates=tuple(made),
        peer=("leaf", *labels),
        trusted=(TrustSpec("root"),),
    )
    return Draft(scenario, ("leaf", *labels, "root"))


def lengthened(draft: Draft, count: int) -> Draft:
    """The draft with more intermediates between its last certificate and the one
    below it; where there is only one certificate, as it is."""
    for _ in range(count):
        if len(draft.path) == 1:
            return draft
        number = len(draft.path) - 1
        below = draft.at(number - 1)
        entity = Entity(authority_named(number), _key("p256", number - 1))
        label = draft.free(f"intermediate-{number}")
        above = ca(label, entity, below.issuer)
        peer = draft.scenario.peer
        if below.label in peer:
            at = peer.index(below.label) + 1
            peer = (*peer[:at], label, *peer[at:])
        path = (*draft.path[:-1], label, draft.path[-1])
        draft = draft.changed(below.label, issuer=entity).added(above)
        draft = Draft(draft.asking(peer=peer).scenario, path)
    return draft


def with_intermediates(draft: Draft, count: int = 1) -> Draft:
    """The draft with at least so many certificates between leaf and last one."""
    return lengthened(draft, count - (len(draft.path) - 2))


def without_key_ids(draft: Draft, *labels: str) -> Draft:
    """The draft with no key identifiers in the labelled certificates."""
    for label in labels:
        draft = draft.changed(
            label,
            subject_key_id=SubjectKeyIdSpec(KeyId.ABSENT),
            authority_key_id=AuthorityKeyIdSpec(KeyId.ABSENT),
        )
    return draft


def without_purposes(draft: Draft) -> Draft:
    """The draft with nothing in any certificate that says what a key is for: neither
    key usages of the leaf nor extended ones."""
    for item in draft.scenario.certificates:
        draft = draft.changed(item.label, extended_key_usage=None)
    return draft.changed(draft.label(LEAF), key_usage=None)


def crl_of(draft: Draft, issuer: Entity) -> CrlSpec | None:
    """The first CRL by that issuer, or None."""
    for crl in draft.scenario.crls:
        if crl.issuer == issuer:
            return crl
    return None


def with_crl(draft: Draft, issuer: Entity) -> Draft:
    """The draft with a fresh CRL by that issuer loaded last, unless it has one."""
    if crl_of(draft, issuer) is not None:
        return draft
    label = draft.free("crl")
    return draft.asking(
        crls=(*draft.scenario.crls, CrlSpec(label, issuer)),
        loaded=(*draft.scenario.loaded, label),
    )


def covered(draft: Draft) -> Draft:
    """The draft with a fresh CRL by the issuer of every certificate but proxies."""
    for item in draft.scenario.certificates:
        if item.proxy is None:
            draft = with_crl(draft, item.issuer)
    return draft


def settled(draft: Draft) -> Scenario:
    """The finished scenario: only what is sent, trusted, loaded or revoked is left,
    and digests that the signing key cannot use are gone."""
    scenario = draft.scenario
    crls = tuple(
        _signable(item) for item in scenario.crls if item.label in scenario.loaded
    )
    used = {*scenario.peer, *(item.certificate for item in scenario.trusted)}
    used |= {str(entry.certificate) for item in crls for entry in item.revoked}
    known = used | {item.label for item in crls}
    return replace(
        scenario,
        edits=tuple(edit for edit in scenario.edits if edit.item in known),
        certificates=tuple(
            _signable(item) for item in scenario.certificates if item.label in used
        ),
        crls=crls,
    )


def _signable(item: Signed) -> Signed:
    if item.digest == "sha256" and item.outer_digest is None:
        return item
    key = item.signed_by or item.issuer.key
    if key.startswith(("ed25519", "ed448")):
        # They hash by themselves: their algorithms have no second spelling.
        return replace(item, digest="sha256", outer_digest=None)
    if item.digest in _OF_RSA and not key.startswith(("rsa", "pss")):
        return replace(item, digest=_OF_RSA[item.digest])
    return item
