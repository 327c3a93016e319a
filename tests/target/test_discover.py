"""Discovery and targets files: what is found, what is refused, and how it is said."""

import sys
from pathlib import Path

import pytest

from harness.target.discover import (
    TargetsFileError,
    discover,
    here,
    identify,
    load_targets_file,
)
from harness.target.session import TargetError
from harness.target.target import Target


def test_here_is_the_interpreter_that_runs_us(own: tuple[bytes, bytes]) -> None:
    """The default target is this interpreter, and says so."""
    identity = identify(here(), own)
    assert (identity.id, identity.python) == ("here", sys.version_info[:3])
    assert identity.implementation == sys.implementation.name
    assert identity.shows_code
    assert identity.shows_path


def test_discovery_finds_each_interpreter_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Links to one interpreter are one target; pyenv's and uv's folders are looked at;
    scripts and other programs are passed over."""
    real = Path(sys.executable).resolve()
    folders = [
        tmp_path / "path",
        tmp_path / "pyenv" / "versions" / "3.99" / "bin",
        tmp_path / "uv" / "cpython-3.99-any" / "bin",
    ]
    for folder in folders:
        folder.mkdir(parents=True)
        (folder / "python3").symlink_to(real)
        (folder / "python3-config").symlink_to(real)
    shim = folders[0] / "python"
    shim.write_text("#!/bin/sh\necho cpython-3.98.0\n")
    shim.chmod(0o755)
    copied = folders[2] / "python"
    copied.write_bytes(b"\x7fELF, but no program")
    copied.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folders[0]}:{tmp_path / 'nowhere'}:")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.setenv("UV_PYTHON_INSTALL_DIR", str(tmp_path / "uv"))
    (target,) = discover()
    version = ".".join(str(number) for number in sys.version_info[:3])
    assert target == Target(f"{sys.implementation.name}-{version}", (str(real),))


def test_interpreters_of_one_version_get_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two interpreters of the same version have ids that differ."""
    for name in ("one", "other"):
        folder = tmp_path / "versions" / name / "bin"
        folder.mkdir(parents=True)
        (folder / "python3").symlink_to("/bin/sh")
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    monkeypatch.setenv("UV_PYTHON_INSTALL_DIR", str(tmp_path / "none"))
    monkeypatch.setattr(
        "harness.target.discover._programs", lambda: iter(("/a/python", "/b/python"))
    )
    monkeypatch.setattr("harness.target.discover._ask_who", lambda _: "cpython-3.99.1")
    assert discover() == (
        Target("cpython-3.99.1-1", ("/a/python",)),
        Target("cpython-3.99.1-2", ("/b/python",)),
    )


def test_a_targets_file_is_read(tmp_path: Path) -> None:
    """Every key is read, and what is left out has its default."""
    file = tmp_path / "targets.toml"
    file.write_text(
        """
        [[target]]
        id = "mine"
        argv = ["/opt/py/bin/python3.13"]
        env = { LD_LIBRARY_PATH = "/opt/openssl" }
        path = ["/opt/ext"]
        module = "utls"
        engine = "pyopenssl"
        memory = 0

        [[target]]
        id = "plain"
        argv = ["python3"]
        """
    )
    assert load_targets_file(file) == (
        Target(
            "mine",
            ("/opt/py/bin/python3.13",),
            {"LD_LIBRARY_PATH": "/opt/openssl"},
            ("/opt/ext",),
            "utls",
            "pyopenssl",
            0,
        ),
        Target("plain", ("python3",)),
    )


PLAIN = 'id = "a"\nargv = ["python3"]\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[target]\n", "targets.toml: "),
        ("[target]\n" + PLAIN, "target: not a list"),
        ("targets = []\n", "targets: unknown key"),
        ("[[target]]\n" + PLAIN + "color = 1\n", "target 1: color: unknown key"),
        ('[[target]]\nid = "a"\n', "target 1: argv: missing"),
        ('[[target]]\nid = ""\nargv = ["p"]\n', "target 1: id: missing"),
        ('[[target]]\nid = "a"\nargv = "python3"\n', "argv: 'python3' is not a list"),
        ("[[target]]\n" + PLAIN + "env = { A = 1 }\n", "env: {'A': 1} is not a table"),
        ("[[target]]\n" + PLAIN + "path = [1]\n", r"path: \[1\] is not a list"),
        ("[[target]]\n" + PLAIN + "module = 1\n", "module: 1 is not a text"),
        (
            "[[target]]\n" + PLAIN + 'engine = "nss"\n',
            "engine: 'nss' is not one of ssl, pyopenssl, libcrypto",
        ),
        ("[[target]]\n" + PLAIN + "memory = -1\n", "memory: -1 is not a number of MiB"),
        (("[[target]]\n" + PLAIN) * 2, "target 2: id: 'a' is there twice"),
    ],
)
def test_a_wrong_targets_file_is_refused(
    tmp_path: Path, text: str, message: str
) -> None:
    """The error has the file, the entry, the key and the value."""
    file = tmp_path / "targets.toml"
    file.write_text(text)
    with pytest.raises(TargetsFileError, match=message) as caught:
        load_targets_file(file)
    assert str(file) in str(caught.value)


def test_a_missing_targets_file_is_refused(tmp_path: Path) -> None:
    """A file that is not there is an error of the same kind."""
    with pytest.raises(TargetsFileError, match=r"none\.toml"):
        load_targets_file(tmp_path / "none.toml")


def test_an_old_interpreter_is_unusable(
    tmp_path: Path, own: tuple[bytes, bytes]
) -> None:
    """A Python without ``-I`` is reported as too old, not as a crash."""
    old = tmp_path / "python2"
    old.write_text("#!/bin/sh\necho 'Unknown option: -I' >&2\nexit 2\n")
    old.chmod(0o755)
    with pytest.raises(TargetError, match=r"old: too old a Python.*exit status 2"):
        identify(Target("old", (str(old),)), own)
