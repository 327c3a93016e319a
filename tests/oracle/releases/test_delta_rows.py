"""Delta CRLs beside complete ones in which an extension stands twice, row by row.

Source: ``crl_extension_match`` (x509_vfy.c). Asked of 1.1.1w, 3.0.22 and 3.5.9.
"""

from dataclasses import replace
from typing import Final

import pytest

from harness.pki.spec import RawExtension, RevokedSpec
from tests.oracle.releases.rows import Row, told
from tests.oracle.releases.test_crl_choice_rows import (
    BASE,
    DELTA,
    DELTAS,
    FRESHEST,
    LEAF_BIT,
    lists,
)

SECOND: Final = RawExtension(
    "2.5.29.35", bytes.fromhex("3006800401020304"), duplicate=True
)
REVOKING: Final = replace(DELTA, revoked=(RevokedSpec("leaf"),))
ROWS: Final = (
    Row(
        "revoked by the delta",
        "23@0",
        lists(replace(BASE, extra=FRESHEST), REVOKING),
        LEAF_BIT | DELTAS,
    ),
    Row(
        "two authority keys in the delta",
        "ok",
        lists(
            replace(BASE, extra=FRESHEST),
            replace(REVOKING, extra=(*FRESHEST, SECOND)),
        ),
        LEAF_BIT | DELTAS,
    ),
    Row(
        "two authority keys in the complete one",
        "ok",
        lists(replace(BASE, extra=(*FRESHEST, SECOND)), REVOKING),
        LEAF_BIT | DELTAS,
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_delta_row(row: Row) -> None:
    """A delta CRL, or a complete one, with two of an extension goes with no other."""
    assert told(row) == (row.said, row.path)
