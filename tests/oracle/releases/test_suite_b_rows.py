"""The Suite B profile under its raw bits, as 3.0.19 was measured."""

from dataclasses import replace
from typing import Final

import pytest

from harness.flags import CRL_CHECK_LEAF, Flags
from harness.pki.spec import CrlSpec, Entity, NameSpec, Scenario, ca, end_entity
from tests.oracle.releases.rows import Row, chain, told

ONLY_128: Final = Flags(0x10000)
ONLY_192: Final = Flags(0x20000)
BOTH: Final = Flags(0x30000)

NAMES: Final = tuple(map(NameSpec.cn, ("leaf.example", "Intermediate", "Root")))


def keyed(*keys: str, digests: str = "", versions: str = "333") -> Scenario:
    """Leaf, intermediate and root with these keys; ``digests`` are those that each
    certificate is signed with, else those that go with the signer's curve."""
    leaf, middle, root = map(Entity, NAMES, keys)
    specs = [
        end_entity("leaf", leaf, middle),
        ca("int", middle, root),
        ca("root", root, root),
    ]
    usual = ["sha384" if spec.issuer.key[1:4] == "384" else "sha256" for spec in specs]
    chosen = [f"sha{digest}" for digest in digests.split()] or usual
    made = (
        replace(spec, digest=digest, version=int(version))
        for spec, digest, version in zip(specs, chosen, versions, strict=True)
    )
    return chain(*made)


P256: Final = ("p256-1", "p256-2", "p256-3")
RISING: Final = ("p256-1", "p384-0", "p384-1")
FALLING: Final = ("p384-0", "p256-2", "p256-3")
HIGH: Final = ("p384-0", "p384-1", "p384-1")

REVOKING: Final = (CrlSpec("crl", Entity(NAMES[1], "p256-2")),)

ROWS: Final = (
    Row("no bit", "ok", keyed("rsa2048-0", "p256-2", "p256-3")),
    Row("P-256 at 128", "ok", keyed(*P256), ONLY_128),
    Row("P-256 at 192", "60@0", keyed(*P256), ONLY_192),
    Row("P-256 at both", "ok", keyed(*P256), BOTH),
    Row("P-384 above P-256, at both", "ok", keyed(*RISING), BOTH),
    Row("P-384 above P-256, at 128", "60@0", keyed(*RISING), ONLY_128),
    Row("P-384 above P-256, at 192", "60@0", keyed(*RISING), ONLY_192),
    Row("P-256 above P-384, at both", "61@0", keyed(*FALLING), BOTH),
    Row("P-256 above P-384, at 192", "60@0", keyed(*FALLING), ONLY_192),
    Row("P-384 at 192", "ok", keyed(*HIGH), ONLY_192),
    Row("P-384 at 128", "60@0", keyed(*HIGH), ONLY_128),
    Row("RSA leaf", "57@0", keyed("rsa2048-0", "p256-2", "p256-3"), BOTH),
    Row("RSA root", "57@2", keyed("p256-1", "p256-2", "rsa2048-0"), BOTH),
    Row("Ed25519", "57@1", keyed("p256-1", "ed25519-0", "p256-3"), BOTH),
    Row("the leaf's digest", "59@0", keyed(*P256, digests="384 256 256"), BOTH),
    Row("the root's digest", "59@2", keyed(*P256, digests="256 256 384"), BOTH),
    Row("a leaf of version 1", "56@0", keyed(*P256, versions="133"), BOTH),
    Row("a root of version 2", "56@2", keyed(*P256, versions="332"), BOTH),
    Row(
        "a CRL's digest",
        "59@0",
        replace(
            keyed(*P256),
            crls=(replace(REVOKING[0], digest="sha384"),),
            loaded=("crl",),
        ),
        BOTH | CRL_CHECK_LEAF,
    ),
    Row(
        "a CRL before the path",
        "60@0",
        replace(keyed("rsa2048-0", "p256-2", "p256-3"), crls=REVOKING, loaded=("crl",)),
        ONLY_192 | CRL_CHECK_LEAF,
    ),
    Row(
        "a CRL that suits",
        "ok",
        replace(keyed(*P256), crls=REVOKING, loaded=("crl",)),
        BOTH | CRL_CHECK_LEAF,
    ),
    Row(
        "before dates",
        "57@2",
        replace(
            keyed("p256-1", "p256-2", "rsa2048-0"),
        ),
        BOTH,
        at=20 * 365 * 86400,
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_suite_b_row(row: Row) -> None:
    """Code and depth are as measured."""
    assert told(row)[0] == row.said
