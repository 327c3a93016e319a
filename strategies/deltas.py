"""Departures with delta CRLs and with CRLs of other issuers: what OpenSSL looks at
under USE_DELTAS and EXTENDED_CRL_SUPPORT, and must not take for complete without."""

from dataclasses import replace
from typing import Any, Final

from harness.case import Role
from harness.pki.spec import (
    DAY,
    HOUR,
    YEAR,
    AuthorityKeyIdSpec,
    CrlSpec,
    Entity,
    GeneralNameSpec,
    IssuingPointSpec,
    KeyId,
    KeyUsageSpec,
    NameSpec,
    PointSpec,
    RawExtension,
    Reason,
    RevokedSpec,
    TrustSpec,
    ca,
)
from strategies.covering import another, covering, rewrite, state
from strategies.departures import Change, Departure, Stage, departure
from strategies.draft import NAME, Draft, with_intermediates

FRESHEST: Final = RawExtension(
    "2.5.29.46", bytes.fromhex("30133011a00fa00d860b") + b"http://a/b/"
)
"""freshestCRL (RFC 5280, 4.2.1.15): where deltas are to be had."""


AUTHORITY_TWICE: Final = RawExtension(
    "2.5.29.35", bytes.fromhex("3006800401020304"), duplicate=True
)
"""Another authority key identifier beside the plain one."""

_USED: Final = (
    "CRL_CHECK_CHAIN|USE_DELTAS",
    "CRL_CHECK_CHAIN|EXTENDED_CRL_SUPPORT|USE_DELTAS",
)


def _removed_by_delta(draft: Draft, place: int) -> Draft:
    """A hold that a newer delta CRL lifts."""
    label = draft.label(place)
    draft = state(revoked=(RevokedSpec(label, Reason.HOLD),))(draft, place)
    draft = another(number=2, base_number=1, this_update=-HOUR)(draft, place)
    crls = draft.scenario.crls
    lifted = (RevokedSpec(label, Reason.REMOVE),)
    return draft.asking(crls=(*crls[:-1], replace(crls[-1], revoked=lifted)))


def _base_revokes(draft: Draft, place: int) -> Draft:
    revoked = (RevokedSpec(draft.label(place)),)
    draft = state(revoked=revoked)(draft, place)
    return another(number=2, base_number=1, this_update=-HOUR)(draft, place)


_DELTA: Final = departure(
    "delta CRL",
    Stage.CRL,
    {
        "alone": state(base_number=1, number=2),
        "newer": another(base_number=1, number=2, this_update=-HOUR),
        "newer, revoking": another(
            base_number=1, number=2, this_update=-HOUR, revokes=True
        ),
        "newer, the base revoking": _base_revokes,
        "newer, lifting a hold": _removed_by_delta,
        "of a later base, revoking": another(
            base_number=5, number=6, this_update=-HOUR, revokes=True
        ),
        "older, revoking": another(
            base_number=1, number=2, this_update=-9 * DAY, revokes=True
        ),
    },
    "crls",
    "deltas",
    under=_USED,
)


def _announced(
    change: Change | None = None,
    *,
    by_certificate: bool = False,
    base: dict[str, Any] | None = None,
    **delta: Any,
) -> Change:
    """A complete CRL that says where its deltas are, or a certificate that does; and a
    delta, older than it, so that nobody takes that for the newest."""
    stated = {"number": 2, "base_number": 1, "this_update": -2 * DAY} | delta

    def announce(draft: Draft, place: int) -> Draft:
        draft, crl = covering(draft, place)
        if by_certificate:
            item = draft.at(place)
            draft = draft.changed(item.label, extra=(*item.extra, FRESHEST))
        else:
            draft = state(extra=(*crl.extra, FRESHEST))(draft, place)
        draft = state(**(base or {}))(draft, place)
        if change is not None:
            draft = change(draft, place)
        return another(**stated)(draft, place)

    return announce


def _lifting(draft: Draft, place: int) -> Draft:
    """An announced delta that lifts a hold of the complete CRL."""
    label = draft.label(place)
    held = {"revoked": (RevokedSpec(label, Reason.HOLD),)}
    draft = _announced(base=held)(draft, place)
    crls = draft.scenario.crls
    lifted = (RevokedSpec(label, Reason.REMOVE),)
    return draft.asking(crls=(*crls[:-1], replace(crls[-1], revoked=lifted)))


_ANNOUNCED: Final = departure(
    "announced delta CRL",
    Stage.CRL,
    {
        "clean": _announced(),
        "revoking": _announced(revokes=True),
        "revoking, announced by the certificate": _announced(
            by_certificate=True, revokes=True
        ),
        "lifting a hold": _lifting,
        "expired": _announced(next_update=-DAY, revokes=True),
        "fresh, of an expired one": _announced(base={"next_update": -HOUR}),
        "not yet valid": _announced(this_update=DAY, revokes=True),
        "forged": _announced(signed_by="p256-9", revokes=True),
        "of a later base": _announced(base_number=5, number=6, revokes=True),
        "of the same number": _announced(number=1, revokes=True),
        "without number": _announced(number=None, revokes=True),
        "without number, announced by the certificate": _announced(
            by_certificate=True, number=None
        ),
        "of one without number": _announced(base={"number": None}, revokes=True),
        "with another authority key": _announced(
            authority_key_id=AuthorityKeyIdSpec(KeyId.ABSENT), revokes=True
        ),
        "of another scope": _announced(
            issuing_point=IssuingPointSpec(only_user=True), revokes=True
        ),
        "with its authority key twice": _announced(
            extra=(AUTHORITY_TWICE,), revokes=True
        ),
        "of one with its authority key twice": _announced(
            base={"extra": (FRESHEST, AUTHORITY_TWICE)}, revokes=True
        ),
        "none": state(extra=(FRESHEST,)),
        "with a critical announcement": state(
            extra=(replace(FRESHEST, critical=True),)
        ),
    },
    "deltas",
    more=2,
    under=_USED,
)

CRL_AUTHORITY: Final = Entity(NameSpec.cn("CRL Issuer"), "p256-14")
"""An authority for CRLs alone."""


def _indirect(*, revokes: bool, pointed: bool = True, sent: bool = True) -> Change:
    """Replace the covering CRL by one of another CRL issuer, whom the root certified.

    ``pointed`` names it in the certificate's cRLDistributionPoints; it is ``sent``, or
    else trusted.
    """

    def change(draft: Draft, place: int) -> Draft:
        item = draft.at(place)
        usage = KeyUsageSpec(frozenset({"cRLSign", "keyCertSign"}))
        label = draft.free("crl-issuer")
        root = draft.at(-1).subject
        draft = draft.added(ca(label, CRL_AUTHORITY, root, key_usage=usage))
        if sent:
            draft = draft.asking(peer=(*draft.scenario.peer, label))
        else:
            draft = draft.asking(trusted=(*draft.scenario.trusted, TrustSpec(label)))
        if pointed:
            name = (GeneralNameSpec.dir(CRL_AUTHORITY.name),)
            points = (PointSpec(crl_issuer=name),)
            draft = draft.changed(item.label, distribution_points=points)
        own = RevokedSpec(item.label, certificate_issuer=item.issuer.name)
        return rewrite(
            draft,
            place,
            lambda crl: CrlSpec(
                crl.label,
                CRL_AUTHORITY,
                revoked=(own,) if revokes else (),
                issuing_point=IssuingPointSpec(indirect=True),
            ),
        )

    return change


def _own_indirect(*certificate_issuers: NameSpec | None) -> Change:
    """An indirect CRL of the certificate's own issuer, which lists it for each of these
    certificate issuers; None lists it without one."""

    def change(draft: Draft, place: int) -> Draft:
        item = draft.at(place)
        listed = tuple(
            RevokedSpec(item.label, certificate_issuer=name)
            for name in certificate_issuers
        )
        point = IssuingPointSpec(indirect=True)
        return state(issuing_point=point, revoked=listed)(draft, place)

    return change


def _own_name(draft: Draft, place: int) -> Draft:
    return _own_indirect(draft.at(place).issuer.name)(draft, place)


_NOBODY: Final = NameSpec.cn("Nobody")

_INDIRECT: Final = departure(
    "indirect CRL",
    Stage.CRL,
    {
        "clean": _indirect(revokes=False),
        "revoking": _indirect(revokes=True),
        "its issuer trusted": _indirect(revokes=False, sent=False),
        "not named by the certificate": _indirect(revokes=False, pointed=False),
        "the issuer's own": _own_indirect(None),
        "the issuer's own, for itself": _own_name,
        "the issuer's own, for another": _own_indirect(_NOBODY),
        "the issuer's own, carried on": _own_indirect(_NOBODY, None),
    },
    "crls",
    "deltas",
    under=("CRL_CHECK_CHAIN|EXTENDED_CRL_SUPPORT",),
)

_TLS_AND_CRLS: Final = KeyUsageSpec(
    frozenset({"digitalSignature", "keyCertSign", "cRLSign"})
)

SECOND: Final = "p256-11"
"""The second key of an authority that signs CRLs by another than certificates."""


def _by_second_key(
    *,
    by: str = "root",
    sent: bool = True,
    known: bool = True,
    revokes: bool = False,
    key: str = SECOND,
    **fields: Any,
) -> Change:
    """The covering CRL signed by a second key of the certificate's issuer, whose own
    certificate is sent beside the path, or else stored.

    ``by`` is who certified it: the "root", "itself", or a "stranger" or a "namesake"
    of the root, who are trusted only if ``known``; ``fields`` change that certificate.
    """

    def change(draft: Draft, place: int) -> Draft:
        item = draft.at(place)
        second = Entity(item.issuer.name, key)
        stranger = Entity(NameSpec.cn("CRL Root"), "p256-12")
        root = draft.at(-1).subject
        if by == "namesake":
            stranger = Entity(root.name, stranger.key)
        above = {"root": root, "itself": second}.get(by, stranger)
        label = draft.free("second-key")
        draft = draft.added(ca(label, second, above, **fields))
        if above == stranger and known:
            other = ca(draft.free("crl-root"), stranger, stranger)
            trusted = (*draft.scenario.trusted, TrustSpec(other.label))
            draft = draft.added(other).asking(trusted=trusted)
        if sent:
            draft = draft.asking(peer=(*draft.scenario.peer, label))
        else:
            draft = draft.asking(trusted=(*draft.scenario.trusted, TrustSpec(label)))
        listed = (RevokedSpec(item.label),) if revokes else ()
        return rewrite(
            draft,
            place,
            lambda crl: replace(crl, issuer=second, revoked=listed),
        )

    return change


def _by_authority_above(draft: Draft, _place: int) -> Draft:
    """The leaf's CRL signed by its issuer's issuer, which has the same name."""
    draft = with_intermediates(draft)
    item = draft.at(1)
    namesake = Entity(item.issuer.name, item.subject.key)
    draft = covering(draft.became(item.subject, namesake), 0)[0]
    return rewrite(draft, 0, lambda crl: replace(crl, issuer=item.issuer))


def _of_crashing(draft: Draft, _place: int) -> Draft:
    """The second key's certificate, below an intermediate, covered by a CRL of the
    root's with a delta that has no number."""
    draft = _by_second_key()(with_intermediates(draft), 0)
    return _announced(number=None)(draft, len(draft.path) - 2)


def _in_doubt(draft: Draft, place: int) -> Draft:
    """The second key's certificate signed by the root with an algorithm of which we
    cannot tell whether it verifies, at a level that admits it."""
    root = draft.at(-1).subject
    draft = draft.became(root, Entity(root.name, "rsa2048-3"))
    draft = _by_second_key(digest="ripemd160")(draft, place)
    return draft.asking(security_level=1)


def _named(draft: Draft, place: int) -> Draft:
    """The path of the CRL's issuer is verified for the same name as the peer's."""
    draft = _by_second_key(key_usage=_TLS_AND_CRLS)(draft, place)
    is_client = draft.scenario.role is Role.CLIENT
    return draft.asking(name=NAME) if is_client else draft


_SECOND_KEY: Final = departure(
    "CRL by a second key",
    Stage.CRL,
    {
        "of the root's": _by_second_key(),
        "of the root's, revoking": _by_second_key(revokes=True),
        "of the root's, stored": _by_second_key(sent=False),
        "on the path": _by_authority_above,
        "of its own": _by_second_key(by="itself"),
        "of its own, stored": _by_second_key(by="itself", sent=False),
        "of another root's": _by_second_key(by="stranger"),
        "of a namesake root's": _by_second_key(by="namesake"),
        "of nobody's": _by_second_key(by="stranger", known=False),
        "expired": _by_second_key(not_before=-2 * YEAR, not_after=-YEAR),
        "without key usage": _by_second_key(key_usage=None),
        "without cRLSign": _by_second_key(
            key_usage=KeyUsageSpec(frozenset({"keyCertSign"}))
        ),
        "cRLSign alone": _by_second_key(key_usage=KeyUsageSpec(frozenset({"cRLSign"}))),
        "no CA": _by_second_key(
            basic_constraints=None, key_usage=KeyUsageSpec(frozenset({"cRLSign"}))
        ),
        # Its path is verified for the same purpose as the peer's.
        "of the root's, for TLS too": _by_second_key(key_usage=_TLS_AND_CRLS),
        "of the root's, for TLS too, a host name asked": _named,
        "of another root's, for TLS too": _by_second_key(
            by="stranger", key_usage=_TLS_AND_CRLS
        ),
        "of its own, stored, for TLS too": _by_second_key(
            by="itself", sent=False, key_usage=_TLS_AND_CRLS
        ),
        "malformed": _by_second_key(extra=(RawExtension("2.5.29.18", b"\x05\x00"),)),
        "of an algorithm in doubt": _in_doubt,
        "of the root's, by a delta without number": _of_crashing,
        "with undecodable names": _by_second_key(
            extra=(RawExtension("2.5.29.17", b"\x30\x10\x01"),)
        ),
        "with a critical extension": _by_second_key(
            extra=(RawExtension("1.3.6.1.4.1.55555.9", b"\x05\x00", critical=True),)
        ),
    },
    "deltas",
    more=2,
    under=(
        "CRL_CHECK_CHAIN|EXTENDED_CRL_SUPPORT",
        "CRL_CHECK_LEAF|EXTENDED_CRL_SUPPORT",
        "CRL_CHECK_LEAF|EXTENDED_CRL_SUPPORT|POLICY_CHECK",
        "CRL_CHECK_CHAIN|EXTENDED_CRL_SUPPORT|USE_DELTAS",
    ),
)

DELTAS: Final[tuple[Departure, ...]] = (_DELTA, _ANNOUNCED, _INDIRECT, _SECOND_KEY)
"""Every departure with CRLs that stand beside the complete one, or in for it."""
