"""Building a source tree: elsewhere, once, and only if it is one."""

import sys
from pathlib import Path

import pytest

from harness.kernel.tree import (
    COVERED,
    KernelError,
    Tree,
    built,
    check_loaded,
    ran,
    recompile,
)


def test_a_tree_is_built_in_a_copy(
    source: Path, tmp_path: Path, commands: list[list[str]]
) -> None:
    """It is configured, made once, and not made again while it stands there."""
    build = tmp_path / "build"
    tree = built(source, build, 2)
    assert [argv[:2] for argv in commands] == [
        ["perl", "Configure"],
        ["make", "-j2"],
        ["make", "-j2"],
    ]
    assert tree.library == build / "libcrypto.so"
    assert not (source / "libcrypto.so").exists()
    built(source, build, 2)
    assert len(commands) == 3


def test_a_fault_left_behind_is_undone(
    source: Path, tmp_path: Path, commands: list[list[str]]
) -> None:
    """What a measurement that was cut short left in the copy does not stay there."""
    dates = "crypto/asn1/a_time.c"
    (source / "crypto/asn1").mkdir()
    (source / dates).write_text("dates")
    tree = built(source, tmp_path / "build")
    for file in (COVERED[0], dates):
        tree.write(file, "faulty")
    again = built(source, tmp_path / "build")
    for file in (COVERED[0], dates):
        assert again.read(file) == (source / file).read_text()
    assert commands


def test_a_tree_of_something_else_is_refused(source: Path, tmp_path: Path) -> None:
    """The message names the folder that is none of ours, as source or as build."""
    with pytest.raises(KernelError, match="elsewhere: no source tree"):
        built(tmp_path / "elsewhere", tmp_path / "build")
    (tmp_path / "full").mkdir()
    (tmp_path / "full/precious").touch()
    with pytest.raises(KernelError, match="full: is not empty"):
        built(source, tmp_path / "full")
    assert (tmp_path / "full/precious").exists()


def test_a_file_of_the_older_layout_is_found(tmp_path: Path) -> None:
    """1.1.1 had its extensions in a folder of their own."""
    (tmp_path / "crypto/x509v3").mkdir(parents=True)
    (tmp_path / "crypto/x509v3/v3_purp.c").write_text("old")
    assert Tree(tmp_path, 1).read("crypto/x509/v3_purp.c") == "old"
    with pytest.raises(KernelError, match=r"x_crl\.c"):
        Tree(tmp_path, 1).read("crypto/x509/x_crl.c")


def test_recompiling_drops_what_was_made(
    source: Path, tmp_path: Path, commands: list[list[str]]
) -> None:
    """Objects and counters of the files go, so that make must make them anew."""
    tree = built(source, tmp_path / "build", 1)
    made = tree.folder / "crypto/x509/libcrypto-shlib-x_crl"
    for suffix in (".o", ".gcno", ".gcda"):
        made.with_name(made.name + suffix).touch()
    other = made.with_name("libcrypto-shlib-other.o")
    other.touch()
    recompile(tree, ["crypto/x509/x_crl.c"], "CFLAGS=-O0")
    assert list(made.parent.glob("*x_crl.*")) == [made.parent / "x_crl.c"]
    assert other.exists()
    assert commands[-1] == ["make", "-j1", "libcrypto.so", "libssl.so", "CFLAGS=-O0"]


def test_a_failed_command_says_why(tmp_path: Path) -> None:
    """The message has the command, its status and the end of its output."""
    fails = [sys.executable, "-c", "import sys; print('no rule'); sys.exit(3)"]
    with pytest.raises(KernelError, match=r"ended with 3 in .*\nno rule"):
        ran(fails, tmp_path)
    with pytest.raises(KernelError, match="no-such-make"):
        ran(["no-such-make"], tmp_path)


def test_an_interpreter_with_another_library_is_refused(tmp_path: Path) -> None:
    """The message names what it loads instead, or that it cannot be started."""
    tree = Tree(tmp_path, 1)
    with pytest.raises(KernelError, match="loads another libcrypto"):
        check_loaded(tree, sys.executable)
    with pytest.raises(KernelError, match="no-python"):
        check_loaded(tree, str(tmp_path / "no-python"))
