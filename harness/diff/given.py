"""Cases that are given: a suite's, or a chain in PEM files with its anchors."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.case import Case, Role
from harness.corpus import pem
from harness.corpus.suite import Suite
from harness.diff.comparing import Comparing
from harness.diff.groups import Source
from harness.flags import Flags


@dataclass(frozen=True, slots=True)
class Given:
    """A case with the flag sets to ask besides those of every case."""

    source: Source
    case: Case
    flags: tuple[Flags, ...]
    unsupported: str = ""
    """Why ``ssl`` cannot be asked it; empty if it can."""


def of_suite(suite: Suite, flags: tuple[Flags, ...]) -> Iterator[Given]:
    """The cases of a suite, under these flags or the suite's."""
    for item in suite.cases:
        sets = flags or item.flag_sets
        yield Given(Source(item.id), item.case, sets, item.unsupported or "")


def of_files(
    chain: Sequence[Path],
    trust: Sequence[Path],
    crls: Sequence[Path],
    *,
    name: str | None,
    roles: Sequence[Role],
    flags: tuple[Flags, ...],
) -> Iterator[Given]:
    """The certificates of PEM files as a peer would send them, in each role.

    Trusted certificates and CRLs keep the order of their files. Raises ``PemError``.
    """
    sent = [item for path in chain for item in pem.load_pem(path)]
    anchors = [item for path in trust for item in pem.load_pem(path)]
    lists = [item for path in crls for item in pem.load_pem(path)]
    peer = pem.certificates(sent)
    if not peer:
        places = ", ".join(map(str, chain))
        raise pem.PemError(f"{places}: no certificate among {len(sent)} PEM blocks")
    trusted = pem.trusted_items(anchors)
    if not trusted:
        places = ", ".join(map(str, trust))
        raise pem.PemError(f"--trust {places}: no certificate in it")
    loaded = pem.crls(lists)
    if crls and not loaded:
        places = ", ".join(map(str, crls))
        raise pem.PemError(f"--crl {places}: no CRL in it")
    source = Source(", ".join(map(str, chain)))
    for role in roles:
        named = name if role is Role.CLIENT else None
        yield Given(source, Case(peer, trusted, loaded, named, role), flags)


def compare_given(comparing: Comparing, cases: Iterable[Given]) -> None:
    """Ask every one of them of both; what ``ssl`` cannot be asked is counted."""
    for item in cases:
        if item.unsupported:
            comparing.tally.hidden[f"not asked: {item.unsupported}"] += 1
        else:
            comparing.compare(item.case, item.flags, item.source)
