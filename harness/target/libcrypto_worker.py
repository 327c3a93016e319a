# ruff: noqa: ANN001, ANN201, ANN204, F401, RUF005 - it has to parse on Python 2.7
"""The worker of the engine ``libcrypto``: asks the verifier itself, without TLS.

``ssl`` does not tell at which depth an error was; ``X509_STORE_CTX_get_error_depth``
does. So this worker imports ``ssl`` and does by ``ctypes``, on the libcrypto that it
has mapped, what Python's ``_ssl`` does with trust, CRLs, flags and name, and what
libssl does with a peer's certificates (``ssl_verify_cert_chain`` of ssl_cert.c).

One file, standard library only, started, gated and written as ``worker.py`` is. The
protocol is the same, but ``peer`` (base64 of DER) stands for ``flight``, and the depth
of the error is a row's last value. A request for ``objections`` has the verification
done once more with a verify callback that notes each and lets it pass: they follow the
depth then (``Notes``). What needs TLS or a context is ``unsupported``. This file
imports nothing of ours, and nothing of ours imports it.
"""

import sys

if sys.version_info < (3, 6):
    sys.stderr.write("verifyflags worker: Python %d.%d: " % sys.version_info[:2])
    sys.stderr.write("too old, 3.6 is the first that can be asked\n")
    sys.exit(79)

import binascii
import ctypes
import importlib
import json
import mmap
import os
import shutil
import struct
import time
import traceback
from ctypes import POINTER, byref, c_char_p, c_int, c_long, c_size_t, c_uint, c_ulong
from ctypes import c_void_p as pointer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO, Any, Dict, Iterator, List, Optional, Sequence, Tuple

    Request = Dict[str, Any]

LAG = 0.02  # seconds; the C library's time(), which OpenSSL asks, lags by a tick or two
NO_PARTIAL_WILDCARDS = 4  # what _ssl sets for host names, Python 3.7 and later
MOST_NOTED = 1000  # objections; what comes after them passes unnoted
LONGEST_NAME = 255  # TLSEXT_MAXLEN_host_name: SSL_set_tlsext_host_name takes no more

# int (*verify_cb)(int ok, X509_STORE_CTX *ctx)
CALLBACK = ctypes.CFUNCTYPE(c_int, c_int, pointer)

# What is called, by result and arguments. Each is a function, no macro, and exported by
# every release from 1.1.1 to 4.0.
FUNCTIONS = (
    (None, (), "ERR_clear_error"),
    (None, (pointer,), "ASN1_STRING_free OPENSSL_sk_free X509_VERIFY_PARAM_free"),
    (None, (pointer,), "X509_free X509_STORE_free X509_STORE_CTX_free"),
    (None, (pointer, c_int), "X509_VERIFY_PARAM_set_auth_level"),
    (None, (pointer, c_uint), "X509_VERIFY_PARAM_set_hostflags"),
    (None, (pointer, c_char_p, c_int), "CRYPTO_free"),
    (c_int, (pointer,), "ASN1_STRING_length OPENSSL_sk_num X509_verify_cert"),
    (None, (pointer, CALLBACK), "X509_STORE_CTX_set_verify_cb"),
    (c_int, (pointer,), "X509_STORE_CTX_get_error X509_STORE_CTX_get_error_depth"),
    (c_int, (pointer, pointer), "OPENSSL_sk_push X509_VERIFY_PARAM_set1"),
    (c_int, (pointer, c_ulong), "X509_VERIFY_PARAM_set_flags"),
    (c_int, (pointer, c_char_p), "X509_STORE_CTX_set_default"),
    (c_int, (pointer, c_char_p, c_char_p), "X509_STORE_load_locations"),
    (c_int, (pointer, c_char_p, c_size_t), "X509_VERIFY_PARAM_set1_host"),
    (c_int, (pointer, c_char_p, c_size_t), "X509_VERIFY_PARAM_set1_ip"),
    (c_int, (pointer, pointer, pointer, pointer), "X509_STORE_CTX_init"),
    (c_int, (pointer, POINTER(pointer)), "i2d_X509"),
    (c_ulong, (), "ERR_peek_error OpenSSL_version_num"),
    (c_ulong, (pointer,), "X509_VERIFY_PARAM_get_flags"),
    (c_char_p, (c_int,), "OpenSSL_version"),
    (c_char_p, (c_long,), "X509_verify_cert_error_string"),
    (c_char_p, (c_ulong,), "ERR_reason_error_string"),
    (pointer, (), "OPENSSL_sk_new_null X509_STORE_new X509_VERIFY_PARAM_new"),
    (pointer, (), "X509_STORE_CTX_new"),
    (pointer, (pointer,), "ASN1_STRING_get0_data X509_STORE_CTX_get0_chain"),
    (pointer, (pointer,), "X509_STORE_CTX_get0_param X509_STORE_CTX_get0_parent_ctx"),
    (pointer, (pointer, c_int), "OPENSSL_sk_value"),
    (pointer, (c_char_p,), "a2i_IPADDRESS"),
    (pointer, (pointer, POINTER(c_char_p), c_long), "d2i_X509"),
)  # type: Tuple[Tuple[Any, Tuple[Any, ...], str], ...]


class RefusedError(Exception):
    """What is not verified: the kind of its rows, and the message."""

    def __init__(self, kind, message):  # type: (str, str) -> None
        Exception.__init__(self, message)
        self.row = [kind, None, message, (), None]  # type: List[Any]


def library_of(module):  # type: (Any) -> Any
    """The libcrypto that ``module`` has mapped, its functions declared.

    Its version must be that of the module's own text, so that nothing answers for
    another library. PyPy's text is that of its build: there one map must do.
    """
    import ctypes.util  # noqa: PLC0415 - seldom needed

    mapped = set()
    if os.path.exists("/proc/self/maps"):
        with open("/proc/self/maps") as maps:
            mapped = {line.rstrip("\n").split(None, 5)[-1] for line in maps}
    names = [n for n in sorted(mapped) if os.path.basename(n).startswith("libcrypto")]
    trusted = len(names) == 1 and sys.implementation.name == "pypy"
    said = []
    for name in names or [str(ctypes.util.find_library("crypto"))]:
        try:
            library = declared(ctypes.CDLL(name))
        except (OSError, AttributeError) as error:
            said.append("%s: %s" % (name, error))
            continue
        text = library.OpenSSL_version(0).decode("ascii", "replace")
        if trusted or text == getattr(module, "OPENSSL_VERSION", None):
            return library
        said.append("%s: %s" % (name, text))
    raise OSError("none of these is the libcrypto of %s: %s" % (module, said))


def declared(library):  # type: (Any) -> Any
    """The library, its functions known by result and arguments."""
    for result, arguments, functions in FUNCTIONS:
        for name in functions.split():
            function = getattr(library, name)
            function.restype, function.argtypes = result, arguments
    return library


class Notes(object):
    """Every objection of one verification, noted by its verify callback.

    Each is let pass. In the verification of a CRL issuer's own path none is, so that
    the CRL is judged as it is without a callback.
    """

    def __init__(self, asker):  # type: (Any) -> None
        self.asker = asker
        self.noted = []  # type: List[Tuple[int, int]]
        self.path = ()  # type: Tuple[str, ...]
        self.passed = False
        self.trouble = ""
        self.callback = CALLBACK(self.called)  # called for as long as this lives

    def called(self, ok, context):  # type: (int, Any) -> int
        """The verify callback; ``ok`` is 0 where something is objected to."""
        try:
            if ok or self.asker.library.X509_STORE_CTX_get0_parent_ctx(context):
                return int(ok)
            self.note(context)
        except Exception:  # noqa: BLE001 - said after the verification
            self.trouble = traceback.format_exc()
            return 0
        return 1

    def note(self, context):  # type: (Any) -> None
        """The objection that a verification is at."""
        library = self.asker.library
        if not self.noted:
            self.path = self.asker.path(library.X509_STORE_CTX_get0_chain(context))
        if len(self.noted) < MOST_NOTED:
            code = library.X509_STORE_CTX_get_error(context)
            depth = library.X509_STORE_CTX_get_error_depth(context)
            self.noted.append((code, depth))


class Asker(object):
    """One libcrypto, asked, and a folder for the files that it must be given."""

    def __init__(self, module, scratch):  # type: (Any, str) -> None
        self.library = library_of(module)
        self.cafile = os.path.join(scratch, "cafile")
        self.digests = {}  # type: Dict[bytes, str]
        # Not before ssl: its _hashlib may map a libcrypto of its own.
        self.hashlib = importlib.import_module("hashlib")
        self.progress = None  # type: Any
        name = os.path.join(scratch, "progress")
        if os.path.exists(name):
            with open(name, "r+b") as stream:
                self.progress = mmap.mmap(stream.fileno(), 8)

    def reach(self, seq, row):  # type: (int, int) -> None
        """Note what is being asked; row 0 is everything before the first."""
        if self.progress is not None:
            self.progress[:8] = struct.pack(">II", seq & 0xFFFFFFFF, row)

    def reason(self):  # type: () -> str
        """The reason of the oldest error in OpenSSL's queue, which is emptied."""
        reason = self.library.ERR_reason_error_string(self.library.ERR_peek_error())
        self.library.ERR_clear_error()
        return (reason or b"no reason").decode("ascii", "replace")

    def store(self, request):  # type: (Request) -> Any
        """A new store of the case's trust and CRLs, by the call that ``cafile`` comes
        to. Raises ``RefusedError``."""
        store = self.library.X509_STORE_new()
        for where, text in (("trust", request["trust"]), ("crl", request["crls"])):
            if not text:
                continue
            with open(self.cafile, "w") as stream:
                stream.write(text)
            name = self.cafile.encode()
            if self.library.X509_STORE_load_locations(store, name, None) != 1:
                self.library.X509_STORE_free(store)
                raise RefusedError("undecodable:" + where, self.reason())
        self.library.ERR_clear_error()
        return store

    def decoded(self, der):  # type: (bytes) -> Any
        """A certificate as libssl reads it from a message: no octet may be left."""
        at = c_char_p(der)
        begin = ctypes.cast(at, pointer).value or 0
        certificate = self.library.d2i_X509(None, byref(at), len(der))
        if not certificate:
            raise RefusedError("undecodable:peer", self.reason())
        if (ctypes.cast(at, pointer).value or 0) - begin != len(der):
            self.library.X509_free(certificate)
            raise RefusedError("undecodable:peer", "length mismatch")
        return certificate

    def fly(self, store, peer, request, flags, notes=None):
        # type: (Any, Sequence[bytes], Request, int, Any) -> List[Any]
        """One verification: effective flags, kind, code, message, path, depth. With
        ``notes`` it passes over what it objects to, and notes it there.

        The peer's certificates are decoded anew: what a verification caches in them
        must not outlive it, as it does not outlive a handshake.
        """
        certificates = []  # type: List[Any]
        stack = self.library.OPENSSL_sk_new_null()
        parameters = self.library.X509_VERIFY_PARAM_new()
        effective = None
        try:
            self.set_up(parameters, request["name"], flags)
            effective = self.library.X509_VERIFY_PARAM_get_flags(parameters)
            for der in peer:
                certificates.append(self.decoded(der))
                self.library.OPENSSL_sk_push(stack, certificates[-1])
            if not certificates:
                return [effective, "undecodable:peer", None, "no certificate", (), None]
            given = (store, certificates[0], stack, parameters)
            return [effective] + self.verified(given, request, notes)
        except RefusedError as error:
            return [effective] + error.row
        finally:
            self.library.X509_VERIFY_PARAM_free(parameters)
            self.library.OPENSSL_sk_free(stack)
            for certificate in certificates:
                self.library.X509_free(certificate)

    def set_up(self, parameters, name, flags):
        # type: (Any, Optional[str], int) -> None
        """What ``_ssl`` sets on a context and its object: flags and reference name."""
        library = self.library
        library.X509_VERIFY_PARAM_set_flags(parameters, flags)
        library.X509_VERIFY_PARAM_set_hostflags(parameters, NO_PARTIAL_WILDCARDS)
        if name is None:
            return
        taken = 0  # what ssl refuses is refused here too
        try:
            octets = name.encode("idna")
        except UnicodeError:
            octets = b""
        address = library.a2i_IPADDRESS(octets)
        if address:
            length = library.ASN1_STRING_length(address)
            octets = ctypes.string_at(library.ASN1_STRING_get0_data(address), length)
            taken = library.X509_VERIFY_PARAM_set1_ip(parameters, octets, length)
            library.ASN1_STRING_free(address)
        elif octets and octets[:1] != b"." and len(octets) <= LONGEST_NAME:
            length = len(octets)  # a name with a zero octet is not taken
            taken = library.X509_VERIFY_PARAM_set1_host(parameters, octets, length)
        library.ERR_clear_error()
        if not taken:
            raise RefusedError("unsupported", "server_hostname %r" % name)

    def verified(self, given, request, notes):
        # type: (Tuple[Any, ...], Request, Any) -> List[Any]
        """What ``X509_verify_cert`` says of the store, leaf, stack and parameters that
        are given: kind, code, message, path, depth."""
        library = self.library
        store, leaf, stack, parameters = given
        context = library.X509_STORE_CTX_new()
        try:
            if library.X509_STORE_CTX_init(context, store, leaf, stack) != 1:
                raise RuntimeError("X509_STORE_CTX_init: " + self.reason())
            used = library.X509_STORE_CTX_get0_param(context)
            library.X509_VERIFY_PARAM_set_auth_level(used, request["level"])
            purpose = b"ssl_client" if request["role"] == "server" else b"ssl_server"
            library.X509_STORE_CTX_set_default(context, purpose)
            library.X509_VERIFY_PARAM_set1(used, parameters)
            if notes is not None:
                library.X509_STORE_CTX_set_verify_cb(context, notes.callback)
            accepted = library.X509_verify_cert(context) > 0
            library.ERR_clear_error()  # what is left in the queue is libssl's business
            path = self.path(library.X509_STORE_CTX_get0_chain(context))
            if notes is not None:
                notes.passed = accepted
            if accepted:
                return ["accepted", None, "", path, None]
            code = library.X509_STORE_CTX_get_error(context)
            depth = library.X509_STORE_CTX_get_error_depth(context)
            message = library.X509_verify_cert_error_string(code).decode("ascii")
            return ["rejected", code, message, path, depth]
        finally:
            library.X509_STORE_CTX_free(context)

    def noted(self, peer, request, flags):
        # type: (Sequence[bytes], Request, int) -> Notes
        """Every objection of one verification. It has a store of its own: going on, it
        sorts address blocks in certificates that are objected to for their order."""
        notes, store = Notes(self), self.store(request)
        self.fly(store, peer, request, flags, notes)
        self.library.X509_STORE_free(store)
        if notes.trouble:
            raise RuntimeError("the verify callback failed: " + notes.trouble)
        return notes

    def path(self, chain):  # type: (Any) -> Tuple[str, ...]
        """The SHA-256 of each certificate of a chain; each is hashed once a sweep."""
        library, found = self.library, []
        for index in range(library.OPENSSL_sk_num(chain) if chain else 0):
            octets = pointer(None)
            certificate = library.OPENSSL_sk_value(chain, index)
            length = library.i2d_X509(certificate, byref(octets))
            der = ctypes.string_at(octets, length)
            library.CRYPTO_free(octets, b"", 0)
            if der not in self.digests:
                self.digests[der] = self.hashlib.sha256(der).hexdigest()
            found.append(self.digests[der])
        return tuple(found)

    # Commands

    def start(self, _request):  # type: (Request) -> Request
        """Say who we are; what a server presents is of no use here."""
        return {
            "implementation": sys.implementation.name,
            "python": list(sys.version_info[:3]),
            "openssl": self.library.OpenSSL_version(0).decode("ascii", "replace"),
            "openssl_number": self.library.OpenSSL_version_num(),
            "platform": sys.platform + "-" + os.uname().machine,
            "shows_code": True,
            "shows_path": True,
            "shows_depth": True,
            "shows_objections": True,
        }

    def opened(self, request):  # type: (Request) -> Tuple[List[bytes], Any]
        """The peer's certificates and a new store. Raises ``RefusedError`` where the
        question needs more than a verifier, or the store does not load."""
        if request["way"] != "flight":
            raise RefusedError("unsupported", "handshake: libcrypto speaks no TLS")
        if not request["required"]:
            raise RefusedError("unsupported", "CERT_NONE: libcrypto always verifies")
        if request["source"] != "cafile":
            why = "%s: trust and CRLs are loaded by cafile" % request["source"]
            raise RefusedError("unsupported", why)
        peer = [binascii.a2b_base64(text) for text in request["peer"]]
        return peer, self.store(request)

    def sweep(self, request):  # type: (Request) -> Request
        """All rows of one case; a new store for each if the question says so."""
        self.reach(request["seq"], 0)
        before = int(time.time() - LAG)
        self.digests = {}
        try:
            peer, store = self.opened(request)
        except RefusedError as error:
            row = [None, before, int(time.time())] + error.row[:3] + [None]
            return {"rows": [row] * len(request["flags"]), "paths": []}
        rows = []  # type: List[List[Any]]
        paths = {}  # type: Dict[Tuple[str, ...], int]
        for number, flags in enumerate(request["flags"], 1):
            self.reach(request["seq"], number)
            if request["fresh"]:
                self.library.X509_STORE_free(store)
                store = self.store(request)
            before = int(time.time() - LAG)
            said = self.fly(store, peer, request, flags)
            effective, kind, code, message, path, depth = said
            place = paths.setdefault(path, len(paths)) if path else None
            row = [effective, before, 0, kind, code, message, place, depth]
            if request.get("objections") and kind in ("accepted", "rejected"):
                notes = self.noted(peer, request, flags)
                walked = notes.path
                place = paths.setdefault(walked, len(paths)) if walked else None
                row.append([notes.noted, place, notes.passed])
            row[2] = int(time.time())
            rows.append(row)
        self.library.X509_STORE_free(store)
        return {"rows": rows, "paths": sorted(paths, key=lambda path: paths[path])}

    def cpu(self, _request):  # type: (Request) -> Request
        """CPU seconds so far."""
        return {"seconds": time.process_time()}

    def bench(self, request):  # type: (Request) -> Request
        """The floor: CPU seconds of a bare verification, in a tight loop; where the
        store does not load, of finding that out."""
        begin = time.process_time()
        try:
            peer, store = self.opened(request)
        except RefusedError:
            return {"seconds": time.process_time() - begin}
        count, begin = request["iterations"], time.process_time()
        for _ in range(count):
            self.fly(store, peer, request, request["flags"][0])
        seconds = time.process_time() - begin
        self.library.X509_STORE_free(store)
        return {"seconds": seconds / count}


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
    if chosen.get("--engine", "libcrypto") != "libcrypto":
        return "unsupported engine %r" % chosen["--engine"]
    sys.path[:0] = [value for name, value in options if name == "--path"]
    try:
        return Asker(importlib.import_module(chosen.get("--module", "ssl")), scratch)
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
