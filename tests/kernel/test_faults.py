"""Planting faults: within one function, exactly once, blind to white space."""

from collections import Counter
from dataclasses import replace

import pytest

from harness.kernel.fault import Area, Fault, extent, planted
from harness.kernel.faults import FAULTS
from harness.kernel.tree import KernelError
from tests.kernel.conftest import SOURCE

FAULT = Fault(
    "deeper",
    Area.PATHS,
    "crypto/x509/x509_vfy.c",
    "check",
    "depth > 1 && name != 0",
    "depth > 2",
    "one more is let pass",
)


def test_a_fault_is_planted_in_its_function() -> None:
    """Its text is replaced there, and nowhere else, whatever the line breaks."""
    faulty = planted(SOURCE, FAULT)
    assert faulty == SOURCE.replace("depth > 1\n        && name != 0", "depth > 2")
    elsewhere = replace(FAULT, function="other", search="depth>1")
    with pytest.raises(KernelError, match="stands 0 times in other"):
        planted(SOURCE, elsewhere)
    assert "depth > 2" in planted(SOURCE, replace(elsewhere, search="depth > 1"))


@pytest.mark.parametrize(
    ("function", "search", "said"),
    [
        ("check", "return", "stands 2 times in check"),
        ("", "depth > 1", r"stands 2 times in crypto/x509/x509_vfy\.c"),
        ("missing", "depth", "missing is not defined there"),
    ],
)
def test_a_text_that_is_not_unique_is_refused(
    function: str, search: str, said: str
) -> None:
    """The message says how often it stands where."""
    with pytest.raises(KernelError, match=said):
        planted(SOURCE, replace(FAULT, function=function, search=search))


def test_a_declaration_is_no_definition() -> None:
    """The extent of a function begins with its definition and ends with its brace."""
    start, end = extent(SOURCE, "check")
    assert SOURCE[start:end].startswith("static int check(const char *name,\n")
    assert "{" in SOURCE[start:end]
    assert SOURCE[start:end].endswith("return 1;\n}")


def test_the_table_is_whole() -> None:
    """At least 60 faults are asked for, spread over all areas, each named once."""
    names = Counter(fault.name for fault in FAULTS)
    assert max(names.values()) == 1
    asked = [fault for fault in FAULTS if not fault.unseen]
    assert len(asked) >= 60
    spread = Counter(fault.area for fault in asked)
    assert min(spread[area] for area in Area) >= 5
    for fault in FAULTS:
        assert fault.search.split() != fault.replace.split(), fault.name
        assert fault.what, fault.name
