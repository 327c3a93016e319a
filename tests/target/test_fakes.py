"""The fakes: each lies as it says, by flight and by handshake and in both roles."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from harness.case import Case, Role, TlsVersion, TrustedItem
from harness.flags import Flags
from harness.outcome import Accepted, Outcome, Rejected, Way
from harness.pki import keys
from harness.pki.issue import Issued
from harness.target.discover import here
from harness.target.session import Session
from harness.target.target import Question, Target

Own = tuple[bytes, bytes]
FakeTarget = Callable[..., Target]
FAKES = Path(__file__).parent.parent / "fakes"
WAYS = [(Way.FLIGHT, TlsVersion.TLS_1_2)]
WAYS += [(Way.HANDSHAKE, tls) for tls in TlsVersion]


@pytest.fixture(scope="module")
def honest(own: Own) -> Iterator[Session]:
    """A session with the real ``ssl``."""
    with Session(here(), own=own) as session:
        yield session


@pytest.fixture(scope="module")
def shown(pki: Issued, good: Case) -> dict[str, Case]:
    """Cases by what they show."""
    root, above = pki.certificates["root"], pki.certificates["intermediate"]
    crls = {name: (pki.crls["of root"], pki.crls[name]) for name in pki.crls}
    both = (TrustedItem(root), TrustedItem(above))
    return {
        "good": good,
        "revoked": replace(good, crls=crls["revoking"]),
        "revoked above": replace(good, crls=(pki.crls["above"], good.crls[1])),
        "forged": replace(good, crls=crls["forged"]),
        "stale": replace(good, crls=crls["stale"]),
        "intermediate trusted": replace(good, trusted=both),
        "intermediate alone": replace(good, trusted=both[1:]),
        "no crls": replace(good, crls=()),
        "no key id": replace(good, peer=(pki.certificates["no key id"], above)),
        "proxy": replace(
            good,
            peer=(pki.certificates["proxy"], *good.peer),
            key=keys.pkcs8("p256-3"),
        ),
    }


def brief(outcome: Outcome) -> object:
    """The code of a rejection, or the length of an accepted path."""
    if isinstance(outcome, Rejected):
        return f"code {outcome.code}"
    assert isinstance(outcome, Accepted), outcome
    return len(outcome.path or ())


LIES: list[tuple[str, str, int, object, object]] = [
    ("ignores_crl_check_leaf", "revoked", 0x4, "code 23", 3),
    ("ignores_crl_check_chain", "revoked above", 0xC, "code 23", 3),
    ("intermediates_unchecked", "revoked above", 0xC, "code 23", 3),
    ("ignores_x509_partial_chain", "intermediate alone", 0x80000, 2, "code 2"),
    ("always_crl_check_leaf", "no crls", 0x0, 3, "code 3"),
    ("always_crl_check_chain", "revoked above", 0x4, 3, "code 23"),
    ("ignores_x509_strict", "no key id", 0x20, "code 85", 3),
    ("ignores_allow_proxy_certs", "proxy", 0x40, 4, "code 40"),
    ("always_x509_strict", "no key id", 0x0, 3, "code 85"),
    ("always_allow_proxy_certs", "proxy", 0x0, "code 40", 4),
    ("always_x509_partial_chain", "intermediate alone", 0x0, "code 2", 2),
    ("crl_checks_by_default", "revoked", 0x0, 3, "code 23"),
    ("crl_signature_unchecked", "forged", 0x4, "code 8", 3),
    ("crl_dates_unchecked", "stale", 0x4, "code 12", 3),
    ("code_changed", "revoked", 0x4, "code 23", "code 10"),
    ("path_changed", "good", 0x0, 3, 2),
    ("peer_first", "intermediate trusted", 0x80000, 2, 3),
]


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie[0])
def test_a_fake_lies(
    fake_target: FakeTarget,
    own: Own,
    honest: Session,
    shown: dict[str, Case],
    lie: tuple[str, str, int, object, object],
) -> None:
    """Where the real ``ssl`` says one thing, the fake says the other, and both read
    back the flags that were asked for."""
    name, case, bits, truth, told = lie
    with Session(fake_target(name), own=own) as session:
        for role in Role:
            for way, tls in WAYS:
                asked = replace(shown[case], role=role)
                question = Question(asked, (Flags(bits),), way, tls)
                (real,) = honest.ask(question)
                (fake,) = session.ask(question)
                assert (brief(real.outcome), brief(fake.outcome)) == (truth, told)
                assert real.effective == fake.effective == Flags(bits)


def test_every_fake_can_be_asked(
    fake_target: FakeTarget, own: Own, good: Case, untrusted: Case
) -> None:
    """Each fake is sane: it lies about one thing only."""
    modules = sorted(path.stem for path in FAKES.glob("*.py"))
    fakes = [name for name in modules if name != "lying"]
    assert len(fakes) >= len(LIES)
    for name in fakes:
        with Session(fake_target(name), own=own) as session:
            if name not in {"crl_checks_by_default", "always_crl_check_leaf"}:
                assert session.check_sane(good, untrusted).sane, name
            assert session.identity.module == f"tests.fakes.{name}"


def test_surface_fakes(fake_target: FakeTarget, own: Own, pki: Issued) -> None:
    """Two fakes lie about themselves: a wrong beginning, and a member too few."""
    root, crl = pki.certificates["root"], pki.crls["of root"]
    with Session(fake_target("wrong_default"), own=own) as session:
        surface = session.surface(root, crl)
    assert surface.constructors["PROTOCOL_TLS_CLIENT"].verify_flags == 0x8020
    default = surface.constructors["create_default_context(SERVER_AUTH)"]
    assert default.verify_flags & 0x20
    with Session(fake_target("lacks_member"), own=own) as session:
        surface = session.surface(root, crl)
    assert "VERIFY_X509_PARTIAL_CHAIN" not in surface.members
    assert "VERIFY_X509_PARTIAL_CHAIN" not in surface.constants
    assert surface.members["VERIFY_CRL_CHECK_CHAIN"] == 12
    assert surface.int_flag
