"""The project's commands: ``nox -l`` lists them.

Arguments after ``--`` go to the command a session runs. Dependencies stand in
``pyproject.toml`` alone. Sessions are about this project's own code; the interpreters
under test are targets, started by path, and no business of nox.
"""

from pathlib import Path

import nox

nox.needs_version = ">=2026.1"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_existing_virtualenvs = True
nox.options.sessions = ["lint", "types", "tests"]

PYPROJECT = nox.project.load_toml("pyproject.toml")


def group(name: str) -> list[str]:
    """The requirements of a dependency group of ``pyproject.toml``."""
    return list(nox.project.dependency_groups(PYPROJECT, name))


@nox.session
def lint(session: nox.Session) -> None:
    """Check form and style with ruff (-- --fix mends what it can), and workflows."""
    session.install(*group("lint"))
    session.run("ruff", "check", *session.posargs)
    session.run("ruff", "format", *([] if "--fix" in session.posargs else ["--check"]))
    workflows = sorted(map(str, Path(".github/workflows").glob("*.yml")))
    session.run("zizmor", "--offline", "--pedantic", "--no-progress", *workflows)
    schema = "vendor.github-workflows"
    session.run("check-jsonschema", "--builtin-schema", schema, *workflows)


@nox.session
def types(session: nox.Session) -> None:
    """Check types with mypy, strictly (-- FILE... for some files)."""
    project = PYPROJECT["project"]
    extras = project["optional-dependencies"]["coverage"]
    groups = (*group("types"), *group("tests"), *group("browser"))
    session.install(*project["dependencies"], *extras, *groups)
    session.run("mypy", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Test the harness itself, with branch coverage (-- PYTEST-ARGUMENTS...)."""
    session.install("-e", ".", *group("tests"))
    session.run("coverage", "erase")
    pytest = ["-n", "auto", "--dist=worksteal", *session.posargs]
    session.run("coverage", "run", "-m", "pytest", *pytest)
    session.run("coverage", "combine", "--quiet")
    session.run("coverage", "report")


@nox.session
def browser(session: nox.Session) -> None:
    """Open the HTML report in Debian's Chromium (apt-get install chromium)."""
    session.install("-e", ".", *group("browser"))
    session.run("pytest", "tests/browser", *session.posargs)


@nox.session
def conformance(session: nox.Session) -> None:
    """Ask this Python's ssl (-- any arguments of ``verifyflags run``)."""
    extra = "[coverage]" if "--oracle-coverage" in session.posargs else ""
    session.install("-e", f".{extra}")
    session.run("verifyflags", "run", *session.posargs)


@nox.session
def matrix(session: nox.Session) -> None:
    """Ask every target that starts here (-- any arguments of ``verifyflags run``), and
    start the script of each known divergence on each."""
    session.install("-e", ".")
    session.run("verifyflags", "run", "--target", "all", *session.posargs)
    session.run("verifyflags", "ledger", "reproduce", "--target", "all")


@nox.session
def docs(session: nox.Session) -> None:
    """Write the generated pages of docs/ anew."""
    session.install("-e", ".")
    session.run("python", "-m", "harness.pages")


@nox.session
def bench(session: nox.Session) -> None:
    """Measure the cost of a verdict against a bare flight, as ratios of one run."""
    session.install("-e", ".")
    session.run("python", "-m", "harness.bench", *session.posargs)
