"""The summary of a run as plain text, for a terminal."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from harness.campaign.recording import Line
from harness.finding import SEVERITIES
from reports import coverage, findings
from reports.grouping import Group, groups
from reports.printable import printable
from reports.recorded import Recorded

STATUS: Final = {
    0: "clean: nothing unexplained, nothing undecided",
    1: "findings that fail the run",
    2: "a target could not be asked",
    3: "inconclusive",
}
_MOST_REASONS: Final = 20


def summary(run: Recorded) -> str:
    """The whole summary, ending in a newline."""
    lines: list[str] = []
    for target in run.targets:
        lines += _target(run, target)
        lines.append("")
    lines += _findings(run)
    lines += coverage.table(run)
    lines += _ending(run)
    return "\n".join(lines) + "\n"


def _target(run: Recorded, target: str) -> Iterator[str]:
    about = run.about(target)
    if about is None:
        yield f"{printable(target)}: never asked"
        return
    identity = about["identity"]
    python = ".".join(map(str, identity["python"]))
    yield printable(
        f"{target}: {identity['implementation']} {python}, {identity['openssl']}, "
        f"{identity['platform']}"
    )
    assumed = " (assumed: no table for this release)" if about["assumed"] else ""
    yield f"  {judged(about)}{assumed}"
    for what, names in (
        ("turned over, as an overlay knows", about["overlaid"]),
        ("no probe told", about["untold"]),
    ):
        if names:
            yield f"    {what}: {', '.join(names)}"
    yield f"  {amounts(run, target)}"
    yield f"  {ways(run, target)}"
    yield f"  cost: {cost(run, target)}"
    yield from _reach(run, target, about)
    total = run.sums(target, "", "findings")
    order = ("conforms", "ledger", "diverges", "unexplained", "broken", "drift")
    yield "  rows: " + ", ".join(f"{total[kind]:,} {kind}" for kind in order)
    yield from _counted("skipped", run.sums(target, "", "skips"))
    yield from _counted("ledger entries met", run.sums(target, "", "entries"))


def judged(about: Line) -> str:
    """What a target is judged by: a release, or the documents alone."""
    if about["release"]:
        return f"judged as OpenSSL {about['release']}"
    return "judged by the documents alone: it is no OpenSSL"


def amounts(run: Recorded, target: str) -> str:
    """Cases, verdicts, and verdicts a second."""
    counts = run.sums(target, "", "counts")
    pinned = run.sums(target, "witnesses", "counts")
    elapsed = run.footer["elapsed_s"]
    speed = counts["verdicts"] / elapsed if elapsed else 0.0
    return (
        f"{counts['cases']:,} cases ({pinned['cases']:,} witnesses), "
        f"{counts['verdicts']:,} verdicts in {elapsed:.0f} s, "
        f"{speed:,.0f} verdicts a second"
    )


def ways(run: Recorded, target: str) -> str:
    """Sweeps by way of asking, TLS version and role under test."""
    asked = run.sums(target, "", "asked")
    parts = []
    for key, count in sorted(asked.items()):
        way, version, role = key.split("|")
        parts.append(f"{way} TLS {version} {role} {count:,}")
    return f"{engine(run, target)}; sweeps: " + (", ".join(parts) or "none")


def engine(run: Recorded, target: str) -> str:
    """What the target was asked through, and which ways of asking that has."""
    about = run.about(target)
    if about is None:
        return "never asked"
    name = about["identity"]["engine"]
    depth = ", depths told" if about["identity"]["shows_depth"] else ""
    return f"asked through {name}, by {' and '.join(about['ways'])}{depth}"


def cost(run: Recorded, target: str) -> str:
    """The cost ratio: all processor time of harness and worker over that of as many
    bare flights, for full sweeps and other sweeps; and the other phases' share."""
    counts = run.sums(target, "random", "counts")
    ours = run.sums(target, "random", "harness_cpu")
    theirs = run.sums(target, "random", "target_cpu")
    if not counts["bare flights"]:
        return "not measured"
    bare = counts["bare ns"] / counts["bare flights"]
    parts = [f"bare flight {bare / 1e6:.2f} ms"]
    for phase, word in (("full", "full sweeps"), ("flight", "other sweeps")):
        verdicts = counts[f"{phase} verdicts"]
        if verdicts:
            ratio = (ours[phase] + theirs[phase]) / (verdicts * bare)
            parts.append(f"{word} {ratio:.2f} ({verdicts:,} verdicts)")
    cases = counts["cases"] + counts["shrinking"]
    if cases:
        parts += [
            f"{phase} {ours[phase] / cases / 1e6:.1f} ms a case"
            for phase in ("drawing", "signing", "reading")
        ]
    for phase in ("handshakes", "repeats", "shrinking"):
        spent = ours[phase] + theirs[phase]
        parts.append(f"{phase} {spent / 1e9:.1f} s")
    return ", ".join(parts)


def _reach(run: Recorded, target: str, about: Line) -> Iterator[str]:
    """Sentences decided and behaviours felt, by witnesses and random cases apart."""
    expected = about["expected"]
    by = {
        name: run.sums(target, name, "decided")
        for name in ("witnesses", "surface", "random")
    }
    yield (
        f"  sentence sides decided, of {len(expected)}: "
        f"by witnesses {_reached(by['witnesses'], expected)}, "
        f"by surface {_reached(by['surface'], expected)}, "
        f"by random cases {_reached(by['random'], expected)}"
    )
    whole = sum(by.values(), Counter[str]())
    yield from _listed("undecided", (key for key in expected if not whole[key]))
    yield from _listed(
        "decided by witnesses alone",
        (key for key in expected if by["witnesses"][key] and not by["random"][key]),
    )
    behaviours = about["behaviours"]
    felt = {name: run.sums(target, name, "felt") for name in ("witnesses", "random")}
    yield (
        f"  behaviours felt, of {len(behaviours)}: "
        f"by witnesses {_reached(felt['witnesses'], behaviours)}, "
        f"by random cases {_reached(felt['random'], behaviours)}"
    )
    both = felt["witnesses"] + felt["random"]
    yield from _listed("never felt", (key for key in behaviours if not both[key]))


def _reached(counter: Counter[str], wanted: Iterable[str]) -> int:
    return sum(1 for key in wanted if counter[key])


def _listed(word: str, keys: Iterable[str]) -> Iterator[str]:
    names = [key.replace("|", " ") for key in keys]
    if names:
        yield printable(f"    {word}: {', '.join(names)}")


def _counted(word: str, counter: Counter[str]) -> Iterator[str]:
    if not counter:
        yield f"  {word}: none"
        return
    yield f"  {word}:"
    for name, count in counter.most_common():
        yield printable(f"    {count:,} of {name}")


def _findings(run: Recorded) -> Iterator[str]:
    causes = groups([run])
    if not causes:
        yield "findings: none"
    else:
        yield f"findings: {counted(causes)}"
    for group in causes:
        yield f"  {findings.group_heading(group)}"
        yield f"    {findings.case(group.lines[0])}"
        yield f"    {findings.group_provenance(group)}"
    for line in run.faults:
        yield printable(f"  fault of the harness: {line['target']}: {line['says']}")


def counted(causes: Sequence[Group]) -> str:
    """How many causes there are of each severity, the worst first."""
    by_severity = Counter(group.severity for group in causes)
    parts = [
        f"{by_severity[word]} {findings.severity(word)}"
        for word in SEVERITIES
        if by_severity[word]
    ]
    return ", ".join(parts)


def _ending(run: Recorded) -> Iterator[str]:
    reasons = run.footer["reasons"]
    for reason in reasons[:_MOST_REASONS]:
        yield printable(f"not clean: {reason}")
    if len(reasons) > _MOST_REASONS:
        yield f"not clean: and {len(reasons) - _MOST_REASONS} more reasons"
    yield f"repeat with: {printable(run.header['repeat'])}"
    yield f"exit {run.footer['status']}: {STATUS[run.footer['status']]}"
