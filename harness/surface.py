"""What a target's ``ssl`` module shows of itself: questions that need no certificate
chain of their own. The documents book judges it like any outcome.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SetterRow:
    """One assignment to ``verify_flags``: what was asked, what was read back."""

    requested: int | None
    read_back: int | None
    error: str = ""
    """The exception's class name, where the setter raised."""


@dataclass(frozen=True, slots=True)
class Constructor:
    """How a context is by default, right after it was made."""

    verify_flags: int
    verify_mode: int
    check_hostname: bool
    warnings: tuple[str, ...] = ()
    """Class names of the warnings that making it raised."""


@dataclass(frozen=True, slots=True)
class Surface:
    """The enumeration, the setter, the defaults, the protocols, CRL loading."""

    members: Mapping[str, int]
    """``ssl.VerifyFlags.__members__``; iterating omits CHAIN from Python 3.11 on."""
    constants: Mapping[str, int]
    """``VERIFY_*`` attributes of the module."""
    int_flag: bool
    """Whether ``VerifyFlags`` is an ``enum.IntFlag``."""
    constructors: Mapping[str, Constructor] = field(default_factory=dict)
    """By call: ``PROTOCOL_TLS``, ``PROTOCOL_TLS_CLIENT``, ``PROTOCOL_TLS_SERVER``,
    ``create_default_context(SERVER_AUTH)``, ``create_default_context(CLIENT_AUTH)``."""
    setter: tuple[SetterRow, ...] = ()
    negotiated: Mapping[str, str] = field(default_factory=dict)
    """By client constructor (``PROTOCOL_TLS``, ``PROTOCOL_TLS_CLIENT``): the version
    that a handshake with an unrestricted server agreed on, e.g. ``TLSv1.3``."""
    highest: str = ""
    """The highest version both ends support (``ssl.HAS_TLSv1_3``)."""
    crls_loaded: Mapping[str, int] = field(default_factory=dict)
    """By parameter (``cafile``, ``cadata``): ``cert_store_stats()["crl"]`` after a
    trusted certificate and one CRL were loaded by it."""
