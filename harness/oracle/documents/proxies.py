"""Proxy certificates on a path (RFC 3820), and the places of its certificates.

ALLOW_PROXY_CERTS "enables proxy certificate verification": without it a path with a
proxy certificate is refused. With it, what RFC 3820 asks decides what is plain.
"""

from collections.abc import Iterator
from typing import Final

from harness.facts import BasicConstraints, Certificate, Facts, ProxyInfo
from harness.oracle.documents.plain import PROXY_INFO, Place
from harness.oracle.documents.remarks import ALLOW_PROXY, ANY, NOT_A_CA, Remark
from harness.oracle.documents.strict import critical, is_ca

_COMMON_NAME: Final = "2.5.4.3"
_INHERIT_ALL: Final = "1.3.6.1.5.5.7.21.1"
_INDEPENDENT: Final = "1.3.6.1.5.5.7.21.2"


def proxies_of(path: tuple[Certificate, ...]) -> int:
    """How many certificates at the bottom of the path are proxies."""
    count = 0
    for certificate in path:
        if not isinstance(certificate.proxy, ProxyInfo):
            break
        count += 1
    return count


def places(path: tuple[Certificate, ...]) -> tuple[Place, ...]:
    """Where each certificate of the path stands."""
    proxies = proxies_of(path)
    bottom = Place.PROXIED if proxies else Place.PEER
    return tuple(
        Place.PROXY if index < proxies else bottom if index == proxies else Place.ISSUER
        for index in range(len(path))
    )


def path_length_remarks(path: tuple[Certificate, ...]) -> Iterator[Remark]:
    """A pathLenConstraint that is exceeded (RFC 5280, 4.2.1.9), or near a proxy."""
    proxies = proxies_of(path)
    for index, certificate in enumerate(path):
        constraints = certificate.basic_constraints
        if index <= proxies or not isinstance(constraints, BasicConstraints):
            continue
        limit = constraints.path_length
        if limit is not None and (proxies or limit < index - 1):
            yield Remark("a path length that is exceeded", frozenset({25, 38}))


def proxy_remarks(facts: Facts, path: tuple[Certificate, ...]) -> Iterator[Remark]:
    """What is not plain about the proxies of the path; nothing if it has none."""
    count = proxies_of(path)
    if any(certificate.proxy is not None for certificate in path[count:]):
        yield Remark("a proxy certificate above an end entity", ANY)
    if not count:
        return
    yield Remark(
        "a proxy certificate",
        frozenset({40}) | NOT_A_CA,
        ("ALLOW_PROXY_CERTS",),
        off=ALLOW_PROXY,
    )
    if facts.name is not None:
        yield Remark("a reference name against a proxy", frozenset({62, 64}))
    if count + 1 >= len(path):
        yield Remark("a proxy path that ends below a CA", ANY)
        return
    if is_ca(path[count]):
        yield Remark("a proxy issued by a CA", NOT_A_CA)
    for index in range(count):
        yield from _one(path[index], path[index + 1], index)


def _one(proxy: Certificate, issuer: Certificate, below: int) -> Iterator[Remark]:
    info = proxy.proxy
    assert isinstance(info, ProxyInfo)  # proxies_of counted it
    if not _extends(proxy, issuer):
        yield Remark("a proxy of an unfit name", frozenset({72}))
    if info.path_length is not None and info.path_length < below:
        codes = ANY if info.path_length < 0 else frozenset({38})
        yield Remark("a proxy path length that is exceeded", codes)
    elif info.path_length is not None:
        # OpenSSL lets one proxy's limit raise what it asks of the next one up.
        yield Remark("", frozenset({38}))
    if info.language not in (_INHERIT_ALL, _INDEPENDENT):
        yield Remark("a proxy policy language", ANY)
    if not critical(proxy, PROXY_INFO):
        yield Remark("a proxyCertInfo that is not critical", ANY)
    if proxy.subject_alt_name is not None or is_ca(proxy):
        yield Remark("a proxy with a name or a CA mark of its own", ANY)


def _extends(proxy: Certificate, issuer: Certificate) -> bool:
    """RFC 3820, 3.4: the issuer's subject and one more commonName."""
    subject = proxy.subject
    return (
        proxy.issuer.canonical == issuer.subject.canonical
        and subject.canonical.startswith(issuer.subject.canonical)
        and len(subject.rdns) == len(issuer.subject.rdns) + 1
        and len(subject.rdns[-1]) == 1
        and subject.rdns[-1][0].oid == _COMMON_NAME
    )
