"""Departures with proxy certificates (RFC 3820)."""

from typing import Any, Final

from harness.pki.spec import (
    DAY,
    EE_USAGE,
    AttributeSpec,
    AuthorityKeyIdSpec,
    BasicConstraintsSpec,
    CertificateSpec,
    Entity,
    ExtendedKeyUsageSpec,
    GeneralNameSpec,
    KeyId,
    KeyUsageSpec,
    NameSpec,
    ProxySpec,
    RawExtension,
    StringType,
    SubjectKeyIdSpec,
    TrustSpec,
)
from strategies.departures import Change, Departure, Stage, departure
from strategies.draft import ISSUER, NAME, Draft, with_intermediates
from strategies.lengths import limited

INDEPENDENT: Final = "1.3.6.1.5.5.7.21.2"
"""id-ppl-independent (RFC 3820, 3.8.2): the proxy has no rights of its issuer."""
ANY_LANGUAGE: Final = "1.3.6.1.5.5.7.21.0"
"""id-ppl-anyLanguage."""
PROXY_CERT_INFO: Final = "1.3.6.1.5.5.7.1.14"

_KEYS: Final = ("p256-7", "p256-8", "p256-15")


def proxied(draft: Draft, depth: int, name: NameSpec | None, **fields: Any) -> Draft:
    """The draft with a proxy of what the peer sends first, sent before it."""
    holder = draft.scenario.certificate(draft.scenario.peer[0])
    subject = Entity(
        holder.subject.name.plus(f"{depth + 1}") if name is None else name,
        _KEYS[depth % len(_KEYS)],
    )
    stated: dict[str, Any] = {"key_usage": EE_USAGE, "proxy": ProxySpec()}
    label = draft.free("proxy")
    proxy = CertificateSpec(label, subject, holder.subject, **(stated | fields))
    peer = (label, *draft.scenario.peer)
    return draft.added(proxy).asking(peer=peer).walked()


def _proxy(name: NameSpec | None = None, **fields: Any) -> Change:
    return lambda draft, _place: proxied(draft, 0, name, **fields)


def _proxies(*lengths: int | None) -> Change:
    """Proxies of proxies, with these pcPathLenConstraints, the first proxy's first."""

    def change(draft: Draft, _place: int) -> Draft:
        for depth, length in enumerate(lengths):
            draft = proxied(draft, depth, None, proxy=ProxySpec(length))
        return draft

    return change


def _limited(length: int, *, over: int, proxies: int) -> Change:
    """Proxies under a CA with a pathLenConstraint above so many intermediates."""

    def change(draft: Draft, place: int) -> Draft:
        draft = limited(length, over=over)(draft, place)
        return _proxies(*[None] * proxies)(draft, place)

    return change


def _held(**fields: Any) -> Change:
    """A proxy whose issuer, the end entity, is changed."""

    def change(draft: Draft, _place: int) -> Draft:
        return proxied(draft.changed(draft.path[0], **fields), 0, None)

    return change


def _of_authority(*, root: bool) -> Change:
    """A proxy that a CA issued of itself."""

    def change(draft: Draft, _place: int) -> Draft:
        draft = with_intermediates(draft, 0 if root else 1)
        holder = draft.path[-1] if root else draft.authority(ISSUER)
        at = draft.path.index(holder)
        draft = draft.asking(peer=draft.path[at:-1] or (holder,)).walked()
        return proxied(draft, 0, None)

    return change


def _named(*attributes: AttributeSpec, last: bool = False) -> Change:
    """A proxy whose subject is the issuer's with one RDN of these attributes more;
    with ``last``, they replace the issuer's last RDN."""

    def change(draft: Draft, _place: int) -> Draft:
        name = draft.at(0).subject.name.rdns
        kept = name[:-1] if last else name
        return proxied(draft, 0, NameSpec((*kept, attributes)))

    return change


def _long_named(draft: Draft, _place: int) -> Draft:
    """A proxy of a holder whose name has a length of more than one octet."""
    holder = draft.at(0).subject
    draft = draft.became(holder, Entity(NameSpec.cn("x" * 150), holder.key))
    return proxied(draft, 0, None)


def _joined(draft: Draft, _place: int) -> Draft:
    """A proxy of a holder without commonName: its subject has one in the holder's own
    last RDN, where it sorts last."""
    holder = draft.at(0).subject
    own = AttributeSpec("Tests", "O")
    draft = draft.became(holder, Entity(NameSpec(((own,),)), holder.key))
    return proxied(draft, 0, NameSpec(((own, AttributeSpec("1" * 8)),)))


def _named_as_issuer(draft: Draft, _place: int) -> Draft:
    return proxied(draft, 0, draft.at(0).subject.name)


def _named_two_below(draft: Draft, _place: int) -> Draft:
    return proxied(draft, 0, draft.at(0).subject.name.plus("1").plus("2"))


def _stored(*, only: bool, alone: bool = False) -> Change:
    """A proxy whose issuer is in the store too, or is all there is in it."""

    def change(draft: Draft, _place: int) -> Draft:
        holder = TrustSpec(draft.path[0])
        trusted = (holder,) if only else (*draft.scenario.trusted, holder)
        draft = proxied(draft, 0, None).asking(trusted=trusted)
        return draft.asking(peer=draft.scenario.peer[:1]) if alone else draft

    return change


def _itself_stored(draft: Draft, _place: int) -> Draft:
    draft = proxied(draft, 0, None)
    return draft.asking(trusted=(TrustSpec(draft.path[0]),))


def _holder_not_sent(draft: Draft, _place: int) -> Draft:
    draft = proxied(draft, 0, None)
    peer = draft.scenario.peer
    return draft.asking(peer=(peer[0], *peer[2:]))


def _raw(value: bytes, *, duplicate: bool = False) -> Change:
    extension = RawExtension(PROXY_CERT_INFO, value, critical=True, duplicate=duplicate)
    return _proxy(extra=(extension,))


_PLAIN_INFO: Final = bytes.fromhex("300c300a06082b06010505071501")
"""proxyCertInfo with id-ppl-inheritAll."""

PROXIES: Final[tuple[Departure, ...]] = (
    departure(
        "proxy",
        Stage.SHAPE,
        {
            "plain": _proxy(),
            "length 0": _proxy(proxy=ProxySpec(0)),
            "length 1": _proxy(proxy=ProxySpec(1)),
            "independent": _proxy(proxy=ProxySpec(language=INDEPENDENT)),
            "any language": _proxy(proxy=ProxySpec(language=ANY_LANGUAGE)),
            "not critical": _proxy(proxy=ProxySpec(critical=False)),
            "no keyUsage": _proxy(key_usage=None),
            "not a CA by basicConstraints": _proxy(
                basic_constraints=BasicConstraintsSpec(ca=False)
            ),
            "for servers": _proxy(
                extended_key_usage=ExtendedKeyUsageSpec(("serverAuth",))
            ),
            "expired": _proxy(not_after=-DAY),
        },
        "proxies",
        under=("ALLOW_PROXY_CERTS",),
    ),
    departure(
        "proxies",
        Stage.SHAPE,
        {
            "of proxies": _proxies(None, None),
            "length 0 exceeded": _proxies(0, None),
            "length 1 kept": _proxies(1, 0),
            "length 1 exceeded": _proxies(1, None, None),
            "length 0 last": _proxies(None, 0),
            "three": _proxies(None, None, None),
            "equal lengths": _proxies(1, 1),
            "equal lengths of 2": _proxies(2, 2),
            "a length below a lower one": _proxies(1, 4),
            "a length below a higher one": _proxies(3, 1),
        },
        "proxies",
        under=("ALLOW_PROXY_CERTS",),
    ),
    departure(
        "proxy's subject",
        Stage.SHAPE,
        {
            "another name": _proxy(NameSpec.cn("stranger.example")),
            "its issuer's": _named_as_issuer,
            "two below": _named_two_below,
            "an organizational unit more": _named(AttributeSpec("1", "OU")),
            "a multi-valued RDN more": _named(
                AttributeSpec("1"), AttributeSpec("proxy", "O")
            ),
            "the last RDN replaced": _named(AttributeSpec("1"), last=True),
            "the last RDN made multi-valued": _named(
                AttributeSpec(NAME), AttributeSpec("1", "O"), last=True
            ),
            "the last RDN joined by a commonName": _joined,
            "of a long name": _long_named,
            "two RDNs of another name": _proxy(NameSpec.cn("a.example").plus("1")),
            "empty": _proxy(NameSpec()),
            "a PrintableString more": _named(
                AttributeSpec("1", string=StringType.PRINTABLE)
            ),
        },
        "proxies",
        under=("ALLOW_PROXY_CERTS",),
    ),
    departure(
        "proxy's issuer",
        Stage.SHAPE,
        {
            "without digitalSignature": _held(
                key_usage=KeyUsageSpec(frozenset({"keyAgreement"}))
            ),
            "without keyUsage": _held(key_usage=None),
            "an intermediate": _of_authority(root=False),
            "the root": _of_authority(root=True),
            "a CA by basicConstraints": _held(
                basic_constraints=BasicConstraintsSpec(ca=True)
            ),
            "without basicConstraints": _held(basic_constraints=None),
            "trusted only": _stored(only=True),
            "trusted only, proxy sent alone": _stored(only=True, alone=True),
            "trusted too": _stored(only=False),
            "not sent": _holder_not_sent,
            "not trusted but the proxy": _itself_stored,
        },
        "proxies",
        "paths",
        under=(
            "ALLOW_PROXY_CERTS",
            "ALLOW_PROXY_CERTS|X509_PARTIAL_CHAIN",
            "ALLOW_PROXY_CERTS|X509_PARTIAL_CHAIN|CRL_CHECK_LEAF",
        ),
    ),
    departure(
        "path length constraint over proxies",
        Stage.SHAPE,
        {
            "0 over one": _limited(0, over=0, proxies=1),
            "0 over two": _limited(0, over=0, proxies=2),
            "0 over an intermediate and one": _limited(0, over=1, proxies=1),
            "1 over an intermediate and one": _limited(1, over=1, proxies=1),
            "1 over an intermediate and two": _limited(1, over=1, proxies=2),
        },
        "proxies",
        under=("ALLOW_PROXY_CERTS",),
    ),
    departure(
        "broken proxy",
        Stage.SHAPE,
        {
            "undecodable": _raw(b"\x04\x01"),
            "twice": _raw(_PLAIN_INFO, duplicate=True),
            "with subjectAltName": _proxy(
                subject_alt_name=(GeneralNameSpec.dns(NAME),)
            ),
            "with subjectAltName before all else": _proxy(
                subject_alt_name=(GeneralNameSpec.dns(NAME),),
                key_usage=None,
                subject_key_id=SubjectKeyIdSpec(KeyId.ABSENT),
                authority_key_id=AuthorityKeyIdSpec(KeyId.ABSENT),
            ),
            "with issuerAltName": _proxy(
                extra=(RawExtension("2.5.29.18", b"\x30\x03\x82\x01a"),)
            ),
            "with an unknown critical extension": _proxy(
                extra=(RawExtension("1.3.6.1.4.1.55555.9", b"\x05\x00", critical=True),)
            ),
            "a CA": _proxy(basic_constraints=BasicConstraintsSpec(ca=True)),
            "negative length": _proxy(proxy=ProxySpec(-1)),
            "version 1": _proxy(version=1),
        },
        "proxies",
        under=("ALLOW_PROXY_CERTS",),
    ),
)
