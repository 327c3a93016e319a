"""Reference names that are addresses, as 3.0 and 3.4 read them."""

import pytest

from harness.oracle.releases.address import as_address
from harness.oracle.releases.behaviours import release_of
from harness.oracle.releases.release import version

SCANNED = release_of(version("3.3.1"))
STRICT = release_of(version("3.4.1"))


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("192.0.2.1", "c0000201"),
        ("0.0.0.1", "00000001"),
        ("::1", "00000000000000000000000000000001"),
        ("1::", "00010000000000000000000000000000"),
        (":", "00000000000000000000000000000000"),
        ("::", "00000000000000000000000000000000"),
        ("2001:DB8::a:1", "20010db8000000000000000000" + "0a0001"),
        ("1:2:3:4:5:6:7:8", "00010002000300040005000600070008"),
        ("::ffff:192.0.2.1", "00000000000000000000ffffc0000201"),
        ("1:2:3:4:5:6:192.0.2.1", "000100020003000400050006c0000201"),
        ("leaf.example", None),
        ("1.2.3", None),
        ("1.2.3.400", None),
        ("1.2.3.4.5", None),
        ("1.2.3.4x", None),
        ("-1.2.3.4", None),
        ("", None),
        ("1:2:3:4:5:6:7", None),
        ("1:2:3:4:5:6:7:8:9", None),
        ("1::2::3", None),
        ("1:::2", None),
        (":1", None),
        ("::::", None),
        ("1::2:3:4:5:6:7:8", None),
        ("::192.0.2.1:1", None),
        ("1:2:3:4:5:6:7:192.0.2.1", None),
        ("::1.2.3", None),
        ("::12345", None),
        ("::g", None),
        ("fe80::1%1", None),
    ],
)
def test_address_literal(name: str, address: str | None) -> None:
    """Only an address literal is compared as an address, in every release."""
    packed = None if address is None else bytes.fromhex(address)
    assert as_address(name, SCANNED) == packed
    assert as_address(name, STRICT) == packed


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("010.0.0.1", "0a000001"),
        ("1.2.3.04", "01020304"),
        (" 1. 2.\t3.+4", "01020304"),
        ("1.2.3.4 and more", "01020304"),
        ("1.2.-0.4", "01020004"),
        ("4294967297.2.3.4", "01020304"),
        ("::ffff:01.2.3.4 x", "00000000000000000000ffff01020304"),
        ("99999999999999999999.2.3.4", None),
        ("1.2.3.4,5", None),
        ("1 .2.3.4", None),
    ],
)
def test_scanned_leniently(name: str, address: str | None) -> None:
    """Up to 3.3 an address is what ``sscanf`` makes of it; measured on 3.0.19."""
    packed = None if address is None else bytes.fromhex(address)
    assert as_address(name, SCANNED) == packed
    assert as_address(name, STRICT) is None
