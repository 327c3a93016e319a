"""A made-up source tree, and a make that only glues its files together."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from harness.kernel import gcov, tree

SOURCE = """\
/* a made-up kernel */
static int check(const char *name,
    int depth);

static int check(const char *name,
    int depth)
{
    if (depth > 1
        && name != 0)
        return 0;
    return 1;
}

int other(int depth)
{
    if (depth > 1)
        return 2;
    return 3;
}
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """The folder of a source tree with the kernel's files."""
    folder = tmp_path / "openssl"
    (folder / "crypto/x509").mkdir(parents=True)
    (folder / "Configure").write_text("#! perl\n")
    for file in tree.COVERED:
        (folder / file).write_text(SOURCE)
    return folder


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Every command that would have been run; make glues sources into a library."""
    seen: list[list[str]] = []

    def ran(argv: Sequence[str], folder: Path) -> str:
        seen.append(list(argv))
        if argv[0] == "make" and "libcrypto.so" in argv:
            texts = [path.read_text() for path in sorted(folder.rglob("*.c"))]
            (folder / "libcrypto.so").write_text("".join(texts))
        return ""

    monkeypatch.setattr(tree, "ran", ran)
    monkeypatch.setattr(gcov, "ran", ran)
    return seen
