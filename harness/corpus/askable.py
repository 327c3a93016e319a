"""What of a testcase Python's ``ssl`` can be asked, and what it cannot.

``ssl`` verifies now, to its own depth limit of 100 (``X509_VERIFY_PARAM`` "default"),
for the purpose of its role, and checks a DNS name or an IP address in the client role
alone. A testcase that wants something else is asked only where that makes no
difference to its expected result.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from harness.case import Case, Role, is_address
from harness.corpus.suite import Expected
from harness.facts import Facts
from harness.pki.read import read

KEY_USAGE_BITS: Final = {
    "digitalSignature": 0x80,
    "contentCommitment": 0x40,
    "keyEncipherment": 0x20,
    "dataEncipherment": 0x10,
    "keyAgreement": 0x08,
    "keyCertSign": 0x04,
    "cRLSign": 0x02,
    "encipherOnly": 0x01,
    "decipherOnly": 0x8000,
}
"""x509-limbo's names for OpenSSL's ``X509v3_KU_*`` bits."""

_PURPOSE: Final = {Role.CLIENT: "serverAuth", Role.SERVER: "clientAuth"}
"""The extended key usage that ``ssl`` always asks for, by who verifies."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """The acceptance parameters of a testcase; plain defaults ask for nothing."""

    validation_time: datetime | None = None
    max_chain_depth: int | None = None
    signature_algorithms: tuple[str, ...] = ()
    key_usage: tuple[str, ...] = ()
    extended_key_usage: tuple[str, ...] = ()
    expected: Expected | None = None


def why_unsupported(case: Case, wishes: Wishes, now: float) -> str | None:
    """Why ``ssl`` cannot be asked this at ``now`` (seconds since the epoch), or None.

    Every parameter but the time and the purpose only takes certification paths away,
    so a testcase that expects success is the same question without it.
    """
    purpose = _PURPOSE[case.role]
    if wishes.extended_key_usage not in ((), (purpose,)):
        asked = ", ".join(wishes.extended_key_usage)
        return f"extended_key_usage {asked}: ssl asks for {purpose} alone"
    if wishes.expected is not Expected.SUCCESS:
        if wishes.signature_algorithms:
            asked = ", ".join(wishes.signature_algorithms)
            return f"signature_algorithms {asked}: ssl has no setting for them"
        why = _depth(case, wishes.max_chain_depth) or _key_usage(case, wishes)
        if why is not None:
            return why
    return _time(case, wishes.validation_time, now)


def _depth(case: Case, limit: int | None) -> str | None:
    """However depth is counted, no path is longer than all certificates there are."""
    longest = len(case.peer) - 1 + len(case.trusted)
    if limit is None or limit >= longest:
        return None
    return (
        f"max_chain_depth {limit}: ssl has no setting for it,"
        f" and a path of {longest} certificates above the end entity is possible"
    )


def _key_usage(case: Case, wishes: Wishes) -> str | None:
    """A key usage that the end entity has, or does not restrict, asks nothing new."""
    if not wishes.key_usage:
        return None
    wanted = 0
    for name in wishes.key_usage:
        wanted |= KEY_USAGE_BITS.get(name, 0)
    facts = read(case)
    found = facts.peer[0].key_usage if _all_peers_read(facts, case) else 0
    if all(name in KEY_USAGE_BITS for name in wishes.key_usage) and (
        found is None or (isinstance(found, int) and found & wanted == wanted)
    ):
        return None
    asked = ", ".join(wishes.key_usage)
    return f"key_usage {asked}: ssl has no setting for it"


def _all_peers_read(facts: Facts, case: Case) -> bool:
    return len(facts.peer) == len(case.peer)


def _time(case: Case, moment: datetime | None, now: float) -> str | None:
    """Another time is the same question while nothing begins or ends in between."""
    if moment is None:
        return None
    facts = read(case)
    wanted = f"validation_time {moment.isoformat()}: ssl verifies now, and"
    for item in facts.unreadable:
        if not item.undecodable:
            place = f"{item.where} item {item.index + 1}"
            return f"{wanted} the dates of {place} could not be read"
    then = moment.replace(microsecond=0).timestamp()  # dates have whole seconds
    for what, begin, end in _validities(facts):
        if _state(begin, end, then) != _state(begin, end, int(now)):
            return f"{wanted} {what} is {_said(begin, end, now)}"
    return None


def _validities(facts: Facts) -> Iterator[tuple[str, int, int | None]]:
    """What every item is, when it begins and when it ends."""
    for place, certificate in enumerate(facts.peer):
        what = f"peer certificate {place + 1}"
        yield what, certificate.not_before, certificate.not_after
    for place, item in enumerate(facts.trusted):
        what = f"trusted certificate {place + 1}"
        yield what, item.certificate.not_before, item.certificate.not_after
    for place, crl in enumerate(facts.crls):
        yield f"CRL {place + 1}", crl.this_update, crl.next_update


def _state(begin: int, end: int | None, moment: float) -> int:
    """-1 before validity, 0 within it (ends included: RFC 5280, 4.1.2.5), 1 after."""
    if moment < begin:
        return -1
    return 1 if end is not None and moment > end else 0


def _said(begin: int, end: int | None, now: float) -> str:
    state = _state(begin, end, now)
    if state == 0:
        return "valid now but not then"
    edge = begin if state < 0 or end is None else end
    day = datetime.fromtimestamp(edge, UTC).date() if 0 <= edge < 2**37 else edge
    return f"not yet valid (from {day})" if state < 0 else f"expired (since {day})"


@dataclass(frozen=True, slots=True)
class PeerName:
    """A name that a testcase expects: its kind (DNS, IP, RFC822) and value."""

    kind: str
    value: str

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"


def reference_name(
    names: tuple[PeerName, ...], role: Role
) -> tuple[str | None, str | None]:
    """The ``server_hostname`` that asks for these names, or why there is none.

    Without a name ``ssl`` checks none, which only adds paths.
    """
    if not names:
        return None, None
    said = ", ".join(str(name) for name in names)
    if role is Role.SERVER:
        return None, f"the name {said} is not asked: a server checks no client's name"
    if len(names) > 1:
        return None, f"the names {said} are not asked: ssl checks one"
    why = _refusal(names[0])
    if why is not None:
        return None, f"the name {said} is not asked: {why}"
    return names[0].value, None


def _refusal(name: PeerName) -> str | None:
    """Why ``server_hostname`` cannot carry this name, or None if it can."""
    if name.kind not in ("DNS", "IP"):
        return "ssl checks no such kind of name"
    if (name.kind == "IP") != _is_address(name.value):
        other = "a DNS name" if name.kind == "IP" else "an IP address"
        return f"ssl takes it for {other}"
    if not name.value or name.value.startswith(".") or "\0" in name.value:
        return "ssl refuses it as a server_hostname"
    try:
        name.value.encode("idna")
    except UnicodeError as error:
        return f"ssl refuses it as a server_hostname: {error}"
    return None


def _is_address(text: str) -> bool:
    """Whether OpenSSL's ``a2i_IPADDRESS`` takes the text: no scope, no prefix."""
    return is_address(text) and "%" not in text
