"""What the fakes share: an ``ssl`` that is the real one but for a lie.

A fake is a module that the worker imports in place of ``ssl``. Each lies in one way:
about the flags it asks OpenSSL for, about what a handshake led to, or about itself.
"""

import os
import ssl
import types
from collections.abc import Callable, Container
from typing import Any

FLAGS: Any = ssl.SSLContext.verify_flags

BREAKS_ON = "VERIFYFLAGS_FAKE_BREAKS_ON"
"""Flag sets, as numbers with commas between, under which a breaking fake breaks."""


def stand_in(namespace: dict[str, Any], **changed: Any) -> None:
    """Fill a module's namespace with all of ``ssl``, and ``changed`` in its place.

    ``create_default_context`` is made anew, so that it finds the module's own context.
    """
    names = {name: value for name, value in vars(ssl).items() if name[:2] != "__"}
    namespace.update(names, **changed)
    real = ssl.create_default_context
    made = types.FunctionType(real.__code__, namespace, real.__name__)
    made.__defaults__, made.__kwdefaults__ = real.__defaults__, real.__kwdefaults__
    namespace["create_default_context"] = made


def context_of(made: type[ssl.SSLObject]) -> type[ssl.SSLContext]:
    """A context whose objects are ``made``."""

    class SSLContext(ssl.SSLContext):
        sslobject_class = made

        def wrap_bio(
            self, incoming: Any, outgoing: Any, *rest: Any, **named: Any
        ) -> Any:
            wrapped: Any = super().wrap_bio(incoming, outgoing, *rest, **named)
            wrapped.incoming, wrapped.outgoing = incoming, outgoing
            return wrapped

    return SSLContext


def asking_for(change: Callable[[int], int]) -> type[ssl.SSLContext]:
    """A context that says the flags it was given and asks OpenSSL for ``change`` of
    them."""

    class SSLContext(ssl.SSLContext):
        said: int

        def __new__(cls, *arguments: Any, **named: Any) -> Any:
            self = super().__new__(cls, *arguments, **named)
            self.verify_flags = self.verify_flags
            return self

        @property
        def verify_flags(self) -> ssl.VerifyFlags:
            said = getattr(self, "said", None)
            return ssl.VerifyFlags(FLAGS.fget(self) if said is None else said)

        @verify_flags.setter
        def verify_flags(self, value: int) -> None:
            FLAGS.fset(self, value)
            self.said = int(FLAGS.fget(self))
            FLAGS.fset(self, change(self.said))

    return SSLContext


def excusing(codes: Container[int]) -> type[ssl.SSLContext]:
    """A context that accepts what OpenSSL rejects with one of ``codes``.

    An accepted flight waits for more and an accepted handshake ends, so an excused
    object does the one first and then the other. Its alert is dropped.
    """

    class SSLObject(ssl.SSLObject):
        excused = False
        outgoing: ssl.MemoryBIO

        def do_handshake(self) -> None:
            if self.excused:
                return
            try:
                super().do_handshake()
            except ssl.SSLCertVerificationError as error:
                if error.verify_code not in codes:
                    raise
                self.excused = True
                self.outgoing.read()
                raise ssl.SSLWantReadError from None

    return context_of(SSLObject)


def breaking(break_now: Callable[[], object]) -> type[ssl.SSLContext]:
    """A context whose handshakes call ``break_now`` under the flag sets that the
    environment names; else under CRL_CHECK_LEAF|X509_STRICT."""
    flag_sets = {int(bits, 0) for bits in os.environ.get(BREAKS_ON, "0x24").split(",")}

    class SSLObject(ssl.SSLObject):
        def do_handshake(self) -> None:
            if int(self.context.verify_flags) in flag_sets:
                break_now()
            super().do_handshake()

    return context_of(SSLObject)


def breaking_on(break_now: Callable[[], object], *marks: bytes) -> type[ssl.SSLContext]:
    """A context whose handshakes call ``break_now`` where a mark is received."""

    class SSLObject(ssl.SSLObject):
        incoming: ssl.MemoryBIO

        def do_handshake(self) -> None:
            received = self.incoming.read()
            self.incoming.write(received)
            if any(mark in received for mark in marks):
                break_now()
            super().do_handshake()

    return context_of(SSLObject)
