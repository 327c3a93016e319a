"""Path building, row by row (``build_chain``)."""

from typing import Final

import pytest

from harness.flags import X509_TRUSTED_FIRST
from harness.pki.spec import (
    DAY,
    YEAR,
    CertificateSpec,
    Entity,
    NameSpec,
    ca,
    end_entity,
)
from tests.oracle.releases.rows import (
    INT,
    LEAF,
    NO_AKI,
    OTHER,
    PARTIAL,
    PLAIN,
    RELEASE,
    ROOT,
    Row,
    chain,
    leaf,
    middle,
    told,
)

INT_BY_OTHER: Final = ca("int-other", INT, OTHER)
SELF: Final = end_entity("self", LEAF, LEAF)
SAME_SELF: Final = end_entity("same-self", LEAF, LEAF)
WRONG_INT: Final = ca("wrong-int", Entity(INT.name, "p256-5"), ROOT)


def _ladder(rungs: int) -> tuple[tuple[CertificateSpec, ...], str]:
    """That many intermediates between root and leaf, and the message that sends it."""
    entities = [
        Entity(NameSpec.cn(f"Rung {number}"), f"p256-{number % 16}")
        for number in range(rungs)
    ]
    issuers = [*entities[1:], ROOT]
    rung = [
        ca(f"rung-{number}", entity, issuer)
        for number, (entity, issuer) in enumerate(zip(entities, issuers, strict=True))
    ]
    sent = " ".join(["leaf", *(item.label for item in rung)])
    return (leaf(entities[0]), *rung), sent


def _long(rungs: int, name: str, said: str) -> Row:
    certificates, sent = _ladder(rungs)
    return Row(name, said, chain(*certificates, peer=sent))


STORE_ROWS: Final = (
    Row("accept plain chain", "ok", chain(), PLAIN, "leaf int root"),
    Row("accept root presented", "ok", chain(peer="leaf int root"), PLAIN),
    Row("accept shuffled peer", "ok", chain(peer="leaf other root int"), PLAIN),
    Row(
        "accept duplicated certificates",
        "ok",
        chain(peer="leaf leaf int int", trusted="root root"),
        PLAIN,
        "leaf int root",
    ),
    Row(
        "reject untrusted partial chain",
        "2@1",
        chain(trusted="int"),
        PLAIN,
        "leaf int",
    ),
    Row(
        "accept trusted partial chain", "ok", chain(trusted="int"), PARTIAL, "leaf int"
    ),
    Row(
        "reject untrusted partial chain root presented",
        "2@1",
        chain(peer="leaf int root", trusted="int"),
        PLAIN,
        "leaf int",
    ),
    Row(
        "accept trusted partial chain root presented",
        "ok",
        chain(peer="leaf int root", trusted="int"),
        PARTIAL,
        "leaf int",
    ),
    Row(
        "accept trusted intermediate and root",
        "ok",
        chain(trusted="root int"),
        PLAIN,
        "leaf int root",
    ),
    Row(
        "accept trusted intermediate and root partial chain",
        "ok",
        chain(trusted="root int"),
        PARTIAL,
        "leaf int",
    ),
    Row(
        "reject trusted intermediate of unknown root",
        "2@1",
        chain(INT_BY_OTHER, trusted="int-other root"),
        PLAIN,
        "leaf int-other",
    ),
    Row(
        "accept trusted intermediate of unknown root partial chain",
        "ok",
        chain(INT_BY_OTHER, trusted="int-other root"),
        PARTIAL,
        "leaf int-other",
    ),
    Row("reject root missing", "20@1", chain(trusted="other"), PLAIN, "leaf int"),
    Row("reject intermediate missing", "20@0", chain(peer="leaf"), PLAIN, "leaf"),
    Row(
        "reject root presented untrusted",
        "19@2",
        chain(peer="leaf int root", trusted="other"),
        PLAIN,
        "leaf int root",
    ),
    Row(
        "reject dead end presented first",
        "20@1",
        chain(INT_BY_OTHER, peer="leaf int-other int"),
        PLAIN,
        "leaf int-other",
    ),
    Row(
        "reject dead end presented first partial chain",
        "20@1",
        chain(INT_BY_OTHER, peer="leaf int-other int"),
        PARTIAL,
    ),
    Row(
        "accept dead end presented last",
        "ok",
        chain(INT_BY_OTHER, peer="leaf int int-other"),
        PLAIN,
        "leaf int root",
    ),
    Row(
        "reject loop",
        "20@2",
        chain(
            ca("int", INT, OTHER),
            ca("back", OTHER, INT),
            peer="leaf int back int back",
        ),
        PLAIN,
        "leaf int back",
    ),
    _long(100, "accept longest chain", "ok"),
    _long(101, "reject chain too long", "22@101"),
)

LEAF_ROWS: Final = (
    Row("reject trusted leaf", "20@0", chain(peer="leaf", trusted="leaf"), PLAIN),
    Row(
        "accept trusted leaf partial chain",
        "ok",
        chain(peer="leaf", trusted="leaf"),
        PARTIAL,
        "leaf",
    ),
    Row("reject trusted leaf with issuer", "20@1", chain(trusted="leaf"), PLAIN),
    Row(
        "accept trusted leaf with issuer partial chain",
        "ok",
        chain(trusted="leaf"),
        PARTIAL,
        "leaf int",
    ),
    Row(
        "reject trusted leaf with expired issuer",
        "20@1",
        chain(middle(not_after=-DAY), trusted="leaf"),
        PLAIN,
    ),
    Row(
        "reject trusted leaf with expired issuer partial chain",
        "10@1",
        chain(middle(not_after=-DAY), trusted="leaf"),
        PARTIAL,
    ),
    Row(
        "reject trusted leaf with wrong issuer",
        "20@1",
        chain(
            leaf(authority_key_id=NO_AKI),
            WRONG_INT,
            peer="leaf wrong-int",
            trusted="leaf",
        ),
        PLAIN,
    ),
    Row(
        "reject trusted leaf with wrong issuer partial chain",
        "7@0",
        chain(
            leaf(authority_key_id=NO_AKI),
            WRONG_INT,
            peer="leaf wrong-int",
            trusted="leaf",
        ),
        PARTIAL,
    ),
    Row(
        "accept trusted leaf and root",
        "ok",
        chain(trusted="leaf root"),
        PLAIN,
        "leaf int root",
    ),
    Row(
        "accept trusted leaf and root partial chain",
        "ok",
        chain(trusted="leaf root"),
        PARTIAL,
        "leaf int root",
    ),
    Row(
        "reject trusted leaf expired partial chain",
        "10@0",
        chain(leaf(not_after=-DAY), peer="leaf", trusted="leaf"),
        PARTIAL,
    ),
    Row("accept self-signed leaf", "ok", chain(SELF, peer="self", trusted="self")),
    Row("reject self-signed leaf untrusted", "18@0", chain(SELF, peer="self")),
    Row(
        "reject mimic of self-signed leaf",
        "18@0",
        chain(SELF, SAME_SELF, peer="self", trusted="same-self"),
    ),
    Row(
        "reject mimic of self-signed leaf partial chain",
        "18@0",
        chain(SELF, SAME_SELF, peer="self", trusted="same-self"),
        PARTIAL,
    ),
)

ROWS: Final = (*STORE_ROWS, *LEAF_ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_path_row(row: Row) -> None:
    """The path that OpenSSL builds, and what it objects to, is foretold."""
    assert told(row) == (row.said, row.path)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_trusted_first_is_no_switch(row: Row) -> None:
    """Asking for TRUSTED_FIRST changes no path: the built-in parameters carry it."""
    asked = Row(
        row.name, row.said, row.scenario, row.flags | X509_TRUSTED_FIRST, row.path
    )
    assert told(asked) == told(row)


def test_valid_years_are_the_plain_choice() -> None:
    """The rows above turn on paths: nothing of the plain chain is close to its end."""
    assert told(Row("later", "ok", chain(), PLAIN, at=5 * YEAR), RELEASE) == (
        "ok",
        None,
    )
