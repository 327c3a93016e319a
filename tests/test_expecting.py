"""The public surface: what is drawn as files, what must happen to it, the example."""

import ssl
from collections.abc import Iterator
from dataclasses import replace
from importlib import util
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import settings

import strategies
from harness.case import PemLabel, Source
from harness.expecting import Must, expect
from harness.flags import ALLOW_PROXY_CERTS, CRL_CHECK_LEAF, DEFAULT
from harness.ledger.plain import ROOT_CRL, chain, leaf, proxied, revoking
from harness.pki.issue import issue
from harness.pki.material import material
from harness.pki.spec import HOUR, TrustSpec
from harness.verdict import WillAccept, WillReject

NOW = 1_800_000_000
OPENSSL = 0x30000130
ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "docs" / "hostile_chains.py"


@pytest.fixture(scope="module")
def example() -> Iterator[ModuleType]:
    """The example, imported, with few examples that are the same every time."""
    spec = util.spec_from_file_location("hostile_chains", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    before = settings.get_current_profile_name()
    settings.register_profile(
        "example", max_examples=40, derandomize=True, database=None
    )
    settings.load_profile("example")
    try:
        spec.loader.exec_module(module)
        yield module
    finally:
        settings.load_profile(before)


def test_the_example_passes(example: ModuleType) -> None:
    """A client on the real ``ssl`` decides as is promised."""
    example.test_my_client()


def test_the_example_catches_a_client_that_trusts_everybody(
    example: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What accepts whatever comes is found out."""
    monkeypatch.setattr(example, "trusts", lambda _hostile: True)
    with pytest.raises(AssertionError):
        example.test_my_client()


def test_the_readme_shows_the_example() -> None:
    """The lines of the readme stand in the example, as they are."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    part = readme.partition("## Hostile chains")[2].partition("\n## ")[0]
    shown = [line[4:] for line in part.splitlines() if line.startswith("    ")]
    assert len(shown) <= 10
    assert "\n".join(shown) in EXAMPLE.read_text(encoding="utf-8")


def test_material_is_what_ssl_loads(tmp_path: Path) -> None:
    """Chain with key, and trust with CRLs, are files that ``ssl`` takes; texts are the
    case's bytes."""
    scenario = chain(
        crls=(ROOT_CRL, revoking("leaf")), source=Source.CADATA, name="leaf.example"
    )
    scenario = replace(
        scenario, trusted=(*scenario.trusted, TrustSpec("int", trust=("serverAuth",)))
    )
    made = material(scenario, now=NOW)
    case = made.case
    assert case == replace(issue(scenario, seed=0, now=NOW), source=Source.CAFILE)
    assert made.trust.count("-----BEGIN TRUSTED CERTIFICATE-----") == 1
    assert case.trusted[1].label is PemLabel.TRUSTED_CERTIFICATE
    end = "-----END CERTIFICATE-----\n"
    first = made.chain[: made.chain.index(end) + len(end)]
    assert ssl.PEM_cert_to_DER_cert(first) == case.peer[0]
    assert made.key.startswith("-----BEGIN PRIVATE KEY-----\n")
    files = made.write(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.chain)
    context.load_verify_locations(files.trust)
    assert context.cert_store_stats()["x509"] == 2
    assert context.cert_store_stats()["crl"] == 2
    bare = material(replace(scenario, peer=()), now=NOW)
    assert (bare.chain, bare.key) == ("", "")


def test_what_must_happen() -> None:
    """Accept a plain chain, reject a revoked leaf for its reason, and nothing where
    bytes cannot be read."""
    good = expect(material(chain(), now=NOW).case, openssl=OPENSSL, now=NOW)
    assert good.must is Must.ACCEPT
    assert good.because
    assert isinstance(good.will, WillAccept)
    assert not good.known
    revoked = material(chain(crls=(ROOT_CRL, revoking("leaf"))), now=NOW).case
    bad = expect(revoked, CRL_CHECK_LEAF, openssl=OPENSSL, now=NOW)
    assert bad.must is Must.REJECT
    assert 23 in bad.codes
    assert isinstance(bad.will, WillReject)
    odd = replace(revoked, peer=(b"\x30\x80\x00\x00",))
    assert expect(odd, DEFAULT, openssl=OPENSSL, now=NOW).must is Must.SILENT
    late = material(chain(leaf(not_after=HOUR)), now=NOW).case
    for after, must in ((0, Must.ACCEPT), (2 * HOUR, Must.REJECT)):
        at = NOW + after
        assert expect(late, DEFAULT, openssl=OPENSSL, now=at).must is must


def test_a_known_divergence_is_named() -> None:
    """Where the release does not do what it must, the ledger says so."""
    case = material(proxied(crls=(ROOT_CRL, revoking("leaf"))), now=NOW).case
    found = expect(case, ALLOW_PROXY_CERTS | CRL_CHECK_LEAF, openssl=OPENSSL, now=NOW)
    assert found.must is Must.REJECT
    assert found.known == "proxy-leaves-holder-unchecked"


def test_what_is_public_is_there() -> None:
    """Every name that ``strategies`` promises can be imported and is explained."""
    for name in strategies.__all__:
        member = getattr(strategies, name)
        assert name in {"THEMES", "Theme"} or member.__doc__
