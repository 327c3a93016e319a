"""Reading gcov's JSON: lines and branches by function."""

import json
from pathlib import Path
from typing import Any

import pytest

from harness.kernel import gcov
from harness.kernel.gcov import functions_of, parse
from harness.kernel.tree import KernelError, Tree


def branch(count: int, *, throw: bool = False) -> dict[str, Any]:
    """A branch as gcov tells it."""
    return {"count": count, "fallthrough": False, "throw": throw}


TOLD = {
    "files": [
        {"file": "include/other.h", "functions": [], "lines": []},
        {
            "file": "crypto/x509/x_crl.c",
            "functions": [
                {"name": "later", "start_line": 4},
                {"name": "first", "start_line": 1},
            ],
            "lines": [
                {
                    "line_number": 5,
                    "function_name": "later",
                    "count": 0,
                    "branches": [branch(0), branch(0)],
                },
                {
                    "line_number": 2,
                    "function_name": "first",
                    "count": 7,
                    "branches": [branch(3), branch(0), branch(0, throw=True)],
                },
                {
                    "line_number": 1,
                    "function_name": "first",
                    "count": 7,
                    "branches": [],
                },
            ],
        },
    ]
}


def test_lines_and_branches_are_told_by_function() -> None:
    """Functions and lines stand in the file's order, with the text of the line."""
    first, later = parse(TOLD, "crypto/x509/x_crl.c", "int first()\n  if (x)\n\n\n")
    assert (first.name, first.executed, len(first.lines)) == ("first", 2, 2)
    assert (first.branches, first.taken) == (2, 1)
    assert [line.text for line in first.lines] == ["int first()", "if (x)"]
    assert (later.executed, later.branches, later.taken) == (0, 2, 0)
    assert later.lines[0].text == ""


def test_a_file_that_is_not_told_of_is_an_error() -> None:
    """Nothing of a file is not the same as nothing taken."""
    with pytest.raises(KernelError, match=r"v3_purp\.c: gcov tells nothing"):
        parse(TOLD, "crypto/x509/v3_purp.c", "")


def test_counters_are_read_where_they_are(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tool is asked for the one file of counters; with none nothing was asked."""
    tree = Tree(source, 1)
    with pytest.raises(KernelError, match="0 files of counters"):
        functions_of(tree, "crypto/x509/x_crl.c")
    (source / "crypto/x509/libcrypto-shlib-x_crl.gcda").touch()
    asked: list[list[str]] = []

    def ran(argv: list[str], folder: Path) -> str:
        asked.append([*argv, str(folder)])
        return json.dumps(TOLD)

    monkeypatch.setattr(gcov, "ran", ran)
    assert [item.name for item in functions_of(tree, "crypto/x509/x_crl.c")] == [
        "first",
        "later",
    ]
    assert asked[0][-2:] == ["crypto/x509/libcrypto-shlib-x_crl.gcda", str(source)]
