"""The glossary of a recording: what its identifiers stand for, and no more."""

import json

from harness.campaign.glossary import glossary
from harness.campaign.tally import Tally
from harness.oracle.documents.laws import LAWS


def test_what_a_run_names_is_explained() -> None:
    """Sentences that apply and entries that were met are there, and no others."""
    tally = Tally()
    tally.entries["delta-taken-for-complete"] = 2
    told = glossary(
        [{"expected": ["CRL_CHECK_LEAF/revoked|refuses|client"]}],
        {"here": {"witnesses": tally}},
    )
    assert json.loads(json.dumps(told)) == told
    assert list(told["sentences"]) == ["CRL_CHECK_LEAF/revoked"]
    sentence = told["sentences"]["CRL_CHECK_LEAF/revoked"]
    assert sentence["flag"] == 0x4
    assert sentence["address"].startswith("https://docs.python.org/")
    assert told["laws"] == LAWS
    (entry,) = told["entries"].values()
    assert entry["severity"] == "fail-open"
    assert entry["releases"].startswith("1.1.1w to 3.0.20")


def test_what_ssl_alone_shows_has_no_releases() -> None:
    """An entry about the module is not said to hold for no release of OpenSSL."""
    tally = Tally()
    tally.entries["cadata-loads-no-crl"] = 1
    told = glossary([], {"here": {"surface": tally}})
    assert told["entries"]["cadata-loads-no-crl"]["releases"] == ""
