"""Scenarios issued: the same bytes, all of them used, and errors that say where."""

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.case import PemLabel
from harness.pki import issue as module
from harness.pki.issue import issue, issue_all, serial_number
from harness.pki.keys import pkcs8
from harness.pki.spec import (
    AttributeSpec,
    AuthorityKeyIdSpec,
    CertificateSpec,
    CrlSpec,
    Entity,
    GeneralNameSpec,
    KeyId,
    KeyUsageSpec,
    NameSpec,
    PointSpec,
    RevokedSpec,
    Scenario,
    SpecError,
    StringType,
    TrustSpec,
    ca,
    end_entity,
)
from tests.pki.plain import LEAF, MID, NOW, ROOT, SCENARIO, SEED

PLAIN = end_entity("leaf", LEAF, ROOT)


def forget() -> None:
    """Nothing signed before is used again."""
    module._certificate.cache_clear()
    module._crl.cache_clear()


def test_the_same_scenario_gives_the_same_bytes() -> None:
    """Signing anew, with every kind of key, changes nothing."""
    first = issue_all(SCENARIO, seed=SEED, now=NOW)
    forget()
    again = issue_all(SCENARIO, seed=SEED, now=NOW)
    assert first.case == again.case
    assert first.certificates == again.certificates
    assert first.crls == again.crls


@settings(derandomize=True, database=None, deadline=None, max_examples=30)
@given(st.integers(0, 3), st.integers(NOW, NOW + 2), st.integers(0, 3))
def test_what_was_signed_before_never_shows(seed: int, now: int, serial: int) -> None:
    """A case is the same whether or not its like was issued before."""
    leaf = replace(SCENARIO.certificates[0], serial=serial or None)
    scenario = replace(SCENARIO, certificates=(leaf, *SCENARIO.certificates[1:]))
    warm = issue(scenario, seed=seed, now=now)
    forget()
    assert issue(scenario, seed=seed, now=now) == warm


def test_seed_and_now_change_the_bytes() -> None:
    """Serial numbers come from the seed, dates from now."""
    case = issue(SCENARIO, seed=SEED, now=NOW)
    assert issue(SCENARIO, seed=SEED + 1, now=NOW) != case
    assert issue(SCENARIO, seed=SEED, now=NOW + 1) != case


@pytest.mark.parametrize(
    ("now", "begins"),
    [
        ("2026-11-24", b"240229000000Z"),
        ("2024-02-28", b"200229000000Z"),
        ("2024-02-29", b"240229000000Z"),
        ("1901-03-01", b"18960229000000Z"),
    ],
)
def test_validity_may_begin_on_a_leap_day(now: str, begins: bytes) -> None:
    """On the last one there was, which 1900 had none of."""
    leaf = replace(PLAIN, not_before=0, from_leap_day=True)
    root = ca("root", ROOT, ROOT)
    scenario = Scenario((leaf, root), peer=("leaf",), trusted=(TrustSpec("root"),))
    then = int(datetime.fromisoformat(f"{now}T12:00+00:00").timestamp())
    assert begins in issue(scenario, seed=SEED, now=then).peer[0]


def test_the_case_is_the_scenario_in_its_order() -> None:
    """Labels become bytes in order, as often as they are named."""
    scenario = replace(
        SCENARIO,
        peer=("mid", "leaf", "mid"),
        trusted=(TrustSpec("mid"), TrustSpec("root"), TrustSpec("mid")),
        loaded=("mid-crl", "root-crl", "mid-crl"),
    )
    found = issue_all(scenario, seed=SEED, now=NOW)
    by_label, crls = found.certificates, found.crls
    mid, leaf = by_label["mid"], by_label["leaf"]
    assert found.case.peer == (mid, leaf, mid)
    assert [item.der for item in found.case.trusted] == [mid, by_label["root"], mid]
    assert found.case.crls == tuple(crls[label] for label in scenario.loaded)


def test_the_key_is_the_first_peer_certificates() -> None:
    """A full handshake is signed with the end entity's key; without one, none."""
    assert issue(SCENARIO, seed=SEED, now=NOW).key == pkcs8(LEAF.key)
    assert issue(replace(SCENARIO, peer=()), seed=SEED, now=NOW).key is None


def test_only_what_is_used_is_signed() -> None:
    """A certificate that cannot be issued does no harm where nobody uses it."""
    broken = end_entity("broken", LEAF, ROOT, digest="sha7")
    scenario = replace(SCENARIO, certificates=(*SCENARIO.certificates, broken))
    assert issue(scenario, seed=SEED, now=NOW) == issue(SCENARIO, seed=SEED, now=NOW)
    with pytest.raises(SpecError, match="'broken'"):
        issue_all(scenario, seed=SEED, now=NOW)


def test_trust_settings_make_a_trusted_certificate() -> None:
    """The settings follow the certificate; without any there are none."""
    scenario = replace(
        SCENARIO, trusted=(TrustSpec("root"), TrustSpec("root", reject=()))
    )
    plain, rejecting = issue(scenario, seed=SEED, now=NOW).trusted
    assert (plain.label, rejecting.label) == (
        PemLabel.CERTIFICATE,
        PemLabel.TRUSTED_CERTIFICATE,
    )
    assert rejecting.der == plain.der + bytes.fromhex("3002a000")


def test_drawn_serial_numbers_are_positive_and_of_eight_octets() -> None:
    """They differ by label and by seed."""
    specs = [replace(PLAIN, label=str(number)) for number in range(50)]
    drawn = {serial_number(spec, seed=seed) for spec in specs for seed in range(4)}
    assert len(drawn) == 200
    assert all(1 << 62 <= serial < 1 << 63 for serial in drawn)


def odd(**changes: object) -> CertificateSpec:
    """An end entity of these changes."""
    return replace(end_entity("odd", LEAF, ROOT), **changes)  # type: ignore[arg-type]


IMPOSSIBLE = {
    "'sha7'": odd(digest="sha7"),
    "'md5'": odd(digest="md5"),
    "'p256-99'": odd(subject=Entity(NameSpec.cn("x"), "p256-99")),
    "'p256-98'": odd(signed_by="p256-98"),
    "'sha512'.*'ed25519-0'": odd(signed_by="ed25519-0", outer_digest="sha512"),
    "'digitalSigning'": odd(key_usage=KeyUsageSpec(frozenset({"digitalSigning"}))),
    "'Ö'.*PrintableString": odd(
        subject=Entity(NameSpec.cn("Ö", StringType.PRINTABLE), "p256-1")
    ),
    "'😀'.*BMPString": odd(subject=Entity(NameSpec.cn("😀", StringType.BMP), "p256-1")),
    "'ä.example'": odd(subject_alt_name=(GeneralNameSpec.dns("ä.example"),)),
    "both names.*'http://a/'": odd(
        distribution_points=(
            PointSpec((GeneralNameSpec.uri("http://a/"),), AttributeSpec("x")),
        )
    ),
    "serial=3": odd(authority_key_id=AuthorityKeyIdSpec(KeyId.EMPTY, serial=3)),
    "no year": odd(not_after=1 << 60),
}


@pytest.mark.parametrize("shown", IMPOSSIBLE)
def test_what_cannot_be_issued_is_shown_with_its_label(shown: str) -> None:
    """The message has the certificate's label and the value."""
    scenario = Scenario((IMPOSSIBLE[shown],), peer=("odd",))
    with pytest.raises(SpecError, match=f"certificate 'odd': .*{shown}"):
        issue(scenario, seed=SEED, now=NOW)


def test_unknown_and_doubled_labels_are_shown() -> None:
    """A label that is not there, or there twice, is in the message."""
    with pytest.raises(SpecError, match="'nobody'"):
        issue(replace(SCENARIO, peer=("nobody",)), seed=SEED, now=NOW)
    with pytest.raises(SpecError, match=r"'no-crl'.*root-crl"):
        issue(replace(SCENARIO, loaded=("no-crl",)), seed=SEED, now=NOW)
    with pytest.raises(SpecError, match="share a label: leaf, leaf"):
        issue(Scenario((PLAIN, PLAIN)), seed=SEED, now=NOW)
    lost = CrlSpec("crl", MID, revoked=(RevokedSpec("nobody"),))
    with pytest.raises(SpecError, match=r"CRL 'crl': .*'nobody'"):
        issue_all(replace(SCENARIO, crls=(lost,), loaded=()), seed=SEED, now=NOW)
