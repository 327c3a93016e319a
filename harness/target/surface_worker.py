# ruff: noqa: ANN001, ANN003, ANN201, F401 - it has to parse on Python 2.7
"""The worker's sibling: what an ``ssl`` shows that is not asked to verify.

One file, standard library only, started, gated and written as ``worker.py`` is. It
answers one question and ends: one JSON object on standard input (``own``, PEM of a
certificate and its key; ``trusted`` and ``crl``, PEM; ``values`` for the setter), one
on standard output, which has the fields of ``harness.surface.Surface``.
"""

import sys

if sys.version_info < (3, 6):
    sys.stderr.write("verifyflags worker: Python %d.%d: " % sys.version_info[:2])
    sys.stderr.write("too old, 3.6 is the first that can be asked\n")
    sys.exit(79)

import enum
import functools
import importlib
import json
import os
import warnings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Optional

STEPS = 20  # a TLS 1.2 handshake takes five of each side
PROTOCOLS = ("PROTOCOL_TLS", "PROTOCOL_TLS_CLIENT", "PROTOCOL_TLS_SERVER")
PURPOSES = ("SERVER_AUTH", "CLIENT_AUTH")


def constructors(ssl):  # type: (Any) -> Dict[str, Callable[[], Any]]
    """What makes a context, by the words of the call."""
    made = {}  # type: Dict[str, Callable[[], Any]]
    for name in PROTOCOLS:
        made[name] = functools.partial(ssl.SSLContext, getattr(ssl, name))
    for name in PURPOSES:
        made["create_default_context(%s)" % name] = functools.partial(
            ssl.create_default_context, getattr(ssl.Purpose, name)
        )
    return made


def constructed(make):  # type: (Callable[[], Any]) -> Dict[str, Any]
    """How a context is right after it was made."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        context = make()
    return {
        "verify_flags": int(context.verify_flags),
        "verify_mode": int(context.verify_mode),
        "check_hostname": bool(context.check_hostname),
        "warnings": [warning.category.__name__ for warning in caught],
    }


def assigned(ssl, value):  # type: (Any, Optional[int]) -> Dict[str, Any]
    """One assignment to ``verify_flags`` of a new context."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.verify_flags = value
    except Exception as error:  # noqa: BLE001 - which one it is, is the answer
        return {"requested": value, "read_back": None, "error": type(error).__name__}
    return {"requested": value, "read_back": int(context.verify_flags), "error": ""}


def negotiated(ssl, protocol, own):  # type: (Any, str, str) -> str
    """The version that such a client and an unrestricted server agree on."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        client = ssl.SSLContext(getattr(ssl, protocol))
    client.check_hostname = False
    client.verify_mode = ssl.CERT_NONE
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(own)
    back, forth = ssl.MemoryBIO(), ssl.MemoryBIO()
    waiting = [client.wrap_bio(back, forth), server.wrap_bio(forth, back, True)]
    asked = waiting[0]
    for _ in range(STEPS):
        for end in list(waiting):
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
            waiting.remove(end)
        if not waiting:
            return str(asked.version())
    raise RuntimeError("no end after %d steps of a handshake" % STEPS)


def crls_loaded(ssl, **locations):  # type: (Any, str) -> int
    """How many CRLs a new store holds after it was given ``locations``."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(**locations)
    except ssl.SSLError as error:
        sys.stderr.write("%s: %s\n" % (sorted(locations), error))
    return int(context.cert_store_stats()["crl"])


def surface(ssl, request, scratch):  # type: (Any, Dict[str, Any], str) -> Dict[str, Any]
    """The whole answer."""
    files = {}
    texts = {"own": request["own"], "both": request["trusted"] + request["crl"]}
    for name, text in texts.items():
        files[name] = os.path.join(scratch, "surface-" + name)
        with open(files[name], "w") as stream:
            stream.write(text)
    kind = getattr(ssl, "VerifyFlags", None)
    members = getattr(kind, "__members__", {})
    constants = [name for name in dir(ssl) if name.startswith("VERIFY_")]
    made = constructors(ssl)
    return {
        "members": {name: int(members[name]) for name in members},
        "constants": {name: int(getattr(ssl, name)) for name in constants},
        "int_flag": isinstance(kind, type) and issubclass(kind, enum.IntFlag),
        "constructors": {name: constructed(made[name]) for name in made},
        "setter": [assigned(ssl, value) for value in request["values"]],
        "negotiated": {
            name: negotiated(ssl, name, files["own"]) for name in PROTOCOLS[:2]
        },
        "highest": "TLSv1.3" if getattr(ssl, "HAS_TLSv1_3", False) else "TLSv1.2",
        "crls_loaded": {
            "cafile": crls_loaded(ssl, cafile=files["both"]),
            "cadata": crls_loaded(ssl, cadata=texts["both"]),
        },
    }


def main(arguments):  # type: (List[str]) -> None
    """Answer on standard output; ``arguments`` are pairs of an option and a value."""
    options = list(zip(arguments[::2], arguments[1::2]))
    chosen = dict(options)
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    sys.path[:0] = [value for name, value in options if name == "--path"]
    ssl = importlib.import_module(chosen.get("--module", "ssl"))
    request = json.loads(sys.stdin.readline())
    json.dump(surface(ssl, request, chosen["--scratch"]), answers)
    answers.close()


if __name__ == "__main__":
    main(sys.argv[1:])
