# ruff: noqa: ANN001, ANN201, ANN204, B904, F401 - it has to parse on Python 2.7
"""The worker: puts questions to the ``ssl`` of the interpreter that runs it.

One file, standard library only, Python 3.6 and later and PyPy. It parses on Python 2.7
too, so that the version gate below can speak: exit status 79 and a line on stderr.

It reads one JSON object a line and answers one a line, with the same ``seq``, until
its standard input closes. Descriptor 1 is moved away at the start, so that nothing
that prints can spoil an answer. Commands (``cmd``):

- ``start``: ``own`` lists PEM texts, the certificate and key that a server under test
  presents (the last one from security level 4 on). Answers the identity.
- ``sweep``: one case, many flag sets. Answers ``rows`` ``[effective flags, seconds
  before, seconds after, kind, code, message, number of the path]`` and ``paths``.
- ``bench``: one case, one flag set, in a tight loop. Answers CPU seconds per flight.
- ``cpu``: answers the CPU seconds so far. ``stop``.

A failure of the worker's own is the kind ``internal``, or an answer with ``error``.
``progress`` in the scratch folder holds the ``seq`` and the row that is being asked,
so that whoever starts us can tell which row killed us. The folder is removed at the
end. This file imports nothing of ours, and nothing of ours imports it.
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
import struct
import time
import traceback

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO, Any, Dict, List, Optional, Tuple

    Kind = Tuple[str, Optional[int], str]
    Request = Dict[str, Any]

DER = 2  # _ssl.ENCODING_DER, X509_FILETYPE_ASN1
LAG = 0.02  # seconds; the C library's time(), which OpenSSL asks, lags by a tick or two
POLICY_BITS = 0x700  # each of them has the setter add POLICY_CHECK
OUR_LEVEL = 2  # what a drop-in is taken to do: Python's own default since 3.10
STEPS = 40  # a TLS 1.2 handshake takes five of each side
ACCEPTED = ("accepted", None, "")  # type: Kind
WANTED = ("wanted", None, "")  # type: Kind

# A client says these after it has verified the chain (tls_process_server_certificate of
# 1.1.1, tls_post_process_server_certificate of 3.0); a server, the second of them.
AFTER_VERIFICATION = (
    "WRONG_CERTIFICATE_TYPE",
    "UNKNOWN_CERTIFICATE_TYPE",
    "UNABLE_TO_FIND_PUBLIC_KEY_PARAMETERS",
)
# The ends have no suite in common, or the Certificate message is over the 100 KB of
# SSL_CTX_set_max_cert_list.
NOT_ASKED = ("NO_SHARED_CIPHER", "NO_CIPHERS_AVAILABLE", "EXCESSIVE_MESSAGE_SIZE")
NOT_DECODED = ("ASN1", "LENGTH_MISMATCH", "BAD_LENGTH", "DECODE_ERROR")


class LoadError(Exception):
    """Trust or CRLs that the module refuses: ``where`` and the message."""

    def __init__(self, where, message):  # type: (str, str) -> None
        Exception.__init__(self, message)
        self.where = where


class NotAskableError(Exception):
    """A question that this interpreter or this build cannot be asked."""


def text_of(error):  # type: (BaseException) -> str
    """The message without CPython's source line, which differs by release."""
    return str(error).split(" (_ssl.c:", 1)[0]


def check_memory(error):  # type: (BaseException) -> None
    """Raise ``MemoryError`` where OpenSSL had none (``ERR_R_MALLOC_FAILURE``)."""
    if names(error, ("MALLOC_FAILURE",)):
        raise MemoryError(text_of(error))


def names(error, reasons):  # type: (BaseException, Tuple[str, ...]) -> bool
    """Whether one of OpenSSL's ``reasons`` is the error's, by its words: a Python that
    was built for another OpenSSL has wrong names in ``error.reason``."""
    said = str(error).split("] ", 1)[-1].upper().replace(" ", "_")
    return any(reason in said for reason in reasons)


def verified_chain(subject):  # type: (Any) -> Optional[List[bytes]]
    """The path OpenSSL built, DER, or None where it cannot be told (before 3.10)."""
    read = getattr(subject, "get_verified_chain", None)
    if read is not None:
        return list(read() or ())
    read = getattr(getattr(subject, "_sslobj", None), "get_verified_chain", None)
    if read is None:
        return None
    return [certificate.public_bytes(DER) for certificate in read() or ()]


class Asker(object):
    """One ``ssl`` module, asked, and a folder for the files that it must be given."""

    def __init__(self, module, scratch):  # type: (Any, str) -> None
        self.ssl = module
        self.scratch = scratch
        self.own = []  # type: List[str]
        self.made = 0
        self.folders = []  # type: List[str]
        self.progress = None  # type: Any
        name = os.path.join(scratch, "progress")
        if os.path.exists(name):
            with open(name, "r+b") as stream:
                self.progress = mmap.mmap(stream.fileno(), 8)
        self.genuine = is_openssl(str(getattr(module, "OPENSSL_VERSION", "")))
        self.verify_error = getattr(module, "SSLCertVerificationError", ())
        # Python 3.6 compares host names itself, after the handshake.
        self.name_error = getattr(module, "CertificateError", ())
        self.want = (module.SSLWantReadError, module.SSLWantWriteError)

    def chain(self, subject):  # type: (Any) -> Optional[List[bytes]]
        """The path that OpenSSL built; what a drop-in may call so is not asked for."""
        return verified_chain(subject) if self.genuine else None

    def reach(self, seq, row):  # type: (int, int) -> None
        """Note what is being asked; row 0 is everything before the first."""
        if self.progress is not None:
            self.progress[:8] = struct.pack(">II", seq & 0xFFFFFFFF, row)

    def new_name(self):  # type: () -> str
        """A name in the scratch folder that nothing has yet."""
        self.made += 1
        return os.path.join(self.scratch, str(self.made))

    def write(self, text):  # type: (str) -> str
        """The name of a new file that holds ``text``."""
        name = self.new_name()
        with open(name, "w") as stream:
            stream.write(text)
        return name

    # Contexts

    def context(self, server, version, level):  # type: (bool, str, int) -> Any
        """A context for one end, one protocol version and one security level."""
        ssl = self.ssl
        if version == "1.3" and not getattr(ssl, "HAS_TLSv1_3", False):
            raise NotAskableError("TLS 1.3")
        protocol = ssl.PROTOCOL_TLS_SERVER if server else ssl.PROTOCOL_TLS_CLIENT
        context = ssl.SSLContext(protocol)
        if hasattr(context, "maximum_version"):
            only = getattr(ssl.TLSVersion, "TLSv" + version.replace(".", "_"))
            context.minimum_version = only
            context.maximum_version = only
        elif version == "1.3":
            context.options |= ssl.OP_NO_TLSv1_2 | ssl.OP_NO_TLSv1_1 | ssl.OP_NO_TLSv1
        else:
            context.options |= getattr(ssl, "OP_NO_TLSv1_3", 0)
        if self.genuine:
            context.set_ciphers("ALL:@SECLEVEL=%d" % level)
        elif level not in (0, OUR_LEVEL):
            raise NotAskableError("security level %d of a drop-in" % level)
        return context

    def subject_context(self, request):  # type: (Request) -> Any
        """The context under test, its own certificate and all sources loaded."""
        server, level = request["role"] == "server", request["level"]
        context = self.context(server, request["tls"], level)
        if server:
            self.load_own(context, level)
        required = request.get("required", True)
        if not server:
            context.check_hostname = required and request["name"] is not None
        mode = self.ssl.CERT_REQUIRED if required else self.ssl.CERT_NONE
        context.verify_mode = mode
        self.load_sources(context, request)
        return context

    def load_own(self, context, level):  # type: (Any, int) -> None
        """Load what a server under test presents, whatever the security level."""
        own = self.own[-1 if level >= 4 else 0]
        try:
            context.load_cert_chain(own)
        except self.ssl.SSLError:
            if not self.genuine:
                raise
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.load_cert_chain(own)
            context.set_ciphers("ALL:@SECLEVEL=%d" % level)

    def load_sources(self, context, request):  # type: (Any, Request) -> None
        """Load trust and CRLs as the case's source says. Raises ``LoadError``."""
        trust, text = request["trust"], request["trust"] + request["crls"]
        if request["source"] == "capath":
            self.load(context, "trust", trust)
            context.load_verify_locations(capath=self.hashed(request["hashed"]))
            return
        load = self.load_text if request["source"] == "cadata" else self.load
        try:
            load(context, "crl", text)
        except LoadError:
            # The joint load does not tell which part; another context can.
            load(self.context(False, "1.2", 0), "trust", trust)
            raise

    def load(self, context, where, text):  # type: (Any, str, str) -> None
        """Load PEM text by ``cafile``; nothing where there is none."""
        if not text:
            return
        name = self.write(text)
        try:
            context.load_verify_locations(cafile=name)
        except (self.ssl.SSLError, ValueError) as error:
            check_memory(error)
            raise LoadError(where, text_of(error))
        finally:
            os.unlink(name)

    def load_text(self, context, where, text):  # type: (Any, str, str) -> None
        """Load PEM text by ``cadata``; nothing where there is none."""
        if not text:
            return
        try:
            context.load_verify_locations(cadata=text)
        except (self.ssl.SSLError, ValueError) as error:
            raise LoadError(where, text_of(error))

    def hashed(self, crls):  # type: (List[List[str]]) -> str
        """A new folder of ``[hash, PEM]`` pairs as X509_LOOKUP_hash_dir reads it."""
        folder = self.new_name()
        os.mkdir(folder)
        self.folders.append(folder)
        seen = {}  # type: Dict[str, int]
        for digest, text in crls:
            seen[digest] = seen.get(digest, -1) + 1
            name = "%s.r%d" % (digest, seen[digest])
            with open(os.path.join(folder, name), "w") as stream:
                stream.write(text)
        return folder

    # One row

    def wrap(self, context, request):  # type: (Any, Request) -> Tuple[Any, Any, Any]
        """The object under test, its incoming and its outgoing bytes."""
        incoming, outgoing = self.ssl.MemoryBIO(), self.ssl.MemoryBIO()
        server = request["role"] == "server"
        name = None if server else request["name"]
        try:
            subject = context.wrap_bio(incoming, outgoing, server, name)
        except (self.ssl.SSLError, ValueError, TypeError) as error:
            if name is None and self.genuine:
                raise
            raise NotAskableError("server_hostname %r: %s" % (name, text_of(error)))
        return subject, incoming, outgoing

    def rejection(self, error):  # type: (BaseException) -> Optional[Kind]
        """The rejection that the error is, or None if it is something else."""
        if self.verify_error and isinstance(error, self.verify_error):
            message = getattr(error, "verify_message", None) or text_of(error)
            # 0 is X509_V_OK, and no reason to refuse anything.
            code = getattr(error, "verify_code", None) or None
            return "rejected", code, message
        if names(error, ("CERTIFICATE_VERIFY_FAILED",)) or (
            self.name_error and isinstance(error, self.name_error)
        ):
            return "rejected", None, text_of(error)
        return None

    def fly(self, context, request, flight):
        # type: (Any, Request, bytes) -> Tuple[Kind, Any]
        """What one flight led to, and the object under test."""
        subject, incoming, _ = self.wrap(context, request)
        incoming.write(flight)
        try:
            subject.do_handshake()
        except self.want:
            return ACCEPTED, subject
        except self.ssl.SSLError as error:
            check_memory(error)
            said = self.rejection(error)
            if said is None and type(error) is not self.ssl.SSLError:
                raise  # an end of file, a system call: nothing a flight can lead to
            if said is None and names(error, AFTER_VERIFICATION):
                said = ACCEPTED
            if said is None:
                kind = "unsupported" if names(error, NOT_ASKED) else "undecodable:peer"
                said = kind, None, text_of(error)
            return said, subject
        raise RuntimeError("a handshake ended with its first flight")

    def shake(self, context, request, peer_context):
        # type: (Any, Request, Any) -> Tuple[Kind, Any]
        """What one full handshake led to, and the object under test."""
        subject, incoming, outgoing = self.wrap(context, request)
        back, forth = self.ssl.MemoryBIO(), self.ssl.MemoryBIO()
        peer = peer_context.wrap_bio(back, forth, request["role"] == "client")
        peer_said = WANTED
        for _ in range(STEPS):
            said = self.step(subject)
            if said is not WANTED:
                if said[0] == "undecodable:peer" and self.chain(subject):
                    said = "unsupported", None, "after verification: " + said[2]
                return said, subject
            back.write(outgoing.read())
            if peer_said is WANTED:
                peer_said = self.step(peer)
            if peer_said is not WANTED and peer_said is not ACCEPTED:
                return ("unsupported", None, "the peer: " + peer_said[2]), subject
            incoming.write(forth.read())
        raise RuntimeError("no end after %d steps of a handshake" % STEPS)

    def step(self, side):  # type: (Any) -> Kind
        """One call of ``do_handshake``; ``WANTED`` where it waits for the other."""
        try:
            side.do_handshake()
        except self.want:
            return WANTED
        except (self.ssl.SSLError, ValueError) as error:
            kind = "undecodable:peer" if names(error, NOT_DECODED) else "unsupported"
            return self.rejection(error) or (kind, None, text_of(error))
        return ACCEPTED

    # Commands

    def start(self, request):  # type: (Request) -> Request
        """Take what a server presents; say who we are."""
        ssl = self.ssl
        self.own = [self.write(text) for text in request["own"]]
        text, number = loaded_openssl(ssl)
        shows_path = False
        if self.genuine:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            subject = context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), True)
            shows_path = self.chain(subject) is not None
        return {
            "implementation": sys.implementation.name,
            "python": list(sys.version_info[:3]),
            "openssl": text,
            "openssl_number": number,
            "platform": sys.platform + "-" + os.uname().machine,
            "shows_code": bool(self.verify_error),
            "shows_path": shows_path,
        }

    def prepare(self, request):  # type: (Request) -> Any
        """How a context is asked, as a function of it."""
        if request["way"] == "flight":
            if request["name"] is not None and sys.version_info < (3, 7):
                raise NotAskableError("host name in a flight on Python 3.6")
            flight = binascii.a2b_base64(request["flight"])
            return lambda context: self.fly(context, request, flight)
        peer = self.context(request["role"] == "client", request["tls"], 0)
        peer.check_hostname = False
        peer.verify_mode = self.ssl.CERT_NONE
        name = self.write(request["present"])
        try:
            peer.load_cert_chain(name)
        except (self.ssl.SSLError, ValueError) as error:
            raise NotAskableError("the peer cannot present this: " + text_of(error))
        finally:
            os.unlink(name)
        return lambda context: self.shake(context, request, peer)

    def sweep(self, request):  # type: (Request) -> Request
        """All rows of one case."""
        self.reach(request["seq"], 0)
        before = int(time.time() - LAG)
        try:
            ask = self.prepare(request)
            shared = None if request["fresh"] else self.subject_context(request)
            return self.rows(request, ask, shared)
        except (LoadError, NotAskableError) as error:
            row = [None, before, int(time.time()), "", None, "", None]  # type: List[Any]
            row[3:6] = failed(error)
            return {"rows": [row] * len(request["flags"]), "paths": []}
        finally:
            for folder in self.folders:
                remove(folder)
            self.folders = []

    def rows(self, request, ask, shared):  # type: (Request, Any, Any) -> Request
        """Ask under each flag set; each different certificate is hashed once."""
        rows = []  # type: List[List[Any]]
        paths = {}  # type: Dict[Tuple[str, ...], int]
        digests = {}  # type: Dict[bytes, str]
        for number, flags in enumerate(request["flags"], 1):
            self.reach(request["seq"], number)
            row = [None, int(time.time() - LAG), 0, "", None, "", None]  # type: List[Any]
            try:
                context = shared or self.subject_context(request)
                row[0] = self.assign(context, flags)
                row[3:6], subject = ask(context)
                chain = self.chain(subject)
                for der in chain or ():
                    if der not in digests:
                        digests[der] = hashlib.sha256(der).hexdigest()
                if chain:
                    path = tuple([digests[der] for der in chain])
                    row[6] = paths.setdefault(path, len(paths))
                elif chain is not None and row[3] == "accepted":
                    row[3:6] = "internal", None, "accepted, but nothing was verified"
            except (LoadError, NotAskableError) as error:
                row[3:6] = failed(error)
            except MemoryError:
                end_without_memory()
            except Exception as error:  # noqa: BLE001 - said to be ours, never a finding
                row[3:6] = "internal", None, traceback.format_exc()
                if not self.genuine:
                    row[3:6] = "unsupported", None, "a drop-in's " + repr(error)
            row[2] = int(time.time())
            rows.append(row)
        return {"rows": rows, "paths": sorted(paths, key=lambda path: paths[path])}

    def assign(self, context, flags):  # type: (Any, int) -> int
        """Set the flags, never OR them; answer what is read back."""
        try:
            if flags & POLICY_BITS:
                # The setter only sets what is not set yet, and so turns POLICY_CHECK
                # off again where one of these bits stays.
                context.verify_flags = 0
            context.verify_flags = flags
            return int(context.verify_flags)
        except (self.ssl.SSLError, OverflowError, ValueError, TypeError) as error:
            raise NotAskableError("verify_flags = %#x: %s" % (flags, text_of(error)))

    def bench(self, request):  # type: (Request) -> Request
        """The floor: CPU seconds of a bare flight, in a tight loop."""
        context = self.subject_context(request)
        self.assign(context, request["flags"][0])
        flight = binascii.a2b_base64(request["flight"])
        make, wrap = self.ssl.MemoryBIO, context.wrap_bio
        server = request["role"] == "server"
        name = None if server else request["name"]
        begin = time.process_time()
        for _ in range(request["iterations"]):
            incoming = make()
            incoming.write(flight)
            try:
                wrap(incoming, make(), server, name).do_handshake()
            except self.ssl.SSLError:  # the wish to read more is one too
                continue
        return {"seconds": (time.process_time() - begin) / request["iterations"]}


def is_openssl(text):  # type: (str) -> bool
    """Whether a version's text is OpenSSL's own: its number, and then its date. What
    offers OpenSSL's interface writes something else there, and has no levels."""
    words = text.split()
    return len(words) > 2 and words[0] == "OpenSSL" and words[2].isdigit()


def failed(error):  # type: (Exception) -> Kind
    """The kind of a question that was refused before the handshake."""
    if isinstance(error, LoadError):
        return "undecodable:" + error.where, None, str(error)
    return "unsupported", None, str(error)


def end_without_memory():  # type: () -> None
    """End at once: whoever asked sees that this row took all that we may have."""
    os.write(2, b"out of memory\n")
    os._exit(70)


def loaded_openssl(module):  # type: (Any) -> Tuple[str, int]
    """The library really loaded. PyPy's constants are those it was built with."""
    text = str(getattr(module, "OPENSSL_VERSION", ""))
    number = int(getattr(module, "OPENSSL_VERSION_NUMBER", 0))
    if sys.implementation.name != "pypy" or not os.path.exists("/proc/self/maps"):
        return text, number
    import ctypes  # noqa: PLC0415 - only PyPy needs it

    with open("/proc/self/maps") as maps:
        mapped = [line.split(None, 5)[-1].strip() for line in maps]
    for name in [name for name in mapped if "libcrypto" in os.path.basename(name)][:1]:
        library = ctypes.CDLL(name)
        library.OpenSSL_version.restype = ctypes.c_char_p
        library.OpenSSL_version_num.restype = ctypes.c_ulong
        text = library.OpenSSL_version(0).decode("ascii", "replace")
        number = library.OpenSSL_version_num()
    return text, number


def remove(folder):  # type: (str) -> None
    """Remove a folder with all that is in it, as far as it is there."""
    import shutil  # noqa: PLC0415 - a tenth of the start, and seldom needed

    shutil.rmtree(folder, ignore_errors=True)


def answer_to(asker, request):  # type: (Any, Request) -> Request
    """The answer to one request. An asker that is a text says why there is none."""
    command = request["cmd"]
    if command == "stop":
        return {}
    if isinstance(asker, str):
        return {"error": asker}
    if command == "cpu":
        return {"seconds": time.process_time()}
    if command not in ("start", "sweep", "bench"):
        return {"error": "unknown command %r" % (command,)}
    return dict(getattr(asker, command)(request))


def serve(questions, answers, asker):  # type: (IO[bytes], IO[bytes], Any) -> None
    """Answer until ``stop``, or until the questions end."""
    for line in questions:
        request = {}  # type: Request
        try:
            request = json.loads(line.decode("ascii"))
            answer = answer_to(asker, request)
        except MemoryError:
            end_without_memory()
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
    if chosen.get("--engine", "ssl") != "ssl":
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
        remove(scratch)


if __name__ == "__main__":
    main(sys.argv[1:])
