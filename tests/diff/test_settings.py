"""Flag sets: how near each is to what users have, and which every case is asked."""

import pytest

from harness.diff.settings import Settings, Tier, between
from harness.flags import X509_PARTIAL_CHAIN, X509_STRICT, Flags

OLD, NEW = Flags.parse("default-3.12"), Flags.parse("default-3.13")


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("0", Tier.DEFAULTS),
        ("default-3.12", Tier.DEFAULTS),
        ("default-3.13", Tier.DEFAULTS),
        ("X509_STRICT", Tier.ONE),
        ("default-3.13+CRL_CHECK_CHAIN", Tier.ONE),
        ("CRL_CHECK_LEAF", Tier.ONE),
        ("CRL_CHECK_LEAF|ALLOW_PROXY_CERTS", Tier.SEVERAL),
        ("0x8", Tier.RAW),
        ("USE_DELTAS", Tier.RAW),
        ("default-3.13+0x40000000", Tier.RAW),
    ],
)
def test_a_flag_set_has_a_tier(text: str, tier: Tier) -> None:
    """Its distance from the nearer default; TRUSTED_FIRST cannot be cleared."""
    assert Settings(OLD, NEW).tier(Flags.parse(text)) is tier


def test_sizes_sort_by_tier_and_bits() -> None:
    """What users have comes first, then what has fewer bits."""
    texts = [
        "default-3.13",
        "CRL_CHECK_LEAF",
        "CRL_CHECK_CHAIN",
        "ALLOW_PROXY_CERTS|CRL_CHECK_LEAF",
        "USE_DELTAS",
    ]
    settings = Settings(OLD, OLD)
    sizes = [settings.size(Flags.parse(text)) for text in texts[1:]]
    assert sizes == sorted(sizes)
    assert Settings(NEW, NEW).size(NEW) < sizes[0]


def test_all_between_two_flag_sets() -> None:
    """Both ends and every mixture, the fewest turned first."""
    assert between(OLD, NEW) == (
        OLD,
        OLD | X509_STRICT,
        OLD | X509_PARTIAL_CHAIN,
        NEW,
    )


def test_own_defaults_are_asked_of_both() -> None:
    """Whatever stands against the other's own is asked of both sides; nothing stands
    where both come alike."""
    settings = Settings(OLD, NEW)
    for setting in settings.own:
        assert {setting.one, setting.two} <= set(settings.flag_sets)
    assert Settings(NEW, NEW).own == ()
