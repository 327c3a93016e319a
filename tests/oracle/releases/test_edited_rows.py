"""Predictions where an item cannot be decoded: what is loaded first, and what never."""

from dataclasses import replace

import pytest

from harness.case import Source
from harness.flags import CRL_CHECK_LEAF
from harness.ledger.plain import INT_CRL, ROOT_CRL, chain
from harness.oracle.releases.behaviours import release_for
from harness.oracle.releases.judge import Judge
from harness.outcome import Where
from harness.pki.issue import issue
from harness.pki.read import read
from harness.pki.spec import Scenario
from harness.pki.spec_edits import EditKind, EditSpec
from harness.verdict import Prediction, WillAccept, WillNotDecode, WillReject

NOW = 1_800_000_000
CRLS = (ROOT_CRL, INT_CRL)
CUT_CRL = EditSpec("int-crl", "tbsCertList", EditKind.SHORTENED)
GONE_LEAF = EditSpec("leaf", "", EditKind.LEFT_OUT)


def predicted(scenario: Scenario, *edits: EditSpec) -> Prediction:
    """What 3.0.19 does with the scenario after these edits, checking the leaf's CRL."""
    case = issue(replace(scenario, edits=edits), seed=1, now=NOW)
    return Judge(read(case), NOW, release_for(0x30000130)).predict(CRL_CHECK_LEAF)


@pytest.mark.parametrize(
    ("source", "where"), [(Source.CAFILE, Where.CRL), (Source.CAPATH, None)]
)
def test_a_crl_that_cannot_be_decoded(source: Source, where: Where | None) -> None:
    """It refuses a file; in a folder nobody finds it, as if it were not there."""
    found = predicted(chain(crls=CRLS, source=source), CUT_CRL)
    if where is not None:
        assert found == WillNotDecode(where)
    else:
        assert isinstance(found, WillReject)
        assert found.shown.code == 3
        assert isinstance(predicted(chain(crls=CRLS, source=source)), WillAccept)


def test_a_text_without_a_certificate_is_refused_before_the_peer_is_decoded() -> None:
    """Sources are loaded first, whatever their CRLs are; else the peer's bytes are
    what is refused."""
    bare = replace(chain(crls=CRLS[1:], source=Source.CADATA), trusted=())
    for edits in ((GONE_LEAF,), (CUT_CRL,), (CUT_CRL, GONE_LEAF)):
        assert predicted(bare, *edits) == WillNotDecode(Where.CRL)
    full = chain(crls=CRLS, source=Source.CADATA)
    assert predicted(full, CUT_CRL, GONE_LEAF) == WillNotDecode(Where.PEER)
