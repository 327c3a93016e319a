"""What a release refuses to load although it has the form of a CRL.

Source: ``crl_cb`` and ``crl_set_issuers`` (x_crl.c), which decoding calls.
"""

from harness.facts import Crl, Malformed
from harness.oracle.releases.release import Release


def is_refused(crl: Crl, release: Release) -> bool:
    """Whether decoding fails for what the extensions of the CRL say.

    A ``cafile`` that holds such a CRL is refused as a whole.
    """
    if "crl-extensions-must-decode" in release:
        parsed = (crl.issuing_point, crl.number, crl.base_number)
        if any(isinstance(item, Malformed) for item in parsed):
            return True
    point = crl.issuing_point
    direct = point is None or isinstance(point, Malformed) or not point.indirect
    for entry in crl.entries:
        if isinstance(entry.certificate_issuer, Malformed):
            return False
        if (
            entry.certificate_issuer is not None
            and direct
            and "crl-entry-issuer-needs-indirect" in release
        ):
            return True
        if isinstance(entry.reason, Malformed):
            return False
        if (
            entry.malformed_invalidity_date
            and "crl-invalidity-date-must-decode" in release
        ):
            return True
    return False
