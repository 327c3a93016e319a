"""``reproduce.py``: one case, asked of whatever Python runs it, with nothing of ours.

Standard library alone, Python 3.6 and later, under 60 lines; its files lie beside it.
It makes a real handshake in memory where a peer can own the certificates: the key is
one of our test keys, and ``load_cert_chain`` takes such a leaf. Otherwise, for
malformed certificates and for keys that are nobody's, it plays the peer's first flight
(``harness.flight``), which needs no key: OpenSSL verifies a Certificate message before
it asks for any proof.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pprint import pformat
from typing import Final

from harness.case import Case, Role, Source, TlsVersion
from harness.facts import Facts, Malformed
from harness.flags import Flags
from harness.openssl_verify import CRLS, PEER, TRUSTED
from harness.oracle.releases.behaviours import release_of
from harness.oracle.releases.cached import KU_DIGITAL_SIGNATURE, cache
from harness.oracle.releases.release import MEASURED
from harness.outcome import Where
from reports.misbehaviour import BY, Misbehaviour

SCRIPT: Final = "reproduce.py"
FLIGHT: Final = "flight.bin"
OWN: Final = "own.pem"
"""What a server under test presents to a flight, with its key."""
KEY: Final = "key.pem"
CAPATH: Final = "capath"

_CURVES: Final = frozenset({"1.2.840.10045.3.1.7", "1.3.132.0.34"})  # P-256, P-384
_STRONG_RSA: Final = 2048
_STEPS: Final = 9  # a TLS 1.2 handshake takes five of each side
_WIDTH: Final = 88
_LONGEST: Final = 140
"""Characters of a text that a script repeats."""
_NAMED: Final = 2
"""Rows whose flags are named: most claims have no more."""
_AFTER: Final = ("certificate type", "public key parameters")
"""Words of the errors that a client says after it has verified a flight
(``WRONG_CERTIFICATE_TYPE``, ``UNABLE_TO_FIND_PUBLIC_KEY_PARAMETERS``)."""


@dataclass(frozen=True, slots=True)
class Script:
    """What a script asks, of whom, and until when."""

    title: str
    case: Case
    claim: Misbehaviour
    handshake: bool
    dates: tuple[int, int]
    """Seconds since the epoch: from the first to before the second, no validity period
    of the case begins or ends."""
    module: str = "ssl"
    levels: bool = True
    """Whether the target has OpenSSL's security levels: a drop-in may have none."""
    tls: TlsVersion | None = None
    """The version a handshake is held to; None for the newest that both have."""

    @property
    def server(self) -> bool:
        """Whether a server verifies its client."""
        return self.case.role is Role.SERVER

    @property
    def name(self) -> str | None:
        """The reference name, where one is checked."""
        wanted = self.claim.required and not self.server
        return self.case.name if wanted else None

    @property
    def twins(self) -> bool:
        """Whether some rows leave the CRLs out."""
        return any(not row.with_crls for row in self.claim.rows)


def can_shake_hands(case: Case, facts: Facts) -> bool:
    """Whether a peer can own these certificates and speak for them in a handshake."""
    if case.key is None or not case.peer:
        return False
    if any(item.where is Where.PEER for item in facts.unreadable):
        return False
    releases = [release_of(version) for version in MEASURED]
    if any(cache(item, each).invalid for item in facts.peer for each in releases):
        return False  # load_cert_chain would refuse it
    usage, key = facts.peer[0].key_usage, facts.peer[0].key
    if isinstance(usage, Malformed):
        return False
    if usage is not None and not usage & KU_DIGITAL_SIGNATURE:
        return False
    if key is None or key.explicit_parameters:
        return False
    if key.algorithm == "EC":
        return key.curve in _CURVES
    return key.algorithm == "RSA" and key.bits >= _STRONG_RSA


def text(script: Script) -> str:
    """The script, ending in a newline."""
    return "\n".join((*_head(script), *_ask(script), *_judge(script))) + "\n"


def _head(script: Script) -> Iterator[str]:
    claim = script.claim
    yield f'"""{script.title}'
    yield ""
    yield "Exit status: 0 this Python does so, 1 it does not, 2 it cannot tell."
    yield '"""'
    modules = ["os", "sys", "time"]
    modules += ["contextlib"] if script.handshake else []
    modules += ["hashlib"] if claim.paths else []
    modules += ["signal"] if claim.ends else []
    yield f"import {', '.join(sorted(modules))}"
    yield ""
    yield "os.chdir(os.path.dirname(os.path.abspath(__file__)))"
    yield from _assigned("EXPECTED", claim.expected)
    yield from _assigned("OBSERVED", claim.observed)
    rows = []
    for number, row in enumerate(claim.rows):
        bits = f"0x{row.flags.bits:x}"
        rows.append(f"({bits}, {row.with_crls})" if script.twins else bits)
        if number < _NAMED:
            yield from _comment(f"{bits}: {_named(row.flags)}")
    yield f"ROWS = [{', '.join(rows)}]"
    yield ""
    yield ""


def _assigned(name: str, value: str) -> Iterator[str]:
    """An assignment of a text, on two lines where it is long; the report has all."""
    if len(value) > _LONGEST:
        value = f"{value[:_LONGEST]}…"
    if len(value) < _WIDTH - len(name) - len(" = ''"):
        yield f"{name} = {value!r}"
        return
    yield f"{name} = {pformat(value, width=_WIDTH)}"


def _comment(words: str) -> Iterator[str]:
    yield f"# {words}" if len(words) < _WIDTH else f"# {words[: _WIDTH - 3]}…"


def _named(flags: Flags) -> str:
    names = str(flags).split("|")
    return " | ".join(f"VERIFY_{name}" if name[0].isalpha() else name for name in names)


def _ask(script: Script) -> Iterator[str]:
    who, other = ("server", "client") if script.server else ("client", "server")
    yield f"def ask(flags{', with_crls' if script.twins else ''}):"
    yield f'    """What a {who} with these verify_flags makes of its {other}."""'
    for line in (*_subject(script), *_meeting(script), *_told(script)):
        yield f"    {line}"
    yield ""
    yield ""


def _subject(script: Script) -> Iterator[str]:
    """Lines that make the context under test."""
    case, required = script.case, script.claim.required
    yield f"subject = ssl.SSLContext(ssl.PROTOCOL_TLS_{_end(server=script.server)})"
    if script.server:
        own = f'"{PEER}", "{KEY}"' if script.handshake else f'"{OWN}"'
        if script.levels:
            yield 'subject.set_ciphers("ALL:@SECLEVEL=0")  # for its own certificate'
        yield f"subject.load_cert_chain({own})"
    else:
        yield f"subject.check_hostname = {script.name is not None}"
    if script.levels:
        yield f'subject.set_ciphers("ALL:@SECLEVEL={case.security_level}")'
    yield f"subject.verify_mode = ssl.CERT_{'REQUIRED' if required else 'NONE'}"
    yield from _sources(script)
    yield "subject.verify_flags = flags"
    if script.tls is not None:
        version = script.tls.value.replace(".", "_")
        yield f"subject.maximum_version = ssl.TLSVersion.TLSv{version}"


def _end(*, server: bool) -> str:
    return "SERVER" if server else "CLIENT"


def _sources(script: Script) -> Iterator[str]:
    """Lines that load what is trusted and the CRLs, as the case has it."""
    case, load = script.case, "subject.load_verify_locations"
    names = [TRUSTED] if case.trusted else []
    if case.source is Source.CADATA:
        names += [CRLS] if case.crls else []
        if names:
            texts = " + ".join(f'open("{name}").read()' for name in names)
            yield f"{load}(cadata={texts})"
        return
    for name in names:
        yield f'{load}("{name}")'
    if case.crls:
        crls = f'capath="{CAPATH}"' if case.source is Source.CAPATH else f'"{CRLS}"'
        yield "if with_crls:" if script.twins else f"{load}({crls})"
        if script.twins:
            yield f"    {load}({crls})"


def _meeting(script: Script) -> Iterator[str]:
    """Lines that let the two ends meet, up to the error that comes of it."""
    host = "" if script.name is None else f", server_hostname={script.name!r}"
    names = "incoming, outgoing" + (", back, forth" if script.handshake else "")
    yield f"{names} = [ssl.MemoryBIO() for _ in range({len(names.split())})]"
    yield f"tls = subject.wrap_bio(incoming, outgoing, {script.server}{host})"
    if not script.handshake:
        if script.name is not None:
            yield "if sys.version_info < (3, 7):"
            yield '    raise RuntimeError("Python 3.6 compares host names later")'
        yield "try:"
        yield f'    incoming.write(open("{FLIGHT}", "rb").read())'
        yield "    tls.do_handshake()"
        yield "except ssl.SSLWantReadError:"
        yield "    pass  # it waits for what follows an accepted Certificate message"
        return
    other = _end(server=not script.server)
    yield f"other = ssl.SSLContext(ssl.PROTOCOL_TLS_{other})"
    if script.server:
        yield "other.check_hostname, other.verify_mode = False, ssl.CERT_NONE"
    if script.levels:
        yield 'other.set_ciphers("ALL:@SECLEVEL=0")'
    yield f'other.load_cert_chain("{PEER}", "{KEY}")'
    yield f"peer = other.wrap_bio(back, forth, {not script.server})"
    yield "ends = [(tls, outgoing, back), (peer, forth, incoming)]"
    yield "try:"
    yield f"    for end, out, into in {_STEPS} * ends:"
    yield "        with contextlib.suppress(ssl.SSLWantReadError):"
    yield "            end.do_handshake()"
    yield "        into.write(out.read())"


def _told(script: Script) -> Iterator[str]:
    """Lines that say what came of it."""
    claim = script.claim
    yield "except (ssl.SSLError, ssl.CertificateError) as error:"
    yield '    print("    %s" % error)'
    if claim.ends:  # whatever it says, it lives
        yield 'return "answered"'
        return
    yield (
        "    if isinstance(error, ssl.CertificateError) or "
        '"verify failed" in str(error):'
    )
    if claim.codes:
        yield '        return "rejected %d" % error.verify_code'
    else:
        yield '        return "rejected %s" % getattr(error, "verify_code", "")'
    if script.handshake:
        yield "    raise"
    else:
        yield "    said = str(error)"
        words = (f'"{word}" not in said' for word in _AFTER)
        yield f"    if {' and '.join(words)}:"
        yield '        return "undecodable"' if claim.undecodable else "        raise"
    if not claim.paths:
        yield 'return "accepted"'
        return
    # Public from Python 3.13 on, there from 3.10 on.
    read = 'getattr(tls, "get_verified_chain", None) or tls._sslobj.get_verified_chain'
    yield f"read = {read}"
    yield "path = [c if isinstance(c, bytes) else c.public_bytes(2) for c in read()]"
    digests = '" ".join(hashlib.sha256(der).hexdigest()[:8] for der in path)'
    yield f'return "accepted{BY}" + {digests}'


def _judge(script: Script) -> Iterator[str]:
    """Lines that ask, compare, and say so by the exit status."""
    claim, (first, end) = script.claim, script.dates
    asked = f"[ask({'*row' if script.twins else 'row'}) for row in ROWS]"
    ssl = "ssl" if script.module == "ssl" else f"{script.module} as ssl"
    yield "try:"
    yield f"    import {ssl}  # here, so that its absence is no answer"
    yield f"    if not {first} <= time.time() < {end}:  # seconds since the epoch"
    yield '        raise RuntimeError("the dates in its certificates no longer hold")'
    if claim.ends:
        yield "    child = os.fork()"
        yield "    if not child:"
        yield "        signal.alarm(20)  # for one that never answers"
        yield f"        os._exit(0 if {asked} else 1)"
        yield "    status = os.waitpid(child, 0)[1]"
        yield "    if status > 255:  # an exit, and no signal"
        yield '        raise RuntimeError("it could not be asked")'
        yield '    said = "ended by signal %d" % status if status else "lived"'
    else:
        yield f"    said = {asked}"
    yield "except Exception as error:"
    yield '    print("Cannot tell: %r" % error)'
    yield "    sys.exit(2)"
    yield "print(__doc__.splitlines()[0])"
    yield 'print("Python %s, %s" % (sys.version.split()[0], ssl.OPENSSL_VERSION))'
    yield 'print("expected: %s\\nreported: %s\\nnow: %s" % (EXPECTED, OBSERVED, said))'
    promised = claim.promised if script.module == "ssl" else ""
    if promised:
        yield f"promised = {promised}  # by the manual of this OpenSSL"
    yield f"still = {'promised and ' if promised else ''}{claim.condition}"
    yield 'print("It still does so." if still else "It does not do so.")'
    yield "sys.exit(0 if still else 1)"
