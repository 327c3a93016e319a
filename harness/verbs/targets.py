"""``verifyflags targets``: what can be asked here, and how it is started."""

import json
import shlex
from argparse import Namespace
from typing import Any

from harness.campaign import canaries
from harness.target.provision.cache import Cache, described
from harness.target.session import TargetError
from harness.target.target import Identity, Target
from harness.verbs.choosing import all_targets, file_targets
from harness.verbs.opening import opened
from harness.verbs.saying import say
from harness.wire import to_json
from reports.printable import printable

SEED = 0


def targets(arguments: Namespace) -> int:
    """List every target; 2 if one that a file names cannot start.

    An interpreter that was found, and cannot be asked, is an answer like any other.
    """
    named = {target.id for target in file_targets(arguments.targets_file)}
    cache = Cache.default()
    records = {record.name: record for record in cache.records()}
    status = 0
    for target in all_targets(arguments.targets_file):
        identity, why = ask(target)
        if identity is None and target.id in named:
            status = 2
        record = None if target.id in named else records.get(target.id)
        if arguments.json:
            made = None
            if record is not None:
                made = described(record, cache.of(record.name))
            say(json.dumps({**_form(target, identity, why), "made": made}))
        else:
            start = shlex.join(target.argv) if record is None else record.made
            say(printable(_line(target, identity, why, start)))
    return status


def ask(target: Target) -> tuple[Identity | None, str]:
    """What the target says it is and why it is not sane; no identity if it cannot
    start, and why."""
    try:
        with opened(target, SEED) as (session, now):
            session.check_sane(canaries.good(SEED, now), canaries.untrusted(SEED, now))
            return session.identity, session.identity.insane_because
    except TargetError as error:
        return None, str(error).partition("\n")[0]


def _form(target: Target, identity: Identity | None, why: str) -> dict[str, Any]:
    return {
        "id": target.id,
        "start": to_json(target),
        "identity": None if identity is None else to_json(identity),
        "because": why,
    }


def _line(target: Target, identity: Identity | None, why: str, start: str) -> str:
    if identity is None:
        return f"{target.id}: unusable: {why}"
    python = ".".join(map(str, identity.python))
    sane = "sane" if identity.sane else f"not sane: {why}"
    return (
        f"{target.id}: {identity.implementation} {python}, {identity.openssl}, "
        f"{identity.platform}; engine {identity.engine}; {sane}; {start}"
    )
