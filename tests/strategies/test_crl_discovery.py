"""States of CRLs that drawn scenarios reach."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import pytest

from harness.case import Source
from harness.pki.spec import CrlSpec, PointSpec, Reason, Scenario
from strategies.deltas import FRESHEST, SECOND
from strategies.draft import main_path

Draws = Mapping[str, Sequence[Scenario]]
Predicate = Callable[[Scenario], object]


def of(test: Callable[[CrlSpec], object]) -> Predicate:
    """The test holds of a CRL."""
    return lambda s: any(test(item) for item in s.crls)


def scope(field: str) -> Predicate:
    """A CRL's issuing distribution point has that field."""
    return of(lambda crl: crl.issuing_point and getattr(crl.issuing_point, field))


def revokes(place: int) -> Predicate:
    """A CRL lists the certificate at that place of the main path."""
    return lambda s: any(
        entry.certificate == main_path(s)[place].label
        for crl in s.crls
        for entry in crl.revoked
    )


def listed(reason: Reason) -> Predicate:
    """A CRL entry gives that reason."""
    return of(lambda crl: any(item.reason is reason for item in crl.revoked))


def pointed(test: Callable[[PointSpec], object]) -> Predicate:
    """The test holds of a certificate's distribution point."""
    return lambda s: any(
        test(point) for c in s.certificates for point in c.distribution_points
    )


def twice(values: Sequence[object]) -> bool:
    """A value is there twice."""
    return len(set(values)) < len(values)


REVOCATION: Final[dict[str, Predicate]] = (
    {
        "none": lambda s: not s.crls,
        "complete": lambda s: (
            {c.issuer for c in main_path(s)} <= {crl.issuer for crl in s.crls}
        ),
        "expired": of(lambda crl: crl.next_update is not None and crl.next_update < 0),
        "not yet valid": of(lambda crl: crl.this_update > 0),
        "no nextUpdate": of(lambda crl: crl.next_update is None),
        "another key": of(
            lambda crl: crl.signed_by and crl.authority_key_id.key is None
        ),
        "another key, named": of(lambda crl: crl.signed_by == crl.authority_key_id.key),
        "corrupt": of(lambda crl: crl.corrupt),
        "algorithms differ": of(lambda crl: crl.outer_digest),
        "leaf revoked": revokes(0),
        "intermediate revoked": lambda s: len(main_path(s)) > 2 and revokes(1)(s),
        "root revoked": revokes(-1),
        "several by one issuer": lambda s: twice([crl.issuer for crl in s.crls]),
        "equal dates": lambda s: twice(
            [(crl.issuer, crl.this_update) for crl in s.crls]
        ),
        "two scopes": lambda s: scope("only_user")(s) and scope("only_ca")(s),
        "delta": of(lambda crl: crl.base_number is not None),
        "announced delta": lambda s: (
            any(FRESHEST in crl.extra for crl in s.crls)
            and any(crl.base_number is not None for crl in s.crls)
        ),
        "second key": lambda s: any(
            crl.issuer.key == SECOND
            and crl.issuer in {item.subject for item in s.certificates}
            for crl in s.crls
        ),
        "own indirect": of(
            lambda crl: (
                crl.issuing_point
                and crl.issuing_point.indirect
                and any(item.certificate_issuer for item in crl.revoked)
            )
        ),
        "relative against full": lambda s: any(
            crl.issuing_point and crl.issuing_point.relative and point.full
            for crl in s.crls
            for c in s.certificates
            for point in c.distribution_points
        ),
        "unknown critical": of(lambda crl: any(item.critical for item in crl.extra)),
        "critical number": of(lambda crl: crl.number_critical),
        "unknown critical in entry": of(
            lambda crl: any(item.extra for item in crl.revoked)
        ),
        "certificateIssuer": of(
            lambda crl: any(item.certificate_issuer for item in crl.revoked)
        ),
        "version 1": of(lambda crl: crl.version == 1),
        "issuer without cRLSign": lambda s: any(
            c.key_usage
            and "keyCertSign" in c.key_usage.bits
            and "cRLSign" not in c.key_usage.bits
            for c in s.certificates
        ),
        "matching point": lambda s: any(
            crl.issuing_point
            and crl.issuing_point.full
            and crl.issuing_point.full
            in [point.full for point in c.distribution_points]
            for crl in s.crls
            for c in s.certificates
        ),
        "crlIssuer": pointed(lambda p: p.crl_issuer),
        "point's reasons": pointed(lambda p: p.reasons is not None),
        "capath": lambda s: s.source is Source.CAPATH,
        "cadata": lambda s: s.source is Source.CADATA,
    }
    | {
        field: scope(field)
        for field in (
            "only_user",
            "only_ca",
            "only_attribute",
            "full",
            "relative",
            "indirect",
            "reasons",
        )
    }
    | {str(reason): listed(reason) for reason in Reason}
)


@pytest.mark.parametrize("predicate", REVOCATION.values(), ids=REVOCATION)
def test_crls_reach(predicate: Predicate, drawn: Draws) -> None:
    """Each state of CRLs is drawn, and so is its absence."""
    draws = (*drawn["crls"], *drawn["crls in focus"])
    held = [bool(predicate(scenario)) for scenario in draws]
    assert any(held)
    assert not all(held)
