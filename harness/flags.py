"""Verification flags: a frozen integer with names, presets and every raw bit kept.

Not an ``enum.Flag``: that loses unnamed bits (bit 8, ``X509_V_FLAG_CRL_CHECK_ALL``
without ``X509_V_FLAG_CRL_CHECK``, is one of them), and iterating ``ssl.VerifyFlags``
omits ``VERIFY_CRL_CHECK_CHAIN`` from Python 3.11 on.

Sources: https://docs.python.org/3/library/ssl.html#ssl.VerifyFlags and
``include/openssl/x509_vfy.h`` (``X509_V_FLAG_*``).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

DOCUMENTED: Final = {
    "CRL_CHECK_LEAF": 0x4,
    "CRL_CHECK_CHAIN": 0xC,
    "X509_STRICT": 0x20,
    "ALLOW_PROXY_CERTS": 0x40,
    "X509_TRUSTED_FIRST": 0x8000,
    "X509_PARTIAL_CHAIN": 0x80000,
}
"""Python's ``VERIFY_*`` constants without the prefix; ``VERIFY_DEFAULT`` is 0."""

RAW: Final = {
    "USE_CHECK_TIME": 0x2,
    "CRL_CHECK_ALL": 0x8,
    "IGNORE_CRITICAL": 0x10,
    "POLICY_CHECK": 0x80,
    "EXPLICIT_POLICY": 0x100,
    "INHIBIT_ANY": 0x200,
    "INHIBIT_MAP": 0x400,
    "NOTIFY_POLICY": 0x800,
    "EXTENDED_CRL_SUPPORT": 0x1000,
    "USE_DELTAS": 0x2000,
    "CHECK_SS_SIGNATURE": 0x4000,
    "SUITEB_128_LOS_ONLY": 0x10000,
    "SUITEB_192_LOS": 0x20000,
    "SUITEB_128_LOS": 0x30000,
    "NO_ALT_CHAINS": 0x100000,
    "NO_CHECK_TIME": 0x200000,
    "OCSP_RESP_CHECK": 0x400000,
    "OCSP_RESP_CHECK_ALL": 0x800000,
}
"""OpenSSL's other ``X509_V_FLAG_*`` bits; the setter of ``verify_flags`` takes them."""

PRESETS: Final = {"default-3.12": 0x8000, "default-3.13": 0x88020}
"""What ``ssl.create_default_context()`` sets, by the Python release that began it."""

_BY_NAME: Final = {"DEFAULT": 0} | DOCUMENTED | RAW
_POLICY_BITS: Final = 0x700
"""Bits that turn policy checking on; NOTIFY_POLICY is none of them."""
_MAXIMUM: Final = 2**64 - 1


class FlagsError(ValueError):
    """A text that names no flag set; the message shows the text and the place."""


@dataclass(frozen=True, slots=True, order=True)
class Flags:
    """A value of ``SSLContext.verify_flags``, unnamed bits included.

    ``bits`` is a C ``unsigned long`` of 64 bits. Raises ``FlagsError`` outside it.
    """

    bits: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.bits <= _MAXIMUM:
            raise FlagsError(f"flags {self.bits}: outside 0 to {_MAXIMUM:#x}")

    @classmethod
    def of(cls, *names: str) -> Self:
        """The union of the named flags, e.g. ``Flags.of("CRL_CHECK_LEAF")``."""
        bits = 0
        for name in names:
            bits |= _named(name, name)
        return cls(bits)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the text form: names joined by ``|``, a number, or a preset.

        ``default-3.13+CRL_CHECK_CHAIN`` adds to a preset. Names are Python's, with or
        without ``VERIFY_``. Raises ``FlagsError`` with the part it could not read.
        """
        bits = 0
        for part in text.replace("+", "|").split("|"):
            word = part.strip()
            if word in PRESETS:
                bits |= PRESETS[word]
            elif word[:1].isdigit():
                try:
                    bits |= int(word, 0)
                except ValueError as error:
                    raise FlagsError(
                        f"flags {text!r}: {word!r} is not a number"
                    ) from error
            else:
                bits |= _named(word.removeprefix("VERIFY_"), text)
        return cls(bits)

    def __str__(self) -> str:
        names = []
        rest = self.bits
        for name in _GREEDY:
            if _BY_NAME[name] & rest == _BY_NAME[name]:
                names.append(name)
                rest &= ~_BY_NAME[name]
        if rest:
            names.append(hex(rest))
        return "|".join(names) or "DEFAULT"

    def __or__(self, other: "Flags | int") -> "Flags":
        return Flags(self.bits | _bits(other))

    def __and__(self, other: "Flags | int") -> "Flags":
        return Flags(self.bits & _bits(other))

    def __xor__(self, other: "Flags | int") -> "Flags":
        return Flags(self.bits ^ _bits(other))

    def __contains__(self, other: "Flags | int") -> bool:
        """Whether every bit of the other is set, so CHAIN contains LEAF."""
        wanted = _bits(other)
        return self.bits & wanted == wanted

    def __bool__(self) -> bool:
        return self.bits != 0

    @property
    def effective(self) -> "Flags":
        """What the setter makes of them: a policy bit brings POLICY_CHECK.

        Source: ``X509_VERIFY_PARAM_set_flags`` (x509_vpm.c).
        """
        return self | RAW["POLICY_CHECK"] if self.bits & _POLICY_BITS else self

    def without(self, other: "Flags | int") -> "Flags":
        """These flags with the other's bits cleared."""
        return Flags(self.bits & ~_bits(other))


def _bits(value: Flags | int) -> int:
    return value.bits if isinstance(value, Flags) else value


def _named(word: str, text: str) -> int:
    try:
        return _BY_NAME[word]
    except KeyError:
        known = ", ".join([*_BY_NAME, *PRESETS])
        raise FlagsError(
            f"flags {text!r}: {word!r} is none of {known}, nor a number"
        ) from None


def _greedy_order() -> tuple[str, ...]:
    """Names with more bits first, so that CHAIN is said before LEAF."""
    names = [name for name in _BY_NAME if name != "DEFAULT"]
    return tuple(sorted(names, key=lambda name: -_BY_NAME[name].bit_count()))


_GREEDY: Final = _greedy_order()

DEFAULT: Final = Flags(0)
CRL_CHECK_LEAF: Final = Flags(0x4)
CRL_CHECK_CHAIN: Final = Flags(0xC)
CRL_CHECK_ALL: Final = Flags(0x8)
X509_STRICT: Final = Flags(0x20)
ALLOW_PROXY_CERTS: Final = Flags(0x40)
X509_TRUSTED_FIRST: Final = Flags(0x8000)
X509_PARTIAL_CHAIN: Final = Flags(0x80000)


def lattice(options: Iterable[Flags] | None = None) -> tuple[Flags, ...]:
    """Every union of the documented flags (or of ``options``), smallest bits first."""
    chosen = tuple(Flags(bit) for bit in DOCUMENTED.values())
    if options is not None:
        chosen = tuple(options)
    sets = {0}
    for flag in chosen:
        sets |= {bits | flag.bits for bits in sets}
    return tuple(Flags(bits) for bits in sorted(sets))
