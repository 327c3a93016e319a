"""Proxy certificates (RFC 3820), row by row."""

from typing import Final

import pytest

from harness.flags import (
    ALLOW_PROXY_CERTS,
    CRL_CHECK_CHAIN,
    CRL_CHECK_LEAF,
    X509_STRICT,
)
from harness.pki.spec import (
    DAY,
    AttributeSpec,
    BasicConstraintsSpec,
    CertificateSpec,
    CrlSpec,
    Entity,
    GeneralNameSpec,
    KeyUsageSpec,
    NameSpec,
    ProxySpec,
    RawExtension,
    RevokedSpec,
    Scenario,
    end_entity,
)
from tests.oracle.releases.rows import (
    INT,
    LEAF,
    PARTIAL,
    PLAIN,
    ROOT,
    Row,
    chain,
    leaf,
    middle,
    told,
)

ALLOW: Final = ALLOW_PROXY_CERTS

PROXY: Final = Entity(LEAF.name.plus("proxy"), "p256-4")
SECOND: Final = Entity(PROXY.name.plus("second"), "p256-5")
OF_CA: Final = Entity(INT.name.plus("proxy"), "p256-4")
TWO_VALUED: Final = Entity(
    NameSpec((*LEAF.name.rdns, (AttributeSpec("a"), AttributeSpec("b", "OU")))),
    "p256-4",
)
ORGANISATION: Final = Entity(
    NameSpec((*LEAF.name.rdns, (AttributeSpec("proxy", "O"),))), "p256-4"
)
UNRELATED: Final = Entity(NameSpec.cn("elsewhere").plus("proxy"), "p256-4")

CRL_ONLY: Final = KeyUsageSpec(frozenset({"keyAgreement"}))
REVOKED: Final = CrlSpec("int-crl", INT, revoked=(RevokedSpec("leaf"),))
ROOT_CRL: Final = CrlSpec("root-crl", ROOT)


def proxy(
    label: str = "proxy",
    subject: Entity = PROXY,
    issuer: Entity = LEAF,
    **changes: object,
) -> CertificateSpec:
    """A proxy certificate of the leaf, with these changes."""
    plain: dict[str, object] = {"subject_alt_name": None, "proxy": ProxySpec()}
    return end_entity(label, subject, issuer, **(plain | changes))


def sent(*changed: CertificateSpec, **setting: object) -> Scenario:
    """The chain below a proxy, with these certificates changed."""
    plain: dict[str, object] = {"peer": "proxy leaf int"}
    return chain(proxy(), *changed, **(plain | setting))  # type: ignore[arg-type]


def twice(first: ProxySpec, second: ProxySpec, **setting: object) -> Scenario:
    """A proxy of a proxy, with these limits."""
    return sent(
        proxy(proxy=first),
        proxy("second", SECOND, PROXY, proxy=second),
        peer="second proxy leaf int",
        **setting,
    )


FREE: Final = ProxySpec()
LAST: Final = ProxySpec(path_length=0)

ROWS: Final = (
    Row("reject proxy not allowed", "40@0", sent(), PLAIN, "proxy leaf int root"),
    Row("accept proxy allowed", "ok", sent(), ALLOW, "proxy leaf int root"),
    Row("accept proxy allowed strict", "ok", sent(), ALLOW | X509_STRICT),
    Row("reject proxy not allowed before expired", "40@0", sent(leaf(not_after=-DAY))),
    Row("reject proxy of expired leaf", "10@1", sent(leaf(not_after=-DAY)), ALLOW),
    Row(
        "reject proxy of CA",
        "37@1",
        chain(proxy("proxy", OF_CA, INT), peer="proxy int"),
        ALLOW,
    ),
    Row(
        "reject proxy of leaf CA",
        "37@1",
        sent(
            leaf(
                basic_constraints=BasicConstraintsSpec(ca=True),
                key_usage=KeyUsageSpec(frozenset({"digitalSignature", "keyCertSign"})),
            )
        ),
        ALLOW,
    ),
    Row(
        "reject proxy of leaf without digitalSignature",
        "39@1",
        sent(leaf(key_usage=CRL_ONLY)),
        ALLOW,
    ),
    Row("accept proxy of leaf no usage", "ok", sent(leaf(key_usage=None)), ALLOW),
    Row(
        "reject proxy subject two-valued",
        "72@0",
        sent(proxy(subject=TWO_VALUED)),
        ALLOW,
    ),
    Row(
        "reject proxy subject no common name",
        "72@0",
        sent(proxy(subject=ORGANISATION)),
        ALLOW,
    ),
    Row(
        "reject proxy subject unrelated", "72@0", sent(proxy(subject=UNRELATED)), ALLOW
    ),
    Row(
        "reject proxy subject same as issuer",
        "72@0",
        sent(proxy(subject=Entity(LEAF.name, "p256-4"))),
        ALLOW,
    ),
    Row(
        "reject proxy subject wrong after expired leaf",
        "10@1",
        sent(proxy(subject=UNRELATED), leaf(not_after=-DAY)),
        ALLOW,
    ),
    Row("accept proxy of proxy", "ok", twice(FREE, FREE), ALLOW),
    Row("reject proxy of last proxy", "38@1", twice(LAST, FREE), ALLOW),
    Row("accept last proxy of proxy", "ok", twice(FREE, LAST), ALLOW),
    Row("accept last proxy itself", "ok", sent(proxy(proxy=LAST)), ALLOW),
    Row(
        "accept proxies below path length 0",
        "ok",
        sent(
            proxy("second", SECOND, PROXY),
            middle(basic_constraints=BasicConstraintsSpec(ca=True, path_length=0)),
            peer="second proxy leaf int",
        ),
        ALLOW,
    ),
    Row("reject proxy wrong host", "62@0", sent(name="other.example"), ALLOW),
    Row("accept proxy host by common name", "ok", sent(name="leaf.example"), ALLOW),
    Row("accept proxy no CRL", "ok", sent(), ALLOW | CRL_CHECK_LEAF),
    Row(
        "accept revoked leaf behind proxy",
        "ok",
        sent(crls=(REVOKED, ROOT_CRL)),
        ALLOW | CRL_CHECK_LEAF,
    ),
    Row(
        "reject revoked leaf behind proxy chain",
        "23@1",
        sent(crls=(REVOKED, ROOT_CRL)),
        ALLOW | CRL_CHECK_CHAIN,
    ),
    Row(
        "accept trusted leaf as anchor of its proxy",
        "ok",
        sent(trusted="leaf"),
        ALLOW | PARTIAL,
        "proxy leaf",
    ),
    Row(
        "reject proxy with alternative name",
        "20@0",
        sent(proxy(subject_alt_name=(GeneralNameSpec.dns("leaf.example"),))),
        ALLOW,
    ),
    Row(
        "reject proxy with issuer alternative name",
        "20@0",
        sent(proxy(extra=(RawExtension("2.5.29.18", b"\x30\x03\x82\x01a"),))),
        ALLOW,
    ),
    Row(
        "reject proxy CA",
        "20@0",
        sent(proxy(basic_constraints=BasicConstraintsSpec(ca=True))),
        ALLOW,
    ),
    Row(
        "reject malformed proxy information",
        "20@0",
        sent(
            proxy(proxy=None, extra=(RawExtension("1.3.6.1.5.5.7.1.14", b"\x04\x00"),))
        ),
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_proxy_row(row: Row) -> None:
    """What OpenSSL makes of a proxy certificate is foretold."""
    assert told(row) == (row.said, row.path)
