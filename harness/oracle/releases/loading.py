"""What is loaded into a store, what is refused, and what a lookup then finds.

Source: ``X509_STORE_add_cert``, ``X509_STORE_add_crl`` (x509_lu.c); ``crl_cb`` and
``crl_set_issuers`` (x_crl.c), which decoding calls; ``_add_ca_certs`` (CPython's
``_ssl.c``).
"""

from collections.abc import Iterator
from typing import TypeVar

from harness.case import PemLabel, Source
from harness.facts import Crl, Facts, Malformed, TrustedCertificate
from harness.oracle.releases.building import Anchor, Store
from harness.oracle.releases.cached import CachedCrl, cache, cache_crl
from harness.oracle.releases.release import Release
from harness.oracle.releases.sorting import Kind, Stored, found
from harness.outcome import Where

T = TypeVar("T")
Crls = dict[bytes, list[CachedCrl]]
"""By canonical issuer name, in the order in which a lookup finds them."""


def stored(facts: Facts, release: Release) -> tuple[Store, Crls]:
    """The certificates and CRLs that lookups find by name, each once."""
    anchors = [*_anchors(facts, release)]
    crls = [*_crls(facts, release)]
    # A capath is read as names are looked up, so that little else is in the store.
    if "empty-name-before-all" not in release or facts.source is Source.CAPATH:
        return Store(_by_name(anchors)), _by_name(crls)
    everything: list[Stored[Anchor | CachedCrl]] = [*anchors, *crls]
    by_subject: dict[bytes, list[Anchor]] = {}
    by_issuer: Crls = {}
    for (_, name), items in found(everything).items():
        for item in items:
            if isinstance(item, Anchor):
                by_subject.setdefault(name, []).append(item)
            else:
                by_issuer.setdefault(name, []).append(item)
    return Store(by_subject), by_issuer


def is_upset(facts: Facts, release: Release) -> bool:
    """Whether an empty name hides from lookups what has been loaded."""
    if "empty-name-before-all" not in release:
        return False
    plain = release.turned("empty-name-before-all")
    return _lookups(facts, release) != _lookups(facts, plain)


def _lookups(facts: Facts, release: Release) -> tuple[object, ...]:
    store, crls = stored(facts, release)
    return (
        {
            name: [item.certificate.fingerprint for item in items]
            for name, items in store.by_subject.items()
        },
        {name: [item.facts.fingerprint for item in crls[name]] for name in crls},
    )


def _by_name(objects: list[Stored[T]]) -> dict[bytes, list[T]]:
    by_name: dict[bytes, list[T]] = {}
    seen = set()
    for item in objects:
        if item.fingerprint not in seen:
            seen.add(item.fingerprint)
            by_name.setdefault(item.name, []).append(item.item)
    return by_name


def _anchors(facts: Facts, release: Release) -> Iterator[Stored[Anchor]]:
    for settings in facts.trusted:
        if _is_loaded(settings, facts):
            certificate = cache(settings.certificate, release)
            yield Stored(
                Kind.CERTIFICATE,
                certificate.subject,
                certificate.fingerprint,
                Anchor(certificate, settings),
            )


def _crls(facts: Facts, release: Release) -> Iterator[Stored[CachedCrl]]:
    """``cadata`` never loads a CRL; of a ``capath`` one that cannot be loaded is left
    out."""
    if facts.source is Source.CADATA:
        return
    for crl in facts.crls:
        if not is_refused(crl, release):
            cached = cache_crl(crl)
            yield Stored(Kind.CRL, cached.issuer, crl.fingerprint, cached)


def _is_loaded(item: TrustedCertificate, facts: Facts) -> bool:
    """``cadata`` passes over a TRUSTED CERTIFICATE."""
    return facts.source is not Source.CADATA or item.label is PemLabel.CERTIFICATE


def nothing_loaded(facts: Facts) -> Where | None:
    """What ``cadata`` refuses: a text with no certificate in it."""
    if facts.source is not Source.CADATA:
        return None
    if any(_is_loaded(item, facts) for item in facts.trusted):
        return None
    if facts.trusted:
        return Where.TRUST
    unread = any(item.where is Where.CRL for item in facts.unreadable)
    return Where.CRL if facts.crls or unread else None


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
