"""Which of several objections is shown, and security levels, row by row.

Source: ``verify_chain`` (x509_vfy.c), ``check_auth_level``.
"""

from typing import Any, Final

import pytest

from harness.flags import CRL_CHECK_LEAF
from harness.pki.spec import (
    DAY,
    CertificateSpec,
    CrlSpec,
    Entity,
    ExtendedKeyUsageSpec,
    GeneralNameSpec,
    NameConstraintsSpec,
    NameSpec,
    RevokedSpec,
    SubtreeSpec,
    ca,
    end_entity,
)
from harness.verdict import WillReject
from tests.oracle.releases.rows import (
    INT,
    LEAF,
    PARTIAL,
    PLAIN,
    ROOT,
    STRICT,
    Row,
    chain,
    leaf,
    middle,
    predicted,
    told,
    top,
)

OLD: Final[dict[str, Any]] = {"not_after": -DAY}
WRONG: Final[dict[str, Any]] = {"corrupt": True}
EMAIL_ONLY: Final[dict[str, Any]] = {
    "extended_key_usage": ExtendedKeyUsageSpec(("emailProtection",))
}
ELSEWHERE: Final = NameConstraintsSpec(
    permitted=(SubtreeSpec(GeneralNameSpec.dns("elsewhere.example")),)
)

RIGHT_NAME: Final = "leaf.example"
WRONG_NAME: Final = "wrong.example"
REVOKED: Final = CrlSpec("int-crl", INT, revoked=(RevokedSpec("leaf"),))

WEAK_INT: Final = Entity(INT.name, "rsa1024-0")
WEAK_ROOT: Final = Entity(ROOT.name, "rsa1024-0")
WEAK_LEAF: Final = Entity(LEAF.name, "rsa1024-0")
SHA1: Final[dict[str, Any]] = {"digest": "sha1"}
RSA_INT: Final = Entity(NameSpec.cn("RSA Intermediate"), "rsa2048-0")


def weak_middle(**changes: object) -> tuple[CertificateSpec, CertificateSpec]:
    """A leaf under an intermediate with an RSA key of 1024 bits."""
    return leaf(WEAK_INT, **changes), ca("int", WEAK_INT, ROOT)


ORDER_ROWS: Final = (
    Row("reject expired leaf", "10@0", chain(leaf(**OLD), name=RIGHT_NAME)),
    Row("reject wrong host", "62@0", chain(name=WRONG_NAME)),
    Row("reject expired leaf wrong host", "62@0", chain(leaf(**OLD), name=WRONG_NAME)),
    Row("reject expired leaf no CRL", "3@0", chain(leaf(**OLD)), CRL_CHECK_LEAF),
    Row("reject wrong host no CRL", "62@0", chain(name=WRONG_NAME), CRL_CHECK_LEAF),
    Row(
        "reject wrong host revoked",
        "62@0",
        chain(name=WRONG_NAME, crls=(REVOKED,)),
        CRL_CHECK_LEAF,
    ),
    Row(
        "reject wrong purpose expired wrong host",
        "26@0",
        chain(leaf(**OLD, **EMAIL_ONLY), name=WRONG_NAME),
    ),
    Row(
        "reject unknown issuer expired wrong host",
        "20@1",
        chain(leaf(**OLD), trusted="other", name=WRONG_NAME),
    ),
    Row(
        "reject expired leaf expired intermediate",
        "10@1",
        chain(leaf(**OLD), middle(**OLD)),
    ),
    Row("reject expired root", "10@2", chain(leaf(**OLD), middle(**OLD), top(**OLD))),
    Row(
        "reject wrong signature expired intermediate",
        "10@1",
        chain(leaf(**WRONG), middle(**OLD)),
    ),
    Row(
        "reject wrong signature expired same leaf",
        "7@0",
        chain(leaf(**OLD, **WRONG)),
    ),
    Row("reject wrong signature of intermediate", "7@1", chain(middle(**WRONG))),
    Row("accept wrong signature of root", "ok", chain(top(**WRONG))),
    Row("accept wrong signature of root strict", "ok", chain(top(**WRONG)), STRICT),
    Row("reject wrong signature no CRL", "3@0", chain(leaf(**WRONG)), CRL_CHECK_LEAF),
    Row("reject name constraint", "47@0", chain(middle(name_constraints=ELSEWHERE))),
    Row(
        "reject name constraint expired leaf",
        "10@0",
        chain(leaf(**OLD), middle(name_constraints=ELSEWHERE)),
    ),
    Row(
        "reject name constraint wrong host",
        "62@0",
        chain(middle(name_constraints=ELSEWHERE), name=WRONG_NAME),
    ),
    Row(
        "reject weak intermediate expired wrong host",
        "67@1",
        chain(*weak_middle(**OLD), name=WRONG_NAME),
    ),
    Row(
        "reject weak intermediate wrong purpose",
        "26@0",
        chain(*weak_middle(**EMAIL_ONLY)),
    ),
)

LEVEL_ROWS: Final = (
    Row("reject weak leaf", "66@0", chain(end_entity("leaf", WEAK_LEAF, INT))),
    Row(
        "reject weak leaf unknown issuer",
        "66@0",
        chain(end_entity("leaf", WEAK_LEAF, INT), trusted="other"),
        PLAIN,
        "leaf",
    ),
    Row(
        "accept weak leaf level 1",
        "ok",
        chain(end_entity("leaf", WEAK_LEAF, INT), security_level=1),
    ),
    Row("reject weak intermediate", "67@1", chain(*weak_middle())),
    Row(
        "accept weak intermediate level 1",
        "ok",
        chain(*weak_middle(), security_level=1),
    ),
    Row(
        "reject weak root",
        "67@1",
        chain(leaf(WEAK_ROOT), ca("root", WEAK_ROOT, WEAK_ROOT), peer="leaf"),
    ),
    Row("reject SHA-1 leaf", "68@0", chain(leaf(**SHA1))),
    Row("reject SHA-1 leaf level 1", "68@0", chain(leaf(**SHA1), security_level=1)),
    Row("accept SHA-1 leaf level 0", "ok", chain(leaf(**SHA1), security_level=0)),
    Row("reject SHA-1 intermediate", "68@1", chain(middle(**SHA1))),
    Row("accept SHA-1 root", "ok", chain(top(**SHA1))),
    Row(
        "accept SHA-1 partial anchor",
        "ok",
        chain(leaf(**SHA1), peer="leaf", trusted="leaf"),
        PARTIAL,
    ),
    Row("reject P-256 level 4", "66@0", chain(security_level=4)),
    Row("accept P-256 level 3", "ok", chain(security_level=3)),
    Row(
        "reject RSA 2048 intermediate level 3",
        "67@1",
        chain(leaf(RSA_INT), ca("int", RSA_INT, ROOT), security_level=3),
    ),
    Row(
        "accept RSA 2048 intermediate",
        "ok",
        chain(leaf(RSA_INT), ca("int", RSA_INT, ROOT)),
    ),
    Row(
        "accept SHA-1 CRL",
        "ok",
        chain(crls=(CrlSpec("int-crl", INT, digest="sha1"),)),
        CRL_CHECK_LEAF,
    ),
)

ROWS: Final = (*ORDER_ROWS, *LEVEL_ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_order_row(row: Row) -> None:
    """The first objection by OpenSSL's order is the one foretold."""
    assert told(row) == (row.said, row.path)


def test_every_objection_is_told_in_order() -> None:
    """A prediction lists all objections, as if each had been let pass."""
    scenario = chain(
        leaf(**OLD, **WRONG, **EMAIL_ONLY),
        middle(**OLD, name_constraints=ELSEWHERE),
        name=WRONG_NAME,
    )
    answer, _ = predicted(Row("all", "", scenario, CRL_CHECK_LEAF))
    assert isinstance(answer, WillReject)
    said = [f"{objection.code}@{objection.depth}" for objection in answer.objections]
    assert said == ["26@0", "62@0", "3@0", "10@1", "7@0", "10@0", "47@0"]


def test_end_entity_key_is_told_once() -> None:
    """The end entity's own key is 66, and no CA key too small (67) as well."""
    scenario = chain(end_entity("leaf", WEAK_LEAF, INT))
    answer, _ = predicted(Row("weak", "", scenario))
    assert isinstance(answer, WillReject)
    assert [objection.code for objection in answer.objections] == [66]
