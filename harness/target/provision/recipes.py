"""What a provisioned target is made of: one frozen value for each kind."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wheel:
    """A distribution on the Python package index, one version of it, as a wheel."""

    project: str
    version: str
    python: str = "3.11"
    """The Python that the wheel is for, as pip's ``--python-version``: where only
    libraries are taken out of it, any will do."""

    @property
    def requirement(self) -> str:
        """As pip is told it."""
        return f"{self.project}=={self.version}"


@dataclass(frozen=True, slots=True)
class Suite:
    """A Python of a Debian suite, in a folder with everything it needs."""

    suite: str
    """The suite, ``bookworm``, or ``bookworm-security`` for both of them."""
    python: str = ""
    """``3.13``; empty stands for all that the suite has, told by its index."""
    pypy: bool = False


@dataclass(frozen=True, slots=True)
class Libraries:
    """An OpenSSL out of a wheel, put under a Python that is there."""

    openssl: str
    wheel: Wheel


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A Debian Python whose ``_ssl`` is compiled for another line of OpenSSL."""

    openssl: str
    """A release (``1.1.1w``, ``4.0.3``), or a line whose newest is taken (``4.0``)."""
    headers: str
    """The suite whose ``libssl-dev`` it is compiled with."""
    library: str
    """The package of that suite that has the libraries."""
    wheel: Wheel | None = None
    """The wheel whose libraries it runs on; without one, those of the suite."""
    defines: tuple[str, ...] = ()
    """Options of the C preprocessor."""
    suite: str = "trixie"
    """The suite whose Python it is, and which has the source of it."""
    python: str = "3.13"


@dataclass(frozen=True, slots=True)
class PyOpenSSL:
    """A pyOpenSSL, with the OpenSSL that its ``cryptography`` has inside."""

    openssl: str
    cryptography: str
    pyopenssl: str
    python: str
    """The Python it was measured with; one of the same minor release is preferred."""


@dataclass(frozen=True, slots=True)
class DropIn:
    """A module that offers ``ssl``'s interface."""

    project: str
    module: str


Recipe = Suite | Libraries | Rebuilt | PyOpenSSL | DropIn
