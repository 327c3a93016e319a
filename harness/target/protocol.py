"""The words between a session and its worker: a question as JSON, rows as answers.

A certificate's PEM text is made once per DER: the cases of a campaign and the steps of
a shrink share most of theirs.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from harness.case import Case, Role, Source, TlsVersion
from harness.flags import Flags
from harness.flight import client_flight, server_flight
from harness.outcome import (
    MOST_NOTED,
    Accepted,
    Answer,
    Objections,
    Outcome,
    Path,
    Rejected,
    Undecodable,
    Unsupported,
    Way,
    Where,
)
from harness.pem import write_pem
from harness.target.target import LIBCRYPTO, SSL, Question

_PLAIN: Final = 5
"""Values of a row that say its outcome: kind, code, message, path, depth."""


class ProtocolError(ValueError):
    """An answer of a worker that is none; the message shows it."""


class InternalError(Exception):
    """A row that failed in the worker's own code; the message is its traceback."""


@lru_cache(maxsize=4096)
def pem(label: str, der: bytes) -> str:
    """The PEM text of ``der`` under ``label``, RFC 7468."""
    return write_pem(label, der)


def own_pem(own: tuple[bytes, bytes]) -> str:
    """PEM of a server's own certificate and its PKCS#8 key."""
    certificate, key = own
    return pem("CERTIFICATE", certificate) + pem("PRIVATE KEY", key)


def not_asked(question: Question) -> str:
    """Why no target can be asked this question; empty if one can.

    A handshake needs a certificate and its key to present; a flight needs neither.
    """
    if question.way is Way.HANDSHAKE:
        if question.case.key is None:
            return "a handshake without the end entity's private key"
        if not question.case.peer:
            return "a handshake without a certificate to present"
    return ""


def sweep(question: Question, seq: int, engine: str = SSL) -> bytes:
    """The line that asks ``question`` of a target with that engine. Raises
    ``FlightError`` (a certificate that fits no message) or ``ValueError`` (capath
    without a hash for each CRL)."""
    case = question.case
    crls = [pem("X509 CRL", der) for der in case.crls]
    hashed: list[tuple[str, str]] = []
    if case.source is Source.CAPATH:
        hashed = list(zip(question.crl_hashes, crls, strict=True))
    flying = question.way is Way.FLIGHT
    request: dict[str, Any] = {
        "cmd": "sweep",
        "seq": seq,
        "flags": [flags.bits for flags in question.flags],
        "fresh": question.fresh,
        "required": question.required,
        "way": question.way.value,
        "tls": (TlsVersion.TLS_1_2 if flying else question.tls).value,
        "role": case.role.value,
        "name": case.name if case.role is Role.CLIENT else None,
        "level": case.security_level,
        "source": case.source.value,
        "trust": "".join(pem(item.label.value, item.der) for item in case.trusted),
        "crls": "".join(crls),
        "hashed": hashed,
    }
    if engine == LIBCRYPTO:
        request["objections"] = question.objections
        request["peer"] = [base64.b64encode(der).decode("ascii") for der in case.peer]
    elif flying:
        request["flight"] = _flight(case)
    elif case.key is not None:
        chain = [pem("CERTIFICATE", der) for der in case.peer]
        request["present"] = "".join(chain) + pem("PRIVATE KEY", case.key)
    return line(request)


def bench(
    case: Case, flags: Flags, iterations: int, seq: int, engine: str = SSL
) -> bytes:
    """The line that asks for the CPU seconds of a bare flight, CRLs by cafile."""
    bare = replace(case, source=Source.CAFILE)
    request = json.loads(sweep(Question(bare, (flags,)), seq, engine))
    return line({**request, "cmd": "bench", "iterations": iterations})


def line(request: Mapping[str, Any]) -> bytes:
    """One JSON object as the worker reads it."""
    return json.dumps(request).encode("ascii") + b"\n"


def reply(text: bytes, seq: int) -> dict[str, Any]:
    """The answer with that ``seq``. Raises ``ProtocolError`` for anything else, and
    ``InternalError`` where the worker says that it failed."""
    try:
        answer = json.loads(text)
    except ValueError:
        answer = None
    if not isinstance(answer, dict) or answer.get("seq") != seq:
        raise ProtocolError(f"not the answer to {seq}: {text[:200]!r}")
    if "error" in answer:
        raise InternalError(str(answer["error"]))
    return answer


def answers(flags: Sequence[Flags], reply: Mapping[str, Any]) -> tuple[Answer, ...]:
    """The rows of a sweep's reply. Raises ``ProtocolError`` where it is malformed and
    ``InternalError`` where a row failed in the worker."""
    try:
        paths: list[Path] = [tuple(path) for path in reply["paths"]]
        rows = reply["rows"]
        if len(rows) != len(flags):
            raise ProtocolError(f"{len(rows)} rows for {len(flags)} flag sets")
        shared: dict[tuple[Any, ...], Outcome] = {}
        found = []
        for requested, (effective, before, after, *said) in zip(
            flags, rows, strict=True
        ):
            every = said.pop() if len(said) > _PLAIN else None
            key = tuple(said)
            outcome = shared.get(key)
            if outcome is None:
                outcome = shared[key] = _outcome(paths, said)
            read_back = None if effective is None else Flags(effective)
            objections = None if every is None else _objections(paths, every)
            found.append(
                Answer(requested, read_back, outcome, before, after, objections)
            )
    except (KeyError, TypeError, IndexError, ValueError) as error:
        raise ProtocolError(f"not rows: {str(reply)[:200]}: {error!r}") from error
    return tuple(found)


def _flight(case: Case) -> str:
    make = client_flight if case.role is Role.CLIENT else server_flight
    return base64.b64encode(make(case.peer)).decode("ascii")


def _objections(paths: Sequence[Path], said: Sequence[Any]) -> Objections:
    """Every objection as a row says them: codes with depths, number of the path at the
    first, and whether the verification went on to its end."""
    noted, path, passed = said
    if type(passed) is not bool or len(noted) > MOST_NOTED:
        raise ValueError(f"no objections: {str(said)[:200]}")
    pairs = []
    for code, depth in noted:
        if type(code) is not int or type(depth) is not int:
            raise ValueError(f"no objection: {code!r} at {depth!r}")
        pairs.append((code, depth))
    return Objections(tuple(pairs), None if path is None else paths[path], passed)


def _outcome(paths: Sequence[Path], said: Sequence[Any]) -> Outcome:
    """What a row says: kind, code, message, number of the path; and the error depth
    where the engine tells it."""
    kind, code, message, path, *rest = said
    (depth,) = rest or (None,)
    walked = None if path is None else paths[path]
    if kind == "accepted":
        return Accepted(walked)
    if kind == "rejected":
        return Rejected(code, message, walked, depth)
    if kind == "unsupported":
        return Unsupported(message)
    if kind == "internal":
        raise InternalError(message)
    kind, _, where = kind.partition(":")
    if kind == "undecodable":
        return Undecodable(Where(where), message)
    raise ProtocolError(f"no such kind: {kind!r}")
