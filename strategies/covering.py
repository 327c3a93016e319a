"""Changes of the CRL that covers a certificate, the one by its issuer."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from harness.pki.spec import CrlSpec, NameSpec, RawExtension, Reason, RevokedSpec
from strategies.departures import Change
from strategies.draft import Draft, crl_of, with_crl


def covering(draft: Draft, place: int) -> tuple[Draft, CrlSpec]:
    """The draft with a CRL by the issuer of the certificate at the place; and it."""
    issuer = draft.at(place).issuer
    draft = with_crl(draft, issuer)
    crl = crl_of(draft, issuer)
    assert crl is not None
    return draft, crl


def rewrite(draft: Draft, place: int, change: Callable[[CrlSpec], CrlSpec]) -> Draft:
    """The draft with its covering CRL changed."""
    draft, crl = covering(draft, place)
    return draft.asking(
        crls=tuple(
            change(item) if item.label == crl.label else item
            for item in draft.scenario.crls
        )
    )


def state(**fields: Any) -> Change:
    """A change of fields of the covering CRL."""
    return lambda draft, place: rewrite(
        draft, place, lambda crl: replace(crl, **fields)
    )


def entry(
    *,
    reason: Reason | None = None,
    certificate_issuer: NameSpec | None = None,
    extra: tuple[RawExtension, ...] = (),
    then: tuple[RevokedSpec, ...] = (),
    then_itself: tuple[Reason, ...] = (),
) -> Change:
    """A change that lists the certificate in its covering CRL.

    ``then`` are entries after it; ``then_itself`` lists it again, for these reasons.
    """

    def change(draft: Draft, place: int) -> Draft:
        label = draft.label(place)
        again = tuple(RevokedSpec(label, reason) for reason in then_itself)
        own = RevokedSpec(label, reason, certificate_issuer, extra)
        return rewrite(
            draft,
            place,
            lambda crl: replace(crl, revoked=(*crl.revoked, own, *again, *then)),
        )

    return change


def another(*, first: bool = False, revokes: bool = False, **fields: Any) -> Change:
    """A change that adds a second CRL by the same issuer, fresh but for these fields.

    It is loaded last, or ``first``; with ``revokes`` it lists the certificate.
    """

    def change(draft: Draft, place: int) -> Draft:
        draft, crl = covering(draft, place)
        label = draft.free("another-crl")
        listed = (RevokedSpec(draft.label(place)),) if revokes else ()
        spec = replace(CrlSpec(label, crl.issuer, revoked=listed), **fields)
        loaded = draft.scenario.loaded
        return draft.asking(
            crls=(*draft.scenario.crls, spec),
            loaded=(label, *loaded) if first else (*loaded, label),
        )

    return change
