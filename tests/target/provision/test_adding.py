"""Adding targets on a machine that is played: what is made, refused, and recovered."""

from collections.abc import Callable
from pathlib import Path

import pytest

from harness.target.provision.adding import remove
from harness.target.provision.cache import Cache
from harness.target.provision.clients import Done
from harness.target.provision.errors import ProvisionError
from harness.target.target import Target
from tests.target.provision.conftest import Add
from tests.target.provision.fakes import Machine, full_disk, says

Trouble = tuple[str, str, Callable[[Path], Done], str]
"""What is added, in which command what happens, and what is said of it."""


def silent(_line: str) -> None:
    """Nobody listens."""


def test_a_suite_becomes_a_target(added: Add, cache: Cache) -> None:
    """Its Python is started by its own loader, and the record says what it is of."""
    done = added("debian:trixie")
    record = done.results["debian:trixie"].record
    assert record is not None
    root = cache.of("debian:trixie") / "root"
    (target,) = cache.targets()
    assert target == Target(
        "debian:trixie",
        (
            *(str(root / "lib64/ld-linux-x86-64.so.2"), "--inhibit-cache"),
            *("--library-path", str(root / "usr/lib/x86_64-linux-gnu")),
            str(root / "usr/bin/python3.13"),
        ),
    )
    assert [item.version for item in record.downloads] == ["1.0-1", "1.0-1"]
    assert all(len(item.sha256) == 64 for item in record.downloads)
    assert record.made == "Debian trixie, python3.13-minimal 1.0-1"


def test_a_suite_of_several_pythons_becomes_several(added: Add) -> None:
    """Each has the suite's name with its version; one alone can be named so too."""
    assert set(added("debian:sid").results) == {"debian:sid-3.13", "debian:sid-3.14"}
    assert set(added("debian:sid-3.14").results) == {"debian:sid-3.14"}


def test_libraries_go_under_the_interpreter_that_runs_us(
    added: Add, cache: Cache, machine: Machine
) -> None:
    """By LD_LIBRARY_PATH, under the names that programs ask for."""
    done = added("openssl:3.5.9")
    record = done.results["openssl:3.5.9"].record
    assert record is not None
    home = cache.of("openssl:3.5.9")
    (target,) = cache.targets()
    assert target.env == {"LD_LIBRARY_PATH": str(home / "lib")}
    assert (home / "lib/libssl.so.3").readlink() == Path("libssl-0a1b.so.3")
    assert {path.name for path in (home / "lib").iterdir()} == {
        *("libssl.so.3", "libssl-0a1b.so.3", "libcrypto.so.3", "libcrypto-2c3d.so.3"),
        "libz-745e0a09.so.1.2.7",
    }
    assert not machine.count("apt-get")


def test_libraries_without_a_fitting_python_bring_one(
    added: Add, cache: Cache, machine: Machine
) -> None:
    """Where none of the machine loads a shared libssl, a Debian's does; that is said,
    and the Debian cannot be removed under it."""
    machine.shared = False
    done = added("openssl:3.5.9")
    assert "openssl:3.5.9 stands on debian:bookworm, which is added too" in done.told
    record = done.results["openssl:3.5.9"].record
    assert record is not None
    assert record.needs == ("debian:bookworm",)
    library = str(cache.of("openssl:3.5.9") / "lib")
    assert cache.target(record).argv[3].startswith(f"{library}:")
    with pytest.raises(ProvisionError, match=r"openssl:3\.5\.9 stands on it"):
        remove(cache, ["debian:bookworm"], silent)
    assert remove(cache, ["debian:bookworm", "openssl:3.5.9"], silent) > 0
    assert not cache.targets()


def test_a_release_that_is_not_loaded_is_no_target(
    added: Add, cache: Cache, machine: Machine
) -> None:
    """An interpreter that stays on its own OpenSSL is told apart."""
    machine.openssl = lambda _line: "OpenSSL 3.0.19 27 Jan 2026"
    why = added("openssl:3.5.9").results["openssl:3.5.9"].why
    assert "no Python here takes it" in why
    assert "stays on OpenSSL 3.0.19" in why
    assert not cache.targets()


def test_what_cannot_be_made_here_is_said_before_anything_is_fetched(
    added: Add, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No pip, no compiler, another processor; what can be made is made."""
    machine.has_pip = False
    monkeypatch.setattr("harness.target.provision.conditions.compiler", lambda: "")
    done = added("openssl:3.5.9", "openssl:4.0", "debian:trixie")
    assert "no pip" in done.results["openssl:3.5.9"].why
    assert "no C compiler" in done.results["openssl:4.0"].why
    assert list(done.results)[-1] == "debian:trixie"
    assert done.results["debian:trixie"].record is not None
    monkeypatch.setattr(
        "harness.target.provision.conditions.MEASURED", ("linux", "m68k")
    )
    machine.ran.clear()
    refused = added("debian:sid", "openssl:3.3.1").results
    assert all("recipes are for linux m68k" in item.why for item in refused.values())
    assert not machine.count("apt-get")
    assert not machine.count("download")


@pytest.mark.parametrize(
    "trouble",
    [
        ("openssl:3.5.9", "pip download", full_disk, "disk or the quota is full"),
        (
            "openssl:3.5.9",
            "pip download",
            says(1, "WARNING: Retrying (Retry(total=1))\nERROR: No matching"),
            "cannot be reached",
        ),
        (
            "openssl:3.5.9",
            "pip download",
            says(1, "ERROR: No matching distribution found for psycopg-binary"),
            "is not there any more",
        ),
        (
            "openssl:3.5.9",
            "pip download",
            says(1, "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES"),
            "has not the checksum",
        ),
        (
            "debian:trixie",
            " update",
            says(0, "W: Failed to fetch x  Could not resolve 'mirror'"),
            "cannot be reached",
        ),
        (
            "debian:trixie",
            " update",
            says(100, "W: GPG error: x InRelease: ... NO_PUBKEY 0E98"),
            "not signed by a key",
        ),
        (
            "debian:trixie",
            "--download-only install",
            says(100, "E: Failed to fetch x  404  Not Found"),
            "is not there any more",
        ),
        ("debian:trixie", "sh -c", full_disk, "disk or the quota is full"),
        (
            "debian:trixie",
            "--download-only install",
            says(100, "E: You don't have enough free space in /cache."),
            "disk or the quota is full",
        ),
    ],
)
def test_what_went_wrong_is_said_and_the_next_run_recovers(
    added: Add, cache: Cache, machine: Machine, trouble: Trouble
) -> None:
    """One target fails in words that say what to do; another one is made all the same;
    nothing half-made stays, and once the cause is gone it succeeds."""
    name, words, act, said = trouble
    other = "debian:trixie" if name.startswith("openssl") else "openssl:3.5.9"
    machine.breaks[words] = act
    done = added(name, other)
    assert said in done.results[name].why
    assert done.results[other].record is not None
    assert [target.id for target in cache.targets()] == [other]
    assert not (cache.folder / "new").exists()
    machine.breaks.clear()
    assert added(name).results[name].record is not None


def test_a_package_that_was_damaged_is_fetched_again(
    added: Add, cache: Cache, machine: Machine
) -> None:
    """A file of the right size with other octets in it is not unpacked."""
    added("debian:trixie")
    (package,) = cache.downloads.rglob("python3.13-minimal_*.deb")
    package.write_bytes(b"x" * package.stat().st_size)
    machine.ran.clear()
    assert added("debian:trixie", again=True).results["debian:trixie"].record
    assert machine.count("install", "-y") == 2  # which files, and then the files


def test_a_package_with_a_wrong_checksum_is_thrown_away(
    added: Add, cache: Cache, machine: Machine
) -> None:
    """What the mirror gives is not what its index says: nothing of it is unpacked,
    and the next run asks for it again."""
    archives = cache.downloads / "debian" / "trixie" / "cache" / "archives"
    name = "python3.13-minimal_1.0-1_amd64.deb"

    def damaged(_folder: Path) -> Done:
        for other in (name, name.replace("python3.13-minimal", "libpython3.13-stdlib")):
            (archives / other).write_bytes(b"something else")
        return Done(0, "", "")

    machine.breaks["apt.conf -qq -y --download-only"] = damaged
    assert "checksum" in added("debian:trixie").results["debian:trixie"].why
    assert not (archives / name).exists()
    assert not machine.count("sh -c")
    machine.breaks.clear()
    assert added("debian:trixie").results["debian:trixie"].record is not None


def test_what_was_fetched_is_not_fetched_again(added: Add, machine: Machine) -> None:
    """A target that is there is left; made again, it is made of what is on disk."""
    added("openssl:3.5.9", "debian:trixie")
    machine.ran.clear()
    done = added("openssl:3.5.9", "debian:trixie")
    assert all(result.old for result in done.results.values())
    again = added("openssl:3.5.9", "debian:trixie", again=True)
    assert not any(result.old for result in again.results.values())
    assert not machine.count("pip download")
    assert machine.count("apt-get", "install") == machine.count("--print-uris")


def test_what_an_interrupted_add_left_is_cleared_away(added: Add, cache: Cache) -> None:
    """A half-made target is none, and is gone after the next run."""
    half = cache.folder / "new" / "debian-trixie-x"
    half.mkdir(parents=True)
    (cache.folder / "targets" / "openssl-3.3.1").mkdir(parents=True)
    assert not cache.targets()
    added("openssl:3.3.1")
    assert not half.exists()


def test_an_interrupt_stops_what_runs(
    added: Add, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clients that were started are ended, and the interrupt goes through."""
    stopped = []
    monkeypatch.setattr(Machine, "stop", lambda _self: stopped.append(True))

    def interrupted(_folder: Path) -> Done:
        raise KeyboardInterrupt

    machine.breaks["pip download"] = interrupted
    with pytest.raises(KeyboardInterrupt):
        added("openssl:3.5.9")
    assert stopped


def test_names_are_looked_at_first(added: Add, machine: Machine) -> None:
    """A name that is none is refused before another one is begun."""
    with pytest.raises(ProvisionError, match=r"openssl:9\.9: no such target"):
        added("debian:trixie", "openssl:9.9")
    assert not machine.ran


def test_a_name_stands_for_what_came_of_it(added: Add, cache: Cache) -> None:
    """A suite is removed whole; what is not there is said."""
    added("debian:sid", "debian:trixie")
    remove(cache, ["debian:sid"], silent)
    assert [target.id for target in cache.targets()] == ["debian:trixie"]
    with pytest.raises(ProvisionError, match="debian:sid: is not there; there are"):
        remove(cache, ["debian:sid"], silent)
    assert remove(cache, [], silent, downloads=True) > 0
    assert not cache.downloads.exists()
