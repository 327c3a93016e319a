# ruff: noqa: ANN001, ANN201, ANN202, ANN204, B904, F401, RUF005 - parses on 2.7
"""The worker of the engine ``pyopenssl``: asks the OpenSSL inside of ``cryptography``.

A flight's bytes are written into an ``OpenSSL.SSL.Connection`` without a socket, as
``worker.py`` writes them to an ``SSLObject``, and its verify callback tells code and
depth of the first error, which ends the verification as if there were no callback.

One file, standard library and pyOpenSSL, started, gated and written as ``worker.py``
is; the protocol is the same, and the depth of the error is a row's last value.
pyOpenSSL sets flags on the store and can neither clear nor read them: each flag set has
a context of its own, and the effective flags are those that were set. Its callback ends
the process where an error has no certificate, as those of a policy tree have none. That
and what is not there (handshakes, ``CERT_NONE``, ``capath``, ``cadata``) is
``unsupported``. This file imports nothing of ours, and nothing of ours imports it.
"""

import sys

if sys.version_info < (3, 6):
    sys.stderr.write("verifyflags worker: Python %d.%d: " % sys.version_info[:2])
    sys.stderr.write("too old, 3.6 is the first that can be asked\n")
    sys.exit(79)

import binascii
import hashlib
import importlib
import json
import mmap
import os
import shutil
import struct
import time
import traceback
import warnings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO, Any, Dict, List, Optional, Sequence, Tuple

    Kind = Tuple[str, Optional[int], str, Optional[int]]
    Request = Dict[str, Any]

LAG = 0.02  # seconds; the C library's time(), which OpenSSL asks, lags by a tick or two
POLICY_BITS = 0x780  # POLICY_CHECK, and what has OpenSSL set it
NO_PARTIAL_WILDCARDS = 4  # what _ssl sets for host names, Python 3.7 and later
ACCEPTED = ("accepted", None, "", None)  # type: Kind

# As in worker.py: said after the chain was verified; and where nothing is verified.
AFTER_VERIFICATION = (
    "wrong certificate type",
    "unknown certificate type",
    "unable to find public key parameters",
)
NOT_ASKED = ("no shared cipher", "no ciphers available", "excessive message size")


class RefusedError(Exception):
    """What is not verified: the kind of its rows, and the message."""

    def __init__(self, kind, message):  # type: (str, str) -> None
        Exception.__init__(self, message)
        self.row = [kind, None, message, (), None]  # type: List[Any]


class Asker(object):
    """One pyOpenSSL, asked, and a folder for the files that it must be given."""

    def __init__(self, scratch):  # type: (str) -> None
        self.ssl = importlib.import_module("OpenSSL.SSL")
        self.crypto = importlib.import_module("OpenSSL.crypto")
        binding = importlib.import_module("OpenSSL._util")
        self.lib, self.ffi = binding.lib, binding.ffi  # type: Any, Any
        self.scratch = scratch
        self.own = []  # type: List[str]
        self.cafile = os.path.join(scratch, "cafile")
        self.digests = {}  # type: Dict[bytes, str]
        self.shows_path = hasattr(self.ssl.Connection, "get_verified_chain")
        self.progress = None  # type: Any
        name = os.path.join(scratch, "progress")
        if os.path.exists(name):
            with open(name, "r+b") as stream:
                self.progress = mmap.mmap(stream.fileno(), 8)

    def reach(self, seq, row):  # type: (int, int) -> None
        """Note what is being asked; row 0 is everything before the first."""
        if self.progress is not None:
            self.progress[:8] = struct.pack(">II", seq & 0xFFFFFFFF, row)

    # One row

    def context(self, request):  # type: (Request) -> Any
        """A new context with the case's trust and CRLs. Raises ``RefusedError``."""
        context = self.ssl.Context(self.ssl.TLSv1_2_METHOD)
        level = request["level"]
        context.set_cipher_list(b"ALL:@SECLEVEL=%d" % level)
        if request["role"] == "server":
            self.load_own(context, level)
        text = request["trust"] + request["crls"]
        try:
            self.load(context, text)
        except self.ssl.Error as error:
            # The joint load does not tell which part; another context can.
            where = "crl"
            try:
                self.load(self.ssl.Context(self.ssl.TLSv1_2_METHOD), request["trust"])
            except self.ssl.Error:
                where = "trust"
            raise RefusedError("undecodable:" + where, text_of(error))
        return context

    def load(self, context, text):  # type: (Any, str) -> None
        """Load PEM text by ``cafile``; nothing where there is none."""
        if text:
            with open(self.cafile, "w") as stream:
                stream.write(text)
            context.load_verify_locations(self.cafile)

    def load_own(self, context, level):  # type: (Any, int) -> None
        """Load what a server under test presents, whatever the security level."""
        own = self.own[-1 if level >= 4 else 0]
        context.set_cipher_list(b"ALL:@SECLEVEL=0")
        context.use_certificate_file(own)
        context.use_privatekey_file(own)
        context.set_cipher_list(b"ALL:@SECLEVEL=%d" % level)

    def check_name(self, connection, name):  # type: (Any, str) -> None
        """Have OpenSSL check the reference name, as ``_ssl`` has it."""
        lib = self.lib
        wanted = ("SSL_get0_param", "X509_VERIFY_PARAM_set1_host")
        if not all(hasattr(lib, function) for function in wanted):
            raise RefusedError("unsupported", "host names: no call of pyOpenSSL's")
        parameters = lib.SSL_get0_param(connection._ssl)  # noqa: SLF001 - no other way
        lib.X509_VERIFY_PARAM_set_hostflags(parameters, NO_PARTIAL_WILDCARDS)
        try:
            octets = name.encode("idna")
        except UnicodeError:
            octets = b""
        taken = 0
        address = packed(octets)
        if address and hasattr(lib, "X509_VERIFY_PARAM_set1_ip"):
            taken = lib.X509_VERIFY_PARAM_set1_ip(parameters, address, len(address))
        elif octets and not address and octets[:1] not in b".0123456789":
            taken = lib.X509_VERIFY_PARAM_set1_host(parameters, octets, len(octets))
        lib.ERR_clear_error()
        if taken != 1:
            raise RefusedError("unsupported", "server_hostname %r" % name)

    def fly(self, context, request, flight, flags):
        # type: (Any, Request, bytes, int) -> List[Any]
        """What one flight leads to: effective flags, kind, code, message, path,
        depth."""
        errors = []  # type: List[Tuple[int, int]]

        def told(_connection, _certificate, code, depth, ok):
            # type: (Any, Any, int, int, int) -> bool
            if not ok:
                errors.append((code, depth))
            return bool(ok)

        ssl = self.ssl
        if flags & POLICY_BITS:
            why = "policies: pyOpenSSL's callback needs a certificate for each error"
            raise RefusedError("unsupported", why)
        try:
            context.get_cert_store().set_flags(flags)
        except (ssl.Error, OverflowError) as error:
            raise RefusedError("unsupported", "flags %#x: %s" % (flags, error))
        context.set_verify(ssl.VERIFY_PEER | ssl.VERIFY_FAIL_IF_NO_PEER_CERT, told)
        connection = ssl.Connection(context, None)
        if request["role"] == "server":
            connection.set_accept_state()
        else:
            connection.set_connect_state()
            if request["name"] is not None:
                self.check_name(connection, request["name"])
        connection.bio_write(flight)
        kind = self.ended(connection, errors)
        path = self.path(connection)
        if kind is ACCEPTED and self.shows_path and not path:
            raise RuntimeError("accepted, but nothing was verified")
        return [flags] + list(kind[:3]) + [path, kind[3]]

    def ended(self, connection, errors):
        # type: (Any, Sequence[Tuple[int, int]]) -> Kind
        """How the handshake ended; ``errors`` are filled by the callback."""
        try:
            connection.do_handshake()
        except self.ssl.WantReadError:
            return ACCEPTED
        except self.ssl.Error as error:
            said = text_of(error)
            if errors:
                code, depth = errors[0]
                return "rejected", code, said, depth
            if "certificate verify failed" in said:
                return "rejected", None, said, None
            if any(reason in said for reason in AFTER_VERIFICATION):
                return ACCEPTED
            if any(reason in said for reason in NOT_ASKED):
                return "unsupported", None, said, None
            return "undecodable:peer", None, said, None
        raise RuntimeError("a handshake ended with its first flight")

    def path(self, connection):  # type: (Any) -> Tuple[str, ...]
        """The SHA-256 of each certificate of the path; each is hashed once a sweep."""
        if not self.shows_path:
            return ()
        found = []
        for certificate in connection.get_verified_chain() or ():
            der = self.crypto.dump_certificate(self.crypto.FILETYPE_ASN1, certificate)
            if der not in self.digests:
                self.digests[der] = hashlib.sha256(der).hexdigest()
            found.append(self.digests[der])
        return tuple(found)

    # Commands

    def start(self, request):  # type: (Request) -> Request
        """Take what a server presents; say who we are."""
        for number, text in enumerate(request["own"]):
            self.own.append(os.path.join(self.scratch, "own-%d" % number))
            with open(self.own[-1], "w") as stream:
                stream.write(text)
        text = self.ssl.SSLeay_version(self.ssl.SSLEAY_VERSION)
        return {
            "implementation": sys.implementation.name,
            "python": list(sys.version_info[:3]),
            "openssl": text.decode("ascii", "replace"),
            "openssl_number": self.ssl.OPENSSL_VERSION_NUMBER,
            "platform": sys.platform + "-" + os.uname().machine,
            "shows_code": True,
            "shows_path": self.shows_path,
            "shows_depth": True,
        }

    def sweep(self, request):  # type: (Request) -> Request
        """All rows of one case, each with a context of its own."""
        self.reach(request["seq"], 0)
        self.digests = {}
        rows = []  # type: List[List[Any]]
        paths = {}  # type: Dict[Tuple[str, ...], int]
        flight = binascii.a2b_base64(request.get("flight", ""))
        for number, flags in enumerate(request["flags"], 1):
            self.reach(request["seq"], number)
            before = int(time.time() - LAG)
            try:
                asked(request)
                context = self.context(request)
                said = self.fly(context, request, flight, flags)
            except RefusedError as error:
                said = [None] + error.row
            except Exception:  # noqa: BLE001 - said to be ours, never a finding
                said = [None, "internal", None, traceback.format_exc(), (), None]
            effective, kind, code, message, path, depth = said
            place = paths.setdefault(path, len(paths)) if path else None
            after = int(time.time())
            rows.append([effective, before, after, kind, code, message, place, depth])
        return {"rows": rows, "paths": sorted(paths, key=lambda path: paths[path])}

    def cpu(self, _request):  # type: (Request) -> Request
        """CPU seconds so far."""
        return {"seconds": time.process_time()}

    def bench(self, request):  # type: (Request) -> Request
        """The floor: CPU seconds of a bare flight, in a tight loop."""
        flight = binascii.a2b_base64(request["flight"])
        count, seconds = request["iterations"], 0.0
        for _ in range(count):
            context = self.context(request)
            begin = time.process_time()
            self.fly(context, request, flight, request["flags"][0])
            seconds += time.process_time() - begin
        return {"seconds": seconds / count}


def asked(request):  # type: (Request) -> None
    """Raise ``RefusedError`` where the question needs what is not there."""
    if request["way"] != "flight":
        raise RefusedError("unsupported", "handshake: pyOpenSSL is asked by flight")
    if not request["required"]:
        raise RefusedError("unsupported", "CERT_NONE: a flight that is not verified")
    if request["source"] != "cafile":
        why = "%s: trust and CRLs are loaded by cafile" % request["source"]
        raise RefusedError("unsupported", why)


def packed(octets):  # type: (bytes) -> bytes
    """The octets of an IP address; empty where the text is none."""
    import socket  # noqa: PLC0415 - seldom needed

    family = socket.AF_INET6 if b":" in octets else socket.AF_INET
    try:
        return socket.inet_pton(family, octets.decode("ascii"))
    except (OSError, ValueError):
        return b""


def text_of(error):  # type: (BaseException) -> str
    """The reasons of an error of pyOpenSSL's: (library, function, reason) each."""
    entries = error.args[0] if error.args else ()
    if isinstance(entries, (list, tuple)):
        return "; ".join(str(entry[-1]) for entry in entries if entry)
    return str(error)


def answer_to(asker, request):  # type: (Any, Request) -> Request
    """The answer to one request. An asker that is a text says why there is none."""
    command = request["cmd"]
    if command == "stop":
        return {}
    if isinstance(asker, str):
        return {"error": asker}
    if command not in ("start", "sweep", "bench", "cpu"):
        return {"error": "unknown command %r" % (command,)}
    return dict(getattr(asker, command)(request))


def serve(questions, answers, asker):  # type: (IO[bytes], IO[bytes], Any) -> None
    """Answer until ``stop``, or until the questions end."""
    for line in questions:
        request = {}  # type: Request
        try:
            request = json.loads(line.decode("ascii"))
            answer = answer_to(asker, request)
        except Exception:  # noqa: BLE001 - said to be ours, never a finding
            answer = {"error": traceback.format_exc()}
        answer["seq"] = request.get("seq")
        answers.write(json.dumps(answer).encode("ascii") + b"\n")
        answers.flush()
        if request.get("cmd") == "stop":
            return


def asker_of(options, scratch):  # type: (List[Tuple[str, str]], str) -> Any
    """The asker that the options name, or a text that says why there is none."""
    chosen = dict(options)
    if chosen.get("--engine", "pyopenssl") != "pyopenssl":
        return "unsupported engine %r" % chosen["--engine"]
    sys.path[:0] = [value for name, value in options if name == "--path"]
    warnings.simplefilter("ignore")  # old releases warn of their age
    try:
        return Asker(scratch)
    except Exception:  # noqa: BLE001 - said in the answer to start
        return traceback.format_exc()


def main(arguments):  # type: (List[str]) -> None
    """Serve the standard streams; ``arguments`` are pairs of an option and a value."""
    options = list(zip(arguments[::2], arguments[1::2]))
    scratch = dict(options)["--scratch"]
    heard, said = os.dup(0), os.dup(1)
    os.dup2(2, 1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    try:
        with os.fdopen(heard, "rb") as questions, os.fdopen(said, "wb") as answers:
            serve(questions, answers, asker_of(options, scratch))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1:])
