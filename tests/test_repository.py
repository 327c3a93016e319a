"""The laws of ARCHITECTURE.md, enforced; and each law is shown a tree that breaks it.

A tree maps paths to sources. A law takes a tree and tells the breaches it finds.
"""

import ast
import io
import re
import sys
import tokenize
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path, PurePosixPath

import pytest

from harness.cli import main

Tree = dict[str, str]
Law = Callable[[Tree], Iterator[str]]

ROOT = Path(__file__).parent.parent
OURS = ("harness", "strategies", "reports")
STAGES = ("pki", "oracle", "target")
WORKERS = (
    "harness/target/libcrypto_worker.py",
    "harness/target/pyopenssl_worker.py",
    "harness/target/surface_worker.py",
    "harness/target/worker.py",
)
HOMES = {
    "cattrs": ("harness/wire.py",),
    "coverage": ("harness/campaign/",),
    "cryptography": ("harness/pki/",),
    "cryptography_vectors": ("harness/corpus/",),
    "jinja2": ("reports/html.py",),
    "hypothesis": ("strategies/", "harness/campaign/"),
    "markupsafe": ("reports/html.py",),
    "nox": ("noxfile.py",),
    "pytest": ("harness/campaign/",),
    "ssl": WORKERS,
    "xdist": ("harness/campaign/",),
}
PREDICTIONS = {
    "WillAccept",
    "WillReject",
    "WillNotDecode",
    "WillCrash",
    "MustAccept",
    "MustReject",
}
OUTCOMES = {"Accepted", "Rejected", "Undecodable"}
VAGUE = {"base", "common", "helper", "helpers", "manager", "misc", "util", "utils"}
LONGEST = 400
UNFINISHED = re.compile(r"\b([T]ODO|[F]IXME|[X]XX)\b")
SILENCED = re.compile(r"noqa(?!:\s*[A-Z])|type:\s*ignore(?!\[)")


def working_tree() -> Tree:
    """Every Python source of ours, and the files that name commands."""
    paths = [ROOT / "noxfile.py", ROOT / ".ci/run", *ROOT.glob("*.md")]
    for folder in (*OURS, "tests"):
        paths += (ROOT / folder).rglob("*.py")
    return {path.relative_to(ROOT).as_posix(): path.read_text() for path in paths}


@cache
def parsed(source: str) -> ast.Module:
    """The syntax tree of a source."""
    return ast.parse(source)


def python(tree: Tree, *folders: str) -> Iterator[tuple[str, str]]:
    """The Python files whose paths begin like one of these."""
    for path, source in tree.items():
        if path.endswith(".py") and path.startswith(folders or ("",)):
            yield path, source


def product(tree: Tree) -> Iterator[tuple[str, str]]:
    """The Python files that are no tests."""
    return (item for item in python(tree) if not item[0].startswith("tests/"))


def imports(source: str) -> Iterator[str]:
    """The dotted names a source imports, ``from a import b`` as ``a.b``."""
    for node in ast.walk(parsed(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield from (f"{module}.{alias.name}" for alias in node.names)


def within(name: str, module: str) -> bool:
    """Whether the dotted name is the module or lies in it."""
    return f"{name}.".startswith(f"{module}.")


def stages_do_not_meet(tree: Tree) -> Iterator[str]:
    """pki, oracle and target never import each other."""
    for stage in STAGES:
        others = [f"harness.{other}" for other in STAGES if other != stage]
        for path, source in python(tree, f"harness/{stage}/"):
            for name in imports(source):
                if any(within(name, other) for other in others):
                    yield f"{path}: stage {stage} imports {name}"


def strategies_know_no_oracle(tree: Tree) -> Iterator[str]:
    """What is drawn does not depend on what is expected of it."""
    for path, source in python(tree, "strategies/"):
        for name in imports(source):
            if within(name, "harness.oracle") or within(name, "harness.verdict"):
                yield f"{path}: a strategy imports {name}"


def reports_know_no_target(tree: Tree) -> Iterator[str]:
    """Reports read findings; they ask nothing."""
    for path, source in python(tree, "reports/"):
        for name in imports(source):
            if within(name, "harness.target"):
                yield f"{path}: a report imports {name}"


def only_compare_compares(tree: Tree) -> Iterator[str]:
    """No function but harness/compare.py's takes both a verdict and an outcome apart.

    To carry a Verdict beside an Answer is no comparison; to name a member of both
    unions in one definition is.
    """
    for path, source in product(tree):
        if path == "harness/compare.py":
            continue
        for node in ast.walk(parsed(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                words = {
                    item.id for item in ast.walk(node) if isinstance(item, ast.Name)
                }
                words |= {
                    item.attr
                    for item in ast.walk(node)
                    if isinstance(item, ast.Attribute)
                }
                if words & PREDICTIONS and words & OUTCOMES:
                    yield f"{path}:{node.lineno}: {node.name} compares"


def each_library_has_one_home(tree: Tree) -> Iterator[str]:
    """A third-party library, and ssl, is imported in its home and in tests."""
    for path, source in product(tree):
        for name in imports(source):
            top = name.partition(".")[0]
            if top in HOMES and not path.startswith(HOMES[top]):
                yield f"{path}: {name} is at home in {', '.join(HOMES[top])}"
            elif top not in {*HOMES, *OURS, *sys.stdlib_module_names}:
                yield f"{path}: {name} has no home"


def workers_stand_alone(tree: Tree) -> Iterator[str]:
    """A worker is standard library alone, reads as Python 3.6, and is not imported."""
    modules = [path.removesuffix(".py").replace("/", ".") for path in WORKERS]
    for path, source in product(tree):
        names = list(imports(source))
        for name in names:
            if any(within(name, module) for module in modules):
                yield f"{path}: imports {name}"
        if path in WORKERS:
            for name in names:
                if name.partition(".")[0] not in sys.stdlib_module_names:
                    yield f"{path}: imports {name}, no standard library"
            try:
                ast.parse(source, feature_version=(3, 6))
            except SyntaxError as error:
                yield f"{path}:{error.lineno}: not Python 3.6: {error.msg}"


def names_say_what_a_thing_is(tree: Tree) -> Iterator[str]:
    """No file or folder has one of the names that say nothing."""
    for path, _ in python(tree):
        words = set(re.split(r"[/_]", PurePosixPath(path).with_suffix("").as_posix()))
        if vague := words & VAGUE:
            yield f"{path}: {', '.join(sorted(vague))} says nothing"


def files_are_short(tree: Tree) -> Iterator[str]:
    """No Python file is longer than a reader's patience."""
    for path, source in python(tree):
        lines = source.count("\n")
        if lines > LONGEST:
            yield f"{path}: {lines} lines, more than {LONGEST}"


def comments_finish_and_name_their_exceptions(tree: Tree) -> Iterator[str]:
    """Nothing is marked as unfinished, and what is silenced is named by its code."""
    for path, source in python(tree):
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                for pattern in (UNFINISHED, SILENCED):
                    if pattern.search(token.string):
                        yield f"{path}:{token.start[0]}: {token.string}"


def every_test_says_what_it_expects(tree: Tree) -> Iterator[str]:
    """A test has a docstring that ends as a sentence, and is never passed over."""
    for path, source in python(tree, "tests/"):
        for node in ast.walk(parsed(source)):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                if not (ast.get_docstring(node) or "").endswith("."):
                    yield f"{path}:{node.lineno}: {node.name} has no sentence"
            elif isinstance(node, ast.Attribute) and re.search(
                r"pytest\.(mark\.)?(skip|skipif|xfail|importorskip)$", ast.unparse(node)
            ):
                yield f"{path}:{node.lineno}: {ast.unparse(node)}"


def commands_exist(tree: Tree) -> Iterator[str]:
    """Every nox session that a page or script names is one, with a docstring."""
    sessions = {
        node.name: ast.get_docstring(node)
        for node in ast.walk(parsed(tree["noxfile.py"]))
        if isinstance(node, ast.FunctionDef)
        and any("session" in ast.unparse(item) for item in node.decorator_list)
    }
    yield from (f"noxfile.py: {name}" for name, text in sessions.items() if not text)
    for path, source in tree.items():
        if not path.endswith(".py"):
            for run in re.findall(r"nox\"? -s((?: \w+)+)", source):
                for name in set(run.split()) - sessions.keys():
                    yield f"{path}: no session {name}"


LAWS: list[Law] = [
    stages_do_not_meet,
    strategies_know_no_oracle,
    reports_know_no_target,
    only_compare_compares,
    each_library_has_one_home,
    workers_stand_alone,
    names_say_what_a_thing_is,
    files_are_short,
    comments_finish_and_name_their_exceptions,
    every_test_says_what_it_expects,
    commands_exist,
]

VIOLATIONS: dict[str, tuple[str, ...]] = {
    "only_compare_compares": ("harness/oracle/documents/sides.py",),
    "files_are_short": (
        "harness/target/libcrypto_worker.py",
        "harness/target/worker.py",
    ),
}
"""By law: the files that CONTRIBUTING.md lists under its current violations."""

LAWFUL: Tree = {
    "noxfile.py": '@nox.session\ndef tests(session):\n    """Test."""\n',
    "README.md": "`nox -s tests -- -k wire` tests the harness.",
    "harness/carry.py": "def pair(verdict: Verdict, answer: Accepted): ...",
    "harness/compare.py": "def compare(): return WillAccept, Accepted",
    "harness/oracle/x.py": "from harness.facts import Facts  # noqa: F401\n",
    "harness/pki/read.py": "import cryptography.x509\nfrom harness.pki import spec",
    "harness/target/worker.py": "import json\nimport ssl\nx: int = 1",
    "strategies/chains.py": "from hypothesis import strategies as st",
    "tests/test_words.py": 'import ssl\ndef test_word():\n    """A word is one."""\n',
}


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_repository_obeys(law: Law) -> None:
    """The sources break no law, but for current violations, which are listed."""
    known = set(VIOLATIONS.get(law.__name__, ()))
    breaches = {breach: breach.partition(":")[0] for breach in law(working_tree())}
    assert [breach for breach, path in breaches.items() if path not in known] == []
    assert known <= set(breaches.values()), "a violation is listed that is none"


def test_current_violations_are_listed() -> None:
    """The files that break a law today stand at the end of CONTRIBUTING.md."""
    listed = working_tree()["CONTRIBUTING.md"].partition("## Current violations")[2]
    for paths in VIOLATIONS.values():
        assert [path for path in paths if f"`{path}`" not in listed] == []


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_a_lawful_tree_is_left_alone(law: Law) -> None:
    """A law has nothing to say of a small tree that keeps every law."""
    assert list(law(LAWFUL)) == []


@pytest.mark.parametrize(
    ("law", "path", "source"),
    [
        (stages_do_not_meet, "harness/pki/x.py", "import harness.oracle.x"),
        (stages_do_not_meet, "harness/oracle/x.py", "from harness import pki"),
        (stages_do_not_meet, "harness/oracle/x.py", "from harness.pki.spec import ca"),
        (
            stages_do_not_meet,
            "harness/target/x.py",
            "def f():\n import harness.pki as p",
        ),
        (
            strategies_know_no_oracle,
            "strategies/x.py",
            "from harness.oracle import codes",
        ),
        (reports_know_no_target, "reports/x.py", "import harness.target.target"),
        (only_compare_compares, "harness/x.py", "def f(): return MustReject, Rejected"),
        (
            only_compare_compares,
            "reports/x.py",
            "def f(): return v.WillAccept, o.Accepted",
        ),
        (each_library_has_one_home, "harness/oracle/x.py", "import cryptography"),
        (each_library_has_one_home, "harness/x.py", "from hypothesis import given"),
        (each_library_has_one_home, "harness/pki/x.py", "import ssl"),
        (each_library_has_one_home, "harness/x.py", "import requests"),
        (each_library_has_one_home, "harness/x.py", "from . import flags"),
        (workers_stand_alone, "harness/target/worker.py", "import harness.flags"),
        (workers_stand_alone, "harness/target/worker.py", "import cattrs"),
        (workers_stand_alone, "harness/target/worker.py", "print(x := 1)"),
        (workers_stand_alone, "harness/x.py", "from harness.target import worker"),
        (names_say_what_a_thing_is, "harness/utils.py", ""),
        (names_say_what_a_thing_is, "harness/common/x.py", ""),
        (names_say_what_a_thing_is, "tests/pem_helper.py", ""),
        (files_are_short, "tests/test_x.py", "\n" * 401),
        (comments_finish_and_name_their_exceptions, "harness/x.py", "# TODO: later"),
        (comments_finish_and_name_their_exceptions, "harness/x.py", "x = 1  # noqa"),
        (
            comments_finish_and_name_their_exceptions,
            "tests/x.py",
            "x = 1  # type: ignore",
        ),
        (every_test_says_what_it_expects, "tests/test_x.py", "def test_x(): pass"),
        (
            every_test_says_what_it_expects,
            "tests/test_x.py",
            "@pytest.mark.xfail\ndef f(): 0",
        ),
        (
            every_test_says_what_it_expects,
            "tests/a/test_x.py",
            "pytest.importorskip('x')",
        ),
        (commands_exist, "README.md", "run `nox -s conformance`"),
        (commands_exist, ".ci/run", '"$venv/bin/nox" -s tests types'),
        (commands_exist, "noxfile.py", "@nox.session\ndef tests(session): pass"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_breach_is_found(law: Law, path: str, source: str) -> None:
    """Each law tells of the one file that breaks it in an otherwise lawful tree."""
    breaches = list(law(LAWFUL | {path: source}))
    assert breaches
    assert all(breach.startswith(path) for breach in breaches)


def test_the_whole_repository_is_looked_at() -> None:
    """The laws see the sources of every folder, nox's, the pages and the scripts."""
    tree = working_tree()
    for path in ("noxfile.py", ".ci/run", "README.md", "tests/test_repository.py"):
        assert path in tree
    for path in ("harness/wire.py", "harness/oracle/releases/judge.py", *WORKERS):
        assert path in tree


def test_every_verb_of_the_readme_is_one(capsys: pytest.CaptureFixture[str]) -> None:
    """Each verb of verifyflags that the README shows explains itself."""
    verbs = set(re.findall(r"\bverifyflags ([a-z]+)", working_tree()["README.md"]))
    assert verbs >= {"run", "targets", "check", "replay"}
    for verb in verbs:
        with pytest.raises(SystemExit, match=r"^0$"):
            main([verb, "--help"])
        assert f"usage: verifyflags {verb} " in capsys.readouterr().out


def test_every_dependency_is_used() -> None:
    """What pyproject.toml installs with the package is imported by the package."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    required = {re.split(r"[^\w-]", item)[0] for item in project["dependencies"]}
    used = {
        name.split(".")[0]
        for _, text in product(working_tree())
        for name in imports(text)
    }
    assert required - used == {"pytest-xdist"}, "which is used by pytest's -n"
