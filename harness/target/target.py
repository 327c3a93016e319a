"""A target: an interpreter, and through it an OpenSSL."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from harness.case import Case, TlsVersion
from harness.flags import Flags
from harness.outcome import Way

SSL: Final = "ssl"
"""The engine that is Python's ``ssl``: real TLS objects meet the case."""
LIBCRYPTO: Final = "libcrypto"
"""The engine that is the verifier alone: what libssl does with a Certificate message,
done by ``ctypes`` on the libcrypto of the interpreter's ``ssl``. It tells depths."""
PYOPENSSL: Final = "pyopenssl"
"""The engine that is pyOpenSSL: the OpenSSL inside of ``cryptography`` meets the case
in a flight, and its callback tells depths."""
ENGINES: Final = (SSL, PYOPENSSL, LIBCRYPTO)
"""What a target can be asked through."""
MEMORY: Final = 4096
"""MiB of address space that a target may use where nobody says otherwise: many times
what CPython and PyPy take, and less than what would harm the machine."""

_OF_OPENSSL: Final = re.compile(r"OpenSSL \d\S* +\d")


@dataclass(frozen=True, slots=True)
class Target:
    """How to start one. ``argv`` gets ``-I -S -B``, the worker and its options
    appended; ``env`` is laid over the caller's environment, from which ``PYTHON*``,
    ``SSL_CERT_*`` and ``SSLKEYLOGFILE`` are removed, with ``OPENSSL_CONF=/dev/null``
    unless set here."""

    id: str
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    path: tuple[str, ...] = ()
    """Put on ``sys.path`` by the worker before it imports ``module``."""
    module: str = "ssl"
    engine: str = SSL
    memory: int = MEMORY
    """The address space that the interpreter may use, in MiB; 0 sets no limit, as a
    build with a sanitizer needs."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What a started target says it is, and whether it passed the sanity checks."""

    id: str
    implementation: str
    """``cpython``, ``pypy``…"""
    python: tuple[int, int, int]
    openssl: str
    """The library really loaded, as text (``OpenSSL 3.0.19 27 Jan 2026``)."""
    openssl_number: int
    """``OPENSSL_VERSION_NUMBER``, e.g. 0x30000130."""
    platform: str
    shows_code: bool
    """Whether a rejection tells its ``verify_code`` (Python 3.7+)."""
    shows_path: bool
    """Whether the verified path can be read (Python 3.10+)."""
    shows_depth: bool = False
    """Whether a rejection tells its error depth (every engine but ``ssl``)."""
    shows_objections: bool = False
    """Whether it can be asked for every objection, and not just the first."""
    module: str = "ssl"
    engine: str = SSL
    sane: bool | None = None
    """A good chain accepted and an untrusted one rejected; None if not yet asked."""
    insane_because: str = ""

    @property
    def through_ssl(self) -> bool:
        """Whether the module ``ssl`` itself is asked. Otherwise there is no handshake,
        no ``CERT_NONE``, no ``capath`` or ``cadata``, and no surface."""
        return self.engine == SSL

    @property
    def speaks_tls(self) -> bool:
        """Whether libssl stands between us and the verifier: it takes an error that is
        left in OpenSSL's queue for one of its own."""
        return self.engine != LIBCRYPTO

    @property
    def is_openssl(self) -> bool:
        """Whether OpenSSL's verifier decides: only OpenSSL writes its number and its
        date there. What offers ``ssl``'s interface over something else is a
        *drop-in*."""
        return _OF_OPENSSL.match(self.openssl) is not None

    @property
    def ways(self) -> tuple[Way, ...]:
        """How cases can be put to the target, the workhorse first. Where in a first
        flight others than OpenSSL verify is not known: a drop-in shakes hands."""
        if not self.is_openssl:
            return (Way.HANDSHAKE,)
        return tuple(Way) if self.through_ssl else (Way.FLIGHT,)


@dataclass(frozen=True, slots=True)
class Question:
    """One case under many flag sets: a sweep."""

    case: Case
    flags: tuple[Flags, ...]
    way: Way = Way.FLIGHT
    tls: TlsVersion = TlsVersion.TLS_1_2
    """The protocol version of a handshake; a flight is always TLS 1.2."""
    crl_hashes: tuple[str, ...] = ()
    """``Name.hash`` of each CRL's issuer, needed where the source is capath."""
    fresh: bool = False
    """Make a new context for each flag set instead of one for the sweep."""
    required: bool = True
    """``CERT_REQUIRED``; False is ``CERT_NONE``, which a law alone asks for, by
    flight, of a client. No reference name is checked then."""
    objections: bool = False
    """Tell every objection besides, where ``Identity.shows_objections``."""
