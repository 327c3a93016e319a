"""Cases that are given: a suite's, or a chain in PEM files with its anchors."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from harness.case import Case, Role
from harness.corpus import pem
from harness.corpus.suite import Suite
from harness.diff.comparing import Comparing
from harness.diff.groups import Source
from harness.flags import Flags

Given = tuple[Source, Case, tuple[Flags, ...]]
"""A case with the flag sets to ask besides those of every case."""


def of_suite(suite: Suite, flags: tuple[Flags, ...]) -> Iterator[Given]:
    """The cases of a suite that can be asked, under these flags or the suite's."""
    for item in suite.cases:
        if item.unsupported is None:
            yield Source(item.id), item.case, flags or item.flag_sets


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
        yield source, Case(peer, trusted, loaded, named, role), flags


def compare_given(comparing: Comparing, cases: Iterator[Given]) -> None:
    """Ask every one of them of both."""
    for source, case, flags in cases:
        comparing.compare(case, flags, source)
