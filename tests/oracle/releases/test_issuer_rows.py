"""Which of several issuers is taken, and which anchors are trusted, row by row.

Source: ``find_issuer``, ``X509_STORE_CTX_get1_issuer``, ``check_trust``.
"""

from typing import Final

import pytest

from harness.pki.spec import (
    DAY,
    AuthorityKeyIdSpec,
    CertificateSpec,
    Entity,
    KeyId,
    NameSpec,
    StringType,
    TrustSpec,
    ca,
)
from tests.oracle.releases.rows import (
    INT,
    NO_AKI,
    NO_SKI,
    OTHER,
    PARTIAL,
    PLAIN,
    ROOT,
    Row,
    chain,
    leaf,
    middle,
    told,
    top,
)

OLD_ROOT: Final = Entity(ROOT.name, "p256-6")

BARE: Final = {"subject_key_id": NO_SKI, "authority_key_id": NO_AKI}
BARE_LEAF: Final = leaf(ROOT, authority_key_id=NO_AKI)
BARE_ROOT: Final = top(**BARE)
BARE_TWIN: Final = ca("twin", OLD_ROOT, OLD_ROOT, **BARE)
TWIN: Final = ca("twin", OLD_ROOT, OLD_ROOT)

CROSS: Final = ca("cross", ROOT, OTHER)
EXPIRED_OTHER: Final = ca("other", OTHER, OTHER, not_after=-DAY)

ROLLOVER: Final = ca("rollover", ROOT, OLD_ROOT)
BARE_ROLLOVER: Final = ca("rollover", ROOT, OLD_ROOT, **BARE)


def _named(name: NameSpec) -> CertificateSpec:
    """The leaf of an issuer whose name is written otherwise."""
    return leaf(Entity(name, INT.key))


CHOICE_ROWS: Final = (
    Row(
        "reject expired trusted intermediate valid one presented",
        "10@1",
        chain(
            ca("int-old", INT, ROOT, not_after=-DAY),
            trusted="int-old root",
        ),
        PLAIN,
        "leaf int-old root",
    ),
    Row(
        "accept root also cross-signed by expired root",
        "ok",
        chain(CROSS, EXPIRED_OTHER, peer="leaf int cross", trusted="root other"),
        PLAIN,
        "leaf int root",
    ),
    Row(
        "reject same name root without identifiers wrong first",
        "7@0",
        chain(BARE_LEAF, BARE_ROOT, BARE_TWIN, peer="leaf", trusted="twin root"),
    ),
    Row(
        "accept same name root without identifiers right first",
        "ok",
        chain(BARE_LEAF, BARE_ROOT, BARE_TWIN, peer="leaf", trusted="root twin"),
    ),
    Row(
        "accept same name root wrong first",
        "ok",
        chain(leaf(ROOT), TWIN, peer="leaf", trusted="twin root"),
        PLAIN,
        "leaf root",
    ),
    Row(
        "accept same name root right first",
        "ok",
        chain(leaf(ROOT), TWIN, peer="leaf", trusted="root twin"),
        PLAIN,
        "leaf root",
    ),
    Row(
        "reject same name root right one expired",
        "7@0",
        chain(
            BARE_LEAF,
            top(not_after=-DAY, **BARE),
            BARE_TWIN,
            peer="leaf",
            trusted="root twin",
        ),
        PLAIN,
        "leaf twin",
    ),
    Row(
        "reject expired roots latest end wins",
        "10@1",
        chain(
            leaf(ROOT),
            top(not_after=-2 * DAY),
            ca("later", ROOT, ROOT, not_after=-DAY),
            peer="leaf",
            trusted="root later",
        ),
        PLAIN,
        "leaf later",
    ),
    Row(
        "accept valid presented intermediate after expired one",
        "ok",
        chain(ca("int-old", INT, ROOT, not_after=-DAY), peer="leaf int-old int"),
        PLAIN,
        "leaf int root",
    ),
    Row(
        "reject trusted rollover alone",
        "2@2",
        chain(ROLLOVER, trusted="rollover"),
        PLAIN,
        "leaf int rollover",
    ),
    Row(
        "accept trusted rollover alone partial chain",
        "ok",
        chain(ROLLOVER, trusted="rollover"),
        PARTIAL,
        "leaf int rollover",
    ),
    Row(
        "accept rollover presented old root trusted",
        "ok",
        chain(ROLLOVER, TWIN, peer="leaf int rollover", trusted="twin"),
        PLAIN,
        "leaf int rollover twin",
    ),
    Row(
        "reject rollover without identifiers old root trusted",
        "7@0",
        chain(
            BARE_LEAF,
            BARE_ROLLOVER,
            BARE_TWIN,
            peer="leaf rollover",
            trusted="twin",
        ),
        PLAIN,
        "leaf twin",
    ),
    Row(
        "accept self-issued anchor not self-signed without identifiers",
        "ok",
        chain(BARE_LEAF, BARE_ROLLOVER, peer="leaf", trusted="rollover"),
        PLAIN,
        "leaf rollover",
    ),
    Row(
        "accept issuer name other case and spaces",
        "ok",
        chain(_named(NameSpec.cn("  INTERmediate "))),
    ),
    Row(
        "accept issuer name other string type",
        "ok",
        chain(_named(NameSpec.cn("Intermediate", StringType.PRINTABLE))),
    ),
    Row(
        "reject issuer name other", "20@0", chain(_named(NameSpec.cn("Intermediate 2")))
    ),
    Row(
        "reject issuer of another key type",
        "20@0",
        chain(
            leaf(authority_key_id=NO_AKI),
            ca("int", Entity(INT.name, "rsa2048-0"), ROOT),
        ),
    ),
    Row(
        "reject authority key identifier of another key",
        "20@0",
        chain(leaf(authority_key_id=AuthorityKeyIdSpec(KeyId.OTHER))),
    ),
    Row(
        "accept authority key identifier issuer without its own",
        "ok",
        chain(
            leaf(authority_key_id=AuthorityKeyIdSpec(KeyId.OTHER)),
            middle(subject_key_id=NO_SKI),
        ),
    ),
    Row(
        "accept authority issuer and serial",
        "ok",
        chain(
            leaf(authority_key_id=AuthorityKeyIdSpec(issuer=ROOT.name, serial=5)),
            middle(serial=5),
        ),
    ),
    Row(
        "reject authority serial other",
        "20@0",
        chain(
            leaf(authority_key_id=AuthorityKeyIdSpec(issuer=ROOT.name, serial=6)),
            middle(serial=5),
        ),
    ),
    Row(
        "reject authority issuer other",
        "20@0",
        chain(
            leaf(authority_key_id=AuthorityKeyIdSpec(issuer=INT.name, serial=5)),
            middle(serial=5),
        ),
    ),
)

TRUST_ROWS: Final = (
    Row(
        "accept trusted certificate of intermediate",
        "ok",
        chain(trusted=[TrustSpec("int", trust=("serverAuth",))]),
        PLAIN,
        "leaf int",
    ),
    Row(
        "accept trusted certificate for any purpose",
        "ok",
        chain(trusted=[TrustSpec("int", trust=("anyExtendedKeyUsage",))]),
        PLAIN,
        "leaf int",
    ),
    Row(
        "reject trusted certificate for other purpose",
        "28@1",
        chain(trusted=[TrustSpec("int", trust=("clientAuth",))]),
    ),
    Row(
        "reject trusted certificate for other purpose partial chain",
        "28@1",
        chain(trusted=[TrustSpec("int", trust=("clientAuth",))]),
        PARTIAL,
    ),
    Row(
        "reject trusted certificate rejecting root",
        "28@2",
        chain(trusted=[TrustSpec("root", reject=("serverAuth",))]),
    ),
    Row(
        "accept trusted certificate rejecting other purpose",
        "ok",
        chain(trusted=[TrustSpec("root", reject=("clientAuth",))]),
    ),
    Row(
        "reject trusted certificate rejecting leaf partial chain",
        "28@0",
        chain(peer="leaf", trusted=[TrustSpec("leaf", reject=("serverAuth",))]),
        PARTIAL,
    ),
    Row(
        "accept trusted certificate first of two settings",
        "ok",
        chain(
            trusted=[
                TrustSpec("int", trust=("serverAuth",)),
                TrustSpec("int", reject=("serverAuth",)),
            ]
        ),
    ),
)

ROWS: Final = (*CHOICE_ROWS, *TRUST_ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_issuer_row(row: Row) -> None:
    """The issuer that OpenSSL takes, and what it objects to, is foretold."""
    assert told(row) == (row.said, row.path)
