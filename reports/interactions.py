"""Flags by flags: how often rows were asked under both, and what was found there."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from harness.campaign.tally import pairs_of
from harness.flags import DOCUMENTED, RAW, Flags
from reports.recorded import Recorded


@dataclass(frozen=True, slots=True)
class Interactions:
    """The lower triangle of flags by flags; with itself a flag stands for its rows."""

    flags: tuple[str, ...]
    asked: Counter[tuple[str, str]]
    """Rows judged under both, over every target; keys in the order of ``flags``."""
    found: dict[tuple[str, str], tuple[str, ...]]
    """Signatures of findings whose flag sets have both."""

    def rows(self) -> Iterable[tuple[str, tuple[tuple[str, str], ...]]]:
        """Each flag with the pairs of its row, up to itself."""
        for place, flag in enumerate(self.flags):
            yield flag, tuple((other, flag) for other in self.flags[: place + 1])


def interactions(run: Recorded) -> Interactions:
    """What a run asked and found, pair by pair."""
    order = ("DEFAULT", *DOCUMENTED, *RAW, "UNNAMED")
    asked: Counter[tuple[str, str]] = Counter()
    for target in run.targets:
        for key, count in run.sums(target, "", "pairs").items():
            asked[_ordered(key, order)] += count
    found: dict[tuple[str, str], dict[str, None]] = {}
    for line in run.findings:
        for bits in line["flags"]:
            for key in pairs_of(Flags(bits)):
                names = found.setdefault(_ordered(key, order), {})
                names[line["signature"]] = None
    used = {name for pair in (*asked, *found) for name in pair}
    return Interactions(
        tuple(name for name in order if name in used),
        asked,
        {pair: tuple(names) for pair, names in found.items()},
    )


def _ordered(key: str, order: tuple[str, ...]) -> tuple[str, str]:
    one, other = key.split("|")
    if one not in order or other not in order:
        return ("UNNAMED", "UNNAMED")
    return (one, other) if order.index(one) <= order.index(other) else (other, one)
