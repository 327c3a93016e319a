"""What tests of the verbs share: a targets file of fakes, and a verb that is run."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from harness.cli import main
from harness.target.target import Target
from harness.wire import to_json


@dataclass(frozen=True, slots=True)
class Said:
    """What a verb ended with, and what it wrote."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Standard output as JSON, one object a line."""
        return [json.loads(text) for text in self.out.splitlines()]


Verb = Callable[..., Said]
TargetsFile = Callable[..., Path]


@pytest.fixture
def verb(capsys: pytest.CaptureFixture[str]) -> Verb:
    """Runs the command line in this process."""

    def run(*words: object) -> Said:
        status = main([str(word) for word in words])
        shown = capsys.readouterr()
        return Said(status, shown.out, shown.err)

    return run


@pytest.fixture(scope="session")
def targets_file(tmp_path_factory: pytest.TempPathFactory) -> TargetsFile:
    """Makes a targets file of these targets."""

    def make(*targets: Target) -> Path:
        path = tmp_path_factory.mktemp("targets") / "targets.toml"
        path.write_text("".join(_entry(target) for target in targets))
        return path

    return make


def _entry(target: Target) -> str:
    form = to_json(target)
    kept = {key: form[key] for key in ("id", "argv", "path", "module", "engine")}
    # Texts and lists of texts are the same in JSON as in TOML.
    lines = [f"{key} = {json.dumps(value)}\n" for key, value in kept.items()]
    lines += [f"env.{key} = {json.dumps(value)}\n" for key, value in target.env.items()]
    return "[[target]]\n" + "".join(lines)


@pytest.fixture(scope="session")
def unstartable() -> Target:
    """A target that nothing is behind."""
    return Target("nowhere", ("/no/such/python",))
