"""``docs/codes.md``: every error number, what brings it, and its place in order."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from harness.codes import IN_1_1_1, LINES, NAMES, line_of, names
from harness.flags import DOCUMENTED, Flags
from harness.oracle.releases.release import Version
from harness.oracle.releases.rules import RULES, Rule, Stage
from harness.pages import markup
from harness.pages.giving import ended_by, needs, raised, refusals
from harness.pages.releases import VERSIONS, in_words
from harness.pages.telling import by_release, needed, plain_id
from harness.pages.unreached import UNMODELLED, UNREACHED

STRICT: Final = Flags(DOCUMENTED["X509_STRICT"])
_SHOWN: Final = 3
"""How many cases of one rule are named."""

_STAGES: Final = {
    Stage.END_ENTITY_KEY: (
        "The end entity's key against the security level, before a path is built.",
        "check_key_level",
    ),
    Stage.PATH: (
        "A path is built from the end entity up, the store first, without going back.",
        "build_chain, check_trust",
    ),
    Stage.EXTENSIONS: (
        "Each certificate from the end entity to the anchor, the anchor included.",
        "check_extensions",
    ),
    Stage.LEVELS: (
        "Keys of all issuers and signatures of all but the anchor, from below.",
        "check_auth_level",
    ),
    Stage.IDENTITY: ("The reference name against the end entity.", "check_id"),
    Stage.PARAMETERS: (
        "The end entity's key, which must be there to be given parameters.",
        "X509_get_pubkey_parameters",
    ),
    Stage.REVOCATION: (
        "Each certificate that the flags cover, from the end entity up.",
        "check_revocation",
    ),
    Stage.SUITE_B: (
        "The whole path against the profile of RFC 6460, where its raw bits are set.",
        "X509_chain_check_suiteb",
    ),
    Stage.SIGNATURES: (
        "From the anchor down: who may sign, the signature, the dates.",
        "internal_verify",
    ),
    Stage.NAMES: (
        "From the anchor down: proxy names, then names against constraints above.",
        "check_name_constraints",
    ),
    Stage.RESOURCES: (
        "Addresses and AS numbers within those of the issuer.",
        "X509v3_addr_validate_path, X509v3_asid_validate_path",
    ),
    Stage.POLICY: ("Certificate policies, where a policy bit is set.", "check_policy"),
}
"""What each looks at, and OpenSSL's functions."""

assert tuple(_STAGES) == tuple(Stage)


def page() -> Iterator[str]:
    """The lines of the page."""
    yield "# Verification errors, number by number"
    yield ""
    yield from _INTRODUCTION
    yield "## Contents"
    yield ""
    yield from markup.contents(
        (_ORDER, _MOVED, _EVERY_NUMBER, *map(_heading, Stage), _ELSEWHERE)
    )
    yield from _order()
    yield from _moved()
    yield from _every_number()
    for stage in Stage:
        yield from _stage(stage)
    yield from _elsewhere()


_ORDER: Final = "The order of checks"
_MOVED: Final = "Numbers that moved, and new ones"
_EVERY_NUMBER: Final = "Every number"
_ELSEWHERE: Final = "Errors that no rule gives"

_INTRODUCTION: Final = f"""\
`ssl` shows one error: the first objection of the order below, as `verify_code` of
`SSLCertVerificationError`. Mending it may bring up the next. This page is made from the
rules of the releases book and the project's pinned cases (`nox -s docs`): do not edit
it.

- *Flags* are the fewest under which a pinned case is refused so, found by taking flags
  away as long as the error stays; "none" needs no flag. *Ended by* are flags that,
  added to those, end the objection in every pinned case of it.
- Measured releases: {", ".join(map(str, VERSIONS))}. Where none are named, all of them
  are meant.
- `X509_V_ERR_` is left out of names. Flags are explained in [flags.md](flags.md).

""".splitlines()


def _heading(stage: Stage) -> str:
    return f"{tuple(Stage).index(stage) + 1}. {stage.value[0].upper()}{stage.value[1:]}"


def _order() -> Iterator[str]:
    yield f"## {_ORDER}"
    yield ""
    yield from markup.table(
        ("Stage", "What is looked at", "OpenSSL's functions", "Errors"),
        (
            (
                markup.link(_heading(stage), "#" + markup.anchor(_heading(stage))),
                text,
                markup.code(functions),
                ", ".join(dict.fromkeys(_newest(rule.code) for rule in _of(stage))),
            )
            for stage, (text, functions) in _STAGES.items()
        ),
    )


def _of(stage: Stage) -> list[Rule]:
    return [rule for rule in RULES.values() if stage in rule.stages]


def _newest(name: str) -> str:
    return str(next(number for number in NAMES if NAMES[number] == name))


def _moved() -> Iterator[str]:
    yield f"## {_MOVED}"
    yield ""
    rows = [(str(number), f"`{old}`", f"`{NAMES[number]}`") for number, old in _old()]
    yield from markup.table(("Number", "1.1.1", "3.0 and later"), rows)
    yield from markup.table(
        ("Since", "Numbers"),
        (
            (line, ", ".join(map(str, names(line).keys() - names(before).keys())))
            for before, line in pairwise(LINES)
        ),
    )


def _old() -> list[tuple[int, str]]:
    return sorted(IN_1_1_1.items())


def _every_number() -> Iterator[str]:
    yield f"## {_EVERY_NUMBER}"
    yield ""
    yield "*Only STRICT*: in no measured release is a pinned case refused so without"
    yield "`X509_STRICT`."
    yield ""
    rows = []
    for number in NAMES:
        for lines in _meanings(number):
            name = names(lines[0])[number]
            rows.append((str(number), f"`{name}`", _since(lines), *_about(name, lines)))
    heads = ("Number", "Name", "In", "Stage", "Flags", "Only STRICT", "Through `ssl`")
    yield from markup.table(heads, rows)


def _meanings(number: int) -> list[list[str]]:
    """The lines that have the number, those with one name together."""
    found: dict[str, list[str]] = {}
    for line in LINES:
        if number in names(line):
            found.setdefault(names(line)[number], []).append(line)
    return list(found.values())


def _since(lines: list[str]) -> str:
    if lines == list(LINES):
        return "every line"
    return "1.1.1 alone" if lines == ["1.1.1"] else f"{lines[0]} and later"


def _about(name: str, lines: list[str]) -> tuple[str, str, str, str]:
    """Stage, flags, whether only STRICT brings it, and whether ``ssl`` shows it, in
    releases of these lines."""
    rules = [rule for rule in RULES.values() if rule.code == name]
    if not rules:
        told = "no" if name in UNREACHED else "not modelled"
        return "", "", "", markup.link(told, "#" + markup.anchor(_ELSEWHERE))
    stages = dict.fromkeys(stage for rule in rules for stage in rule.stages)
    seen = [
        (version, case)
        for rule in rules
        for version, cases in refusals(rule.name).items()
        if line_of(str(version)) in lines
        for case in cases
    ]
    sets = needs(case for _, case in seen)
    strict = bool(sets) and all(STRICT in flags for flags in sets)
    return (
        ", ".join(stage.value for stage in stages),
        needed(sets) if sets else "",
        "yes" if strict else "",
        _reach(rules, lines, {version for version, _ in seen}),
    )


def _reach(rules: list[Rule], lines: Sequence[str], versions: set[Version]) -> str:
    asked = {version for version in VERSIONS if line_of(str(version)) in lines}
    if versions:
        return "yes" if versions == asked else f"yes: {in_words(versions)}"
    if not asked:
        return "no measured release"
    if any(rule.name in raised() for rule in rules):
        return "behind another error in every pinned case"
    return "no pinned case"


def _stage(stage: Stage) -> Iterator[str]:
    yield f"## {_heading(stage)}"
    yield ""
    text, functions = _STAGES[stage]
    yield f"{text} OpenSSL: `{functions}`."
    yield ""
    rows = [_rule(rule) for rule in _of(stage)]
    heads = ("Number", "Refuses", "Flags", "Ended by", "Releases", "Cases")
    yield from markup.table(heads, rows)
    if not rows:
        yield "No rule of the book is of this stage."
        yield ""


def _rule(rule: Rule) -> tuple[str, ...]:
    seen = refusals(rule.name)
    cases = [case for found in seen.values() for case in found]
    called = list(dict.fromkeys(plain_id(case.case) for case in cases))
    more = f" and {len(called) - _SHOWN} more" if len(called) > _SHOWN else ""
    return (
        f"{_numbers(rule)}<br>`{rule.code}`",
        f"{markup.plain(rule.what)}<br>{markup.code(rule.name)}",
        by_release({version: needed(needs(found)) for version, found in seen.items()}),
        markup.codes(sorted(ended_by(rule.name))),
        in_words(seen) if seen else _reach([rule], LINES, set()),
        markup.codes(called[:_SHOWN]) + more,
    )


def _numbers(rule: Rule) -> str:
    """The rule's number, by line where it moved."""
    numbers = {
        line: next((n for n, name in names(line).items() if name == rule.code), None)
        for line in LINES
    }
    later = _newest(rule.code)
    old = numbers[line_of("1.1.1")]
    return later if old is None or str(old) == later else f"{later} (1.1.1: {old})"


def _elsewhere() -> Iterator[str]:
    yield f"## {_ELSEWHERE}"
    yield ""
    yield "What `ssl` never shows:"
    yield ""
    yield from markup.table(("Errors", "Why"), _by_reason(UNREACHED))
    yield "What it can show, and no rule of the releases book says when:"
    yield ""
    yield from markup.table(("Errors", "Brought by"), _by_reason(UNMODELLED))


def _by_reason(named: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for reason in dict.fromkeys(named.values()):
        called = [name for name, why in named.items() if why == reason]
        yield (
            markup.CELL_BREAK.join(f"{_newest(name)} `{name}`" for name in called),
            reason,
        )
